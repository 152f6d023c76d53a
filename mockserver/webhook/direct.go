package webhook

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// direct is a http.RoundTripper for plain HTTP/1.1. net/http's own passes each request and each answer between three
// goroutines. This one writes and reads in the caller's goroutine. It keeps connections open as net/http does.
type direct struct {
	dial dial

	mu    sync.Mutex
	idle  map[string][]*wire // by address, the last used one at the end
	swept time.Time          // the last look for old ones
}

// The limits for idle connections.
const (
	maxIdle  = 64 // of one address
	idleTime = 90 * time.Second
)

// wire is an open connection.
type wire struct {
	*connection
	address string
	in      *bufio.Reader
	out     *bufio.Writer
	room    int64     // the bytes that may still be read
	since   time.Time // when it became idle
}

// canSend reports whether direct can send to a URL.
func (d *direct) canSend(to *url.URL) bool {
	return d != nil && to.Scheme == "http" && isASCII(to.Host)
}

func isASCII(text string) bool {
	for _, r := range text {
		if r > '~' {
			return false
		}
	}
	return true
}

// RoundTrip implements http.RoundTripper. The body of the answer must be closed.
func (d *direct) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	w, reused, err := d.connect(ctx, net.JoinHostPort(r.URL.Hostname(), cmp.Or(r.URL.Port(), "80")))
	if err != nil {
		return nil, err
	}
	trace := httptrace.ContextClientTrace(ctx)
	trace.GotConn(httptrace.GotConnInfo{Conn: w.connection, Reused: reused})
	stop := context.AfterFunc(ctx, func() { _ = w.SetDeadline(time.Unix(1, 0)) }) // every read and write ends
	answer, err := w.exchange(r, trace)
	if err != nil {
		stop()
		_ = w.Close()
		return nil, err
	}
	answer.Body = &answerBody{ReadCloser: answer.Body, ended: answer.ContentLength == 0, done: func(ended bool) {
		if stop() && ended && !answer.Close && w.in.Buffered() == 0 {
			d.keep(w)
			return
		}
		_ = w.Close()
	}}
	return answer, nil
}

// exchange sends a request and reads the answer up to its body.
func (w *wire) exchange(r *http.Request, trace *httptrace.ClientTrace) (*http.Response, error) {
	w.room = maxAnswer
	before := w.bytes()
	failed := r.Write(w.out)
	if failed == nil {
		failed = w.out.Flush()
	}
	if failed != nil && w.bytes() == before {
		return nil, failed
	}
	if _, err := w.in.Peek(1); err != nil {
		return nil, cmp.Or(failed, err)
	}
	trace.GotFirstResponseByte() // it may have come before the end of the request
	for {
		answer, err := http.ReadResponse(w.in, r)
		if err != nil {
			return nil, err
		}
		if answer.StatusCode >= 200 || answer.StatusCode == http.StatusSwitchingProtocols {
			answer.Close = answer.Close || failed != nil || answer.StatusCode < 200
			w.room = math.MaxInt64
			return answer, nil
		}
	}
}

// Read implements io.Reader.
func (w *wire) Read(p []byte) (int, error) {
	if w.room <= 0 {
		return 0, errors.New("the header of the answer is too long")
	}
	n, err := w.connection.Read(p[:min(int64(len(p)), w.room)])
	w.room -= int64(n)
	return n, err
}

// Write implements io.Writer. Whether the receiver has hung up is known before.
func (w *wire) Write(p []byte) (int, error) { return w.write(p) }

// answerBody is the body of an answer. It gives the connection back when it is closed.
type answerBody struct {
	io.ReadCloser
	ended bool
	done  func(ended bool)
}

// Read implements io.Reader.
func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.ended = b.ended || errors.Is(err, io.EOF)
	return n, err
}

// Close implements io.Closer. It is called once.
func (b *answerBody) Close() error {
	b.done(b.ended)
	return nil
}

// connect returns an idle connection to an address, or a new one.
func (d *direct) connect(ctx context.Context, address string) (w *wire, reused bool, err error) {
	for w := d.take(address); w != nil; w = d.take(address) {
		if !isStale(w.raw) {
			return w, true, nil
		}
		_ = w.Close()
	}
	conn, err := d.dial(ctx, "tcp", address)
	if err != nil {
		return nil, false, err
	}
	w = &wire{connection: conn.(*connection), address: address}
	w.in, w.out = bufio.NewReader(w), bufio.NewWriter(w)
	return w, false, nil
}

// take returns the idle connection to an address that was used last; nil for none.
func (d *direct) take(address string) *wire {
	d.mu.Lock()
	defer d.mu.Unlock()
	idle := d.idle[address]
	if len(idle) == 0 {
		return nil
	}
	last := idle[len(idle)-1]
	d.idle[address] = idle[:len(idle)-1]
	return last
}

// keep makes a connection idle, and closes those that have been idle for long.
func (d *direct) keep(w *wire) {
	w.since = clock.Wall()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle[w.address]) >= maxIdle {
		_ = w.Close()
		return
	}
	d.idle[w.address] = append(d.idle[w.address], w)
	if w.since.Sub(d.swept) > idleTime {
		d.closeIdle(w.since.Add(-idleTime))
		d.swept = w.since
	}
}

// closeIdle closes the connections idle since a time or longer.
func (d *direct) closeIdle(since time.Time) {
	for address, idle := range d.idle {
		for len(idle) > 0 && !idle[0].since.After(since) {
			_ = idle[0].Close()
			idle = idle[1:]
		}
		if d.idle[address] = idle; len(idle) == 0 {
			delete(d.idle, address)
		}
	}
}

// CloseIdleConnections closes all idle connections.
func (d *direct) CloseIdleConnections() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closeIdle(clock.Wall())
}
