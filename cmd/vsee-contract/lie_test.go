package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// honest is a user as VSee's guide shows one, with nothing wrong.
const honest = `{"data": {"id": "132407", "code": "c", "first_name": "Edward", "last_name": "VSee", "full_name": "Edward VSee", "username": "u",
"vseeid": "ccpreview+6258012d656449b8b5e73ad964457b1f", "dob": "1986-02-28", "email": "edward@vseelab.com", "gender": 1, "active": true, "tos": false,
"status": 20, "subtype": "", "timezone": "America/Los_Angeles", "email_verified": true, "extra": {"any": {"thing": 1}}, "insurance": {"primary":
{"carrier_code": "car7556", "insurance_order": 1}, "patient": {"respparty": "self"}}, "account_code": "vclinic", "clinics": ["vclinic"],
"created": 1649934637, "user_data": {"primary": {"eligibility_response": "Success"}},
"token": {"user_id": "1", "token": "0123456789abcdef0123456789abcdef", "expiry": 1, "created": 1, "user_type": "200",
"refresh_token": {"user_id": "1", "token": "0123456789abcdef0123456789abcdef", "expiry": 1, "created": 1}}}}`

// liar is a server that gives everybody one answer.
type liar struct {
	status            int
	contentType, body string
}

// lie is an answer that is honest but for a text in place of another.
func lie(of, by string) liar {
	return liar{200, "application/json", strings.Replace(honest, of, by, 1)}
}

// ServeHTTP implements http.Handler.
func (l liar) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = []string{l.contentType}
	w.WriteHeader(l.status)
	_, _ = io.WriteString(w, l.body) // a 304 has none
}

// For each rule that OpenAPI leaves to a strict reader there is a server that breaks this rule alone. The command, which
// faces it as it would face preview, finds this and nothing else, and names the line of openapi.yaml that it is about.
func TestEachRuleIsFoundBroken(t *testing.T) {
	t.Parallel()
	const op, reply, user = "paths /users/sso post", "components schemas SignOnReply", "components schemas User properties "
	const ok = op + " responses 200"
	for name, tc := range map[string]struct {
		liar          liar
		rule, pointer string
		about         string // the place in openapi.yaml, by its keys
	}{
		"an undeclared status":      {liar{202, "application/json", honest}, "the status is not declared", "", op},
		"301":                       {liar{301, "application/json", honest}, "a reply must not redirect", "", op},
		"302":                       {liar{302, "application/json", honest}, "a reply must not redirect", "", op},
		"303":                       {liar{303, "application/json", honest}, "a reply must not redirect", "", op},
		"304":                       {liar{304, "application/json", ""}, "a reply must not redirect", "", op},
		"307":                       {liar{307, "application/json", honest}, "a reply must not redirect", "", op},
		"308":                       {liar{308, "application/json", honest}, "a reply must not redirect", "", op},
		"another content type":      {liar{200, "text/html", honest}, "the content type must be application/json", "", ok},
		"a page of HTML":            {liar{200, "text/html", "<p>sorry"}, "the content type must be application/json", "", ok},
		"another charset":           {liar{200, "application/json; charset=latin1", honest}, "the charset must be UTF-8", "", ok},
		"no body":                   {liar{200, "application/json", ""}, "there must be a body", "", ok},
		"no JSON":                   {liar{200, "application/json", "<p>sorry"}, "the body must be JSON", "", reply},
		"invalid UTF-8":             {lie("Edward", "\xff"), "the body must be UTF-8", "", reply},
		"a notice before":           {liar{200, "application/json", "<b>Notice</b>: Undefined index [x]\n" + honest}, "nothing may stand before the JSON", "", reply},
		"a notice after":            {liar{200, "application/json", honest + "<b>Notice</b>"}, "nothing may stand after the JSON", "", reply},
		"a name twice":              {lie(`"insurance_order": 1`, `"insurance_order": 1, "insurance_order": 1`), "a name must not stand twice in one object", "/data/insurance/primary/insurance_order", reply},
		"a missing field":           {lie(`"full_name": "Edward VSee", `, ""), "is required", "/data/full_name", "components schemas User"},
		"another type":              {lie(`"tos": false`, `"tos": 0`), "must be of the type boolean", "/data/tos", user + "tos"},
		"null":                      {lie(`"first_name": "Edward"`, `"first_name": null`), "must not be null", "/data/first_name", user + "first_name"},
		"a text that is none":       {lie("Success", "success"), "must be Success, or a reject reason spelled as VSee spells it", "/data/user_data/primary/eligibility_response", "components schemas EligibilityResponse"},
		"an impossible date":        {lie("1986-02-28", "1986-02-30"), "must be a date of the calendar, written YYYY-MM-DD", "/data/dob", user + "dob"},
		"no e-mail address":         {lie("edward@vseelab.com", "edward at vseelab"), "must be an e-mail address", "/data/email", user + "email"},
		"an id that is a number":    {lie(`"132407"`, `132407`), "must be a string of digits", "/data/id", "components schemas ID"},
		"an undeclared field":       {lie(`"tos"`, `"nickname": "Ed", "tos"`), "the field is not declared", "/data/nickname", reply + " properties data"},
		"one beside all of allOf":   {lie(`"user_type"`, `"scope": 1, "user_type"`), "the field is not declared", "/data/token/scope", "components schemas Token"},
		"one deep down":             {lie(`"carrier_code"`, `"plan": 1, "carrier_code"`), "the field is not declared", "/data/insurance/primary/plan", "components schemas Card"},
		"a code on success":         {lie(`{"data"`, `{"code": 200, "data"`), "a success must have no code at its top level", "/code", reply},
		"a code that is another":    {liar{404, "application/json", `{"code": 400, "message": "x"}`}, "must be the HTTP status", "/code", "components schemas Error properties code"},
		"an empty message":          {liar{404, "application/json", `{"code": 404, "message": ""}`}, "must not be empty", "/message", "components schemas Error properties message"},
		"an integer with a .0":      {lie("1649934637", "1649934637.0"), "must be written as an integer, without a fraction or an exponent", "/data/created", "components schemas UnixTime"},
		"an integer with exponent":  {lie("1649934637", "1e9"), "must be written as an integer, without a fraction or an exponent", "/data/created", "components schemas UnixTime"},
		"an undeclared enumeration": {lie(`"status": 20`, `"status": 30`), "must be one of [10,20]", "/data/status", user + "status"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tc.liar)
			t.Cleanup(server.Close)
			cmd, file := process(t.Context(), t, []string{
				"VSEE_BASE_URL=" + server.URL + "/api_v3", "VSEE_ACCOUNT_CODE=a", "VSEE_API_KEY=k", "VSEE_API_SECRET=s", "VSEE_API_TOKEN=t", "VSEE_RATE=1000",
			}, "run", "--id", "SIGN-004", "--allow-mutating")
			out, _ := cmd.CombinedOutput() // its exit code says more
			if cmd.ProcessState.ExitCode() != result.ExitFindings {
				t.Fatalf("exit %d\n%s", cmd.ProcessState.ExitCode(), out)
			}
			got := results(t, file).Requirements[0].Findings
			for i := range got {
				if got[i].Exchange == nil {
					t.Error("it has no exchange")
				}
				got[i].Exchange = nil
			}
			want := []result.Finding{{Rule: tc.rule, Operation: "signOn", Status: tc.liar.status, Pointer: tc.pointer, Line: lineOf(t, tc.about)}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// lineOf returns the line of openapi.yaml that has the last of some keys, each below the one before.
func lineOf(t *testing.T, keys string) int {
	t.Helper()
	file, err := parser.ParseBytes(vseemock.OpenAPI(), 0)
	if err != nil {
		t.Fatal(err)
	}
	line, node := 0, file.Docs[0].Body
	for key := range strings.FieldsSeq(keys) {
		mapping, ok := node.(ast.MapNode)
		if !ok {
			t.Fatalf("openapi.yaml has nothing below what is before %s in %s", key, keys)
		}
		node = nil
		for each := mapping.MapRange(); each.Next(); {
			if each.Key().GetToken().Value == key {
				line, node = each.Key().GetToken().Position.Line, each.Value()
			}
		}
		if node == nil {
			t.Fatalf("openapi.yaml has no %s in %s", key, keys)
		}
	}
	return line
}
