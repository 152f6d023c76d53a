package clearinghouse

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Scenario returns the scenario with an id, false when none in force in the clinic has it.
func (c *Clearinghouse) Scenario(clinicID, id string) (scenarios.Scenario, bool) {
	return c.books.inForce(clinicID).index.Set().ByID(id)
}

// HasRequestFaults reports whether a scenario in force in a clinic has faults for requests.
func (c *Clearinghouse) HasRequestFaults(clinicID string) bool {
	return len(c.books.inForce(clinicID).withRequestFaults) > 0
}

// RequestFaultScenarios returns a clinic's scenarios with request faults that may apply to a user, in order. A scenario
// applies if one of the given checks, which the user may start later, would match it as far as is known now. If the
// user has no cards, or they are not known, the order of the card is unset.
func (c *Clearinghouse) RequestFaultScenarios(clinicID string, checks ...clinic.EligibilityQuery) []scenarios.Scenario {
	var found []scenarios.Scenario
	for _, s := range c.books.inForce(clinicID).withRequestFaults {
		if concerns(s, checks) {
			found = append(found, s)
		}
	}
	return found
}

// concerns reports whether one of these checks would match a scenario, as far as is known now.
func concerns(s scenarios.Scenario, checks []clinic.EligibilityQuery) bool {
	return slices.ContainsFunc(checks, func(q clinic.EligibilityQuery) bool {
		check := scenarioCheck(q)
		if q.Order == 0 {
			check.Card = ""
		}
		return s.When.Concerns(check)
	})
}
