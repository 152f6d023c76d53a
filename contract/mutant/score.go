package mutant

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Verdict is the outcome of a run against a mutant.
type Verdict struct {
	Mutant Mutant
	Failed []string // the ids of the requirements that failed, sorted
	LiedTo []string // the ids of the requirements that were lied to, sorted
	Broken string   // why the run ended early; empty when it did not
}

// Outcome is a Verdict in one word.
type Outcome string

// The outcomes.
const (
	Caught   Outcome = "caught"   // killed: exactly the right requirements failed
	Survived Outcome = "survived" // no requirement has failed
	Unclear  Outcome = "unclear"  // the wrong requirements failed, or the run broke: this proves nothing
)

// judge returns the verdict on a mutant, from its run and from the records of its proxy.
func judge(m Mutant, run result.Run, p *Proxy) Verdict {
	v := Verdict{Mutant: m, LiedTo: p.LiedTo(), Broken: run.Broken}
	for _, r := range run.Requirements {
		if r.State == result.Failed {
			v.Failed = append(v.Failed, r.ID)
		}
	}
	slices.Sort(v.Failed)
	return v
}

// Missed returns the ids of the requirements that had to fail and did not: the ones named by the mutant, and, for
// a reply that breaks openapi.yaml, all it has lied to. Not all requirements look at events that arrive while they
// run.
func (v Verdict) Missed() []string {
	missed := without(v.Mutant.Caught, v.Failed)
	if v.Mutant.Breaks != nil && !IsEvent(v.Mutant.Operation) {
		missed = append(missed, without(v.LiedTo, append(v.Failed, v.Mutant.Caught...))...)
	}
	return missed
}

// Astray returns the ids of the requirements that failed without a lie to them.
func (v Verdict) Astray() []string { return without(v.Failed, v.LiedTo) }

// without returns the texts missing from others.
func without(texts, others []string) []string {
	var rest []string
	for _, text := range texts {
		if !slices.Contains(others, text) {
			rest = append(rest, text)
		}
	}
	return rest
}

// Outcome sums up.
func (v Verdict) Outcome() Outcome {
	switch {
	case v.Broken != "" || len(v.Astray()) > 0 || len(v.Failed) > 0 && len(v.Missed()) > 0:
		return Unclear
	case len(v.Failed) == 0:
		return Survived
	}
	return Caught
}

// Right reports whether a mutant had its expected outcome: it was killed, or it lied, survived, and the survival
// is explained.
func (v Verdict) Right() bool {
	if v.Mutant.Survives != "" {
		return v.Outcome() == Survived && len(v.LiedTo) > 0
	}
	return v.Outcome() == Caught
}

// Score is the list of verdicts on mutants, in the order of All.
type Score []Verdict

// Count is the number of mutants with an outcome.
func (s Score) Count(o Outcome) int {
	n := 0
	for _, v := range s {
		if v.Outcome() == o {
			n++
		}
	}
	return n
}

// Percent is the percentage of killed mutants, rounded down; 0 when there are no mutants.
func (s Score) Percent() int {
	if len(s) == 0 {
		return 0
	}
	return 100 * s.Count(Caught) / len(s)
}
