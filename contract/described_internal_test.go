//go:build ignore

package contract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A matcher's message has values in it, and stays out of a run's findings: readers see the description of the
// assertion alone, so each assertion needs one.
func TestEachAssertionIsDescribed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, words := asserted(n)
			if call == nil {
				return true
			}
			seen++
			if !words {
				t.Errorf("%s: the assertion says nothing", set.Position(call.Pos()))
			}
			return true
		})
	}
	if seen < 100 {
		t.Errorf("there are %d assertions", seen)
	}
}

// asserted returns the assertion at a node, nil for none, and whether it has a description.
func asserted(n ast.Node) (call *ast.CallExpr, words bool) {
	call, _ = n.(*ast.CallExpr)
	if call == nil {
		return nil, false
	}
	method, _ := call.Fun.(*ast.SelectorExpr)
	if method == nil || !slices.Contains([]string{"To", "NotTo", "ToNot", "Should", "ShouldNot"}, method.Sel.Name) {
		return nil, false
	}
	return call, len(call.Args) > 1
}
