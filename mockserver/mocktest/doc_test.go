package mocktest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// A test reads the results of this package and of the control API.
func TestEachFieldOfAResultHasAComment(t *testing.T) {
	t.Parallel()
	fields := 0
	for _, dir := range []string{".", "../controlapi"} {
		paths, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				of, ok := n.(*ast.TypeSpec)
				structure, isStruct := (*ast.StructType)(nil), false
				if ok {
					structure, isStruct = of.Type.(*ast.StructType)
				}
				if !isStruct || !of.Name.IsExported() {
					return true
				}
				for _, f := range structure.Fields.List {
					if len(f.Names) > 0 && f.Names[0].IsExported() && f.Doc == nil && f.Comment == nil {
						t.Errorf("%s: %s.%s has no comment", files.Position(f.Pos()), of.Name, f.Names[0])
					}
					fields++
				}
				return true
			})
		}
	}
	if fields < 100 {
		t.Errorf("only %d fields were found", fields)
	}
}
