package clearinghouse_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claimQuery returns a claim for a patient with this subscriber number, with one line per fee.
func claimQuery(number string, fees ...claims.Cents) clinic.ClaimQuery {
	q := clinic.ClaimQuery{Check: queryWithNumber(number), Nth: 1}
	for _, fee := range fees {
		q.Lines = append(q.Lines, claims.Line{Procedure: "99211", Units: 1, Fee: fee})
	}
	return q
}

// withClaim returns a clearinghouse with one scenario: subscriber number 1, and this text for claims.
func withClaim(t *testing.T, claims string) *clearinghouse.Clearinghouse {
	t.Helper()
	s, err := scenarios.Load("story.yaml", []byte("title: Story\nwhen: {subscriber_num: 1}\nanswer: Success\n"+claims+
		"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return clearinghouse.New(scenarios.Set{s})
}

// For any fees and adjustments, paid plus adjusted equals billed, for each line and for the claim. No amount is
// negative, and the status follows from the paid amount.
func TestAmountsAlwaysAddUp(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	groups := []string{"CO", "OA", "PI", "PR"}
	for round := range 2_000 {
		claim := "claim: {outcome: partly_paid, adjustments: ["
		for range 1 + random.IntN(5) {
			a := fmt.Sprintf("{code: %s-%d", groups[random.IntN(4)], 1+random.IntN(250))
			if random.IntN(2) == 0 {
				a += fmt.Sprintf(", line: %d", 1+random.IntN(4))
			}
			if random.IntN(2) == 0 {
				a += fmt.Sprintf(", percent: %d", 1+random.IntN(100))
			} else {
				a += fmt.Sprintf(", amount: %s", claims.Cents(random.IntN(5_000)))
			}
			claim += a + "},"
		}
		var fees []claims.Cents
		for range 1 + random.IntN(4) {
			fees = append(fees, claims.Cents(random.IntN(10_000)))
		}
		got, _ := withClaim(t, claim+"]}").Adjudicate(claimQuery("1", fees...))
		expectSums(t, claim, fees, got)
		if round%500 == 0 { // outcomes without a scenario add up, too
			for _, number := range []string{"12000097", "12100001", "2"} {
				got, _ := clearinghouse.New(nil).Adjudicate(claimQuery(number, fees...))
				expectSums(t, number, fees, got)
			}
		}
	}
}

func expectSums(t *testing.T, what string, fees []claims.Cents, got claims.Decision) {
	t.Helper()
	for i, line := range got.Lines {
		sum := line.Paid
		for _, a := range line.Adjustments {
			sum += a.Amount
			if a.Amount <= 0 {
				t.Errorf("%s: line %d has an adjustment of %s", what, i+1, a.Amount)
			}
		}
		if sum != fees[i] || line.Fee != fees[i] || line.Paid < 0 {
			t.Errorf("%s: line %d of %s is paid %s and sums up to %s", what, i+1, fees[i], line.Paid, sum)
		}
	}
	sums := claims.Claim{Lines: got.Lines}.Totals()
	if len(got.Lines) != len(fees) || sums.Billed != sums.Paid+sums.Adjusted+sums.Patient {
		t.Errorf("%s: %+v do not add up", what, sums)
	}
	status := got.Stages[len(got.Stages)-1].Status
	if status == claims.Paid && sums.Paid != sums.Billed || status == claims.Denied && sums.Paid != 0 ||
		status == claims.PartlyPaid && (sums.Paid == 0 || sums.Paid == sums.Billed) {
		t.Errorf("%s: %+v is called %s", what, sums, status)
	}
}

func TestAScenarioDecidesItsClaims(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		claims string
		nth    int
		want   string
	}{
		{"claim: paid", 1, "acknowledged accepted paid, []"},
		{"claim: denied", 1, "acknowledged accepted denied, [CO-96]"},
		{"claim: CO-97", 1, "acknowledged accepted denied, [CO-97]"},
		{"claim: partly_paid", 1, "acknowledged accepted partly_paid, [PR-2]"},
		{"claim: rejected", 1, "acknowledged rejected A3:21, []"},
		{"claim: A7:562", 1, "acknowledged rejected A7:562, []"},
		{"claim: silent", 1, "acknowledged accepted, []"},
		{"claim: {outcome: silent, after: acknowledged}", 1, "acknowledged, []"},
		{"claim: {outcome: silent, after: submitted}", 1, ", []"},
		{"claims: [rejected, paid]", 1, "acknowledged rejected A3:21, []"},
		{"claims: [rejected, paid]", 2, "acknowledged accepted paid, []"},
		{"claims: [rejected, paid]", 3, "acknowledged accepted paid, []"},
		{"claim: {outcome: denied, adjustments: [{code: PR-204, line: 2}]}", 1,
			"acknowledged accepted denied, [CO-96 PR-204]"},
		{"claim: {outcome: partly_paid, adjustments: [{code: CO-45, line: 3, amount: 1}]}", 1,
			"acknowledged accepted paid, []"},
	} {
		query := claimQuery("1", 28_00, 30_00)
		query.Nth = tc.nth
		got, _ := withClaim(t, tc.claims).Adjudicate(query)
		text := ""
		for i, stage := range got.Stages {
			if i > 0 {
				text += " "
			}
			text += string(stage.Status)
			if stage.Status == claims.Rejected {
				text += " " + stage.Category + ":" + stage.Code
			}
		}
		text += fmt.Sprint(", ", claims.Claim{Lines: got.Lines}.Reasons())
		if diff := cmp.Diff(tc.want, text); diff != "" || got.Rule != clearinghouse.RuleScenario || got.Scenario != "story" {
			t.Errorf("%s, claim %d, by %s (-want +got):\n%s", tc.claims, tc.nth, got.Rule, diff)
		}
	}
}

// An amount is of the whole claim, or of the line beside it.
func TestAnAmountIsTakenOnce(t *testing.T) {
	t.Parallel()
	for adjustments, want := range map[string]struct {
		paid, patient claims.Cents
		why           string
	}{
		"{code: PR-3, amount: 20}":                             {38_00, 20_00, ""},
		"{code: PR-3, amount: 40}":                             {18_00, 40_00, ""},
		"{code: PR-3, amount: 40, line: 2}":                    {28_00, 30_00, ""},
		"{code: PR-3, amount: 20}, {code: PR-1, amount: 25}":   {13_00, 45_00, ""},
		"{code: PR-3, percent: 50}, {code: PR-1, amount: 20}":  {9_00, 49_00, ""},
		"{code: PR-3, amount: 28}, {code: PR-1, amount: 30.5}": {0, 58_00, "denied instead of partly_paid"},
	} {
		got, _ := withClaim(t, "claim: {outcome: partly_paid, adjustments: ["+adjustments+"]}").
			Adjudicate(claimQuery("1", 28_00, 30_00))
		sums := claims.Claim{Lines: got.Lines}.Totals()
		if sums.Paid != want.paid || sums.Patient != want.patient ||
			strings.Contains(got.Why, "instead of") != (want.why != "") || !strings.Contains(got.Why, want.why) {
			t.Errorf("%s: %+v, because %s", adjustments, sums, got.Why)
		}
	}
}

// Numbers for claims are not numbers for checks, and vice versa.
func TestNumbersForClaimsDoNotAffectChecks(t *testing.T) {
	t.Parallel()
	house := clearinghouse.New(nil)
	for _, number := range []string{"12000097", "12100001", "12200021", "12300000", "12000001", "12200999"} {
		if got := house.AnswerCheck(queryWithNumber(number)); got.Text != scenarios.Success {
			t.Errorf("a check of %s is answered %s", number, got.Text)
		}
		if got, _ := house.Adjudicate(claimQuery(number, 1)); got.Rule != clearinghouse.RuleNumber {
			t.Errorf("a claim of %s is decided by %s", number, got.Rule)
		}
	}
	for _, number := range []string{"11000075", "1200097", "120000970", "12000000", "12001000", "1200 097", "1200-097",
		"1200009७", "12300001"} {
		if got, _ := house.Adjudicate(claimQuery(number, 1)); got.Rule != clearinghouse.RuleDefault ||
			got.Stages[2].Status != claims.Paid {
			t.Errorf("a claim of %s is decided by %s", number, got.Rule)
		}
	}
}
