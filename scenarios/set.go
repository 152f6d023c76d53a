package scenarios

import "github.com/vsee-mock/vsee-mock/internal/suggest"

// Set is scenarios in the order of trial.
type Set []Scenario

// ByID returns the scenario of this id, false when there is none.
func (s Set) ByID(id string) (Scenario, bool) {
	for i := range s { // a scenario is large: a copy of each would take most of the time
		if s[i].ID == id {
			return s[i], true
		}
	}
	return Scenario{}, false
}

// DidYouMean returns the end of a refusal of an unknown id, with the id of the scenario that is probably meant; empty
// for none.
func (s Set) DidYouMean(id string) string {
	ids := make([]string, 0, len(s))
	for _, scenario := range s {
		ids = append(ids, scenario.ID)
	}
	if meant := suggest.Name(id, ids); meant != "" {
		return "; did you mean " + meant + "?"
	}
	return ""
}

// Before returns a set with these scenarios ahead of the others. Each replaces the other set's scenario of the same id.
func (s Set) Before(other Set) Set {
	merged := append(Set{}, s...)
	for _, scenario := range other {
		if _, replaced := s.ByID(scenario.ID); !replaced {
			merged = append(merged, scenario)
		}
	}
	return merged
}
