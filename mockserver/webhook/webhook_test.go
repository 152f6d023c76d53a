package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

func TestThePayloadIsTheGuides(t *testing.T) {
	t.Parallel()
	got := webhook.Body(webhook.Event{
		ID: "62583ab3-8cfc-4a47-b6c9-272850e631f8", Type: "eligibility.checked", Created: time.Unix(1649949363, 0),
		Account: "vclinic", Data: json.RawMessage(`{"member_id":"132407"}`),
	}, webhook.Unversioned)
	const want = `{"id":"62583ab3-8cfc-4a47-b6c9-272850e631f8","type":"eligibility.checked","created":1649949363,` +
		`"account_code":"vclinic","data":{"member_id":"132407"}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-guide +mock):\n%s", diff)
	}
	got = webhook.Body(webhook.Event{Account: `a"é<`, Data: json.RawMessage(`{}`)}, webhook.V1)
	if decoded := map[string]any{}; json.Unmarshal(got, &decoded) != nil || decoded["account_code"] != `a"é<` {
		t.Errorf("an account code with a quote is written as %s", got)
	}
}

func TestEnvelopesDifferInTheirHead(t *testing.T) {
	t.Parallel()
	event := webhook.Event{ID: "i", Type: "t", Created: time.Unix(7, 0), Account: "vclinic", Data: json.RawMessage(`{}`)}
	for envelope, want := range map[webhook.Envelope]string{
		webhook.Unversioned: `{"id":"i","type":"t","created":7,"account_code":"vclinic","data":{}}`,
		webhook.V1:          `{"version":"1.0","id":"i","type":"t","created":7,"account_code":"vclinic","data":{}}`,
		webhook.V2:          `{"version":"2.0","id":"i","type":"t","created":7,"clinic_code":"vclinic","data":{}}`,
	} {
		if got := webhook.Body(event, envelope); string(got) != want {
			t.Errorf("%s: %s, want %s", envelope, got, want)
		}
	}
}

func TestAnAttemptSaysHowItEnded(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	long := bytes.Repeat([]byte("x"), 100_000)
	answer := func(f http.HandlerFunc) func(t *testing.T) string {
		return func(t *testing.T) string {
			s := httptest.NewServer(f)
			t.Cleanup(s.CloseClientConnections)
			return s.URL
		}
	}
	for name, tc := range map[string]struct {
		receiver func(t *testing.T) string
		timeout  time.Duration
		want     webhook.Result
	}{
		"200": {answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "thanks") }), 0,
			webhook.Result{Sends: 1, Status: 200, Answer: []byte("thanks")}},
		"204": {answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }), 0,
			webhook.Result{Sends: 1, Status: 204, Answer: []byte{}}},
		"a long answer": {answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(long) }), 0,
			webhook.Result{Sends: 1, Status: 200, Answer: long[:64<<10]}},
		"500": {answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), 0,
			webhook.Result{Sends: 1, Status: 500, Answer: []byte{}, Reason: webhook.Status,
				Detail: "the receiver answered 500"}},
		"a redirect": {answer(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(307)
		}), 0,
			webhook.Result{Sends: 1, Status: 307, Answer: []byte{}, Reason: webhook.Redirect,
				Detail: "the receiver answered 307; redirects are not followed"}},
		"a broken connection": {answer(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), 0,
			webhook.Result{Sends: 1, Reason: webhook.Connection, Detail: "the connection could not be made, or broke"}},
		"no answer": {answer(func(http.ResponseWriter, *http.Request) { <-hang }), 50 * time.Millisecond,
			webhook.Result{Sends: 1, Reason: webhook.Timeout, Detail: "the receiver did not answer in time"}},
		"410": {answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }), 0,
			webhook.Result{Sends: 1, Status: 410, Answer: []byte{}, Reason: webhook.Gone,
				Detail: "the receiver answered 410: the endpoint is disabled until its URL is set again"}},
		"an untrusted certificate": {func(t *testing.T) string {
			s := httptest.NewUnstartedServer(http.NotFoundHandler())
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		}, 0, webhook.Result{Reason: webhook.TLS, Detail: "no secure connection could be made: check that the certificate " +
			"is trusted here, and that the port serves https"}},
		"https where http is spoken": {func(t *testing.T) string {
			s := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(s.Close)
			return "https" + strings.TrimPrefix(s.URL, "http")
		}, 0, webhook.Result{Reason: webhook.TLS, Detail: "no secure connection could be made: check that the certificate " +
			"is trusted here, and that the port serves https"}},
		"a name that cannot be one": {func(*testing.T) string { return "http://a..b/" }, 0,
			webhook.Result{Reason: webhook.DNS, Detail: "the webhook's host has no address"}},
		"nobody there": {func(t *testing.T) string { return "http://" + freeAddress(t) }, 0,
			webhook.Result{Reason: webhook.Refused, Detail: "no server listens at the webhook's address"}},
		"no host": {func(*testing.T) string { return "http:///hook" }, 0,
			webhook.Result{Reason: webhook.Connection, Detail: "the connection could not be made, or broke"}},
		"no URL": {func(*testing.T) string { return "http://[" }, 0,
			webhook.Result{Reason: webhook.Connection, Detail: "the event could not be sent: its URL is not usable"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sender := webhook.NewSender(webhook.Options{Timeout: tc.timeout})
			defer sender.Close()
			got, err := sender.Attempt(t.Context(), webhook.Request{URL: tc.receiver(t), ID: "event", Body: []byte(`{}`)})
			if err != nil {
				t.Fatal(err)
			}
			got.Header, got.Answered, got.Sent = nil, nil, nil
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnAttemptThatIsBrokenOffIsNoFailureOfTheReceiver(t *testing.T) {
	t.Parallel()
	begun, hang := make(chan struct{}), make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(begun); <-hang }))
	defer receiver.Close()
	defer close(hang)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	sender := webhook.NewSender(webhook.Options{UserAgent: "test"})
	defer sender.Close()
	_, err := sender.Attempt(ctx, webhook.Request{URL: receiver.URL, ID: "event"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}

// Attempts meeting midway are all with the receiver at once, however fast the receiver is.
func TestAttemptsCanMeetMidway(t *testing.T) {
	t.Parallel()
	const many = 30
	var at, most atomic.Int32
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		now := at.Add(1)
		for seen := most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		_, _ = io.Copy(io.Discard, r.Body)
		at.Add(-1)
	}))
	defer receiver.Close()
	sender := webhook.NewSender(webhook.Options{UserAgent: "test"})
	defer sender.Close()
	var missing, ended sync.WaitGroup
	missing.Add(many)
	for range many {
		ended.Go(func() {
			result, err := sender.Attempt(t.Context(), webhook.Request{
				URL: receiver.URL, ID: "event", Body: []byte(`{"half": "and half"}`),
				Midway: func(context.Context) error {
					missing.Done()
					missing.Wait()
					for most.Load() < many {
						runtime.Gosched()
					}
					return nil
				},
			})
			if err != nil || result.Status != 200 {
				t.Errorf("%+v, %v", result, err)
			}
		})
	}
	ended.Wait()
	if most.Load() != many {
		t.Errorf("%d of %d were there at once", most.Load(), many)
	}
}

func TestAnErrorMidwayEndsTheAttempt(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_,
			_ = io.Copy(io.Discard, r.Body)
	}))
	defer receiver.Close()
	sender := webhook.NewSender(webhook.Options{UserAgent: "test"})
	defer sender.Close()
	result, err := sender.Attempt(t.Context(), webhook.Request{
		URL: receiver.URL, ID: "event", Body: []byte(`{"half": "and half"}`),
		Midway: func(context.Context) error { return errors.New("no more") },
	})
	if err != nil || result.Status != 0 || result.Reason != webhook.Connection {
		t.Errorf("%+v, %v", result, err)
	}
}

// freeAddress returns an address of loopback without a listener.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
