package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// An insurer unknown to the clinic is stored. The reply and the journal warn of it, under the field's name in the
// request.
func TestAnInsurerThatTheClinicLacksIsStoredWithAWarning(t *testing.T) {
	t.Parallel()
	const (
		rule = " names an insurer this clinic does not have: GET /insurances/ lists them"
		sso  = `{"code": "pat", "first_name": "Pat", "last_name": "Sample", `
	)
	for name, tc := range map[string]struct {
		path     string
		sent     body
		warnings []string
		stored   map[string]string // by card
	}{
		"the guide's spelling": {
			"/me.json", formBody(fields{{"insurance.primary_carrier_code", "car1"}}),
			[]string{"insurance.primary_carrier_code" + rule}, map[string]string{"primary": "car1"},
		},
		"nested": {
			"/me", jsonBody(`{"insurance": {"primary": {"carrier_code": "car1"}, "secondary": {"carrier_code": "car2"}}}`),
			[]string{"insurance.primary.carrier_code" + rule, "insurance.secondary.carrier_code" + rule},
			map[string]string{"primary": "car1", "secondary": "car2"},
		},
		"one of two": {
			"/me", formBody(fields{{"insurance.primary_carrier_code", "car7556"},
				{"insurance.secondary_carrier_code", "Aetna"}}),
			[]string{"insurance.secondary_carrier_code" + rule}, map[string]string{"primary": "car7556", "secondary": "Aetna"},
		},
		"at a sign-on": {
			"/users/sso", jsonBody(sso + `"insurance": {"secondary": {"carrier_code": "car2"}}}`),
			[]string{"insurance.secondary.carrier_code" + rule}, map[string]string{"secondary": "car2"},
		},
		"an id": {"/me", formBody(fields{{"insurance.primary_carrier_code", "car7556"}}), nil,
			map[string]string{"primary": "car7556"}},
		"a name": {"/me", formBody(fields{{"insurance.primary_carrier_code", "AETNA"}}), nil,
			map[string]string{"primary": "car7551"}},
		"none": {"/me", formBody(fields{{"insurance.primary_carrier_code", ""}}), nil,
			map[string]string{}},
		"a field of the clinic's own": {"/me", jsonBody(`{"extra": {"insurance": {"carrier_code": "car1"}}}`), nil,
			map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "insurer"})
			_, token := bare(t, c, "pat")
			auth := byToken(token)
			if tc.path == "/users/sso" {
				auth = byKey(c)
			}
			got := post(t, c.BaseURL+tc.path, tc.sent, auth)
			if got.status != http.StatusOK {
				t.Fatalf("%d %s", got.status, got.body)
			}
			if diff := cmp.Diff(tc.warnings, got.header.Values("X-Mock-Warnings")); diff != "" {
				t.Errorf("the warnings (-want +got):\n%s", diff)
			}
			var kept struct {
				Data []struct{ Warnings []string }
			}
			c.Control(t, http.MethodGet, "/journal?limit=1", nil, &kept)
			if diff := cmp.Diff(tc.warnings, kept.Data[0].Warnings); diff != "" {
				t.Errorf("the journal (-want +got):\n%s", diff)
			}
			stored := map[string]string{}
			for _, card := range cards(t, get(t, c.BaseURL+cardsPath, byToken(token))) {
				stored[card["card_type"].(string)] = card["insurer_code"].(string)
			}
			if diff := cmp.Diff(tc.stored, stored); diff != "" {
				t.Errorf("what is stored (-want +got):\n%s", diff)
			}
		})
	}
}

// A card refuses an insurer that the clinic lacks, unless the card had it before: then there is a warning, too.
func TestACardWarnsOfTheInsurerThatItMayKeep(t *testing.T) {
	t.Parallel()
	const rule = "insurer_code names an insurer this clinic does not have: GET /insurances/ lists them"
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "kept-insurer"})
	_, token := bare(t, c, "pat")
	post(t, c.BaseURL+"/me", formBody(fields{{"insurance.primary_carrier_code", "car1"}}), byToken(token))
	for _, tc := range []struct {
		path, body string
		status     int
		warnings   []string
	}{
		{"/primary", `{"insurer_code": "car1", "group_number": "7"}`, 200, []string{rule}},
		{"/import", `{"insurances": [{"card_type": "primary", "insurer_code": "car1"}]}`, 200,
			[]string{"insurances.0." + rule}},
		{"/primary", `{"group_number": "8"}`, 200, nil},
		{"/primary", `{"insurer_code": "car2"}`, 400, nil},
		{"/secondary", `{"insurer_code": "car1"}`, 400, nil},
		{"/secondary", `{"insurer_code": "car7556"}`, 200, nil},
	} {
		got := post(t, c.BaseURL+cardsPath+tc.path, jsonBody(tc.body), byToken(token))
		if diff := cmp.Diff(tc.warnings, got.header.Values("X-Mock-Warnings")); diff != "" || got.status != tc.status {
			t.Errorf("%s %s: %d (-want +got):\n%s", tc.path, tc.body, got.status, diff)
		}
	}
}
