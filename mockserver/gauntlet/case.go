package gauntlet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Case is one situation a receiver must handle.
type Case struct {
	ID       string // in kebab-case; it stays
	Title    string
	Sent     string // the request or requests, in words
	Expected string // the behaviour of a correct receiver

	fix   string // the remedy for a receiver with another behaviour
	needs need
	run   func(ctx context.Context, s *session) verdict
}

// Cases returns the cases, in the order of the run.
func Cases() []Case { return slices.Concat(deliveries, signatures, payloads, claims, connections) }

// need is the set of conditions for running a case.
type need int

const (
	needsNothing need = iota
	needsSignature
	needsSeveralSignatures
	needsSignedTime
	needsState
)

// Outcome is how a case has ended: one word of a closed set.
type Outcome string

// The outcomes.
const (
	Passed      Outcome = "passed"
	Failed      Outcome = "failed"
	NotTestable Outcome = "not testable" // it can neither pass nor fail; the reason says why
)

// Result is how a receiver has met a case.
type Result struct {
	Case
	Outcome Outcome
	Got     string // the receiver's behaviour; empty when it is not testable
	Fix     string // the remedy; empty unless it failed
	Reason  string // why it is not testable
	Took    time.Duration
}

// runCase plays one case.
func (s *session) runCase(ctx context.Context, c Case) (Result, verdict) {
	began := clock.Wall()
	v := verdict{outcome: NotTestable, reason: s.missingNeed(c.needs)}
	if v.reason == "" {
		s.at = began
		v = c.run(ctx, s)
	}
	r := Result{Case: c, Outcome: v.outcome, Got: v.got, Reason: v.reason, Took: clock.Since(began)}
	if v.noAnswer.Reason == webhook.Timeout && c.ID == deliveries[0].ID {
		s.slow = "no valid event was answered in time: see " + c.ID
	}
	if v.outcome == Failed {
		r.Fix = cmp.Or(v.fix, c.fix)
	}
	if !s.Signing.Scheme.Signs() {
		r.Sent = withoutSignature.Replace(r.Sent)
		if r.Fix == acceptSigned {
			r.Fix = "Accept an event without a signature: --signature none sends no other."
		}
	}
	return r, v
}

// withoutSignature takes the signature out of the words about a request.
var withoutSignature = strings.NewReplacer(", correctly signed", "", " and a new signature", "")

const noStateURL = "no URL of the receiver's state was given"

// missingNeed says why this run does not meet the needs of a case, "" when it does.
func (s *session) missingNeed(n need) string {
	scheme := s.Signing.Scheme
	switch {
	case s.slow != "":
		return s.slow
	case n == needsState && s.StateURL == "":
		return noStateURL
	case n == needsSignature && !scheme.Signs():
		return "events are not signed"
	case n == needsSeveralSignatures && !scheme.Row().Several:
		return fmt.Sprintf("the scheme %s cannot carry several signatures", scheme)
	case n == needsSignedTime && !scheme.Row().Timed:
		return fmt.Sprintf("the scheme %s does not sign a time", scheme)
	}
	return ""
}
