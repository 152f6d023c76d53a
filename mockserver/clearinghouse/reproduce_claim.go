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
func (c *Clearinghouse) ReproduceClaim(k clinic.Claim, check PastCheck) scenarios.Scenario {
	scripted := scenarioClaim(k.Decision)
	s := c.ReproduceCheck(check)
	s.ID, s.Claims = "claim-"+k.ID, scenarios.Claims{scripted}
	if m := k.Misbehaviour; m != nil {
		s.ClaimWebhook = *m
	}
	s.Title = "Saved claim: " + scripted.Words()
	s.Labels = append([]string{"claim"}, s.Labels...)
	if !s.HasLabel(scenarios.MockOnly) {
		s.Labels = append(s.Labels, scenarios.MockOnly)
	}
	return s
}

// scenarioClaim returns the claim part of a scenario for an answer.
func scenarioClaim(a claims.Decision) scenarios.Claim {
	last := claims.Stage{Status: claims.Submitted}
	if n := len(a.Stages); n > 0 {
		last = a.Stages[n-1]
	}
	scripted := scenarios.Claim{Outcome: scenarios.Text(last.Status)}
	switch last.Status {
	case claims.Submitted, claims.Acknowledged:
		scripted = scenarios.Claim{Outcome: scenarios.Silent, After: scenarios.Text(last.Status)}
	case claims.Accepted:
		scripted = scenarios.Claim{Outcome: scenarios.Silent}
	case claims.Rejected:
		scripted.Status = scenarios.Text(last.Category + ":" + last.Code)
	case claims.Paid:
	case claims.PartlyPaid:
		scripted.Adjustments = scenarioAdjustments(a.Lines)
	case claims.Denied:
		if slices.ContainsFunc(a.Lines, func(line claims.Line) bool { return len(line.Adjustments) > 1 }) {
			scripted.Outcome, scripted.Adjustments = scenarios.PartlyPaid,
				scenarioAdjustments(a.Lines) // adjustments take all of it
			break
		}
		scripted.Adjustments = denialAdjustments(a.Lines)
	}
	usual := scripted.Stages()
	for i, after := range []**scenarios.Duration{&scripted.AcknowledgeAfter, &scripted.AcceptAfter, &scripted.PayAfter} {
		if i < len(usual) && !equalDurations(a.Stages[i].After, usual[i].After) {
			*after = (*scenarios.Duration)(a.Stages[i].After)
		}
	}
	return scripted
}

// scenarioAdjustments returns the unpaid amounts of each line.
func scenarioAdjustments(lines []claims.Line) []scenarios.Adjustment {
	var all []scenarios.Adjustment
	for i, line := range lines {
		for _, a := range line.Adjustments {
			one := scenarios.Adjustment{
				Code: scenarios.Text(a.Group + "-" + a.Reason), Line: scenarios.Count(i + 1),
				Amount: scenarios.Text(fmt.Sprint(a.Amount)),
			}
			for _, remark := range a.Remarks {
				one.Remarks = append(one.Remarks, scenarios.Text(remark.Code))
			}
			all = append(all, one)
		}
	}
	return all
}

// denialAdjustments returns the reason for each unpaid line, or a single one if all lines share it.
func denialAdjustments(lines []claims.Line) []scenarios.Adjustment {
	all := scenarioAdjustments(lines)
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

func equalDurations(a, b *time.Duration) bool {
	return a == b || a != nil && b != nil && *a == *b
}
