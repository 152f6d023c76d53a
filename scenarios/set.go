package scenarios

// Set is scenarios in the order in which they are tried.
type Set []Scenario

// Check is what a scenario can be about.
type Check struct{ CarrierCode, SubscriberNum, Card string }

// Find returns the first scenario that answers a check, false when none does.
func (s Set) Find(c Check) (Scenario, bool) {
	for _, scenario := range s {
		if scenario.answers(c) {
			return scenario, true
		}
	}
	return Scenario{}, false
}

// ByID returns the scenario of this id, false when there is none.
func (s Set) ByID(id string) (Scenario, bool) {
	for _, scenario := range s {
		if scenario.ID == id {
			return scenario, true
		}
	}
	return Scenario{}, false
}

func (s Scenario) answers(c Check) bool {
	return len(s.Answers) > 0 &&
		matches(s.When.CarrierCode, c.CarrierCode) &&
		matches(s.When.SubscriberNum, c.SubscriberNum) &&
		matches(s.When.Card, c.Card)
}

func matches(want Text, got string) bool { return want == "" || string(want) == got }

// Nth returns the answer to the nth check of one subscriber, counted from 1: the last one stays.
func (s Scenario) Nth(n int) Answer { return s.Answers[min(n, len(s.Answers))-1] }

// Before returns a set in which these scenarios are tried first. Each takes the place of the other's one of its id.
func (s Set) Before(other Set) Set {
	merged := append(Set{}, s...)
	for _, scenario := range other {
		if _, replaced := s.ByID(scenario.ID); !replaced {
			merged = append(merged, scenario)
		}
	}
	return merged
}
