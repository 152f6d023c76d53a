package scenarios

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// LoadDir loads every *.yaml of a folder as LoadFiles does. It skips hidden files, because editors leave those there.
// Open a folder of the operating system with internal/bounded: os.DirFS waits for ever on a pipe without a writer.
func LoadDir(dir fs.FS) (Set, error) {
	found, err := FilesOf(dir)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	var wrong []error
	for _, file := range found {
		if p := file.Problem(); p != nil {
			wrong = append(wrong, p)
			continue
		}
		files[file.Name] = file.Data
	}
	set, err := LoadFiles(files)
	if err := errors.Join(append(wrong, err)...); err != nil {
		return nil, err
	}
	return set, nil
}

// LoadFiles loads scenarios in the order of their file names, as one set. The error joins one *Problem for each faulty
// file; the set is nil then.
func LoadFiles(files map[string][]byte) (Set, error) {
	if len(files) > maxFiles {
		return nil, tooManyFiles()
	}
	set := Set{}
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if p := nameProblem(name); p != nil {
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
	for _, p := range set.neverAnswering() {
		wrong = append(wrong, p)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return set, nil
}

// Load reads one scenario. name is the file's name, the source of the id. The error is a *Problem.
func Load(name string, data []byte) (Scenario, error) {
	source := source{name: name, data: bytes.TrimPrefix(data, []byte("\ufeff"))}
	file, p := source.parse()
	if p != nil {
		return Scenario{}, p
	}
	source.file = file
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return Scenario{}, source.problemAt("$", "a file holds one scenario",
			"write title, when and answer; one file for each scenario")
	}
	if _, ok := file.Docs[0].Body.(ast.MapNode); !ok {
		return Scenario{}, source.problemAt("$", "a scenario is keys and values", "begin with `title: …`")
	}
	if odd := firstNonValue(file.Docs[0].Body); odd != nil {
		if odd.Type() == ast.NullType {
			return Scenario{}, source.problemAtToken(odd.GetToken(), lastKey(odd.GetPath())+" has no value",
				"write one, or remove the key")
		}
		return Scenario{}, source.problemAtToken(odd.GetToken(), "tags, anchors and aliases have no place in a scenario",
			"write the value itself")
	}
	var s Scenario
	if err := yaml.NodeToValue(file.Docs[0].Body, &s, yaml.Strict()); err != nil {
		return Scenario{}, source.syntaxProblem(err)
	}
	s.ID, s.File = strings.TrimSuffix(path.Base(name), ".yaml"), name
	if err := source.finish(&s); err != nil {
		return Scenario{}, err
	}
	s.Line = source.problemAt("$.when", "", "").Line
	return s, nil
}

// firstNonValue returns the first node that is not a value: a key without one, or YAML's own machinery. No scenario
// needs the
// machinery, and the YAML library panics at some of it. It returns nil when there is none.
func firstNonValue(body ast.Node) ast.Node {
	v := &nonValueFinder{}
	ast.Walk(v, body)
	return v.found
}

type nonValueFinder struct{ found ast.Node }

// Visit implements ast.Visitor.
func (v *nonValueFinder) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.NullNode, *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if v.found == nil {
			v.found = n
		}
		return nil
	}
	return v
}
