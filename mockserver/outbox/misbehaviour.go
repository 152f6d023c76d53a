package outbox

import (
	"errors"
	"fmt"
	"time"
)

// Misbehaviour is what goes wrong with an event on purpose. The zero value is none. A scenario's applies to the events
// of its checks, a clinic's to all of its events; a scenario's wins field by field. All of it is ours.
type Misbehaviour struct {
	// How often it is sent.

	Drop      bool // not at all
	Refused   int  // the first attempts, that many, are taken as refused by the receiver, without sending
	Duplicate int  // that many times, each time it is sent; 0 for once
	Burst     int  // it comes as one of that many events at once, each with an id of its own; 0 for one

	// When it is sent.

	Hold        time.Duration // so long after it happened
	HoldNext    bool          // once the next event has been recorded, and behind it
	BeforeReply bool          // before the check's own POST is answered; the check ends at once
	AfterRead   bool          // once somebody has read the user with the result

	// What is sent.

	Signature  string        // SignatureBad or SignatureOld
	Timestamp  string        // TimestampStale or TimestampFuture
	Altered    bool          // the body is changed after it was signed
	ExtraField bool          // the body has a field that VSee does not know
	Slow       time.Duration // how long sending the body takes, in real time
	Gzip       bool          // the body is sent compressed

	// Attempts is how many attempts of an event, the first ones that are sent, are as those fields say; 0 for all.
	Attempts int
}

// What a Misbehaviour can do to a signature.
const (
	SignatureBad = "bad" // by a secret that nobody has
	SignatureOld = "old" // by the previous secret alone
)

// What a Misbehaviour can do to a timestamp.
const (
	TimestampStale  = "stale"  // ten minutes ago
	TimestampFuture = "future" // in ten minutes
)

// The limits of a Misbehaviour.
const (
	maxCopies = 1_000
	maxSlow   = time.Minute
)

func (m Misbehaviour) validate() error {
	var complaints []error
	complain := func(wrong bool, rule string) {
		if wrong {
			complaints = append(complaints, errors.New("webhook.misbehaviour."+rule))
		}
	}
	for _, count := range []struct {
		name string
		n    int
	}{{"refused", m.Refused}, {"duplicate", m.Duplicate}, {"burst", m.Burst}, {"attempts", m.Attempts}} {
		complain(count.n < 0 || count.n > maxCopies, count.name+" must be a whole number from 0 to 1000")
	}
	complain(m.Signature != "" && m.Signature != SignatureBad && m.Signature != SignatureOld, "signature must be bad or old")
	complain(m.Timestamp != "" && m.Timestamp != TimestampStale && m.Timestamp != TimestampFuture, "timestamp must be stale or future")
	complain(m.Hold < 0 || m.Hold > maxWait, "hold must be next, or a time span from 0s to 720h")
	complain(m.Slow < 0 || m.Slow > maxSlow, "slow must be a time span from 0s to 1m")
	complain(m.delays() > 1, "hold, before_reply and after_read exclude each other")
	return errors.Join(complaints...)
}

// delays returns how many of the fields say when an event is sent.
func (m Misbehaviour) delays() int {
	n := 0
	for _, said := range []bool{m.Hold > 0, m.HoldNext, m.BeforeReply, m.AfterRead} {
		if said {
			n++
		}
	}
	return n
}

// Words returns what is set, in the words of a scenario, such as `signature: bad`.
func (m Misbehaviour) Words() []string {
	var words []string
	say := func(set bool, name string, value any) {
		if set {
			words = append(words, fmt.Sprintf("%s: %v", name, value))
		}
	}
	say(m.Drop, "drop", true)
	say(m.Refused > 0, "refused", m.Refused)
	say(m.Duplicate > 1, "duplicate", m.Duplicate)
	say(m.Burst > 1, "burst", m.Burst)
	say(m.Hold > 0, "hold", m.Hold)
	say(m.HoldNext, "hold", "next")
	say(m.BeforeReply, "before_reply", true)
	say(m.AfterRead, "after_read", true)
	say(m.Signature != "", "signature", m.Signature)
	say(m.Timestamp != "", "timestamp", m.Timestamp)
	say(m.Altered, "altered", true)
	say(m.ExtraField, "extra_field", true)
	say(m.Slow > 0, "slow", m.Slow)
	say(m.Gzip, "gzip", true)
	return words
}

// At returns what of it there is to an attempt, counted from 1.
func (m Misbehaviour) At(nth int) Misbehaviour {
	now := m
	if m.Attempts > 0 && nth > m.Refused+m.Attempts {
		now.Signature, now.Timestamp, now.Altered, now.ExtraField, now.Slow, now.Gzip = "", "", false, false, 0, false
	}
	if nth > 1 { // those say when the first one is made
		now.Burst, now.Hold, now.HoldNext, now.BeforeReply, now.AfterRead = 0, 0, false, false, false
	}
	if nth > m.Refused {
		now.Refused = 0
	}
	return now
}

// SignedBy returns what of it can go wrong where events are signed by a scheme.
func (m Misbehaviour) SignedBy(signature string) Misbehaviour {
	if signature == SignatureNone {
		m.Signature = ""
	}
	if signature == SignatureNone || signature == SignatureGitHub { // which sign no time
		m.Timestamp = ""
	}
	return m
}

// Over returns the misbehaviour of a scenario over that of the clinic.
func (m Misbehaviour) Over(clinic Misbehaviour) Misbehaviour {
	both := clinic
	if m.delays() > 0 {
		both.Hold, both.HoldNext, both.BeforeReply, both.AfterRead = m.Hold, m.HoldNext, m.BeforeReply, m.AfterRead
	}
	pick(&both.Drop, m.Drop)
	pick(&both.Refused, m.Refused)
	pick(&both.Duplicate, m.Duplicate)
	pick(&both.Burst, m.Burst)
	pick(&both.Signature, m.Signature)
	pick(&both.Timestamp, m.Timestamp)
	pick(&both.Altered, m.Altered)
	pick(&both.ExtraField, m.ExtraField)
	pick(&both.Slow, m.Slow)
	pick(&both.Gzip, m.Gzip)
	pick(&both.Attempts, m.Attempts)
	return both
}

// pick takes a value that is set.
func pick[T comparable](field *T, value T) {
	var none T
	if value != none {
		*field = value
	}
}
