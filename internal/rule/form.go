package rule

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Form is a condition on one value.
type Form struct {
	is     string // behind "must be"
	fits   func(reflect.Value) bool
	known  []string
	Schema Schema
}

// String returns the form in the words after "must be".
func (f Form) String() string { return f.is }

// And narrows a form by a test unknown to the schema.
func (f Form) And(fits func(string) bool) Form {
	before := f.fits
	f.fits = func(v reflect.Value) bool { return before(v) && fits(v.String()) }
	return f
}

// Or adds values to the schema alone: texts read as numbers by YAML, where Go has the text.
func (f Form) Or(others Schema) Form {
	f.Schema = Schema{"anyOf": []Schema{f.Schema, others}}
	return f
}

// Texts is the form of texts from a closed set.
func Texts(texts ...string) Form {
	fits := func(v reflect.Value) bool { return slices.Contains(texts, v.String()) }
	return Form{is: scalar.JoinOr(texts), known: texts, fits: fits, Schema: Schema{"type": "string", "enum": texts}}
}

// Pattern is the form of texts matching a regular expression as a whole. It compiles the expression for the first text:
// forms are package variables, and most commands test none.
func Pattern(pattern string) Form {
	pattern = "^(" + pattern + ")$"
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return Form{
		fits:   func(v reflect.Value) bool { return compiled().MatchString(v.String()) },
		Schema: Schema{"type": "string", "pattern": pattern},
	}
}

// Contains is the form of lists of texts containing a text.
func Contains(text string) Form {
	fits := func(v reflect.Value) bool { return slices.Contains(v.Interface().([]string), text) }
	return Form{fits: fits, Schema: Schema{"contains": Schema{"const": text}}}
}

// Whole is the form of whole numbers in a range, both ends included.
func Whole(from, to int64) Form {
	return Form{
		is:     fmt.Sprintf("a whole number from %d to %d", from, to),
		fits:   func(v reflect.Value) bool { return v.Int() >= from && v.Int() <= to },
		Schema: Schema{"type": "integer", "minimum": from, "maximum": to},
	}
}

// Among is the form of numbers from a closed set.
func Among(numbers ...int) Form {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	f := Texts(texts...)
	f.fits = func(v reflect.Value) bool { return slices.Contains(numbers, int(v.Int())) }
	f.known, f.Schema = nil, Schema{"enum": numbers}
	return f
}

// Fraction is the form of numbers greater than 0 and at most 1.
func Fraction() Form {
	return Form{
		is:     "a number from 0 to 1",
		fits:   func(v reflect.Value) bool { return v.Float() > 0 && v.Float() <= 1 }, // NaN fails both
		Schema: Schema{"type": "number", "exclusiveMinimum": 0, "maximum": 1},
	}
}

// Length is the form of lists with a maximum number of items.
func Length(most int) Form {
	return Form{fits: func(v reflect.Value) bool { return v.Len() <= most }, Schema: Schema{"maxItems": most}}
}

// NotEmpty is the form of maps with at least one key.
func NotEmpty() Form { return Form{fits: isSet, Schema: Schema{"minProperties": 1}} }

// Span is the form of time spans in a range, both ends included. A JSON Schema cannot compare time spans.
func Span(from, to time.Duration) Form {
	return Form{
		is:   fmt.Sprintf("a time span from %s to %s", scalar.Short(from), scalar.Short(to)),
		fits: func(v reflect.Value) bool { d := time.Duration(v.Int()); return d >= from && d <= to },
	}
}

// Fits is the form of values accepted by a function. A schema cannot express it.
func Fits[T any](is string, fits func(T) bool) Form {
	return Form{is: is, fits: func(v reflect.Value) bool { return fits(v.Interface().(T)) }}
}
