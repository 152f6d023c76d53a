package misbehaviour

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Hold says how long an event is held back: for a time, or until the next event of the clinic, which then comes first.
type Hold struct {
	For  time.Duration
	Next bool
}

// holdNext is the text for "until the next event".
const holdNext = "next"

// IsZero reports whether nothing is held back.
func (h Hold) IsZero() bool { return h == Hold{} }

func (h Hold) String() string {
	if h.Next {
		return holdNext
	}
	return h.For.String()
}

// ErrHold is the error of an invalid Hold in JSON.
var ErrHold = errors.New(`hold must be "next", or a time span such as "5m"`)

func (h *Hold) set(text string) error {
	span, err := scalar.ParseSpan(text)
	switch {
	case text == holdNext:
		*h = Hold{Next: true}
	case err != nil || span < 0:
		return ErrHold
	default:
		*h = Hold{For: span}
	}
	return nil
}

// UnmarshalYAML reads `next`, or a duration such as 5m.
func (h *Hold) UnmarshalYAML(node ast.Node) error {
	return scalar.FromYAML(node, h.set, "must be next, or a time span with a unit, and not negative",
		"write next for until the next event, or 5m")
}

// MarshalYAML is the inverse of UnmarshalYAML.
func (h Hold) MarshalYAML() (any, error) { return h.String(), nil }

// UnmarshalJSON reads the same texts as UnmarshalYAML.
func (h *Hold) UnmarshalJSON(data []byte) error { return scalar.FromJSON(data, h.set, ErrHold) }

// MarshalJSON is the inverse of UnmarshalJSON.
func (h Hold) MarshalJSON() ([]byte, error) { return json.Marshal(h.String()) }

// maxHold is the longest time an event is held back.
const maxHold = 720 * time.Hour

func (h Hold) isInLimits() bool { return h.For >= 0 && h.For <= maxHold }
