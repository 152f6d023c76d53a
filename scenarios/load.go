package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// LoadDir loads every *.yaml of a folder as LoadFiles does, but for hidden files, which editors leave there.
func LoadDir(dir fs.FS) (Set, error) {
	found, err := FilesOf(dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, file := range found {
		files[file.Name] = file.Data
	}
	return LoadFiles(files)
}

// FilesOf reads all of a folder that is meant as a scenario, with those whose names end in another way than they must.
func FilesOf(dir fs.FS) ([]File, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, fmt.Errorf("listing the scenarios: %w", err)
	}
	var files []File
	for _, entry := range entries {
		name := entry.Name()
		ending := strings.ToLower(path.Ext(name))
		if entry.IsDir() || strings.HasPrefix(name, ".") || ending != ".yaml" && ending != ".yml" {
			continue
		}
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("reading a scenario: %w", err)
		}
		files = append(files, File{name, data})
	}
	return files, nil
}

// LoadFiles loads scenarios by the names of their files, in the order of those, as one set. The error joins what is
// wrong with each file, as a *Problem; the set is nil then.
func LoadFiles(files map[string][]byte) (Set, error) {
	set := Set{}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if p := badName(name); p != nil {
			wrong = append(wrong, p)
			continue
		}
		s, err := Load(name, files[name])
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		set = append(set, s)
	}
	for _, p := range set.shadowed() {
		wrong = append(wrong, p)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return set, nil
}

// Load reads one scenario. name is the file's name, from which the id is taken. The error is a *Problem.
func Load(name string, data []byte) (Scenario, error) {
	source := source{name: name, data: bytes.TrimPrefix(data, []byte("\ufeff"))}
	file, p := source.parse()
	if p != nil {
		return Scenario{}, p
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
	s.ID, s.File = strings.TrimSuffix(path.Base(name), ".yaml"), name
	if err := source.finish(&s); err != nil {
		return Scenario{}, err
	}
	s.Line = source.at("$.when", "", "").Line
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

// shadowed complains of scenarios that never answer because one before them answers all of their checks.
func (s Set) shadowed() []*Problem {
	var wrong []*Problem
	x := newShades(s)
	for i := range s {
		scenario := &s[i]
		if scenario.Answers.IsZero() {
			continue
		}
		if by := x.over(scenario); by != nil {
			wrong = append(wrong, &Problem{
				File: scenario.File, Line: scenario.Line, Column: 1,
				Rule: fmt.Sprintf("never answers: %s:%d, which is tried before it, answers all of its checks", by.File, by.Line),
				Hint: "make one of the two more particular, or rename this file so that it comes first",
			})
			continue
		}
		x.places.add(&scenario.When, i)
	}
	return wrong
}

// shades finds the scenario that covers another among many.
type shades struct {
	set    Set
	places *places
	asked  []int // at each place, for which scenario near has looked at it last
	asking int
}

func newShades(s Set) *shades {
	return &shades{set: s, places: newPlaces(), asked: make([]int, len(s))}
}

// over returns a scenario that covers another; nil for none. Those with exact texts can cover only what has one of
// those, too.
func (x *shades) over(other *Scenario) *Scenario {
	if s := x.covering(other, x.places.others); s != nil {
		return s
	}
	for i, key := range keys {
		if wants := *key.of(&other.When); len(wants) > 0 {
			if s := x.covering(other, x.places.by[i][key.folded(wants[0])]); s != nil {
				return s
			}
		}
	}
	return nil
}

func (x *shades) covering(other *Scenario, places []int) *Scenario {
	for _, place := range places {
		if s := &x.set[place]; covers(s, other) {
			return s
		}
	}
	return nil
}

// covers reports whether every check that another scenario answers is answered by one: a scenario may have an answer
// for one card alone.
func covers(s, other *Scenario) bool {
	for _, card := range []string{primary, secondary} {
		if len(other.Answers.Of(card)) > 0 && other.When.Card.matches(card, false) && len(s.Answers.Of(card)) == 0 {
			return false
		}
	}
	return whenCovers(&s.When, &other.When)
}
