package document

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Grades are the grades of evidence, from what VSee has written to what this project decided.
func Grades() []string { return []string{"seed", "documented", "observed", "inferred", "ours"} }

// Evidence is how well one thing of the document is known, and where from.
type Evidence struct {
	Grade  string `json:"grade"`  // one of Grades
	Source string `json:"source"` // where it comes from, in words
}

// Known is an operation, an event or an error, and how well it is known.
type Known struct {
	Evidence
	Kind   string  `json:"kind"`             // operation, event, page, error or credential
	Name   string  `json:"name"`             // an operationId, the type of an event, the name of a page, a reply or of a security scheme
	Call   string  `json:"call,omitempty"`   // of an operation or a page: its method and path; of an error: its status; of a credential: its header
	Fields []Field `json:"fields,omitempty"` // of an operation, an event or a page
}

// Field is one field of an operation, an event or a page. Without a grade of its own it is of what it stands in.
type Field struct {
	Evidence
	Part string `json:"part"` // path, query, request, reply or payload; header for those of an event
	Name string `json:"name"` // its place, with dots; [] follows the name of a list
}

// The kinds of Known, in the order in which Ledger has them.
var kinds = []string{"operation", "event", "page", "error", "credential"}

// Ledger returns how well each operation, event, page, error and credential of a document is known, by kind and name. The
// error is for what is no OpenAPI document.
func Ledger(data []byte) ([]Known, error) {
	spec, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	if err := spec.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("checking the OpenAPI document: %w", err)
	}
	var ledger []Known
	for _, path := range slices.Sorted(maps.Keys(spec.Paths.Map())) {
		for method, op := range spec.Paths.Value(path).Operations() {
			ledger = append(ledger, knownOperation(method+" "+path, op))
			ledger = append(ledger, knownEvents(op)...)
		}
	}
	ledger = append(ledger, knownPages(spec)...)
	for name, reply := range spec.Components.Responses {
		if known, ok := evidence(reply.Value.Extensions); ok {
			ledger = append(ledger, Known{known, "error", name, statuses(spec, name), nil})
		}
	}
	for name, scheme := range spec.Components.SecuritySchemes {
		known, _ := evidence(scheme.Value.Extensions)
		ledger = append(ledger, Known{known, "credential", name, scheme.Value.Name, nil})
	}
	slices.SortFunc(ledger, func(a, b Known) int {
		if a.Kind != b.Kind {
			return slices.Index(kinds, a.Kind) - slices.Index(kinds, b.Kind)
		}
		return strings.Compare(a.Name, b.Name)
	})
	return ledger, nil
}

// evidence returns what extensions say, false when they do not.
func evidence(extensions map[string]any) (Evidence, bool) {
	e := Evidence{text(extensions, extEvidence), text(extensions, extSource)}
	return e, e.Grade != ""
}

// within returns what extensions say; what stands around them otherwise.
func within(around Evidence, extensions map[string]any) Evidence {
	if own, ok := evidence(extensions); ok {
		return own
	}
	return around
}

// statuses returns the statuses that operations answer a reply of components.responses with, separated by commas.
func statuses(spec *openapi3.T, name string) string {
	var found []string
	for _, item := range spec.Paths.Map() {
		for _, op := range item.Operations() {
			for status, reply := range op.Responses.Map() {
				if reply.Ref == "#/components/responses/"+name && !slices.Contains(found, status) {
					found = append(found, status)
				}
			}
		}
	}
	slices.Sort(found)
	return strings.Join(found, ", ")
}

func knownOperation(call string, op *openapi3.Operation) Known {
	own, _ := evidence(op.Extensions)
	known := Known{Evidence: own, Kind: "operation", Name: op.OperationID, Call: call}
	others, _ := alsoOf(op) // they were checked when the document was loaded
	for _, other := range others {
		known.Fields = append(known.Fields, Field{other.Evidence, "path", other.path})
	}
	for _, p := range op.Parameters {
		known.Fields = append(known.Fields, Field{within(own, p.Value.Extensions), p.Value.In, p.Value.Name})
	}
	if op.RequestBody != nil {
		known.Fields = append(known.Fields, requested(own, op.RequestBody.Value)...)
	}
	for status, reply := range op.Responses.Map() {
		code, _ := strconv.Atoi(status)
		media := reply.Value.Content.Get(jsonType)
		if code >= 200 && code < 300 && media != nil {
			known.Fields = append(known.Fields, leaves(own, "reply", "", media.Schema.Value)...)
		}
	}
	return known
}

// requested returns the fields of a request's body, which x-field-evidence grades by their places.
func requested(around Evidence, body *openapi3.RequestBody) []Field {
	media := body.Content.Get(jsonType)
	if media == nil {
		return nil
	}
	fields := leaves(around, "request", "", media.Schema.Value)
	for _, upload := range uploads(around, body) {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.Name == upload.Name }) {
			fields = append(fields, upload)
		}
	}
	entries, _ := body.Extensions[extFieldEvidence].([]any)
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		said, _ := evidence(entry)
		names, _ := entry["fields"].([]any)
		for i, field := range fields {
			for _, n := range names {
				name := unnumbered(fmt.Sprint(n))
				if field.Name == name || strings.HasPrefix(field.Name, name+".") {
					fields[i].Evidence = said
				}
			}
		}
	}
	return fields
}

// uploads returns the fields of a request that are files, which its JSON schema cannot have.
func uploads(around Evidence, body *openapi3.RequestBody) []Field {
	form := body.Content.Get(multipartType)
	if form == nil {
		return nil
	}
	var fields []Field
	declared := properties(form.Schema.Value)
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		field := Field{within(around, declared[name].Value.Extensions), "request", unnumbered(name)}
		if declared[name].Value.Format == formatFile && !slices.Contains(fields, field) {
			fields = append(fields, field)
		}
	}
	return fields
}

// number is an item's number in a list.
var number = regexp.MustCompile(`\.[0-9]+\.`)

// unnumbered returns a place without the numbers of items: they are all known alike.
func unnumbered(place string) string { return number.ReplaceAllString(place, "[].") }

// knownEvents returns the events that an operation's callbacks deliver, with the fields of all envelopes.
func knownEvents(op *openapi3.Operation) []Known {
	var events []Known
	for _, callback := range op.Callbacks {
		for _, item := range callback.Value.Map() {
			for _, delivery := range item.Operations() {
				own, _ := evidence(delivery.Extensions)
				known := Known{Evidence: own, Kind: "event", Name: text(delivery.Extensions, extEvent)}
				for _, p := range delivery.Parameters {
					known.Fields = append(known.Fields, Field{within(own, p.Value.Extensions), p.Value.In, p.Value.Name})
				}
				for _, payload := range delivery.RequestBody.Value.Content.Get(jsonType).Schema.Value.AnyOf {
					part := "payload"
					if envelope := text(payload.Value.Extensions, extEnvelope); envelope != "" {
						part += " " + envelope
					}
					known.Fields = append(known.Fields, leaves(own, part, "", payload.Value)...)
				}
				events = append(events, known)
			}
		}
	}
	return events
}

// knownPages returns the pages of the portal.
func knownPages(spec *openapi3.T) []Known {
	var pages []Known
	listed, _ := spec.Extensions[extPages].([]any)
	for _, p := range listed {
		page, _ := p.(map[string]any)
		own, _ := evidence(page)
		known := Known{Evidence: own, Kind: "page", Name: text(page, "name"), Call: text(page, "call")}
		fields, _ := page["fields"].([]any)
		for _, f := range fields {
			field, _ := f.(map[string]any)
			known.Fields = append(known.Fields, Field{within(own, field), text(field, "in"), text(field, "name")})
		}
		pages = append(pages, known)
	}
	return pages
}

// leaves returns the fields of a schema that have no fields of their own, in the order of their places.
func leaves(around Evidence, part, place string, schema *openapi3.Schema) []Field {
	around = within(around, schema.Extensions)
	if schema.ReadOnly { // a request may send it back, as a whole
		return []Field{{around, part, place}}
	}
	if schema.Items != nil {
		return leaves(around, part, place+"[]", schema.Items.Value)
	}
	var fields []Field
	for _, piece := range schema.AllOf {
		if len(properties(piece.Value)) > 0 {
			fields = append(fields, leaves(around, part, place, piece.Value)...)
		}
	}
	for name, property := range schema.Properties {
		fields = append(fields, leaves(around, part, strings.TrimPrefix(place+"."+name, "."), property.Value)...)
	}
	if len(fields) == 0 && place != "" {
		return []Field{{around, part, place}}
	}
	slices.SortStableFunc(fields, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(fields, func(a, b Field) bool { return a.Name == b.Name })
}
