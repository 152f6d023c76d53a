package strict

import (
	"cmp"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// fields adds the findings that OpenAPI itself allows in a value under all of the schemas: undeclared fields,
// integers written with a fraction, and invalid e-mail addresses.
func (f *findings) fields(schemas []*openapi3.Schema, value any, at pointer) {
	schemas = applicable(schemas, value)
	switch value := value.(type) {
	case []any:
		var items []*openapi3.Schema
		for _, s := range schemas {
			if s.Items != nil {
				items = append(items, s.Items.Value)
			}
		}
		for i, item := range value {
			f.fields(items, item, at.and(strconv.Itoa(i)))
		}
	case map[string]any:
		f.members(schemas, value, at)
	case json.Number:
		f.integer(schemas, value.String(), at)
	case string:
		f.address(schemas, value, at)
	}
}

func (f *findings) members(schemas []*openapi3.Schema, object map[string]any, at pointer) {
	if len(schemas) == 0 || open(schemas) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		var properties []*openapi3.Schema
		for _, s := range schemas {
			if ref := cmp.Or(s.Properties[name], s.AdditionalProperties.Schema); ref != nil {
				properties = append(properties, ref.Value)
			}
		}
		switch success := f.status >= 200 && f.status < 300; {
		case len(properties) > 0:
			f.fields(properties, object[name], at.and(name))
		case len(at) == 0 && name == "code" && success:
			f.add(undeclared(schemas[0], "a success must have no code at its top level"), at.and(name))
		default:
			f.add(undeclared(schemas[0], "the field is not declared"), at.and(name))
		}
	}
}

// undeclared is the finding of a field that a schema lacks.
func undeclared(schema *openapi3.Schema, rule string) Finding {
	return Finding{Kind: result.Undeclared, Expected: result.Absent, Got: result.Present, Rule: rule,
		Line: apispec.Line(schema.Origin)}
}

// open reports whether an object may have fields of any name.
func open(schemas []*openapi3.Schema) bool {
	named := false
	for _, s := range schemas {
		more := s.AdditionalProperties
		if more.Has != nil && *more.Has {
			return true
		}
		named = named || len(s.Properties) > 0 || more.Schema != nil
	}
	return !named
}

// applicable returns the schemas and their parts that apply to a value: each part of allOf, and of anyOf and oneOf
// the parts it matches, or all parts if it matches none.
func applicable(schemas []*openapi3.Schema, value any) []*openapi3.Schema {
	var all []*openapi3.Schema
	for _, s := range schemas {
		all = append(all, s)
		var parts []*openapi3.Schema
		for _, ref := range s.AllOf {
			parts = append(parts, ref.Value)
		}
		for _, choice := range []openapi3.SchemaRefs{s.AnyOf, s.OneOf} {
			parts = append(parts, fitting(choice, value)...)
		}
		all = append(all, applicable(parts, value)...)
	}
	return all
}

func fitting(choice openapi3.SchemaRefs, value any) []*openapi3.Schema {
	var all, fit []*openapi3.Schema
	for _, ref := range choice {
		all = append(all, ref.Value)
		if ref.Value.VisitJSON(value, options...) == nil {
			fit = append(fit, ref.Value)
		}
	}
	if len(fit) == 0 {
		return all
	}
	return fit
}

var wholeNumber = regexp.MustCompile(`^-?[0-9]+$`)

// whole reports whether a number is written as an integer.
func whole(number string) bool { return wholeNumber.MatchString(number) }

// integer adds an integer written as 1.0 or 1e3: kin-openapi accepts it, and readers do not. A number with a
// fraction other than zero breaks the schema, so the schema's own finding covers it.
func (f *findings) integer(schemas []*openapi3.Schema, number string, at pointer) {
	for _, s := range schemas {
		if s.Type.Is("integer") && !whole(number) && s.VisitJSON(json.Number(number), options...) == nil {
			f.add(Finding{
				Kind: result.Format, Expected: "integer", Got: "number with a fraction or an exponent",
				Rule: "must be written as an integer, without a fraction or an exponent", Line: apispec.Line(s.Origin),
			}, at)
		}
	}
}

// address adds an invalid e-mail address in a field named email. The document gives no format there, because VSee
// has given none.
func (f *findings) address(schemas []*openapi3.Schema, text string, at pointer) {
	if len(at) == 0 || at[len(at)-1] != "email" || text == "" || len(schemas) == 0 ||
		strings.HasPrefix(schemas[0].Format, "email") {
		return
	}
	if email(text) != nil {
		f.add(Finding{
			Kind: result.Format, Expected: "format email", Got: "string", Rule: "must be an e-mail address",
			Line: apispec.Line(schemas[0].Origin),
		}, at)
	}
}
