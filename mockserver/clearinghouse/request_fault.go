package clearinghouse

import (
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Scenario returns the scenario with an id, false when none in force in the clinic has it.
func (c *Clearinghouse) Scenario(clinicID, id string) (scenarios.Scenario, bool) {
	return c.books.inForce(clinicID).index.Set().ByID(id)
}

// RequestFaults returns the scenarios in force in a clinic with faults for requests. They may apply to a user by each
// check that the user may start later.
func (c *Clearinghouse) RequestFaults(clinicID string) *scenarios.FaultIndex {
	return c.books.inForce(clinicID).faults
}

// FutureCheck returns the check of a query, as far as it is known now. For a user without a card, the order of the card
// is unset.
func FutureCheck(q clinic.EligibilityQuery) scenarios.Check {
	check := scenarioCheck(&q)
	if q.Order == 0 {
		check.Card = ""
	}
	return check
}
