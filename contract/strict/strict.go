// Package strict owns what a reply and an event must be, by openapi.yaml and by what that leaves unsaid: kin-openapi, as
// OpenAPI has it, lets pass a status or a content type that is not declared, fields that are not, a name that stands
// twice, what stands around the JSON, 2020-02-31 and 1e3. Here each of those is a result.Finding.
//
// A Finding names the rule, the place and the line of openapi.yaml that it is about, and never a value. The name of a
// field that is not declared is part of its place when it looks like a name; where it may be a value there is a * .
package strict

import (
	"net/http"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Checker holds replies and events to a document. It is safe for concurrent use.
type Checker struct{ spec *apispec.Spec }

// New returns a Checker of a document. Its findings name the document's lines.
func New(spec *apispec.Spec) *Checker { return &Checker{spec} }

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

// redirects are never an answer of an API, whatever a document says.
var redirects = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusNotModified, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
}
