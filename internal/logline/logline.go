// Package logline holds the rules for log lines about requests, common to all parts of the mock.
package logline

import (
	"log/slog"
	"net/http"
	"time"
)

// NoOperation stands for a path that is none of the mock's: it may hold a token, or a patient's data.
const NoOperation = "(no operation)"

// Milliseconds returns a time span as a number, to the microsecond. Attributes that hold one end in _ms.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Level returns the level of a line about a status, which is 0 for a connection that was reset on purpose: a refusal is
// a warning, and a failure an error.
func Level(status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status == 0 || status >= http.StatusBadRequest:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// Call names a request by its method and a path, or by NoOperation for an empty one. The path must be one of the
// mock's own, with its parameters left out; a method that HTTP does not know is left out as well.
func Call(method, path string) string {
	switch method {
	case http.MethodConnect, http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPatch,
		http.MethodPost, http.MethodPut, http.MethodTrace:
	default:
		method = "(no method)"
	}
	if path == "" {
		path = NoOperation
	}
	return method + " " + path
}
