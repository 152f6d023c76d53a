package mocktest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Receiver is a webhook receiver on loopback. It keeps every request.
type Receiver struct {
	URL string

	mu     sync.Mutex
	got    []Received
	answer func(n int) int
}

// Received is one request to a Receiver.
type Received struct {
	Method string
	Header http.Header
	Body   []byte // unpacked, if it came compressed
	Status int    // the status of the answer
}

// NewReceiver starts a receiver and stops it at the end of the test. answer returns the status for the nth request,
// counted from 1; nil answers 200 to all. A request is refused and not kept if its body breaks off, cannot be
// unpacked or is larger than 1 MiB.
func NewReceiver(t testing.TB, answer func(n int) int) *Receiver {
	t.Helper()
	r := &Receiver{answer: answer}
	server := httptest.NewServer(receiver.Handler(clock.Wall, r.record))
	t.Cleanup(server.Close)
	r.URL = server.URL
	return r
}

func (r *Receiver) record(_ context.Context, request receiver.Request) receiver.Answer {
	if request.Body == nil {
		return *request.Refused
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	status := http.StatusOK
	if r.answer != nil {
		status = r.answer(len(r.got) + 1)
	}
	r.got = append(r.got, Received{request.Method, request.Header, request.Body, status})
	return receiver.Answer{Status: status}
}

// Received returns the requests so far, in order of arrival.
func (r *Receiver) Received() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Received(nil), r.got...)
}
