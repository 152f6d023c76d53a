package scenarios

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Match is a list of texts; a value must be one of them. In a text, `*` stands for any characters and `?` for one.
// Empty, it matches everything. In a file it is one text, or a list.
type Match []string

// wildcards are the wildcard characters: a text with one is a pattern.
const wildcards = "*?"

// UnmarshalYAML reads one text, or a list of texts.
func (m *Match) UnmarshalYAML(node ast.Node) error {
	values := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		if len(list.Values) == 0 {
			return scalar.NewMisfit(node, "must not be an empty list", "write a value, or remove the key")
		}
		values = list.Values
	}
	*m = nil
	for _, value := range values {
		if said, ok := value.(*ast.StringNode); ok && said.Value == "" {
			return scalar.NewMisfit(value, "must not be empty", "write a value, or list the field under absent")
		}
		var text Text
		if err := text.UnmarshalYAML(value); err != nil {
			return err
		}
		if utf8.RuneCountInString(string(text)) > maxWant {
			return scalar.NewMisfit(value, fmt.Sprintf("must have at most %d characters", maxWant),
				"write how it begins, with * behind it")
		}
		*m = append(*m, string(text))
	}
	return nil
}

// MarshalYAML writes the form read by UnmarshalYAML.
func (m Match) MarshalYAML() (any, error) {
	if len(m) == 1 {
		return m[0], nil
	}
	return []string(m), nil
}

// MarshalJSON writes one text, or a list of texts.
func (m Match) MarshalJSON() ([]byte, error) {
	if len(m) == 1 {
		return json.Marshal(m[0])
	}
	return json.Marshal([]string(m))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Match) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*m = Match{text}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(m))
}

func (m Match) String() string { return strings.Join(m, " or ") }

// matches reports whether a value is one of the texts. form prepares both for the comparison; nil compares them
// unchanged.
func (m Match) matches(value string, form func(string) string) bool {
	if len(m) == 0 {
		return true
	}
	if form != nil {
		value = form(value)
	}
	for _, pattern := range m {
		if form != nil {
			pattern = form(pattern)
		}
		if matchesPattern(pattern, value) {
			return true
		}
	}
	return false
}

// matchesPattern reports whether a value matches a pattern; `?` is one character, of any number of bytes. Where a `*`
// took too little for the rest to match, it takes one more. Only the last `*` needs to, so no pattern takes more than
// length times length.
func matchesPattern(pattern, value string) bool {
	p, v, star, taken := 0, 0, -1, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, taken = p, v
			p++
		case p < len(pattern) && pattern[p] == '?':
			p, v = p+1, v+firstRuneSize(value[v:])
		case p < len(pattern) && pattern[p] == value[v]:
			p, v = p+1, v+1
		case star >= 0:
			taken += firstRuneSize(value[taken:])
			p, v = star+1, taken
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// firstRuneSize returns how many bytes the first character has.
func firstRuneSize(text string) int {
	_, size := utf8.DecodeRuneInString(text)
	return size
}

func isPattern(text string) bool { return strings.ContainsAny(text, wildcards) }

// exact reports whether no text is a pattern.
func (m Match) exact() bool {
	return len(m) > 0 && !slices.ContainsFunc(m, isPattern)
}

// Example returns a matching value; "" when every value matches.
func (m Match) Example() string {
	if len(m) == 0 {
		return ""
	}
	text := m[0]
	if isDateSpan(text) { // one end may be missing
		from, to := spanEnds(text)
		text = cmp.Or(from, to)
	}
	return strings.NewReplacer("*", "1", "?", "1").Replace(text)
}

// exampleDate returns a matching date: for a pattern the first one from 1986 on if there is one; else Example.
func (m Match) exampleDate() string {
	if !slices.ContainsFunc(m, isPattern) {
		return m.Example()
	}
	var text [len(time.DateOnly)]byte
	for _, from := range []int{1986, 1900} {
		for day := range 45_000 {
			date := time.Date(from, 1, 1+day, 0, 0, 0, 0, time.UTC).AppendFormat(text[:0], time.DateOnly)
			if m.matches(string(date), nil) {
				return string(date)
			}
		}
	}
	return m.Example()
}

// covers reports whether this Match includes every value of another; textCovers decides for two texts. False may be
// wrong: some cases are not recognised.
func (m Match) covers(other Match, covers func(one, text string) bool) bool {
	if len(m) == 0 {
		return true
	}
	for _, text := range other {
		if !slices.ContainsFunc(m, func(one string) bool { return covers(one, text) }) {
			return false
		}
	}
	return len(other) > 0
}

// textCovers reports whether a pattern matches every value of a text. The text may be a pattern, too.
func textCovers(pattern, text string) bool {
	return pattern == text || pattern == "*" || !isPattern(text) && matchesPattern(pattern, text)
}
