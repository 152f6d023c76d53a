package apispec

import (
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Field is a field of a JSON reply.
type Field struct {
	Path     []string           // from the top; 0 is the first item of a list
	Schemas  []*openapi3.Schema // of its value, parts of allOf included
	Required bool               // each reply, or each item of a list, has it; false in an optional object
}

// Fields returns the fields of the JSON replies with a status, by path. Alternatives of anyOf and oneOf are left out.
func (o Operation) Fields(status int) []Field {
	media := o.json(status)
	if media == nil || media.Schema == nil {
		return nil
	}
	return FieldsOf(media.Schema.Value)
}

// maxDepth limits the depth of schemas to follow: a schema may contain itself.
const maxDepth = 16

// fieldsBelow returns the fields below a field.
func fieldsBelow(f Field) []Field {
	if len(f.Path) >= maxDepth {
		return nil
	}
	at := func(name string) []string { return append(slices.Clone(f.Path), name) }
	var required []string
	var items []*openapi3.Schema
	members := map[string][]*openapi3.Schema{}
	for _, schema := range f.Schemas {
		required = append(required, schema.Required...)
		for name, property := range schema.Properties {
			members[name] = append(members[name], withParts(property.Value)...)
		}
		if schema.Items != nil {
			items = append(items, withParts(schema.Items.Value)...)
		}
	}
	var fields []Field
	if len(items) > 0 {
		fields = fieldsBelow(Field{at("0"), items, f.Required})
	}
	for name, schemas := range members {
		member := Field{at(name), schemas, f.Required && slices.Contains(required, name)}
		fields = append(append(fields, member), fieldsBelow(member)...)
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

// Properties returns the properties of a schema, including those of its allOf. Of two with the same name the later part
// of an allOf wins, as a file does over a text in a form, and the schema itself wins over its parts. The map may be the
// schema's own: do not change it.
func Properties(schema *openapi3.Schema) openapi3.Schemas {
	if len(schema.AllOf) == 0 {
		return schema.Properties
	}
	all := openapi3.Schemas{}
	for _, part := range schema.AllOf {
		maps.Copy(all, Properties(part.Value))
	}
	maps.Copy(all, schema.Properties)
	return all
}

// FieldsOf returns the fields of a JSON message with a schema, by path.
func FieldsOf(schema *openapi3.Schema) []Field {
	fields := fieldsBelow(Field{Schemas: withParts(schema), Required: true})
	slices.SortFunc(fields, func(a, b Field) int { return slices.Compare(a.Path, b.Path) })
	return fields
}
