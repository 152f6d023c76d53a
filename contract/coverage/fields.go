package coverage

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// maxDepth limits the depth of schemas and JSON, because a schema may contain itself.
const maxDepth = 16

// in returns the key of a member; the name * means the items of an array.
func (k key) in(name string) key {
	k.pointer += "/" + strict.Escape(name)
	k.kind, k.value = Field, ""
	return k
}

// tooDeep reports whether the pointer has maxDepth parts.
func (k key) tooDeep() bool { return strings.Count(k.pointer, "/") >= maxDepth }

// withValue returns the key of an enumeration value at the same pointer.
func (k key) withValue(member any) key {
	text, _ := json.Marshal(member) // a value decoded from YAML or JSON can always be encoded
	k.kind, k.value = Value, string(text)
	return k
}

// parts returns the schemas and, at any depth, the schemas in their allOf, anyOf and oneOf.
func parts(schemas []*openapi3.Schema) []*openapi3.Schema {
	var all []*openapi3.Schema
	for _, s := range schemas {
		all = append(all, s)
		for _, refs := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
			for _, ref := range refs {
				all = append(all, parts([]*openapi3.Schema{ref.Value})...)
			}
		}
	}
	return all
}

// below returns the schemas of the members, by name, and the schemas of an array's items.
func below(schemas []*openapi3.Schema) (members map[string][]*openapi3.Schema, items []*openapi3.Schema) {
	members = map[string][]*openapi3.Schema{}
	for _, s := range schemas {
		for name, ref := range s.Properties {
			members[name] = append(members[name], ref.Value)
		}
		if s.Items != nil {
			items = append(items, s.Items.Value)
		}
	}
	return members, items
}

// declareFields adds the fields and enumeration values that schemas declare below a key.
func declareFields(schemas []*openapi3.Schema, at key, declared map[key]struct{}) {
	if at.tooDeep() {
		return
	}
	schemas = parts(schemas)
	for _, s := range schemas {
		for _, member := range s.Enum {
			declared[at.withValue(member)] = struct{}{}
		}
	}
	members, items := below(schemas)
	for name, properties := range members {
		declared[at.in(name)] = struct{}{}
		declareFields(properties, at.in(name), declared)
	}
	if len(items) > 0 {
		declareFields(items, at.in("*"), declared)
	}
}

// seeFields adds the fields and enumeration values of a JSON body. Any other body has none.
func seeFields(schema *openapi3.Schema, at key, body []byte, seen map[key]struct{}) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil || schema == nil {
		return
	}
	seeValue([]*openapi3.Schema{schema}, value, at, seen)
}

// seeValue adds the fields and enumeration values of a decoded value.
func seeValue(schemas []*openapi3.Schema, value any, at key, seen map[key]struct{}) {
	if at.tooDeep() {
		return
	}
	schemas = parts(schemas)
	members, items := below(schemas)
	switch value := value.(type) {
	case map[string]any:
		for name, field := range value {
			properties, declared := members[name]
			switch {
			case declared:
				seen[at.in(name)] = struct{}{}
				seeValue(properties, field, at.in(name), seen)
			case !isOpen(schemas):
				seen[at.in(strict.Name(name))] = struct{}{}
			}
		}
	case []any:
		for _, item := range value {
			seeValue(items, item, at.in("*"), seen)
		}
	default:
		seeEnumValue(schemas, value, at, seen)
	}
}

// isOpen reports whether an object may have members of any name. Those are the clinic's own, and not undeclared.
func isOpen(schemas []*openapi3.Schema) bool {
	named := false
	for _, s := range schemas {
		if more := s.AdditionalProperties; more.Schema != nil || more.Has != nil && *more.Has {
			return true
		}
		named = named || len(s.Properties) > 0
	}
	return !named
}

// another replaces a value that is not in the enumeration.
const another = "*"

// seeEnumValue adds a scalar if the schemas have an enumeration, as its value or as another.
func seeEnumValue(schemas []*openapi3.Schema, value any, at key, seen map[key]struct{}) {
	enumerated := false
	for _, s := range schemas {
		for _, member := range s.Enum {
			enumerated = true
			if at.withValue(member) == at.withValue(value) {
				seen[at.withValue(member)] = struct{}{}
				return
			}
		}
	}
	if enumerated {
		at.kind, at.value = Value, another
		seen[at] = struct{}{}
	}
}
