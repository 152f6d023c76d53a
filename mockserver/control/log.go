package control

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/internal/requestid"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// logger returns the log with the request id, the operation and the clinic. The account code of an unknown clinic is
// left out: it could be any text.
func (c *Control) logger(w http.ResponseWriter, r *http.Request) *slog.Logger {
	log := c.Log
	if id := requestid.FromReply(w); id != "" {
		log = log.With("request_id", id)
	}
	if route := mux.CurrentRoute(r); route != nil && route.GetName() != "" {
		log = log.With("operation", route.GetName())
	}
	account, err := url.PathUnescape(mux.Vars(r)["account"])
	if one, ok := c.Clinics.Clinic(account); ok && err == nil {
		log = log.With("clinic", one.Account())
	}
	return log
}

// logRequest logs a request. A successful one is logged at the debug level, because tests make very many of them.
func logRequest(log *slog.Logger, r *http.Request, status int, message string, took time.Duration) {
	path := ""
	if route := mux.CurrentRoute(r); route != nil {
		template, err := route.GetPathTemplate()
		if err == nil && strings.HasPrefix(template, controlapi.Prefix+"/") {
			path = template
		}
	}
	log = log.With("status", status, "took_ms", logline.Milliseconds(took))
	if message != "" {
		log = log.With("message", message)
	}
	level := logline.Level(status)
	if level == slog.LevelInfo {
		level = slog.LevelDebug
	}
	log.Log(context.WithoutCancel(r.Context()), level, logline.Call(r.Method, path))
}
