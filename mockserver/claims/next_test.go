package claims_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
)

var epoch = time.Unix(1649934637, 0).UTC()

// A claim goes from stage to stage, each at its time after the one before, and is settled at the last one.
func TestAClaimComesToItsStagesInOrder(t *testing.T) {
	t.Parallel()
	hour := time.Hour
	billed := []claims.Line{{Procedure: "99211", Fee: 28_00}}
	settled := []claims.Line{{Procedure: "99211", Fee: 28_00, Paid: 20_00,
		Adjustments: []claims.Adjustment{{Group: "PR", Reason: "1", Amount: 8_00}}}}
	claim := claims.Claim{ID: "1", Status: claims.Submitted, Submitted: epoch, Lines: billed, Decision: claims.Decision{
		Stages: []claims.Stage{{Status: claims.Acknowledged}, {Status: claims.PartlyPaid, After: &hour}}, Lines: settled,
	}}
	var due []time.Time
	var statuses []claims.Status
	for claim = claim.WithNextDue(time.Minute); !claim.Due.IsZero(); claim = claim.WithNextDue(time.Minute) {
		due = append(due, claim.Due)
		before := claim
		claim = claim.Next(claim.Due)
		statuses = append(statuses, claim.Status)
		if len(before.History) != len(claim.History)-1 {
			t.Errorf("the claim of before has %d stages, the next one %d", len(before.History), len(claim.History))
		}
	}
	if diff := cmp.Diff([]claims.Status{claims.Acknowledged, claims.PartlyPaid}, statuses); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]time.Time{epoch.Add(time.Minute), epoch.Add(time.Minute + time.Hour)}, due); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(settled, claim.Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(claim, claim.Next(epoch)); diff != "" {
		t.Errorf("it goes on after its last stage (-want +got):\n%s", diff)
	}
}

// Submit decides by the given values, and names the field of a broken rule.
func TestASubmittedClaimKeepsToTheRules(t *testing.T) {
	t.Parallel()
	fee, total := claims.Cents(28_00), claims.Cents(1)
	valid := func() claims.Request {
		return claims.Request{
			Carrier: "car7556", Encounter: "2022-04-14", Facility: "AWC", Diagnoses: []string{"r05-9"},
			Lines: []claims.LineRequest{{Procedure: "99211", Fee: &fee, Pointers: []int{1}}},
		}
	}
	patient := claims.Patient{ID: "1", DOB: "2000-01-01"}
	claim, err := claims.Submit(claims.DefaultSettings(), patient, valid(), epoch)
	if len(err) != 0 || claim.Status != claims.Submitted || claim.Provider != "prof18" || claim.Respparty != "self" ||
		claim.Totals().Billed != fee || claim.Diagnoses[0] != "R05.9" {
		t.Errorf("%+v, %v", claim, err)
	}
	for want, change := range map[string]func(*claims.Request){
		"encounter_date must not be before the member was born": func(r *claims.Request) {
			r.Encounter = "1999-12-31"
		},
		"facility_code is not in the clinic's claims settings: use 3, 41, AMC, AWC, MSC, STM": func(r *claims.Request) {
			r.Facility = ""
		},
		"diagnoses.1 is in the list already": func(r *claims.Request) {
			r.Diagnoses = []string{"R05.9", "R05-9"}
		},
		"lines.0.diagnosis_pointers must be a list of 1 to 4": func(r *claims.Request) {
			r.Lines[0].Pointers = nil
		},
		"lines must be a list of 1 to 50 service lines": func(r *claims.Request) {
			r.Lines = nil
		},
		"total is not the sum of the fees of the lines": func(r *claims.Request) {
			r.Total = &total
		},
	} {
		r := valid()
		change(&r)
		if _, wrong := claims.Submit(claims.DefaultSettings(), patient, r, epoch); wrong.Error() != want {
			t.Errorf("error is %v, want %s", wrong, want)
		}
	}
}

// The same services on the same day are billed once; a rejected claim was never billed.
func TestAClaimIsADuplicateBySameServices(t *testing.T) {
	t.Parallel()
	claim := claims.Claim{Carrier: "a", Encounter: "2022-04-14", Status: claims.Paid, Lines: []claims.Line{
		{Procedure: "99211", Units: 1, Fee: 1}, {Procedure: "10022", Units: 2, Modifiers: []string{"20", "F1"}},
	}}
	for name, tc := range map[string]struct {
		change func(*claims.Claim)
		want   bool
	}{
		"the same":      {func(*claims.Claim) {}, true},
		"another order": {func(c *claims.Claim) { c.Lines = []claims.Line{c.Lines[1], c.Lines[0]} }, true},
		"other fees": {func(c *claims.Claim) {
			c.Lines = []claims.Line{{Procedure: "99211", Units: 1, Fee: 9}, c.Lines[1]}
		}, true},
		"other units": {func(c *claims.Claim) {
			c.Lines = []claims.Line{{Procedure: "99211", Units: 2}, c.Lines[1]}
		}, false},
		"another day":           {func(c *claims.Claim) { c.Encounter = "2022-04-13" }, false},
		"one that was rejected": {func(c *claims.Claim) { c.Status = claims.Rejected }, false},
	} {
		earlier := claim
		tc.change(&earlier)
		if got := claim.IsDuplicateOf(earlier); got != tc.want {
			t.Errorf("%s: a duplicate is %t", name, got)
		}
	}
}
