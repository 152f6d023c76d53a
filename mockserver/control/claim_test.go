package control_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// submit makes the clinic's admin, an insured and eligible user, submit a claim for a day.
func submit(t *testing.T, c *mocktest.Clinic, day string) {
	t.Helper()
	body := `{"member_id": "-", "carrier_code": "car7556", "encounter_date": "` + day + `", "facility_code": "AWC",
		"diagnoses": ["R05.9"], "lines": [{"procedure_code": "99211", "diagnosis_pointers": [1]}]}`
	post(t, c, "/insurance/claims", body)
}

// A claim is in the receipt at each status, in the lists, in the journal and among the events. Its explanation names
// the deciding line of the file. Emptying the clinic removes the claim.
func TestClaimsAreSeenAndExplained(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	put(c, "one", true, map[string]string{
		"mine.yaml": "title: Rejected at first\nwhen: {carrier_code: car7556}\nanswer: Success\nclaims:\n  - A7:562\n  - " +
			"{outcome: partly_paid, adjustments: [{code: PR-1, amount: 3}]}\n",
	})
	answered(t, one)
	submit(t, one, "2020-01-01")
	submit(t, one, "2020-01-02")

	var receipt struct {
		Claims []struct{ ID, Status string }
	}
	c.ok("POST", "/clinics/one/clock", `{"advance": "1h"}`, &receipt)
	var came []string
	for _, claim := range receipt.Claims {
		came = append(came, claim.ID+" "+claim.Status)
	}
	want := []string{
		"7100001 acknowledged", "7100002 acknowledged", "7100001 rejected", "7100002 accepted", "7100002 partly_paid",
	}
	if diff := cmp.Diff(want, came); diff != "" {
		t.Errorf("the receipt (-want +got):\n%s", diff)
	}

	var page struct {
		Data []struct {
			ID      string
			Reasons []string
		}
		Next string
	}
	c.ok("GET", "/clinics/one/claims?limit=1", "", &page)
	if len(page.Data) != 1 || page.Data[0].ID != "7100002" || page.Next != "7100002" ||
		!cmp.Equal(page.Data[0].Reasons, []string{"PR-1"}) {
		t.Errorf("the first page is %+v", page)
	}
	var why struct {
		Claim struct {
			Patient int `json:"patient_responsibility_cents"`
		}
		Because  string
		Nth      int
		Scenario struct {
			File string
			Line int
		}
		Events []struct {
			ClaimID string `json:"claim_id"`
		}
	}
	c.ok("GET", "/clinics/one/claims/7100002/explain", "", &why)
	if why.Because != "the scenario mine decides it: Rejected at first (claim 2 of this subscriber)" || why.Nth != 2 ||
		why.Scenario.File != "mine.yaml" || why.Scenario.Line != 6 || why.Claim.Patient != 300 || len(why.Events) != 3 ||
		why.Events[0].ClaimID != "7100002" {
		t.Errorf("the explanation is %+v", why)
	}
	for path, want := range map[string]string{"/journal": `"claim_id": "7100002"`,
		"/deliveries": `"claim_id": "7100001"`} {
		if _, text := c.do("GET", "/clinics/one"+path, ""); !strings.Contains(text, want) {
			t.Errorf("%s does not lead to the claim", path)
		}
	}
	for _, path := range []string{"", "/explain"} {
		c.refused("GET", "/clinics/one/claims/1"+path, "", 404, "the clinic has no claim with this id")
	}
	c.ok("POST", "/clinics/one/reset", "", nil)
	c.ok("GET", "/clinics/one/claims", "", &page)
	if len(page.Data) != 0 {
		t.Errorf("an emptied clinic has %d claims", len(page.Data))
	}
}

// A claim shows the reason it is waiting, and a clinic shows the number of waiting claims.
func TestAPendingClaimIsCounted(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	put(c, "one", true, map[string]string{"mine.yaml": "title: Mine\nwhen: {card: primary}\nanswer: Success\n"})
	answered(t, one)
	submit(t, one, "2020-01-01")
	var reply struct{ Pending map[string]int }
	c.ok("GET", "/clinics/one", "", &reply)
	want := map[string]int{"checks": 0, "claims": 1, "visits": 0, "deliveries": 0}
	if diff := cmp.Diff(want, reply.Pending); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	var claim struct{ Submitted, Due time.Time }
	c.ok("GET", "/clinics/one/claims/7100001", "", &claim)
	if wait := claim.Due.Sub(claim.Submitted); wait != clinic.DefaultCronDelay {
		t.Errorf("the next status comes after %s", wait)
	}
}

// An error in claims settings names its place, and the settings stay unchanged.
func TestBadClaimsSettingsAreRefused(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	_, before := c.do("GET", "/clinics/one", "")
	procedure := func(field, value string) string {
		sent := map[string]string{"id": "p", "units": "1.0", "tos": "01", "pos": "11", "fee": "28"}
		sent[field] = value
		text, _ := json.Marshal(map[string]any{"procedure_codes": map[string]any{"99211": sent}})
		return string(text)
	}
	for settings, want := range map[string]string{
		`{"enabled": "yes"}`: "claims.enabled must be true or false",
		`{"enable": true}`:   `unknown field "claims.enable"; did you mean "enabled"?`,
		procedure("units", "1.5"): "claims.procedure_codes: units must be a whole number, " +
			"such as 1 or 1.0",
		procedure("units", "0"): "claims.procedure_codes must have units from 1 to 999",
		procedure("fee", "free"): "claims.procedure_codes: fee must be dollars with at most " +
			"two decimals, from 0 to 9999999.99, such as 28 or 28.50",
		procedure("pos", "1"): "claims.procedure_codes must have a pos of two digits",
		strings.Replace(procedure("id", "x"), "99211", "9", 1): "claims.procedure_codes must have codes of five capital " +
			"letters and digits",
		`{"diagnosis_codes": {"cough": "d"}}`: "claims.diagnosis_codes must be ICD-10 codes such as " +
			"R05-9 or R05.9",
		`{"proc_code_modifiers": {"F": "m"}}`: "claims.proc_code_modifiers must be of two capital " +
			"letters and digits, each with an id",
		`{"facility_code": {"": "f"}}`: "claims.facility_code must have codes and ids that are " +
			"not empty",
		`{"carrier": {"AETNA": ""}}`: "claims.carrier must lead to carrier codes that are not " +
			"empty",
		`{"relationship": {}}`: "claims.relationship must have self, spouse, child and other",
		`{"default": {"provider_profile": ""}}`: "claims.default.provider_profile must be 1 to 64 letters, " +
			"digits, hyphens and underscores",
	} {
		c.refused("PATCH", "/clinics/one", `{"claims": `+settings+`}`, 400, want)
	}
	if _, after := c.do("GET", "/clinics/one", ""); before != after {
		t.Errorf("the refusals have changed the clinic:\n%s", after)
	}
}
