// Package strict owns what a reply and an event must be, by openapi.yaml and by what that leaves unsaid: kin-openapi, as
// OpenAPI has it, lets pass a status or a content type that is not declared, fields that are not, a name that stands
// twice, what stands around the JSON, 2020-02-31 and 1e3. Here each of those is a result.Finding.
//
// A Finding names the rule, the place and the line of openapi.yaml that it is about, and never a value. The name of a
// field that is not declared is part of its place when it looks like a name; where it may be a value there is a * .
package strict

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Checker holds replies and events to a document. It is safe for concurrent use.
type Checker struct {
	operations map[string]*openapi3.Operation
	routes     []route
	events     map[string]*openapi3.Schema // by type
}

// route is where an operation is.
type route struct {
	method, id string
	parts      []string // of the path
}

// New returns a Checker of a document with paths. Its findings name the document's lines as far as it was loaded with
// them.
func New(doc *openapi3.T) *Checker {
	c := &Checker{operations: map[string]*openapi3.Operation{}, events: map[string]*openapi3.Schema{}}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			c.operations[op.OperationID] = op
			c.routes = append(c.routes, route{method, op.OperationID, strings.Split(strings.Trim(path, "/"), "/")})
			maps.Copy(c.events, Events(op))
		}
	}
	return c
}

// Operation returns the operationId of the operation that a method and a path below the API's prefix lead to, with or
// without .json and a trailing slash; false when the document has none.
func (c *Checker) Operation(method, path string) (string, bool) {
	path, _, _ = strings.Cut(path, "?")
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".json")
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	best, found := -1, ""
	for _, r := range c.routes {
		if score := r.fit(segments); r.method == method && score > best {
			best, found = score, r.id
		}
	}
	return found, best >= 0
}

// fit returns how many segments a route has as they are, -1 when it is none for them.
func (r route) fit(segments []string) int {
	if len(segments) != len(r.parts) {
		return -1
	}
	score := 0
	for i, part := range r.parts {
		switch {
		case part == segments[i]:
			score++
		case !strings.HasPrefix(part, "{") || segments[i] == "":
			return -1
		}
	}
	return score
}

// findings collects what is wrong with one reply or event.
type findings struct {
	operation string
	status    int
	list      []result.Finding
}

// add adds a finding, once.
func (f *findings) add(rule string, place pointer, line int) {
	found := result.Finding{Rule: rule, Operation: f.operation, Status: f.status, Pointer: place.String(), Line: line}
	if !slices.Contains(f.list, found) {
		f.list = append(f.list, found)
	}
}

// lineOf returns the line at which an element of the document begins, 0 when nobody knows.
func lineOf(origin *openapi3.Origin) int {
	if origin == nil || origin.Key == nil {
		return 0
	}
	return origin.Key.Line
}

// redirects are never an answer of an API, whatever a document says.
var redirects = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusNotModified, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
}
