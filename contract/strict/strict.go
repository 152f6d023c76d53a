// Package strict owns the rules for a reply and an event: those of openapi.yaml, and the ones it leaves unsaid. As
// OpenAPI prescribes, kin-openapi accepts an undeclared status or content type, undeclared fields, a name that
// stands twice, text around the JSON, 2020-02-31 and 1e3. Here each of those is a result.Finding.
//
// A Finding names the rule, the place and the line of openapi.yaml, and never a value. The name of an undeclared
// field is part of its place when it looks like a name; a text that may be a value is replaced by a * .
package strict

import (
	"net/http"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Checker validates replies and events against a document. It is safe for concurrent use.
type Checker struct{ spec *apispec.Spec }

// New returns a Checker of a document. Its findings name the document's lines.
func New(spec *apispec.Spec) *Checker { return &Checker{spec} }

// findings collects the problems of one reply or event.
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

// redirects are never a valid answer of an API, even if a document declares one.
var redirects = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusNotModified, http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
}
