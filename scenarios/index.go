package scenarios

import (
	"cmp"
	"iter"
	"slices"
	"sync"
)

// Index finds the scenario for a check, among any number of them. It does not change.
type Index struct {
	set    Set
	places *places
}

// Index returns an index of the scenarios, in their order.
func (s Set) Index() *Index {
	x := &Index{set: s, places: newPlaces()}
	for i := range s {
		if !s[i].Answers.IsZero() {
			x.places.add(&s[i].When, i)
		}
	}
	return x
}

// places are the positions of scenarios in a set. Each is under the first key for which the scenario wants exact texts.
type places struct {
	byText []map[string][]int // for each of the keys, by text
	others []int
}

// keys are the fields for finding scenarios. The most selective field comes first.
var keys = fieldsOf("subscriber_num", "code", "email", "group_number", "last_name", "carrier_code")

// keyTexts returns the values of keys in a check.
func (c *Check) keyTexts() [6]string {
	return [...]string{c.SubscriberNum, c.Code, c.Email, c.GroupNumber, c.LastName, c.CarrierCode}
}

func fieldsOf(names ...string) []*condition {
	var fields []*condition
	for _, name := range names {
		for i := range conditions {
			if conditions[i].name == name {
				fields = append(fields, &conditions[i])
			}
		}
	}
	return fields
}

func newPlaces() *places {
	p := &places{byText: make([]map[string][]int, len(keys))}
	for i := range p.byText {
		p.byText[i] = map[string][]int{}
	}
	return p
}

func (p *places) add(w *When, place int) {
	for i, key := range keys {
		if wants := *key.wanted(w); wants.exact() {
			for _, text := range wants {
				text = key.normalise(text)
				p.byText[i][text] = append(p.byText[i][text], place)
			}
			return
		}
	}
	p.others = append(p.others, place)
}

// of returns the places of all scenarios that may match a check, in groups. Each group is in order.
func (p *places) of(c *Check) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		if !yield(p.others) {
			return
		}
		for i, text := range c.keyTexts() {
			if places := p.byText[i]; len(places) > 0 && !yield(places[keys[i].normalise(text)]) {
				return
			}
		}
	}
}

// normalise returns a text as it is compared.
func (k *condition) normalise(text string) string {
	if k.normal == nil {
		return text
	}
	return k.normal(text)
}

// Set returns the scenarios in the order of trial.
func (x *Index) Set() Set { return x.set }

// noScenario is the scenario of a check that none answers.
var noScenario Scenario

// checks are the memory of checks that a scenario is sought for: there is one for each request.
var checks = sync.Pool{New: func() any { return new(Check) }}

// Find returns the first scenario with an answer to a check, false when none has one. It must not be changed.
func (x *Index) Find(sought Check) (*Scenario, bool) {
	c := checks.Get().(*Check)
	*c = sought
	defer func() {
		*c = Check{} // the pool keeps nothing of it in memory
		checks.Put(c)
	}()
	first := -1
	for places := range x.places.of(c) {
		first = x.first(c, places, first)
	}
	if first < 0 {
		return &noScenario, false
	}
	return &x.set[first], true
}

// first returns the first of these places with an answer to a check, if it is before the other place; or else the
// other.
func (x *Index) first(c *Check, places []int, other int) int {
	for _, place := range places {
		if other >= 0 && place >= other {
			break
		}
		if x.set[place].answers(c) {
			return place
		}
	}
	return other
}

// answers reports whether the scenario answers a check.
func (s *Scenario) answers(c *Check) bool {
	return len(s.Answers.ForCard(c.Card)) > 0 && matches(&s.When, s.counted(c))
}

// counted returns a check with the number by which the scenario counts it.
func (s *Scenario) counted(c *Check) *Check {
	if s.CountBy == "" {
		return c
	}
	counted := *c
	counted.Nth = s.Nth(c.Nth, c.NthOfPatient)
	return &counted
}

// Miss is a scenario tried for a check without success.
type Miss struct {
	Scenario Scenario
	Field    string // the first field of `when` with another value in the check
	Wants    string // the value of that field in `when`, in words
	Has      string // the value of the check; empty for none, and for `not` and `absent`
	Matched  int    // how many fields of `when` the check does match
}

// Misses returns the scenarios tried before the one with the answer, or all when none has one. The ones with the most
// matching fields come first, up to a limit. Scenarios without a matching field are left out.
func (x *Index) Misses(c Check, limit int) []Miss {
	var misses []Miss
	for i := range x.set {
		s := &x.set[i]
		if s.Answers.IsZero() {
			continue
		}
		field, matched := s.When.differs(*s.counted(&c))
		if field == "" && s.answers(&c) {
			break
		}
		if field == "" { // it has no answer for this card
			field = "card"
		}
		if matched > 0 {
			wants, has := s.When.both(field, s.counted(&c))
			misses = append(misses, Miss{*s, field, wants, has, matched})
		}
	}
	slices.SortStableFunc(misses, func(a, b Miss) int { return cmp.Compare(b.Matched, a.Matched) })
	return misses[:min(limit, len(misses))]
}
