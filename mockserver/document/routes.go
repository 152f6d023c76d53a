package document

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/logline"
)

// routes are the paths of a document, by their number of segments. Of several paths that match, the one with the fewest
// parameters counts, as OpenAPI says.
type routes map[int][]*route

// route is a path of the document, in its plain form.
type route struct {
	path       string
	segments   []string // the name of a parameter has braces
	parameters int
	operations map[string]*Operation // by method
}

// add adds an operation.
func (rs routes) add(op *Operation) error {
	path := apispec.PlainPath(op.Path)
	r := &route{path: path, segments: strings.Split(path, "/"), operations: map[string]*Operation{}}
	for _, segment := range r.segments {
		name, whole := parameter(segment)
		if whole {
			r.parameters++
		}
		if !whole && strings.ContainsAny(segment, "{}") || strings.ContainsAny(name, "{}:") {
			return fmt.Errorf("a segment of %s must be a word or a parameter, not both", op.Path)
		}
	}
	if known := rs.at(path); known != nil {
		known.operations[op.Method] = op
		return nil
	}
	r.operations[op.Method] = op
	rs[len(r.segments)] = append(rs[len(r.segments)], r)
	slices.SortFunc(rs[len(r.segments)], func(a, b *route) int {
		return cmp.Or(a.parameters-b.parameters, strings.Compare(b.path, a.path))
	})
	return nil
}

// addOthers adds an operation at its other paths, which must be no paths of operations.
func (rs routes) addOthers(op *Operation, declared apispec.Operation) error {
	others, err := declared.AlsoPaths()
	if err != nil {
		return err
	}
	for _, other := range others {
		if rs.at(apispec.PlainPath(other.Path)) != nil {
			return fmt.Errorf("x-also-paths of %s has the path of another operation", op.ID)
		}
		one := *op
		one.Path, one.Evidence, one.Call = other.Path, other.Grade, logline.Call(op.Method, other.Path)
		if err := rs.add(&one); err != nil {
			return err
		}
	}
	return nil
}

// at returns the route with a path of the document in its plain form, nil for none.
func (rs routes) at(path string) *route {
	for _, r := range rs[1+strings.Count(path, "/")] {
		if r.path == path {
			return r
		}
	}
	return nil
}

// parameter returns the name of a parameter that is a whole segment of a path.
func parameter(segment string) (string, bool) {
	if len(segment) > 2 && segment[0] == '{' && segment[len(segment)-1] == '}' {
		return segment[1 : len(segment)-1], true
	}
	return "", false
}

// find returns the route of a percent-encoded path, nil for none, and its parameters as they are encoded.
func (rs routes) find(path string) (*route, Params) {
	var space [8]string
	segments := space[:0]
	for segment := range strings.SplitSeq(path, "/") {
		segments = append(segments, segment)
	}
	for _, r := range rs[len(segments)] {
		if params, ok := r.match(segments); ok {
			return r, params
		}
	}
	return nil, nil
}

func (r *route) match(segments []string) (Params, bool) {
	for i, segment := range r.segments {
		if segment != segments[i] && (segment == "" || segment[0] != '{' || segments[i] == "") {
			return nil, false
		}
	}
	if r.parameters == 0 {
		return nil, true
	}
	params := make(Params, 0, r.parameters)
	for i, segment := range r.segments {
		if name, ok := parameter(segment); ok {
			params = append(params, Param{name, segments[i]})
		}
	}
	return params, true
}

// methods returns the methods of a route, sorted.
func (r *route) methods() []string { return slices.Sorted(maps.Keys(r.operations)) }

// encoded returns a path in the plain and percent-encoded form of the routes, false for a badly encoded path.
func encoded(path string) (string, bool) {
	path = apispec.PlainPath(path)
	plain := true
	for i := range len(path) {
		plain = plain && isPlain(path[i])
	}
	if plain {
		return path, true
	}
	decoded, err := url.PathUnescape(path)
	return (&url.URL{Path: decoded, RawPath: path}).EscapedPath(), err == nil
}

// isPlain reports whether a byte has no other form in a percent-encoded path.
func isPlain(char byte) bool {
	return char >= 'a' && char <= 'z' || char >= 'A' && char <= 'Z' || char >= '-' && char <= '9' || char == '_' ||
		char == '~' // the range of the digits begins with - . and /
}
