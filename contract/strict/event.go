package strict

import (
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

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
	envelopes := envelopesOf(schema, envelope)
	if len(envelopes) == 0 {
		f.add("openapi.yaml has no such envelope for this event", nil, lineOf(schema.Origin))
		return f.list
	}
	var least *findings
	for _, in := range envelopes {
		tried := &findings{operation: kind}
		tried.schema(in, value)
		tried.fields([]*openapi3.Schema{in}, value, nil)
		if least == nil || len(tried.list) < len(least.list) {
			least = tried
		}
	}
	return append(f.list, least.list...)
}

// envelopesOf returns the schemas of an event in an envelope, in all of them for "".
func envelopesOf(schema *openapi3.Schema, envelope string) []*openapi3.Schema {
	parts := append(append(openapi3.SchemaRefs{}, schema.AnyOf...), schema.OneOf...)
	if len(parts) == 0 {
		parts = openapi3.SchemaRefs{{Value: schema}}
	}
	var found []*openapi3.Schema
	for _, part := range parts {
		if name, _ := part.Value.Extensions["x-envelope"].(string); envelope == "" || name == envelope {
			found = append(found, part.Value)
		}
	}
	return found
}
