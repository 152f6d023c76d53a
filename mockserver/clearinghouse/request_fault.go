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
	return !c.books.inForce(clinicID).faults.IsEmpty()
}

// RequestFaultScenarios returns a clinic's scenarios with request faults that may apply to a user, in order. A scenario
// applies if one of the given checks, which the user may start later, would match it as far as is known now. If the
// user has no cards, or they are not known, the order of the card is unset.
func (c *Clearinghouse) RequestFaultScenarios(clinicID string, checks ...clinic.EligibilityQuery) scenarios.Set {
	faults := c.books.inForce(clinicID).faults
	var two [2]scenarios.Check // a user has up to two cards
	asked := two[:0]
	for i := range checks {
		asked = append(asked, futureCheck(&checks[i]))
	}
	return faults.Concerning(asked...)
}

// concerns reports whether one of these checks would match a scenario, as far as is known now.
func concerns(s scenarios.Scenario, checks []clinic.EligibilityQuery) bool {
	return slices.ContainsFunc(checks, func(q clinic.EligibilityQuery) bool {
		return s.When.Concerns(futureCheck(&q))
	})
}

// futureCheck returns the parts of a query for a check not yet started on which scenarios can match.
func futureCheck(q *clinic.EligibilityQuery) scenarios.Check {
	check := scenarioCheck(q)
	if q.Order == 0 {
		check.Card = ""
	}
	return check
}
