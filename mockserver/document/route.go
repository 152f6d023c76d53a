package document

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/routers"

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

// Find returns the operation for a method and a path, percent-encoded and below the API's prefix, and the path's
// parameters, decoded. A trailing slash and .json do not count. The error is ErrNoPath or a *MethodError.
func (d *Document) Find(method, path string) (*Operation, map[string]string, error) {
	u, ok := urlOf(path)
	if !ok {
		return nil, nil, ErrNoPath
	}
	route, params, err := d.router.FindRoute(&http.Request{Method: method, URL: u})
	if errors.Is(err, routers.ErrMethodNotAllowed) {
		allowed, known := d.allowed(u)
		return nil, nil, &MethodError{allowed, known}
	}
	if err != nil {
		return nil, nil, ErrNoPath
	}
	for name, value := range params {
		if params[name], err = url.PathUnescape(value); err != nil {
			return nil, nil, ErrNoPath
		}
	}
	return d.operationOf(route), params, nil
}

func (d *Document) operationOf(route *routers.Route) *Operation {
	if op, ok := d.otherPaths[route.Path]; ok {
		return op
	}
	return d.operations[route.Operation.OperationID]
}

// Methods returns the methods of a path, percent-encoded and below the API's prefix, sorted; none for a path missing
// from the document.
func (d *Document) Methods(path string) []string {
	u, ok := urlOf(path)
	if !ok {
		return nil
	}
	methods, _ := d.allowed(u)
	return methods
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

// urlOf returns a percent-encoded path in the router's plain form, false for a badly encoded path.
func urlOf(path string) (*url.URL, bool) {
	path = apispec.PlainPath(path)
	decoded, err := url.PathUnescape(path)
	return &url.URL{Path: decoded, RawPath: path}, err == nil
}

// allowed returns the methods of a path, sorted, and the path as the document has it.
func (d *Document) allowed(u *url.URL) (methods []string, path string) {
	for _, method := range []string{
		http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions,
		http.MethodPatch, http.MethodPost, http.MethodPut, http.MethodTrace,
	} {
		if route, _, err := d.router.FindRoute(&http.Request{Method: method, URL: u}); err == nil {
			methods, path = append(methods, method), d.operationOf(route).Path
		}
	}
	return slices.Clip(methods), path
}
