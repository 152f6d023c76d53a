package strict

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Event returns the findings about the payload of an event, nil for none. envelope is the document's name for its
// expected envelope; "" allows any, and validates the payload against the most similar one.
func (c *Checker) Event(payload []byte, envelope string) []Finding {
	f := &findings{}
	value, ok := f.document(nil, payload)
	if !ok {
		return f.list
	}
	object, _ := value.(map[string]any)
	kind, _ := object["type"].(string)
	event, ok := c.spec.Event(kind)
	if !ok {
		f.add(Finding{Kind: result.Enum, Expected: "a type of openapi.yaml", Got: "another type",
			Rule: "openapi.yaml has no event of this type"}, pointer{"type"})
		return f.list
	}
	envelopes := slices.DeleteFunc(slices.Clone(event.Envelopes),
		func(e apispec.Envelope) bool { return envelope != "" && e.Name != envelope })
	if len(envelopes) == 0 {
		f.add(Finding{
			Kind: result.Type, Expected: envelope, Got: "another envelope",
			Rule: "openapi.yaml has no such envelope for this event", Line: apispec.Line(event.Declared.Origin),
		}, nil)
		return f.list
	}
	_, least := nearest(envelopes, value)
	return append(f.list, least...)
}

// EnvelopeOf returns the type of an event and the most similar envelope for its payload. The type is "" for a
// payload other than the document's events.
func (c *Checker) EnvelopeOf(payload []byte) (kind, envelope string) {
	value, _ := (&findings{}).document(nil, payload)
	object, _ := value.(map[string]any)
	kind, _ = object["type"].(string)
	event, ok := c.spec.Event(kind)
	if !ok {
		return "", ""
	}
	in, _ := nearest(event.Envelopes, value)
	return kind, in.Name
}

// nearest returns the most similar of the envelopes for a payload, with the findings in this envelope.
func nearest(envelopes []apispec.Envelope, payload any) (apispec.Envelope, []Finding) {
	var best apispec.Envelope
	var least *findings
	for _, in := range envelopes {
		tried := &findings{root: in.Schema}
		tried.schema(in.Schema, payload)
		tried.fields([]*openapi3.Schema{in.Schema}, payload, nil)
		if least == nil || len(tried.list) < len(least.list) {
			best, least = in, tried
		}
		if len(least.list) == 0 {
			break
		}
	}
	return best, least.list
}
