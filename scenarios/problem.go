package scenarios

import (
	"errors"
	"fmt"
	"reflect"
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

// Error returns file:line:column, the rule and the hint, and the lines around the place below.
func (p *Problem) Error() string {
	text := p.File
	if p.Line > 0 {
		text += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	text += ": " + p.Rule
	if p.Hint != "" {
		text += "; " + p.Hint
	}
	if p.Excerpt != "" {
		text += "\n" + p.Excerpt
	}
	return text
}

// source is a file during loading.
type source struct {
	name string
	data []byte
	file *ast.File
}

// at returns the problem of a broken rule at a place such as $.when.card. If the file lacks the place, it is the
// nearest one above it; for the whole file, it is the beginning.
func (s source) at(place, rule, hint string) *Problem {
	for s.file != nil && strings.Trim(place, "$") != "" {
		if path, err := yaml.PathString(place); err == nil {
			if node, err := path.FilterFile(s.file); err == nil && node != nil {
				return s.on(node.GetToken(), rule, hint)
			}
		}
		place = place[:max(0, strings.LastIndexAny(place, ".["))]
	}
	return &Problem{File: s.name, Line: 1, Column: 1, Rule: rule, Hint: hint}
}

func (s source) on(t *token.Token, rule, hint string) *Problem {
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

// syntax translates an error of the YAML library into our words.
func (s source) syntax(err error) *Problem {
	var m *scalar.Misfit
	if errors.As(err, &m) {
		return s.on(m.Node.GetToken(), last(m.Node.GetPath())+" "+m.Rule, m.Hint)
	}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		return s.unknown(unknown.Token)
	}
	var kind *yaml.UnexpectedNodeTypeError
	if errors.As(err, &kind) {
		return s.on(kind.Token, "must be "+shape(kind.Expected.YAMLName()), example(kind.Expected.YAMLName()))
	}
	var over *yaml.OverflowError
	if errors.As(err, &over) {
		return s.on(over.Token, "the number is too large", "write one of a few digits")
	}
	var typ *yaml.TypeError
	if errors.As(err, &typ) {
		return s.on(typ.Token, "must be "+shape(typ.DstType.Kind().String()), example(typ.DstType.Kind().String()))
	}
	var known yaml.Error
	if errors.As(err, &known) {
		return s.on(known.GetToken(), known.GetMessage(), syntaxHint(known.GetMessage()))
	}
	return &Problem{File: s.name, Rule: err.Error()}
}

// syntaxHint returns the remedy for an error of the YAML library.
func syntaxHint(message string) string {
	switch {
	case strings.Contains(message, "'\t'"):
		return "YAML is indented with spaces"
	case strings.Contains(message, "already defined"):
		return "remove one of the two"
	case strings.Contains(message, "quoted text"):
		return "close the quotation marks"
	}
	return "check the indentation, the brackets and the quotation marks"
}

// shape names a kind of value for people.
func shape(kind string) string {
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

// example shows a kind of value.
func example(kind string) string {
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

func last(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// unknown is the problem of an unknown key in its place.
func (s source) unknown(t *token.Token) *Problem {
	keys := keysAt(reflect.TypeFor[Scenario](), s.parent(t))
	hint := "the keys here are " + strings.Join(keys, ", ")
	if near := suggest.Name(t.Value, keys); near == t.Value {
		hint = "write {primary: …, secondary: …} alone, or the fields of one answer"
	} else if near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return s.on(t, fmt.Sprintf("unknown key %q", t.Value), hint)
}

// parent returns the names on the way to the map around a key.
func (s source) parent(t *token.Token) []string {
	v := &finder{token: t}
	ast.Walk(v, s.file.Docs[0].Body)
	names := strings.Split(strings.TrimPrefix(v.path, "$."), ".")
	return names[:len(names)-1]
}

// finder finds the path of the node with a token.
type finder struct {
	token *token.Token
	path  string
}

// Visit implements ast.Visitor.
func (f *finder) Visit(n ast.Node) ast.Visitor {
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
