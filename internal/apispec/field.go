package apispec

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Field is a field of a JSON reply.
type Field struct {
	Path    []string           // from the top; 0 is the first item of a list
	Schemas []*openapi3.Schema // that its value must satisfy, parts of allOf included
}

// Pointer returns the JSON pointer of the field.
func (f Field) Pointer() string { return "/" + strings.Join(f.Path, "/") }

// Required returns the fields that each JSON reply with a status must have, by pointer, and those that each item of its
// lists must have. A field in an object that may be missing is none of them.
func (o Operation) Required(status int) []Field {
	media := o.json(status)
	if media == nil || media.Schema == nil {
		return nil
	}
	fields := below(Field{Schemas: withParts(media.Schema.Value)})
	slices.SortFunc(fields, func(a, b Field) int { return slices.Compare(a.Path, b.Path) })
	return fields
}

// maxDepth bounds how deep schemas are followed: a schema may contain itself.
const maxDepth = 16

// below returns the required fields below a field.
func below(f Field) []Field {
	if len(f.Path) >= maxDepth {
		return nil
	}
	at := func(name string) []string { return append(slices.Clone(f.Path), name) }
	var items []*openapi3.Schema
	properties := map[string][]*openapi3.Schema{}
	var required []string
	for _, schema := range f.Schemas {
		required = append(required, schema.Required...)
		for name, property := range schema.Properties {
			properties[name] = append(properties[name], withParts(property.Value)...)
		}
		if schema.Items != nil {
			items = append(items, withParts(schema.Items.Value)...)
		}
	}
	var fields []Field
	slices.Sort(required)
	for _, name := range slices.Compact(required) {
		field := Field{at(name), properties[name]}
		fields = append(append(fields, field), below(field)...)
	}
	if len(items) > 0 {
		fields = append(fields, below(Field{at("0"), items})...)
	}
	return fields
}

// withParts returns a schema and the parts of its allOf.
func withParts(schema *openapi3.Schema) []*openapi3.Schema {
	all := []*openapi3.Schema{schema}
	for _, part := range schema.AllOf {
		all = append(all, withParts(part.Value)...)
	}
	return all
}

// Properties returns the properties of a schema, those of its allOf included.
func Properties(schema *openapi3.Schema) openapi3.Schemas {
	all := openapi3.Schemas{}
	for _, part := range slices.Backward(withParts(schema)) { // its own ones win
		maps.Copy(all, part.Properties)
	}
	return all
}
