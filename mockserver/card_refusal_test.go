package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// Each kind of bad input about cards has its own sentence of refusal, and the cards stay as they were.
func TestBadCardsAreRefusedAndLoseNothing(t *testing.T) {
	t.Parallel()
	const limit = 3_000
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.BodyLimit = limit })
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "bad-cards"})
	elsewhere := mock.NewClinic(t, clinic.Settings{AccountCode: "bad-cards-elsewhere"})
	id, token := patient(t, c, "pat", "123")
	other, _ := userWithoutCards(t, c, "sam")
	userWithoutCards(t, elsewhere, "pat")
	userWithoutCards(t, elsewhere, "sam")
	foreign, _ := userWithoutCards(t, elsewhere, "kim") // the third: no user of the clinic has this id
	saved := post(t, c.BaseURL+cardsPath+"/primary", withFiles(nil, upload{"card_front", picture(t, "png", 1)}),
		byToken(token))
	if saved.status != http.StatusOK {
		t.Fatalf("%d %s", saved.status, saved.body)
	}
	type request struct {
		name, method, path string
		body               body
		as                 string // of a token; the patient's when empty
		status             int
		message            string
	}
	one := func(name string, b body, message string) request {
		return request{name, "POST", "/users/-/insurances/primary", b, "", 400, message}
	}
	several := func(name string, b body, message string) request {
		return request{name, "POST", "/users/-/insurances/import", b, "", 400, message}
	}
	const good = `{"card_type": "primary", "insurer_code": "car7551"}`
	list := func(cards ...string) body { return jsonBody(`{"insurances": [` + strings.Join(cards, ", ") + `]}`) }
	large := append(picture(t, "png", 1), make([]byte, clinic.MaxFile)...)
	const unknownInsurer = "insurer_code is neither the id nor the name of one of the clinic's insurers: GET " +
		"/insurances lists them"
	const contradiction = "guarantor_name contradicts its parts: send the whole name, or guarantor_first_name, " +
		"guarantor_middle_name and guarantor_last_name"
	table := []request{
		// the allowed callers and their patients
		{"another patient's list", "GET", "/users/" + other + "/insurances", noBody, "", 403,
			"this token may only see and change its own user"},
		{"another patient's import", "POST", "/users/" + other + "/insurances/import", list(good), "", 403,
			"this token may only see and change its own user"},
		{"another patient's card", "POST", "/users/" + other + "/insurances/primary",
			formBody(fields{{"insurer_code", "car7551"}}), "", 403, "this token may only see and change its own user"},
		{"deleting another patient's card", "DELETE", "/users/" + other + "/insurances/primary", noBody, "", 403,
			"this token may only see and change its own user"},
		{"unknown user", "GET", "/users/999999/insurances", noBody, c.AdminToken, 404, "the clinic has no user with this id"},
		{"unknown user's import", "POST", "/users/999999/insurances/import", list(good), c.AdminToken, 404,
			"the clinic has no user with this id"},
		{"other clinic's user", "POST", "/users/" + foreign + "/insurances/primary",
			formBody(fields{{"insurer_code", "car7551"}}), c.AdminToken, 404, "the clinic has no user with this id"},
		{"no token", "GET", "/users/-/insurances", noBody, "-", 401, "X-ApiToken is required"},
		{"unknown card type to write", "POST", "/users/-/insurances/tertiary", formBody(fields{{"insurer_code", "car7551"}}),
			"", 400, "card must be primary or secondary"},
		{"unknown card type to delete", "DELETE", "/users/-/insurances/PRIMARY", noBody, "", 400,
			"card must be primary or secondary"},
		{"a card that is not there", "DELETE", "/users/-/insurances/secondary", noBody, "", 404,
			"the user has no secondary card"},
		{"reading one card", "GET", "/users/-/insurances/primary", noBody, "", 405, "this path takes DELETE, POST"},
		{"putting cards", "PUT", "/users/-/insurances", noBody, "", 405, "this path takes GET"},
		{"unknown file", "GET", "/files/99", noBody, "", 404, "the clinic has no file with this id"},

		// the fields of a card
		one("card_type of another card", formBody(fields{{"card_type", "secondary"}}),
			"card_type must be the card type in the path, or left out"),
		one("card_type that is none", formBody(fields{{"card_type", "tertiary"}}), "card_type must be primary or secondary"),
		one("card_type as a number", jsonBody(`{"card_type": {}}`), "card_type must be primary or secondary"),
		one("unknown insurer", formBody(fields{{"insurer_code", "car1"}}), unknownInsurer),
		one("insurer's name in another case", formBody(fields{{"insurer_code", "aetna"}}), unknownInsurer),
		one("empty insurer", formBody(fields{{"insurer_code", ""}}), "insurer_code must be text of 1 to 255 characters"),
		one("insurer as a list", jsonBody(`{"insurer_code": ["car7551"]}`),
			"insurer_code must be text of 1 to 255 characters"),
		one("subscriber_number as an object", jsonBody(`{"subscriber_number": {"n": 1}}`), "subscriber_number must be text"),
		one("subscriber_num as a boolean", jsonBody(`{"subscriber_num": true}`), "subscriber_num must be text"),
		one("the two spellings differ", formBody(fields{{"subscriber_number", "1"}, {"subscriber_num", "2"}}),
			"subscriber_number is another spelling of subscriber_num, which is sent with a different value: send one of the "+
				"two"),
		one("unknown responsible_party", formBody(fields{{"responsible_party", "uncle"}}),
			"responsible_party must be self, child, spouse or other"),
		one("responsible_party as a number", jsonBody(`{"responsible_party": 1}`),
			"responsible_party must be self, child, spouse or other"),
		one("impossible birth date", formBody(fields{{"guarantor_dob", "2021-02-29"}}),
			"guarantor_dob must be a date that exists, written YYYY-MM-DD"),
		one("birth date in another form", formBody(fields{{"guarantor_dob", "29/02/1960"}}),
			"guarantor_dob must be a date that exists, written YYYY-MM-DD"),
		one("birth date as a number", jsonBody(`{"guarantor_dob": true}`),
			"guarantor_dob must be a date that exists, written YYYY-MM-DD"),
		one("unknown gender", jsonBody(`{"guarantor_gender": 5}`), "guarantor_gender must be 1 or male, 2 or female"),
		one("gender of one client", jsonBody(`{"guarantor_gender": 3}`),
			"guarantor_gender must be 1 or male, 2 or female; 3 and 4 need the clinic's setting accept_gender_3_and_4"),
		one("gender with a fraction", jsonBody(`{"guarantor_gender": 1.5}`),
			"guarantor_gender must be 1 or male, 2 or female"),
		one("unknown consent", formBody(fields{{"consent", "yes"}}), "consent must be true or false"),
		one("consent as a number", jsonBody(`{"consent": 2}`), "consent must be true or false"),
		one("null in a list", jsonBody(`{"consent": [null]}`), "consent must be true or false"),
		one("unknown field", formBody(fields{{"guarantor_adress", "x"}}),
			"guarantor_adress is not a field of this request (did you mean guarantor_address?)"),
		one("a result that no card has", jsonBody(`{"eligibility": {"status": "sick"}}`),
			"eligibility must be as it was read, or left out"),
		one("a result with more", jsonBody(`{"eligibility": {"status": "active", "reason": ""}}`),
			"eligibility must be as it was read, or left out"),
		one("a result as text", formBody(fields{{"eligibility", "active"}}),
			"eligibility must be as it was read, or left out"),
		one("broken JSON", jsonBody(`{"insurer_code"`), "the body is not well-formed JSON (it ends too early)"),
		{"a body over the limit", "POST", "/users/-/insurances/primary",
			jsonBody(`{"group_number": "` + strings.Repeat("x", limit) + `"}`), "", 413,
			fmt.Sprintf("the body is larger than the limit of %d bytes", limit)},
		{"images over the limit of a body", "POST", "/users/-/insurances/primary",
			withFiles(nil, upload{"card_front", make([]byte, limit+2*clinic.MaxFile)}), "", 413,
			fmt.Sprintf("the body is larger than the limit of %d bytes: %d, and %d for each of its files",
				limit+2*clinic.MaxFile, limit, clinic.MaxFile)},
		{"text over the limit beside an image", "POST", "/users/-/insurances/primary",
			withFiles(fields{{"group_number", strings.Repeat("x", limit)}}, upload{"card_front", picture(t, "png", 1)}), "", 413,
			fmt.Sprintf("the body is larger than the limit of %d bytes", limit)},
		{"a new card without an insurer", "POST", "/users/-/insurances/secondary",
			formBody(fields{{"subscriber_number", "1"}}), "", 400, "insurer_code is required"},
		{"a new card of nothing", "POST", "/users/-/insurances/secondary", noBody, "", 400, "insurer_code is required"},

		// images
		one("image that is too large", withFiles(nil, upload{"card_front", large}),
			fmt.Sprintf("card_front must be at most %d bytes", clinic.MaxFile)),
		one("image that is a PDF", withFiles(nil, upload{"card_back", []byte("%PDF-1.7\n")}),
			"card_back must be a PNG, JPEG, GIF or WebP image"),
		one("image that is a page", withFiles(nil, upload{"card_back", []byte("<svg onload=x>")}),
			"card_back must be a PNG, JPEG, GIF or WebP image"),
		one("image that is empty", withFiles(nil, upload{"card_front", nil}),
			"card_front must be a PNG, JPEG, GIF or WebP image"),
		one("image without a name that is none", withUnnamed("card_front", []byte("x")),
			"card_front must be a PNG, JPEG, GIF or WebP image"),
		one("file without a name for a text", withUnnamed("insurer_code", []byte("car7556")),
			"insurer_code must be text, not a file"),
		one("a guarantor of two names", formBody(fields{{"guarantor_name", "Sam Sample"}, {"guarantor_first_name", "Kim"}}),
			contradiction),
		one("image twice", withFiles(nil, upload{"card_front", picture(t, "png", 1)},
			upload{"card_front", picture(t, "png", 1)}), "card_front is sent more than once"),
		one("image as text", multipartBody(fields{{"card_front", "iVBORw0KGgo="}}), "card_front must be a file, not text"),
		one("image in JSON", jsonBody(`{"card_front": "iVBORw0KGgo="}`),
			"card_front must be a file: send it as one, in multipart/form-data"),
		one("a part of the image that was returned", jsonBody(`{"card_front": {"id": "1"}}`),
			"card_front must be a file: send it as one, in multipart/form-data"),
		one("image in a form", formBody(fields{{"card_front", ""}}),
			"card_front must be a file: send it as one, in multipart/form-data"),
		one("file for a text", withFiles(nil, upload{"insurer_code", picture(t, "png", 1)}),
			"insurer_code must be text, not a file"),
		several("image of a third card", withFiles(fields{{"insurances", "[" + good + "]"}},
			upload{"insurances.2.card_front", picture(t, "png", 1)}), "insurances must be a list of one or two cards"),
		several("image of a card that is not sent",
			withFiles(fields{{"insurances", "[" + good + "]"}}, upload{"insurances.1.card_front", picture(t, "png", 1)}),
			"insurances.1.card_type is required; insurances.1.insurer_code is required"),
		several("image in the list", list(`{"card_type": "primary", "insurer_code": "car7551", "card_front": "x"}`),
			"insurances.0.card_front must be a file: send it as one, in multipart/form-data"),

		// imports
		several("no list", noBody, "insurances is required"),
		several("an object without a list", jsonBody(`{}`), "insurances is required"),
		several("no card", list(), "insurances must be a list of one or two cards"),
		several("three cards", list(good, good, good), "insurances must be a list of one or two cards"),
		several("a third card by its name", formBody(fields{{"insurances.2.card_type", "primary"}}),
			"insurances must be a list of one or two cards"),
		several("two primary cards", list(good, good), "insurances must have at most one primary and one secondary card"),
		several("an object for the list", jsonBody(`{"insurances": `+good+`}`),
			"insurances must be a list of one or two cards"),
		several("text for the list", jsonBody(`{"insurances": "primary"}`), "insurances must be a list of one or two cards"),
		several("text for a card", list(`"primary"`), "insurances.0 must be an object"),
		several("an empty card", list(`{}`), "insurances.0.card_type is required; insurances.0.insurer_code is required"),
		several("a card without a type", list(good, `{"insurer_code": "car7551"}`), "insurances.1.card_type is required"),
		several("a card without an insurer", list(`{"card_type": "primary"}`), "insurances.0.insurer_code is required"),
		several("a card of another type", list(`{"card_type": "dental", "insurer_code": "car7551"}`),
			"insurances.0.card_type must be primary or secondary"),
		several("an unknown insurer in the second", list(good, `{"card_type": "secondary", "insurer_code": "car1"}`),
			"insurances.1."+unknownInsurer),
		several("an unknown insurer in the first", list(`{"card_type": "secondary", "insurer_code": "car1"}`, good),
			"insurances.0."+unknownInsurer),
		several("a guarantor of two names", list(good,
			`{"card_type": "secondary", "insurer_code": "car7551", "guarantor_name": "Sam Sample", "guarantor_first_name": `+
				`"Kim"}`), "insurances.1."+contradiction),
		several("a result that no card has in an import",
			list(`{"card_type": "primary", "insurer_code": "car7551", "eligibility": {"status": null}}`),
			"insurances.0.eligibility must be as it was read, or left out"),
		several("a mistyped field of a card", list(`{"card_type": "primary", "insurer_cod": "car7551"}`),
			"insurances.0.insurer_cod is not a field of this request (did you mean insurances.0.insurer_code?); "+
				"insurances.0.insurer_code is required"),
		several("a list that is no JSON", formBody(fields{{"insurances", "["}}),
			"insurances is not well-formed JSON (it ends too early)"),
		several("a list that is an object", formBody(fields{{"insurances", "{}"}}), "insurances must be a JSON list"),
		several("a list and another value", multipartBody(fields{{"insurances", "[" + good + "]"},
			{"insurances.0.insurer_code", "car7556"}}),
			"insurances.0.insurer_code is sent more than once, with different values"),
		several("cards without the list", jsonBody(good), "card_type is not a field of this request (did you mean "+
			"insurances.0.card_type?); insurances is required; insurer_code is not a field of this request (did you mean "+
			"insurances.0.insurer_code?)"),
	}
	long := strings.Repeat("x", 256)
	for _, name := range []string{
		"subscriber_number", "group_number", "guarantor_first_name", "guarantor_middle_name", "guarantor_last_name",
		"guarantor_name",
		"guarantor_address", "guarantor_address_2", "guarantor_city", "guarantor_zip", "guarantor_state",
	} {
		table = append(table,
			one(name+" that is too long", formBody(fields{{name, long}}), name+" must be at most 255 characters"),
			one(name+" as a list", jsonBody(`{"`+name+`": []}`), name+" must be text"),
			several(name+" that is too long in an import",
				list(`{"card_type": "primary", "insurer_code": "car7551", "`+name+`": "`+long+`"}`),
				"insurances.0."+name+" must be at most 255 characters"))
	}
	table = append(table, one("insurer_code that is too long", formBody(fields{{"insurer_code", long}}),
		"insurer_code must be text of 1 to 255 characters"))

	before := get(t, c.BaseURL+"/users/"+id+"/insurances", byToken(token))
	for _, r := range table {
		t.Run(r.name, func(t *testing.T) {
			auth := byToken(token)
			switch r.as {
			case "":
			case "-":
				auth = func(*http.Request) {}
			default:
				auth = byToken(r.as)
			}
			got := send(t, r.method, c.BaseURL+r.path, r.body, auth)
			if diff := cmp.Diff(r.message, got.message(t, r.status)); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
	after := get(t, c.BaseURL+"/users/"+id+"/insurances", byToken(token))
	if diff := cmp.Diff(string(before.body), string(after.body)); diff != "" {
		t.Errorf("the refusals have changed the cards (-before +after):\n%s", diff)
	}
}
