package control

import (
	"net/http"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func (c *Control) claimRoutes() []clinicRoute {
	return []clinicRoute{
		{"listClaims", http.MethodGet, "/claims", listHandler((*clinic.Clinic).Claims, claimOf,
			func(k clinic.Claim) string { return k.ID })},
		{"getClaim", http.MethodGet, "/claims/{id}", showHandler((*clinic.Clinic).ClaimByID, claimOf)},
		{"explainClaim", http.MethodGet, "/claims/{id}/explain", rowHandler((*clinic.Clinic).ClaimByID, c.explainClaim)},
		{"saveClaim", http.MethodGet, "/claims/{id}/scenario", rowHandler((*clinic.Clinic).ClaimByID, c.saveClaim)},
	}
}

func claimOf(k clinic.Claim) controlapi.Claim {
	sums := k.Totals()
	reply := controlapi.Claim{
		ID: k.ID, OriginalClaimID: k.Original, MemberID: k.MemberID, Carrier: k.Carrier,
		Card: k.Order.String(), CheckID: k.CheckID,
		EncounterDate: k.Encounter,
		Status:        string(k.Status), Submitted: k.Submitted, Due: k.Due, Currency: claims.Currency,
		Billed:  int64(sums.Billed),
		Reasons: k.Reasons(), History: []controlapi.ClaimStage{}, Rule: k.Decision.Rule, Scenario: k.Decision.Scenario,
		Why: k.Decision.Why,
	}
	if k.Settled() {
		reply.Paid, reply.Adjusted, reply.Patient = (*int64)(&sums.Paid), (*int64)(&sums.Adjusted), (*int64)(&sums.Patient)
	}
	for _, stage := range k.History {
		entry := controlapi.ClaimStage{Status: string(stage.Status), At: stage.At, Text: stage.Text, EventID: stage.EventID}
		if stage.Category != "" {
			entry.Code = stage.Category + ":" + stage.Code
		}
		reply.History = append(reply.History, entry)
	}
	return reply
}

func (c *Control) explainClaim(r *http.Request, one *clinic.Clinic, claim clinic.Claim) (any, error) {
	why := c.Clearinghouse.ExplainClaim(claim)
	reply := controlapi.ClaimExplanation{
		Claim: claimOf(claim), Because: reasonFor(why, claim.Decision.Scenario, "decides", "decided", claim.Decision.Why),
		Scenario: placeOf(why.Scenario, why.Line), Tried: why.Tried, Nth: claim.Query.Nth,
		Events: []controlapi.Event{}, Deliveries: []controlapi.Delivery{},
	}
	for _, stage := range claim.History {
		report, err := c.eventReport(r, one, stage.EventID)
		if err != nil {
			return nil, err
		}
		reply.Events, reply.Deliveries = append(reply.Events, report.Event), append(reply.Deliveries, report.Deliveries...)
	}
	return reply, nil
}

// saveClaim answers with a scenario file to repeat a claim.
func (c *Control) saveClaim(r *http.Request, one *clinic.Clinic, claim clinic.Claim) (any, error) {
	happened, err := c.checkHistory(r, one, claim.CheckID)
	if err != nil {
		return nil, err
	}
	return savedScenario(c.Clearinghouse.ReproduceClaim(claim, happened))
}
