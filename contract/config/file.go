package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// fileReader reads a configuration file into settings by key. Its errors have the position and the rule. They do not
// quote the line, because it may hold a secret.
type fileReader struct {
	name     string
	flags    []*kong.Flag
	settings map[string]setting
}

// read reads the text of a file. The error joins every mistake.
func (f fileReader) read(data []byte) error {
	parsed, err := boundedyaml.Parse(data)
	var excess *boundedyaml.Excess
	if errors.As(err, &excess) {
		return fmt.Errorf("%s:%w", f.name, excess)
	}
	if err != nil {
		var known yaml.Error
		if errors.As(err, &known) {
			return f.wrong(known.GetToken(), "is not YAML: "+known.GetMessage(),
				"check the indentation, the brackets and the quotation marks")
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
		return f.wrong(node.GetToken(), strings.TrimSuffix("the file must hold keys and values below "+prefix, " below "),
			"write key: value")
	}
	var wrong []error
	for entries := m.MapRange(); entries.Next(); {
		wrong = append(wrong, f.entry(prefix, entries.Key(), entries.Value()))
	}
	return errors.Join(wrong...)
}

func (f fileReader) entry(prefix string, name, value ast.Node) error {
	key := prefix + name.GetToken().Value
	isKey := func(flag *kong.Flag) bool { return keyOf(flag) == key }
	isBelow := func(flag *kong.Flag) bool { return strings.HasPrefix(keyOf(flag), key+".") }
	switch {
	case slices.ContainsFunc(f.flags, isBelow):
		return f.mapping(key+".", value)
	case !slices.ContainsFunc(f.flags, isKey):
		return f.unknown(prefix, name.GetToken())
	}
	content := contentOf(value)
	if content == nil {
		return f.wrong(value.GetToken(), key+" must be a text or a list of texts", "")
	}
	f.settings[key] = setting{content, fmt.Sprintf("%s:%d: %s", f.name, name.GetToken().Position.Line, key)}
	return nil
}

// contentOf returns the text of a scalar, the texts of a list of scalars as []any, and nil for any other node.
func contentOf(node ast.Node) any {
	switch n := node.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.SequenceNode:
		list := []any{}
		for _, item := range n.Values {
			text, ok := contentOf(item).(string)
			if !ok {
				return nil
			}
			list = append(list, text)
		}
		return list
	}
	return nil
}

// unknown returns the error for an unknown key. Its hint is the most similar key, or the list of the keys here.
func (f fileReader) unknown(prefix string, t *token.Token) error {
	var keys []string
	for _, flag := range f.flags {
		if rest, ok := strings.CutPrefix(keyOf(flag), prefix); ok && rest != "" && !flag.Tag.Has("now") {
			head, _, _ := strings.Cut(rest, ".")
			keys = append(keys, head)
		}
	}
	keys = slices.Compact(keys)
	hint := "the keys here are " + strings.Join(keys, ", ")
	if near := suggest.Name(t.Value, keys); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
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
