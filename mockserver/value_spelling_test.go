package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// null in any field counts as not sent; an empty text does so where it cannot be a value.
func TestNullAndAnEmptyTextAreNotGiven(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "unset"})
	sso := func(more string) reply {
		return post(t, c.BaseURL+"/users/sso",
			jsonBody(`{"first_name": "Pat", "last_name": "Sample", "code": "pat"`+more+`}`), byKey(c))
	}
	nothing := sso(`, "dob": null, "gender": null, "email": null, "phone": null, "insurance": {"primary": null}, ` +
		`"type": null, "timezone": null`)
	for _, name := range []string{"dob", "gender", "email", "phone", "insurance"} {
		if value, there := nothing.json(t)["data"].(map[string]any)[name]; there {
			t.Errorf("%s = %v after null", name, value)
		}
	}
	full := sso(`, "dob": "1980-02-29", "gender": 2, "email": "pat@example.com", "phone": "555", "extra": {"a": 1}, ` +
		`"insurance": {"carrier": "car7556"}`)
	token := full.at(t, "data", "token", "token").(string)
	want := get(t, c.BaseURL+"/me", byToken(token))
	for what, b := range map[string]body{
		"null": jsonBody(`{"dob": null, "gender": null, "email": null, "phone": null, "extra": null, ` +
			`"insurance": null, "last_name": null}`),
		"null inside": jsonBody(`{"insurance": {"primary": {"carrier_code": null}, "secondary": null, "patient": ` +
			`{"respparty": null}}}`),
		"null with dots": jsonBody(`{"insurance.primary_carrier_code": null, "insurance.card_front": null, ` +
			`"standardrelationship": null}`),
		"empty texts": jsonBody(`{"dob": "", "gender": "", "email": "", "disable_emails": "", ` +
			`"standardrelationship": ""}`),
		"empty texts, forms": formBody(fields{{"dob", ""}, {"gender", ""}, {"email", ""}, {"hipaarelationship", ""}}),
		"in a sign-on":       {},
	} {
		var r reply
		if b.data == nil {
			r = sso(`, "dob": "", "gender": "", "email": "", "type": "", "insurance": {"carrier": null}`)
		} else {
			r = post(t, c.BaseURL+"/me.json", b, byToken(token))
		}
		if r.status != http.StatusOK {
			t.Errorf("%s: %d %s", what, r.status, r.body)
		}
		if diff := cmp.Diff(string(want.body), string(get(t, c.BaseURL+"/me", byToken(token)).body)); diff != "" {
			t.Errorf("%s has changed the user (-before +after):\n%s", what, diff)
		}
	}
	emptied := post(t, c.BaseURL+"/me.json", formBody(fields{{"phone", ""}, {"insurance.carrier", ""}}),
		byToken(token)).json(t)["data"].(map[string]any)
	if emptied["phone"] != nil || emptied["insurance"] != nil {
		t.Errorf("texts that may be empty are not emptied: %v", emptied)
	}
	own := post(t, c.BaseURL+"/me.json", jsonBody(`{"extra": {"mine": null}}`),
		byToken(token)).json(t)["data"].(map[string]any)["extra"].(map[string]any)
	if value, there := own["mine"]; !there || value != nil {
		t.Errorf("the clinic's own fields are %v, without their null", own)
	}
}

// A date with slashes is taken with the year first, and returned with dashes.
func TestADateMayHaveSlashesWhenTheYearComesFirst(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "slashes"})
	_, token := bare(t, c, "pat")
	got := post(t, c.BaseURL+"/me.json", formBody(fields{{"dob", "1980/01/31"}, {"insurance.guarantor_dob", "1960/12/01"},
		{"insurance.patient.guarantor_dob", "1960-12-01"}}), byToken(token))
	if got.at(t, "data", "dob") != "1980-01-31" || got.at(t, "data", "insurance", "patient",
		"guarantor_dob") != "1960-12-01" {
		t.Errorf("%s", got.body)
	}
	card := post(t, c.BaseURL+cardsPath+"/primary", jsonBody(`{"insurer_code": "car7556", "guarantor_dob": "1961/02/03"}`),
		byToken(token))
	if card.at(t, "data", "guarantor_dob") != "1961-02-03" {
		t.Errorf("%s", card.body)
	}
	for _, date := range []string{"01/31/1980", "31/01/1980", "1980/31/01", "1980/02/30", "80/01/31", "1980/1/31",
		"1980-01/31", "1980/01/31 ", "1980.01.31"} {
		message := post(t, c.BaseURL+"/me.json", formBody(fields{{"dob", date}}), byToken(token)).message(t,
			http.StatusBadRequest)
		if message != "dob must be a date that exists, written YYYY-MM-DD" {
			t.Errorf("%s: %s", date, message)
		}
	}
}
