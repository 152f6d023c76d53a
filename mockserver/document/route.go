package document

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/getkin/kin-openapi/routers"
)

// ErrNoPath is returned for a path that the document does not have.
var ErrNoPath = errors.New("the document has no such path")

// MethodError is returned for a path that the document has, but not with the method.
type MethodError struct{ Allowed []string }

func (e *MethodError) Error() string { return "the document has the path, but not with this method" }

// Find returns the operation for a method and a path, percent-encoded and below the API's prefix, and the path's
// parameters, decoded. The error is ErrNoPath or a *MethodError.
func (d *Document) Find(method, path string) (*Operation, map[string]string, error) {
	decoded, err := url.PathUnescape(path)
	if err != nil {
		return nil, nil, ErrNoPath
	}
	u := &url.URL{Path: decoded, RawPath: path}
	route, params, err := d.router.FindRoute(&http.Request{Method: method, URL: u})
	if errors.Is(err, routers.ErrMethodNotAllowed) {
		return nil, nil, &MethodError{Allowed: d.allowed(u)}
	}
	if err != nil {
		return nil, nil, ErrNoPath
	}
	for name, value := range params {
		if params[name], err = url.PathUnescape(value); err != nil {
			return nil, nil, ErrNoPath
		}
	}
	return d.operations[route.Operation.OperationID], params, nil
}

// allowed returns the methods of a path, sorted.
func (d *Document) allowed(u *url.URL) []string {
	var methods []string
	for _, method := range []string{
		http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodOptions,
		http.MethodPatch, http.MethodPost, http.MethodPut, http.MethodTrace,
	} {
		if _, _, err := d.router.FindRoute(&http.Request{Method: method, URL: u}); err == nil {
			methods = append(methods, method)
		}
	}
	return slices.Clip(methods)
}
