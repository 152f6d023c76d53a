package scenarios

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// LoadDir loads every *.yaml of a folder as LoadFiles does. See FilesOf for the files left out.
// Open a folder of the operating system with internal/bounded: os.DirFS waits for ever on a pipe without a writer.
func LoadDir(dir fs.FS) (Set, error) {
	files, err := FilesOf(dir)
	if err != nil {
		return nil, err
	}
	return loadAll(files)
}

// LoadFiles loads scenarios in the order of their file names, as one set. The error joins the *Problem of each faulty
// file; the set is nil then.
func LoadFiles(files map[string][]byte) (Set, error) {
	if len(files) > maxFiles {
		return nil, tooManyFiles()
	}
	var all []File
	for name, data := range files {
		all = append(all, File{Name: name, Path: name, Data: data})
	}
	return loadAll(all)
}

func loadAll(files []File) (Set, error) {
	r := review(files)
	var wrong []error
	for _, p := range r.Problems {
		wrong = append(wrong, p)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return r.Set, nil
}

// Load reads one scenario. name is the file's name, the source of the id. The error is a *Problem, or joins several.
func Load(name string, data []byte) (Scenario, error) {
	return load(File{Name: name, Path: path.Base(name), Data: data})
}

func load(f File) (Scenario, error) {
	name, data := f.Name, f.Data
	data = bytes.ReplaceAll(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	source := source{name: name, data: data}
	file, wrong := source.parse()
	if file == nil {
		return Scenario{}, inOrder(wrong)
	}
	source.file, source.dropped = file, map[string][]string{}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return Scenario{}, inOrder(append(wrong, source.problemAt("$", "a file holds one scenario",
			"write title, when and answer; one file for each scenario")))
	}
	if _, ok := file.Docs[0].Body.(ast.MapNode); !ok {
		return Scenario{}, inOrder(append(wrong,
			source.problemAt("$", "a scenario is keys and values", "begin with `title: …`")))
	}
	wrong = append(wrong, source.dropRepeated()...)
	odd, isRest := source.dropNonValues()
	if wrong = append(wrong, odd...); !isRest {
		return Scenario{}, inOrder(wrong)
	}
	s, misfits := source.decode()
	s.ID, s.File = strings.TrimSuffix(f.Path, ".yaml"), name
	if wrong = append(append(wrong, misfits...), source.finish(&s)); errors.Join(wrong...) != nil {
		return Scenario{}, inOrder(wrong)
	}
	s.Line, s.Idle = source.problemAt("$.when", "", "").Line, idleKeys(file.Docs[0].Body)
	return s, nil
}

// idleKeys returns the keys of misbehaviours that are written with the value that they have when they are left out.
func idleKeys(body ast.Node) []string {
	v := &idleFinder{}
	ast.Walk(v, body)
	return v.found
}

type idleFinder struct{ found []string }

// Visit implements ast.Visitor.
func (f *idleFinder) Visit(n ast.Node) ast.Visitor {
	value, ok := n.(*ast.MappingValueNode)
	if !ok || !slices.Contains(idle, value.Value.String()) {
		return f
	}
	names := strings.Split(value.Key.GetPath(), ".")
	if around := names[max(0, len(names)-2)]; around == "webhook" || around == "claim_webhook" {
		f.found = append(f.found, names[len(names)-1]+": "+value.Value.String())
	}
	return f
}

// idle are the values of a misbehaviour that does nothing.
var idle = []string{"0", "0s", "false"}

// firstNonValue returns the first node that is not a value: a key without one, or YAML's own machinery. No scenario
// needs the machinery, and the YAML library panics at some of it. It returns nil when there is none.
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
