package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

var standard = webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}}

func TestThePayloadIsTheGuides(t *testing.T) {
	t.Parallel()
	got, err := webhook.Body(webhook.Event{
		ID: "62583ab3-8cfc-4a47-b6c9-272850e631f8", Type: "eligibility.checked", Created: time.Unix(1649949363, 0),
		Account: "vclinic", Data: json.RawMessage(`{"member_id": "132407"}`),
	}, webhook.Unversioned)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"62583ab3-8cfc-4a47-b6c9-272850e631f8","type":"eligibility.checked","created":1649949363,` +
		`"account_code":"vclinic","data":{"member_id":"132407"}}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-guide +mock):\n%s", diff)
	}
	if _, err := webhook.Body(webhook.Event{Data: json.RawMessage(`{`)}, webhook.V1); err == nil {
		t.Error("data that is no JSON is written")
	}
}

// Our signatures hold for a verifier that is not ours, and its signatures for ours.
func TestSignaturesHoldForAnIndependentVerifier(t *testing.T) {
	t.Parallel()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"a": "ü"}`)
	var header http.Header
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { header = r.Header }))
	defer receiver.Close()
	at := time.Unix(1649949363, 999_999_999)
	sender := webhook.NewSender(webhook.Options{UserAgent: "test"})
	defer sender.Close()
	result, err := sender.Attempt(t.Context(), webhook.Request{URL: receiver.URL, Signing: standard, ID: "event", At: at, Body: body})
	if err != nil || result.Reason != "" {
		t.Fatalf("%+v, %v", result, err)
	}
	if err := wh.VerifyIgnoringTimestamp(body, header); err != nil {
		t.Errorf("the independent verifier: %s", err)
	}
	if err := standard.Verify(header, body); err != nil {
		t.Errorf("ours: %s", err)
	}
	theirs, err := wh.Sign("event", at, body)
	if err != nil {
		t.Fatal(err)
	}
	if got := header.Get("webhook-signature"); got != theirs {
		t.Errorf("we sign %s, they %s", got, theirs)
	}
	header.Set("webhook-signature", "v1,AAAA v1a,BBBB "+theirs) // of several, one is enough
	if err := standard.Verify(header, body); err != nil {
		t.Errorf("one of three: %s", err)
	}
}

func TestVerifyRefusesEveryForgery(t *testing.T) {
	t.Parallel()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	at, body := time.Unix(1649949363, 0), []byte(`{}`)
	signature, err := wh.Sign("event", at, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(h http.Header) (string, []byte){
		"body":              func(http.Header) (string, []byte) { return secret, []byte(`{ }`) },
		"secret":            func(http.Header) (string, []byte) { return "whsec_" + strings.Repeat("A", 32), body },
		"secret of no form": func(http.Header) (string, []byte) { return "whsec_!", body },
		"id":                func(h http.Header) (string, []byte) { h.Set("webhook-id", "other"); return secret, body },
		"timestamp":         func(h http.Header) (string, []byte) { h.Set("webhook-timestamp", "1649949364"); return secret, body },
		"no signature":      func(h http.Header) (string, []byte) { h.Del("webhook-signature"); return secret, body },
		"no id":             func(h http.Header) (string, []byte) { h.Del("webhook-id"); return secret, body },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			h.Set("webhook-id", "event")
			h.Set("webhook-timestamp", "1649949363")
			h.Set("webhook-signature", signature)
			if err := standard.Verify(h, body); err != nil {
				t.Fatalf("before the forgery: %s", err)
			}
			key, forged := forge(h)
			forger := webhook.Signing{Scheme: webhook.Standard, Secrets: []string{key}}
			if forger.Verify(h, forged) == nil {
				t.Error("it is taken for genuine")
			}
		})
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
			webhook.Result{Status: 200, Answer: []byte("thanks")}},
		"204": {answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }), 0, webhook.Result{Status: 204, Answer: []byte{}}},
		"a long answer": {answer(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(long) }), 0,
			webhook.Result{Status: 200, Answer: long[:64<<10]}},
		"500": {answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), 0,
			webhook.Result{Status: 500, Answer: []byte{}, Reason: webhook.Status, Detail: "the receiver answered 500"}},
		"a redirect": {answer(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(307)
		}), 0,
			webhook.Result{Status: 307, Answer: []byte{}, Reason: webhook.Redirect, Detail: "the receiver answered 307; redirects are not followed"}},
		"a broken connection": {answer(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), 0,
			webhook.Result{Reason: webhook.Connection, Detail: "the connection could not be made, or broke"}},
		"no answer": {answer(func(http.ResponseWriter, *http.Request) { <-hang }), 50 * time.Millisecond,
			webhook.Result{Reason: webhook.Timeout, Detail: "the receiver did not answer in time"}},
		"nobody there": {func(t *testing.T) string { return "http://" + freeAddress(t) }, 0,
			webhook.Result{Reason: webhook.Refused, Detail: "nobody listens at the webhook's address"}},
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

// freeAddress returns an address of loopback on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
