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

var (
	openers = map[string]load.Opener{"this system": load.Open, "every system": load.OpenDialed}
	request = []byte("GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
)

func TestEachReplyIsReadToItsEndAndCounted(t *testing.T) {
	t.Parallel()
	write := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	long := strings.Repeat("x", 200<<10)
	for name, reply := range map[string]http.HandlerFunc{
		"with a length":   write("short"),
		"empty":           write(""),
		"long, in chunks": write(long),
		"long, with a length": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "204800")
			write(long)(w, r)
		},
		"in two chunks": func(w http.ResponseWriter, r *http.Request) {
			write("a")(w, r)
			w.(http.Flusher).Flush()
			write("b")(w, r)
		},
	} {
		for system, opener := range openers {
			t.Run(name+", connections of "+system, func(t *testing.T) {
				t.Parallel()
				var count atomic.Int64
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					count.Add(1)
					reply(w, r)
				}))
				defer server.Close()
				driver, err := load.NewDriver(opener, server.Listener.Addr().String(), [][]byte{request, request})
				if err != nil {
					t.Fatal(err)
				}
				sum := 0
				for range 2 {
					const period = 5 * time.Millisecond
					got, err := driver.Run(load.Job{For: period})
					if err != nil {
						t.Fatal(err)
					}
					r := got.(load.Result)
					if r.Replies < 2 || r.P99 <= 0 || r.Took < period {
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
}

func TestALoadFailsWithTheStatusOfARefusal(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	for system, opener := range openers {
		driver, err := load.NewDriver(opener, server.Listener.Addr().String(), [][]byte{request})
		if err != nil {
			t.Fatal(err)
		}
		_, err = driver.Run(load.Job{For: time.Millisecond})
		if want := `its status line is "HTTP/1.1 404 Not Found", and must have 200`; err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("connections of %s: %v, want %s", system, err, want)
		}
	}
}

func TestALoadNeedsAServer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.Listener.Addr().String()
	server.Close()
	_, err := (&load.Driver{}).Run(load.Job{Address: address, Requests: [][]byte{request}, For: time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "connecting to the server") {
		t.Error(err)
	}
}
