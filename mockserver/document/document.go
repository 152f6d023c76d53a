// Package document is openapi.yaml as the server uses it: its routes, its requests and replies, the payloads of
// events, and the evidence of each operation. All of the server's knowledge of the document passes through here, so
// another validator can take kin-openapi's place.
package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// The extensions of OpenAPI for reading a request. Package apispec has the extensions for evidence and events.
const (
	extField  = "x-field"  // the place of a form field in the JSON body
	extAlso   = "x-also"   // other names of a form field
	extWords  = "x-words"  // of a form field: its values, each with its value in the JSON body
	extUnset  = "x-unset"  // of a field: an empty text counts as not sent
	extRule   = "x-rule"   // the sentence for refusing a value of a schema
	extPages  = "x-pages"  // the pages of VSee's portal; they are no operations
	extSecret = "x-secret" // a field, a parameter or a header holds a credential
	extClosed = "x-closed" // an operation may refuse undeclared parameters of its query
	extTypes  = "x-types"  // the media types of a file, any for none
	extPairs  = "x-pairs"  // a parameter takes name.value as an object too: sort[name]=value, or its JSON
)

// Document is a loaded openapi.yaml, safe for concurrent use.
type Document struct {
	graded     func() ([]byte, error) // the document with its grades in the descriptions
	routes     routes
	operations map[string]*Operation
	events     map[event]message
	failure    message        // components.schemas.Failure
	unrouted   map[int]string // the evidence grade of refusing a request without an operation, by status
	secrets    []string       // as Secrets returns them
}

// event is a type of event in an envelope.
type event struct{ kind, envelope string }

// Load reads a document and validates it: as OpenAPI, with its examples, and by the rules of this package. For
// example, each field of a JSON body must have one form field.
func Load(data []byte) (*Document, error) {
	all, err := apispec.LoadUnordered(data)
	if err != nil {
		return nil, err
	}
	spec := all.Document
	if err := spec.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("checking the OpenAPI document: %w", err)
	}
	// Scenarios and the control API can ask for a text that VSee does not list, and say so: the mock sends it.
	if texts := spec.Components.Schemas["EligibilityResponse"]; texts != nil {
		texts.Value.Enum, texts.Value.MinLength = nil, 1
	}
	d := &Document{
		graded: sync.OnceValues(func() ([]byte, error) { return apispec.Graded(data) }),
		routes: routes{}, operations: map[string]*Operation{},
		events: map[event]message{}, unrouted: map[int]string{},
	}
	l := newLoading(spec)
	for _, op := range all.Operations {
		if err := d.addOperation(l, op); err != nil {
			return nil, fmt.Errorf("checking %s %s: %w", op.Method, op.Path, err)
		}
	}
	for _, op := range all.Operations {
		if err := d.routes.addOthers(d.operations[op.ID], op); err != nil {
			return nil, err
		}
	}
	for _, e := range all.Events {
		if err := d.addEvent(l, e); err != nil {
			return nil, fmt.Errorf("checking the callbacks of %s: %w", e.Operation, err)
		}
	}
	ref := spec.Components.Schemas["Failure"]
	if ref == nil {
		return nil, errors.New("checking the OpenAPI document: it has no schema named Failure")
	}
	d.failure = l.message(ref.Value)
	for status, name := range map[int]string{http.StatusNotFound: "NotFound",
		http.StatusMethodNotAllowed: "OtherFailure"} {
		reply := spec.Components.Responses[name]
		if reply == nil {
			return nil, fmt.Errorf("checking the OpenAPI document: it has no response %s", name)
		}
		own, graded := apispec.EvidenceOf(reply.Value.Extensions)
		if !graded {
			return nil, fmt.Errorf("checking the OpenAPI document: its response %s has no x-evidence", name)
		}
		d.unrouted[status] = own.Grade
	}
	d.secrets = d.secretNames(spec)
	return d, nil
}

func (d *Document) addOperation(l *loading, op apispec.Operation) error {
	if op.ID == "" {
		return errors.New("it has no operationId")
	}
	operation, err := l.operation(op)
	if err != nil {
		return err
	}
	d.operations[op.ID] = operation
	return d.routes.add(operation)
}

// addEvent notes the payloads of an event: one for each envelope.
func (d *Document) addEvent(l *loading, e apispec.Event) error {
	if e.Type == "" || len(e.Envelopes) == 0 {
		return fmt.Errorf("callback %s has no x-event or no JSON body", e.Declared.OperationID)
	}
	for _, in := range e.Envelopes {
		if in.Name == "" {
			return fmt.Errorf("a payload of callback %s has no x-envelope", e.Declared.OperationID)
		}
		d.events[event{e.Type, in.Name}] = l.message(in.Schema)
	}
	return nil
}

// Operations returns the operationIds of the document, sorted.
func (d *Document) Operations() []string { return slices.Sorted(maps.Keys(d.operations)) }

// Unrouted returns the evidence grade of refusing, with a status, a request without an operation.
func (d *Document) Unrouted(status int) string { return d.unrouted[status] }

// CheckFailure returns an error if a reply without an operation does not match openapi.yaml: it must be a Failure.
func (d *Document) CheckFailure(body []byte) error { return d.failure.check(body) }

// Events returns the types of events in the document, sorted.
func (d *Document) Events() []string {
	var kinds []string
	for e := range d.events {
		kinds = append(kinds, e.kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// CheckEvent returns an error if the payload of an event of this type, in this envelope, does not match openapi.yaml.
func (d *Document) CheckEvent(kind, envelope string, payload []byte) error {
	m, ok := d.events[event{kind, envelope}]
	if !ok {
		return fmt.Errorf("the document has no event of type %s in envelope %s", kind, envelope)
	}
	return m.check(payload)
}

// defaultServer is the entry for a mock at its default address.
const defaultServer = "  - url: http://127.0.0.1:8080/api_v3\n    description: vsee-mock on this computer\n"

// Served returns the document for readers: its descriptions have the evidence grades, and the first server is the one
// at a URL, instead of the mock's default address.
func (d *Document) Served(url string) ([]byte, error) {
	graded, err := d.graded()
	if err != nil {
		return nil, err
	}
	head, rest, _ := bytes.Cut(graded, []byte("\nservers:\n"))
	rest = bytes.Replace(rest, []byte(defaultServer), nil, 1)
	server := fmt.Sprintf("\nservers:\n  - url: %q\n    description: The mock that serves this document\n", url)
	return slices.Concat(head, []byte(server), rest), nil
}
