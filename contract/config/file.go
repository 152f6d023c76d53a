package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// fileReader reads a configuration file into a Loaded. Its errors have the position and the rule. They do not quote the
// line, because it may hold a secret.
type fileReader struct {
	name string
	into *Loaded
}

// read reads the text of a file. The error joins every mistake.
func (l *Loaded) read(name string, data []byte) error {
	f := fileReader{name, l}
	parsed, err := boundedyaml.Parse(data)
	var excess *boundedyaml.Excess
	if errors.As(err, &excess) {
		return fmt.Errorf("%s:%w", name, excess)
	}
	if err != nil {
		var known yaml.Error
		if errors.As(err, &known) {
			return f.wrong(known.GetToken(), "is not YAML: "+known.GetMessage(), "check the indentation, the brackets and the quotation marks")
		}
		return f.wrong(nil, "is not YAML", "")
	}
	if len(parsed.Docs) > 1 {
		return f.wrong(parsed.Docs[1].Start, "the file has a second document", "remove the line ---")
	}
	if len(parsed.Docs) == 0 || parsed.Docs[0].Body == nil {
		return nil
	}
	return f.mapping("", parsed.Docs[0].Body)
}

// mapping reads the keys of a map. prefix is empty, or the path of the map with a dot at its end.
func (f fileReader) mapping(prefix string, node ast.Node) error {
	if node.Type() == ast.CommentGroupType {
		return nil
	}
	m, ok := node.(ast.MapNode)
	if !ok {
		return f.wrong(node.GetToken(), strings.TrimSuffix("the file must hold keys and values below "+prefix, " below "), "write key: value")
	}
	var wrong []error
	for entries := m.MapRange(); entries.Next(); {
		wrong = append(wrong, f.entry(prefix, entries.Key(), entries.Value()))
	}
	return errors.Join(wrong...)
}

func (f fileReader) entry(prefix string, name, value ast.Node) error {
	key := prefix + name.GetToken().Value
	if slices.ContainsFunc(fields(), func(known field) bool { return strings.HasPrefix(known.key, key+".") }) {
		return f.mapping(key+".", value)
	}
	i := slices.IndexFunc(fields(), func(known field) bool { return known.key == key })
	if i < 0 {
		return f.unknown(prefix, name.GetToken())
	}
	values, ok := valuesOf(value)
	if !ok {
		return f.wrong(value.GetToken(), key+" must be a text or a list of texts", "")
	}
	place := fmt.Sprintf("%s:%d", f.name, name.GetToken().Position.Line)
	return f.into.set(fields()[i], values, origin{place + ": " + key, place})
}

// valuesOf returns the texts of a scalar or of a list of scalars, and false for any other node.
func valuesOf(node ast.Node) ([]string, bool) {
	switch n := node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return []string{n.GetToken().Value}, true
	case *ast.LiteralNode:
		return []string{n.Value.Value}, true
	case *ast.SequenceNode:
		var values []string
		for _, item := range n.Values {
			one, ok := valuesOf(item)
			if !ok || len(one) != 1 {
				return nil, false
			}
			values = append(values, one...)
		}
		return values, true
	}
	return nil, false
}

// unknown returns the error for an unknown key. Its hint is the most similar key, or the list of the keys here.
func (f fileReader) unknown(prefix string, t *token.Token) error {
	var keys []string
	for _, known := range fields() {
		if rest, ok := strings.CutPrefix(known.key, prefix); ok {
			head, _, _ := strings.Cut(rest, ".")
			keys = append(keys, head)
		}
	}
	keys = slices.Compact(keys)
	hint := "the keys here are " + strings.Join(keys, ", ")
	if near := suggest.Name(t.Value, keys); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	if prefix+t.Value == formerKey {
		hint = formerKey + " is now known_differences"
	}
	return f.wrong(t, fmt.Sprintf("unknown key %q", prefix+t.Value), hint)
}

// wrong returns an error with the position of a token; t may be nil, and hint may be empty.
func (f fileReader) wrong(t *token.Token, rule, hint string) error {
	place := f.name
	if t != nil {
		place += fmt.Sprintf(":%d:%d", t.Position.Line, t.Position.Column)
	}
	if hint != "" {
		rule += "; " + hint
	}
	return fmt.Errorf("%s: %s", place, rule)
}
