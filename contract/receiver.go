package contract

import (
	"cmp"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// receiver is a webhook receiver that keeps the events it gets, by the path that they were sent to.
type receiver struct {
	url    string
	server *http.Server
	ended  chan struct{}

	mu      sync.Mutex
	got     map[string][]delivery
	fresh   []delivery               // what next has not had
	refuses map[string]int           // how many requests to a path are still refused
	times   map[string]time.Duration // by path, how long a body may take before it is late
}

// delivery is one request to a receiver.
type delivery struct {
	Header http.Header
	Body   []byte    // unpacked, if it came compressed
	Late   bool      // the body was not there in time, where the receiver was told a time
	Status int       // what was answered
	Began  time.Time // when the request came in, in real time
}

func newReceiver(address string) (*receiver, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	r := &receiver{
		url:     "http://" + listener.Addr().String(),
		ended:   make(chan struct{}),
		got:     map[string][]delivery{},
		refuses: map[string]int{},
		times:   map[string]time.Duration{},
	}
	r.server = &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		defer close(r.ended)
		_ = r.server.Serve(listener) // ends by close
	}()
	return r, nil
}

func (r *receiver) close() {
	_ = r.server.Close()
	<-r.ended
}

// refuse makes the next n requests to a path be answered with 503.
func (r *receiver) refuse(path string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuses[path] = n
}

// limit makes the requests to a path late whose body takes longer.
func (r *receiver) limit(path string, body time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times[path] = body
}

// allows returns how long the body of a request to a path may take.
func (r *receiver) allows(path string) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return cmp.Or(r.times[path], time.Hour)
}

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	began := now()
	body, err := bodyOf(request)
	late := now().Sub(began) >= r.allows(request.URL.Path)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	status := http.StatusOK
	if r.refuses[request.URL.Path] > 0 {
		r.refuses[request.URL.Path]--
		status = http.StatusServiceUnavailable
	}
	d := delivery{request.Header, body, late, status, began}
	r.got[request.URL.Path], r.fresh = append(r.got[request.URL.Path], d), append(r.fresh, d)
	w.WriteHeader(status)
}

// maxEvent is how large an event may be, packed or not.
const maxEvent = 1 << 20

// bodyOf reads the body of a request, and unpacks it.
func bodyOf(request *http.Request) ([]byte, error) {
	reader := io.LimitReader(request.Body, maxEvent)
	if request.Header.Get("Content-Encoding") != "gzip" {
		return io.ReadAll(reader)
	}
	unpacked, err := gzip.NewReader(reader)
	if err != nil {
		return nil, fmt.Errorf("unpacking an event: %w", err)
	}
	return io.ReadAll(io.LimitReader(unpacked, maxEvent))
}

// received returns what has come to a path so far, in that order; to all paths when it is empty. A nil receiver has
// received nothing.
func (r *receiver) received(path string) []delivery {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if path != "" {
		return slices.Clone(r.got[path])
	}
	return slices.Concat(slices.Collect(maps.Values(r.got))...)
}

// next returns what has come since it was last called. A nil receiver has received nothing.
func (r *receiver) next() []delivery {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := r.fresh
	r.fresh = nil
	return fresh
}
