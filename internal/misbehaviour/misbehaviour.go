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
	Drop bool `yaml:"drop,omitempty" json:"drop,omitempty"` // the event is recorded, not sent
	// this many first attempts count as refused: recorded, not sent
	Refused   scalar.Count `yaml:"refused,omitempty" json:"refused,omitempty"`
	Duplicate Duplicate    `yaml:"duplicate,omitempty" json:"duplicate,omitzero"` // it is sent several times with one id
	// it is one of this many sent at once, each with its own id
	Burst scalar.Count `yaml:"burst,omitempty" json:"burst,omitempty"`

	Hold Hold `yaml:"hold,omitempty" json:"hold,omitzero"` // the delay of its sending
	// the check ends, and the event is sent, before the reply to the start
	BeforeReply bool `yaml:"before_reply,omitempty" json:"before_reply,omitempty"`
	// it is sent after a client has read the result
	AfterRead bool `yaml:"after_read,omitempty" json:"after_read,omitempty"`

	// bad, or old: signed with the previous secret
	Signature scalar.Text `yaml:"signature,omitempty" json:"signature,omitempty"`
	// stale or future, by ten minutes
	Timestamp scalar.Text `yaml:"timestamp,omitempty" json:"timestamp,omitempty"`
	// the body is changed after signing
	Altered    bool `yaml:"altered,omitempty" json:"altered,omitempty"`
	ExtraField bool `yaml:"extra_field,omitempty" json:"extra_field,omitempty"` // a field unknown to VSee
	// external_member_id is a JSON number, as in one of VSee's samples, where the event has it as digits
	NumericMemberID bool `yaml:"numeric_member_id,omitempty" json:"numeric_member_id,omitempty"`
	// the real time to take for sending the body
	Slow scalar.Duration `yaml:"slow,omitempty" json:"slow,omitempty"`
	Gzip bool            `yaml:"gzip,omitempty" json:"gzip,omitempty"` // the body is sent compressed
	// this many first attempts go wrong; 0 means all
	Attempts scalar.Count `yaml:"attempts,omitempty" json:"attempts,omitempty"`
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
	checkOnly      kind = 1 << iota // only for the event of a check: claim events are sent as they happen
	copyCount                       // how many are sent: 1 changes nothing
	firstOnly                       // only for the first attempt
	delaysSending                   // it moves the time of sending: a scenario has one at most
	changesRequest                  // the sent request, up to Attempts
	unverifiable                    // refused by a receiver with signature verification
)

func (k key) hasKind(of kind) bool { return k.kind&of != 0 }

var attemptCount = rule.Whole(0, scalar.MaxCount)

// keys are the keys of a Misbehaviour, in the order of its fields.
var keys = []key{
	{name: "drop"},
	{name: "refused", kind: checkOnly, takes: attemptCount},
	{name: "duplicate", kind: copyCount, takes: rule.Fits(duplicateForm, Duplicate.isInLimits), hint: "write 2"},
	{name: "burst", kind: copyCount | firstOnly, takes: attemptCount},
	{name: "hold", kind: checkOnly | firstOnly | delaysSending,
		takes: rule.Fits("next, or a time span from 0s to 720h", Hold.isInLimits),
		hint:  "use answer: silent for a missing answer, or drop for a missing event"},
	{name: "before_reply", kind: checkOnly | firstOnly | delaysSending},
	{name: "after_read", kind: checkOnly | firstOnly | delaysSending},
	{name: "signature", kind: changesRequest | unverifiable, takes: rule.Texts(SignatureBad, SignatureOld),
		hint: "old means the previous secret"},
	{name: "timestamp", kind: changesRequest | unverifiable, takes: rule.Texts(TimestampStale, TimestampFuture),
		hint: "each is ten minutes off"},
	{name: "altered", kind: changesRequest | unverifiable},
	{name: "extra_field", kind: changesRequest},
	{name: "numeric_member_id", kind: changesRequest},
	{name: "slow", kind: changesRequest, takes: rule.Span(0, time.Minute), hint: "it is real time"},
	{name: "gzip", kind: changesRequest},
	{name: "attempts", kind: checkOnly, takes: attemptCount},
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
		if keys[i].hasKind(of) {
			value.SetZero()
		}
	})
}

// hasAny reports whether a key of a kind is set.
func (m Misbehaviour) hasAny(of kind) bool {
	without := m
	without.clear(of)
	return without != m
}

// Words returns the keys in use, such as `signature: bad`, without Attempts.
func (m Misbehaviour) Words() []string {
	if m == (Misbehaviour{}) {
		return nil
	}
	var words []string
	used := m
	used.each(func(i int, value reflect.Value) {
		text := fmt.Sprint(value)
		if k := keys[i]; k.name != "attempts" && (!k.hasKind(copyCount) || text != "1") {
			words = append(words, k.name+": "+text)
		}
	})
	return words
}

// Affects reports whether a request of an attempt, counted from 1, may be wrong. Only sent attempts count.
func (m Misbehaviour) Affects(attempt int) bool {
	return m.Attempts == 0 || attempt <= int(m.Refused+m.Attempts)
}

// FailsVerification reports whether a receiver with signature verification refuses an attempt.
func (m Misbehaviour) FailsVerification(attempt int) bool {
	return m.Affects(attempt) && m.hasAny(unverifiable)
}

// ForAttempt returns the part of m for one attempt, counted from 1.
func (m Misbehaviour) ForAttempt(attempt int) Misbehaviour {
	if m == (Misbehaviour{}) {
		return m
	}
	now := m
	if !m.Affects(attempt) {
		now.clear(changesRequest)
	}
	if attempt > 1 {
		now.clear(firstOnly)
	}
	if attempt > int(m.Refused) {
		now.Refused = 0
	}
	return now
}

// ForScheme returns the part of m with an effect on events signed by a scheme.
func (m Misbehaviour) ForScheme(scheme signature.Scheme) Misbehaviour {
	if !scheme.Signs() {
		m.Signature = ""
	}
	if !scheme.Row().Timed {
		m.Timestamp = ""
	}
	return m
}

// MergedOver returns the misbehaviour of a scenario merged over the misbehaviour of the clinic.
func (m Misbehaviour) MergedOver(clinic Misbehaviour) Misbehaviour {
	if m.hasAny(delaysSending) {
		clinic.clear(delaysSending)
	}
	both := reflect.ValueOf(&clinic).Elem()
	m.each(func(i int, value reflect.Value) { both.Field(i).Set(value) })
	return clinic
}
