package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
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
	_, token := userWithoutCards(t, c, "pat")
	got := post(t, c.BaseURL+"/me.json", formBody(fields{{"dob", "1980/01/31"}, {"insurance.guarantor_dob", "1960/12/01"},
		{"insurance.patient.guarantor_dob", "1960-12-01"}}), byToken(token))
	if got.at(t, "data", "dob") != "1980-01-31" ||
		got.at(t, "data", "insurance", "patient", "guarantor_dob") != "1960-12-01" {
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

// A form may send the texts of a list one by one, as PHP writes them; their numbers give the order.
func TestAListOfTextsMayBeSentItemByItem(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "items"})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, clinic.DefaultCronDelay)
	common := fields{
		{"member_id", id}, {"carrier_code", "car7556"}, {"facility_code", "AWC"},
		{"lines[0][procedure_code]", "99211"}, {"lines[0][diagnosis_pointers][]", "1"},
		{"lines[0][diagnosis_pointers][]", "2"},
	}
	days := 0
	with := func(more ...[2]string) fields { // another day each time, because the same one is a duplicate
		days++
		return append(append(common[:len(common):len(common)],
			[2]string{"encounter_date", fmt.Sprintf("2022/04/%02d", days)}), more...)
	}
	for what, diagnoses := range map[string]fields{
		"without numbers":  {{"diagnoses[]", "R05.9"}, {"diagnoses[]", "R50.9"}},
		"with numbers":     {{"diagnoses[1]", "R50.9"}, {"diagnoses[0]", "R05.9"}},
		"with two digits":  {{"diagnoses[10]", "R50.9"}, {"diagnoses[2]", "R05.9"}},
		"with dots":        {{"diagnoses.0", "R05.9"}, {"diagnoses.1", "R50.9"}},
		"as JSON, as ever": {{"diagnoses", `["R05.9", "R50.9"]`}},
	} {
		for how, b := range map[string]body{"urlencoded": formBody(with(diagnoses...)),
			"multipart": multipartBody(with(diagnoses...))} {
			submitted := post(t, c.BaseURL+"/insurance/claims", b, byToken(token))
			if submitted.status != http.StatusOK {
				t.Errorf("%s, %s: %d %s", what, how, submitted.status, submitted.body)
				continue
			}
			claim := get(t, c.BaseURL+"/insurance/claims/"+submitted.at(t, "data", "claim_id").(string), byToken(token))
			if got := fmt.Sprint(claim.at(t, "data", "diagnoses")); got != "[R05.9 R50.9]" && got != "[R05-9 R50-9]" {
				t.Errorf("%s, %s: the diagnoses are %s", what, how, got)
			}
		}
	}
	mixed := formBody(with([2]string{"diagnoses", `["R05.9"]`}, [2]string{"diagnoses[]", "R50.9"}))
	if message := post(t, c.BaseURL+"/insurance/claims", mixed, byToken(token)).message(t, 400); !strings.Contains(message,
		"diagnoses is sent both as a list and item by item") {
		t.Errorf("message = %s", message)
	}
	for _, b := range []body{
		jsonBody(`{"diagnoses[0]": {"a": 1}, "diagnoses.0": {"a": 2}}`),
		formBody(fields{{"diagnoses[0]", "a"}, {"diagnoses.0", "b"}}),
	} {
		if message := post(t, c.BaseURL+"/insurance/claims", b, byToken(token)).message(t, 400); !strings.Contains(message,
			"diagnoses.0 is sent more than once, with different values") {
			t.Errorf("message = %s", message)
		}
	}
}
