package receiver_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/receiver"
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func post(ctx context.Context, address net.Addr) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address.String(), strings.NewReader("{}"))
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(request)
}

func TestARequestIsReadUnpackedAndAnswered(t *testing.T) {
	t.Parallel()
	event, large := `{"id":"1"}`, strings.Repeat("x", receiver.MaxBody+1)
	for name, tc := range map[string]struct {
		method, encoding, body string
		status                 int
		raw, unpacked          bool // whether there is a body, as it came and unpacked
	}{
		"plain":            {"POST", "", event, 299, true, true},
		"identity":         {"POST", "identity", event, 299, true, true},
		"compressed":       {"POST", "gzip", zipped(t, event), 299, true, true},
		"by another name":  {"POST", "X-GZIP", zipped(t, event), 299, true, true},
		"no gzip":          {"POST", "gzip", event, 400, true, false},
		"broken gzip":      {"POST", "gzip", zipped(t, event)[:20], 400, true, false},
		"another encoding": {"POST", "br", event, 415, true, false},
		"large":            {"POST", "", large, 413, false, false},
		"a bomb":           {"POST", "gzip", zipped(t, large), 413, true, false},
		"another method":   {"PUT", "", event, 405, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got receiver.Request
			server := httptest.NewServer(receiver.Handler(func() time.Time { return time.Unix(1, 0) },
				func(_ context.Context, r receiver.Request) receiver.Answer {
					if got = r; r.Refused != nil {
						return *r.Refused
					}
					return receiver.TextAnswer(299, "taken")
				}))
			defer server.Close()
			request, err := http.NewRequestWithContext(t.Context(), tc.method, server.URL+"/a/b", strings.NewReader(tc.body))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Encoding", tc.encoding)
			reply, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer reply.Body.Close()
			if reply.StatusCode != tc.status || got.Path != "/a/b" || got.Method != tc.method ||
				!got.Began.Equal(time.Unix(1, 0)) {
				t.Errorf("%d, %+v", reply.StatusCode, got)
			}
			if (got.Raw != nil) != tc.raw || (got.Body != nil) != tc.unpacked || tc.unpacked && string(got.Body) != event {
				t.Errorf("%d bytes came, unpacked %.20q", len(got.Raw), got.Body)
			}
		})
	}
}

// A request in progress is answered before Close returns, and no request is accepted after it.
func TestAReceiverAnswersWhatHasBegunBeforeItEnds(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken, answer := make(chan struct{}), make(chan struct{})
	r := receiver.Start(time.Now, func(context.Context, receiver.Request) receiver.Answer {
		close(taken)
		<-answer
		return receiver.Answer{Status: http.StatusOK}
	}, listener)
	status := make(chan int, 1)
	go func() {
		defer close(status)
		reply, err := post(t.Context(), listener.Addr())
		if err == nil {
			_ = reply.Body.Close()
			status <- reply.StatusCode
		}
	}()
	<-taken
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Close(time.Minute)
	}()
	close(answer)
	<-ended
	if got := <-status; got != http.StatusOK {
		t.Errorf("the request that had begun was answered %d", got)
	}
	if _, err := new(net.Dialer).DialContext(t.Context(), "tcp", listener.Addr().String()); err == nil {
		t.Error("the receiver still listens")
	}
}

// Without grace, Close breaks off a request in progress.
func TestAReceiverWithoutGraceBreaksOff(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken := make(chan struct{})
	r := receiver.Start(time.Now, func(ctx context.Context, _ receiver.Request) receiver.Answer {
		close(taken)
		<-ctx.Done()
		return receiver.Answer{Status: http.StatusOK}
	}, listener)
	broken := make(chan error, 1)
	go func() {
		reply, err := post(t.Context(), listener.Addr())
		if err == nil {
			_ = reply.Body.Close()
		}
		broken <- err
	}()
	<-taken
	r.Close(0)
	if err := <-broken; err == nil {
		t.Error("the request was answered")
	}
}
