package api

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"net/http"
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
	x.id = requestid.FromReply(x.writer)
	if x.call.clinic == nil || requestid.FromRequest(x.request) != "" {
		return
	}
	exchanges := a.Journal(x.call.clinic)
	if exchanges == nil {
		return
	}
	if n, ok := exchanges.NextRequest(x.mark); ok {
		drawn := x.call.clinic.RandomBytes("request", n)
		x.id = hex.EncodeToString(drawn[:16])
		x.writer.Header()[requestid.Header] = []string{x.id}
	}
}

// record adds the exchange to the log and, if its clinic is known, to the clinic's journal.
func (a *API) record(x *exchange) {
	took := clock.Since(x.start)
	if x.call.clinic != nil {
		a.addToJournal(x, took)
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

// addToJournal adds the exchange to the clinic's journal, unless the clinic was deleted meanwhile. It decodes nothing:
// the journal decodes an exchange when it is read.
func (a *API) addToJournal(x *exchange, took time.Duration) {
	exchanges := a.Journal(x.call.clinic)
	if exchanges == nil {
		return
	}
	r := x.request
	e := journal.RawExchange{
		Facts: journal.Facts{
			At: x.call.clinic.Clock().Now(), Began: x.start, Duration: took, Method: r.Method, Operation: x.op.ID,
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
	exchanges.AddExchange(e)
}

// member returns the id of the user a request is about: the user it names, else the one it shows, else the caller.
func (x *exchange) member() string {
	if named := x.call.member(); named != "" && named != clinic.Self {
		return named
	}
	return cmp.Or(x.reply.shows, x.call.user.ID)
}

// logIdentity returns the request id, the operation and the clinic for the log, if known.
func (x *exchange) logIdentity() []any {
	var attrs []any
	if x.id != "" {
		attrs = append(attrs, "request_id", x.id)
	}
	if x.op != nil {
		attrs = append(attrs, "operation", x.op.ID)
	}
	if x.call.clinic != nil {
		attrs = append(attrs, "clinic", x.call.clinic.Account())
	}
	return attrs
}

// logError logs an unexpected error of the exchange.
func (a *API) logError(x *exchange, message string, more ...any) {
	a.Log.Error(message, append(x.logIdentity(), more...)...)
}

// log writes the exchange to the log.
func (a *API) log(x *exchange, took time.Duration) {
	ctx, level := x.request.Context(), logline.Level(x.reply.status)
	if !a.Log.Enabled(ctx, level) {
		return
	}
	attrs := append(x.logIdentity(), "status", x.reply.status, "took_ms", logline.Milliseconds(took))
	if x.message != "" {
		attrs = append(attrs, "message", x.message)
	}
	if x.reply.status == http.StatusNotFound && !Serves(x.request.URL.EscapedPath()) {
		attrs = append(attrs, "hint", "paths of the API start with "+root)
	}
	if name := x.fault.String(); name != "" {
		attrs = append(attrs, "fault", name)
	}
	if len(x.warnings) > 0 {
		attrs = append(attrs, "warnings", x.warnings)
	}
	a.Log.Log(context.WithoutCancel(ctx), level, logline.Call(x.request.Method, x.path), attrs...)
}

// pathOf returns the path of the document with a method refused at it, "" for any other error.
func pathOf(err error) string {
	var method *document.MethodError
	if errors.As(err, &method) {
		return method.Path
	}
	return ""
}
