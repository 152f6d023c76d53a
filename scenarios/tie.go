package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// Ties tells of scenarios that can match the same check although neither is the more particular one, so that nothing
// but their names decides between them. Those that come before a more general one are meant to.
func (s Set) Ties() []*Problem {
	var ties []*Problem
	x := newShades(s)
	for i := range s {
		scenario := &s[i]
		if scenario.Answers.IsZero() || x.over(scenario) != nil {
			continue
		}
		var firsts []string
		weights := weightsOf(&scenario.When)
		for _, place := range x.near(&scenario.When) {
			if x.spendOnMeeting(x.of(place), weights); x.exhausted() {
				return append(ties, tooAlike(scenario))
			}
			if first := &s[place]; meet(first, scenario) && !covers(first, scenario) && !covers(scenario, first) {
				firsts = append(firsts, fmt.Sprintf("%s:%d", first.File, first.Line))
			}
		}
		if n := len(firsts); n > 0 {
			named := strings.Join(firsts[:min(n, 3)], ", ")
			if n > 3 {
				named += fmt.Sprintf(" and %d more", n-3)
			}
			ties = append(ties, &Problem{
				File: scenario.File, Line: scenario.Line, Column: 1,
				Rule: "can match the same check as " + named + ": the first by name answers",
				Hint: "make one of them more particular if that is not meant",
			})
		}
		x.places.add(&scenario.When, i)
	}
	return ties
}

// near returns the places of those that may meet what is wanted, in their order.
func (x *shades) near(w *When) []int {
	x.asking++
	found := slices.Clone(x.places.others)
	for i, key := range keys {
		wants, by := *key.of(w), x.places.by[i]
		if wants.exact() {
			for _, text := range wants {
				found = x.once(found, by[key.formed(text)])
			}
			continue
		}
		for _, places := range by {
			found = x.once(found, places)
		}
	}
	slices.Sort(found)
	return found
}

// once adds those places that were not looked at yet.
func (x *shades) once(found, places []int) []int {
	for _, place := range places {
		if x.asked[place] != x.asking {
			x.asked[place] = x.asking
			found = append(found, place)
		}
	}
	return found
}

// spendOnMeeting adds the effort of finding out whether two scenarios meet: each text is matched with each, and so is a
// pattern with a pattern.
func (x *shades) spendOnMeeting(a, b []weight) {
	x.effort += pairEffort
	for i := range a {
		x.effort += a[i].texts*b[i].texts + (a[i].patterns+a[i].exact)*(b[i].patterns+b[i].exact)/charactersAsOne
	}
}

// meet reports whether a check can be one that both scenarios answer. It may say yes where none can.
func meet(s, other *Scenario) bool {
	for i := range conditions {
		if k := &conditions[i]; !k.meet(*k.of(&s.When), *k.of(&other.When)) {
			return false
		}
	}
	for _, card := range []string{primary, secondary} {
		if s.onCard(card) && other.onCard(card) {
			return true
		}
	}
	return false
}

func (s *Scenario) onCard(card string) bool {
	return len(s.Answers.Of(card)) > 0 && s.When.Card.matches(card, nil)
}

func (k *condition) meet(a, b Match) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	for _, one := range a {
		for _, two := range b {
			one, two = k.formed(one), k.formed(two)
			if k.within != nil && spansMeet(k.name, one, two) || k.within == nil && patternsMeet(one, two) {
				return true
			}
		}
	}
	return false
}

// patternsMeet reports whether a text can be what both patterns say.
func patternsMeet(one, two string) bool {
	a, b := []rune(one), []rune(two)
	// meets[j] is whether what is left of a meets what is left of b from j on.
	meets := make([]bool, len(b)+1)
	for i := len(a); i >= 0; i-- {
		diagonal := false // what meets[j+1] was for i+1
		for j := len(b); j >= 0; j-- {
			below := meets[j] // for i+1
			var now bool
			switch {
			case i == len(a) && j == len(b):
				now = true
			case i < len(a) && a[i] == '*':
				now = below || j < len(b) && meets[j+1]
			case j < len(b) && b[j] == '*':
				now = meets[j+1] || i < len(a) && below
			case i < len(a) && j < len(b):
				now = diagonal && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			}
			diagonal, meets[j] = below, now
		}
	}
	return meets[0]
}

// spansMeet reports whether a date, or a time of day, can be in both spans.
func spansMeet(name, a, b string) bool {
	if strings.ContainsAny(a+b, wild) {
		return true // a pattern of dates: who knows
	}
	from, to := ends(a)
	from2, to2 := ends(b)
	if name == "date" {
		return from <= to2 && from2 <= to
	}
	if from > to && from2 > to2 {
		return true // both at midnight
	}
	if from > to {
		from, to, from2, to2 = from2, to2, from, to
	}
	if from2 > to2 { // over midnight
		return from < to2 || from2 < to
	}
	return from < to2 && from2 < to
}
