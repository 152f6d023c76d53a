package jsonscan

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a JSON string and returns what it says.
func (s *scanner) text() (string, error) {
	start := s.at
	s.at++
	var said []byte
	for s.at < len(s.data) {
		switch b := s.data[s.at]; {
		case b == '"':
			s.at++
			return string(said), nil
		case b == '\\':
			r, err := s.escaped()
			if err != nil {
				return "", err
			}
			said = utf8.AppendRune(said, r)
		case b < ' ':
			return "", s.fail(Syntax, s.at)
		default:
			said = append(said, b)
			s.at++
		}
	}
	return "", s.fail(Syntax, start)
}

// escaped reads a backslash and what it escapes.
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

// unicode reads what follows \u: four hex digits, and the other half of a surrogate pair.
func (s *scanner) unicode(start int) (rune, error) {
	first, ok := s.hex()
	if !ok {
		return 0, s.fail(Syntax, start)
	}
	if !utf16.IsSurrogate(first) {
		return first, nil
	}
	if s.has(`\`) && s.has("u") {
		second, ok := s.hex()
		if !ok {
			return 0, s.fail(Syntax, start)
		}
		if whole := utf16.DecodeRune(first, second); whole != utf8.RuneError {
			return whole, nil
		}
	}
	return 0, s.fail(Encoding, start)
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
