package scalar

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Range is a time span, or all between two: 10s, or 5s..20s.
type Range struct{ From, To time.Duration } // the same for one span

// Fixed returns the range of one time span.
func Fixed(d time.Duration) Range { return Range{d, d} }

// IsFixed reports whether the range has one span.
func (r Range) IsFixed() bool { return r.From == r.To }

// errRange is the error of an invalid Range in JSON.
var errRange = errors.New(`a duration must be a time span such as "10s", or a range such as "5s..20s", ` +
	`and not negative`)

var errReversed = errors.New("a range must go from the shorter time span to the longer one, such as 5s..20s")

func (r *Range) set(text string) error {
	from, to, isRange := strings.Cut(text, "..")
	if !isRange {
		to = from
	}
	var first, last Duration
	if first.set(from) != nil || last.set(to) != nil {
		return errRange
	}
	if *r = (Range{time.Duration(first), time.Duration(last)}); r.From > r.To {
		return errReversed
	}
	return nil
}

// String returns the form read by UnmarshalYAML, in the format of Go: 10m0s, 5s..20s.
func (r Range) String() string {
	if r.IsFixed() {
		return r.From.String()
	}
	return r.From.String() + ".." + r.To.String()
}

// Short returns the same without trailing zeroes: 10m.
func (r Range) Short() string {
	if r.IsFixed() {
		return Short(r.From)
	}
	return Short(r.From) + ".." + Short(r.To)
}

// UnmarshalText reads a range from a flag.
func (r *Range) UnmarshalText(text []byte) error { return r.set(string(text)) }

// UnmarshalYAML reads a time span or a range.
func (r *Range) UnmarshalYAML(node ast.Node) error {
	if n, ok := node.(*ast.StringNode); ok && r.set(n.Value) == errReversed { //nolint:errorlint // it is set's own
		return NewMisfit(node, "must go from the shorter time span to the longer one", "write 5s..20s")
	}
	return FromYAML(node, r.set, "must be a time span with a unit, and not negative, or a range of them",
		"write 10s, 1h30m, 60d or 5s..20s")
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (r Range) MarshalYAML() (any, error) { return r.String(), nil }

// UnmarshalJSON reads the same texts as UnmarshalYAML.
func (r *Range) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return errRange
	}
	return r.set(text)
}

// MarshalJSON is the inverse of UnmarshalJSON.
func (r Range) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }
