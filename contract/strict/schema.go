package strict

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// options are the options for schema validation. They leave out details, which would have values in them.
var options = []openapi3.SchemaValidationOption{
	openapi3.MultiErrors(),
	openapi3.DisableSchemaErrorDetails(),
	openapi3.WithStringFormatValidator("date", openapi3.NewCallbackValidator(date)),
	openapi3.WithStringFormatValidator("email", openapi3.NewCallbackValidator(email)),
}

func date(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return errors.New("it is no date of the calendar")
	}
	return nil
}

func email(s string) error {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return errors.New("it is no e-mail address")
	}
	return nil
}

// schema adds every way in which a value breaks a schema.
func (f *findings) schema(schema *openapi3.Schema, value any) {
	err := schema.VisitJSON(apispec.Canonical(schema, value), options...)
	for _, e := range flat(err) {
		f.add(broken(e), e.JSONPointer())
	}
	if err != nil && len(flat(err)) == 0 {
		f.add(Finding{Kind: result.Type, Expected: "its schema", Got: result.ChangedOther,
			Rule: "the body breaks its schema", Line: apispec.Line(schema.Origin)}, nil)
	}
}

// flat returns the errors of a schema with the actual causes, without the errors of an allOf around them.
func flat(err error) []*openapi3.SchemaError {
	if err == nil {
		return nil
	}
	var list []*openapi3.SchemaError
	var many openapi3.MultiError
	var one *openapi3.SchemaError
	switch {
	case isMany(err, &many):
		for _, e := range many {
			list = append(list, flat(e)...)
		}
	case errors.As(err, &one) && one.SchemaField == "allOf" && one.Origin != nil:
		if list = flat(one.Origin); len(list) == 0 {
			list = append(list, one)
		}
	case one != nil:
		list = append(list, one)
	}
	return list
}

// isMany finds several errors inside their wrapper. errors.As would find the first of them, because MultiError
// looks into itself.
func isMany(err error, many *openapi3.MultiError) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if m, ok := err.(openapi3.MultiError); ok { //nolint:errorlint // see above
			*many = m
			return true
		}
		if _, ok := err.(*openapi3.SchemaError); ok { //nolint:errorlint // the errors it wraps must stay inside
			return false
		}
	}
	return false
}

// broken returns the finding of a schema error.
func broken(e *openapi3.SchemaError) Finding {
	f := Finding{Kind: result.Format, Rule: rule(e), Got: TypeOf(e.Value), Line: apispec.Line(e.Schema.Origin)}
	types := strings.Join(e.Schema.Type.Slice(), " or ")
	switch e.SchemaField {
	case "required":
		f.Kind, f.Expected, f.Got = result.Missing, result.Present, result.Absent
		f.Line = requiredLine(e.Schema, e.JSONPointer())
	case "nullable":
		f.Kind, f.Expected = result.Null, types
	case "type":
		f.Kind, f.Expected = result.Type, types
	case "enum":
		if t := e.Schema.Type; t != nil && !t.Permits(f.Got) && (f.Got != "number" || !t.Permits("integer")) {
			f.Kind, f.Expected, f.Rule = result.Type, types, "must be of the type "+types
			break
		}
		f.Kind, f.Expected, f.Got = result.Enum, Members(e.Schema), Shown(e.Value)
		if e.Schema.Extensions["x-codes"] != nil {
			f.Kind, f.Expected = result.Text, "a documented text"
		}
	case "anyOf", "oneOf":
		f.Kind, f.Expected = result.Type, "a declared form"
	case "pattern":
		f.Expected = "pattern " + e.Schema.Pattern
	case "format":
		f.Expected = "format " + e.Schema.Format
	default:
		f.Expected = e.SchemaField
	}
	if f.Kind == result.Type && e.Value == nil {
		f.Kind = result.Null
	}
	return f
}

// requiredLine returns the line of a missing field in the schema's list of required ones, and else of the schema.
func requiredLine(schema *openapi3.Schema, place pointer) int {
	if schema.Origin != nil {
		for _, entry := range schema.Origin.Sequences["required"] {
			if entry.Name == place[len(place)-1] {
				return entry.Line
			}
		}
	}
	return apispec.Line(schema.Origin)
}

// Members returns the members of an enumeration as one text, in the order of the document.
func Members(schema *openapi3.Schema) string {
	var members []string
	for _, m := range schema.Enum {
		members = append(members, fmt.Sprint(m))
	}
	return strings.Join(members, " | ")
}

// maxShown is the length of the longest value that is shown of a field with an enumeration, in characters.
const maxShown = 120

// Shown returns the value of a field with an enumeration, or its type when it is no short printable scalar.
func Shown(value any) string {
	text := fmt.Sprint(value)
	switch value.(type) {
	case nil, []any, map[string]any:
		return TypeOf(value)
	}
	if utf8.RuneCountInString(text) > maxShown ||
		strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return TypeOf(value)
	}
	return text
}

// TypeOf returns the JSON type of a decoded value.
func TypeOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "number"
}

// digits is the pattern of an id.
const digits = "^[0-9]+$"

// rule returns the sentence for a schema error.
func rule(e *openapi3.SchemaError) string {
	if e.SchemaField == "required" {
		return "is required"
	}
	if said, _ := e.Schema.Extensions["x-rule"].(string); said != "" {
		return said
	}
	if e.Schema.Pattern == digits {
		return "must be a string of digits"
	}
	switch e.SchemaField {
	case "type":
		return "must be of the type " + strings.Join(e.Schema.Type.Slice(), " or ")
	case "nullable":
		return "must not be null"
	case "minLength":
		return "must not be empty"
	case "maxLength":
		return fmt.Sprintf("must have at most %d characters", *e.Schema.MaxLength)
	case "minimum":
		return fmt.Sprintf("must be at least %g", *e.Schema.Min)
	case "maximum":
		return fmt.Sprintf("must be at most %g", *e.Schema.Max)
	case "enum":
		members, _ := json.Marshal(e.Schema.Enum)
		return "must be one of " + string(members)
	case "pattern":
		return "must match " + e.Schema.Pattern
	case "format":
		if e.Schema.Format == "date" {
			return "must be a date of the calendar, written YYYY-MM-DD"
		}
		return "must be of the format " + e.Schema.Format
	case "anyOf", "oneOf":
		return "must be one of what is declared"
	}
	return "breaks the rule " + e.SchemaField
}
