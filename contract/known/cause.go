package known

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// parts are the keys of a cause, all required: without one, an entry might cover more than its author has seen.
var parts = []string{"kind", "operation", "case", "pointer", "expected", "got"}

// cause returns the value of cause. Its texts are compared as they are, so that a cause copied from results.json fits.
func (l *loader) cause(node ast.Node) result.Key {
	if node == nil {
		return result.Key{}
	}
	fields, ok := node.(ast.MapNode)
	if !ok {
		l.add(node, "cause must have keys and values", hintOf("cause"))
		return result.Key{}
	}
	values, _ := l.fields(node, fields, "a cause", parts, func(string) string { return hintOf("cause") })
	text := func(key string) string { return l.part(key, values[key]) }
	key := result.Key{
		Kind: result.Kind(text("kind")), Operation: text("operation"), Case: result.Case(text("case")),
		Pointer: text("pointer"), Expected: text("expected"), Got: text("got"),
	}
	word(l, values["kind"], "kind", key.Kind, result.Kinds())
	word(l, values["case"], "case", key.Case, result.Cases())
	spec := embedded.Spec()
	word(l, values["operation"], "operation", key.Operation, append(spec.IDs(), append(spec.Types(), "")...))
	return key
}

// part returns the text of a key of a cause. A number and null are texts, too: `expected: 401` is the status 401.
func (l *loader) part(key string, node ast.Node) string {
	text, ok := "", false
	switch n := node.(type) {
	case nil:
		return ""
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		text, ok = n.GetToken().Value, true
	}
	switch {
	case !ok:
		l.add(node, key+" must be a text", hintOf("cause"))
	case key != "pointer" && (text == "*" || text == "**"):
		l.add(node, key+" must not be a wildcard", "write it out: only the pointer of a cause may have wildcards")
	case key == "pointer" && !areWildcardsRight(strings.Split(text, "/")):
		l.add(node, "a wildcard in the pointer must be a whole element",
			"write * for one element, or end the pointer with ** for any rest")
	}
	return text
}

// areWildcardsRight reports whether the wildcards in a pointer are whole elements, and ** is the last one.
func areWildcardsRight(elements []string) bool {
	for i, element := range elements {
		last := i == len(elements)-1
		if strings.Contains(element, "*") && element != "*" && (element != "**" || !last) {
			return false
		}
	}
	return true
}

// word adds a problem if a value is none of the allowed ones.
func word[T ~string](l *loader, node ast.Node, key string, value T, allowed []T) {
	if node == nil || slices.Contains(allowed, value) || value == "*" {
		return
	}
	var texts []string
	for _, one := range allowed {
		texts = append(texts, string(one))
	}
	hint := "copy it from results.json"
	if near := suggest.Name(string(value), texts); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	l.add(node, fmt.Sprintf("%s %q does not exist", key, value), hint)
}
