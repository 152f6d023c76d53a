package jsonscan

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Quote returns a text as JSON, with <, > and & unescaped.
func Quote(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a text
	return strings.TrimSuffix(b.String(), "\n")
}

// text reads a JSON string and returns it unescaped.
func (s *scanner) text() (string, error) {
	start := s.at
	s.at++
	var read []byte // up to the last escape
	from := s.at    // behind the escape
	for s.at < len(s.data) {
		switch b := s.data[s.at]; {
		case b == '"':
			rest := s.data[from:s.at]
			s.at++
			if read != nil {
				rest = append(read, rest...)
			}
			if s.allowed&Encoding != 0 && !utf8.Valid(rest) {
				return string([]rune(string(rest))), nil
			}
			return string(rest), nil
		case b == '\\':
			read = append(read, s.data[from:s.at]...)
			r, err := s.escaped()
			if err != nil {
				return "", err
			}
			read, from = utf8.AppendRune(read, r), s.at
		case b < ' ':
			return "", s.fail(Syntax, s.at)
		default:
			s.at++
		}
	}
	return "", s.fail(Syntax, start)
}

// escaped reads a backslash and the escape after it.
func (s *scanner) escaped() (rune, error) {
	start := s.at
	s.at++
	if s.at >= len(s.data) {
		return 0, s.fail(Syntax, start)
	}
	letter := s.data[s.at]
	s.at++
	switch letter {
	case '"', '\\', '/':
		return rune(letter), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return s.unicode(start)
	}
	return 0, s.fail(Syntax, start)
}

// unicode reads the rest of a \u escape: four hex digits, and the other half of a surrogate pair.
func (s *scanner) unicode(start int) (rune, error) {
	first, ok := s.hex()
	if !ok {
		return 0, s.fail(Syntax, start)
	}
	if !utf16.IsSurrogate(first) {
		return first, nil
	}
	after := s.at
	if s.accept(`\`) && s.accept("u") {
		second, ok := s.hex()
		if !ok {
			return 0, s.fail(Syntax, start)
		}
		if whole := utf16.DecodeRune(first, second); whole != utf8.RuneError {
			return whole, nil
		}
	}
	if s.allowed&Encoding == 0 {
		return 0, s.fail(Encoding, start)
	}
	s.at = after // the next escape stands for itself
	return utf8.RuneError, nil
}

func (s *scanner) hex() (rune, bool) {
	if s.at+4 > len(s.data) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s.data[s.at:s.at+4]), 16, 16)
	if err != nil {
		return 0, false
	}
	s.at += 4
	return rune(n), true
}
