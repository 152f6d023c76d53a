package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/internal/requestid"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// identify gives the request its id, and the reply carries it. It is the id sent by the caller, or else one derived
// from the clinic's seed, so the same calls give the same bytes. Without a clinic, or after a reset in the meantime,
// the id is the server's.
func (a *API) identify(x *exchange) {
	if x.call.clinic != nil {
		x.journal = a.Journal(x.call.clinic)
	}
	if x.id = requestid.FromRequest(x.request); x.id != "" {
		return
	}
	if x.journal != nil {
		if n, ok := x.journal.NextRequest(x.mark); ok {
			x.id = x.call.clinic.RandomHex("request", n)
			return
		}
	}
	x.id = a.NextID()
}

// record adds the exchange to the log and, if its clinic is known, to the clinic's journal.
func (a *API) record(x *exchange) {
	took := clock.Since(x.start)
	if x.journal != nil {
		x.addToJournal(took)
	}
	if a.Count != nil {
		operation := ""
		if x.op != nil {
			operation = x.op.ID
		}
		a.Count(operation, x.reply.status, len(x.warnings), took)
	}
	a.log(x, took)
}

// addToJournal adds the exchange to the clinic's journal. It decodes nothing: the journal does so when it is read.
func (x *exchange) addToJournal(took time.Duration) {
	r := x.request
	e := journal.RawExchange{
		Facts: journal.Facts{
			At: x.call.clinic.Clock().At(x.start.Add(took)), Began: x.start, Duration: took,
			Method: r.Method, Operation: x.op.ID,
			CheckID: x.reply.check, ClaimID: x.reply.claim, MemberID: x.member(), RequestID: x.id, Status: x.reply.status,
			Fault: x.fault.String(), FaultBy: x.fault.Scenario, Warnings: x.warnings,
		},
		Mark: x.mark, URL: r.URL,
		Request: journal.RawMessage{Header: r.Header, Body: x.sent, Files: x.files},
		Reply:   journal.RawMessage{Header: x.header, Body: x.reply.body},
	}
	if x.broken != nil {
		e.Violation = x.broken.Error()
	}
	x.journal.AddExchange(e)
}

// member returns the id of the user a request is about: the user it names, else the one it shows, else the caller.
func (x *exchange) member() string {
	if named := x.call.member(); named != "" && named != clinic.Self {
		return named
	}
	return cmp.Or(x.reply.shows, x.call.user.ID)
}

// appendIdentity appends the request id, the operation and the clinic for the log, if known.
func (x *exchange) appendIdentity(attrs []slog.Attr) []slog.Attr {
	if x.id != "" {
		attrs = append(attrs, slog.String("request_id", x.id))
	}
	if x.op != nil {
		attrs = append(attrs, slog.String("operation", x.op.ID))
	}
	if x.call.clinic != nil {
		attrs = append(attrs, slog.String("clinic", x.call.clinic.Account()))
	}
	return attrs
}

// logError logs an unexpected error of the exchange.
func (a *API) logError(x *exchange, message string, more ...any) {
	var args []any
	for _, attr := range x.appendIdentity(nil) {
		args = append(args, attr)
	}
	a.Log.Error(message, append(args, more...)...)
}

// log writes the exchange to the log.
func (a *API) log(x *exchange, took time.Duration) {
	ctx, level := x.request.Context(), logline.Level(x.reply.status)
	if !a.Log.Enabled(ctx, level) {
		return
	}
	var call string
	if x.op != nil {
		call = x.op.Call
	} else {
		call = logline.Call(x.request.Method, x.path)
	}
	var space [5]slog.Attr
	attrs := x.appendIdentity(space[:0])
	attrs = append(attrs, slog.Int("status", x.reply.status), slog.Float64("took_ms", logline.Milliseconds(took)))
	if x.message != "" {
		attrs = append(attrs, slog.String("message", x.message))
	}
	if name := x.fault.String(); name != "" {
		attrs = append(attrs, slog.String("fault", name))
	}
	if len(x.warnings) > 0 {
		attrs = append(attrs, slog.Any("warnings", x.warnings))
	}
	if ctx.Err() != nil { // the line of a caller who has disconnected is written, too
		ctx = context.WithoutCancel(ctx)
	}
	logline.Write(ctx, a.Log.Handler(), x.start.Add(took).Local(), level, call, attrs)
}

// pathOf returns the path of the document with a method refused at it, "" for any other error.
func pathOf(err error) string {
	var method *document.MethodError
	if errors.As(err, &method) {
		return method.Path
	}
	return ""
}
