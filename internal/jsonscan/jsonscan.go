// Package jsonscan parses JSON text for the whole project, and keeps the order and position of every value. It can
// refuse texts that encoding/json accepts: a repeated name in one object, invalid UTF-8, half a surrogate pair, a
// number too large for a float64, and too many values. The caller always limits the nesting.
package jsonscan

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
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

// Value is a JSON value. A value returned with an error holds all the text read before the error.
type Value struct {
	Kind    Kind
	Start   int      // offset in bytes
	Raw     []byte   // as written, in the memory of the parsed text; nil for an incomplete value
	Text    string   // of a String, unescaped
	Items   []Value  // of a List
	Members []Member // of an Object, in the order of the text
}

// End returns the offset of the end of a complete value, in bytes from the start of the text.
func (v Value) End() int { return v.Start + len(v.Raw) }

// Member is a name and its value in an object.
type Member struct {
	Name       string
	Start, End int  // of the name with its quotes
	Again      bool // an earlier member has the same name
	Value      Value
}

// Rule is a rule of JSON a text can break, or a set of such rules.
type Rule int

// The rules.
const (
	Syntax   Rule = 1 << iota // the text is not JSON
	Encoding                  // the text is not UTF-8, or escapes half a surrogate pair
	Twice                     // a name is repeated in one object
	Depth                     // values are nested too deep
	Range                     // a number is too large
	Trailing                  // something follows the value
	Mark                      // a byte order mark, as some editors write it, stands before the value
	Count                     // there are more than MaxValues values

	// Loose are the rules that encoding/json does not enforce; encoding/json reads invalid text as U+FFFD.
	Loose = Encoding | Twice | Range | Count
)

// MaxValues is the limit of Count. Every list, object and scalar counts. A Value takes over 100 bytes, so without this
// limit a text of 1 MiB could take hundreds of MiB.
const MaxValues = 50_000

// MaxDepth is the maximum depth of nested values in encoding/json.
const MaxDepth = 10_000

// Error names the broken rule, and its place. It holds no value of the text; the names in Path are as sent.
type Error struct {
	Rule   Rule
	Path   []string // names and list indexes leading to it; a repeated name is the last one
	Offset int      // in bytes
}

func (e *Error) Error() string {
	rule := map[Rule]string{
		Syntax: "is not well-formed JSON", Encoding: "is not valid UTF-8", Twice: "has a name twice in one JSON object",
		Depth: "is nested too deep", Range: "has a number that is out of range", Trailing: "has something after the JSON " +
			"value",
		Mark: "begins with a byte order mark", Count: fmt.Sprintf("has more than %d values", MaxValues),
	}[e.Rule]
	return fmt.Sprintf("%s (byte %d)", rule, e.Offset+1)
}

// Broken returns the rule broken according to an error of Parse, 0 for another error or none.
func Broken(err error) Rule {
	var broken *Error
	if errors.As(err, &broken) {
		return broken.Rule
	}
	return 0
}

const byteOrderMark = "\ufeff"

// Parse reads one JSON value, with values nested at most maxDepth deep. It accepts breaches of the allowed rules;
// Syntax and Depth cannot be allowed. The outermost value has depth 0. The error is an *Error; the value returned with
// Trailing is complete.
func Parse(data []byte, maxDepth int, allowed Rule) (Value, error) {
	s := &scanner{data: data, deepest: maxDepth, allowed: allowed}
	var v Value
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		if allowed&Mark == 0 {
			return v, s.fail(Mark, 0)
		}
		s.at = len(byteOrderMark)
	}
	if allowed&Encoding == 0 && !utf8.Valid(data) {
		return v, s.fail(Encoding, firstInvalid(data))
	}
	if err := s.value(&v, 0); err != nil {
		return v, err
	}
	if s.space(); s.at < len(data) && allowed&Trailing == 0 {
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
	values  int // read so far
	deepest int
	allowed Rule
	path    []step
}

// step is a name, or the index of an item in a list.
type step struct {
	name  string
	index int // -1 for a name
}

func (s *scanner) fail(rule Rule, offset int) error {
	var path []string
	for _, one := range s.path {
		if one.index >= 0 {
			one.name = IndexName(one.index)
		}
		path = append(path, one.name)
	}
	return &Error{Rule: rule, Path: path, Offset: offset}
}

func (s *scanner) space() {
	for s.at < len(s.data) && strings.IndexByte(" \t\r\n", s.data[s.at]) >= 0 {
		s.at++
	}
}

// next skips space and returns the byte after it, without reading it; 0 at the end.
func (s *scanner) next() byte {
	if s.space(); s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

// expect skips space and reads one required byte. Any other byte breaks Syntax.
func (s *scanner) expect(b byte) error {
	if s.next() != b {
		return s.fail(Syntax, s.at)
	}
	s.at++
	return nil
}

func (s *scanner) value(v *Value, depth int) (err error) {
	if depth > s.deepest {
		return s.fail(Depth, s.at)
	}
	if s.values++; s.values > MaxValues && s.allowed&Count == 0 {
		return s.fail(Count, s.at)
	}
	first := s.next()
	v.Start = s.at
	switch {
	case first == '{':
		v.Kind = Object
		err = s.members(v, depth)
	case first == '[':
		v.Kind = List
		err = s.items(v, depth)
	case first == '"':
		v.Kind = String
		v.Text, err = s.text()
	case first == '-' || first >= '0' && first <= '9':
		v.Kind = Number
		err = s.number()
	default:
		v.Kind, err = s.literal()
	}
	if err == nil {
		v.Raw = s.data[v.Start:s.at]
	}
	return err
}

func (s *scanner) members(v *Value, depth int) error {
	s.at++
	if s.next() == '}' {
		s.at++
		return nil
	}
	var seen map[string]bool
	for {
		if s.next() != '"' {
			return s.fail(Syntax, s.at)
		}
		m := Member{Start: s.at}
		var err error
		if m.Name, err = s.text(); err != nil {
			return err
		}
		m.End = s.at
		m.Again, seen = isRepeated(m.Name, v.Members, seen)
		s.path = append(s.path, step{m.Name, -1})
		if m.Again && s.allowed&Twice == 0 {
			return s.fail(Twice, m.Start)
		}
		v.Members = append(withRoom(v.Members), m)
		if err := s.expect(':'); err != nil {
			return err
		}
		if err := s.value(&v.Members[len(v.Members)-1].Value, depth+1); err != nil {
			return err
		}
		s.path = s.path[:len(s.path)-1]
		if s.next() != ',' {
			return s.expect('}')
		}
		s.at++
	}
}

// maxLinearNames is the number of members from which isRepeated uses a map. It compares fewer members one by one.
const maxLinearNames = 16

// isRepeated reports whether an earlier member of the object has the name. Pass nil as seen for the first member, and
// then the set that the previous call returned.
func isRepeated(name string, members []Member, seen map[string]bool) (bool, map[string]bool) {
	if len(members) < maxLinearNames {
		for i := range members {
			if members[i].Name == name {
				return true, nil
			}
		}
		return false, nil
	}
	if seen == nil {
		seen = map[string]bool{}
		for i := range members {
			seen[members[i].Name] = true
		}
	}
	again := seen[name]
	seen[name] = true
	return again, seen
}

func (s *scanner) items(v *Value, depth int) error {
	s.at++
	v.Items = []Value{}
	if s.next() == ']' {
		s.at++
		return nil
	}
	for {
		n := len(v.Items)
		s.path, v.Items = append(s.path, step{index: n}), append(withRoom(v.Items), Value{})
		if err := s.value(&v.Items[n], depth+1); err != nil {
			return err
		}
		s.path = s.path[:len(s.path)-1]
		if s.next() != ',' {
			return s.expect(']')
		}
		s.at++
	}
}

// withRoom returns a slice with room for one more element. It doubles a full slice. append grows a large slice by only
// a quarter, so in total it copies each element about five times.
func withRoom[T any](elements []T) []T {
	if len(elements) == cap(elements) {
		return slices.Grow(elements, len(elements)+1)
	}
	return elements
}

// IndexName returns the step of a path for the nth item of a list, counted from 0.
func IndexName(n int) string { return "[" + strconv.Itoa(n) + "]" }

func (s *scanner) literal() (Kind, error) {
	for _, word := range [...]string{"null", "true", "false"} {
		if bytes.HasPrefix(s.data[s.at:], []byte(word)) {
			s.at += len(word)
			if word == "null" {
				return Null, nil
			}
			return Bool, nil
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
	if s.accept(".") && !s.digits() {
		return s.fail(Syntax, start)
	}
	if s.accept("eE") {
		s.accept("+-")
		if !s.digits() {
			return s.fail(Syntax, start)
		}
	}
	if s.allowed&Range == 0 {
		if _, err := strconv.ParseFloat(string(s.data[start:s.at]), 64); err != nil {
			return s.fail(Range, start)
		}
	}
	return nil
}

// accept reads one byte if it is among those.
func (s *scanner) accept(those string) bool {
	if s.at < len(s.data) && strings.IndexByte(those, s.data[s.at]) >= 0 {
		s.at++
		return true
	}
	return false
}

// digits reads digits, and reports whether there were any.
func (s *scanner) digits() bool {
	start := s.at
	for s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9' {
		s.at++
	}
	return s.at > start
}
