package document

import (
	"errors"
	"net/mail"
	"time"
	_ "time/tzdata" // a scratch image has no other

	"github.com/getkin/kin-openapi/openapi3"
)

// stringFormats are the formats of texts that the mock checks itself. kin-openapi takes 2020-02-31 for a date, so dates
// are checked against the calendar.
var stringFormats = map[string]func(string) bool{
	"date":              isDate,
	"date-or-empty":     orEmpty(isDate),
	"email-or-empty":    orEmpty(isEmail),
	"timezone-or-empty": orEmpty(isTimezone),
}

// formats returns the options for every validation by kin-openapi. Its messages would carry values; ours are made from
// the rule.
func formats() []openapi3.SchemaValidationOption {
	options := []openapi3.SchemaValidationOption{openapi3.DisableSchemaErrorDetails()}
	for name, fits := range stringFormats {
		options = append(options, openapi3.WithStringFormatValidator(name, openapi3.NewCallbackValidator(
			func(s string) error {
				if !fits(s) {
					return errors.New("it is not of the format " + name)
				}
				return nil
			})))
	}
	return options
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// isTimezone accepts the time zones in Go's own database, so a mock accepts the same names on every machine.
func isTimezone(s string) bool {
	_, err := time.LoadLocation(s)
	return err == nil && s != "Local"
}

func orEmpty(fits func(string) bool) func(string) bool {
	return func(s string) bool { return s == "" || fits(s) }
}
