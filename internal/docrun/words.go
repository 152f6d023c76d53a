package docrun

import (
	"fmt"
	"strings"
)

// split splits a command into words as a shell does: quotes, backslashes and $NAME. A comment ends it.
func split(command string, env func(string) string) ([]string, error) {
	w := words{env: env}
	rest := command
	for rest != "" && !w.comment {
		n, err := w.readPiece(rest)
		if err != nil {
			return nil, fmt.Errorf("reading the command %q: %w", command, err)
		}
		rest = rest[n:]
	}
	w.end()
	return w.done, nil
}

type words struct {
	env     func(string) string
	done    []string
	word    strings.Builder
	in      bool // a word has begun, even an empty one
	comment bool
}

func (w *words) end() {
	if w.in {
		w.done = append(w.done, w.word.String())
	}
	w.word.Reset()
	w.in = false
}

// readPiece reads the next piece of a command and returns its length.
func (w *words) readPiece(rest string) (int, error) {
	switch c := rest[0]; c {
	case ' ', '\n', '\t':
		w.end()
		return 1, nil
	case '#':
		if !w.in {
			w.comment = true
			return 1, nil
		}
	case '\'':
		inside, _, closed := strings.Cut(rest[1:], "'")
		if !closed {
			return 0, fmt.Errorf("a single quotation mark is not closed")
		}
		w.add(inside)
		return len(inside) + 2, nil
	case '"':
		return w.quoted(rest)
	case '$':
		value, n := w.variable(rest)
		w.add(value)
		return n, nil
	case '\\':
		if len(rest) > 1 {
			w.add(rest[1:2])
			return 2, nil
		}
	case '|', ';', '>', '<', '`', '(', ')':
		return 0, fmt.Errorf("%q is more of a shell than this test speaks", c)
	}
	w.add(rest[:1])
	return 1, nil
}

func (w *words) add(text string) {
	w.word.WriteString(text)
	w.in = true
}

// quoted reads a text in double quotation marks.
func (w *words) quoted(rest string) (int, error) {
	w.in = true
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '"':
			return i + 1, nil
		case '$':
			value, n := w.variable(rest[i:])
			w.add(value)
			i += n - 1
		case '\\':
			if i+1 < len(rest) && strings.ContainsRune(`"\$`, rune(rest[i+1])) {
				i++
			}
			w.add(rest[i : i+1])
		default:
			w.add(rest[i : i+1])
		}
	}
	return 0, fmt.Errorf("a double quotation mark is not closed")
}

// variable returns the value of the variable at the start of a text and the length of its name with the dollar sign.
func (w *words) variable(rest string) (string, int) {
	n := 1
	for n < len(rest) && (rest[n] == '_' || rest[n] >= 'A' && rest[n] <= 'Z' || rest[n] >= 'a' && rest[n] <= 'z' ||
		rest[n] >= '0' && rest[n] <= '9') {
		n++
	}
	if n == 1 {
		return "$", 1
	}
	return w.env(rest[1:n]), n
}
