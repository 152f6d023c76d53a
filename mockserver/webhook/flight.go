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
)

// A receiver may close a connection that is kept open just when the next event is sent on it. Nobody can tell then
// whether the receiver has the event: it is sent once more, on a new connection, and the result says so. net/http does
// that by itself for requests that are marked as idempotent, but again and again while it finds dead connections, and
// without a word.

// flight is one sending of a request, as far as it has come.
type flight struct {
	mu       sync.Mutex
	conn     *connection
	before   int64 // how many bytes were written on the connection before
	reused   bool  // the connection had carried a request before
	answered bool  // a byte of an answer has come
	stopped  bool  // the body was not sent to its end, on purpose
}

// traced returns a context in which f follows a request.
func (f *flight) traced(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.conn, f.reused, f.answered = connectionOf(got.Conn), got.Reused, false
			f.before = f.conn.bytes()
		},
		GotFirstResponseByte: func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.answered = true
		},
	})
}

// left reports whether a byte of the request was written, so that the receiver may have it.
func (f *flight) left() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.answered || f.conn.bytes() > f.before
}

// died reports whether a request that has failed did so with its connection, which was kept open, before a byte of an
// answer came. A body that ended itself, because it was cut on purpose, is no death.
func (f *flight) died() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.reused && !f.answered && !f.stopped
}

// stop notes that the body ended itself.
func (f *flight) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
}

// connection counts what is written, and writes nothing where the other side has hung up already.
type connection struct {
	net.Conn
	raw     syscall.RawConn // nil when it has none
	written atomic.Int64
}

// errHungUp is the error of a write to a receiver that has closed the connection before.
var errHungUp = errors.New("the receiver has closed the connection")

// Write implements net.Conn.
func (c *connection) Write(p []byte) (int, error) {
	if c.raw != nil && hungUp(c.raw) {
		return 0, errHungUp
	}
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

// counted returns a function that dials as dial does, for connections that count.
func counted(dial func(context.Context, string, string) (net.Conn, error)) func(context.Context, string, string) (net.Conn, error) {
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

// connectionOf returns what counts of a connection that net/http has; nil when that is not known.
func connectionOf(conn net.Conn) *connection {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	c, _ := conn.(*connection)
	return c
}

// transports are a transport that keeps connections open, and one that makes a connection for each request.
type transports struct{ kept, fresh *http.Client }

func newTransports(t *http.Transport) transports {
	fresh := t.Clone()
	fresh.MaxIdleConnsPerHost = -1 // and not DisableKeepAlives, which a receiver would see
	return transports{newClient(t), newClient(fresh)}
}

func (t transports) close() {
	t.kept.CloseIdleConnections()
	t.fresh.CloseIdleConnections()
}
