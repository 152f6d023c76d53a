package scenarios

import "fmt"

// neverAnswering reports scenarios that never answer, because one before them answers all of their checks. kept has the
// others.
func (s Set) neverAnswering() (wrong []*Problem, kept Set) {
	kept = Set{}
	x := newCoverFinder(s)
	for i := range s {
		scenario := &s[i]
		if scenario.Answers.IsZero() {
			kept = append(kept, *scenario)
			continue
		}
		by := x.coveredBy(scenario)
		if x.exhausted() {
			return append(wrong, tooManyToCompare(scenario)), kept
		}
		if by != nil {
			wrong = append(wrong, &Problem{
				File: scenario.File, Line: scenario.Line, Column: 1,
				Rule: fmt.Sprintf("never answers: %s:%d comes first and answers all of its checks", by.File, by.Line),
				Hint: "make one of them more specific, or rename this file to come first",
			})
			continue
		}
		x.places.add(&scenario.When, i)
		kept = append(kept, *scenario)
	}
	return wrong, kept
}

// tooManyToCompare reports that comparing the scenarios takes too long. Its place is the first scenario not compared.
func tooManyToCompare(first *Scenario) *Problem {
	return &Problem{
		File: first.File, Line: first.Line, Column: 1,
		Rule: "this file and the files before it have too many texts with * or ? to compare: it and the files behind it " +
			"are left out",
		Hint: "give each a subscriber_num, code or email of its own without * and ?, or write fewer files with lists in when",
	}
}

// coverFinder finds a scenario that covers another among many.
type coverFinder struct {
	set     Set
	places  *places
	weights [][]weight // of each scenario, by condition; nil until it is needed
	effort  int        // spent on comparisons so far
}

// maxEffort is the most effort allowed for comparing the scenarios of a set: about a second. It is enough for 2,400
// scenarios with one pattern each, and for any number of scenarios with different exact texts.
const maxEffort = 30_000_000

func newCoverFinder(s Set) *coverFinder {
	return &coverFinder{set: s, places: newPlaces(), weights: make([][]weight, len(s))}
}

func (x *coverFinder) exhausted() bool { return x.effort > maxEffort }

// weight is how much one condition of a scenario takes to compare.
type weight struct {
	texts    int
	patterns int // characters of the patterns
	exact    int // characters of the other texts
}

// weightsAt returns the weights of the scenario at a place.
func (x *coverFinder) weightsAt(place int) []weight {
	if x.weights[place] == nil {
		x.weights[place] = weightsOf(&x.set[place].When)
	}
	return x.weights[place]
}

func weightsOf(w *When) []weight {
	weights := make([]weight, len(conditions))
	for i := range conditions {
		wants := *conditions[i].wanted(w)
		weights[i].texts = len(wants)
		for _, text := range wants {
			if isPattern(text) {
				weights[i].patterns += len(text)
			} else {
				weights[i].exact += len(text)
			}
		}
	}
	return weights
}

// A pair of scenarios costs about as much as ten pairs of texts, or as a hundred pairs of characters.
const (
	pairEffort      = 10
	charactersAsOne = 10
)

// spend adds the effort of comparing two scenarios: the patterns of each are matched with the exact texts of the other.
func (x *coverFinder) spend(a, b []weight) {
	x.effort += pairEffort
	for i := range a {
		x.effort += a[i].texts*b[i].texts + a[i].patterns*b[i].exact/charactersAsOne
	}
}

// coveredBy returns a scenario that covers another; nil for none. One with exact texts can only cover another with some
// of the same texts.
func (x *coverFinder) coveredBy(other *Scenario) *Scenario {
	weights := weightsOf(&other.When)
	if s := x.firstCovering(other, weights, x.places.others); s != nil {
		return s
	}
	for i, key := range keys {
		if wants := *key.wanted(&other.When); len(wants) > 0 {
			if s := x.firstCovering(other, weights, x.places.byText[i][key.normalise(wants[0])]); s != nil {
				return s
			}
		}
	}
	return nil
}

func (x *coverFinder) firstCovering(other *Scenario, weights []weight, places []int) *Scenario {
	for _, place := range places {
		if x.spend(x.weightsAt(place), weights); x.exhausted() {
			return nil
		}
		if s := &x.set[place]; covers(s, other) {
			return s
		}
	}
	return nil
}

// covers reports whether one scenario answers every check of another. A scenario may have an answer for one card alone.
func covers(s, other *Scenario) bool {
	for _, card := range []string{primary, secondary} {
		if len(other.Answers.ForCard(card)) > 0 && other.When.allowsCard(card) && len(s.Answers.ForCard(card)) == 0 {
			return false
		}
	}
	return whenCovers(&s.When, &other.When)
}
