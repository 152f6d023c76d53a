package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Ties reports scenarios that can match the same check although neither is more particular: only their names decide. It
// is a hint. A tie is reported at the scenario with more of them, so a broad one has a single note.
func (s Set) Ties() []*Problem {
	pairs, count, with := s.tiedPairs(), map[int]int{}, map[int][]string{}
	for _, p := range pairs {
		count[p[0]]++
		count[p[1]]++
	}
	for _, p := range pairs {
		other, at := p[0], p[1]
		if count[other] > count[at] {
			other, at = at, other
		}
		with[at] = append(with[at], fmt.Sprintf("%s:%d", s[other].File, s[other].Line))
	}
	var ties []*Problem
	for _, at := range slices.Sorted(maps.Keys(with)) {
		ties = append(ties, &Problem{
			File: s[at].File, Line: s[at].Line, Column: 1,
			Rule: "can match the same check as " + scalar.Few(with[at]) + ": the first by name answers",
			Hint: "make one of them more specific, unless this is intended",
		})
	}
	return ties
}

// tiedPairs returns the places of tied scenarios, the earlier one first. Of two patterns it compares only the ends, and
// it stops early in a set with too much to compare.
func (s Set) tiedPairs() (pairs [][2]int) {
	for x, i := newCoverFinder(s), 0; i < len(s) && !x.exhausted(); i++ {
		scenario := &s[i]
		if scenario.Answers.IsZero() || x.coveredBy(scenario) != nil {
			continue
		}
		for _, place := range x.places.candidates(&scenario.When) {
			x.spend(x.weightsAt(place), x.weightsAt(i))
			if first := &s[place]; !x.exhausted() && first.overlaps(scenario) && !covers(first, scenario) &&
				!covers(scenario, first) {
				pairs = append(pairs, [2]int{place, i})
			}
		}
		x.places.add(&scenario.When, i)
	}
	return pairs
}

// candidates returns the places of scenarios that may share a check with w, in their order.
func (p *places) candidates(w *When) []int {
	found := slices.Clone(p.others)
	for i, key := range keys {
		wants := *key.wanted(w)
		for _, text := range wants {
			found = append(found, p.byText[i][key.normalise(text)]...)
		}
		if !wants.exact() {
			found = slices.Concat(found, slices.Concat(slices.Collect(maps.Values(p.byText[i]))...))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// overlaps reports whether both scenarios can answer the same check. It may say yes where none exists.
func (s *Scenario) overlaps(other *Scenario) bool {
	if !s.When.meets(&other.When) {
		return false
	}
	return s.answersCard(primary) && other.answersCard(primary) || s.answersCard(secondary) && other.answersCard(secondary)
}

func (s *Scenario) answersCard(card string) bool {
	return len(s.Answers.ForCard(card)) > 0 && s.When.allowsCard(card)
}

// overlaps reports whether one value can match both texts: of two spans, one has the begin of the other.
func (k *condition) overlaps(one, two string) bool {
	switch {
	case k.span == nil:
		return patternsOverlap(k.normalise(one), k.normalise(two))
	case isPattern(one + two):
		return true
	}
	return k.span.has(one, k.span.start(two)) || k.span.has(two, k.span.start(one))
}

func patternsOverlap(one, two string) bool {
	if !isPattern(one) || !isPattern(two) {
		return matchesPattern(one, two) || matchesPattern(two, one)
	}
	a, b := one[:strings.IndexAny(one, wildcards)], two[:strings.IndexAny(two, wildcards)]
	c, d := one[strings.LastIndexAny(one, wildcards)+1:], two[strings.LastIndexAny(two, wildcards)+1:]
	return (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) && (strings.HasSuffix(c, d) || strings.HasSuffix(d, c))
}
