package apispec

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// The extensions of the document for evidence.
const (
	extEvidence = "x-evidence" // the grade of an operation, event, error or field
	extSource   = "x-source"   // the source of the evidence
)

// Grades are the grades of evidence, from VSee's own words to this project's decisions.
func Grades() []string { return []string{"seed", "documented", "observed", "inferred", "ours"} }

// Evidence is the grade and the source of one thing of the document.
type Evidence struct {
	Grade  string `json:"grade"`  // one of Grades
	Source string `json:"source"` // its origin, in words
}

// Known is an operation, an event, a page, an error or a credential, with its evidence.
type Known struct {
	Evidence
	Kind string `json:"kind"` // operation, event, page, error or credential
	// an operationId, the type of an event, the name of a page, a reply or of a security scheme
	Name string `json:"name"`
	// of an operation or a page: its method and path; of an error: its status; of a credential: its header
	Call   string       `json:"call,omitempty"`
	Fields []KnownField `json:"fields,omitempty"` // of an operation, an event or a page
}

// KnownField is one field of an operation, an event or a page. Without a grade of its own it has the grade of its
// operation.
type KnownField struct {
	Evidence
	Part string `json:"part"` // path, query, request, reply or payload; header for those of an event
	Name string `json:"name"` // its place, with dots; [] follows the name of a list
}

// The kinds of Known, in the order of EvidenceTable.
var kinds = []string{"operation", "event", "page", "error", "credential"}

// EvidenceTable returns the evidence for each operation, event, page, error and credential of the document, by kind and
// name.
// The document must be valid OpenAPI.
func (s *Spec) EvidenceTable() []Known {
	var table []Known
	for _, o := range s.Operations {
		table = append(table, knownOperation(o))
	}
	for _, e := range s.Events {
		table = append(table, knownEvent(e))
	}
	table = append(table, s.knownPages()...)
	for name, reply := range s.Document.Components.Responses {
		if known, ok := EvidenceOf(reply.Value.Extensions); ok {
			table = append(table, Known{known, "error", name, s.statuses(name), nil})
		}
	}
	for name, scheme := range s.Document.Components.SecuritySchemes {
		known, _ := EvidenceOf(scheme.Value.Extensions)
		table = append(table, Known{known, "credential", name, scheme.Value.Name, nil})
	}
	slices.SortFunc(table, func(a, b Known) int {
		if a.Kind != b.Kind {
			return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return table
}

// EvidenceOf returns the evidence stated by extensions, false for none.
func EvidenceOf(extensions map[string]any) (Evidence, bool) {
	e := Evidence{Text(extensions, extEvidence), Text(extensions, extSource)}
	return e, e.Grade != ""
}

// evidenceWithin returns the evidence stated by extensions, or else the evidence of the surrounding element.
func evidenceWithin(around Evidence, extensions map[string]any) Evidence {
	if own, ok := EvidenceOf(extensions); ok {
		return own
	}
	return around
}

// statuses returns the statuses of a reply of components.responses in the operations, separated by commas.
func (s *Spec) statuses(name string) string {
	var found []string
	for _, o := range s.Operations {
		for status, reply := range o.Declared.Responses.Map() {
			if reply.Ref == "#/components/responses/"+name && !slices.Contains(found, status) {
				found = append(found, status)
			}
		}
	}
	slices.Sort(found)
	return strings.Join(found, ", ")
}

func knownOperation(o Operation) Known {
	known := Known{Evidence: o.Evidence, Kind: "operation", Name: o.ID, Call: o.Method + " " + o.Path}
	others, _ := o.AlsoPaths() // the server refuses a document with malformed ones
	for _, other := range others {
		known.Fields = append(known.Fields, KnownField{other.Evidence, "path", other.Path})
	}
	known.Fields = append(known.Fields, parameters(o.Evidence, o.Declared)...)
	if o.TakesBody() {
		known.Fields = append(known.Fields, requestFields(o.Evidence, o.Declared.RequestBody.Value)...)
	}
	for status := range o.Declared.Responses.Map() {
		code, _ := strconv.Atoi(status)
		if media := o.json(code); code >= 200 && code < 300 && media != nil {
			known.Fields = append(known.Fields, leafFields(o.Evidence, "reply", "", media.Schema.Value)...)
		}
	}
	return known
}

func parameters(around Evidence, op *openapi3.Operation) []KnownField {
	var fields []KnownField
	for _, p := range op.Parameters {
		fields = append(fields, KnownField{evidenceWithin(around, p.Value.Extensions), p.Value.In, p.Value.Name})
	}
	return fields
}

// requestFields returns the fields of a request body. x-field-evidence grades them by their places.
func requestFields(around Evidence, body *openapi3.RequestBody) []KnownField {
	media := body.Content.Get(jsonType)
	if media == nil {
		return nil
	}
	fields := leafFields(around, "request", "", media.Schema.Value)
	for _, upload := range fileFields(around, body) {
		if !slices.ContainsFunc(fields, func(f KnownField) bool { return f.Name == upload.Name }) {
			fields = append(fields, upload)
		}
	}
	entries, _ := body.Extensions["x-field-evidence"].([]any)
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		own, _ := EvidenceOf(entry)
		names, _ := entry["fields"].([]any)
		for i, field := range fields {
			for _, n := range names {
				name := withoutIndexes(fmt.Sprint(n))
				if field.Name == name || strings.HasPrefix(field.Name, name+".") {
					fields[i].Evidence = own
				}
			}
		}
	}
	return fields
}

// fileFields returns the file fields of a request, because its JSON schema cannot have them.
func fileFields(around Evidence, body *openapi3.RequestBody) []KnownField {
	form := body.Content.Get(multipartType)
	if form == nil {
		return nil
	}
	var fields []KnownField
	declared := Properties(form.Schema.Value)
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		field := KnownField{evidenceWithin(around, declared[name].Value.Extensions), "request", withoutIndexes(name)}
		if declared[name].Value.Format == "binary" && !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	return fields
}

// itemIndex matches an item's index in a list.
var itemIndex = regexp.MustCompile(`\.[0-9]+\.`)

// withoutIndexes returns a place without the indexes of items, because all items have the same evidence.
func withoutIndexes(place string) string { return itemIndex.ReplaceAllString(place, "[].") }

// knownEvent returns an event with the fields of all envelopes.
func knownEvent(e Event) Known {
	known := Known{Evidence: e.Evidence, Kind: "event", Name: e.Type, Fields: parameters(e.Evidence, e.Declared)}
	for _, envelope := range e.Envelopes {
		part := strings.TrimSpace("payload " + envelope.Name)
		known.Fields = append(known.Fields, leafFields(e.Evidence, part, "", envelope.Schema)...)
	}
	return known
}

// knownPages returns the pages of the portal.
func (s *Spec) knownPages() []Known {
	var pages []Known
	listed, _ := s.Document.Extensions["x-pages"].([]any)
	for _, p := range listed {
		page, _ := p.(map[string]any)
		own, _ := EvidenceOf(page)
		known := Known{Evidence: own, Kind: "page", Name: Text(page, "name"), Call: Text(page, "call")}
		fields, _ := page["fields"].([]any)
		for _, f := range fields {
			field, _ := f.(map[string]any)
			known.Fields = append(known.Fields, KnownField{evidenceWithin(own, field), Text(field, "in"), Text(field, "name")})
		}
		pages = append(pages, known)
	}
	return pages
}

// leafFields returns the fields of a schema without fields of their own, in the order of their places.
func leafFields(around Evidence, part, place string, schema *openapi3.Schema) []KnownField {
	around = evidenceWithin(around, schema.Extensions)
	if schema.ReadOnly { // a request may send it back, as a whole
		return []KnownField{{around, part, place}}
	}
	if schema.Items != nil {
		return leafFields(around, part, place+"[]", schema.Items.Value)
	}
	var fields []KnownField
	for _, piece := range schema.AllOf {
		if len(Properties(piece.Value)) > 0 {
			fields = append(fields, leafFields(around, part, place, piece.Value)...)
		}
	}
	for name, property := range schema.Properties {
		fields = append(fields, leafFields(around, part, strings.TrimPrefix(place+"."+name, "."), property.Value)...)
	}
	if len(fields) == 0 && place != "" {
		return []KnownField{{around, part, place}}
	}
	slices.SortStableFunc(fields, func(a, b KnownField) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(fields, func(a, b KnownField) bool { return a.Name == b.Name })
}

// GradeOf returns the evidence of a field, or that of all fields below it when it is one; no grade when they differ.
func (k Known) GradeOf(part, place string) Evidence {
	var found Evidence
	for _, f := range k.Fields {
		rest, below := strings.CutPrefix(f.Name, place)
		if f.Part != part || !below || rest != "" && rest[0] != '.' && rest[0] != '[' {
			continue
		}
		if found.Grade != "" && found.Grade != f.Grade {
			return Evidence{}
		}
		found = f.Evidence
	}
	return found
}
