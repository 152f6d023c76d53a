// Package apispec is an OpenAPI document, openapi.yaml, as data: its operations, events and envelopes, the fields and
// examples of its replies, and the evidence for each of them. It knows no server and judges no message: the mock and
// the contract suite each check messages with code of their own.
package apispec

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	jsonType      = "application/json"
	multipartType = "multipart/form-data"
)

// Spec is a loaded document. It is read-only after loading, so it is safe for concurrent use.
type Spec struct {
	Document   *openapi3.T // each element knows its first line
	Operations []Operation // in the order of the document
	Events     []Event     // in the order of the operations causing them
	routes     []route
}

// route is a path of an operation: its own, or one of x-also-paths.
type route struct {
	operation int // the place in Operations
	parts     []string
}

// Operation is one operation of the document.
type Operation struct {
	Evidence
	ID       string // operationId
	Method   string
	Path     string // such as /users/{id}
	Caller   string // x-caller: who may call it; "" when the document does not say
	Declared *openapi3.Operation
}

// Load reads an OpenAPI document in YAML. The error is for a malformed document, or one without info or paths. Load
// does not validate the document otherwise: see openapi3.T.Validate.
func Load(data []byte) (*Spec, error) { return load(data, true) }

// LoadUnordered is Load in two thirds of the time: no element knows its line, and the operations are in the order of
// their ids.
func LoadUnordered(data []byte) (*Spec, error) { return load(data, false) }

func load(data []byte, lines bool) (*Spec, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = lines
	doc, err := loader.LoadFromData(data)
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	if doc.Info == nil || doc.Paths == nil {
		return nil, errors.New("reading the OpenAPI document: it has no info or no paths")
	}
	s := &Spec{Document: doc}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			own, _ := EvidenceOf(op.Extensions)
			s.Operations = append(s.Operations, Operation{own, op.OperationID, method, path, Text(op.Extensions, "x-caller"),
				op})
		}
	}
	slices.SortFunc(s.Operations, func(a, b Operation) int {
		return cmp.Or(Line(a.Declared.Origin)-Line(b.Declared.Origin), strings.Compare(a.ID, b.ID))
	})
	for i, o := range s.Operations {
		s.Events = append(s.Events, eventsOf(o)...)
		s.routes = append(s.routes, route{i, segments(o.Path)})
		others, _ := o.AlsoPaths() // a test of the document finds a faulty entry
		for _, other := range others {
			s.routes = append(s.routes, route{i, segments(other.Path)})
		}
	}
	return s, nil
}

// segments returns the parts of a path, without those of PlainPath.
func segments(path string) []string { return strings.Split(strings.Trim(PlainPath(path), "/"), "/") }

// Line returns the first line of an element in the document, 0 when it is unknown.
func Line(origin *openapi3.Origin) int {
	if origin == nil || origin.Key == nil {
		return 0
	}
	return origin.Key.Line
}

// Text returns the value of a string extension, "" for none.
func Text(extensions map[string]any, name string) string {
	s, _ := extensions[name].(string)
	return s
}

// IDs returns the operationIds, in the order of the document.
func (s *Spec) IDs() []string {
	ids := make([]string, 0, len(s.Operations))
	for _, o := range s.Operations {
		ids = append(ids, o.ID)
	}
	return ids
}

// Operation returns an operation by its operationId, false when there is none.
func (s *Spec) Operation(id string) (Operation, bool) {
	for _, o := range s.Operations {
		if o.ID == id {
			return o, true
		}
	}
	return Operation{}, false
}

// Find returns the operation at a method and a path below the API's prefix, with or without .json, a trailing slash and
// a query; false when there is none. Of several matches, Find returns the one with the most literal segments. The paths
// of x-also-paths match, too.
func (s *Spec) Find(method, path string) (Operation, bool) {
	path, _, _ = strings.Cut(path, "?")
	asked := strings.Split(strings.TrimPrefix(PlainPath(path), "/"), "/")
	best, found := -1, Operation{}
	for _, r := range s.routes {
		if s.Operations[r.operation].Method != method {
			continue
		}
		if score := matchScore(r.parts, asked); score > best {
			best, found = score, s.Operations[r.operation]
		}
	}
	return found, best >= 0
}

// PlainPath returns a path without a trailing slash and without .json: VSee accepts both on every path.
func PlainPath(path string) string { return strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".json") }

// matchScore returns how many parts of a path template equal the segments of a path, -1 when the path does not match.
func matchScore(parts, segments []string) int {
	if len(segments) != len(parts) {
		return -1
	}
	score := 0
	for i, part := range parts {
		switch {
		case part == segments[i]:
			score++
		case !strings.HasPrefix(part, "{") || segments[i] == "":
			return -1
		}
	}
	return score
}

// TakesBody reports whether a request of the operation may have a body.
func (o Operation) TakesBody() bool { return o.Declared.RequestBody != nil }

// Examples returns the document's examples of the JSON replies with a status, in JSON; nil for none.
func (o Operation) Examples(status int) [][]byte {
	if media := o.json(status); media != nil {
		return ExamplesOf(media)
	}
	return nil
}

// ExamplesOf returns the document's examples of a message, in JSON; nil for none.
func ExamplesOf(media *openapi3.MediaType) [][]byte {
	var values []any
	if media.Example != nil {
		values = append(values, media.Example)
	}
	for _, name := range slices.Sorted(maps.Keys(media.Examples)) {
		values = append(values, media.Examples[name].Value.Value)
	}
	var examples [][]byte
	for _, value := range values {
		if text, err := json.Marshal(value); err == nil { // a value from YAML, or JSON, can be JSON
			examples = append(examples, text)
		}
	}
	return examples
}

// json returns the documented JSON reply with a status, nil for none.
func (o Operation) json(status int) *openapi3.MediaType {
	if reply := o.Declared.Responses.Status(status); reply != nil {
		return reply.Value.Content.Get(jsonType)
	}
	return nil
}

// AlsoPath is another path of an operation (x-also-paths), from another revision of VSee's documentation. It may leave
// out path parameters.
type AlsoPath struct {
	Path string
	Evidence
}

// AlsoPaths returns the other paths of the operation. The error is for an entry without a path, a grade or a source.
func (o Operation) AlsoPaths() ([]AlsoPath, error) {
	const extension = "x-also-paths"
	entries, _ := o.Declared.Extensions[extension].([]any)
	var paths []AlsoPath
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		own, graded := EvidenceOf(entry)
		also := AlsoPath{Text(entry, "path"), own}
		if also.Path == "" || !graded || also.Source == "" {
			return nil, fmt.Errorf("%s of %s has no path, no %s or no %s", extension, o.ID, extEvidence, extSource)
		}
		paths = append(paths, also)
	}
	return paths, nil
}
