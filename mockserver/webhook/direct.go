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
	room    int64 // the bytes that may still be read
	broken  error // of reading; http.ReadResponse hides it
	end     <-chan struct{}
	stop    func() bool // ends the closing of the connection with end
	since   time.Time   // when it became idle
}

// maxDirect is the longest body of a message for direct: the buffers of a connection hold it, so that it is written
// even if the receiver answers before it reads. net/http reads an answer while it writes.
const maxDirect = 16 << 10

// canSend reports whether direct can send a message.
func (d *direct) canSend(m *message) bool {
	to := m.url
	return d != nil && to.Scheme == "http" && to.User == nil && to.Opaque == "" && to.Hostname() != "" &&
		len(m.body) <= maxDirect && !strings.ContainsFunc(to.Host, func(r rune) bool { return r == '%' || r > '~' })
}

// exchange implements exchanger.
func (d *direct) exchange(ctx context.Context, m *message, f *flight, patience time.Duration) (*http.Response, error) {
	end := clock.Wall().Add(patience)
	w, reused, err := d.connect(ctx, net.JoinHostPort(m.url.Hostname(), cmp.Or(m.url.Port(), "80")), end)
	if err != nil {
		return nil, err
	}
	f.begin(w.connection, reused)
	_ = w.SetDeadline(end)
	answer, err := w.exchange(m, f)
	if err != nil {
		w.close()
		return nil, err
	}
	answer.Body = &answerBody{ReadCloser: answer.Body, ended: answer.ContentLength == 0, done: func(ended bool) {
		if ended && !answer.Close && w.in.Buffered() == 0 {
			d.keep(w)
			return
		}
		w.close()
	}}
	return answer, nil
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

// exchange sends a message and reads the answer up to its body.
func (w *wire) exchange(m *message, f *flight) (*http.Response, error) {
	w.room = maxAnswer
	runtime.Gosched() // the requests of several clinics go out together, and wake their receiver once
	failed := m.writeTo(w.out)
	if _, err := w.in.Peek(1); err != nil { // an answer may have come before the end of the message
		return nil, cmp.Or(failed, err)
	}
	f.answer()
	answer, err := http.ReadResponse(w.in, nil)
	for err == nil && isProvisional(answer.StatusCode) {
		answer, err = http.ReadResponse(w.in, nil)
	}
	if err != nil {
		return nil, cmp.Or(w.broken, err)
	}
	answer.Close = answer.Close || failed != nil || answer.StatusCode == http.StatusSwitchingProtocols
	w.room = math.MaxInt64
	return answer, nil //nolint:nilerr // a receiver may answer before the end of a message
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

// keep makes a connection idle, and closes those that have been idle for long.
func (d *direct) keep(w *wire) {
	w.since = clock.Wall()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle[w.address]) >= maxIdle {
		w.close()
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
}
