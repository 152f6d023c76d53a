package scenarios

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Webhook is what goes wrong, on purpose, with telling the clinic's webhook of each check. The zero value is nothing. A
// clinic's own misbehaviour is said with the same words.
type Webhook struct {
	Drop      bool  `yaml:"drop,omitempty" json:"drop,omitempty"`           // the event is recorded, not sent
	Refused   Count `yaml:"refused,omitempty" json:"refused,omitempty"`     // so many attempts, the first ones, count as refused; they are recorded, not sent
	Duplicate Count `yaml:"duplicate,omitempty" json:"duplicate,omitempty"` // it is sent so many times
	Burst     Count `yaml:"burst,omitempty" json:"burst,omitempty"`         // it comes as one of so many at once, each with an id of its own

	Hold        Hold `yaml:"hold,omitempty" json:"hold,omitzero"`                  // it is sent later
	BeforeReply bool `yaml:"before_reply,omitempty" json:"before_reply,omitempty"` // the check ends, and the event is sent, before the start of the check is answered
	AfterRead   bool `yaml:"after_read,omitempty" json:"after_read,omitempty"`     // it is sent once somebody has read the result

	Signature  Text     `yaml:"signature,omitempty" json:"signature,omitempty"`     // bad, or old: by the previous secret
	Timestamp  Text     `yaml:"timestamp,omitempty" json:"timestamp,omitempty"`     // stale or future, by ten minutes
	Altered    bool     `yaml:"altered,omitempty" json:"altered,omitempty"`         // the body is changed after it was signed
	ExtraField bool     `yaml:"extra_field,omitempty" json:"extra_field,omitempty"` // the body has a field that VSee does not know
	Slow       Duration `yaml:"slow,omitempty" json:"slow,omitempty"`               // sending the body takes so long, in real time
	Gzip       bool     `yaml:"gzip,omitempty" json:"gzip,omitempty"`               // the body is sent compressed
	Attempts   Count    `yaml:"attempts,omitempty" json:"attempts,omitempty"`       // so many attempts, the first ones, go wrong; all when 0
}

// Hold is how long an event is held back: for a time, or until the next event of the clinic, which then comes first.
type Hold struct {
	For  time.Duration
	Next bool
}

// next is what stands for the next event.
const next = "next"

// IsZero reports whether nothing is held back.
func (h Hold) IsZero() bool { return h == Hold{} }

func (h Hold) String() string {
	if h.Next {
		return next
	}
	return h.For.String()
}

// ErrHold is what is wrong with a Hold in JSON.
var ErrHold = errors.New(`hold must be "next", or a time span such as "5m"`)

func (h *Hold) set(text string) error {
	span, err := time.ParseDuration(text)
	switch {
	case text == next:
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
	if n, ok := node.(*ast.StringNode); ok && h.set(n.Value) == nil {
		return nil
	}
	return &misfit{node, "must be next, or a time span that is not negative", "write next for until the next event, or 5m"}
}

// MarshalYAML writes what UnmarshalYAML reads.
func (h Hold) MarshalYAML() (any, error) { return h.String(), nil }

// UnmarshalJSON reads what UnmarshalYAML does.
func (h *Hold) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return ErrHold
	}
	return h.set(text)
}

// MarshalJSON writes what UnmarshalJSON reads.
func (h Hold) MarshalJSON() ([]byte, error) { return json.Marshal(h.String()) }

// check returns the rule that the webhook of a story breaks, with the key that does, and a hint.
func (w Webhook) check() (key, rule, hint string) {
	delays := 0
	for _, said := range []bool{!w.Hold.IsZero(), w.BeforeReply, w.AfterRead} {
		if said {
			delays++
		}
	}
	switch {
	case w.Refused > 9:
		return "refused", "refused must be 0 to 9", "a story is told on the standard schedule, which has ten attempts"
	case w.Drop && w != (Webhook{Drop: true, BeforeReply: w.BeforeReply}):
		return "drop", "an event that is dropped has nothing else go wrong", "keep drop, or the rest"
	case w == Webhook{Attempts: w.Attempts} && w.Attempts > 0:
		return "attempts", "attempts says how many go wrong, and nothing does", "write signature, timestamp, altered, extra_field, slow or gzip"
	case w.Signature != "" && w.Signature != "bad" && w.Signature != "old":
		return "signature", "signature must be bad or old", "old is by the previous secret"
	case w.Timestamp != "" && w.Timestamp != "stale" && w.Timestamp != "future":
		return "timestamp", "timestamp must be stale or future", "each is off by ten minutes"
	case time.Duration(w.Slow) > maxSlow:
		return "slow", "slow must be at most 1m", "it is real time"
	case w.Hold.For > maxHold:
		return "hold", "hold must be at most 720h", "silent is an answer that never comes, drop an event that is never sent"
	case delays > 1:
		return "", "hold, before_reply and after_read exclude each other", "keep one of them"
	}
	return "", "", ""
}

// claimWebhook returns the rule that the claim_webhook of a story breaks, with the key that does, and a hint.
func (s Scenario) claimWebhook() (key, rule, hint string) {
	w := s.ClaimWebhook
	if w != (Webhook{}) && len(s.Claims) == 0 {
		return "", "claim_webhook without a claim does nothing", "write claim, which says what the events tell of"
	}
	for _, field := range []struct {
		key  string
		said bool
	}{
		{"refused", w.Refused > 0}, {"hold", !w.Hold.IsZero()}, {"before_reply", w.BeforeReply}, {"after_read", w.AfterRead},
		{"attempts", w.Attempts > 0},
	} {
		if field.said {
			return field.key, field.key + " is for the event of a check alone", "the statuses of a claim follow one another: its events are sent when they happen, and go wrong at each attempt"
		}
	}
	return w.check()
}

const (
	maxSlow = time.Minute
	maxHold = 720 * time.Hour

	maxRetryAfter = 24 * time.Hour
	maxFaults     = 100
)
