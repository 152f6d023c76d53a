package fastcheck

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// all compiles a schema with allOf: one part and nothing else, or objects with different members.
func (c *Compiler) all(schema *openapi3.Schema) Checker {
	nullable := true
	var parts []*Checker
	for _, part := range schema.AllOf {
		one := c.Compile(part.Value)
		parts, nullable = append(parts, one), nullable && one.nullable
	}
	own := *schema
	own.AllOf, own.Nullable, own.ReadOnly, own.WriteOnly = nil, false, false, false
	var merged Checker
	switch {
	case len(parts) == 1 && own.IsEmpty():
		merged = *parts[0]
		merged.other = nil // a field outside the part's members is declared by the part alone
	case own.IsEmpty():
		merged = merge(parts)
	default:
		itself := c.single(&own)
		if other := itself.other; other != nil && other.kind != free {
			return Checker{}
		}
		merged = merge(append(parts, &itself))
		merged.other = itself.other
	}
	merged.nullable = schema.Nullable || nullable
	return merged
}

// merge returns the object with the members of all parts. It asks if a part is no object, has something to say about
// the members of the others, or has one in common with them.
func merge(parts []*Checker) Checker {
	merged := Checker{kind: object}
	for _, part := range parts {
		if part.kind != object || part.closed || part.other != nil && part.other.kind != free ||
			slices.ContainsFunc(part.members, func(m member) bool { return merged.find(m.name) >= 0 }) {
			return Checker{}
		}
		merged.members = append(merged.members, part.members...)
		merged.needs = append(merged.needs, part.needs...)
	}
	if len(merged.members) > maxMembers {
		return Checker{}
	}
	merged.seal()
	return merged
}

// spelled are the kinds of values that x-accepts of a schema may turn into another value.
type spelled struct{ null, text, number, object, other bool }

// respelledKinds returns the kinds for a schema and the parts of its allOf.
func respelledKinds(schema *openapi3.Schema) spelled {
	var s spelled
	entries, _ := schema.Extensions["x-accepts"].([]any)
	for _, entry := range entries {
		if _, words := entry.(map[string]any); words {
			s.text = true
			continue
		}
		switch fmt.Sprint(entry) {
		case "null":
			s.null = true
		case "text", "comma list":
			s.text = true
		case "number":
			s.number = true
		case "object":
			s.object = true
		default:
			s.other = true
		}
	}
	for _, part := range schema.AllOf {
		below := respelledKinds(part.Value)
		s.null, s.text, s.number = s.null || below.null, s.text || below.text, s.number || below.number
		s.object, s.other = s.object || below.object, s.other || below.other
	}
	return s
}

// of reports whether values of the kind that a checker accepts may be turned into another value.
func (s spelled) of(k kind) bool {
	switch k {
	case text:
		return s.text || s.other
	case whole, number:
		return s.number || s.other
	case object:
		return s.object || s.other
	case free, present:
		return s != spelled{}
	default:
		return s.other
	}
}
