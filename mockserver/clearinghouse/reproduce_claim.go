package clearinghouse

import (
	"fmt"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// ReproduceClaim returns a scenario to repeat a claim: its outcome, with its delays, for its lines, after a check
// like the one it rests on. Failures of its events caused by a scenario happen again.
func ReproduceClaim(k clinic.Claim, check Happened) scenarios.Scenario {
	said := claimOf(k.Answer)
	s := Reproduce(check)
	s.ID, s.Claims = "claim-"+k.ID, scenarios.Claims{said}
	if m := k.Misbehaviour; m != nil {
		s.ClaimWebhook = *m
	}
	s.Title = "A claim is " + said.Words() + ", as it was seen"
	s.Labels = append([]string{"claim"}, s.Labels...)
	if !s.HasLabel(scenarios.MockOnly) {
		s.Labels = append(s.Labels, scenarios.MockOnly)
	}
	return s
}

// claimOf returns the claim part of a scenario for an answer.
func claimOf(a claims.Decision) scenarios.Claim {
	last := claims.Stage{Status: claims.Submitted}
	if n := len(a.Stages); n > 0 {
		last = a.Stages[n-1]
	}
	said := scenarios.Claim{Outcome: scenarios.Text(last.Status)}
	switch last.Status {
	case claims.Submitted, claims.Acknowledged:
		said = scenarios.Claim{Outcome: scenarios.Silent, After: scenarios.Text(last.Status)}
	case claims.Accepted:
		said = scenarios.Claim{Outcome: scenarios.Silent}
	case claims.Rejected:
		said.Status = scenarios.Text(last.Category + ":" + last.Code)
	case claims.Paid:
	case claims.PartlyPaid:
		said.Adjustments = adjustmentsOf(a.Lines)
	case claims.Denied:
		if slices.ContainsFunc(a.Lines, func(line claims.Line) bool { return len(line.Adjustments) > 1 }) {
			said.Outcome, said.Adjustments = scenarios.PartlyPaid, adjustmentsOf(a.Lines) // adjustments take all of it
			break
		}
		said.Adjustments = denialsOf(a.Lines)
	}
	usual := said.Stages()
	for i, after := range []**scenarios.Duration{&said.AcknowledgeAfter, &said.AcceptAfter, &said.PayAfter} {
		if i < len(usual) && !sameSpan(a.Stages[i].After, usual[i].After) {
			*after = (*scenarios.Duration)(a.Stages[i].After)
		}
	}
	return said
}

// adjustmentsOf returns the unpaid amounts of each line.
func adjustmentsOf(lines []claims.Line) []scenarios.Adjustment {
	var all []scenarios.Adjustment
	for i, line := range lines {
		for _, a := range line.Adjustments {
			one := scenarios.Adjustment{
				Code: scenarios.Text(a.Group + "-" + a.Reason), Line: scenarios.Count(i + 1), Amount: scenarios.Text(fmt.Sprint(a.Amount)),
			}
			for _, remark := range a.Remarks {
				one.Remarks = append(one.Remarks, scenarios.Text(remark.Code))
			}
			all = append(all, one)
		}
	}
	return all
}

// denialsOf returns the reason for each unpaid line, or a single one if all lines share it.
func denialsOf(lines []claims.Line) []scenarios.Adjustment {
	all := adjustmentsOf(lines)
	alike := len(all) == len(lines)
	for i := range all {
		all[i].Amount = "" // the whole line
		alike = alike && all[i].Code == all[0].Code && slices.Equal(all[i].Remarks, all[0].Remarks)
	}
	if alike && len(all) > 0 {
		all[0].Line = 0
		return all[:1]
	}
	return all
}

func sameSpan(a, b *time.Duration) bool {
	return a == b || a != nil && b != nil && *a == *b
}
