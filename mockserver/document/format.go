package document

import (
	"errors"
	"net/mail"
	"time"
	_ "time/tzdata" // a scratch image has no other

	"github.com/getkin/kin-openapi/openapi3"
)

// formats returns the options for every validation. kin-openapi takes 2020-02-31 for a date, so dates are checked
// against the calendar. Its messages would carry values; ours are made from the rule.
func formats() []openapi3.SchemaValidationOption {
	return []openapi3.SchemaValidationOption{
		openapi3.DisableSchemaErrorDetails(),
		openapi3.WithStringFormatValidator("date", date),
		openapi3.WithStringFormatValidator("date-or-empty", orEmpty(date)),
		openapi3.WithStringFormatValidator("email-or-empty", orEmpty(email)),
		openapi3.WithStringFormatValidator("timezone-or-empty", orEmpty(timezone)),
	}
}

var (
	date = openapi3.NewCallbackValidator(func(s string) error {
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return errors.New("it is not a date of the calendar")
		}
		return nil
	})
	email = openapi3.NewCallbackValidator(func(s string) error {
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			return errors.New("it is not an e-mail address")
		}
		return nil
	})
)

// timezone accepts the time zones in Go's own database, so a mock accepts the same names on every machine.
var timezone = openapi3.NewCallbackValidator(func(s string) error {
	if _, err := time.LoadLocation(s); err != nil || s == "Local" {
		return errors.New("it is not the name of a time zone")
	}
	return nil
})

func orEmpty(v openapi3.StringFormatValidator) openapi3.StringFormatValidator {
	return openapi3.NewCallbackValidator(func(s string) error {
		if s == "" {
			return nil
		}
		return v.Validate(s)
	})
}
