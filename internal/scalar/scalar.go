// Package scalar has the single values of the scenario language without a type in YAML and JSON: texts as written,
// counts and time spans. A value of the wrong form gives a *Misfit, with its place in the file.
package scalar

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Text is a YAML scalar as written: 0012 is the text 0012, although YAML reads it as the number ten.
type Text string

// Count is a number of things, from 0 to 1000.
type Count int

// Duration is a time span in the format of ParseSpan: 10s, 5m, 1h30m, 60d.
type Duration time.Duration

// Misfit is the error of a value not accepted by its key in a YAML file.
type Misfit struct {
	Node ast.Node
	Rule string // follows the key: "must be …"
	Hint string
}

// NewMisfit returns a *Misfit.
func NewMisfit(node ast.Node, rule, hint string) error { return &Misfit{node, rule, hint} }

func (m *Misfit) Error() string { return fmt.Sprintf("%s %s", m.Node.GetPath(), m.Rule) }

// UnmarshalYAML reads a scalar as written in the file. It refuses an empty text, because that would match everything.
func (t *Text) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case *ast.StringNode:
		*t = Text(n.Value)
	case *ast.LiteralNode:
		*t = Text(n.Value.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		*t = Text(n.GetToken().Value)
	default:
		return NewMisfit(node, "must be one text", "write one value, in quotation marks")
	}
	if *t == "" {
		return NewMisfit(node, "must not be empty", "write a value, or remove the key")
	}
	return nil
}

// MaxCount is the largest Count.
const MaxCount = 1_000

// UnmarshalYAML reads a whole number from 0 to 1000.
func (c *Count) UnmarshalYAML(node ast.Node) error {
	_, ok := node.(*ast.IntegerNode)
	value, err := strconv.ParseUint(node.GetToken().Value, 10, 64)
	if !ok || err != nil || value > MaxCount {
		return NewMisfit(node, "must be a whole number from 0 to 1000", "write 2")
	}
	*c = Count(value)
	return nil
}

// ParseSpan reads a time span in the format of Go, or with whole days of 24 hours in front: 10s, 60d, 1d12h.
func ParseSpan(text string) (time.Duration, error) {
	days, rest, hasDays := strings.Cut(text, "d")
	if !hasDays {
		return time.ParseDuration(text)
	}
	n, err := strconv.ParseUint(days, 10, 15)
	span, err2 := time.ParseDuration(cmp.Or(rest, "0s"))
	if err != nil || err2 != nil || strings.ContainsAny(rest, "+-") {
		return 0, ErrSpan
	}
	return time.Duration(n)*24*time.Hour + span, nil
}

func (d *Duration) set(text string) error {
	span, err := ParseSpan(text)
	if err != nil || span < 0 {
		return ErrSpan
	}
	*d = Duration(span)
	return nil
}

// UnmarshalYAML reads a duration such as 10s.
func (d *Duration) UnmarshalYAML(node ast.Node) error {
	return FromYAML(node, d.set, "must be a time span with a unit, and not negative",
		"write 10s, 5m, 1h30m or 60d")
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (d Duration) MarshalYAML() (any, error) { return d.String(), nil }

// UnmarshalJSON reads the same texts as UnmarshalYAML.
func (d *Duration) UnmarshalJSON(data []byte) error { return FromJSON(data, d.set, ErrSpan) }

// MarshalJSON is the inverse of UnmarshalJSON.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

// ErrSpan is the error of an invalid Duration in JSON.
var ErrSpan = errors.New(`a duration must be a time span such as "10s", "5m" or "1h30m", and not negative`)

// FromYAML sets a value from its text. The error is a *Misfit.
func FromYAML(node ast.Node, set func(string) error, rule, hint string) error {
	if n, ok := node.(*ast.StringNode); ok && set(n.Value) == nil {
		return nil
	}
	return NewMisfit(node, rule, hint)
}

// FromJSON sets a value from its text, or returns wrong, the error for an invalid value.
func FromJSON(data []byte, set func(string) error, wrong error) error {
	var text string
	if json.Unmarshal(data, &text) != nil || set(text) != nil {
		return wrong
	}
	return nil
}

// String returns the span in the format of Go: 10m0s.
func (d Duration) String() string { return time.Duration(d).String() }

// Short returns a time span without the trailing zeroes of time.Duration: 10m, not 10m0s.
func Short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// Few joins the first three texts for a sentence, and counts the others: a, b, c and 2 more.
func Few(texts []string) string {
	const few = 3
	if len(texts) <= few {
		return strings.Join(texts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(texts[:few], ", "), len(texts)-few)
}

// JoinOr joins texts for a sentence: a, b or c.
func JoinOr(texts []string) string {
	last := len(texts) - 1
	if last < 1 {
		return strings.Join(texts, "")
	}
	return strings.Join(texts[:last], ", ") + " or " + texts[last]
}
