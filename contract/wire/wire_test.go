package wire_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// serve starts a server on loopback. It returns a client for it, the server, and the client's transport.
func serve(t *testing.T, handler http.HandlerFunc, change ...func(*wire.Config)) (*http.Client, *httptest.Server,
	*wire.Transport) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := newTransport(t, append([]func(*wire.Config){func(c *wire.Config) { c.Hosts = []string{u.Host} }},
		change...)...)
	return &http.Client{Transport: transport}, server, transport
}

func newTransport(t *testing.T, change ...func(*wire.Config)) *wire.Transport {
	t.Helper()
	c := wire.Config{
		Redactor: redact.New([]byte("a seed"), redact.Allow{Paths: []string{"/users/{id}"}}), Hosts: []string{"x.example"},
		Budget: 100, Version: "1.2.0", Run: "0123abcd",
	}
	for _, f := range change {
		f(&c)
	}
	transport, err := wire.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return transport
}

// ask sends a request and returns the status, 0 for none.
func ask(ctx context.Context, t *testing.T, client *http.Client, method, target, contentType, body string) (int,
	error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	in, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer in.Body.Close()
	_, err = io.Copy(io.Discard, in.Body)
	return in.StatusCode, err
}

func fine(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header()["Date"] = nil
	_, _ = io.WriteString(w, `{"name": "Ada"}`)
}

func TestExchangesAreRecordedUnderTheirRequirementWithoutValues(t *testing.T) {
	t.Parallel()
	agents := make(chan string, 2)
	client, server, transport := serve(t, func(w http.ResponseWriter, r *http.Request) {
		agents <- r.UserAgent()
		fine(w, r)
	})
	ctx := wire.WithRequirement(t.Context(), "USER-001")
	if _, err := ask(ctx, t, client, http.MethodPost, server.URL+"/users/132407", "application/json",
		`{"ssn": "123-45-6789"}`); err != nil {
		t.Fatal(err)
	}
	if _, err := ask(t.Context(), t, client, http.MethodGet, server.URL+"/users/1", "", ""); err != nil {
		t.Fatal(err)
	}
	if got := [2]string{<-agents, <-agents}; got != [2]string{"vsee-contract/1.2.0 run/0123abcd req/USER-001",
		"vsee-contract/1.2.0 run/0123abcd req/-"} {
		t.Errorf("the requests came from %q", got)
	}
	got := transport.Latest("USER-001")()
	got.Request.Body, got.Reply.Body = cut(got.Request.Body), cut(got.Reply.Body)
	want := &result.Exchange{
		Request: result.Message{
			Line: "POST /users/{id}", Header: map[string]string{"Content-Type": "application/json",
				"User-Agent": "vsee-contract/1.2.0 run/0123abcd req/USER-001"},
			Body: `{"ssn":"«string:11:word`,
		},
		Reply: result.Message{Line: "200 OK", Header: map[string]string{"Content-Type": "application/json",
			"Content-Length": "15"}, Body: `{"name":"«string:3:letters`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if other := transport.Latest("")().Request.Line; other != "GET /users/{id}" || transport.Sent() != 2 {
		t.Errorf("the latest exchange of no requirement is %q, and %d were sent", other, transport.Sent())
	}
	if transport.Latest("USER-002") != nil {
		t.Error("a requirement without requests has an exchange")
	}
}

func cut(text string) string {
	before, _, _ := strings.Cut(text, "#")
	return before
}

func TestOtherHostsGetNoRequest(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer other.Close()
	client, server, transport := serve(t,
		func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	for _, target := range []string{other.URL, server.URL} { // the second redirects to the first
		if _, err := ask(t.Context(), t, client, http.MethodGet, target, "", ""); !errors.Is(err, wire.ErrHost) {
			t.Errorf("the error is %v, want ErrHost", err)
		}
	}
	if asked.Load() != 0 || transport.Sent() != 1 {
		t.Errorf("the other host got %d requests, and %d were sent", asked.Load(), transport.Sent())
	}
}

func TestTheBudgetIsNeverExceeded(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	client, server, _ := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) },
		func(c *wire.Config) { c.Budget = 3 })
	var refused atomic.Int32
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := ask(t.Context(), t, client, http.MethodGet, server.URL, "", ""); errors.Is(err, wire.ErrBudget) {
				refused.Add(1)
			}
		})
	}
	all.Wait()
	if asked.Load() != 3 || refused.Load() != 7 {
		t.Errorf("%d requests arrived, and %d were refused for the budget", asked.Load(), refused.Load())
	}
}

func TestTheRunGivesUpATargetThatKeepsFailing(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	answers := []int{500, 429, 200, 503, 429, 200}
	client, server, transport := serve(t,
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(answers[asked.Add(1)-1]) },
		func(c *wire.Config) { c.GiveUpAfter = 2 })
	// The first two replies are bad, so the third request is not sent.
	for i := range 3 {
		_, err := ask(t.Context(), t, client, http.MethodGet, server.URL, "", "")
		if gave := errors.Is(err, wire.ErrGaveUp); gave != (i >= 2) || transport.GaveUp() != (i >= 1) {
			t.Errorf("request %d: %v, and given up: %t", i, err, transport.GaveUp())
		}
	}
	if asked.Load() != 2 {
		t.Errorf("the server got %d requests", asked.Load())
	}
}

func TestOneGoodReplyStartsTheCountAgain(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	client, server, transport := serve(t,
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader([]int{500, 400}[asked.Add(1)%2]) },
		func(c *wire.Config) { c.GiveUpAfter = 2 })
	for range 6 {
		if _, err := ask(t.Context(), t, client, http.MethodGet, server.URL, "", ""); err != nil {
			t.Error(err)
		}
	}
	if transport.GaveUp() {
		t.Error("the target was given up")
	}
}

func TestNothingIsSentTwice(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	client, server, transport := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1)%2 == 0 { // the connection breaks without an answer
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		}
	})
	for i := range 4 {
		if _, err := ask(t.Context(), t, client, http.MethodGet, server.URL, "", ""); (err != nil) != (i%2 == 1) {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if asked.Load() != 4 {
		t.Errorf("4 requests came as %d", asked.Load())
	}
	if got := transport.Latest("")().Reply.Line; got != "no reply" {
		t.Errorf("the exchange without a reply has %q", got)
	}
}

func TestAReplyThatBreaksOffIsRecordedUpToThere(t *testing.T) {
	t.Parallel()
	client, server, transport := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"a`)
	})
	status, err := ask(t.Context(), t, client, http.MethodGet, server.URL, "", "")
	if status != 200 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the reply is %d with %v", status, err)
	}
	if got := transport.Latest("")().Reply.Body; got != "«text:3 bytes» (breaks off)" {
		t.Errorf("the recorded body is %q", got)
	}
}

// sender is a RoundTripper in memory: a bubble of synctest has no network.
type sender func(*http.Request) (*http.Response, error)

func (s sender) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

func TestRequestsGoNoFasterThanTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var at []time.Duration
		transport := newTransport(t, func(c *wire.Config) {
			c.PerSecond, c.Shared = 4, true
			c.Next = sender(func(*http.Request) (*http.Response, error) {
				at = append(at, time.Since(begin))
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			})
		})
		client := &http.Client{Transport: transport}
		for i := range 4 {
			if i == 3 {
				time.Sleep(time.Minute) // unused requests do not add up
			}
			if _, err := ask(t.Context(), t, client, http.MethodGet, "http://x.example/", "", ""); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]time.Duration{0, time.Second / 4, time.Second / 2, time.Minute + time.Second/2},
			at); diff != "" {
			t.Errorf("the requests were sent at (-want +got):\n%s", diff)
		}
	})
}

func TestARequestThatEndsWhileItWaitsIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := newTransport(t, func(c *wire.Config) {
			c.PerSecond, c.Budget = 0.1, 2
			c.Next = sender(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			})
		})
		client := &http.Client{Transport: transport}
		if _, err := ask(t.Context(), t, client, http.MethodGet, "http://x.example/", "", ""); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := ask(ctx, t, client, http.MethodGet, "http://x.example/", "", ""); !errors.Is(err,
			context.DeadlineExceeded) || transport.Sent() != 1 {
			t.Errorf("the error is %v, and %d were sent", err, transport.Sent())
		}
	})
}

func TestASharedTargetGetsOneRequestAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var under, most atomic.Int32
		transport := newTransport(t, func(c *wire.Config) {
			c.Shared = true
			c.Next = sender(func(*http.Request) (*http.Response, error) {
				most.Store(max(most.Load(), under.Add(1)))
				time.Sleep(time.Second)
				under.Add(-1)
				return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
			})
		})
		client := &http.Client{Transport: transport}
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := ask(t.Context(), t, client, http.MethodGet, "http://x.example/", "", ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if most.Load() != 1 {
			t.Errorf("%d requests were under way at once", most.Load())
		}
	})
}

func TestAConfigurationWithoutLimitsIsRefused(t *testing.T) {
	t.Parallel()
	r := redact.New(nil, redact.Allow{})
	for name, c := range map[string]wire.Config{
		"no redactor": {Hosts: []string{"x"}, Budget: 1}, "no host": {Redactor: r, Budget: 1},
		"no budget":      {Redactor: r, Hosts: []string{"x"}},
		"a rate below 0": {Redactor: r, Hosts: []string{"x"}, Budget: 1, PerSecond: -1},
	} {
		if _, err := wire.New(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
