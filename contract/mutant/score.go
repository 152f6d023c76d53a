package mutant

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Verdict is what came of facing a mutant.
type Verdict struct {
	Mutant Mutant
	Failed []string // the ids of the requirements that failed, sorted
	LiedTo []string // of those that were told something untrue, sorted
	Broken string   // why the run ended early; empty when it did not
}

// Outcome is a Verdict in a word.
type Outcome string

// The outcomes.
const (
	Caught   Outcome = "caught"   // by exactly those who must
	Survived Outcome = "survived" // nothing has failed
	Unclear  Outcome = "unclear"  // something has failed, but not what must, or the run broke: that is no proof of sight
)

// judge returns the verdict on a mutant, of which a run and the proxy tell.
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

// Missed returns the ids of the requirements that had to fail, and did not: those that the mutant names, and, when a
// reply breaks openapi.yaml, all to which it has lied. Not all look at events that come while they are under way.
func (v Verdict) Missed() []string {
	missed := without(v.Mutant.Caught, v.Failed)
	if v.Mutant.Breaks != nil && !IsEvent(v.Mutant.Operation) {
		missed = append(missed, without(v.LiedTo, append(v.Failed, v.Mutant.Caught...))...)
	}
	return missed
}

// Astray returns the ids of the requirements that have failed for no lie that was told to them.
func (v Verdict) Astray() []string { return without(v.Failed, v.LiedTo) }

// without returns the texts that are not among others.
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

// Right reports whether a mutant came to what is said of it: it was caught, or it told its lies, survived, and that is
// explained.
func (v Verdict) Right() bool {
	if v.Mutant.Survives != "" {
		return v.Outcome() == Survived && len(v.LiedTo) > 0
	}
	return v.Outcome() == Caught
}

// Score is what the suite has seen of mutants, in the order of All.
type Score []Verdict

// Count is how many mutants came to an outcome.
func (s Score) Count(o Outcome) int {
	n := 0
	for _, v := range s {
		if v.Outcome() == o {
			n++
		}
	}
	return n
}

// Percent is how many of 100 mutants were caught, rounded down; 0 when there is none.
func (s Score) Percent() int {
	if len(s) == 0 {
		return 0
	}
	return 100 * s.Count(Caught) / len(s)
}
