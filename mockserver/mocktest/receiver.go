package mocktest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Receiver is a webhook receiver on loopback. It keeps every request. It is safe for concurrent use.
type Receiver struct {
	// URL is the address of the webhook, for a clinic's settings: http://127.0.0.1:port.
	URL string

	mu     sync.Mutex
	got    []Received
	answer func(n int) int
	verify func(http.Header, []byte) error // nil for a receiver without a clinic
}

// Received is one request to a Receiver.
type Received struct {
	// Method is POST: other requests are refused and not kept.
	Method string
	// Header are the headers as sent, signature included.
	Header http.Header
	// Body is the body, unpacked if it came compressed.
	Body []byte
	// Status is the status of the answer.
	Status int
	// Problem says why a receiver of a clinic refused the request; empty for a verified event.
	Problem string
}

// NewReceiver starts a receiver and stops it at the end of the test. answer returns the status for the nth request,
// counted from 1; nil answers 200 to all. A request is refused and not kept if its body breaks off, cannot be
// unpacked or is larger than 1 MiB.
func NewReceiver(t testing.TB, answer func(n int) int) *Receiver {
	t.Helper()
	return startReceiver(t, &Receiver{answer: answer})
}

func startReceiver(t testing.TB, r *Receiver) *Receiver {
	t.Helper()
	server := httptest.NewServer(receiver.Handler(clock.Wall, r.record))
	t.Cleanup(server.Close)
	r.URL = server.URL
	return r
}

// NewReceiver starts a receiver of the clinic's events, points the clinic's webhook at it, and stops it at the end of
// the test. It verifies as a careful receiver does: a request without a good signature by the secret in force, or with
// a signed time more than five minutes off, gets 401. Receiver.Events has the others. answer is as for the function
// NewReceiver, and is not called for a refused request.
func (c *Clinic) NewReceiver(t testing.TB, answer func(n int) int) *Receiver {
	t.Helper()
	r := startReceiver(t, &Receiver{answer: answer, verify: c.verify})
	c.Control(t, http.MethodPatch, "", controlapi.ClinicSettings{Webhook: &controlapi.WebhookSettings{URL: &r.URL}}, nil)
	return r
}

func (r *Receiver) record(_ context.Context, request receiver.Request) receiver.Answer {
	if request.Body == nil {
		return *request.Refused
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	status, problem := http.StatusOK, ""
	if r.verify != nil {
		if err := r.verify(request.Header, request.Body); err != nil {
			status, problem = http.StatusUnauthorized, err.Error()
		}
	}
	if r.answer != nil && problem == "" {
		status = r.answer(len(r.got) + 1)
	}
	r.got = append(r.got, Received{request.Method, request.Header, request.Body, status, problem})
	return receiver.Answer{Status: status}
}

// Received returns the requests so far, in order of arrival.
func (r *Receiver) Received() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Received(nil), r.got...)
}
