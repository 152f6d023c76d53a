package logline

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"
)

// text is slog's handler for text with a short way for lines about requests.
type text struct {
	slog.Handler
	w *locked
}

// NewText returns a handler that writes the bytes of slog.NewTextHandler, with options that have no ReplaceAttr and no
// source. It is faster for lines of its own attributes with plain texts and numbers.
func NewText(w io.Writer, o *slog.HandlerOptions) slog.Handler {
	one := &locked{w: w}
	return &text{slog.NewTextHandler(one, o), one}
}

// Handle implements slog.Handler.
func (h *text) Handle(ctx context.Context, r slog.Record) error {
	var space [8]slog.Attr
	attrs := space[:0]
	r.Attrs(func(a slog.Attr) bool {
		attrs = append(attrs, a)
		return true
	})
	if plain, err := h.w.line(r.Time, r.Level, r.Message, attrs); plain {
		return err
	}
	return h.Handler.Handle(ctx, r)
}

// Write writes a line to a handler that is enabled for its level. For one of NewText it makes no slog.Record.
func Write(
	ctx context.Context, h slog.Handler, at time.Time, level slog.Level, message string, attrs []slog.Attr,
) {
	if own, ok := h.(*text); ok {
		if plain, _ := own.w.line(at, level, message, attrs); plain {
			return
		}
	}
	r := slog.NewRecord(at, level, message, 0)
	r.AddAttrs(attrs...)
	_ = h.Handle(ctx, r)
}

// locked writes one line at a time.
type locked struct {
	mu     sync.Mutex
	w      io.Writer
	space  []byte
	second second
}

// second is the time of a line as text, for all lines of the same second in the same place.
type second struct {
	unix       int64
	place      *time.Location
	text, zone []byte
}

// appendTime appends a time as slog does, to the millisecond.
func (s *second) appendTime(b []byte, t time.Time) []byte {
	if unix, place := t.Unix(), t.Location(); unix != s.unix || place != s.place || s.text == nil {
		s.unix, s.place = unix, place
		s.text, s.zone = t.AppendFormat(s.text[:0], "2006-01-02T15:04:05"), t.AppendFormat(s.zone[:0], "Z07:00")
	}
	b = append(b, s.text...)
	dot := len(b)
	b = strconv.AppendInt(b, int64(1_000+t.Nanosecond()/1e6), 10) // with leading zeros, behind a digit for the dot
	b[dot] = '.'
	return append(b, s.zone...)
}

// Write implements io.Writer.
func (l *locked) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(line)
}

// line writes a line, if it is plain.
func (l *locked) line(at time.Time, level slog.Level, message string, attrs []slog.Attr) (plain bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.space[:0]
	b = append(b, "time="...)
	b = l.second.appendTime(b, at)
	b = append(append(b, " level="...), level.String()...)
	b, plain = appendPlain(append(b, " msg="...), message)
	plain = plain && !at.IsZero()
	for i := range attrs {
		if plain {
			b, plain = appendAttr(b, &attrs[i])
		}
	}
	l.space = b
	if !plain {
		return false, nil
	}
	_, err = l.w.Write(append(b, '\n'))
	return true, err
}

// appendAttr appends an attribute, if it is plain.
func appendAttr(b []byte, a *slog.Attr) ([]byte, bool) {
	name := len(b) + 1
	b, plain := appendPlain(append(b, ' '), a.Key)
	if !plain || b[name] == '"' {
		return b, false
	}
	b = append(b, '=')
	switch a.Value.Kind() {
	case slog.KindString:
		return appendPlain(b, a.Value.String())
	case slog.KindInt64:
		return strconv.AppendInt(b, a.Value.Int64(), 10), true
	case slog.KindFloat64:
		return strconv.AppendFloat(b, a.Value.Float64(), 'g', -1, 64), true
	default:
		return b, false
	}
}

// appendPlain appends a text as slog does, in quotation marks if it has to be. It returns false for a text with a
// character to be escaped or looked at more closely.
func appendPlain(b []byte, s string) ([]byte, bool) {
	quoted := s == ""
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~' || c == '"' || c == '\\':
			return b, false
		case c == ' ' || c == '=':
			quoted = true
		}
	}
	if !quoted {
		return append(b, s...), true
	}
	b = append(append(b, '"'), s...)
	return append(b, '"'), true
}
