package mockserver_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// warnings returns the warnings of a reply.
func warnings(r reply) []string { return r.header.Values("X-Mock-Warnings") }

// unknownFields returns a clinic with this treatment of unknown fields.
func unknownFields(t *testing.T, mode clinic.UnknownFields) *mocktest.Clinic {
	t.Helper()
	return mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "unknown", UnknownFields: mode})
}

// One deployed client sends a room code, and more fields the mock may not know, at every sign-on of a provider.
func TestASignOnWithFieldsThatTheDocumentDoesNotHaveIsServed(t *testing.T) {
	t.Parallel()
	c := unknownFields(t, "")
	sent := jsonBody(`{"code": "p1", "first_name": "Pat", "last_name": "Sample", "room_code": "abcde", "type": 400, ` +
		`"favourite_colour": "red", "device": {"os": "x", "os": "y"}}`)
	got := post(t, c.BaseURL+"/users/sso", sent, byKey(c))
	if got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, w := range warnings(got) {
		if strings.HasPrefix(w, "unknown fields were ignored (unknown_fields: typos): ") &&
			strings.Contains(w, "device, favourite_colour") {
			return
		}
	}
	t.Errorf("the warnings are %q", warnings(got))
}

// The refused and the ignored names, in each mode. The request is otherwise good.
func TestUnknownNamesAreRefusedOrIgnoredAsTheClinicSays(t *testing.T) {
	t.Parallel()
	const (
		me      = "/me"
		card    = "/users/-/insurances/primary"
		several = "/users/-/insurances/import"
		good    = `{"card_type": "primary", "insurer_code": "car7551"`
		unnamed = "the body has a field with an invalid name"
	)
	is := func(name string) string { return name + " is not a field of this request" }
	form := func(name string) body { return formBody(fields{{name, "x"}, {"city", "Troy"}}) }
	for name, tc := range map[string]struct {
		path    string
		body    body
		typo    bool   // refused by default
		ignored string // as the warning has it
		refused string // the refusal by a clinic that refuses all
	}{
		"another name": {me, form("favourite_colour"), false, "favourite_colour", is("favourite_colour")},
		"in multipart": {me, multipartBody(fields{{"favourite_colour", "x"}}), false, "favourite_colour",
			is("favourite_colour")},
		"in JSON": {me, jsonBody(`{"favourite_colour": ["x"]}`), false, "favourite_colour",
			is("favourite_colour")},
		"an object": {me, jsonBody(`{"device": {"os": "x", "version": {"n": 1}}}`), false, "device",
			is("device")},
		"two letters swapped": {me, form("last_nmae"), true, "last_nmae (did you mean last_name?)",
			is("last_nmae") + " (did you mean last_name?)"},
		"another spelling of a name": {me, form("firstName"), true, "firstName (did you mean first_name?)",
			is("firstName") + " (did you mean first_name?)"},
		"two letters off": {me, form("timezonnne"), true, "timezonnne (did you mean timezone?)",
			is("timezonnne") + " (did you mean timezone?)"},
		"three letters off": {me, form("timezonnnne"), false, "timezonnnne", is("timezonnnne")},
		"upper case": {me, form("DOB"), true, "DOB (did you mean dob?)",
			is("DOB") + " (did you mean dob?)"},
		"a short name swapped": {me, form("dbo"), true, "dbo (did you mean dob?)",
			is("dbo") + " (did you mean dob?)"},
		"two edits from a short name": {me, form("doc1"), false, "doc1", is("doc1")},
		"another short name":          {me, form("abc"), false, "abc", is("abc")},
		"a name of the reply":         {me, form("status"), false, "status", is("status")},
		"a field of another request":  {me, form("card_type"), false, "card_type", is("card_type")},
		"a parameter of another":      {me, form("role"), false, "role", is("role")},
		"a nested name": {me, jsonBody(`{"insurance": {"plan": "x"}}`), false, "insurance.plan",
			is("insurance.plan")},
		"a name of a card": {me, jsonBody(`{"insurance": {"primary": {"plan": {"name": "x"}}}}`), false,
			"insurance.primary.plan", is("insurance.primary.plan")},
		"a nested name without its last word": {me, jsonBody(`{"insurance": {"primary": {"carrier": "x"}}}`), true,
			"insurance.primary.carrier (did you mean insurance.primary.carrier_code?)",
			is("insurance.primary.carrier") + " (did you mean insurance.primary.carrier_code?)"},
		"a field without its object": {me, form("primary_carrier_code"), true,
			"primary_carrier_code (did you mean insurance.primary_carrier_code?)",
			is("primary_carrier_code") + " (did you mean insurance.primary_carrier_code?)"},
		"a bare field without its object": {me, form("subscriber_num"), true,
			"subscriber_num (did you mean insurance.subscriber_num?)",
			is("subscriber_num") + " (did you mean insurance.subscriber_num?)"},
		"one word without its object": {me, form("respparty"), false, "respparty (did you mean insurance.respparty?)",
			is("respparty") + " (did you mean insurance.respparty?)"},
		"a name without its last word": {me, form("insurance.primary_group"), true,
			"insurance.primary_group (did you mean insurance.primary.group_number?)",
			is("insurance.primary_group") + " (did you mean insurance.primary.group_number?)"},
		"a name with a word too many": {me, form("insurance__primary__insurer_id"), true,
			"insurance.primary.insurer_id (did you mean insurance.insurer_id?)",
			is("insurance.primary.insurer_id") + " (did you mean insurance.insurer_id?)"},
		"a longer word": {me, form("insurance.primary.subscriber_number"), true,
			"insurance.primary.subscriber_number (did you mean insurance.primary.subscriber_num?)",
			is("insurance.primary.subscriber_number") + " (did you mean insurance.primary.subscriber_num?)"},
		"capitals": {me, form("insurancePrimaryCarrierCode"), true,
			"insurancePrimaryCarrierCode (did you mean insurance.primary.carrier_code?)",
			is("insurancePrimaryCarrierCode") + " (did you mean insurance.primary.carrier_code?)"},
		"one of several fields": {me, form("insurance.card"), false, "insurance.card", is("insurance.card")},
		"a longer name":         {me, form("first_name_kana"), false, "first_name_kana", is("first_name_kana")},
		"a mistyped nested name": {me, form("insurance__primary__carrier_cod"), true,
			"insurance.primary.carrier_cod (did you mean insurance.primary.carrier_code?)",
			is("insurance.primary.carrier_cod") + " (did you mean insurance.primary.carrier_code?)"},
		"a mistyped object": {me, jsonBody(`{"insurnace": {"primary": {"carrier_code": "car7551"}}}`), true,
			"insurnace (did you mean insurance?)", is("insurnace") + " (did you mean insurance?)"},
		"a mistyped object in dots": {me, form("insurnace.primary.carrier_code"), true,
			"insurnace.primary.carrier_code (did you mean insurance.primary.carrier_code?)",
			is("insurnace.primary.carrier_code") + " (did you mean insurance.primary.carrier_code?)"},
		"a mistyped own field": {me, form("extar.th_id"), true, "extar.th_id (did you mean extra?)",
			is("extar.th_id") + " (did you mean extra?)"},
		"brackets":                   {me, form("insurance[plan]"), false, "insurance.plan", is("insurance.plan")},
		"brackets without a partner": {me, form("insurance[plan"), false, "insurance%5Bplan", unnamed},
		"a value in place of a name": {me, form("Pat Sample, born 1980"), false, "Pat%20Sample%2C%20born%201980", unnamed},
		"a name with a blank": {me, form("last name"), true, "last%20name (did you mean last_name?)",
			unnamed + " (did you mean last_name?)"},
		"a name that breaks headers": {me, form("a\r\nX-Evil: 1"), false, "a%0D%0AX-Evil%3A%201", unnamed},
		"a name that is no ASCII":    {me, form("größe"), false, "gr%C3%B6%C3%9Fe", unnamed},
		"no name":                    {me, form(""), false, `""`, unnamed},
		"a name without end":         {me, form(strings.Repeat("x", 1_000)), false, strings.Repeat("x", 64), unnamed},
		"a name of many parts":       {me, form(strings.Repeat("a.", 500)), false, strings.Repeat("a.", 32), unnamed},
		"the same name twice": {me, formBody(fields{{"colour", "1"}, {"colour", "2"}}), false, "colour",
			is("colour")},
		"an older name of the insurer": {card, formBody(fields{{"carrier_code", "car7551"}}), false, "carrier_code",
			is("carrier_code")},
		"a part of what only is read": {card, jsonBody(`{"eligibility.status": "active"}`), false, "eligibility.status",
			is("eligibility.status")},
		"a file":                     {card, withFiles(nil, upload{"scan", []byte("x")}), false, "scan", is("scan")},
		"a file that was not chosen": {card, withUnnamed("scan", nil), false, "scan", is("scan")},
		"a mistyped file": {card, withFiles(nil, upload{"card_fornt", []byte("x")}), true,
			"card_fornt (did you mean card_front?)", is("card_fornt") + " (did you mean card_front?)"},
		"a field of an item": {several, jsonBody(`{"insurances": [` + good + `, "plan": "x"}]}`), false,
			"insurances.0.plan", is("insurances.0.plan")},
		"a field of an item, in a form": {several,
			formBody(fields{{"insurances", "[" + good + "}]"}, {"insurances.1.plan", "x"}}), false, "insurances.1.plan",
			is("insurances.1.plan")},
		"a mistyped field of an item": {several, jsonBody(`{"insurances": [` + good + `, "consnet": 1}]}`), true,
			"insurances.0.consnet (did you mean insurances.0.consent?)",
			is("insurances.0.consnet") + " (did you mean insurances.0.consent?)"},
	} {
		for _, mode := range []clinic.UnknownFields{clinic.RefuseTypos, clinic.RefuseUnknown, clinic.IgnoreUnknown} {
			t.Run(fmt.Sprintf("%s/%s", name, mode), func(t *testing.T) {
				t.Parallel()
				c := unknownFields(t, mode)
				_, token := patient(t, c, "pat", "123")
				got := post(t, c.BaseURL+tc.path, tc.body, byToken(token))
				if mode == clinic.RefuseUnknown || mode == clinic.RefuseTypos && tc.typo {
					if diff := cmp.Diff(tc.refused, got.message(t, 400)); diff != "" || len(warnings(got)) > 0 {
						t.Errorf("message (-want +got):\n%s\nwarnings %q", diff, warnings(got))
					}
					return
				}
				want := []string{fmt.Sprintf("unknown fields were ignored (unknown_fields: %s): %s", mode, tc.ignored)}
				if diff := cmp.Diff(want, warnings(got)); got.status != 200 || diff != "" {
					t.Errorf("%d %s; warnings (-want +got):\n%s", got.status, got.body, diff)
				}
			})
		}
	}
}

// An ignored field leaves no trace in the stored state.
func TestAnIgnoredFieldChangesNothing(t *testing.T) {
	t.Parallel()
	c := unknownFields(t, clinic.IgnoreUnknown)
	_, token := patient(t, c, "pat", "123")
	before := get(t, c.BaseURL+"/me", byToken(token))
	for _, sent := range []body{
		jsonBody(`{"favourite_colour": "c0ffee", "insurance": {"plan": {"name": "c0ffee"}}, "frist_name": "c0ffee", ` +
			`"status": 10}`),
		formBody(fields{{"last_nmae", "c0ffee"}, {"insurance__plan", "c0ffee"}, {"id", "1"}}),
		withFiles(nil, upload{"photo", []byte("c0ffee")}),
	} {
		if got := post(t, c.BaseURL+"/me", sent, byToken(token)); got.status != 200 ||
			string(got.body) != string(before.body) || len(warnings(got)) != 1 {
			t.Errorf("%d %s, warned %q; want %s", got.status, got.body, warnings(got), before.body)
		}
	}
	if after := get(t, c.BaseURL+"/me", byToken(token)); string(after.body) != string(before.body) {
		t.Errorf("the patient is %s, was %s", after.body, before.body)
	}
}

// A field of the document is not unknown: a value of another kind stays refused, whatever the mode.
func TestAFieldOfAnotherKindIsRefusedInEveryMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []clinic.UnknownFields{clinic.RefuseTypos, clinic.RefuseUnknown, clinic.IgnoreUnknown} {
		c := unknownFields(t, mode)
		_, token := patient(t, c, "pat", "123")
		for _, tc := range []struct {
			path string
			body body
			want string
		}{
			{"/me", jsonBody(`{"city": {"name": "x"}}`), "city must be text"},
			{"/me", formBody(fields{{"city.name", "x"}}), "city must be a value, not an object"},
			{"/me", jsonBody(`{"insurance": "car7556"}`), "insurance must be an object"},
			{"/users/-/insurances/primary", jsonBody(`{"eligibility": "active"}`),
				"eligibility must be as it was read, or left out"},
			{"/users/-/insurances/import", formBody(fields{{"insurances.2.plan", "x"}}),
				"insurances must be a list of one or two cards"},
		} {
			if got := post(t, c.BaseURL+tc.path, tc.body, byToken(token)).message(t, 400); got != tc.want {
				t.Errorf("%s: %s; want %s", mode, got, tc.want)
			}
		}
	}
}

func TestAtMostTwentyIgnoredNamesAreListedSorted(t *testing.T) {
	t.Parallel()
	c := unknownFields(t, "")
	_, token := patient(t, c, "pat", "123")
	var sent fields
	var names []string
	for n := range 23 {
		name := fmt.Sprintf("colour%02d", n)
		sent, names = append(fields{{name, "x"}}, sent...), append(names, name)
	}
	got := post(t, c.BaseURL+"/me", formBody(sent), byToken(token))
	want := []string{"unknown fields were ignored (unknown_fields: typos): " + strings.Join(names[:20],
		", ") + " and 3 more"}
	if diff := cmp.Diff(want, warnings(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A request refused for another reason names the ignored fields as well, so one attempt shows all mistakes.
func TestARefusalListsIgnoredNames(t *testing.T) {
	t.Parallel()
	c := unknownFields(t, "")
	_, token := patient(t, c, "pat", "123")
	got := post(t, c.BaseURL+"/me", formBody(fields{{"dob", "x"}, {"favourite_colour", "x"}}), byToken(token))
	if said := got.message(t, 400); said != "dob must be a date that exists, written YYYY-MM-DD" ||
		len(warnings(got)) != 1 {
		t.Errorf("%s; warnings %q", said, warnings(got))
	}
}

func TestTheJournalAndTheLogListIgnoredNames(t *testing.T) {
	t.Parallel()
	var log logbook
	c := mocktest.Start(t, func(o *mockserver.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) }).NewClinic(t,
		clinic.Settings{AccountCode: "noted"})
	_, token := patient(t, c, "pat", "123")
	post(t, c.BaseURL+"/me", formBody(fields{{"favourite_colour", "x"}}), byToken(token))
	const want = "unknown fields were ignored (unknown_fields: typos): favourite_colour"
	row := listOf(t, c, "/journal")[0]
	if diff := cmp.Diff([]any{want}, row["warnings"]); diff != "" {
		t.Errorf("the journal (-want +got):\n%s", diff)
	}
	if !strings.Contains(log.String(), want) {
		t.Errorf("the log says %s", log.String())
	}
}

func TestOneMessageListsAllViolations(t *testing.T) {
	t.Parallel()
	c := unknownFields(t, "")
	_, token := patient(t, c, "pat", "123")
	many := make([]any, 50)
	for i := range many {
		many[i] = map[string]any{"procedure_code": "99211", "diagnosis_pointers": []any{1}, "units": 0}
	}
	const unchecked = "; member_id has no eligibility check with this carrier that has ended: start one, and wait for " +
		"its result"
	twenty := make([]string, 20)
	for i := range twenty {
		twenty[i] = fmt.Sprintf("lines.%d.units must be a whole number from 1 to 999", i)
	}
	for name, tc := range map[string]struct {
		path string
		body body
		want string
	}{
		"fields": {"/users/sso?fields=all", formBody(fields{{"frist_name", "a"}, {"dob", "x"}, {"gender", "5"}, {"zip", "1"},
			{"zip", "2"}}),
			"fields must be vsee; dob must be a date that exists, written YYYY-MM-DD; first_name is required; frist_name is " +
				"not a field of this request (did you mean first_name?); " +
				"gender must be 1 or male, 2 or female; last_name is required; zip is sent more than once, with different values"},
		"a body that cannot be decoded": {"/users/sso?fields=all", jsonBody(`{`),
			"fields must be vsee; the body is not well-formed JSON (it ends too early)"},
		"the path": {"/users/-/insurances/third", jsonBody(`{"consent": 2}`),
			"card must be primary or secondary; consent must be true or false"},
		"items": {"/users/-/insurances/import",
			jsonBody(`{"insurances": [{"card_type": "x", "insurer_code": "car7551"}, {"group_number": []}]}`),
			"insurances.0.card_type must be primary or secondary; insurances.1.card_type is required; " +
				"insurances.1.group_number must be text; insurances.1.insurer_code is required"},
		"items of a list of texts": {"/insurance/claims", claimBody("-", "diagnoses", []any{1, "R05.9", true}),
			"diagnoses.0 must be an ICD-10 code such as R05.9 or R05-9; diagnoses.2 must be an ICD-10 code such as R05.9 or " +
				"R05-9" + unchecked},
		"a list that is too long": {"/insurance/claims", claimBody("-", "diagnoses", repeatedItem(40_000, 1), "lines", nil),
			"diagnoses must be a list of 1 to 12 ICD-10 codes; lines is required" + unchecked},
		"images": {"/users/-/insurances/primary",
			withFiles(fields{{"consent", "x"}}, upload{"card_back", []byte("x")}, upload{"card_front", []byte("x")}),
			"card_back must be a PNG, JPEG, GIF or WebP image; card_front must be a PNG, JPEG, GIF or WebP image; consent " +
				"must be true or false"},
		"JSON that is none in a form": {"/me", formBody(fields{{"insurance", "{"}, {"extra", "["}, {"zip", "1"}}),
			"extra is not well-formed JSON (it ends too early); insurance is not well-formed JSON (it ends too early)"},
		"what came twice": {"/me", jsonBody(`{"zip": "1", "zip": "2", "extra": {"a": 1, "a": 1}, "dob": ""  , ` +
			`"gender": 5}`), "extra.a is sent twice in one JSON object; gender must be 1 or male, 2 or female; zip is sent " +
			"twice in one JSON object"},
		"values without names": {"/me", formBody(fields{{"last name", ""}, {"city name", ""}, {"dob", "x"}}),
			"the body has a field with an invalid name (did you mean last_name?); dob must be a date that exists, written " +
				"YYYY-MM-DD"},
		"quotation marks": {"/me", formBody(fields{{"gender", `"1"`}, {"dob", `"1980-01-01"`}}),
			`dob must be a date that exists, written YYYY-MM-DD ` +
				`(the value has quotation marks around it: leave them out); ` +
				`gender must be 1 or male, 2 or female ` +
				`(the value has quotation marks around it: leave them out)`},
		"more than twenty": {"/insurance/claims", claimBody("-", "lines", many),
			strings.Join(twenty, "; ") + "; and 31 more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			auth := byToken(token)
			if strings.HasPrefix(tc.path, "/users/sso") {
				auth = byKey(c)
			}
			if diff := cmp.Diff(tc.want, post(t, c.BaseURL+tc.path, tc.body, auth).message(t, 400)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	got := get(t, c.BaseURL+"/users?limit=0&emial=a&start=x", byToken(c.AdminToken)).message(t, 400)
	if want := "emial is not a parameter of this request (did you mean email?); limit must be a whole number from 1 to " +
		"100; start must be a whole number from 0 to 1000000000"; got != want {
		t.Errorf("a query: %s", got)
	}
}
