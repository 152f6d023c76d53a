package webhook

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"math"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// direct exchanges messages by plain HTTP/1.1 in the caller's goroutine, where net/http passes each one between three
// goroutines. It keeps connections open as net/http does.
type direct struct {
	dial dial

	mu    sync.Mutex
	idle  map[string][]*wire // by address, the last used one at the end
	sweep *time.Timer        // closes old ones; nil while there are none
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
	room    int64 // the bytes that may still be read
	broken  error // of reading; http.ReadResponse hides it
	end     <-chan struct{}
	stop    func() bool // ends the closing of the connection with end
	since   time.Time   // when it became idle
}

// maxDirect is the longest body of a message for direct: the buffers of a connection hold it, so that it is written
// even if the receiver answers before it reads. net/http reads an answer while it writes.
const maxDirect = 16 << 10

// address returns the address of a URL for direct; "" for one that only net/http can send to.
func address(to *url.URL) string {
	if to.Scheme != "http" || to.User != nil || to.Opaque != "" || to.Hostname() == "" ||
		strings.ContainsFunc(to.Host, func(r rune) bool { return r == '%' || r > '~' }) {
		return ""
	}
	return net.JoinHostPort(to.Hostname(), cmp.Or(to.Port(), "80"))
}

// canSend reports whether direct can send a message.
func (d *direct) canSend(m *message) bool {
	return d != nil && m.to.address != "" && len(m.body) <= maxDirect
}

// exchange implements exchanger.
func (d *direct) exchange(ctx context.Context, m *message, f *flight, patience time.Duration) (answer, error) {
	end := clock.Wall().Add(patience)
	w, reused, err := d.connect(ctx, m.to.address, end)
	if err != nil {
		return answer{}, err
	}
	f.begin(w.connection, reused)
	_ = w.SetDeadline(end)
	got, again, err := w.exchange(m, f)
	if again {
		d.keep(w)
	} else {
		w.close()
	}
	return got, err
}

// closeWith closes the connection at the end of a context, and no longer at that of the context before. It returns
// false if the one before has ended. The contexts of deliveries differ only in their values.
func (w *wire) closeWith(ctx context.Context) bool {
	if w.end == ctx.Done() {
		return true
	}
	open := w.stop()
	w.end, w.stop = ctx.Done(), context.AfterFunc(ctx, func() { _ = w.Close() })
	return open
}

func (w *wire) close() {
	w.stop()
	_ = w.Close()
}

// exchange sends a message and reads the answer. It reports whether the connection may be used again.
func (w *wire) exchange(m *message, f *flight) (got answer, again bool, err error) {
	w.room = maxAnswer
	runtime.Gosched() // the requests of several clinics go out together, and wake their receiver once
	failed := m.writeTo(w.out)
	if _, err := w.in.Peek(1); err != nil { // an answer may have come before the end of the message
		return got, false, cmp.Or(failed, err)
	}
	f.answer()
	come, _ := w.in.Peek(w.in.Buffered())
	if got, plain := plainAnswer(come); plain {
		_, _ = w.in.Discard(len(come))
		return got, failed == nil, nil
	}
	r, err := w.response() //nolint:bodyclose // it would read the rest of the body
	if err != nil {
		return got, false, cmp.Or(w.broken, err)
	}
	got, complete := readAnswer(r)
	return got, complete && failed == nil && !r.Close && w.in.Buffered() == 0, nil
}

// response reads an answer up to its body.
func (w *wire) response() (*http.Response, error) {
	r, err := http.ReadResponse(w.in, nil)
	for err == nil && isProvisional(r.StatusCode) {
		r, err = http.ReadResponse(w.in, nil)
	}
	w.room = math.MaxInt64
	return r, err
}

// isProvisional reports whether another answer follows one with this status.
func isProvisional(status int) bool {
	return status >= 100 && status <= 199 && status != http.StatusSwitchingProtocols
}

// Read implements io.Reader.
func (w *wire) Read(p []byte) (int, error) {
	if w.room <= 0 {
		return 0, errors.New("the header of the answer is too long")
	}
	n, err := w.connection.Read(p[:min(int64(len(p)), w.room)])
	w.room -= int64(n)
	w.broken = err
	return n, err
}

// Write implements io.Writer. Whether the receiver has hung up is known before.
func (w *wire) Write(p []byte) (int, error) { return w.write(p) }

// connect returns an idle connection to an address, or a new one.
func (d *direct) connect(ctx context.Context, address string, end time.Time) (w *wire, reused bool, err error) {
	for w := d.take(address); w != nil; w = d.take(address) {
		if w.closeWith(ctx) && !isStale(w.raw) {
			return w, true, nil
		}
		w.close()
	}
	timed, cancel := context.WithDeadline(ctx, end)
	defer cancel()
	conn, err := d.dial(timed, "tcp", address)
	if err != nil {
		return nil, false, err
	}
	w = &wire{connection: conn.(*connection), address: address, stop: func() bool { return true }}
	if hungUp(w.raw) {
		w.close()
		return nil, false, errHungUp
	}
	w.in, w.out = bufio.NewReader(w), bufio.NewWriter(w)
	w.closeWith(ctx)
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

// keep makes a connection idle. It is closed when it was idle for long.
func (d *direct) keep(w *wire) {
	w.since = clock.Wall()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle[w.address]) >= maxIdle {
		w.close()
		return
	}
	d.idle[w.address] = append(d.idle[w.address], w)
	if d.sweep == nil {
		d.sweep = clock.AfterFunc(idleTime, d.closeOld)
	}
}

// closeOld closes the connections that have been idle for long, and looks again later if there are others.
func (d *direct) closeOld() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closeIdle(clock.Wall().Add(-idleTime))
	if d.sweep = nil; len(d.idle) > 0 {
		d.sweep = clock.AfterFunc(idleTime, d.closeOld)
	}
}

// closeIdle closes the connections idle since a time or longer.
func (d *direct) closeIdle(since time.Time) {
	for address, idle := range d.idle {
		for len(idle) > 0 && !idle[0].since.After(since) {
			idle[0].close()
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
	if d.sweep != nil {
		d.sweep.Stop()
		d.sweep = nil
	}
}
