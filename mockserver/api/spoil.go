package api

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/fault"
)

// HeaderFault is the reply header with the name of the injected fault.
const HeaderFault = "X-Mock-Fault"

// page is the output of a PHP application with a fatal error after its first bytes, and so with status 200.
const page = `<!DOCTYPE html>
<html>
<head><title>Error</title></head>
<body>
<br />
<b>Fatal error</b>:  Maximum execution time of 30 seconds exceeded in <b>/var/www/app/index.php</b> on line <b>42</b><br />
</body>
</html>
`

// spoil injects a fault into a reply. The reply is valid before; any mistake in it now is deliberate, and no
// violation.
func (x *exchange) spoil() {
	words := x.fate.String()
	if words == "" {
		return
	}
	x.header.Set(HeaderFault, words)
	switch x.fate.Kind {
	case fault.Reset:
		x.status, x.header, x.reply = 0, http.Header{}, nil
	case fault.Truncated:
		x.header.Set("Content-Length", strconv.Itoa(len(x.reply)))
		x.reply = x.reply[:len(x.reply)/2]
	case fault.Malformed:
		x.reply = append(bytes.TrimSuffix(bytes.TrimSpace(x.reply), []byte("}")), ',', '\n')
	case fault.HTML:
		x.header.Set("Content-Type", "text/html; charset=UTF-8")
		x.status, x.reply = http.StatusOK, []byte(page)
	case fault.None, fault.Status:
	}
}

// pieces is the number of parts of a slow body.
const pieces = 5

// send writes the reply. A slow reply goes out in parts, with a pause before each but the first. send gives up when
// the caller has gone.
func (x *exchange) send(w http.ResponseWriter) {
	if x.header.Get("Content-Length") == "" {
		w.Header().Set("Content-Length", strconv.Itoa(len(x.reply)))
	}
	w.WriteHeader(x.status)
	if x.fate.Slow == 0 {
		_, _ = w.Write(x.reply) // a failed write means the caller has gone
		return
	}
	trickle(x.request.Context(), w, x.reply, x.fate.Slow)
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
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // without it the caller sees an end, not a reset
	}
	_ = conn.Close()
}
