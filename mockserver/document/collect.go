package document

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Violations are all breaches of the document in one request.
type Violations []*Violation

func (vs Violations) Error() string {
	texts := make([]string, 0, len(vs))
	for _, v := range vs {
		texts = append(texts, v.Error())
	}
	return strings.Join(texts, "; ")
}

// Sort orders violations by field, items of lists by their number.
func (vs Violations) Sort() {
	slices.SortStableFunc(vs, func(a, b *Violation) int { return compareNames(a.Field, b.Field) })
}

func compareNames(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		n, err := strconv.Atoi(a)
		m, err2 := strconv.Atoi(b)
		if err == nil && err2 == nil {
			return cmp.Or(cmp.Compare(n, m), strings.Compare(a, b))
		}
		return strings.Compare(a, b)
	})
}

// collector finds all mistakes in a value that a schema refuses. kin-openapi can do so too, but reports each part of
// an anyOf by itself.
type collector struct {
	options []openapi3.SchemaValidationOption
	found   Violations
}

func (c *collector) visit(schema *openapi3.Schema, value any, place string) {
	err := schema.VisitJSON(value, c.options...)
	if err == nil {
		return
	}
	before := len(c.found)
	switch value := value.(type) {
	case map[string]any:
		c.object(schema, value, place)
	case []any:
		c.list(schema, value, place)
	}
	if len(c.found) == before { // nothing in it is wrong: all of it is
		c.found = append(c.found, newViolation(err, place))
	}
}

func (c *collector) object(schema *openapi3.Schema, value map[string]any, place string) {
	at := func(name string) string { return strings.TrimPrefix(place+"."+name, ".") }
	declared := apispec.Properties(schema)
	for _, name := range requiredFields(schema) {
		if _, sent := value[name]; !sent && (declared[name] == nil || !declared[name].Value.ReadOnly) {
			c.found = append(c.found, &Violation{Field: at(name), Rule: ruleRequired})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(value)) {
		if property := declared[name]; property != nil {
			c.visit(property.Value, value[name], at(name))
		}
	}
}

func (c *collector) list(schema *openapi3.Schema, items []any, place string) {
	n := uint64(len(items))
	if !schema.Type.Is(openapi3.TypeArray) || schema.Items == nil || n < schema.MinItems || schema.MaxItems == nil ||
		n > *schema.MaxItems {
		return
	}
	for i, item := range items {
		c.visit(schema.Items.Value, item, fmt.Sprintf("%s.%d", place, i))
	}
}

// requiredFields returns the names of a schema's required fields, including the fields of its allOf.
func requiredFields(schema *openapi3.Schema) []string {
	names := slices.Clone(schema.Required)
	for _, part := range schema.AllOf {
		names = append(names, requiredFields(part.Value)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
