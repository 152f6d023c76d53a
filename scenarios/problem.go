package scenarios

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// Problem is an error in a scenario file, with its place.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`   // counted from 1; 0 when it is not about one place
	Column  int    `json:"column,omitempty"` // likewise
	Rule    string `json:"rule"`
	Hint    string `json:"hint,omitempty"`    // the remedy; may be empty
	Excerpt string `json:"excerpt,omitempty"` // the lines around the place; may be empty
}

// Error returns the sentence, and the lines around the place below.
func (p *Problem) Error() string {
	if p.Excerpt != "" {
		return p.Sentence() + "\n" + p.Excerpt
	}
	return p.Sentence()
}

// Sentence returns file:line:column, the rule and the hint, on one line.
func (p *Problem) Sentence() string {
	text := p.File
	if p.Line > 0 {
		text += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	text += ": " + p.Rule
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	return text
}

// source is a file during loading.
type source struct {
	name string
	data []byte
	file *ast.File
	// dropped has the keys with values of a wrong kind, by the place of the map around them
	dropped map[string][]string
}

// problemAt returns the problem of a broken rule at a place such as $.when.card. If the file lacks the place, it is the
// nearest one above it; for the whole file, it is the beginning.
func (s source) problemAt(place, rule, hint string) *Problem {
	for s.file != nil && strings.Trim(place, "$") != "" {
		if node := s.nodeAt(place); node != nil {
			return s.problemAtToken(node.GetToken(), rule, hint)
		}
		place = place[:max(0, strings.LastIndexAny(place, ".["))]
	}
	return &Problem{File: s.name, Line: 1, Column: 1, Rule: rule, Hint: hint}
}

// nodeAt returns the value at a place of the file; nil for none.
func (s source) nodeAt(place string) ast.Node {
	path, err := yaml.PathString(place)
	if err != nil {
		return nil
	}
	node, _ := path.FilterFile(s.file) // an error means that nothing is there
	return node
}

func (s source) problemAtToken(t *token.Token, rule, hint string) *Problem {
	p := &Problem{File: s.name, Rule: rule, Hint: hint}
	if t != nil {
		p.Line, p.Column = t.Position.Line, t.Position.Column
		p.Excerpt = excerpt(s.data, p.Line, p.Column)
	}
	return p
}

// excerpt returns the line, the one above it, and a mark under the column.
func excerpt(data []byte, line, column int) string {
	lines := strings.Split(string(data), "\n")
	if line > len(lines) {
		return ""
	}
	var b strings.Builder
	for n := max(1, line-1); n <= line; n++ {
		fmt.Fprintf(&b, "%4d | %s\n", n, strings.TrimRight(lines[n-1], "\r"))
	}
	fmt.Fprintf(&b, "     | %s^", strings.Repeat(" ", max(0, column-1)))
	return b.String()
}

// syntaxProblem translates an error of the YAML library into our words.
func (s source) syntaxProblem(err error) *Problem {
	var m *scalar.Misfit
	if errors.As(err, &m) {
		return s.problemAtToken(m.Node.GetToken(), lastKey(m.Node.GetPath())+" "+m.Rule, m.Hint)
	}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		return s.unknownKeyProblem(unknown.Token)
	}
	var kind *yaml.UnexpectedNodeTypeError
	if errors.As(err, &kind) {
		return s.problemAtToken(kind.Token, "must be "+kindNoun(kind.Expected.YAMLName()),
			exampleHint(kind.Expected.YAMLName()))
	}
	var over *yaml.OverflowError
	if errors.As(err, &over) {
		return s.problemAtToken(over.Token, "the number is too large", "write one of a few digits")
	}
	var typ *yaml.TypeError
	if errors.As(err, &typ) {
		return s.problemAtToken(typ.Token, "must be "+kindNoun(typ.DstType.Kind().String()),
			exampleHint(typ.DstType.Kind().String()))
	}
	var known yaml.Error
	if errors.As(err, &known) {
		return s.brokenYAML(known.GetToken(), known.GetMessage())
	}
	return &Problem{File: s.name, Rule: err.Error()}
}

// kindNoun names a kind of value for people.
func kindNoun(kind string) string {
	switch kind {
	case "sequence", "slice":
		return "a list"
	case "mapping", "struct", "map":
		return "keys and values"
	case "int":
		return "a whole number"
	case "bool":
		return "true or false"
	}
	return "text"
}

// exampleHint shows a kind of value.
func exampleHint(kind string) string {
	switch kind {
	case "sequence", "slice":
		return "write [a, b]"
	case "mapping", "struct", "map":
		return "write {key: value}"
	case "int":
		return "write 2"
	case "bool":
		return "write true"
	}
	return `write "some words"`
}

func lastKey(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// unknownKeyProblem is the problem of an unknown key in its place.
func (s source) unknownKeyProblem(t *token.Token) *Problem {
	keys := keysAt(reflect.TypeFor[Scenario](), s.parentKeys(t))
	hint := "the keys here are " + strings.Join(keys, ", ")
	if near := suggest.Name(t.Value, keys); near == t.Value {
		hint = "write {primary: …, secondary: …} alone, or the fields of one answer"
	} else if near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if meant := meantKeys(t.Value, keys); len(meant) > 0 {
		hint = "did you mean " + scalar.JoinOr(meant) + "?"
	} else if strings.Contains(t.Value, " ") {
		hint = `a text with ": " in it needs quotation marks; ` + hint
	}
	return s.problemAtToken(t, fmt.Sprintf("unknown key %q", t.Value), hint)
}

// otherWords are words for a key, as people know it from elsewhere.
var otherWords = map[string]string{
	"insurer": "carrier_code", "insurance": "carrier_code", "payer": "carrier_code", "payer_id": "carrier_code",
	"member_id": "subscriber_num", "policy_number": "subscriber_num", "subscriber_number": "subscriber_num",
	"group_num": "group_number", "birth_date": "dob", "birthdate": "dob", "birthday": "dob", "date_of_birth": "dob",
	"sex": "gender", "relationship": "respparty", "name": "title", "description": "title", "tags": "labels",
	"response": "answer", "result": "answer", "delay": "after", "timezone": "time_zone",
}

// meantKeys returns the keys that an unknown one probably means, by a word of theirs or in another word; or a field of
// `when` that stands outside of it.
func meantKeys(unknown string, keys []string) []string {
	if found := suggest.ByWord(unknown, keys); len(found) > 0 {
		return found
	}
	other := otherWords[unknown]
	switch fields := keysAt(reflect.TypeFor[When](), nil); {
	case slices.Contains(keys, other):
		return []string{other}
	case !slices.Contains(keys, "when"):
		return nil
	case slices.Contains(fields, unknown):
		return []string{"when: {" + unknown + ": …}"}
	case slices.Contains(fields, other):
		return []string{"when: {" + other + ": …}"}
	}
	return nil
}

// parentKeys returns the names on the way to the map around a key.
func (s source) parentKeys(t *token.Token) []string {
	v := &pathFinder{token: t}
	ast.Walk(v, s.file.Docs[0].Body)
	names := strings.Split(strings.TrimPrefix(v.path, "$."), ".")
	return names[:len(names)-1]
}

// pathFinder finds the path of the node with a token.
type pathFinder struct {
	token *token.Token
	path  string
}

// Visit implements ast.Visitor.
func (f *pathFinder) Visit(n ast.Node) ast.Visitor {
	if n.GetToken() == f.token && f.path == "" {
		f.path = n.GetPath()
	}
	return f
}

// keysAt returns the keys of the struct at the end of a path through t.
func keysAt(t reflect.Type, names []string) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	var keys []string
	if t == reflect.TypeFor[Answers]() {
		t, keys = reflect.TypeFor[Answer](), []string{primary, secondary}
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if len(names) > 0 && key == strings.TrimRight(names[0], "[]0123456789") {
			return keysAt(t.Field(i).Type, names[1:])
		}
		if key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}
