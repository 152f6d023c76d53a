package engine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/wire"
	receiving "github.com/vsee-mock/vsee-mock/internal/receiver"
)

// receiver is a webhook receiver. It keeps its events by the path of their request.
type receiver struct {
	url     string
	serving *receiving.Receiver

	mu      sync.Mutex
	got     map[string][]Delivery
	count   int                      // of all deliveries
	refuses map[string]int           // by path, how many more requests to refuse
	times   map[string]time.Duration // by path, the least time of a late body; an hour by default
}

// Delivery is one request to the run's receiver of events.
type Delivery struct {
	Method string
	Header http.Header
	Body   []byte    // decompressed, if its encoding is known
	Late   bool      // the body took as long as the limit of its path, or longer
	Status int       // of the receiver's answer
	Began  time.Time // when the request came in, in real time

	number int // of all deliveries of the run
}

func newReceiver(address string) (*receiver, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	r := &receiver{
		url:     "http://" + listener.Addr().String(),
		got:     map[string][]Delivery{},
		refuses: map[string]int{},
		times:   map[string]time.Duration{},
	}
	r.serving = receiving.Start(wire.System{}.Now, r.take, listener)
	return r, nil
}

func (r *receiver) close() { r.serving.Close(0) }

// refuse answers the next n requests to a path with 503.
func (r *receiver) refuse(path string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refuses[path] = n
}

// limit marks requests to a path as late if their body takes this long, or longer, to arrive.
func (r *receiver) limit(path string, body time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times[path] = body
}

// take keeps a request and returns its answer. A body that cannot be unpacked is kept as it came, so that the
// checks report it.
func (r *receiver) take(_ context.Context, request receiving.Request) receiving.Answer {
	answer := receiving.Answer{Status: http.StatusOK}
	if request.Body == nil {
		answer, request.Body = *request.Refused, request.Raw
	}
	if request.Body == nil {
		return answer
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.refuses[request.Path] > 0 {
		r.refuses[request.Path]--
		answer.Status = http.StatusServiceUnavailable
	}
	late := request.Took >= cmp.Or(r.times[request.Path], time.Hour)
	r.count++
	d := Delivery{request.Method, request.Header, request.Body, late, answer.Status, request.Began, r.count}
	r.got[request.Path] = append(r.got[request.Path], d)
	return answer
}

// received returns the requests to a path so far, in order of arrival; to all paths when it is empty. A nil
// receiver has received nothing.
func (r *receiver) received(path string) []Delivery {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if path != "" {
		return slices.Clone(r.got[path])
	}
	all := slices.Concat(slices.Collect(maps.Values(r.got))...)
	slices.SortFunc(all, func(a, b Delivery) int { return a.number - b.number })
	return all
}
