package scenarios

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// LoadDir loads every *.yaml of a folder, in the order of their names, as one set. The error joins what is wrong with
// each file; the set is nil then.
func LoadDir(dir fs.FS) (Set, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing the scenarios: %w", err)
	}
	set := Set{}
	var wrong []error
	others, _ := fs.Glob(dir, "*.yml") // the pattern is well-formed
	for _, name := range others {
		wrong = append(wrong, &Problem{File: name, Rule: "a scenario's file ends in .yaml", Hint: "rename it"})
	}
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("reading a scenario: %w", err))
			continue
		}
		s, err := Load(name, data)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		set = append(set, s)
	}
	if err := errors.Join(append(wrong, set.shadowed())...); err != nil {
		return nil, err
	}
	return set, nil
}

// Load reads one scenario. name is the file's name, from which the id is taken. The error is a *Problem.
func Load(name string, data []byte) (Scenario, error) {
	source := source{name: name, data: data}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Scenario{}, source.syntax(err)
	}
	source.file = file
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return Scenario{}, source.at("$", "a file holds one scenario", "write title, when and answer; one file for each story")
	}
	if _, ok := file.Docs[0].Body.(ast.MapNode); !ok {
		return Scenario{}, source.at("$", "a scenario is keys and values", "begin with `title: …`")
	}
	if odd := odd(file.Docs[0].Body); odd != nil {
		if odd.Type() == ast.NullType {
			return Scenario{}, source.on(odd.GetToken(), last(odd.GetPath())+" has no value", "write one, or remove the key")
		}
		return Scenario{}, source.on(odd.GetToken(), "tags, anchors and aliases have no place in a scenario", "write the value itself")
	}
	var s Scenario
	if err := yaml.NodeToValue(file.Docs[0].Body, &s, yaml.Strict()); err != nil {
		return Scenario{}, source.syntax(err)
	}
	s.ID = strings.TrimSuffix(path.Base(name), ".yaml")
	if err := source.finish(&s); err != nil {
		return Scenario{}, err
	}
	return s, nil
}

// odd returns the first node that is no value: a key without one, or YAML's own machinery, which no story needs and at
// some of which the YAML library panics. It returns nil when there is none.
func odd(body ast.Node) ast.Node {
	v := &oddities{}
	ast.Walk(v, body)
	return v.found
}

type oddities struct{ found ast.Node }

// Visit implements ast.Visitor.
func (v *oddities) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.NullNode, *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if v.found == nil {
			v.found = n
		}
		return nil
	}
	return v
}

// shadowed complains of scenarios that never answer because one before them answers the same checks.
func (s Set) shadowed() error {
	var wrong []error
	first := map[When]string{}
	for _, scenario := range s {
		if len(scenario.Answers) == 0 {
			continue
		}
		if by, taken := first[scenario.When]; taken {
			wrong = append(wrong, fmt.Errorf("%s.yaml: never answers: %s.yaml, which comes first, has the same when", scenario.ID, by))
			continue
		}
		first[scenario.When] = scenario.ID
	}
	return errors.Join(wrong...)
}
