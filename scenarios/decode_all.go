package scenarios

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/rule"
)

// maxDropped is how many values of a wrong kind are reported at once.
const maxDropped = 20

// decode reads the values of a file. The YAML library stops at the first unknown key or value of a wrong kind: decode
// leaves it out and goes on, to report them all.
func (s *source) decode() (Scenario, []error) {
	var wrong []error
	for {
		var c Scenario
		err := yaml.NodeToValue(s.file.Docs[0].Body, &c, yaml.Strict())
		if err == nil {
			return c, wrong
		}
		p := s.syntaxProblem(err)
		wrong = append(wrong, p)
		isUnknown := errors.As(err, new(*yaml.UnknownFieldError))
		if len(wrong) == maxDropped || !s.drop(s.file.Docs[0].Body, p.Line, p.Column, isUnknown) {
			return Scenario{}, wrong
		}
	}
}

// dropRepeated removes each further value of a key that stands twice, and reports the keys.
func (s *source) dropRepeated() []error {
	f := &repeatedFinder{source: s}
	ast.Walk(f, s.file.Docs[0].Body)
	return f.wrong
}

type repeatedFinder struct {
	source *source
	wrong  []error
}

// Visit implements ast.Visitor.
func (f *repeatedFinder) Visit(n ast.Node) ast.Visitor {
	if m, ok := n.(*ast.MappingNode); ok {
		seen := map[string]bool{}
		m.Values = slices.DeleteFunc(m.Values, func(v *ast.MappingValueNode) bool {
			key := v.Key.GetToken()
			repeated := seen[key.Value]
			if seen[key.Value] = true; repeated {
				f.wrong = append(f.wrong, f.source.problemAtToken(key, "the key stands twice", "remove one of the two"))
			}
			return repeated
		})
	}
	return f
}

// dropNonValues removes each key without a value, or with YAML's own machinery for a value, and reports them. It is
// false when the file cannot be read without one.
func (s *source) dropNonValues() (wrong []error, ok bool) {
	for len(wrong) < maxDropped {
		odd := firstNonValue(s.file.Docs[0].Body)
		if odd == nil {
			return wrong, true
		}
		wrong = append(wrong, s.noValue(odd))
		if at := odd.GetToken().Position; !s.drop(s.file.Docs[0].Body, at.Line, at.Column, false) {
			return wrong, false
		}
	}
	return wrong, false
}

// drop removes the innermost key at a place, or with the place in its value. False means that there is none.
func (s *source) drop(in ast.Node, line, column int, isUnknown bool) bool {
	var values []*ast.MappingValueNode
	switch n := in.(type) {
	case *ast.SequenceNode:
		return slices.ContainsFunc(n.Values, func(item ast.Node) bool { return s.drop(item, line, column, isUnknown) })
	case *ast.MappingValueNode:
		return s.drop(n.Value, line, column, isUnknown) // it is the only one: the map around it goes
	case *ast.MappingNode:
		values = n.Values
	}
	for i, value := range values {
		if s.drop(value.Value, line, column, isUnknown) {
			return true
		}
		if !isAt(value, line, column) {
			continue
		}
		s.markDropped(value.Key.GetPath(), isUnknown)
		n := in.(*ast.MappingNode)
		n.Values = slices.Delete(n.Values, i, i+1)
		return true
	}
	return false
}

// markDropped marks a key as unknown in the map around it, and the key of that map in the one around that, and so on.
// An unknown key may be the misspelt name of any other.
func (s *source) markDropped(path string, isUnknown bool) {
	for at := strings.LastIndex(path, "."); at > 0; at = strings.LastIndex(path, ".") {
		key, _, _ := strings.Cut(path[at+1:], "[")
		path = path[:at]
		s.dropped[path] = append(s.dropped[path], key)
		if isUnknown {
			s.dropped[path] = append(s.dropped[path], rule.Unknown)
		}
		isUnknown = false
	}
}

// isAt reports whether a node, or one below it, has a token at a place.
func isAt(node ast.Node, line, column int) bool {
	f := &placeFinder{line: line, column: column}
	ast.Walk(f, node)
	return f.found
}

type placeFinder struct {
	line, column int
	found        bool
}

// Visit implements ast.Visitor.
func (f *placeFinder) Visit(n ast.Node) ast.Visitor {
	if t := n.GetToken(); t != nil && t.Position.Line == f.line && t.Position.Column == f.column {
		f.found = true
	}
	return f
}

// inOrder joins the problems in the order of their places, one for each place.
func inOrder(wrong []error) error {
	all := problemsOf(errors.Join(wrong...))
	slices.SortStableFunc(all, func(a, b *Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	all = slices.CompactFunc(all, func(a, b *Problem) bool { return a.Line == b.Line && a.Column == b.Column })
	if len(all) == 1 {
		return all[0]
	}
	joined := make([]error, len(all))
	for i, p := range all {
		joined[i] = p
	}
	return errors.Join(joined...)
}
