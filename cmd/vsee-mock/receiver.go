package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

const (
	// maxEvent is the largest body that a receiver takes, as it comes and unpacked.
	maxEvent = 1 << 20
	// maxArrival is how long a request may take to arrive: a mock takes a minute for one that is slow on purpose.
	maxArrival = 2 * time.Minute
	// maxClosing is how long an end waits for what is being answered.
	maxClosing = 3 * time.Second
)

// hook is a webhook receiver: a real one, on every path.
type hook struct {
	base   string // http://host:port
	server *http.Server
	ended  chan struct{}

	taking sync.RWMutex // held for reading while a request is answered
	closed bool
}

// hooked is one request to a hook.
type hooked struct {
	at      time.Time // real time
	method  string
	header  http.Header
	raw     []byte // the body as it came
	body    []byte // the body, unpacked
	refused *answer
}

// answer is what a receiver answers.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func says(status int, format string, args ...any) answer {
	return answer{status, http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, fmt.Appendf(nil, format+"\n", args...)}
}

// receive starts a receiver. take is called with each request, several at a time, and returns the answer; to one that
// can be no event, which says so by refused, too.
func receive(ctx context.Context, address string, take func(context.Context, hooked) answer) (*hook, error) {
	on, err := listen(ctx, address)
	if err != nil {
		return nil, err
	}
	h := &hook{base: on.base(), ended: make(chan struct{})}
	h.server = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.taking.RLock()
			defer h.taking.RUnlock()
			if !h.closed {
				take(r.Context(), read(w, r)).write(w)
			}
		}),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       maxArrival,
		ErrorLog:          log.New(io.Discard, "", 0), // what is wrong with a connection is the sender's to say
	}
	go func() {
		defer close(h.ended)
		var serving sync.WaitGroup
		for _, l := range on.listeners {
			serving.Go(func() { _ = h.server.Serve(l) }) // ends by close
		}
		serving.Wait()
	}()
	return h, nil
}

// close ends a receiver once it has answered what has come in. What takes too long is broken off, and told of still.
func (h *hook) close() {
	ctx, cancel := context.WithTimeout(context.Background(), maxClosing)
	defer cancel()
	if h.server.Shutdown(ctx) != nil {
		_ = h.server.Close()
	}
	<-h.ended
	h.taking.Lock()
	defer h.taking.Unlock()
	h.closed = true
}

func (a answer) write(w http.ResponseWriter) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // who has left does not read it
}

// read reads a request within its bounds.
func read(w http.ResponseWriter, r *http.Request) hooked {
	h := hooked{at: clock.Wall(), method: r.Method, header: r.Header}
	if r.Method != http.MethodPost {
		refused := says(http.StatusMethodNotAllowed, "an event comes by POST")
		refused.header.Set("Allow", http.MethodPost)
		h.refused = &refused
		return h
	}
	var err error
	if h.raw, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxEvent)); err == nil {
		h.body, err = unpack(r.Header, h.raw)
	}
	if err != nil {
		refused := unreadable(err)
		h.refused = &refused
	}
	return h
}

var (
	errTooLarge = errors.New("the body unpacks to more than the limit")
	errCoding   = errors.New("the body is in an encoding that is not known")
	errGzip     = errors.New("the body is no gzip, although it says so")
)

// unpack returns the body that is meant by one that may be compressed. It stops where a small body turns out large.
func unpack(header http.Header, raw []byte) ([]byte, error) {
	switch coding := strings.ToLower(strings.Join(header.Values("Content-Encoding"), ",")); coding {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
	default:
		return nil, errCoding
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, errGzip
	}
	body, err := io.ReadAll(io.LimitReader(unpacked, maxEvent+1))
	if len(body) > maxEvent {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, errGzip
	}
	return body, nil
}

func unreadable(err error) answer {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large), errors.Is(err, errTooLarge):
		return says(http.StatusRequestEntityTooLarge, "the body is larger than the limit of %d bytes", maxEvent)
	case errors.Is(err, errCoding):
		return says(http.StatusUnsupportedMediaType, "%s; gzip is", err)
	case errors.Is(err, errGzip):
		return says(http.StatusBadRequest, "%s", err)
	}
	return says(http.StatusBadRequest, "the body broke off")
}
