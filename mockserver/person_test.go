package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// personChange is a request that may make the patient, or the insured, another person.
type personChange struct{ method, path, body string }

// updates returns a change by POST /me.
func updates(body string) personChange { return personChange{"POST", "/me", body} }

// saves returns a change of one card.
func saves(order, body string) personChange {
	return personChange{"POST", cardsPath + "/" + order, body}
}

// send sends the change by the token of the patient, or as a sign-on.
func (p personChange) send(t *testing.T, c *mocktest.Clinic, token string) {
	t.Helper()
	auth := byToken(token)
	if p.path == "/users/sso" {
		auth = byKey(c)
	}
	if r := send(t, p.method, c.BaseURL+p.path, jsonBody(p.body), auth); r.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", p.method, p.path, r.status, r.body)
	}
}

// patientWithTwoCards returns a clinic and a patient with two cards: the patient's own, and a parent's.
func patientWithTwoCards(t *testing.T, account string) (c *mocktest.Clinic, id, token string) {
	t.Helper()
	c = claimClinic(t, account, "")
	id, token = bare(t, c, "pat")
	personChange{"POST", cardsPath + "/import", `{"insurances": [
		{"card_type": "primary", "insurer_code": "car7556", "subscriber_number": "123", "responsible_party": "self"},
		{"card_type": "secondary", "insurer_code": "car7147", "subscriber_number": "124", "responsible_party": "child",
			"guarantor_first_name": "Jo Ann", "guarantor_last_name": "Roe", "guarantor_dob": "1950-01-01",
			"guarantor_gender": 1}]}`}.send(t, c, token)
	return c, id, token
}

// startBoth starts a check of each of the two cards.
func startBoth(t *testing.T, c *mocktest.Clinic, token string) {
	t.Helper()
	for _, carrier := range []string{"car7556", "car7147"} {
		post(t, c.BaseURL+"/users/-/"+carrier+"/eligibility", noBody, byToken(token)).at(t, "data", "eligibility_id")
	}
}

// A result, and a claim resting on it, are about one patient and one insured. They go when either becomes another
// person, in both ways of writing. A field that does not identify a person changes nothing, and neither does sending
// the same again.
func TestAResultGoesWhenAnotherPersonIsMeant(t *testing.T) {
	t.Parallel()
	const sso = "/users/sso"
	for name, tc := range map[string]struct {
		change             personChange
		primary, secondary bool // keep their results
	}{
		"another birth date": {updates(`{"dob": "1990-09-09"}`), false, false},
		"another gender":     {updates(`{"gender": 1}`), false, false},
		"another first name": {updates(`{"first_name": "Kim"}`), false, false},
		"another last name":  {updates(`{"last_name": "Roe"}`), false, false},
		"another birth date at a sign-on": {personChange{"POST", sso, `{"code": "pat", "first_name": "Pat", ` +
			`"last_name": "Sample", "dob": "1990-09-09"}`}, false, false},
		"another name at a sign-on": {personChange{"POST", sso, `{"code": "pat", "first_name": "Kim", ` +
			`"last_name": "Sample"}`}, false, false},
		"another relation, the older way": {updates(`{"insurance": {"patient": {"respparty": "spouse"}}}`), false, false},
		"a relation at a sign-on": {personChange{"POST", sso, `{"code": "pat", "first_name": "Pat", ` +
			`"last_name": "Sample", "insurance": {"patient": {"respparty": "spouse"}}}`}, false, false},
		"a guarantor, the older way": {updates(`{"insurance": {"patient": {"guarantor_name": "Jo Ann Roe", ` +
			`"guarantor_dob": "1950-01-01"}}}`), false, false},
		"another relation of one card":       {saves("primary", `{"responsible_party": "other"}`), false, true},
		"another relation of the other card": {saves("secondary", `{"responsible_party": "spouse"}`), true, false},
		"another guarantor's first name":     {saves("secondary", `{"guarantor_first_name": "Jo"}`), true, false},
		"another guarantor's middle name":    {saves("secondary", `{"guarantor_middle_name": "Q"}`), true, false},
		"another guarantor's last name":      {saves("secondary", `{"guarantor_last_name": "Poe"}`), true, false},
		"another guarantor's whole name":     {saves("secondary", `{"guarantor_name": "Jo Roe"}`), true, false},
		"another guarantor's birth date":     {saves("secondary", `{"guarantor_dob": "1950-01-02"}`), true, false},
		"another guarantor's gender":         {saves("secondary", `{"guarantor_gender": 2}`), true, false},
		"a guarantor of the first card":      {saves("primary", `{"guarantor_dob": "1950-01-01"}`), false, true},
		"an import without the relation": {personChange{"POST", cardsPath + "/import",
			`{"insurances": [{"card_type": "secondary", "insurer_code": "car7147", "subscriber_number": "124"}]}`}, true, false},

		"the same once more": {updates(`{"first_name": "Pat", "last_name": "Sample", "dob": "1980-02-29", ` +
			`"gender": "2"}`), true, true},
		"the same at a sign-on": {personChange{"POST", sso, `{"code": "pat", "first_name": "Pat", "last_name": ` +
			`"Sample", "dob": "1980-02-29", "gender": "female"}`}, true, true},
		"the same card once more": {saves("secondary", `{"responsible_party": "child", "guarantor_name": "Jo Ann `+
			`Roe", "guarantor_gender": 1}`), true, true},
		"self, which is not said": {saves("primary", `{"responsible_party": ""}`), true, true},
		"an address and a phone number": {updates(`{"city": "Reno", "zip": "89501", "phone": "555-0100", "street_addr": ` +
			`"1 Main St"}`), true, true},
		"an e-mail address": {updates(`{"email": "pat@example.com"}`), true, true},
		"a username":        {updates(`{"username": "pat"}`), true, true},
		"a guarantor's address": {saves("secondary", `{"guarantor_city": "Reno", "guarantor_zip": "89501", `+
			`"guarantor_address": "1 Main St"}`), true, true},
		"an empty birth date": {updates(`{"dob": ""}`), true, true}, // is not given
		"consent":             {saves("secondary", `{"consent": true}`), true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, id, token := patientWithTwoCards(t, "person")
			startBoth(t, c, token)
			c.Advance(t, clinic.DefaultCronDelay)
			tc.change.send(t, c, token)
			shown := map[string]any{}
			for _, card := range cards(t, get(t, c.BaseURL+cardsPath, byToken(token))) {
				result, _ := card["eligibility"].(map[string]any)
				shown[card["card_type"].(string)] = [2]any{result["status"], response(t, c, id, card["card_type"].(string))}
			}
			kept := map[bool]any{true: [2]any{"active", "Success"}, false: [2]any{nil, ""}}
			if diff := cmp.Diff(map[string]any{"primary": kept[tc.primary], "secondary": kept[tc.secondary]},
				shown); diff != "" {
				t.Errorf("the results (-want +got):\n%s", diff)
			}
			claim := post(t, c.BaseURL+"/insurance/claims", claimed(id), byToken(token)) // on the primary card
			if want := map[bool]int{true: http.StatusOK, false: http.StatusBadRequest}[tc.primary]; claim.status != want {
				t.Errorf("a claim: %d %s", claim.status, claim.body)
			}
		})
	}
}

// A pending check still ends if the patient or insured becomes another person meanwhile, and its event is sent. Its
// result about the earlier person is not saved, and no claim rests on it. It is saved if the earlier person is back
// by then.
func TestAPendingCheckIsNotSavedOnAnotherPerson(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		changes []personChange
		saved   bool
	}{
		"another birth date":     {[]personChange{updates(`{"dob": "1990-09-09"}`)}, false},
		"another relation":       {[]personChange{saves("primary", `{"responsible_party": "child"}`)}, false},
		"there and back":         {[]personChange{updates(`{"dob": "1990-09-09"}`), updates(`{"dob": "1980-02-29"}`)}, true},
		"the other card's alone": {[]personChange{saves("secondary", `{"guarantor_dob": "1951-01-01"}`)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, id, token := patientWithTwoCards(t, "pending")
			start(t, c, id, token)
			for _, change := range tc.changes {
				change.send(t, c, token)
			}
			if receipt := c.Advance(t, clinic.DefaultCronDelay); len(receipt.Checks) != 1 ||
				receipt.Checks[0].Response != "Success" {
				t.Errorf("the checks that have ended: %+v", receipt.Checks)
			}
			if events := listOf(t, c, "/events"); len(events) != 1 {
				t.Errorf("%d events tell of it", len(events))
			}
			if got := response(t, c, id, "primary") == "Success"; got != tc.saved {
				t.Errorf("the result is saved: %t", got)
			}
			if got := post(t, c.BaseURL+"/insurance/claims", claimed(id),
				byToken(token)); (got.status == http.StatusOK) != tc.saved {
				t.Errorf("a claim: %d %s", got.status, got.body)
			}
		})
	}
}
