package printable

import (
	"bytes"
	"io"
	"slices"
	"sync"
	"unicode/utf8"
)

// Writer escapes all text in the way of Lines and writes it to another writer. It is safe for concurrent use.
type Writer struct {
	w io.Writer

	mu   sync.Mutex
	rest []byte // the beginning of an incomplete character
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: w} }

// Write implements io.Writer.
func (p *Writer) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.rest) == 0 && areLines(text) { // the common case needs no copy
		return p.w.Write(text)
	}
	all := slices.Concat(p.rest, text)
	end := len(all)
	for start := max(0, end-utf8.UTFMax+1); start < len(all); start++ {
		if utf8.RuneStart(all[start]) && !utf8.FullRune(all[start:]) {
			end = start
			break
		}
	}
	p.rest = bytes.Clone(all[end:])
	if _, err := io.WriteString(p.w, Lines(string(all[:end]))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// areLines reports whether Lines certainly leaves a text as it is.
func areLines(text []byte) bool {
	return !slices.ContainsFunc(text, func(c byte) bool { return !isPlain(rune(c), staysInLines) })
}
