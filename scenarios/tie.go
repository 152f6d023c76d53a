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
	x := newShades()
	for _, scenario := range s {
		if _, shadowed := x.over(scenario); shadowed || scenario.Answers.IsZero() {
			continue
		}
		var firsts []string
		for _, first := range x.near(scenario.When) {
			if first.meets(scenario) && !first.covers(scenario) && !scenario.covers(first) {
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
		x.add(scenario)
	}
	return ties
}

// near returns those that may meet what is wanted.
func (x *shades) near(w When) []Scenario {
	if !w.SubscriberNum.exact() {
		all := slices.Clone(x.others)
		for _, some := range x.byNumber {
			all = append(all, some...)
		}
		return unique(all)
	}
	found := slices.Clone(x.others)
	for _, number := range w.SubscriberNum {
		found = append(found, x.byNumber[number]...)
	}
	return unique(found)
}

// unique returns each scenario once, by their names.
func unique(set []Scenario) []Scenario {
	slices.SortFunc(set, func(a, b Scenario) int { return strings.Compare(a.File, b.File) })
	return slices.CompactFunc(set, func(a, b Scenario) bool { return a.File == b.File })
}

// meets reports whether a check can be one that both scenarios answer. It may say yes where none can.
func (s Scenario) meets(other Scenario) bool {
	for _, k := range conditions {
		if !k.meet(*k.of(&s.When), *k.of(&other.When)) {
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

func (s Scenario) onCard(card string) bool {
	return len(s.Answers.Of(card)) > 0 && s.When.Card.matches(card, false)
}

func (k condition) meet(a, b Match) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	for _, one := range a {
		for _, two := range b {
			if k.fold {
				one, two = strings.ToLower(one), strings.ToLower(two)
			}
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
