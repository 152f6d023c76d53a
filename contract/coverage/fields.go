package coverage

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// maxDepth is how deep schemas and JSON are followed: a schema may have itself in it.
const maxDepth = 16

// in returns the place of a member or, for *, of the items of an array.
func (k key) in(name string) key {
	k.pointer += "/" + strict.Escape(name)
	k.kind, k.value = Field, ""
	return k
}

func (k key) deep() bool { return strings.Count(k.pointer, "/") >= maxDepth }

// with returns the place with a member of its enumeration.
func (k key) with(member any) key {
	text, _ := json.Marshal(member) // of a document that was YAML, or of JSON
	k.kind, k.value = Value, string(text)
	return k
}

// parts returns schemas with all that they are made of by allOf, anyOf and oneOf.
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

// below returns the schemas of the members by name, and those of the items of an array.
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

// declareFields adds the fields and the members of enumerations that schemas have below a place.
func declareFields(schemas []*openapi3.Schema, at key, declared map[key]struct{}) {
	if at.deep() {
		return
	}
	schemas = parts(schemas)
	for _, s := range schemas {
		for _, member := range s.Enum {
			declared[at.with(member)] = struct{}{}
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

// seeFields adds what a body has. What is not JSON has no fields.
func seeFields(schema *openapi3.Schema, at key, body []byte, seen map[key]struct{}) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil || schema == nil {
		return
	}
	see([]*openapi3.Schema{schema}, value, at, seen)
}

func see(schemas []*openapi3.Schema, value any, at key, seen map[key]struct{}) {
	if at.deep() {
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
				see(properties, field, at.in(name), seen)
			case !open(schemas):
				seen[at.in(strict.Name(name))] = struct{}{}
			}
		}
	case []any:
		for _, item := range value {
			see(items, item, at.in("*"), seen)
		}
	default:
		seeMember(schemas, value, at, seen)
	}
}

// open reports whether members may have any name: what stands there is the clinic's own, and no difference.
func open(schemas []*openapi3.Schema) bool {
	named := false
	for _, s := range schemas {
		if more := s.AdditionalProperties; more.Schema != nil || more.Has != nil && *more.Has {
			return true
		}
		named = named || len(s.Properties) > 0
	}
	return !named
}

// another stands for a value that an enumeration does not have.
const another = "*"

// seeMember adds the member of an enumeration that a value is.
func seeMember(schemas []*openapi3.Schema, value any, at key, seen map[key]struct{}) {
	enumerated := false
	for _, s := range schemas {
		for _, member := range s.Enum {
			enumerated = true
			if at.with(member) == at.with(value) {
				seen[at.with(member)] = struct{}{}
				return
			}
		}
	}
	if enumerated {
		at.kind, at.value = Value, another
		seen[at] = struct{}{}
	}
}
