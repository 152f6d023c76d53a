package logline_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
)

func TestALineIsAsLoudAsItsStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]slog.Level{
		0: slog.LevelWarn, 200: slog.LevelInfo, 204: slog.LevelInfo, 302: slog.LevelInfo, 399: slog.LevelInfo,
		400: slog.LevelWarn, 404: slog.LevelWarn, 499: slog.LevelWarn, 500: slog.LevelError, 504: slog.LevelError,
	} {
		if got := logline.Level(status); got != want {
			t.Errorf("%d is %s, want %s", status, got, want)
		}
	}
}

func TestALineHasNothingThatWasSent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/users/{id}", "GET /users/{id}"},
		{"OPTIONS", "", "OPTIONS (no operation)"},
		{"SECRET", "/me", "(no method) /me"},
		{"get", "", "(no method) (no operation)"},
	} {
		if got := logline.Call(c.method, c.path); got != c.want {
			t.Errorf("%s %s: %q", c.method, c.path, got)
		}
	}
	if got := logline.Milliseconds(1234567 * time.Nanosecond); got != 1.234 {
		t.Errorf("%v ms", got)
	}
}
