package document

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// also is another path of an operation, as x-also-paths has it: one of an earlier revision, with its own evidence. It
// may leave out parameters of the operation's path, and is nothing else than another spelling of it.
type also struct {
	path string
	Evidence
}

// alsoOf returns the other paths of an operation. The error is for one without a path or evidence.
func alsoOf(op *openapi3.Operation) ([]also, error) {
	entries, _ := op.Extensions[extAlsoPaths].([]any)
	var paths []also
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		own, graded := evidence(entry)
		a := also{text(entry, "path"), own}
		if a.path == "" || !graded || a.Source == "" {
			return nil, fmt.Errorf("%s of %s has no path, no %s or no %s", extAlsoPaths, op.OperationID, extEvidence, extSource)
		}
		paths = append(paths, a)
	}
	return paths, nil
}

// withAlso returns the paths of a document with the other paths of its operations.
func withAlso(spec *openapi3.T) (*openapi3.Paths, error) {
	all := openapi3.NewPaths()
	for path, item := range spec.Paths.Map() {
		all.Set(path, item)
	}
	for _, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			others, err := alsoOf(op)
			if err != nil {
				return nil, err
			}
			for _, other := range others {
				if all.Value(other.path) != nil {
					return nil, fmt.Errorf("%s of %s has the path of another operation", extAlsoPaths, op.OperationID)
				}
				one := &openapi3.PathItem{}
				one.SetOperation(method, op)
				all.Set(other.path, one)
			}
		}
	}
	return all, nil
}

// addAlso keeps an operation as its other paths lead to it.
func (d *Document) addAlso(o *Operation, op *openapi3.Operation) error {
	others, err := alsoOf(op)
	if err != nil {
		return err
	}
	for _, other := range others {
		one := *o
		one.Path, one.Evidence = other.path, other.Grade
		d.also[other.path] = &one
	}
	return nil
}
