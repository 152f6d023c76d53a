package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// bare signs a patient without a card on.
func bare(t testing.TB, c *mocktest.Clinic, code string) (id, token string) {
	t.Helper()
	r := signOn(t, c, fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", code}, {"dob", "1980-02-29"},
		{"gender", "2"}})
	return r.at(t, "data", "id").(string), r.at(t, "data", "token", "token").(string)
}

// cardsPath is the path to the cards of the token's owner.
const cardsPath = "/users/-/insurances"

// cards returns the cards of a list. The test fails if the reply is no success.
func cards(t testing.TB, r reply) []map[string]any {
	t.Helper()
	var list struct {
		Data    []map[string]any
		Version string
		Code    any
	}
	r.into(t, &list)
	if r.status != http.StatusOK || list.Version != "2.0" || list.Code != nil || list.Data == nil {
		t.Fatalf("%d %s", r.status, r.body)
	}
	return list.Data
}

// diffCards compares a reply with the expected cards.
func diffCards(t testing.TB, what, want string, got any) {
	t.Helper()
	diffJSON(t, what, want, reply{body: marshal(t, got)})
}

// VSee's own example, with the captured parts of its replies.
func TestImportEchoesTheStoredCards(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "import"})
	_, token := bare(t, c, "pat")
	if none := get(t, c.BaseURL+cardsPath, byToken(token)); string(none.body) != `{"data":[],"version":"2.0"}`+"\n" {
		t.Errorf("without cards: %s", none.body)
	}
	const sent = `{"card_type": "primary", "insurer_code": "(sandbox) HUMANA", "subscriber_number": "11000022",
		"group_number": "5",
		"responsible_party": "spouse", "guarantor_first_name": "Sam", "guarantor_middle_name": "Q",
		"guarantor_last_name": "Sample",
		"guarantor_dob": "1960-01-01", "guarantor_gender": 1, "guarantor_address": "1 A Street",
		"guarantor_address_2": "Apt 2",
		"guarantor_city": "Reno", "guarantor_zip": "89501", "guarantor_state": "NV", "consent": true}`
	stored := strings.Replace(sent, `"guarantor_dob"`, `"guarantor_name": "Sam Q Sample", "guarantor_dob"`, 1)
	const second = `{"card_type": "secondary", "insurer_code": "car7556", "subscriber_number": "234234", "consent": false}`
	imported := post(t, c.BaseURL+cardsPath+"/import", jsonBody(`{"insurances": [`+second+`, `+sent+`]}`), byToken(token))
	diffCards(t, "imported", `[`+stored+`, `+second+`]`, cards(t, imported))
	listed := get(t, c.BaseURL+cardsPath, byToken(token))
	if diff := cmp.Diff(string(imported.body), string(listed.body)); diff != "" {
		t.Errorf("the list (-imported +listed):\n%s", diff)
	}

	const other = `{"card_type": "primary", "insurer_code": "car7147", "consent": false}`
	again := post(t, c.BaseURL+cardsPath+"/import", jsonBody(`{"insurances": [`+other+`]}`), byToken(token))
	diffCards(t, "overwritten", `[`+other+`, `+second+`]`, cards(t, again))
}

// An update of one card keeps the fields it does not send.
func TestASingleCardIsCreatedUpdatedAndDeleted(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "single"})
	id, token := bare(t, c, "pat")
	path := c.BaseURL + "/users/" + id + "/insurances/"
	created := post(t, path+"secondary", jsonBody(`{"insurer_code": "AETNA", "subscriber_num": 123, "group_number": `+
		`"g", "consent": true}`), byToken(token))
	diffJSON(t, "created", `{"data": {"card_type": "secondary", "insurer_code": "car7551", "subscriber_number": "123",
		"group_number": "g",
		"consent": true}, "version": "2.0"}`, created)
	updated := post(t, path+"secondary", formBody(fields{{"group_number", ""}, {"responsible_party", "self"}}),
		byToken(c.AdminToken))
	diffJSON(t, "updated", `{"data": {"card_type": "secondary", "insurer_code": "car7551", "subscriber_number": "123",
		"responsible_party": "self", "consent": true}, "version": "2.0"}`, updated)
	post(t, path+"primary", formBody(fields{{"insurer_code", "car7556"}, {"card_type", "primary"}}), byToken(token))
	left := send(t, http.MethodDelete, path+"secondary", noBody, byToken(token))
	diffCards(t, "left", `[{"card_type": "primary", "insurer_code": "car7556", "responsible_party": "self", "consent": `+
		`false}]`, cards(t, left))
	if again := send(t, http.MethodDelete, path+"secondary", noBody, byToken(token)).message(t,
		404); again != "the user has no secondary card" {
		t.Errorf("deleted again: %s", again)
	}
}

func TestTheInsurersOfAForm(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "form",
		Insurers: []clinic.Insurer{{ID: "a", Name: "A"}, {ID: "b", Name: "B"}}})
	got := get(t, c.BaseURL+"/insurances/list/insurers.json", byToken(c.AdminToken))
	diffJSON(t, "insurers", `{"data": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}`, got)
}

// Every prefix, suffix and `-`, and every spelling in every media type, work for cards as they do elsewhere.
func TestCardsComeInEverySpelling(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "card-spellings"})
	const list = `[{"card_type": "secondary", "insurer_code": "car7556", "subscriber_num": "1", "consent": true, ` +
		`"guarantor_gender": 2}]`
	flat := fields{
		{"insurances.0.card_type", "secondary"}, {"insurances.0.insurer_code", "HEALTH CHOICE ARIZONA"},
		{"insurances.0.subscriber_number", "1"}, {"insurances.0.consent", "1"}, {"insurances.0.guarantor_gender", "female"},
	}
	var under fields
	for _, f := range flat {
		under = append(under, [2]string{strings.ReplaceAll(f[0], ".", "__"), f[1]})
	}
	const want = `[{"card_type": "secondary", "insurer_code": "car7556", "subscriber_number": "1", "guarantor_gender": ` +
		`2, "consent": true}]`
	for name, b := range map[string]body{
		"JSON": jsonBody(`{"insurances": ` + list + `}`),
		"JSON with dots": jsonBody(`{"insurances.0.card_type": "secondary", "insurances.0.insurer_code": ` +
			`"car7556", "insurances.0.subscriber_number": 1, "insurances.0.consent": "true", ` +
			`"insurances.0.guarantor_gender": "2"}`),
		"multipart with a list":     multipartBody(fields{{"insurances", list}}),
		"urlencoded with a list":    formBody(fields{{"insurances", list}}),
		"multipart with dots":       multipartBody(flat),
		"urlencoded with dots":      formBody(flat),
		"multipart with underscore": multipartBody(under),
		"urlencoded underscore":     formBody(under),
		"a list and dots":           multipartBody(fields{{"insurances", list}}.and("insurances.0.subscriber_num", "1")),
	} {
		for i, path := range []string{"/api_v3/users/-/insurances/import", "/vc/next/api_v3/users/-/insurances/import.json",
			"/vc/dev/api_v3/users/-/insurances/import/"} {
			_, token := bare(t, c, fmt.Sprint(name, i))
			diffCards(t, name+" "+path, want, cards(t, post(t, mock.URL+path, b, byToken(token))))
		}
	}
}

// A list of cards can be sent back as it is: the read-only fields, results and image objects, are ignored. An update
// keeps the images as they are, and an import removes images it does not send.
func TestCardsThatWereReadCanBeSentBack(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "sent-back"})
	_, token := bare(t, c, "pat")
	path := c.BaseURL + cardsPath
	for _, order := range orders() {
		saved := post(t, path+"/"+order, withFiles(fields{
			{"insurer_code", "car7556"}, {"subscriber_number", "1"}, {"group_number", order}, {"guarantor_name",
				"Maria de la Cruz"}, {"guarantor_gender", "2"},
		}, upload{"card_front", picture(t, "png", 1)}, upload{"card_back", picture(t, "png", 2)}), byToken(token))
		if saved.status != http.StatusOK {
			t.Fatalf("%d %s", saved.status, saved.body)
		}
	}
	post(t, c.BaseURL+"/users/-/car7556/eligibility", noBody, byToken(token))
	c.Advance(t, time.Minute)
	listed := cards(t, get(t, path, byToken(token)))
	if listed[0]["eligibility"] == nil || listed[1]["card_back"] == nil {
		t.Fatalf("listed: %v", listed)
	}

	for _, card := range listed {
		updated := post(t, path+"/"+fmt.Sprint(card["card_type"]), jsonBody(string(marshal(t, card))), byToken(token))
		diffJSON(t, "updated", string(marshal(t, map[string]any{"data": card, "version": "2.0"})), updated)
	}
	list := marshal(t, map[string]any{"insurances": listed})
	for _, b := range []body{jsonBody(string(list)), formBody(fields{{"insurances", string(marshal(t, listed))}})} {
		imported := cards(t, post(t, path+"/import", b, byToken(token)))
		for _, card := range listed {
			delete(card, "card_front")
			delete(card, "card_back")
		}
		diffCards(t, "imported", string(marshal(t, listed)), imported)
	}
}

// An insurer's name stands for its id in the older fields too, in any spelling. So a check finds the card, and
// writing one over the other leaves the result. A name unknown to the clinic is stored as it stands.
func TestTheOlderWayTakesAnInsurersName(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "insurer-names"})
	carrier := func(token, card string) any {
		return get(t, c.BaseURL+"/me", byToken(token)).at(t, "data", "insurance", card, "carrier_code")
	}
	for _, spelling := range []string{
		"insurance.carrier", "insurance.carrier_code", "insurance.insurer_id", "insurance.primary_carrier_code",
		"insurance__primary__carrier_code",
		"insurance.secondary_carrier_code",
	} {
		card := "primary"
		if strings.Contains(spelling, "secondary") {
			card = "secondary"
		}
		_, token := bare(t, c, spelling)
		write := func(insurer string) {
			if r := post(t, c.BaseURL+"/me", formBody(fields{{spelling, insurer}}), byToken(token)); r.status != http.StatusOK {
				t.Fatalf("%s: %d %s", spelling, r.status, r.body)
			}
		}
		if write("HEALTH CHOICE ARIZONA"); carrier(token, card) != "car7556" {
			t.Errorf("%s: stored as %v", spelling, carrier(token, card))
		}
		if r := post(t, c.BaseURL+"/users/-/car7556/eligibility", noBody, byToken(token)); r.status != http.StatusOK {
			t.Errorf("%s: %d %s", spelling, r.status, r.body)
		}
		c.Advance(t, time.Minute)
		write("HEALTH CHOICE ARIZONA")
		const unnumbered = "Invalid/Missing subscriber/insured ID"
		if got := get(t, c.BaseURL+"/me", byToken(token)).at(t, "data", "user_data", card,
			"eligibility_response"); got != unnumbered {
			t.Errorf("%s: the result is %v", spelling, got)
		}
		if write("HEALTH CHOICE"); carrier(token, card) != "HEALTH CHOICE" {
			t.Errorf("%s: what is not known is stored as %v", spelling, carrier(token, card))
		}
	}
	r := signOn(t, c, fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "signing on"},
		{"insurance.carrier", "AETNA"}})
	if got := carrier(r.at(t, "data", "token", "token").(string), "primary"); got != "car7551" {
		t.Errorf("signing on: stored as %v", got)
	}
}

// A card and the older fields are one state: a write to either shows in the other.
func TestCardsAndTheOlderFieldsAreOneState(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "one-state"})
	older := func(token string) any {
		return get(t, c.BaseURL+"/me", byToken(token)).json(t)["data"].(map[string]any)["insurance"]
	}

	_, token := bare(t, c, "older first")
	post(t, c.BaseURL+"/me", formBody(fields{{"insurance.respparty", "child"},
		{"insurance.guarantor_name", "Maria de la  Cruz"}}), byToken(token))
	if got := cards(t, get(t, c.BaseURL+cardsPath, byToken(token))); len(got) != 0 {
		t.Errorf("a relation makes a card: %v", got)
	}
	post(t, c.BaseURL+"/me", formBody(fields{{"insurance.primary_carrier_code", "car7556"},
		{"insurance.secondary_subscriber_num", "9"}}), byToken(token))
	const who = `"responsible_party": "child", "guarantor_first_name": "Maria", "guarantor_middle_name": "de la",
		"guarantor_last_name": "Cruz", "guarantor_name": "Maria de la  Cruz", "consent": false`
	diffCards(t, "both cards have it", `[{"card_type": "primary", "insurer_code": "car7556", `+who+`},
		{"card_type": "secondary", "subscriber_number": "9", `+who+`}]`, cards(t, get(t, c.BaseURL+cardsPath,
		byToken(token))))

	_, token = bare(t, c, "cards first")
	post(t, c.BaseURL+cardsPath+"/secondary", formBody(fields{
		{"insurer_code", "car7147"}, {"responsible_party", "spouse"}, {"guarantor_last_name", "Roe"}, {"guarantor_first_name",
			"Jo Ann"},
	}), byToken(token))
	const secondary = `{"carrier_code": "car7147", "insurance_order": 2}`
	diffCards(t, "the only card is the older relation's", `{"secondary": `+secondary+`,
		"patient": {"respparty": "spouse", "guarantor_name": "Jo Ann Roe"}}`, older(token))
	post(t, c.BaseURL+cardsPath+"/primary", formBody(fields{{"insurer_code", "car7556"}, {"responsible_party", "self"},
		{"guarantor_name", ""}}), byToken(token))
	diffCards(t, "the primary card comes first", `{"primary": {"carrier_code": "car7556", "insurance_order": 1},
		"secondary": `+secondary+`,
		"patient": {"respparty": "self"}}`, older(token))
	post(t, c.BaseURL+"/me", formBody(fields{{"insurance.patient.guarantor_zip", "89501"}}), byToken(token))
	diffCards(t, "the older write is about both", `[
		{"card_type": "primary", "insurer_code": "car7556", "responsible_party": "self", "guarantor_zip": "89501",
		"consent": false},
		{"card_type": "secondary", "insurer_code": "car7147", "responsible_party": "self", "guarantor_zip": "89501",
		"consent": false}]`,
		cards(t, get(t, c.BaseURL+cardsPath, byToken(token))))
	post(t, c.BaseURL+"/me", formBody(fields{{"insurance.primary_carrier_code", ""},
		{"insurance.secondary_carrier_code", ""}}), byToken(token))
	if got := cards(t, get(t, c.BaseURL+cardsPath, byToken(token))); len(got) != 0 {
		t.Errorf("cards without an insurer and a number: %v", got)
	}
	diffCards(t, "what was not sent stays", `{"patient": {"respparty": "self", "guarantor_zip": "89501"}}`, older(token))
}

// A check shows in both ways of reading, and uses the fields either way has written.
func TestACheckShowsOnTheCardAndInTheUser(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "checked", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := bare(t, c, "pat")
	save := func(card, insurer, number string, more ...[2]string) {
		t.Helper()
		f := append(fields{{"insurer_code", insurer}, {"subscriber_number", number}}, more...)
		if r := post(t, c.BaseURL+cardsPath+"/"+card, formBody(f), byToken(token)); r.status != http.StatusOK {
			t.Fatalf("%d %s", r.status, r.body)
		}
	}
	shows := func(what, card, status, text string) {
		t.Helper()
		found := ""
		for _, one := range cards(t, get(t, c.BaseURL+cardsPath, byToken(token))) {
			if e, ok := one["eligibility"].(map[string]any); ok && one["card_type"] == card {
				found = e["status"].(string)
			}
		}
		if saved := response(t, c, id, card); found != status || saved != text {
			t.Errorf("%s: %q, %q; want %q, %q", what, found, saved, status, text)
		}
	}
	save("primary", "HEALTH CHOICE ARIZONA", "123")
	start(t, c, id, token)
	shows("pending", "primary", "", "")
	c.Advance(t, 10*time.Second)
	shows("Success", "primary", "active", "Success")
	save("primary", "HEALTH CHOICE ARIZONA", "123", [2]string{"guarantor_city", "Reno"})
	shows("the same card", "primary", "active", "Success")
	save("primary", "car7556", "11000075")
	shows("another number", "primary", "", "")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	shows("rejected", "primary", "inactive", "Subscriber/Insured not found")

	start(t, c, id, token)
	post(t, c.BaseURL+"/me", formBody(fields{{"insurance.primary_subscriber_num", "124"}}), byToken(token))
	told := len(receiver.Received())
	c.Advance(t, 10*time.Second)
	shows("a check of the card of before", "primary", "", "")
	if now := len(receiver.Received()); now != told+1 {
		t.Errorf("%d events tell of it, want 1", now-told)
	}
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	send(t, http.MethodDelete, c.BaseURL+cardsPath+"/primary", noBody, byToken(token))
	shows("deleted", "primary", "", "")

	// A guarantor without a name is missing data, on the checked card alone.
	save("primary", "HEALTH CHOICE ARIZONA", "123")
	save("secondary", "car7551", "124", [2]string{"responsible_party", "spouse"})
	start(t, c, id, token)
	post(t, c.BaseURL+"/users/-/car7551/eligibility", noBody, byToken(token))
	c.Advance(t, 10*time.Second)
	shows("the patient's own card", "primary", "active", "Success")
	shows("the spouse's card", "secondary", "inactive", "Invalid/Missing subscriber/insured name")
}

// A scenario matches the card, whichever way it was written.
func TestAScenarioMatchesTheCard(t *testing.T) {
	t.Parallel()
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "matched"})
	c.Control(t, http.MethodPut, "/scenarios", map[string]any{"files": map[string]string{
		"spouse.yaml": "title: A spouse\nwhen: {subscriber_num: \"5\", group_number: g, respparty: spouse, card: " +
			"secondary}\nanswer: Out of Network\n",
	}}, nil)
	id, token := bare(t, c, "pat")
	post(t, c.BaseURL+cardsPath+"/import", jsonBody(`{"insurances": [
		{"card_type": "primary", "insurer_code": "car7551", "subscriber_number": "5", "group_number": "g",
		"responsible_party": "self"},
		{"card_type": "secondary", "insurer_code": "car7556", "subscriber_number": "5", "group_number": "g",
		"responsible_party": "spouse"}]}`), byToken(token))
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	if got := response(t, c, id, "secondary"); got != "Out of Network" {
		t.Errorf("the check is answered %q", got)
	}
}

// An event held until the result is read also comes when the cards are read.
func TestReadingTheCardsIsReadingTheResult(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "read", Webhook: clinic.Webhook{
		URL: receiver.URL, Misbehaviour: clinic.Misbehaviour{AfterRead: true},
	}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	if n := len(receiver.Received()); n != 0 {
		t.Errorf("%d events before the cards are read", n)
	}
	cards(t, get(t, c.BaseURL+cardsPath, byToken(token)))
	c.Advance(t, time.Second)
	if n := len(receiver.Received()); n != 1 {
		t.Errorf("%d events after the cards are read, want 1", n)
	}
}
