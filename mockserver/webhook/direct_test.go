package webhook_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Each answer comes to two events, one after the other. A connection is used again only if its answer was complete.
func TestAnswersOfEachFormAreRead(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 70_000)
	for name, tc := range map[string]struct {
		answer      string
		status      int
		body        string
		connections int // for two events
	}{
		"with a length": {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", 1},
		"in chunks": {
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok", 1,
		},
		"up to the end": {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok", 200, "ok", 2},
		"of HTTP/1.0":   {"HTTP/1.0 202 Accepted\r\n\r\nok", 202, "ok", 2},
		"after a 103":   {"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, "", 1},
		"with more":     {fine + "HTTP/1.1 408 Request Timeout\r\n\r\n", 200, "", 2},
		"of a 101":      {"HTTP/1.1 101 Switching Protocols\r\n\r\nother bytes", 101, "", 2},
		"that is long": {
			"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + long, 200, long[:64<<10], 2,
		},
		"with too long a header": {"HTTP/1.1 200 OK\r\nX: " + long + "\r\nContent-Length: 0\r\n\r\n", 0, "", 2},
		"that is no HTTP":        {"220 mail.example ESMTP\r\n", 0, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var connections atomic.Int64
			r := newRaw(t, func(r *raw, _ int, c *net.TCPConn) {
				connections.Add(1)
				for from := bufio.NewReader(c); r.read(from); {
					_, _ = io.WriteString(c, tc.answer)
					if strings.Contains(tc.answer, "close") || strings.Contains(tc.answer, "/1.0") {
						return
					}
				}
			})
			sender := webhook.NewSender(webhook.Options{UserAgent: "test"})
			t.Cleanup(sender.Close)
			for _, id := range []string{"1", "2"} {
				got, err := sender.Attempt(t.Context(), webhook.Request{URL: r.url, Signing: standard, ID: id, Body: []byte("{}")})
				if err != nil || got.Status != tc.status || string(got.Answer) != tc.body || got.Sends != 1 || r.count(id) != 1 {
					t.Errorf("%s: %d %s with %d bytes, sent %d times, %v", id, got.Status, got.Detail, len(got.Answer), got.Sends, err)
				}
			}
			if n := connections.Load(); n != int64(tc.connections) {
				t.Errorf("%d connections, want %d", n, tc.connections)
			}
		})
	}
}

func TestTheReceiverSeesTheWholeRequest(t *testing.T) {
	t.Parallel()
	type request struct{ line, host, agent, kind, body, user string }
	seen := make(chan request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		user, password, _ := r.BasicAuth()
		seen <- request{r.Method + " " + r.RequestURI, r.Host, r.UserAgent(), r.Header.Get("Content-Type"), string(body),
			user + ":" + password}
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	sender := webhook.NewSender(webhook.Options{UserAgent: "test"})
	t.Cleanup(sender.Close)
	for _, tc := range []struct{ url, line, user string }{
		{server.URL, "POST /", ":"},
		{server.URL + "/a%20b?c=d", "POST /a%20b?c=d", ":"},
		{"http://pat:secret@" + host + "/x", "POST /x", "pat:secret"},
	} {
		got, err := sender.Attempt(t.Context(), webhook.Request{URL: tc.url, Signing: standard, ID: "1",
			Body: []byte(`{"a":1}`)})
		if err != nil || got.Status != http.StatusOK {
			t.Fatalf("%+v, %v", got, err)
		}
		if want := (request{tc.line, host, "test", "application/json", `{"a":1}`, tc.user}); <-seen != want {
			t.Errorf("%s: not %+v", tc.url, want)
		}
	}
}
