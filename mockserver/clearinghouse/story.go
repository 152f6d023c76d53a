package clearinghouse

import (
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Scenario returns the scenario of an id, false when none that is in force in a clinic has it.
func (c *Clearinghouse) Scenario(clinicID, id string) (scenarios.Scenario, bool) {
	return c.books.of(clinicID).index.Set().ByID(id)
}

// Faulty reports whether there is a scenario in force in a clinic in which requests go wrong.
func (c *Clearinghouse) Faulty(clinicID string) bool { return len(c.books.of(clinicID).faulty) > 0 }

// Stories returns the scenarios of a clinic in which requests go wrong and that a user may be in, in order: one of the checks that
// they may come to start is one of theirs, as far as that can be known before. Of a user whose cards are not known, or
// who has none, the order of the card is not set.
func (c *Clearinghouse) Stories(clinicID string, checks ...clinic.Query) []scenarios.Scenario {
	var found []scenarios.Scenario
	for _, s := range c.books.of(clinicID).faulty {
		for _, q := range checks {
			check := checkOf(q)
			if q.Order == 0 {
				check.Card = ""
			}
			if s.When.Concerns(check) {
				found = append(found, s)
				break
			}
		}
	}
	return found
}
