package mocktest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Receiver is a webhook receiver on loopback that keeps what it gets.
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
	Body   []byte
	Status int // what was answered
}

// NewReceiver starts a receiver that ends with the test. answer returns the status for the nth request, counted from 1;
// nil answers 200 to all.
func NewReceiver(t testing.TB, answer func(n int) int) *Receiver {
	t.Helper()
	r := &Receiver{answer: answer}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.URL = server.URL
	return r
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	status := http.StatusOK
	if r.answer != nil {
		status = r.answer(len(r.got) + 1)
	}
	r.got = append(r.got, Received{request.Method, request.Header, body, status})
	w.WriteHeader(status)
}

// Received returns what has come in so far, in that order.
func (r *Receiver) Received() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Received(nil), r.got...)
}
