package gauntlet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Case is one thing that a receiver meets.
type Case struct {
	ID       string // in kebab-case; it stays
	Title    string
	Sent     string // what is sent
	Expected string // what a correct receiver does

	fix   string // what mends a receiver that does something else
	needs needs
	play  func(ctx context.Context, s *session) verdict
}

// Cases returns the cases, in the order in which they are played.
func Cases() []Case { return slices.Concat(deliveries, signatures, payloads, claims, connections) }

// needs is what a case cannot do without.
type needs int

const (
	nothing needs = iota
	aSignature
	severalSignatures
	aSignedTime
	aState
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
	Got     string // what the receiver did; empty when it is not testable
	Fix     string // what would mend it; empty unless it failed
	Reason  string // why it is not testable
	Took    time.Duration
}

// play plays one case.
func (s *session) play(ctx context.Context, c Case) (Result, verdict) {
	began := clock.Wall()
	v := verdict{outcome: NotTestable, reason: s.lacks(c.needs)}
	if v.reason == "" {
		s.at = began
		v = c.play(ctx, s)
	}
	r := Result{Case: c, Outcome: v.outcome, Got: v.got, Reason: v.reason, Took: clock.Since(began)}
	if v.outcome == Failed {
		if r.Fix = v.fix; r.Fix == "" {
			r.Fix = c.fix
		}
	}
	return r, v
}

// lacks says why this run cannot have what a case needs, "" when it can.
func (s *session) lacks(n needs) string {
	scheme := s.Signing.Scheme
	switch {
	case n == aState && s.StateURL == "":
		return "no URL of the receiver's state was given"
	case n == aSignature && !scheme.Signs():
		return "events are not signed"
	case n == severalSignatures && !scheme.Row().Several:
		return fmt.Sprintf("the scheme %s cannot carry several signatures", scheme)
	case n == aSignedTime && !scheme.Row().Timed:
		return fmt.Sprintf("the scheme %s does not sign a time", scheme)
	}
	return ""
}
