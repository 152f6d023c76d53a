package gauntlet

import (
	"context"
	"strconv"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claims are the cases of claims. VSee has not defined claims: the event is this project's own.
var claims = []Case{
	{
		ID: "claim-statuses", Title: "every status of a claim (not defined by VSee)",
		Sent:     "vsee-mock's event claim.updated for each status of a claim, one of them twice and one after a later one",
		Expected: "answers 2xx to each",
		fix:      "Answer 2xx to every status of a claim, in any order and repeated: use claim_id and status as the key.",
		run:      everyStatus,
	},
}

// claimUpdated is the type of a claim's event, by this project's document.
const claimUpdated = "claim.updated"

// claimResult is the data of such an event, in the order of the document.
type claimResult struct {
	ClaimID          string      `json:"claim_id"`
	MemberID         string      `json:"member_id"`
	ExternalMemberID string      `json:"external_member_id"`
	CarrierCode      string      `json:"carrier_code"`
	Status           string      `json:"status"`
	Category         string      `json:"category_code,omitempty"`
	Code             string      `json:"status_code,omitempty"`
	Currency         string      `json:"currency"`
	Billed           int         `json:"billed_cents"`
	Paid             *int        `json:"paid_cents,omitempty"`
	Adjusted         *int        `json:"adjusted_cents,omitempty"`
	Patient          *int        `json:"patient_responsibility_cents,omitempty"`
	Lines            []claimLine `json:"lines,omitempty"`
}

type claimLine struct {
	Line        int               `json:"line"`
	Procedure   string            `json:"procedure_code"`
	Billed      int               `json:"billed_cents"`
	Paid        int               `json:"paid_cents"`
	Adjustments []claimAdjustment `json:"adjustments"`
}

type claimAdjustment struct {
	Group  string `json:"group_code"`
	Reason string `json:"reason_code"`
	Amount int    `json:"amount_cents"`
}

// billedCents is the amount billed by the claims of these cases, in cents.
const billedCents = 28_00

// newClaimID returns the id of a new claim. It is the id of a check that has no event of its own.
func (s *session) newClaimID() string {
	s.check++
	return strconv.FormatUint(s.check, 10)
}

// claimEvent returns the request for a status of a claim, as a new event. The patient owes the unpaid part of the
// billed amount.
func (s *session) claimEvent(claim, status string) webhook.Request {
	r := claimResult{
		ClaimID: claim, MemberID: s.MemberID, ExternalMemberID: strconv.Itoa(externalID), CarrierCode: "car7556",
		Status: status, Currency: "USD", Billed: billedCents,
	}
	settled := func(paid int) {
		owed, nothing := billedCents-paid, 0
		r.Paid, r.Adjusted, r.Patient = &paid, &nothing, &owed
		line := claimLine{Line: 1, Procedure: "99211", Billed: billedCents, Paid: paid, Adjustments: []claimAdjustment{}}
		if owed > 0 {
			line.Adjustments = append(line.Adjustments, claimAdjustment{"PR", "1", owed})
		}
		r.Lines = []claimLine{line}
	}
	switch status {
	case scenarios.Acknowledged:
		r.Category, r.Code = "A1", "19"
	case scenarios.Accepted:
		r.Category, r.Code = "A2", "20"
	case scenarios.Rejected:
		r.Category, r.Code = "A3", "21"
	case scenarios.Paid:
		settled(billedCents)
	case scenarios.PartlyPaid:
		settled(billedCents / 2)
	case scenarios.Denied:
		settled(0)
	}
	return s.newEvent(claimUpdated, r)
}

// everyStatus sends the events of four claims, one after the other. The first claim's acceptance comes after its
// payment, and the payment is sent once more as another event.
func everyStatus(ctx context.Context, s *session) verdict {
	var answers []answer
	for _, statuses := range [][]string{
		{scenarios.Acknowledged, scenarios.Paid, scenarios.Accepted, scenarios.Paid},
		{scenarios.Acknowledged, scenarios.Rejected},
		{scenarios.Acknowledged, scenarios.Accepted, scenarios.PartlyPaid},
		{scenarios.Acknowledged, scenarios.Accepted, scenarios.Denied},
	} {
		claim := s.newClaimID()
		for _, status := range statuses {
			answers = append(answers, s.post(ctx, s.claimEvent(claim, status)))
		}
	}
	return judge(isAccepted, answers...)
}
