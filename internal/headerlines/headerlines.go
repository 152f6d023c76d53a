// Package headerlines has the header of a message in the form of HTTP/1.1. It takes less time and memory than a map,
// and most headers are never read.
package headerlines

import (
	"net/http"
	"net/textproto"
	"strings"
)

// Lines are the lines of a header, each ended by CRLF; nil for no message.
type Lines []byte

// Of returns the lines of a header, in any order; nil for nil.
func Of(h http.Header) Lines {
	if h == nil {
		return nil
	}
	lines := Lines{}
	for name, values := range h {
		for _, value := range values {
			lines = lines.With(name, value)
		}
	}
	return lines
}

// With appends a line and returns the result. A line break in the value becomes a space, as in net/http.
func (l Lines) With(name, value string) Lines {
	if strings.ContainsAny(value, "\r\n") {
		value = strings.NewReplacer("\r", " ", "\n", " ").Replace(value)
	}
	return append(append(append(append(l, name...), ": "...), value...), "\r\n"...)
}

// Header returns the lines as a header, nil for nil.
func (l Lines) Header() http.Header {
	if l == nil {
		return nil
	}
	h := http.Header{}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(l), "\r\n"), "\r\n") {
		if name, value, found := strings.Cut(line, ":"); found {
			h.Add(name, textproto.TrimString(value))
		}
	}
	return h
}
