// Package misbehaviour has the one type for deliberate faults of a webhook: for a scenario, for a clinic and for the
// request being sent. It has the keys in YAML and JSON, the rules and the words. All of it is ours.
//
// A new key is a field of Misbehaviour and a row of keys. mockserver/webhook carries out the faults of a request, and
// mockserver/clinic the faults in the time of sending.
package misbehaviour

import (
	"fmt"
	"reflect"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/rule"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// Misbehaviour lists the deliberate faults of a webhook's events. The zero value means none. A scenario's misbehaviour
// applies to the events of its checks, a clinic's to all of its events; the scenario wins key by key.
type Misbehaviour struct {
	Drop      bool         `yaml:"drop,omitempty" json:"drop,omitempty"`           // the event is recorded, not sent
	Refused   scalar.Count `yaml:"refused,omitempty" json:"refused,omitempty"`     // this many first attempts count as refused: recorded, not sent
	Duplicate scalar.Count `yaml:"duplicate,omitempty" json:"duplicate,omitempty"` // the number of times it is sent
	Burst     scalar.Count `yaml:"burst,omitempty" json:"burst,omitempty"`         // it is one of this many sent at once, each with its own id

	Hold        Hold `yaml:"hold,omitempty" json:"hold,omitzero"`                  // the delay of its sending
	BeforeReply bool `yaml:"before_reply,omitempty" json:"before_reply,omitempty"` // the check ends, and the event is sent, before the reply to the start
	AfterRead   bool `yaml:"after_read,omitempty" json:"after_read,omitempty"`     // it is sent after a client has read the result

	Signature  scalar.Text     `yaml:"signature,omitempty" json:"signature,omitempty"`     // bad, or old: signed with the previous secret
	Timestamp  scalar.Text     `yaml:"timestamp,omitempty" json:"timestamp,omitempty"`     // stale or future, by ten minutes
	Altered    bool            `yaml:"altered,omitempty" json:"altered,omitempty"`         // the body is changed after signing
	ExtraField bool            `yaml:"extra_field,omitempty" json:"extra_field,omitempty"` // a field unknown to VSee
	Slow       scalar.Duration `yaml:"slow,omitempty" json:"slow,omitempty"`               // the real time to take for sending the body
	Gzip       bool            `yaml:"gzip,omitempty" json:"gzip,omitempty"`               // the body is sent compressed
	Attempts   scalar.Count    `yaml:"attempts,omitempty" json:"attempts,omitempty"`       // this many first attempts go wrong; 0 means all
}

// The forgeries of a signature and of a timestamp.
const (
	SignatureBad = "bad" // signed with an unknown secret
	SignatureOld = "old" // signed with the previous secret alone

	TimestampStale  = "stale"  // ten minutes ago
	TimestampFuture = "future" // in ten minutes
)

// key is a key of a Misbehaviour.
type key struct {
	name  string
	takes rule.Form // its values, when the type is not enough
	hint  string
	kind  kind
}

// kind is the subject of a key.
type kind int

const (
	checks   kind = 1 << iota // only for the event of a check: claim events are sent as they happen
	copies                    // how many are sent: 1 changes nothing
	once                      // only for the first attempt
	delay                     // it moves the time of sending: a scenario has one at most
	sent                      // the sent request, up to Attempts
	doubtful                  // refused by a receiver with signature verification
)

func (k key) is(of kind) bool { return k.kind&of != 0 }

var count = rule.Whole(0, scalar.MaxCount)

// keys are the keys of a Misbehaviour, in the order of its fields.
var keys = []key{
	{name: "drop"},
	{name: "refused", kind: checks, takes: count},
	{name: "duplicate", kind: copies, takes: count},
	{name: "burst", kind: copies | once, takes: count},
	{name: "hold", kind: checks | once | delay, takes: rule.Fits("next, or a time span from 0s to 720h", Hold.isInLimits),
		hint: "silent is an answer that never comes, drop an event that is never sent"},
	{name: "before_reply", kind: checks | once | delay},
	{name: "after_read", kind: checks | once | delay},
	{name: "signature", kind: sent | doubtful, takes: rule.Texts(SignatureBad, SignatureOld),
		hint: "old is by the previous secret"},
	{name: "timestamp", kind: sent | doubtful, takes: rule.Texts(TimestampStale, TimestampFuture),
		hint: "each is off by ten minutes"},
	{name: "altered", kind: sent | doubtful},
	{name: "extra_field", kind: sent},
	{name: "slow", kind: sent, takes: rule.Span(0, time.Minute), hint: "it is real time"},
	{name: "gzip", kind: sent},
	{name: "attempts", kind: checks, takes: count},
}

// each calls f with the index of each key in use and its value, which f may change.
func (m *Misbehaviour) each(f func(i int, value reflect.Value)) {
	fields := reflect.ValueOf(m).Elem()
	for i := range keys {
		if value := fields.Field(i); !value.IsZero() {
			f(i, value)
		}
	}
}

// clear removes the keys of a kind.
func (m *Misbehaviour) clear(of kind) {
	m.each(func(i int, value reflect.Value) {
		if keys[i].is(of) {
			value.SetZero()
		}
	})
}

// has reports whether a key of a kind is set.
func (m Misbehaviour) has(of kind) bool {
	without := m
	without.clear(of)
	return without != m
}

// Words returns the keys in use, such as `signature: bad`, without Attempts.
func (m Misbehaviour) Words() []string {
	var words []string
	m.each(func(i int, value reflect.Value) {
		if k := keys[i]; k.name != "attempts" && (!k.is(copies) || value.Int() > 1) {
			words = append(words, fmt.Sprintf("%s: %v", k.name, value))
		}
	})
	return words
}

// IsSpoiled reports whether a request of an attempt, counted from 1, may be wrong. Only sent attempts count.
func (m Misbehaviour) IsSpoiled(attempt int) bool {
	return m.Attempts == 0 || attempt <= int(m.Refused+m.Attempts)
}

// IsDoubtful reports whether a receiver with signature verification refuses an attempt.
func (m Misbehaviour) IsDoubtful(attempt int) bool { return m.IsSpoiled(attempt) && m.has(doubtful) }

// At returns the part of m for one attempt, counted from 1.
func (m Misbehaviour) At(attempt int) Misbehaviour {
	now := m
	if !m.IsSpoiled(attempt) {
		now.clear(sent)
	}
	if attempt > 1 {
		now.clear(once)
	}
	if attempt > int(m.Refused) {
		now.Refused = 0
	}
	return now
}

// SignedBy returns the part of m with an effect on events signed by a scheme.
func (m Misbehaviour) SignedBy(scheme signature.Scheme) Misbehaviour {
	if !scheme.Signs() {
		m.Signature = ""
	}
	if !scheme.Row().Timed {
		m.Timestamp = ""
	}
	return m
}

// Over returns the misbehaviour of a scenario merged over the misbehaviour of the clinic.
func (m Misbehaviour) Over(clinic Misbehaviour) Misbehaviour {
	if m.has(delay) {
		clinic.clear(delay)
	}
	both := reflect.ValueOf(&clinic).Elem()
	m.each(func(i int, value reflect.Value) { both.Field(i).Set(value) })
	return clinic
}
