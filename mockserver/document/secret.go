package document

import (
	"fmt"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Shape is the declared fields of a message. It marks the fields with a credential (x-secret).
type Shape struct {
	Secret bool              // the value, whatever its type, is a credential
	Fields map[string]*Shape // of an object, under every name they have; nil for anything else
	Item   *Shape            // of a list; nil for anything else
}

// HoldsSecrets reports whether the shape, or a part of it, is a credential.
func (s *Shape) HoldsSecrets() bool {
	if s == nil || s.Secret {
		return s != nil
	}
	for _, field := range s.Fields {
		if field.HoldsSecrets() {
			return true
		}
	}
	return s.Item.HoldsSecrets()
}

// maxShape is the depth limit of a shape: deeper than the document, which has no schema containing itself.
const maxShape = 32

func requestShape(body *openapi3.RequestBody) *Shape {
	shape := &Shape{}
	for _, media := range body.Content {
		shape.add(media.Schema.Value, maxShape)
	}
	return shape
}

func replyShape(replies *openapi3.Responses) *Shape {
	shape := &Shape{}
	for _, reply := range replies.Map() {
		if media := reply.Value.Content.Get(jsonType); media != nil {
			shape.add(media.Schema.Value, maxShape)
		}
	}
	return shape
}

// add adds the fields a schema declares.
func (s *Shape) add(schema *openapi3.Schema, depth int) {
	if depth == 0 {
		return
	}
	if secret, _ := schema.Extensions[extSecret].(bool); secret {
		s.Secret = true
	}
	for _, parts := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, part := range parts {
			s.add(part.Value, depth-1)
		}
	}
	if schema.Items != nil {
		if s.Item == nil {
			s.Item = &Shape{}
		}
		s.Item.add(schema.Items.Value, depth-1)
	}
	for name, property := range schema.Properties {
		also, _ := property.Value.Extensions[extAlso].([]any)
		for _, name := range append([]any{name}, also...) {
			s.field(fmt.Sprint(name)).add(property.Value, depth-1)
		}
	}
}

func (s *Shape) field(name string) *Shape {
	if s.Fields == nil {
		s.Fields = map[string]*Shape{}
	}
	if s.Fields[name] == nil {
		s.Fields[name] = &Shape{}
	}
	return s.Fields[name]
}

// secretFields adds the names of all credential fields to a set.
func (s *Shape) secretFields(names map[string]bool) {
	if s == nil {
		return
	}
	s.Item.secretFields(names)
	for name, field := range s.Fields {
		if field.Secret {
			names[name] = true
		}
		field.secretFields(names)
	}
}

// secretNames returns every name marked x-secret: of headers, of parameters of operations and pages, and of fields.
func (d *Document) secretNames(spec *openapi3.T) []string {
	names := map[string]bool{}
	mark := func(name string, extensions map[string]any) {
		if secret, _ := extensions[extSecret].(bool); secret {
			names[name] = true
		}
	}
	for _, scheme := range spec.Components.SecuritySchemes {
		mark(scheme.Value.Name, scheme.Value.Extensions)
	}
	for _, item := range spec.Paths.Map() {
		for _, op := range item.Operations() {
			for _, p := range op.Parameters {
				mark(p.Value.Name, p.Value.Extensions)
			}
		}
	}
	pages, _ := spec.Extensions[extPages].([]any)
	for _, p := range pages {
		page, _ := p.(map[string]any)
		fields, _ := page["fields"].([]any)
		for _, f := range fields {
			field, _ := f.(map[string]any)
			mark(apispec.Text(field, "name"), field)
		}
	}
	for _, op := range d.operations {
		op.Request.secretFields(names)
		op.Reply.secretFields(names)
	}
	return slices.Sorted(maps.Keys(names))
}

// Secrets returns the names of all headers, parameters and fields with a credential anywhere in the document, sorted.
func (d *Document) Secrets() []string { return d.secrets }

// Operation returns an operation by its operationId, nil when there is none.
func (d *Document) Operation(id string) *Operation { return d.operations[id] }
