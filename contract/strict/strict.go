// Package strict owns the rules for a reply and an event: those of openapi.yaml, and the ones it leaves unsaid. As
// OpenAPI prescribes, kin-openapi accepts an undeclared status or content type, undeclared fields, a name that
// stands twice, text around the JSON, 2020-02-31 and 1e3. Here each of those is a Finding.
//
// A Finding names the rule, the place and the line of openapi.yaml, and never a value. The name of an undeclared
// field is part of its place when it looks like a name; a text that may be a value is replaced by a * .
package strict

import (
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Checker validates replies and events against a document. It is safe for concurrent use.
type Checker struct{ spec *apispec.Spec }

// New returns a Checker of a document. Its findings name the document's lines.
func New(spec *apispec.Spec) *Checker { return &Checker{spec} }

// Finding is one way in which a message breaks the document. It has no value of the message but members of
// enumerations, and the value of a field that should have one.
type Finding struct {
	Kind          result.Kind
	Pointer       string // JSON pointer; a name that may be a value is *; "" for the whole message
	Expected, Got string // as in result.Key
	Rule          string // a sentence
	Evidence      string // the grade of the broken statement; "" for that of its operation or event
	Optional      bool   // the message may leave the field out
	Line          int    // in the document; 0 for none
}

// findings collects the problems of one reply or event.
type findings struct {
	status int
	root   *openapi3.Schema // of the body; nil for none
	list   []Finding
}

// add adds a finding, once. Its evidence and whether it is optional come from the schema at its place.
func (f *findings) add(found Finding, place pointer) {
	found.Pointer = place.String()
	var required bool
	found.Evidence, required = statement(f.root, place)
	found.Optional = !required
	if !slices.Contains(f.list, found) {
		f.list = append(f.list, found)
	}
}

// statement returns the grade of a field, "" for none of its own, and whether the document requires the field.
func statement(root *openapi3.Schema, place pointer) (grade string, required bool) {
	if root == nil {
		return "", true
	}
	schemas, required := Parts(root), true
	for _, name := range place {
		var next []*openapi3.Schema
		required = false
		for _, s := range schemas {
			required = required || slices.Contains(s.Required, name)
			if ref := s.Properties[name]; ref != nil {
				next = append(next, Parts(ref.Value)...)
			}
			if s.Items != nil && number.MatchString(name) {
				next, required = append(next, Parts(s.Items.Value)...), true
			}
		}
		schemas = next
		for _, s := range schemas {
			if own, ok := apispec.EvidenceOf(s.Extensions); ok {
				grade = own.Grade
				break
			}
		}
	}
	return grade, required
}

// Parts returns a schema and, at any depth, the parts of its allOf, anyOf and oneOf.
func Parts(schema *openapi3.Schema) []*openapi3.Schema {
	all := []*openapi3.Schema{schema}
	for _, refs := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, ref := range refs {
			all = append(all, Parts(ref.Value)...)
		}
	}
	return all
}

// redirects are never a valid answer of an API, even if a document declares one.
var redirects = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusNotModified,
	http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
}
