package mockserver_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// insuranceField is an insurance field: its place in the reply, and its names on VSee's pages.
type insuranceField struct {
	place     string // below insurance
	sent      string
	want      string // as sent when empty
	spellings []string
}

func insuranceFields() []insuranceField {
	return []insuranceField{
		{"primary.carrier_code", "car7556", "", []string{
			"insurance.carrier", "insurance.carrier_code", "insurance.insurer_id", "insurance.primary_carrier_code",
			"insurance.primary.carrier_code",
		}},
		{"primary.carrier_name_others", "Blue Harbor Mutual", "", []string{"insurance.primary.carrier_name_others"}},
		{"primary.subscriber_num", "234234", "",
			[]string{"insurance.subscriber_num", "insurance.primary_subscriber_num", "insurance.primary.subscriber_num"}},
		{"primary.group_number", "test 3", "", []string{
			"insurance.group_number", "insurance.primary_group_number", "insurance.primary.group_number",
			"insurance.patient.group_number",
		}},
		{"secondary.carrier_code", "car11406", "", []string{
			"insurance.secondary_carrier", "insurance.secondary_insurer_id", "insurance.secondary_carrier_code",
			"insurance.secondary.carrier_code",
		}},
		{"secondary.group_number", "asdasd", "",
			[]string{"insurance.secondary_group_number", "insurance.secondary.group_number"}},
		{"secondary.subscriber_num", "aaaaa", "",
			[]string{"insurance.secondary_subscriber_num", "insurance.secondary.subscriber_num"}},
		{"patient.respparty", "spouse", "", []string{"insurance.respparty", "insurance.patient.respparty"}},
		{"patient.respparty", "1", "self", []string{"standardrelationship"}},
		{"patient.respparty", "2", "spouse", []string{"standardrelationship"}},
		{"patient.respparty", "3", "child", []string{"standardrelationship"}},
		{"patient.respparty", "4", "other", []string{"standardrelationship"}},
		{"patient.respparty", "18", "self", []string{"hipaarelationship"}},
		{"patient.respparty", "01", "spouse", []string{"hipaarelationship"}},
		{"patient.respparty", "19", "child", []string{"hipaarelationship"}},
		{"patient.respparty", "G8", "other", []string{"hipaarelationship"}},
		{"patient.guarantor_name", "Sam Sample", "",
			[]string{"insurance.guarantor_name", "insurance.patient.guarantor_name"}},
		{"patient.guarantor_dob", "1960-01-01", "", []string{"insurance.guarantor_dob", "insurance.patient.guarantor_dob"}},
		{"patient.guarantor_address", "1 A Street", "",
			[]string{"insurance.guarantor_address", "insurance.patient.guarantor_address"}},
		{"patient.guarantor_city", "Reno", "", []string{"insurance.guarantor_city", "insurance.patient.guarantor_city"}},
		{"patient.guarantor_state", "NV", "", []string{"insurance.guarantor_state", "insurance.patient.guarantor_state"}},
		{"patient.guarantor_zip", "89501", "", []string{"insurance.guarantor_zip", "insurance.patient.guarantor_zip"}},
	}
}

// withBrackets returns a name with dots as PHP writes it: insurance[primary][carrier_code].
func withBrackets(name string) string {
	first, rest, nested := strings.Cut(name, ".")
	if !nested {
		return name
	}
	return first + "[" + strings.ReplaceAll(rest, ".", "][") + "]"
}

// object returns JSON with a value at a path of names.
func object(path []string, value string) string {
	if len(path) == 0 {
		return fmt.Sprintf("%q", value)
	}
	return fmt.Sprintf("{%q: %s}", path[0], object(path[1:], value))
}

// spellingsOf returns the ways to send one field: its name with dots, underscores, brackets and as objects, in each
// media type.
func spellingsOf(name, value string) map[string]body {
	names := map[string]string{"dots": name, "underscores": strings.ReplaceAll(name, ".", "__"),
		"brackets": withBrackets(name)}
	bodies := map[string]body{"objects in JSON": jsonBody(object(strings.Split(name, "."), value))}
	for how, name := range names {
		bodies[how+" urlencoded"] = formBody(fields{{name, value}})
		bodies[how+" in multipart"] = multipartBody(fields{{name, value}})
		bodies[how+" in JSON"] = jsonBody(object([]string{name}, value))
	}
	return bodies
}

// Each name of a field in a revision of VSee's insurance page stands for this field.
func TestMeAcceptsEveryDocumentedSpellingOfAnInsuranceField(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "meanings"})
	_, token := userWithoutCards(t, c, "pat")
	reset := jsonBody(`{"insurance": {"primary": {"carrier_code": "", "carrier_name_others": "", "subscriber_num": "", ` +
		`"group_number": ""},
		"secondary": {"carrier_code": "", "subscriber_num": "", "group_number": ""},
		"patient": {"respparty": "", "guarantor_name": "", "guarantor_dob": "", "guarantor_address": "",
		"guarantor_city": "", "guarantor_state": "", "guarantor_zip": ""}}}`)
	for _, m := range insuranceFields() {
		want := m.want
		if want == "" {
			want = m.sent
		}
		for _, name := range m.spellings {
			for how, b := range spellingsOf(name, m.sent) {
				emptied := post(t, c.BaseURL+"/me.json", reset, byToken(token))
				if left, there := emptied.json(t)["data"].(map[string]any)["insurance"]; there {
					t.Fatalf("the insurance is not emptied: %v", left)
				}
				got := post(t, c.BaseURL+"/me.json", b, byToken(token))
				path := append([]string{"data", "insurance"}, strings.Split(m.place, ".")...)
				if got.status != http.StatusOK || got.at(t, path...) != any(want) {
					t.Errorf("%s with %s: %d %s", name, how, got.status, got.body)
				}
			}
		}
	}
}

// A sign-on, where VSee stores the insurance as well, takes the same names.
func TestASignOnAcceptsEveryDocumentedSpellingOfAnInsuranceField(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "signed-meanings"})
	for _, m := range insuranceFields() {
		want := m.want
		if want == "" {
			want = m.sent
		}
		for _, name := range m.spellings {
			got := signOn(t, c, fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", name + m.sent}, {name, m.sent}})
			path := append([]string{"data", "insurance"}, strings.Split(m.place, ".")...)
			if got.at(t, path...) != any(want) {
				t.Errorf("%s: %s", name, got.body)
			}
		}
	}
}

func TestTwoSpellingsWithDifferentValuesAreRefusedByBothNames(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "twice"})
	id, token := userWithoutCards(t, c, "pat")
	before := get(t, c.BaseURL+"/users/"+id, byToken(token))
	names := map[string][]string{}
	values := map[string][2]string{
		"primary.carrier_code": {"car7556", "car7551"}, "secondary.carrier_code": {"car7556", "car7551"},
		"patient.guarantor_dob": {"1960-01-01", "1960-01-02"}, "patient.respparty": {"self", "spouse"},
	}
	for _, m := range insuranceFields() {
		if m.want == "" {
			names[m.place] = append(names[m.place], m.spellings...)
		}
	}
	pairs := 0
	for place, spellings := range names {
		two, given := values[place]
		if !given {
			two = [2]string{"1", "2"}
		}
		for i, one := range spellings {
			for _, other := range spellings[i+1:] {
				pairs++
				for how, b := range map[string]body{
					"urlencoded": formBody(fields{{one, two[0]}, {other, two[1]}}),
					"multipart":  multipartBody(fields{{other, two[0]}, {one, two[1]}}),
					"JSON":       jsonBody(fmt.Sprintf(`{%q: %q, %q: %q}`, one, two[0], other, two[1])),
				} {
					message := post(t, c.BaseURL+"/me.json", b, byToken(token)).message(t, http.StatusBadRequest)
					if !strings.Contains(message, one) || !strings.Contains(message, other) {
						t.Errorf("%s and %s in %s: %s", one, other, how, message)
					}
				}
				same := post(t, c.BaseURL+"/users/sso", formBody(fields{
					{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", one + other}, {one, two[0]}, {other, two[0]},
				}), byKey(c))
				if same.status != http.StatusOK {
					t.Errorf("%s and %s with one value: %d %s", one, other, same.status, same.body)
				}
			}
		}
	}
	if pairs < 20 {
		t.Errorf("only %d pairs were sent", pairs)
	}
	for what, b := range map[string]body{
		"a number and a word": formBody(fields{{"insurance.respparty", "child"}, {"standardrelationship", "2"}}),
		"a number and a code": formBody(fields{{"hipaarelationship", "18"}, {"standardrelationship", "2"}}),
		"dots and brackets": formBody(fields{{"insurance.carrier", "car7556"},
			{"insurance[primary_carrier_code]", "car7551"}}),
		"an image and its id": withFiles(fields{{"insurance.card_front", "1"}},
			upload{"insurance.card_front", picture(t, "png", 1)}),
		"one name, two values": formBody(fields{{"insurance.carrier", "car7556"}, {"insurance__carrier", "car7551"}}),
	} {
		post(t, c.BaseURL+"/me.json", b, byToken(token)).message(t, http.StatusBadRequest)
		after := get(t, c.BaseURL+"/users/"+id, byToken(token))
		if diff := cmp.Diff(string(before.body), string(after.body)); diff != "" {
			t.Errorf("%s has changed the user:\n%s", what, diff)
		}
	}
	agree := formBody(fields{{"insurance.respparty", "child"}, {"standardrelationship", "3"}, {"hipaarelationship", "19"}})
	if got := post(t, c.BaseURL+"/me.json", agree, byToken(token)); got.at(t, "data", "insurance", "patient",
		"respparty") != "child" {
		t.Errorf("three spellings that agree: %d %s", got.status, got.body)
	}
}

func TestBracketsAreOneMoreSpellingOfANestedName(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "brackets"})
	_, token := userWithoutCards(t, c, "pat")
	for name, path := range map[string]string{
		"insurance[primary_carrier_code]":   "insurance.primary.carrier_code",
		"insurance[primary][carrier_code]":  "insurance.primary.carrier_code",
		"insurance.primary[carrier_code]":   "insurance.primary.carrier_code",
		"insurance__primary[carrier_code]":  "insurance.primary.carrier_code",
		"insurance[primary__carrier_code]":  "insurance.primary.carrier_code",
		"insurance[patient][guarantor_zip]": "insurance.patient.guarantor_zip",
		"extra[th_id]":                      "extra.th_id",
		"extra[partner][id]":                "extra.partner.id",
	} {
		value := "value of " + name
		for _, b := range []body{formBody(fields{{name, value}}), multipartBody(fields{{name, value}}),
			jsonBody(object([]string{name}, value))} {
			got := post(t, c.BaseURL+"/me.json", b, byToken(token))
			if got.at(t, append([]string{"data"}, strings.Split(path, ".")...)...) != value {
				t.Errorf("%s: %s", name, got.body)
			}
		}
	}
	cards := formBody(fields{{"insurances[0][card_type]", "secondary"}, {"insurances[0][insurer_code]", "car7556"}})
	if got := post(t, c.BaseURL+cardsPath+"/import", cards, byToken(token)); got.status != http.StatusOK {
		t.Errorf("a list of objects: %d %s", got.status, got.body)
	}
	for _, name := range []string{
		"insurance[primary", "insurance]primary[", "insurance[[primary]]", "[insurance]", "insurance[]",
		"insurance[primary]carrier_code",
		"insurance[primary][]", "extra[]", "[]", "insurances[][card_type]", "city[name]",
	} {
		for _, b := range []body{formBody(fields{{name, "x"}}), jsonBody(object([]string{name}, "x"))} {
			got := post(t, c.BaseURL+"/me.json", b, byToken(token))
			if ignored := got.header.Get("X-Mock-Warnings"); got.status != http.StatusBadRequest && ignored == "" {
				t.Errorf("%s: %d %s", name, got.status, got.body)
			}
			if strings.Contains(string(got.body), "[") && got.status != http.StatusOK {
				t.Errorf("%s is repeated: %s", name, got.body)
			}
		}
	}
}

// The images of the primary card come with POST /me as files, or as the id of an image stored for the user.
func TestMeAcceptsTheImagesOfThePrimaryCard(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "pictures"})
	_, token := userWithoutCards(t, c, "pat")
	_, other := userWithoutCards(t, c, "sam")
	me := func(b body) reply { return post(t, c.BaseURL+"/me.json", b, byToken(token)) }
	front := picture(t, "png", 1)
	if message := me(withFiles(nil, upload{"insurance.card_front", front})).message(t,
		http.StatusBadRequest); !strings.Contains(message, "needs a primary card") {
		t.Errorf("without a card: %s", message)
	}
	if r := me(withFiles(fields{{"insurance.carrier", "car7556"}},
		upload{"insurance[card_front]", front})); r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	card := func() map[string]any { return cards(t, get(t, c.BaseURL+cardsPath, byToken(token)))[0] }
	at := fullPath(t, card(), "card_front")
	if stored := get(t, at, byToken(token)); !bytes.Equal(stored.body, front) {
		t.Errorf("the image is answered %d", stored.status)
	}
	id := card()["card_front"].(map[string]any)["id"].(string)
	for _, b := range []body{
		formBody(fields{{"insurance.card_back", id}}), multipartBody(fields{{"insurance__card_back", id}}),
		jsonBody(`{"insurance": {"card_back": "` + id + `"}}`),
	} {
		me(formBody(fields{{"insurance.card_back", ""}}))
		if r := me(b); r.status != http.StatusOK || card()["card_back"].(map[string]any)["id"] != id {
			t.Errorf("the id of a stored image: %d %s", r.status, r.body)
		}
	}
	post(t, c.BaseURL+"/me.json", formBody(fields{{"insurance.carrier", "car7556"}}), byToken(other))
	for _, refused := range []reply{
		post(t, c.BaseURL+"/me.json", formBody(fields{{"insurance.card_front", id}}), byToken(other)),
		me(formBody(fields{{"insurance.card_front", "999"}})),
	} {
		if message := refused.message(t, http.StatusBadRequest); message != "insurance.card_front must be a file, or the "+
			"id of an image that is stored for this user" {
			t.Errorf("message = %s", message)
		}
	}
	me(multipartBody(fields{{"insurance.card_front", ""}, {"insurance.card_back", ""}}))
	if left := card(); left["card_front"] != nil || left["card_back"] != nil {
		t.Errorf("the images are not taken away: %v", left)
	}
	if gone := get(t, at, byToken(token)); gone.status != http.StatusNotFound {
		t.Errorf("an image that no card has is answered %d", gone.status)
	}
	sso := withFiles(fields{{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "new"},
		{"insurance.carrier", "car7556"}}, upload{"insurance.card_back", front})
	fresh := post(t, c.BaseURL+"/users/sso", sso, byKey(c)).at(t, "data", "token", "token").(string)
	fullPath(t, cards(t, get(t, c.BaseURL+cardsPath, byToken(fresh)))[0], "card_back")
}
