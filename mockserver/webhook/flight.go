package webhook

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A receiver may close a kept connection just when the next event is sent on it. Then it is unknown whether the
// receiver has the event. The event is sent once more, on a new connection, and the result says so. For requests marked
// as idempotent, net/http does the same by itself, but again and again while it finds dead connections, and silently.

// flight is the progress of one sending of a request.
type flight struct {
	mu       sync.Mutex
	conn     *connection
	before   int64 // how many bytes were written on the connection before
	reused   bool  // the connection had carried a request before
	answered bool  // a byte of an answer has come
	stopped  bool  // the body was not sent to its end, on purpose
}

// withTrace returns a context in which f follows the connection of a request.
func (f *flight) withTrace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:              func(got httptrace.GotConnInfo) { f.begin(connectionOf(got.Conn), got.Reused) },
		GotFirstResponseByte: f.answer,
	})
}

// begin notes the connection of the request.
func (f *flight) begin(conn *connection, reused bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conn, f.reused, f.answered = conn, reused, false
	f.before = conn.bytes()
}

// answer notes that an answer has begun.
func (f *flight) answer() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered = true
}

// wasSent reports whether a byte of the request was written, so that the receiver may have the request.
func (f *flight) wasSent() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answered || f.conn.bytes() > f.before
}

// connectionDied reports whether a request failed because its kept connection broke before a byte of an answer came. A
// body cut on purpose ends itself; it does not count as a death.
func (f *flight) connectionDied() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reused && !f.answered && !f.stopped
}

// stop notes the deliberate end of the body.
func (f *flight) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
}

// connection counts the bytes written, and writes nothing when the other side has hung up already.
type connection struct {
	net.Conn
	raw     syscall.RawConn // nil when it has none
	written atomic.Int64
}

// errHungUp is the error of a write to a connection that the receiver has closed already.
var errHungUp = errors.New("the receiver has closed the connection")

// Write implements net.Conn.
func (c *connection) Write(p []byte) (int, error) {
	if c.raw != nil && hungUp(c.raw) {
		return 0, errHungUp
	}
	return c.write(p)
}

func (c *connection) write(p []byte) (int, error) {
	c.written.Add(int64(len(p))) // before, for net/http may give a request up while it is written
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n - len(p)))
	return n, err
}

// bytes returns how many bytes were written; 0 for no connection.
func (c *connection) bytes() int64 {
	if c == nil {
		return 0
	}
	return c.written.Load()
}

// dial opens a connection.
type dial = func(ctx context.Context, network, address string) (net.Conn, error)

// countingDial returns a dial function like dial. Its connections count the bytes written.
func countingDial(dial dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		c := &connection{Conn: conn}
		if system, ok := conn.(syscall.Conn); ok {
			c.raw, _ = system.SyscallConn() // without it, only less is known
		}
		return c, nil
	}
}

// connectionOf returns the counting connection inside a connection of net/http; nil when it is unknown.
func connectionOf(conn net.Conn) *connection {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	c, _ := conn.(*connection)
	return c
}

// transports are two: the first keeps connections open, the second makes a connection for each request.
type transports struct{ kept, fresh netHTTP }

// netHTTP exchanges messages by net/http.
type netHTTP struct{ *http.Transport }

// exchange implements exchanger.
func (t netHTTP) exchange(ctx context.Context, m *message, f *flight, patience time.Duration) (answer, error) {
	timed, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := t.RoundTrip(m.request(timed, f)) // follows no redirect
	if err != nil {
		return answer{}, err
	}
	defer r.Body.Close()
	got, _ := readAnswer(r)
	return got, nil
}

func newTransports(t *http.Transport) transports {
	fresh := t.Clone()
	fresh.MaxIdleConnsPerHost = -1 // not DisableKeepAlives: the receiver would see it
	return transports{netHTTP{t}, netHTTP{fresh}}
}

func (t transports) close() {
	t.kept.CloseIdleConnections()
	t.fresh.CloseIdleConnections()
}
