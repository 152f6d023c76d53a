package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A claim with many mistakes is refused once, by the document, the clinic's settings and the patient's record together.
func TestAClaimRefusalTellsAllThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "all", "")
	id, token := eligiblePatient(t, c, "pat", "123")
	wrongLine := claimLine("procedure_code", "99999", "modifiers", []any{"ZZ"}, "units", 1.5, "fee", "free",
		"diagnosis_pointers", []any{3})
	const codes = "lines.0.procedure_code is not in the clinic's claims settings: use 10022, 1035F, 99211; " +
		"lines.0.modifiers.0 is not in the clinic's claims settings: use 20, 21, F1; "
	for name, tc := range map[string]struct {
		body body
		want string
	}{
		"by the settings and the record": {
			claimBody(id, "carrier_code", "car7551", "encounter_date", "1970-01-01", "facility_code", "XXX",
				"lines", claimLine("procedure_code", "99999"), "frequency_code", 7),
			"carrier_code is on neither of the member's insurance cards: GET /users/{user_id}/insurances lists them; " +
				"encounter_date must not be before the member was born; " +
				"facility_code is not in the clinic's claims settings: use 3, 41, AMC, AWC, MSC, STM; " +
				"original_claim_id is required with frequency_code 7: send the claim_id of the claim to correct; " +
				"lines.0.procedure_code is not in the clinic's claims settings: use 10022, 1035F, 99211",
		},
		"by the document, too": {
			claimBody(id, "encounter_date", nil, "facility_code", "XXX", "diagnoses", []any{"R05.9", "A00.0"},
				"lines", wrongLine),
			"encounter_date is required; " +
				"lines.0.fee must be dollars with at most two decimals, from 0 to 9999999.99, such as 28 or 28.50; " +
				"lines.0.units must be a whole number from 1 to 999; " +
				"facility_code is not in the clinic's claims settings: use 3, 41, AMC, AWC, MSC, STM; " +
				"diagnoses.1 is not in the clinic's claims settings: use B34.9, R05.9, R50.9, R51.9, Z20.822; " +
				codes + "lines.0.diagnosis_pointers.0 must be the number of a diagnosis, counted from 1",
		},
		"without a member": {
			claimBody(id, "member_id", nil, "facility_code", "XXX"),
			"member_id is required; facility_code is not in the clinic's claims settings: use 3, 41, AMC, AWC, MSC, STM",
		},
	} {
		got := post(t, c.BaseURL+"/insurance/claims", tc.body, byToken(token)).message(t, http.StatusBadRequest)
		if diff := cmp.Diff(strings.Split(tc.want, "; "), strings.Split(got, "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	many := map[string]any{}
	for n := range 11 {
		many[fmt.Sprintf("F%02d", n)] = "fac"
	}
	c.Control(t, http.MethodPatch, "", map[string]any{"claims": map[string]any{"facility_code": many}}, nil)
	if got := post(t, c.BaseURL+"/insurance/claims", claimBody(id), byToken(token)).message(t, 400); got !=
		"facility_code is not in the clinic's claims settings: claims.facility_code of GET /_mock/clinics/{account} lists "+
			"the 11 codes" {
		t.Errorf("with many codes: %s", got)
	}
}

// Without a table of carriers in its settings, a clinic submits claims to each insurer, also to one that it gets later.
func TestEveryInsurerOfTheDefaultClinicTakesClaims(t *testing.T) {
	t.Parallel()
	c := claimClinic(t, "takers", "")
	takes := func(insurers ...clinic.Insurer) {
		for _, insurer := range insurers {
			id, token := patient(t, c, insurer.ID, "123")
			post(t, c.BaseURL+"/me", jsonBody(fmt.Sprintf(`{"insurance": {"primary": {"carrier_code": %q}}}`, insurer.ID)),
				byToken(token))
			post(t, c.BaseURL+"/users/-/"+url.PathEscape(insurer.ID)+"/eligibility", noBody, byToken(token)).
				at(t, "data", "eligibility_id")
			c.Advance(t, clinic.DefaultCronDelay)
			post(t, c.BaseURL+"/insurance/claims", claimBody(id, "carrier_code", insurer.ID), byToken(token)).
				at(t, "data", "claim_id")
		}
	}
	takes(clinic.DefaultInsurers()...)
	c.Control(t, http.MethodPatch, "", map[string]any{"insurers": []any{map[string]any{"id": "new", "name": "New"}}}, nil)
	takes(clinic.Insurer{ID: "new"})
}

// A decided claim is corrected by a claim with frequency code 7 and its id. The insurer decides the correction anew.
func TestADeniedClaimIsCorrectedAndSentAgain(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := claimClinic(t, "corrected", receiver.URL)
	c.Control(t, http.MethodPut, "/scenarios", map[string]any{"files": map[string]any{"f.yaml": "title: Corrected\n" +
		"when: {subscriber_num: \"123\"}\nanswer: Success\nclaims: [CO-11, CO-16, paid, A3:21, paid]\n"}}, nil)
	id, token := eligiblePatient(t, c, "pat", "123")
	otherID, _ := eligiblePatient(t, c, "other", "124")
	send := func(change ...any) reply {
		return post(t, c.BaseURL+"/insurance/claims", claimBody(id, change...), byToken(c.AdminToken))
	}
	accepted := func(change ...any) string {
		t.Helper()
		claim := send(change...).at(t, "data", "claim_id").(string)
		c.Advance(t, time.Hour)
		return claim
	}
	correction := func(of string, change ...any) []any {
		return append([]any{"frequency_code", "7", "original_claim_id", of}, change...)
	}
	refused := func(name, want string, change ...any) {
		t.Helper()
		if got := send(change...).message(t, http.StatusBadRequest); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	first := accepted()
	refused("the same again", "the claim is a duplicate: ")
	refused("another's", "original_claim_id is not a claim of this member with this carrier",
		correction(first, "member_id", otherID)...)
	refused("an unknown one", "original_claim_id is not a claim of this member with this carrier", correction("7")...)
	refused("no frequency", "original_claim_id is for a corrected claim", "original_claim_id", first)
	refused("no original", "original_claim_id is required with frequency_code 7", "frequency_code", "7")
	refused("a void", "frequency_code must be 1 for a new claim, or 7", correction(first, "frequency_code", "8")...)

	second := accepted(correction(first, "diagnoses", []any{"R50.9"}, "frequency_code", 7)...)
	refused("a second one of it", "the claim is a duplicate: ", correction(first, "diagnoses", []any{"R51.9"},
		"lines", claimLine("units", 3))...)
	third := accepted(correction(second, "lines", claimLine("units", 2))...)
	refused("the first again", "the claim is a duplicate: ")
	fourth := accepted(correction(third)...)
	refused("a rejected one", "original_claim_id was rejected and never reached the insurer", correction(fourth)...)
	fifth := send(correction(third)...).at(t, "data", "claim_id").(string)
	refused("a pending one", "original_claim_id is not decided yet", correction(fifth)...)
	c.Advance(t, time.Hour)

	var got []string
	for _, one := range []string{first, second, third, fourth, fifth} {
		var claim struct {
			Data struct {
				Status    string
				Frequency string `json:"frequency_code"`
				Original  string `json:"original_claim_id"`
				Diagnoses []string
			}
		}
		get(t, c.BaseURL+"/insurance/claims/"+one, byToken(token)).into(t, &claim)
		got = append(got, fmt.Sprint(claim.Data.Status, " ", claim.Data.Frequency, " of ", claim.Data.Original, " ",
			claim.Data.Diagnoses[0]))
	}
	if diff := cmp.Diff([]string{"denied 1 of  R05.9", "denied 7 of " + first + " R50.9", "paid 7 of " + second + " R05.9",
		"rejected 7 of " + third + " R05.9", "paid 7 of " + third + " R05.9"}, got); diff != "" {
		t.Errorf("the claims (-want +got):\n%s", diff)
	}
	all := receiver.Received()
	var event struct {
		Data struct {
			Original string `json:"original_claim_id"`
		}
	}
	if err := json.Unmarshal(all[len(all)-1].Body, &event); err != nil || event.Data.Original != third {
		t.Errorf("the last event is about a correction of %q, %v", event.Data.Original, err)
	}
}
