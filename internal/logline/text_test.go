package logline_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
)

func TestALineHasTheBytesOfSlog(t *testing.T) {
	t.Parallel()
	texts := []string{"GET /me", "ready", "", "a=b", `a"b`, `a\b`, "é", "a\nb", "\x7f", "<&>", "{id}", "a\xff"}
	for _, message := range texts {
		for _, attrs := range [][]slog.Attr{
			nil,
			{slog.String("id", message), slog.Int("status", -200), slog.Float64("took_ms", 1.25)},
			{slog.Float64("a", 1e21), slog.Float64("b", 0), slog.Float64("c", 1e-9), slog.String(message, "x")},
			{slog.Any("error", errors.New(message)), slog.Bool("b", true), slog.Any("list", []string{"a b"})},
			{slog.Group("g", slog.String("a", message)), slog.Duration("d", time.Second)},
			{{}, slog.String("", "x")},
		} {
			for _, at := range []time.Time{{}, time.Unix(1_700_000_000, 12_999_999).UTC(), time.Now()} {
				for _, level := range []slog.Level{slog.LevelInfo, slog.LevelWarn, slog.LevelError + 1} {
					r := slog.NewRecord(at, level, message, 0)
					r.AddAttrs(attrs...)
					var want, got, own bytes.Buffer
					_ = slog.NewTextHandler(&want, nil).Handle(t.Context(), r)
					_ = logline.NewText(&got, nil).Handle(t.Context(), r)
					logline.Write(t.Context(), logline.NewText(&own, nil), at, level, message, attrs)
					if want.String() != got.String() || want.String() != own.String() {
						t.Errorf("the lines are\n%s%swant\n%s", &got, &own, &want)
					}
				}
			}
		}
	}
}

func TestALoggerWithAttributesWritesThem(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	log := slog.New(logline.NewText(&got, &slog.HandlerOptions{Level: slog.LevelWarn}))
	log.Info("dropped")
	log.With("a", "b").WithGroup("g").Warn("kept", "c", 1)
	if !strings.HasSuffix(got.String(), " level=WARN msg=kept a=b g.c=1\n") || strings.Count(got.String(), "\n") != 1 {
		t.Errorf("the log is %q", &got)
	}
}

// A handler keeps the text of a second for the lines of it.
func TestTheLinesOfAHandlerHaveTheirOwnTimes(t *testing.T) {
	t.Parallel()
	var want, got bytes.Buffer
	handler, plain := logline.NewText(&got, nil), slog.NewTextHandler(&want, nil)
	east := time.FixedZone("", 5*3600+1800)
	start := time.Unix(1_700_000_000, 0).UTC()
	for _, at := range []time.Time{
		start, start.Add(time.Millisecond), start.Add(999_999_999), start.In(east), start.Add(12 * time.Millisecond).In(east),
		start.Add(time.Second), start, start.Add(-time.Nanosecond),
	} {
		r := slog.NewRecord(at, slog.LevelInfo, "GET /me", 0)
		if handler.Handle(t.Context(), r) != nil || plain.Handle(t.Context(), r) != nil {
			t.Fatal("a line was not written")
		}
	}
	if want.String() != got.String() {
		t.Errorf("the lines are\n%swant\n%s", &got, &want)
	}
}
