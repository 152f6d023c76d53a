package output

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// Plain returns an untrusted text on one line, without characters to move a terminal's cursor or change its colours.
func Plain(text string) string { return printable.Line(text) }

// Count returns a number of things, with their noun in the singular or the plural.
func Count(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case noun[len(noun)-1] == 'y':
		return fmt.Sprintf("%d %sies", n, noun[:len(noun)-1])
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// JSON prints a value for programs, indented.
func JSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
