package strict

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Events returns the schema of the payload of each event that comes of an operation, by its type.
func Events(op *openapi3.Operation) map[string]*openapi3.Schema {
	events := map[string]*openapi3.Schema{}
	for _, callback := range op.Callbacks {
		for _, item := range callback.Value.Map() {
			for _, event := range item.Operations() {
				kind, _ := event.Extensions["x-event"].(string)
				if body := event.RequestBody; body != nil && body.Value.Content.Get(mediaJSON) != nil {
					events[kind] = body.Value.Content.Get(mediaJSON).Schema.Value
				}
			}
		}
	}
	return events
}

// Envelope is one of the forms that an event comes in.
type Envelope struct {
	Name   string // what the document calls it, "" for nothing
	Schema *openapi3.Schema
}

// Envelopes returns those that an event may come in, in the order of the document.
func Envelopes(event *openapi3.Schema) []Envelope {
	parts := append(append(openapi3.SchemaRefs{}, event.AnyOf...), event.OneOf...)
	if len(parts) == 0 {
		parts = openapi3.SchemaRefs{{Value: event}}
	}
	var envelopes []Envelope
	for _, part := range parts {
		name, _ := part.Value.Extensions["x-envelope"].(string)
		envelopes = append(envelopes, Envelope{name, part.Value})
	}
	return envelopes
}

// Event returns what is wrong with the payload of an event, nil for nothing. envelope is what the document calls the
// envelope that it must be in; with "" it may be in any, and is held to the one that it is most like.
func (c *Checker) Event(payload []byte, envelope string) []result.Finding {
	f := &findings{}
	value, ok := f.document(nil, payload)
	if !ok {
		return f.list
	}
	object, _ := value.(map[string]any)
	kind, _ := object["type"].(string)
	schema, ok := c.events[kind]
	if !ok {
		f.add("openapi.yaml has no event of this type", pointer{"type"}, 0)
		return f.list
	}
	f.operation = kind
	for i := range f.list {
		f.list[i].Operation = kind
	}
	envelopes := slices.DeleteFunc(Envelopes(schema), func(e Envelope) bool { return envelope != "" && e.Name != envelope })
	if len(envelopes) == 0 {
		f.add("openapi.yaml has no such envelope for this event", nil, lineOf(schema.Origin))
		return f.list
	}
	_, least := nearest(kind, envelopes, value)
	return append(f.list, least...)
}

// EnvelopeOf returns the type of an event and the envelope that its payload is most like. The type is "" for a payload
// that is none of the document's events.
func (c *Checker) EnvelopeOf(payload []byte) (kind, envelope string) {
	value, _ := (&findings{}).document(nil, payload)
	object, _ := value.(map[string]any)
	kind, _ = object["type"].(string)
	schema, ok := c.events[kind]
	if !ok {
		return "", ""
	}
	in, _ := nearest(kind, Envelopes(schema), value)
	return kind, in.Name
}

// nearest returns the one of envelopes that a payload is most like, with what is wrong with it there.
func nearest(kind string, envelopes []Envelope, payload any) (Envelope, []result.Finding) {
	var best Envelope
	var least *findings
	for _, in := range envelopes {
		tried := &findings{operation: kind}
		tried.schema(in.Schema, payload)
		tried.fields([]*openapi3.Schema{in.Schema}, payload, nil)
		if least == nil || len(tried.list) < len(least.list) {
			best, least = in, tried
		}
	}
	return best, least.list
}
