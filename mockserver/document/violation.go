package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// Violation is one breach of the document. It names the field and the rule, and never carries the value.
type Violation struct {
	Field string // with dots; empty for the whole
	Rule  string // "is required"
}

// ruleRequired is the rule for a required field.
const ruleRequired = "is required"

// IsMissing reports whether the violation is a missing field.
func (v *Violation) IsMissing() bool { return v.Rule == ruleRequired }

func (v *Violation) Error() string {
	if v.Field == "" {
		return "the body " + v.Rule
	}
	return v.Field + " " + v.Rule
}

// newViolation turns an error of kin-openapi into a violation. prefix is the validated field, empty for the whole.
func newViolation(err error, prefix string) *Violation {
	at := []string{}
	if prefix != "" {
		at = append(at, prefix)
	}
	e := innermostError(err)
	if e == nil {
		return &Violation{Field: prefix, Rule: "does not match openapi.yaml"}
	}
	return &Violation{Field: strings.Join(append(at, e.JSONPointer()...), "."), Rule: ruleText(e)}
}

// innermostError returns the schema error at the bottom: the mistake itself, rather than the failure of an allOf around
// it.
func innermostError(err error) *openapi3.SchemaError {
	var found *openapi3.SchemaError
	for errors.As(err, &found) && found.SchemaField == "allOf" && found.Origin != nil {
		var below *openapi3.SchemaError
		if !errors.As(found.Origin, &below) {
			return found
		}
		err = below
	}
	return found
}

// ruleText returns the sentence's second half for a schema error.
func ruleText(e *openapi3.SchemaError) string {
	if e.SchemaField == "required" {
		return ruleRequired
	}
	if said := apispec.Text(e.Schema.Extensions, extRule); said != "" {
		return said
	}
	switch e.SchemaField {
	case "type":
		return "must be " + typeNoun(strings.Join(e.Schema.Type.Slice(), " or "))
	case "nullable":
		return "must not be null"
	case "minLength":
		return "must not be empty"
	case "maxLength":
		return fmt.Sprintf("must be at most %d characters", *e.Schema.MaxLength)
	case "enum":
		allowed, _ := json.Marshal(e.Schema.Enum)
		return "must be one of " + string(allowed)
	case "pattern":
		return "must match " + e.Schema.Pattern
	case "properties":
		return "has a field other than " + strings.Join(slices.Sorted(maps.Keys(e.Schema.Properties)), ", ")
	case "format":
		return "must be of the format " + e.Schema.Format
	}
	return "breaks the rule " + e.SchemaField
}

// typeNoun names a type of JSON for people.
func typeNoun(kind string) string {
	switch kind {
	case "string":
		return "text"
	case "object", "array", "integer":
		return "an " + kind
	}
	return "a " + kind
}

// findUndeclared returns the name of a field of value that the schema does not declare, false for none. The validator
// lets such fields pass, as OpenAPI says; in a message of the mock, one is a mistake.
func findUndeclared(schema *openapi3.Schema, value any, at string) (string, bool) {
	switch value := value.(type) {
	case []any:
		if schema.Items == nil {
			return "", false
		}
		for i, item := range value {
			if name, found := findUndeclared(schema.Items.Value, item, fmt.Sprintf("%s[%d]", at, i)); found {
				return name, true
			}
		}
	case map[string]any:
		if schema.AdditionalProperties.Has != nil && *schema.AdditionalProperties.Has {
			return "", false
		}
		declared := apispec.Properties(schema)
		for name, field := range value {
			place := strings.TrimPrefix(at+"."+name, ".")
			property, ok := declared[name]
			if !ok {
				property = schema.AdditionalProperties.Schema
			}
			if property == nil {
				return place, true
			}
			if name, found := findUndeclared(property.Value, field, place); found {
				return name, true
			}
		}
	}
	return "", false
}
