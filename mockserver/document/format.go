package document

import (
	"errors"
	"maps"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a scratch image has no other

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/mockserver/fastcheck"
)

// stringFormats are the formats of texts that the mock checks itself. kin-openapi takes 2020-02-31 for a date, so dates
// are checked against the calendar.
var stringFormats = map[string]func(string) bool{
	"date":              isDate,
	"date-or-empty":     orEmpty(isDate),
	"email-or-empty":    orEmpty(isEmail),
	"timezone-or-empty": orEmpty(isTimezone),
}

// fastFormats returns the same formats for the compiled schemas.
func fastFormats() map[string]func(string) bool {
	fast := maps.Clone(stringFormats)
	plainDay := fastcheck.Pattern(plainDate)
	fast["date"] = func(s string) bool { return plainDay(s) || isDate(s) }
	fast["date-or-empty"] = orEmpty(fast["date"])
	plain := fastcheck.Pattern(plainEmail)
	fast["email-or-empty"] = orEmpty(func(s string) bool { return plain(s) || isEmail(s) })
	fast["timezone-or-empty"] = orEmpty(remembered(isTimezone))
	return fast
}

// formats returns the options for every validation by kin-openapi.
func formats() []openapi3.SchemaValidationOption { return slices.Clip(formatOptions) }

var formatOptions = newFormatOptions()

// newFormatOptions makes the options. The messages of kin-openapi would carry values; ours are made from the rule.
func newFormatOptions() []openapi3.SchemaValidationOption {
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

// plainDate matches the dates that every month has.
const plainDate = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$`

// plainEmail matches addresses without quotation marks and without comments, as nearly all are.
const plainEmail = `^[0-9A-Za-z!#$%&'*+/=?^_{|}~-]+(\.[0-9A-Za-z!#$%&'*+/=?^_{|}~-]+)*` +
	`@[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$`

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// isTimezone accepts the time zones in Go's own database, so a mock accepts the same names on every machine.
func isTimezone(s string) bool {
	_, err := time.LoadLocation(s)
	return err == nil && s != "Local"
}

// maxRemembered is the number of texts that remembered keeps: more than there are time zones.
const maxRemembered = 1000

// remembered returns a function that keeps the texts of a format. It is for one that is slow to check: a time zone is
// read from a file.
func remembered(fits func(string) bool) func(string) bool {
	var mu sync.RWMutex
	kept := map[string]bool{}
	return func(s string) bool {
		mu.RLock()
		known := kept[s]
		mu.RUnlock()
		if known || !fits(s) {
			return known
		}
		mu.Lock()
		defer mu.Unlock()
		if len(kept) < maxRemembered {
			kept[strings.Clone(s)] = true // s may be a part of a whole body
		}
		return true
	}
}

func orEmpty(fits func(string) bool) func(string) bool {
	return func(s string) bool { return s == "" || fits(s) }
}
