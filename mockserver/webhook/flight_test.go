package webhook_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// closing is how a receiver closes a connection.
type closing string

const (
	byFIN closing = "FIN"
	byRST closing = "RST"
)

// raw is a receiver that handles each connection itself. It counts every request of which it saw a byte, by the
// request's id.
type raw struct {
	url string

	mu   sync.Mutex
	seen map[string]int
}

// newRaw starts a receiver and stops it at the end of the test. serve is called with each connection, numbered from 1.
func newRaw(t *testing.T, serve func(r *raw, n int, c *net.TCPConn)) *raw {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &raw{url: "http://" + listener.Addr().String(), seen: map[string]int{}}
	var work sync.WaitGroup
	work.Go(func() {
		for n := 1; ; n++ {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			work.Go(func() { defer c.Close(); serve(r, n, c.(*net.TCPConn)) })
		}
	})
	t.Cleanup(func() { listener.Close(); work.Wait() })
	return r
}

// read reads a request, and counts it. It returns false when none comes.
func (r *raw) read(from *bufio.Reader) bool {
	if _, err := from.Peek(1); err != nil {
		return false
	}
	id := "broken off"
	if request, err := http.ReadRequest(from); err == nil {
		id = request.Header.Get("webhook-id")
		_, _ = io.Copy(io.Discard, request.Body)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[id]++
	return true
}

// count returns how often a request was seen.
func (r *raw) count(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seen[id]
}

func (r *raw) ids() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.seen))
}

const fine = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

// hangUp closes a connection. After a FIN, later bytes are still read and counted.
func (r *raw) hangUp(c *net.TCPConn, from *bufio.Reader, by closing) {
	if by == byRST {
		_ = c.SetLinger(0)
		return // the caller closes it
	}
	_ = c.CloseWrite()
	_ = c.SetReadDeadline(time.Time{})
	r.read(from)
}

// Keep-alive stays on, so a request may go out on a connection just as the receiver closes it. It is unknown whether
// the receiver has the request. It is sent once more, and the result says how many the receiver may have.
func TestAReceiverThatClosesAfterEachAnswerGetsEachEventAtItsFirstAttempt(t *testing.T) {
	t.Parallel()
	const deliveries, receivers = 1_000, 12
	for kind := range receivers {
		after, by := time.Duration(kind/2)*time.Millisecond, []closing{byFIN, byRST}[kind%2]
		t.Run(fmt.Sprintf("after %s by %s", after, by), func(t *testing.T) {
			t.Parallel()
			var r *raw
			sends := map[string]int{}
			t.Cleanup(func() { // once the receiver has ended
				if diff := cmp.Diff(slices.Sorted(maps.Keys(sends)), r.ids()); diff != "" {
					t.Errorf("the events (-sent +seen):\n%s", diff)
				}
				for id, n := range sends {
					seen := r.count(id)
					unread := by == byRST && n == 2 && seen == 1 // it came, and the receiver closed before it read it
					if n < 1 || n > 2 || seen != n && !unread {
						t.Errorf("%s: the receiver saw %d requests, and the result says %d", id, seen, n)
					}
				}
			})
			r = newRaw(t, func(r *raw, _ int, c *net.TCPConn) {
				from := bufio.NewReader(c)
				if !r.read(from) {
					return
				}
				_, _ = io.WriteString(c, fine)
				_ = c.SetReadDeadline(time.Now().Add(after))
				r.read(from)
				r.hangUp(c, from, by)
			})
			sender := webhook.NewSender(webhook.Options{})
			t.Cleanup(sender.Close)
			for n := range deliveries/receivers + 1 {
				id := fmt.Sprint("event ", n)
				result, err := sender.Attempt(t.Context(), webhook.Request{URL: r.url, Signing: standard, ID: id,
					Body: []byte(`{"a":1}`)})
				if err != nil || result.Status != 200 {
					t.Errorf("%s: %d %s %s, %v", id, result.Status, result.Reason, result.Detail, err)
				}
				sends[id] = result.Sends
			}
		})
	}
}

// unanswered serves a connection: it answers the first request, and ends with the second.
func unanswered(by closing, gone chan<- struct{}) func(*raw, int, *net.TCPConn) {
	return func(r *raw, n int, c *net.TCPConn) {
		from := bufio.NewReader(c)
		r.read(from)
		_, _ = io.WriteString(c, fine)
		if n > 1 || !r.read(from) {
			return
		}
		if by == byRST {
			_ = c.SetLinger(0)
		}
		_ = c.Close()
		close(gone)
	}
}

func TestARequestThatDiesOnAConnectionThatWasKeptOpenIsSentOnceMore(t *testing.T) {
	t.Parallel()
	met := func(context.Context) error { return nil }
	for name, request := range map[string]webhook.Request{
		"as it is":                   {},
		"compressed":                 {Misbehaviour: misbehaviour.Misbehaviour{Gzip: true}},
		"forged":                     {Misbehaviour: misbehaviour.Misbehaviour{Signature: misbehaviour.SignatureBad}},
		"with another field":         {Misbehaviour: misbehaviour.Misbehaviour{ExtraField: true}},
		"changed after it is signed": {Misbehaviour: misbehaviour.Misbehaviour{Altered: true}},
		"in parts":                   {Midway: met},
	} {
		for _, by := range []closing{byFIN, byRST} {
			t.Run(name+", by "+string(by), func(t *testing.T) {
				t.Parallel()
				gone := make(chan struct{})
				r := newRaw(t, unanswered(by, gone))
				sender := webhook.NewSender(webhook.Options{})
				t.Cleanup(sender.Close)
				request := request
				request.URL, request.Signing, request.Body = r.url, standard, []byte(`{"a":1}`)
				for n, want := range []int{1, 2, 1} {
					request.ID = fmt.Sprint("event ", n)
					result, err := sender.Attempt(t.Context(), request)
					if err != nil || result.Status != 200 || result.Reason != "" || result.Sends != want ||
						r.count(request.ID) != want {
						t.Errorf("%s: %d %s, %v: sent %d times, seen %d times, want %d", request.ID, result.Status, result.Detail, err,
							result.Sends, r.count(request.ID), want)
					}
				}
				<-gone
			})
		}
	}
}

// A request is sent once if a new connection would not help, or if the receiver has begun to answer.
func TestARequestIsNotSentTwice(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		second  func(c *net.TCPConn) // handles the second request on a connection
		fresh   func(c *net.TCPConn) // handles the first on another connection
		cut     bool                 // the second request is cut
		midway  func(context.Context) error
		timeout time.Duration // webhook.DefaultTimeout when 0
		want    webhook.Result
	}{
		"when an answer has begun": {
			second: func(c *net.TCPConn) { _, _ = io.WriteString(c, "HTTP/1.1 2") },
			want:   webhook.Result{Sends: 1, Reason: webhook.Connection, Detail: "the connection could not be made, or broke"},
		},
		"when there is no answer in time": {
			timeout: time.Second,
			second:  func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) },
			want:    webhook.Result{Sends: 1, Reason: webhook.Timeout, Detail: "the receiver did not answer in time"},
		},
		"when it is cut on purpose": {
			second: func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) },
			cut:    true,
			want:   webhook.Result{Sends: 1, Reason: webhook.Connection, Detail: "the connection could not be made, or broke"},
		},
		"when the wait midway ends it": {
			second: func(c *net.TCPConn) { _, _ = io.Copy(io.Discard, c) },
			midway: func(context.Context) error { return errors.New("no more") },
			want:   webhook.Result{Sends: 1, Reason: webhook.Connection, Detail: "the connection could not be made, or broke"},
		},
		"a third time, when the new connection dies as well": {
			second: func(*net.TCPConn) {}, fresh: func(*net.TCPConn) {},
			want: webhook.Result{Sends: 2, Reason: webhook.Connection, Detail: "the connection could not be made, or broke"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var r *raw
			t.Cleanup(func() { // once the receiver has ended
				if n := r.count("second"); n != tc.want.Sends {
					t.Errorf("the receiver saw %d requests, want %d", n, tc.want.Sends)
				}
			})
			r = newRaw(t, func(r *raw, n int, c *net.TCPConn) {
				from := bufio.NewReader(c)
				if n > 1 && tc.fresh != nil {
					r.read(from)
					tc.fresh(c)
					return
				}
				r.read(from)
				_, _ = io.WriteString(c, fine)
				if _, err := from.Peek(1); err == nil {
					if tc.cut || tc.midway != nil {
						r.mu.Lock()
						r.seen["second"]++
						r.mu.Unlock()
					} else {
						r.read(from)
					}
					tc.second(c)
				}
			})
			sender := webhook.NewSender(webhook.Options{Timeout: tc.timeout})
			t.Cleanup(sender.Close)
			request := webhook.Request{URL: r.url, Signing: standard, ID: "first", Body: []byte(`{"half": "and half"}`)}
			request.Midway = func(context.Context) error { return nil } // both go over connections of one kind
			if first, err := sender.Attempt(t.Context(), request); err != nil || first.Status != 200 || first.Sends != 1 {
				t.Fatalf("%+v, %v", first, err)
			}
			request.ID, request.Cut = "second", tc.cut
			if tc.midway != nil {
				request.Midway = tc.midway
			}
			got, err := sender.Attempt(t.Context(), request)
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

// A new connection dies: the failure is the receiver's.
func TestARequestThatDiesOnANewConnectionIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, by := range []closing{byFIN, byRST} {
		t.Run(string(by), func(t *testing.T) {
			t.Parallel()
			r := newRaw(t, func(r *raw, _ int, c *net.TCPConn) {
				r.read(bufio.NewReader(c))
				if by == byRST {
					_ = c.SetLinger(0)
				}
			})
			sender := webhook.NewSender(webhook.Options{})
			t.Cleanup(sender.Close)
			got, err := sender.Attempt(t.Context(), webhook.Request{URL: r.url, Signing: standard, ID: "1", Body: []byte("{}")})
			if err != nil || got.Reason != webhook.Connection || got.Sends != 1 || r.count("1") != 1 {
				t.Errorf("%+v, %v; the receiver saw %d", got, err, r.count("1"))
			}
		})
	}
}

func TestKeepAliveStays(t *testing.T) {
	t.Parallel()
	var connections sync.Map
	r := newRaw(t, func(r *raw, n int, c *net.TCPConn) {
		connections.Store(n, true)
		for from := bufio.NewReader(c); r.read(from); {
			_, _ = io.WriteString(c, fine)
		}
	})
	sender := webhook.NewSender(webhook.Options{})
	t.Cleanup(sender.Close)
	for n := range 20 {
		got, err := sender.Attempt(t.Context(), webhook.Request{URL: r.url, Signing: standard, ID: fmt.Sprint(n),
			Body: []byte("{}")})
		header := got.Header.Header()
		if err != nil || got.Sends != 1 || header.Get("Connection") != "" || header.Get("Idempotency-Key") != "" {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if _, second := connections.Load(2); second {
		t.Error("the events came on more than one connection")
	}
}

func TestTheProxyOfEventsIsAURLWithAHost(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"": true, "http://proxy.example:3128": true, "https://user:hunter2@proxy.example/": true,
		"socks5://127.0.0.1:1080": true,
		"proxy.example:3128":      false, "ftp://proxy.example": false, "http://": false, "http://user:hunter2@": false,
		"http://proxy.example/hunter2": false, "http://proxy.example?hunter2": false, "http://[hunter2": false,
	} {
		u, err := webhook.ParseProxy(address)
		if (err == nil) != good || (u != nil) != (good && address != "") {
			t.Errorf("%q: %v, %v", address, u, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q is repeated: %s", address, err)
		}
	}
}
