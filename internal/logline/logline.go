// Package logline holds the rules for log lines about requests, common to all parts of the mock.
package logline

import (
	"log/slog"
	"net/http"
	"time"
)

// NoOperation replaces an unknown path, because such a path may hold a token, or a patient's data.
const NoOperation = "(no operation)"

// Milliseconds returns a time span as a number, to the microsecond. The names of such attributes end in _ms.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// Level returns the level of a line about a status: a refusal is a warning, and a failure an error. The status is 0 for
// a connection reset on purpose.
func Level(status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelError
	case status == 0 || status >= http.StatusBadRequest:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// Call names a request by its method and a path, or by NoOperation for an empty one. The path must be one of the mock's
// own, with its parameters left out; a method unknown to HTTP is left out as well.
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
