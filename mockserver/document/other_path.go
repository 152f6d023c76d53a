package document

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// allPaths returns the paths of a document and the other paths of its operations, all in their plain form.
func allPaths(spec *apispec.Spec) (*openapi3.Paths, error) {
	all := openapi3.NewPaths()
	for path, item := range spec.Document.Paths.Map() {
		all.Set(apispec.PlainPath(path), item)
	}
	for _, op := range spec.Operations {
		others, err := op.AlsoPaths()
		if err != nil {
			return nil, err
		}
		for _, other := range others {
			if all.Value(other.Path) != nil {
				return nil, fmt.Errorf("x-also-paths of %s has the path of another operation", op.ID)
			}
			one := &openapi3.PathItem{}
			one.SetOperation(op.Method, op.Declared)
			all.Set(other.Path, one)
		}
	}
	return all, nil
}

// addOtherPaths keeps an operation under its other paths.
func (d *Document) addOtherPaths(o *Operation, op apispec.Operation) error {
	others, err := op.AlsoPaths()
	if err != nil {
		return err
	}
	for _, other := range others {
		one := *o
		one.Path, one.Evidence = other.Path, other.Grade
		d.otherPaths[other.Path] = &one
	}
	return nil
}
