// Package receiver is a real webhook receiver, on every path. It reads requests within bounds and decompresses them;
// its caller decides the answers.
package receiver

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

const (
	// MaxBody is the maximum size of a request's body in bytes, both as sent and decompressed.
	MaxBody = 1 << 20
	// maxArrival limits the time a request may take to arrive: a deliberately slow one from a mock takes a minute.
	maxArrival = 2 * time.Minute
)

// Request is one request to a receiver.
type Request struct {
	Began   time.Time     // the arrival of its header, in real time
	Took    time.Duration // the time its body took to arrive
	Method  string
	Path    string
	Header  http.Header
	Raw     []byte  // the body as sent; nil if it is incomplete
	Body    []byte  // the decompressed body; nil if Raw is, or if decompression failed
	Refused *Answer // the answer to a request without an event: it is not a POST, or has no Body. Nil for any other.
}

// Answer is the answer to a request. The zero header means no headers.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// TextAnswer returns an answer with a line of text.
func TextAnswer(status int, format string, args ...any) Answer {
	return Answer{status, http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
		fmt.Appendf(nil, format+"\n", args...)}
}

// Handle is called with each request, several at a time, and returns the answer. It is called with refused requests,
// too.
type Handle func(context.Context, Request) Answer

// Handler returns a receiver for use in another server. now returns the real time.
func Handler(now func() time.Time, take Handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := take(r.Context(), read(w, r, now))
		for name, values := range a.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(a.Status)
		_, _ = w.Write(a.Body) // a sender may have left without reading it
	})
}

// Receiver is a running receiver.
type Receiver struct {
	server *http.Server
	ended  chan struct{}

	handling sync.RWMutex // read-locked while a request is answered
	closed   bool
}

// Start serves a receiver on listeners until Close. now returns the real time.
func Start(now func() time.Time, take Handle, listeners ...net.Listener) *Receiver {
	r := &Receiver{ended: make(chan struct{})}
	handler := Handler(now, take)
	r.server = &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
			r.handling.RLock()
			defer r.handling.RUnlock()
			if !r.closed {
				handler.ServeHTTP(w, request)
			}
		}),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       maxArrival,
		ErrorLog:          log.New(io.Discard, "", 0), // the sender reports problems of a connection
	}
	go func() {
		defer close(r.ended)
		var serving sync.WaitGroup
		for _, l := range listeners {
			serving.Go(func() { _ = r.server.Serve(l) }) // ends by Close
		}
		serving.Wait()
	}()
	return r
}

// Close ends a receiver after it has answered the requests in progress, or when the grace is over. Handle is not called
// after it.
func (r *Receiver) Close(grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if r.server.Shutdown(ctx) != nil {
		_ = r.server.Close()
	}
	<-r.ended
	r.handling.Lock()
	defer r.handling.Unlock()
	r.closed = true
}

func read(w http.ResponseWriter, r *http.Request, now func() time.Time) Request {
	request := Request{Began: now(), Method: r.Method, Path: r.URL.Path, Header: r.Header}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	request.Took = now().Sub(request.Began)
	if err == nil {
		request.Raw = raw
		request.Body, err = unpack(r.Header, raw)
	}
	switch {
	case r.Method != http.MethodPost:
		refused := TextAnswer(http.StatusMethodNotAllowed, "an event comes by POST")
		refused.Header.Set("Allow", http.MethodPost)
		request.Refused = &refused
	case err != nil:
		refused := unreadable(err)
		request.Refused = &refused
	}
	return request
}

var (
	errTooLarge = errors.New("the body unpacks to more than the limit")
	errCoding   = errors.New("the body is in an encoding that is not known")
	errGzip     = errors.New("the body is no gzip, although it says so")
)

// unpack returns the body, decompressed if it came compressed. It stops where a small body turns out large.
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
	body, err := io.ReadAll(io.LimitReader(unpacked, MaxBody+1))
	if len(body) > MaxBody {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, errGzip
	}
	return body, nil
}

func unreadable(err error) Answer {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large), errors.Is(err, errTooLarge):
		return TextAnswer(http.StatusRequestEntityTooLarge, "the body is larger than the limit of %d bytes", MaxBody)
	case errors.Is(err, errCoding):
		return TextAnswer(http.StatusUnsupportedMediaType, "%s; gzip is", err)
	case errors.Is(err, errGzip):
		return TextAnswer(http.StatusBadRequest, "%s", err)
	}
	return TextAnswer(http.StatusBadRequest, "the body is incomplete: send all of it")
}
