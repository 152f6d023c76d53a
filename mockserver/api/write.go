package api

import (
	"context"
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/requestid"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
)

// write sends the reply, after any delay, and records the exchange. It records first: once the caller has the whole
// reply, it can read the journal or send its next request.
func (a *API) write(w http.ResponseWriter, x *exchange) {
	if x.fault.Latency > 0 {
		a.delay(x.request.Context(), x.fault.Latency)
	}
	if x.fault.Kind == fault.Reset {
		a.record(x)
		reset(w)
		return
	}
	release := a.holdEvents(x)
	x.send(w)
	a.record(x)
	release(w)
}

// delay waits for a span, or until the caller has disconnected or the mock stops.
func (a *API) delay(ctx context.Context, span time.Duration) {
	waiting, enough := context.WithCancel(ctx)
	defer enough()
	defer context.AfterFunc(a.Stopping, enough)()
	_ = clock.Wait(waiting, span) // an error means the caller has disconnected or the mock stops
}

// holdEvents tells the clinic that a reply with the results of a user's checks is about to be sent. The returned
// function sends the rest of the reply, and makes the events due that wait until the results are read.
func (a *API) holdEvents(x *exchange) (release func(http.ResponseWriter)) {
	nothing := func(http.ResponseWriter) {}
	if x.reply.shows == "" || x.reply.status != http.StatusOK || x.fault.Kind != fault.None {
		return nothing
	}
	over, err := x.call.clinic.BeginReading(context.WithoutCancel(x.request.Context()), x.reply.shows)
	if a.logUnreleased(x, err); over == nil {
		return nothing
	}
	return func(w http.ResponseWriter) {
		_ = http.NewResponseController(w).Flush() // after a failed flush, the bytes are out already
		a.logUnreleased(x, over())
	}
}

func (a *API) logUnreleased(x *exchange, err error) {
	if err != nil {
		a.logError(x, "events that wait until a user is read were not released", "error", err)
	}
}

// pieces is the number of parts of a slow body.
const pieces = 5

// send writes the reply. A slow reply goes out in parts, with a pause before each but the first. send stops when the
// caller has disconnected.
func (x *exchange) send(w http.ResponseWriter) {
	header := w.Header()
	maps.Copy(header, x.header)
	own := [...]string{x.id, strconv.Itoa(len(x.reply.body))} // one piece of memory for two headers
	header[requestid.Header] = own[:1:1]
	if header["Content-Length"] == nil {
		header["Content-Length"] = own[1:]
	}
	w.WriteHeader(x.reply.status)
	if x.fault.Slow == 0 {
		_, _ = w.Write(x.reply.body) // a failed write means the caller has disconnected
		return
	}
	trickle(x.request.Context(), w, x.reply.body, x.fault.Slow)
}

// trickle writes a body in parts. The last one goes out with the end of the request, like any reply.
func trickle(ctx context.Context, w http.ResponseWriter, body []byte, over time.Duration) {
	part := len(body)/pieces + 1
	for first := true; len(body) > 0; first = false {
		if !first {
			if http.NewResponseController(w).Flush() != nil || clock.Wait(ctx, over/(pieces-1)) != nil {
				return
			}
		}
		n := min(part, len(body))
		_, _ = w.Write(body[:n])
		body = body[n:]
	}
}

// reset ends the connection with an error at the caller's end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // this request has no connection of its own: the server ends the shared one
	}
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn() // without TLS's own end of a connection
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the caller sees an end, not a reset
	}
	_ = conn.Close()
}
