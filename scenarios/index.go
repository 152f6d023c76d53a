package scenarios

import (
	"cmp"
	"slices"
)

// Index finds the scenario that answers a check, among any number of them. It does not change.
type Index struct {
	set       Set
	byNumber  map[string][]int // exact subscriber numbers → places in set
	byCarrier map[string][]int // exact carriers of those without an exact number
	others    []int
}

// Index returns an index of the scenarios, in their order.
func (s Set) Index() *Index {
	x := &Index{set: s, byNumber: map[string][]int{}, byCarrier: map[string][]int{}}
	for i, scenario := range s {
		w := scenario.When
		switch {
		case scenario.Answers.IsZero():
		case w.SubscriberNum.exact():
			add(x.byNumber, w.SubscriberNum, i)
		case w.CarrierCode.exact():
			add(x.byCarrier, w.CarrierCode, i)
		default:
			x.others = append(x.others, i)
		}
	}
	return x
}

func add(index map[string][]int, keys Match, place int) {
	for _, key := range keys {
		index[key] = append(index[key], place)
	}
}

// Set returns the scenarios in the order in which they are tried.
func (x *Index) Set() Set { return x.set }

// Find returns the first scenario that answers a check, false when none does.
func (x *Index) Find(c Check) (Scenario, bool) {
	first := -1
	for _, places := range [][]int{x.byNumber[c.SubscriberNum], x.byCarrier[c.CarrierCode], x.others} {
		for _, place := range places {
			if first >= 0 && place >= first {
				break
			}
			if x.set[place].answers(c) {
				first = place
				break
			}
		}
	}
	if first < 0 {
		return Scenario{}, false
	}
	return x.set[first], true
}

// answers reports whether the scenario answers a check.
func (s Scenario) answers(c Check) bool { return len(s.Answers.Of(c.Card)) > 0 && s.When.answers(c) }

// Miss is a scenario that was tried for a check and did not answer it.
type Miss struct {
	Scenario Scenario
	Field    string // the first one in which the check differs from `when`
	Matched  int    // how many fields of `when` the check does match
}

// Misses returns the scenarios that were tried before the one that answers, or all when none does: those that match in
// the most fields first, up to a limit. Those that match in none are left out.
func (x *Index) Misses(c Check, limit int) []Miss {
	var misses []Miss
	for _, s := range x.set {
		if s.Answers.IsZero() {
			continue
		}
		field, matched := s.When.differs(c)
		if field == "" && s.answers(c) {
			break
		}
		if field == "" { // it has no answer for this card
			field = "card"
		}
		if matched > 0 {
			misses = append(misses, Miss{s, field, matched})
		}
	}
	slices.SortStableFunc(misses, func(a, b Miss) int { return cmp.Compare(b.Matched, a.Matched) })
	return misses[:min(limit, len(misses))]
}
