package scenarios

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Fault is a deliberate failure of requests to VSee's API. A clinic's own faults use the same words. At most
// one of Status, Reset, Truncated, Malformed and HTML is set.
type Fault struct {
	// the operationId of openapi.yaml; all when empty
	Operation string `yaml:"operation,omitempty" json:"operation,omitempty"`
	// the first request that it befalls, counted from 1; 1 when 0
	From Count `yaml:"from,omitempty" json:"from,omitempty"`
	// how many requests it befalls; all from then on when 0
	Times Count `yaml:"times,omitempty" json:"times,omitempty"`
	// that it befalls one of those, by the clinic's seed; 1 when 0
	Probability float64 `yaml:"probability,omitempty" json:"probability,omitempty"`
	// how long the reply takes, in real time
	Latency Latency `yaml:"latency,omitempty" json:"latency,omitzero"`
	// a documented status of failure, in place of the reply
	Status int `yaml:"status,omitempty" json:"status,omitempty"`
	// of a status 429 or 503, in whole seconds
	RetryAfter Duration `yaml:"retry_after,omitempty" json:"retry_after,omitempty"`
	// it befalls every request until the Retry-After of the first one is over on the clinic's clock, and none after that
	UntilRetryAfter bool `yaml:"until_retry_after,omitempty" json:"until_retry_after,omitempty"`
	Reset           bool `yaml:"reset,omitempty" json:"reset,omitempty"`         // the connection is reset
	Truncated       bool `yaml:"truncated,omitempty" json:"truncated,omitempty"` // the reply ends in the middle
	// the body of the reply takes so long, in real time
	Slow      Duration `yaml:"slow,omitempty" json:"slow,omitempty"`
	Malformed bool     `yaml:"malformed,omitempty" json:"malformed,omitempty"` // the reply is not well-formed JSON
	// an HTML page of an error, with status 200
	HTML bool `yaml:"html,omitempty" json:"html,omitempty"`
}

// Statuses are the documented failure statuses of VSee; a Fault can have one of them.
func Statuses() []int { return []int{400, 401, 403, 404, 429, 500, 502, 503, 504} }

// Operations are the operationIds of openapi.yaml, in its order. A Fault can be of any of them.
func Operations() []string { return embedded.IDs() }

// Latency is how long a reply takes: always the same (`2s`), uniform between two (`1s..3s`), or with a long tail, half
// of them by the first and one in a hundred beyond the second (`200ms~5s`).
type Latency struct {
	From time.Duration
	To   time.Duration // From for a fixed one
	Tail bool
}

// ErrLatency is the error of an invalid Latency.
var ErrLatency = errors.New(`latency must be fixed ("2s"), uniform ("1s..3s") or with a long tail ("200ms~5s"), and ` +
	`at most 1m`)

// IsZero reports whether there is none.
func (l Latency) IsZero() bool { return l == Latency{} }

func (l Latency) String() string {
	switch {
	case l.Tail:
		return l.From.String() + "~" + l.To.String()
	case l.From != l.To:
		return l.From.String() + ".." + l.To.String()
	}
	return l.From.String()
}

func (l *Latency) set(text string) error {
	from, to, uniform := strings.Cut(text, "..")
	if !uniform {
		from, to, l.Tail = strings.Cut(text, "~")
	}
	if to == "" && !uniform && !l.Tail {
		to = from
	}
	var err, err2 error
	l.From, err = scalar.ParseSpan(from)
	l.To, err2 = scalar.ParseSpan(to)
	if err != nil || err2 != nil || l.From < 0 || l.To < l.From || l.To > maxSlow || l.Tail && l.From == 0 {
		return ErrLatency
	}
	return nil
}

// UnmarshalYAML reads the fields. It refuses a 0 in some of them: as a zero value it would mean a field left out, which
// is the opposite.
func (f *Fault) UnmarshalYAML(node ast.Node) error {
	if m, ok := node.(ast.MapNode); ok {
		for it := m.MapRange(); it.Next(); {
			if hint := zeroHints[it.Key().GetToken().Value]; hint != "" && isZero(it.Value()) {
				return scalar.NewMisfit(it.Value(), "must be more than 0", hint)
			}
		}
	}
	type fields Fault // without this method
	return yaml.NodeToValue(node, (*fields)(f), yaml.Strict())
}

// zeroHints has a hint for each field that must not be 0, because the fault would then never happen.
var zeroHints = map[string]string{
	"from":        "leave it out for the first request",
	"times":       "leave it out for all requests, or leave the fault out",
	"probability": "leave it out for every request, or leave the fault out",
}

// CheckZeros returns an error for a field sent as 0 that must not be. fields are those of a Fault in JSON, as sent.
func CheckZeros(fields map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(zeroHints)) {
		if fields[name] == 0.0 {
			return fmt.Errorf("%s must be more than 0: %s", name, zeroHints[name])
		}
	}
	return nil
}

func isZero(node ast.Node) bool {
	switch node.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		value, err := strconv.ParseFloat(node.GetToken().Value, 64)
		return err == nil && value == 0
	}
	return false
}

// UnmarshalYAML reads the form written by String.
func (l *Latency) UnmarshalYAML(node ast.Node) error {
	return scalar.FromYAML(node, l.set, "must be 2s, 1s..3s or 200ms~5s, and at most 1m",
		"fixed, uniform, or with a long tail")
}

// MarshalYAML writes the form read by UnmarshalYAML.
func (l Latency) MarshalYAML() (any, error) { return l.String(), nil }

// UnmarshalJSON reads the same form as UnmarshalYAML.
func (l *Latency) UnmarshalJSON(data []byte) error { return scalar.FromJSON(data, l.set, ErrLatency) }

// MarshalJSON writes the form read by UnmarshalJSON.
func (l Latency) MarshalJSON() ([]byte, error) { return json.Marshal(l.String()) }

// Check returns the first broken rule of a fault, with the field and a hint, as an error for people; nil for none.
func (f Fault) Check() error {
	for broken := range faultRules().Broken(f) {
		return fmt.Errorf("%s: %s", broken.Says, hintOf(broken))
	}
	return nil
}
