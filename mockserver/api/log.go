package api

import (
	"context"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/internal/requestid"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// identify gives the request its id, and the reply carries it. It is the id sent by the caller, or else one derived
// from the clinic's seed, so the same calls give the same bytes. Without a clinic, or after a reset in the meantime,
// the id is the server's.
func (a *API) identify(x *exchange) {
	x.id = requestid.FromReply(x.writer)
	if x.clinic == nil || requestid.FromRequest(x.request) != "" {
		return
	}
	kept := a.Journal(x.clinic)
	if kept == nil {
		return
	}
	if n, ok := kept.NextRequest(x.mark); ok {
		made := x.clinic.Draw("request", n)
		x.id = hex.EncodeToString(made[:16])
		x.writer.Header().Set(requestid.Header, x.id)
	}
}

// logger returns the log with the request id, the operation and the clinic, if known.
func (a *API) logger(x *exchange) *slog.Logger {
	log := a.Log
	if x.id != "" {
		log = log.With("request_id", x.id)
	}
	if x.op != nil {
		log = log.With("operation", x.op.ID)
	}
	if x.clinic != nil {
		log = log.With("clinic", x.clinic.Account())
	}
	return log
}

// log writes the exchange to the log.
func (a *API) log(x *exchange, took time.Duration) {
	log := a.logger(x).With("status", x.status, "took_ms", logline.Milliseconds(took))
	if x.message != "" {
		log = log.With("message", x.message)
	}
	if words := x.fate.String(); words != "" {
		log = log.With("fault", words)
	}
	if len(x.warnings) > 0 {
		log = log.With("warnings", x.warnings)
	}
	log.Log(context.WithoutCancel(x.request.Context()), logline.Level(x.status), logline.Call(x.request.Method, x.path))
}

// pathOf returns the path of the document with a method refused at it, "" for any other error.
func pathOf(err error) string {
	var method *document.MethodError
	if errors.As(err, &method) {
		return method.Path
	}
	return ""
}
