package strict

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

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
	err := schema.VisitJSON(value, options...)
	for _, e := range flat(err) {
		place := pointer(e.JSONPointer())
		f.add(rule(e), place, apispec.Line(e.Schema.Origin))
	}
	if err != nil && len(flat(err)) == 0 {
		f.add("the body breaks its schema", nil, apispec.Line(schema.Origin))
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
