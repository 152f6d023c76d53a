package clearinghouse

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Adjudicate implements clinic.Clearinghouse. The scenario of the claim's eligibility check decides; without one, a
// subscriber number of the forms below; otherwise the claim is paid. VSee has not defined claims: all of this is
// ours.
func (c *Clearinghouse) Adjudicate(q clinic.ClaimQuery) (claims.Decision, *clinic.Misbehaviour) {
	book := c.books.inForce(q.Check.Clinic)
	scripted, decision, misbehaviour := claimByScenario(book, q)
	if decision.Rule == "" {
		scripted, decision = claimByNumber(q.Check.Card().Subscriber)
	}
	decision.Rulebook = book.number
	return withStages(scripted, q.Lines, decision), misbehaviour
}

// DecisionWithStatus implements clinic.Clearinghouse. Codes and sums are those of a scenario with only an outcome.
func (c *Clearinghouse) DecisionWithStatus(status claims.Status, lines []claims.Line) claims.Decision {
	scripted := scenarios.Claim{Outcome: scenarios.Text(status)}
	if status == claims.Acknowledged || status == claims.Accepted {
		scripted = scenarios.Claim{Outcome: scenarios.Silent, After: scenarios.Text(status)}
	}
	return withStages(scripted, lines, claims.Decision{})
}

// withStages adds the stages from a scenario's claim and the settled lines to an answer.
func withStages(scripted scenarios.Claim, lines []claims.Line, answer claims.Decision) claims.Decision {
	for _, stage := range scripted.Stages() {
		answer.Stages = append(answer.Stages, newStage(stage))
	}
	if n := len(answer.Stages); n > 0 && answer.Stages[n-1].Category == "" {
		last := &answer.Stages[n-1].Status
		wanted := *last
		if answer.Lines, *last = settleLines(lines, scripted); *last != wanted {
			sums := claims.Claim{Lines: answer.Lines}.Totals()
			answer.Why += fmt.Sprintf("; its adjustments leave %s of %s dollars to pay, so it is %s instead of %s", sums.Paid,
				sums.Billed, *last, wanted)
		}
	}
	return answer
}

func claimByScenario(book *rulebook, q clinic.ClaimQuery) (scenarios.Claim, claims.Decision, *clinic.Misbehaviour) {
	s, ok := book.scenarioFor(q.Check)
	if !ok {
		return scenarios.Claim{}, claims.Decision{}, nil
	}
	nth := s.Nth(q.Nth, q.NthOfPatient)
	scripted, ok := s.Claims.Nth(nth)
	if !ok {
		return scenarios.Claim{}, claims.Decision{}, nil
	}
	var misbehaviour *clinic.Misbehaviour
	if s.ClaimWebhook != (scenarios.Webhook{}) {
		m := s.ClaimWebhook
		misbehaviour = &m
	}
	return scripted, claims.Decision{
		Rule: RuleScenario, Scenario: s.ID, Why: fmt.Sprintf("%s (claim %d of this %s)", s.Title, nth, countedBy(s)),
	}, misbehaviour
}

// Subscriber numbers with these prefixes request an outcome for a claim, in any spelling. After the first three
// prefixes follows an industry code in four digits, from 0001 to 0999. This project need not have a text for the
// code. None of these numbers requests an answer to a check.
const (
	deniedNumbers   = "1200" // and the reason, of group CO: 12000097 is CO-97
	partlyNumbers   = "1210" // and the reason, of group PR, for a fifth of each fee: 12100001 is PR-1
	rejectedNumbers = "1220" // and the status code, of category A3: 12200021 is A3:21
	silentNumber    = "12300000"
)

var oneTo999 = regexp.MustCompile(`^[1-9][0-9]{0,2}$`)

func claimByNumber(subscriber string) (scenarios.Claim, claims.Decision) {
	byNumber := func(c scenarios.Claim, why string) (scenarios.Claim, claims.Decision) {
		return c, claims.Decision{Rule: RuleNumber, Why: "the subscriber number asks for " + why}
	}
	paid := scenarios.Claim{Outcome: scenarios.Paid}
	subscriber = memberid.Normal(subscriber)
	if subscriber == silentNumber {
		return byNumber(scenarios.Claim{Outcome: scenarios.Silent}, "no answer")
	}
	for prefix, claim := range map[string]func(code string) (c scenarios.Claim, why string){
		deniedNumbers: func(code string) (scenarios.Claim, string) {
			reason := "CO-" + code
			return scenarios.Claim{Outcome: scenarios.Denied,
				Adjustments: []scenarios.Adjustment{{Code: scenarios.Text(reason)}}}, "a denial by " + reason
		},
		partlyNumbers: func(code string) (scenarios.Claim, string) {
			reason := "PR-" + code
			fifth := scenarios.Adjustment{Code: scenarios.Text(reason), Percent: 20}
			return scenarios.Claim{Outcome: scenarios.PartlyPaid, Adjustments: []scenarios.Adjustment{fifth}},
				"a part left to the patient by " + reason
		},
		rejectedNumbers: func(code string) (scenarios.Claim, string) {
			status := "A3:" + code
			return scenarios.Claim{Outcome: scenarios.Rejected, Status: scenarios.Text(status)}, "a rejection by " + status
		},
	} {
		digits, ok := strings.CutPrefix(subscriber, prefix)
		if !ok || len(digits) != 4 {
			continue
		}
		if code := strings.TrimLeft(digits, "0"); oneTo999.MatchString(code) {
			return byNumber(claim(code))
		}
		return paid, claims.Decision{Rule: RuleDefault,
			Why: "the subscriber number ends with no code from 1 to 999, and nothing else speaks against it, so the " +
				"default stands"}
	}
	return paid, claims.Decision{Rule: RuleDefault, Why: "nothing speaks against it, so the default stands"}
}

func newStage(s scenarios.Stage) claims.Stage {
	stage := claims.Stage{Status: claims.Status(s.Status), After: s.After, Category: s.Category, Code: s.Code}
	category, code := scenarios.TextOf(scenarios.StatusCategories(), s.Category),
		scenarios.TextOf(scenarios.StatusCodes(), s.Code)
	if stage.Text = category; category != "" && code != "" {
		stage.Text += ": " + code
	}
	return stage
}

// settleLines returns the lines as the insurer pays them, and the resulting status. On each line, the paid and adjusted
// amounts add up to the billed amount: an adjustment takes at most the rest of the fee. An amount without a line is
// taken once, from the first lines with something left.
func settleLines(billed []claims.Line, scripted scenarios.Claim) ([]claims.Line, claims.Status) {
	lines := append([]claims.Line(nil), billed...)
	for i := range lines {
		lines[i].Paid, lines[i].Adjustments = lines[i].Fee, nil
	}
	for _, a := range scripted.AllAdjustments() {
		left, _ := claims.ParseCents(string(a.Amount)) // an amount, or else the file is refused
		for i := range lines {
			line := &lines[i]
			amount := adjustedAmount(a, i+1, *line, left)
			if amount > 0 {
				line.Paid -= amount
				line.Adjustments = append(line.Adjustments, newAdjustment(a, amount))
			}
			left -= amount
		}
	}
	sums := claims.Claim{Lines: lines}.Totals()
	switch {
	case scripted.Outcome == scenarios.PartlyPaid && sums.Paid == sums.Billed:
		return lines, claims.Paid
	case scripted.Outcome == scenarios.PartlyPaid && sums.Paid == 0:
		return lines, claims.Denied
	}
	return lines, claims.Status(scripted.Outcome)
}

// adjustedAmount returns the amount an adjustment subtracts from a line; line.Paid is the amount still left to pay, and
// left is the rest of the adjustment's own amount.
func adjustedAmount(a scenarios.Adjustment, number int, line claims.Line, left claims.Cents) claims.Cents {
	amount := line.Paid
	switch {
	case a.Line != 0 && int(a.Line) != number:
		return 0
	case a.Amount != "":
		amount = left
	case a.Percent != 0:
		amount = line.Fee * claims.Cents(a.Percent) / 100
	}
	return min(amount, line.Paid)
}

func newAdjustment(a scenarios.Adjustment, amount claims.Cents) claims.Adjustment {
	group, reason := a.Parts()
	adjusted := claims.Adjustment{
		Group: group, Reason: reason, Text: scenarios.TextOf(scenarios.AdjustmentReasons(), reason), Amount: amount,
	}
	for _, code := range a.Remarks {
		adjusted.Remarks = append(adjusted.Remarks, claims.Remark{
			Code: string(code), Text: scenarios.TextOf(scenarios.RemarkCodes(), string(code)),
		})
	}
	return adjusted
}

// ExplainClaim returns the decision on a claim, from the scenarios in force when it was submitted.
func (c *Clearinghouse) ExplainClaim(k clinic.Claim) Decision {
	book, kept := c.books.byNumber(k.Decision.Rulebook)
	if !kept {
		return Decision{}
	}
	e := Decision{Kept: true, Tried: len(book.index.Set())}
	if s, ok := book.index.Set().ByID(k.Decision.Scenario); ok && k.Decision.Scenario != "" {
		e.Scenario, e.Line = &s, s.Line
		e.Named = k.Query.Check.Scenario == s.ID
		if scripted, ok := s.Claims.Nth(s.Nth(k.Query.Nth, k.Query.NthOfPatient)); ok {
			e.Line = scripted.Line
		}
	}
	return e
}
