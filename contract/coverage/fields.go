package coverage

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
)

// maxDepth limits the depth of schemas and JSON, because a schema may contain itself.
const maxDepth = 16

// in returns the part of a member; the name * means the items of an array.
func in(p result.Part, name string) result.Part {
	p.Pointer += "/" + strict.Escape(name)
	return p
}

// tooDeep reports whether the pointer has maxDepth elements.
func tooDeep(p result.Part) bool { return strings.Count(p.Pointer, "/") >= maxDepth }

// withValue returns the part of an enumeration value at the same pointer.
func withValue(p result.Part, member any) result.Part {
	text, _ := json.Marshal(member) // a value decoded from YAML or JSON can always be encoded
	p.Value = string(text)
	return p
}

// composed returns the schemas with all of their parts.
func composed(schemas []*openapi3.Schema) (all []*openapi3.Schema) {
	for _, s := range schemas {
		all = append(all, strict.Parts(s)...)
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
func declareFields(schemas []*openapi3.Schema, at result.Part, declared parts) {
	if tooDeep(at) {
		return
	}
	schemas = composed(schemas)
	for _, s := range schemas {
		for _, member := range s.Enum {
			declared.add(withValue(at, member))
		}
	}
	members, items := below(schemas)
	for name, properties := range members {
		declared.add(in(at, name))
		declareFields(properties, in(at, name), declared)
	}
	if len(items) > 0 {
		declareFields(items, in(at, "*"), declared)
	}
}

// fields adds the fields and enumeration values of a JSON body. Any other body has none.
func (s sight) fields(schema *openapi3.Schema, at result.Part, body []byte) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil || schema == nil {
		return
	}
	s.value([]*openapi3.Schema{schema}, value, at)
}

// value adds the fields and enumeration values of a decoded value.
func (s sight) value(schemas []*openapi3.Schema, value any, at result.Part) {
	if tooDeep(at) {
		return
	}
	schemas = composed(schemas)
	members, items := below(schemas)
	switch value := value.(type) {
	case map[string]any:
		s.objects.add(at)
		for name, field := range value {
			properties, declared := members[name]
			switch {
			case declared:
				s.seen.add(in(at, name))
				s.value(properties, field, in(at, name))
			case !isOpen(schemas):
				s.seen.add(in(at, strict.Name(name)))
			}
		}
	case []any:
		for _, item := range value {
			s.value(items, item, in(at, "*"))
		}
	default:
		s.enumValue(schemas, value, at)
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

// enumValue adds a scalar if the schemas have an enumeration. A text too long for a member is shown as its type.
func (s sight) enumValue(schemas []*openapi3.Schema, value any, at result.Part) {
	if !slices.ContainsFunc(schemas, func(s *openapi3.Schema) bool { return len(s.Enum) > 0 }) {
		return
	}
	if text, ok := value.(string); ok {
		value = strict.Shown(text)
	}
	s.seen.add(withValue(at, value))
}
