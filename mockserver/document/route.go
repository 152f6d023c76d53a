package document

import (
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// ErrNoPath is returned for a path missing from the document.
var ErrNoPath = errors.New("the document has no such path")

// MethodError is returned for a path in the document with a method missing there.
type MethodError struct {
	Allowed []string // sorted
	Path    string   // as the document has it
}

func (e *MethodError) Error() string { return "the document has the path, but not with this method" }

// Params are the parameters in the path of a request, in its order.
type Params []Param

// Param is a parameter by its name in the document.
type Param struct{ Name, Value string }

// Get returns the value of a parameter, empty for none.
func (p Params) Get(name string) string {
	value, _ := p.Lookup(name)
	return value
}

// Lookup returns the value of a parameter, false for none.
func (p Params) Lookup(name string) (string, bool) {
	for i := range p {
		if p[i].Name == name {
			return p[i].Value, true
		}
	}
	return "", false
}

// Find returns the operation for a method and a path, percent-encoded and below the API's prefix, and the path's
// parameters, decoded. A trailing slash and .json do not count. The error is ErrNoPath or a *MethodError.
func (d *Document) Find(method, path string) (*Operation, Params, error) {
	path, ok := encoded(path)
	if !ok {
		return nil, nil, ErrNoPath
	}
	var params Params
	r := d.routes.at(path)
	if r == nil || r.parameters > 0 {
		r, params = d.routes.find(path)
	}
	if r == nil {
		return nil, nil, ErrNoPath
	}
	op := r.operations[method]
	if op == nil {
		allowed := r.methods()
		return nil, nil, &MethodError{allowed, r.operations[allowed[0]].Path}
	}
	for i, param := range params {
		if strings.IndexByte(param.Value, '%') < 0 {
			continue
		}
		var err error
		if params[i].Value, err = url.PathUnescape(param.Value); err != nil {
			return nil, nil, ErrNoPath
		}
	}
	return op, params, nil
}

// Methods returns the methods of a path, percent-encoded and below the API's prefix, sorted; none for a path missing
// from the document.
func (d *Document) Methods(path string) []string {
	path, ok := encoded(path)
	if !ok {
		return nil
	}
	if r, _ := d.routes.find(path); r != nil {
		return r.methods()
	}
	return nil
}

// NearPath returns the path of the document that a path missing from it probably means, percent-encoded and below the
// API's prefix: one with a word of another spelling, or with a beginning that was left out. It is empty for none.
func (d *Document) NearPath(path string) string {
	path, ok := encoded(path)
	if !ok {
		return ""
	}
	best, near := 3, ""
	for _, op := range d.operations {
		known := apispec.PlainPath(op.Path)
		distance := pathDistance(strings.Split(path, "/"), strings.Split(known, "/"))
		if path != "" && path != "/" && strings.HasSuffix(known, path) {
			distance = 1
		}
		if distance < best || distance == best && near != "" && op.Path < near {
			best, near = distance, op.Path
		}
	}
	return near
}

// pathDistance returns the number of edits between the words of two paths, a parameter being any text; a large number
// where one word is another one.
func pathDistance(sent, known []string) int {
	const far = 100
	if len(sent) != len(known) {
		return far
	}
	sum := 0
	for i, segment := range known {
		if _, whole := parameter(segment); whole {
			continue
		}
		if n := len(sent[i]) - len(segment); n < -2 || n > 2 {
			return far // this test is cheap, while the cost of comparing is quadratic in the length
		}
		d := suggest.Distance(sent[i], segment)
		if d > maxEdits(sent[i], segment) {
			return far
		}
		sum += d
	}
	return sum
}

// WordPaths returns the paths that the document has with a word in place of an operation's only parameter, at the end
// of its path, for the same method, sorted; none for another path. near is the one that a value resembles, empty for
// none.
func (d *Document) WordPaths(o *Operation, value string) (paths []string, near string) {
	parent, last := path.Split(o.Path)
	if !strings.HasPrefix(last, "{") || strings.Contains(parent, "{") {
		return nil, ""
	}
	for _, other := range d.operations {
		above, word := path.Split(other.Path)
		if above == parent && word != "" && word[0] != '{' && other.Method == o.Method {
			paths = append(paths, other.Path)
		}
	}
	slices.Sort(paths)
	return paths, suggest.Name(parent+value, paths)
}
