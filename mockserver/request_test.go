package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// One clinic is reached under every prefix, with and without .json and a trailing slash.
func TestEveryPrefixAndSuffixIsTheSamePath(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "paths"})
	id, token := patient(t, c, "pat", "123")
	want := get(t, c.BaseURL+"/me", byToken(token))
	for _, prefix := range []string{"/api_v3", "/vc/dev/api_v3", "/vc/next/api_v3", "/vc/stable/api_v3",
		"/claims_v2/api_v3", "/cc/acme/api_v3", "/any/other/api_v3"} {
		for _, path := range []string{"/me", "/me.json", "/me/", "/users/-", "/users/-.json", "/users/" + id + "/",
			"/users/" + id + ".json?fields=id"} {
			t.Run(prefix+path, func(t *testing.T) {
				t.Parallel()
				got := get(t, mock.URL+prefix+path, byToken(token))
				body := strings.Replace(string(got.body), `"signup_step":99,`, "", 1) // of users/:id alone
				if diff := cmp.Diff(string(want.body), body); diff != "" {
					t.Errorf("(-/me +this):\n%s", diff)
				}
			})
		}
	}
	for _, path := range []string{"/vc/other/api_v3x/me", "/api_v3me", "/api_v2/me", "/page", "/api_v3"} {
		t.Run("not "+path, func(t *testing.T) {
			t.Parallel()
			got := get(t, mock.URL+path, byToken(token))
			if text := got.message(t, 404); text != "Sorry, this page is not available." {
				t.Errorf("message = %q", text)
			}
			const hint = "paths of the API start with /api_v3; a browser shows the mock at /_mock/page"
			if warning := got.header.Get("X-Mock-Warnings"); warning != hint {
				t.Errorf("warning = %q", warning)
			}
		})
	}
}

// The host names the clinic as VSee's hosts do; an account code may have hyphens and begin with api-.
func TestTheHostNamesTheClinic(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for account, hosts := range map[string][]string{
		"north":      {"api-north.localhost", "api-north.localhost:8080", "API-North.LocalHost"},
		"my-clinic":  {"api-my-clinic.vseepreview.com"},
		"api-clinic": {"api-api-clinic.localhost"},
	} {
		c := mock.NewClinic(t, clinic.Settings{AccountCode: account})
		for _, name := range hosts {
			got := post(t, c.BaseURL+"/users/sso", multipartBody(edward), withHost(name), with("X-ApiKey", c.Key))
			if code := got.at(t, "data", "account_code"); code != account {
				t.Errorf("host %s: account_code = %v, want %s", name, code, account)
			}
		}
	}
}

// The three spellings of nested fields, in the three media types, mean the same.
func TestEverySpellingInEveryMediaTypeMeansTheSame(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	guide := fields{
		{"insurance.primary_carrier_code", "car7556"},
		{"insurance.primary_subscriber_num", "234234"},
		{"insurance.secondary_group_number", "a+b c"},
		{"insurance.respparty", "child"},
		{"insurance.guarantor_dob", "1960-01-01"},
		{"extra.th_id", "7"},
	}
	nested := fields{
		{"insurance.primary.carrier_code", "car7556"},
		{"insurance.primary.subscriber_num", "234234"},
		{"insurance.secondary.group_number", "a+b c"},
		{"insurance.patient.respparty", "child"},
		{"insurance.patient.guarantor_dob", "1960-01-01"},
		{"extra.th_id", "7"},
	}
	underscores := fields{
		{"insurance__primary__carrier_code", "car7556"},
		{"insurance__primary__subscriber_num", "234234"},
		{"insurance__secondary__group_number", "a+b c"},
		{"insurance__patient__respparty", "child"},
		{"insurance__patient__guarantor_dob", "1960-01-01"},
		{"extra__th_id", "7"},
	}
	const object = `{"primary": {"carrier_code": "car7556", "subscriber_num": "234234"},
		"secondary": {"group_number": "a+b c"}, "patient": {"respparty": "child", "guarantor_dob": "1960-01-01"}}`
	objects := fields{{"insurance", object}, {"extra", `{"th_id": "7"}`}}
	inJSON := func(f fields) body {
		var members []string
		for _, field := range f {
			members = append(members, fmt.Sprintf("%q: %q", field[0], field[1]))
		}
		return jsonBody("{" + strings.Join(members, ",") + "}")
	}
	bodies := map[string]body{"objects in JSON": jsonBody(`{"insurance": ` + object + `, "extra": {"th_id": "7"}}`)}
	for name, spelling := range map[string]fields{"guide": guide, "dots": nested, "underscores": underscores} {
		bodies[name+" in multipart"] = multipartBody(spelling)
		bodies[name+" urlencoded"] = formBody(spelling)
		bodies[name+" in JSON"] = inJSON(spelling)
	}
	bodies["objects in multipart"], bodies["objects urlencoded"] = multipartBody(objects), formBody(objects)
	for _, name := range []string{"insurance.carrier", "insurance.carrier_code", "insurance.insurer_id",
		"insurance__carrier"} {
		other := append(fields{{name, "car7556"}}, guide[1:]...)
		bodies[name] = formBody(other)
	}
	bodies["a boundary made by hand"] = body{
		"multipart/form-data; boundary=--my(boundary):1=2",
		[]byte(strings.ReplaceAll(string(inBoundary(guide, "--my(boundary):1=2")), "\n", "\r\n")),
	}
	bodies["a charset and upper case"] = body{"Application/X-WWW-Form-URLEncoded; charset=UTF-8", formBody(guide).data}

	const want = `{"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "234234", "insurance_order": 1},
		"secondary": {"group_number": "a+b c", "insurance_order": 2},
		"patient": {"respparty": "child", "guarantor_dob": "1960-01-01"}}, "extra": {"th_id": "7"}}`
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "spellings"})
	for name, b := range bodies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signedOn := signOn(t, c, fields{{"first_name", "a"}, {"last_name", "b"}, {"code", name}})
			token := signedOn.at(t, "data", "token", "token").(string)
			var got struct{ Data map[string]any }
			post(t, c.BaseURL+"/me", b, byToken(token)).into(t, &got)
			sent := fmt.Sprintf(`{"insurance": %s, "extra": %s}`, marshal(t, got.Data["insurance"]),
				marshal(t, got.Data["extra"]))
			diffJSON(t, "user", want, reply{body: []byte(sent)})
		})
	}
}

func inBoundary(f fields, boundary string) []byte {
	var b strings.Builder
	for _, field := range f {
		fmt.Fprintf(&b, "--%s\nContent-Disposition: form-data; name=\"%s\"\n\n%s\n", boundary, field[0], field[1])
	}
	fmt.Fprintf(&b, "--%s--\n", boundary)
	return []byte(b.String())
}

// The same code is the same user for ever; a sign-on updates the fields it sends, the others stay; old tokens go on.
func TestSignOnIsIdempotent(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "sso"})
	first := signOn(t, c, edward)
	again := signOn(t, c, fields{{"first_name", "Ed"}, {"last_name", "VSee"}, {"code", edward[3][1]}})
	for _, path := range [][]string{{"data", "id"}, {"data", "vseeid"}, {"data", "created"}, {"data", "email"},
		{"data", "zip"}} {
		if a, b := first.at(t, path...), again.at(t, path...); a != b {
			t.Errorf("%v = %v at first and %v later", path, a, b)
		}
	}
	if got := again.at(t, "data", "full_name"); got != "Ed VSee" {
		t.Errorf("full_name = %v after the first name was sent anew", got)
	}
	old, fresh := first.at(t, "data", "token", "token").(string), again.at(t, "data", "token", "token").(string)
	if old == fresh {
		t.Error("both sign-ons returned the same token")
	}
	for _, token := range []string{old, fresh} {
		if got := get(t, c.BaseURL+"/me", byToken(token)); got.status != http.StatusOK {
			t.Errorf("a token of two is answered %d", got.status)
		}
	}
}

func TestSignOnMakesTheUsersThatVSeeMakes(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "types"})
	name := fields{{"first_name", "Pat"}, {"last_name", "Sample"}}
	for _, tc := range []struct {
		name string
		body body
		path []string
		want any
	}{
		{"a member without a type", multipartBody(name.and("code", "1")), []string{"data", "token", "user_type"}, "200"},
		{"a provider", multipartBody(name.and("code", "2").and("type", "400")), []string{"data", "token", "user_type"},
			"400"},
		{"a type as a number", jsonBody(`{"first_name": "a", "last_name": "b", "type": 400, "code": "3"}`),
			[]string{"data", "token", "user_type"}, "400"},
		{"a type as a number with a fraction", jsonBody(`{"first_name": "a", "last_name": "b", "type": 400.0, "code": "3a"}`),
			[]string{"data", "token", "user_type"}, "400"},
		{"a gender as a number with an exponent",
			jsonBody(`{"first_name": "a", "last_name": "b", "gender": 0.2e1, "code": "3b"}`), []string{"data", "gender"}, 2.0},
		{"a number for text", jsonBody(`{"first_name": "a", "last_name": "b", "code": 12345, "zip": 48226.0}`),
			[]string{"data", "zip"}, "48226.0"},
		{"a type as text", jsonBody(`{"first_name": "a", "last_name": "b", "type": "600"}`),
			[]string{"data", "token", "user_type"}, "600"},
		{"a guest without a last name", multipartBody(fields{{"first_name", "Pat"}, {"last_name", ""}, {"type", "600"}}),
			[]string{"data", "full_name"}, "Pat"},
		{"gender by name", multipartBody(name.and("code", "4").and("gender", "female")), []string{"data", "gender"}, 2.0},
		{"username from the e-mail", multipartBody(name.and("code", "5").and("email", "pat@example.com")),
			[]string{"data", "username"}, "pat@example.com"},
		{"username as sent", multipartBody(name.and("code", "6").and("username", "pat")), []string{"data", "username"},
			"pat"},
		{"time zone by default", multipartBody(name.and("code", "7")), []string{"data", "timezone"}, "America/Los_Angeles"},
		{"128 characters of code", multipartBody(name.and("code", strings.Repeat("é", 128))), []string{"data", "code"},
			strings.Repeat("é", 128)},
		{"empty optional fields", multipartBody(name.and("code", "8").and("dob", "").and("gender", "").and("email", "")),
			[]string{"data", "active"}, true},
		{"own fields of any shape", jsonBody(`{"first_name": "a", "last_name": "b", "code": "9", "extra": {"n": 1, ` +
			`"list": [1, {"a": null}]}}`), []string{"data", "extra", "n"}, 1.0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := post(t, c.BaseURL+"/users/sso", tc.body, byKey(c)).at(t, tc.path...); got != tc.want {
				t.Errorf("%v = %v, want %v", tc.path, got, tc.want)
			}
		})
	}
	t.Run("a guest without a code gets one", func(t *testing.T) {
		t.Parallel()
		guest := fields{{"first_name", "Pat"}, {"last_name", ""}, {"type", "600"}}
		a, b := signOn(t, c, guest).at(t, "data", "code"), signOn(t, c, guest).at(t, "data", "code")
		if a == b || len(a.(string)) != 32 {
			t.Errorf("two guests have the codes %v and %v", a, b)
		}
	})
	t.Run("fields=vsee adds the VSee account", func(t *testing.T) {
		t.Parallel()
		got := post(t, c.BaseURL+"/users/sso.json?fields=vsee", multipartBody(name.and("code", "10")), byKey(c))
		if got.at(t, "data", "vsee", "id") != got.at(t, "data", "vseeid") {
			t.Error("vsee.id is not the user's vseeid")
		}
		if token := got.at(t, "data", "vsee", "token").(string); len(token) != 32 {
			t.Errorf("vsee.token = %q", token)
		}
	})
}

func TestAnUpdateKeepsWhatItDoesNotSend(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "update"})
	_, token := patient(t, c, "pat", "123")
	post(t, c.BaseURL+"/me", formBody(fields{{"insurance.secondary_carrier_code", "car7551"}, {"city", "Reno"}}),
		byToken(token))
	post(t, c.BaseURL+"/me", body{"multipart/form-data; boundary=x", nil}, byToken(token)) // changes nothing
	got := post(t, c.BaseURL+"/me", formBody(fields{{"insurance.primary_subscriber_num", ""}, {"dob", ""}}),
		byToken(token))
	want := map[string]any{
		"primary":   map[string]any{"carrier_code": "car7556", "insurance_order": 1.0},
		"secondary": map[string]any{"carrier_code": "car7551", "insurance_order": 2.0},
	}
	if diff := cmp.Diff(want, got.at(t, "data", "insurance")); diff != "" {
		t.Errorf("insurance (-want +got):\n%s", diff)
	}
	user := got.json(t)["data"].(map[string]any)
	if user["dob"] != "1980-02-29" || user["city"] != "Reno" || user["gender"] != 2.0 {
		t.Errorf("user = %v", user)
	}
}

// Every reply to an operation carries the operation's evidence grade; no success has a code, because a real client
// would take it for a failure.
func TestRepliesCarryTheEvidenceOfTheirOperation(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "evidence"})
	_, token := patient(t, c, "pat", "123")
	for path, want := range map[string]string{"/insurances": "seed", "/me": "documented", "/users/-": "documented",
		"/nowhere": "documented"} {
		got := get(t, c.BaseURL+path, byToken(token))
		if grade := got.header.Get("X-Mock-Evidence"); grade != want {
			t.Errorf("%s: X-Mock-Evidence = %q, want %q", path, grade, want)
		}
		if got.status == http.StatusOK && got.json(t)["code"] != nil {
			t.Errorf("%s: a success has a code", path)
		}
	}
	if got := send(t, http.MethodDelete, c.BaseURL+"/me", noBody); got.header.Get("X-Mock-Evidence") != "ours" {
		t.Errorf("a wrong method has X-Mock-Evidence %q", got.header.Get("X-Mock-Evidence"))
	}
	if got := get(t, c.BaseURL+"/insurances"); got.status != 401 || got.header.Get("X-Mock-Evidence") != "seed" {
		t.Errorf("a refusal: %d with X-Mock-Evidence %q", got.status, got.header.Get("X-Mock-Evidence"))
	}
}

// Every field openapi.yaml allows in an update is kept, and shown at the same place of the user.
func TestEveryFieldOfTheDocumentIsKept(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "fields"})
	_, token := patient(t, c, "pat", "123")
	doc, err := document.Load(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	op, _, err := doc.Find(http.MethodPost, "/me")
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{
		"email": "pat@example.com", "dob": "1980-02-28", "gender": "1", "disable_emails": "1", "timezone": "Europe/Berlin",
		"insurance.patient.respparty": "child", "insurance.patient.guarantor_dob": "1950-01-01",
	}
	for _, place := range op.Body.Places() {
		if op.Body.IsFile(place) { // a card shows its images
			continue
		}
		value := values[place]
		if value == "" {
			value = "value of " + place
		}
		got := post(t, c.BaseURL+"/me", formBody(fields{{place, value}}), byToken(token))
		if got.status != http.StatusOK {
			t.Errorf("%s: %d %s", place, got.status, got.body)
		}
		if place == "disable_emails" { // VSee's user does not show it
			continue
		}
		if shown := got.at(t, append([]string{"data"}, strings.Split(place, ".")...)...); fmt.Sprint(shown) != value {
			t.Errorf("%s = %v, want %s", place, shown, value)
		}
	}
}

// Some results rest on a rule that VSee does not have: a scenario only a mock can play, or a number asking for a
// reject code. Replies grade them `ours`, from the start of the check to each reading of its result.
func TestRepliesSayThatAScenarioIsOurs(t *testing.T) {
	t.Parallel()
	load := func(text string) scenarios.Scenario {
		s, err := scenarios.Load("story.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	mock := mocktest.Start(t, func(o *mockserver.Options) {
		o.Scenarios = scenarios.Set{
			load("title: A\nlabels: [mock-only]\nwhen: {subscriber_num: \"791\"}\nanswer: Success\n"),
			load("title: B\nwhen: {subscriber_num: \"792\"}\nanswer: Success\npreview: {carrier_code: car7556, " +
				"subscriber_num: \"792\"}\n"),
		}
	})
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "grades"})
	for subscriber, want := range map[string]struct{ start, read, cards string }{
		"791":      {"ours", "ours", "ours"},
		"792":      {"seed", "documented", "documented"},
		"11000075": {"ours", "ours", "ours"},
		"1":        {"seed", "documented", "documented"},
	} {
		id, token := patient(t, c, subscriber, subscriber)
		grade := func(r reply) string { return r.header.Get("X-Mock-Evidence") }
		started := post(t, c.BaseURL+"/users/"+id+"/car7556/eligibility", noBody, byToken(token))
		before := get(t, c.BaseURL+"/users/-", byToken(token))
		c.Advance(t, time.Minute)
		after, cards := get(t, c.BaseURL+"/users/-", byToken(token)), get(t, c.BaseURL+"/users/-/insurances", byToken(token))
		if got := [4]string{grade(started), grade(before), grade(after), grade(cards)}; got != [4]string{want.start,
			"documented", want.read, want.cards} {
			t.Errorf("%s: %q, want %v", subscriber, got, want)
		}
	}
}
