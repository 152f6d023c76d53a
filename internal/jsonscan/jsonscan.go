// Package jsonscan reads JSON strictly: it keeps the order and the position of everything, and refuses what
// encoding/json lets pass: a name that stands twice in one object, invalid UTF-8, half a surrogate pair, a number that
// no float64 holds, and nesting without end.
package jsonscan

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Kind is the kind of a Value.
type Kind int

// The kinds of JSON values.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
)

func (k Kind) String() string {
	return [...]string{"null", "true or false", "a number", "text", "a list", "an object"}[k]
}

// Value is a JSON value.
type Value struct {
	Kind    Kind
	Raw     []byte   // as it is written, without the space around it; it shares memory with what was parsed
	Text    string   // of a String, unescaped
	Items   []Value  // of a List
	Members []Member // of an Object, in the order they are written
}

// Member is a name and its value in an object.
type Member struct {
	Name  string
	Value Value
}

// Rule is a rule that JSON may break.
type Rule int

// The rules.
const (
	Syntax   Rule = iota + 1 // the text is not JSON
	Encoding                 // the text is not UTF-8, or escapes half a surrogate pair
	Twice                    // a name stands twice in one object
	Depth                    // values are nested too deep
	Range                    // a number is too large
	Trailing                 // something follows the value
)

// Error says which rule a text breaks, and where. It has no value of the text; the names in Path are as they were sent.
type Error struct {
	Rule   Rule
	Path   []string // the names, and the places in lists, that lead to it; the repeated name is the last one
	Offset int      // bytes before it
}

func (e *Error) Error() string {
	rule := map[Rule]string{
		Syntax: "is not well-formed JSON", Encoding: "is not valid UTF-8", Twice: "has a name twice in one JSON object",
		Depth: "is nested too deep", Range: "has a number that is out of range", Trailing: "has something after the JSON value",
	}[e.Rule]
	return fmt.Sprintf("%s (byte %d)", rule, e.Offset+1)
}

// byteOrderMark is what some editors put in front of UTF-8.
var byteOrderMark = []byte("\ufeff")

// Parse reads one JSON value, in which values are nested at most maxDepth deep. A byte order mark in front of it is
// skipped. The error is an *Error; the value that comes with Trailing is complete.
func Parse(data []byte, maxDepth int) (Value, error) {
	s := &scanner{data: data, deepest: maxDepth}
	if bytes.HasPrefix(data, byteOrderMark) {
		s.at = len(byteOrderMark)
	}
	if !utf8.Valid(data) {
		return Value{}, &Error{Rule: Encoding, Offset: firstInvalid(data)}
	}
	v, err := s.value(0)
	if err != nil {
		return Value{}, err
	}
	if s.space(); s.at < len(data) {
		return v, s.fail(Trailing, s.at)
	}
	return v, nil
}

func firstInvalid(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return len(data)
}

// scanner reads a text from front to back.
type scanner struct {
	data    []byte
	at      int
	deepest int
	path    []string
}

func (s *scanner) fail(rule Rule, offset int) error {
	return &Error{Rule: rule, Path: append([]string(nil), s.path...), Offset: offset}
}

func (s *scanner) space() {
	for s.at < len(s.data) && strings.IndexByte(" \t\r\n", s.data[s.at]) >= 0 {
		s.at++
	}
}

// next returns the byte that follows, after space; 0 at the end.
func (s *scanner) next() byte {
	if s.space(); s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

// take reads a byte that must follow.
func (s *scanner) take(b byte) error {
	if s.next() != b {
		return s.fail(Syntax, s.at)
	}
	s.at++
	return nil
}

func (s *scanner) value(depth int) (v Value, err error) {
	if depth > s.deepest {
		return v, s.fail(Depth, s.at)
	}
	first := s.next()
	start := s.at
	switch {
	case first == '{':
		v.Kind = Object
		v.Members, err = s.members(depth)
	case first == '[':
		v.Kind = List
		v.Items, err = s.items(depth)
	case first == '"':
		v.Kind = String
		v.Text, err = s.text()
	case first == '-' || first >= '0' && first <= '9':
		v.Kind = Number
		err = s.number()
	default:
		v.Kind, err = s.word()
	}
	v.Raw = s.data[start:s.at]
	return v, err
}

func (s *scanner) members(depth int) ([]Member, error) {
	s.at++
	if s.next() == '}' {
		s.at++
		return nil, nil
	}
	var members []Member
	seen := map[string]bool{}
	for {
		if s.next() != '"' {
			return nil, s.fail(Syntax, s.at)
		}
		start := s.at
		name, err := s.text()
		if err != nil {
			return nil, err
		}
		s.path = append(s.path, name)
		if seen[name] {
			return nil, s.fail(Twice, start)
		}
		seen[name] = true
		if err := s.take(':'); err != nil {
			return nil, err
		}
		v, err := s.value(depth + 1)
		if err != nil {
			return nil, err
		}
		s.path = s.path[:len(s.path)-1]
		members = append(members, Member{name, v})
		if s.next() != ',' {
			return members, s.take('}')
		}
		s.at++
	}
}

func (s *scanner) items(depth int) ([]Value, error) {
	s.at++
	items := []Value{}
	if s.next() == ']' {
		s.at++
		return items, nil
	}
	for {
		s.path = append(s.path, Place(len(items)))
		v, err := s.value(depth + 1)
		if err != nil {
			return nil, err
		}
		s.path = s.path[:len(s.path)-1]
		items = append(items, v)
		if s.next() != ',' {
			return items, s.take(']')
		}
		s.at++
	}
}

// Place returns how a path names the nth item of a list, counted from 0.
func Place(n int) string { return "[" + strconv.Itoa(n) + "]" }

func (s *scanner) word() (Kind, error) {
	for word, kind := range map[string]Kind{"true": Bool, "false": Bool, "null": Null} {
		if bytes.HasPrefix(s.data[s.at:], []byte(word)) {
			s.at += len(word)
			return kind, nil
		}
	}
	return Null, s.fail(Syntax, s.at)
}

func (s *scanner) number() error {
	start := s.at
	if s.data[s.at] == '-' {
		s.at++
	}
	whole := s.at
	if !s.digits() || s.data[whole] == '0' && s.at > whole+1 {
		return s.fail(Syntax, start)
	}
	if s.has(".") && !s.digits() {
		return s.fail(Syntax, start)
	}
	if s.has("eE") {
		s.has("+-")
		if !s.digits() {
			return s.fail(Syntax, start)
		}
	}
	if _, err := strconv.ParseFloat(string(s.data[start:s.at]), 64); err != nil {
		return s.fail(Range, start)
	}
	return nil
}

// has reads one byte if it is one of those.
func (s *scanner) has(those string) bool {
	if s.at < len(s.data) && strings.IndexByte(those, s.data[s.at]) >= 0 {
		s.at++
		return true
	}
	return false
}

// digits reads digits, and returns whether there were any.
func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}
