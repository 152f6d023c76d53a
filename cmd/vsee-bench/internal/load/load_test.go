package load_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/load"
)

func TestEachReplyIsReadToItsEndAndCounted(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200<<10)
	for name, reply := range map[string]http.HandlerFunc{
		"with a length": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("short")) },
		"empty":         func(http.ResponseWriter, *http.Request) {},
		"long, with a length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "204800")
			_, _ = w.Write([]byte(long))
		},
		"long, in chunks": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(long)) },
		"short, in chunks": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("a"))
			w.(http.Flusher).Flush()
			_, _ = w.Write([]byte("b"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var count atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				count.Add(1)
				reply(w, r)
			}))
			defer server.Close()
			request := []byte("GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
			driver := &load.Driver{}
			sum := 0
			for _, job := range []load.Job{
				{Address: server.Listener.Addr().String(), Requests: [][]byte{request, request}, For: 5 * time.Millisecond},
				{For: 5 * time.Millisecond},
			} {
				got, err := driver.Run(job)
				if err != nil {
					t.Fatal(err)
				}
				r := got.(load.Result)
				if r.Replies < 2 || r.P99 <= 0 || r.Took < job.For {
					t.Errorf("%+v", r)
				}
				sum += r.Replies
			}
			if int64(sum) != count.Load() {
				t.Errorf("%d replies of %d requests", sum, count.Load())
			}
		})
	}
}

func TestALoadFailsWithTheStatusOfARefusal(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	_, err := (&load.Driver{}).Run(load.Job{
		Address:  server.Listener.Addr().String(),
		Requests: [][]byte{[]byte("GET / HTTP/1.1\r\nHost: bench\r\n\r\n")}, For: time.Millisecond,
	})
	if err == nil || !strings.Contains(err.Error(), `the status line is "HTTP/1.1 404 Not Found", and must have 200`) {
		t.Error(err)
	}
}
