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

// validReply is a reply to signOn that follows openapi.yaml.
const validReply = `{"data": {"id": "132407", "code": "c", "first_name": "Edward", "last_name": "VSee", "full_name": "Edward VSee", "username": "u",
"vseeid": "ccpreview+6258012d656449b8b5e73ad964457b1f", "dob": "1986-02-28", "email": "edward@vseelab.com", "gender": 1, "active": true, "tos": false,
"status": 20, "subtype": "", "timezone": "America/Los_Angeles", "email_verified": true, "extra": {"any": {"thing": 1}}, "insurance": {"primary":
{"carrier_code": "car7556", "insurance_order": 1}, "patient": {"respparty": "self"}}, "account_code": "vclinic", "clinics": ["vclinic"],
"created": 1649934637, "user_data": {"primary": {"eligibility_response": "Success"}},
"token": {"user_id": "1", "token": "0123456789abcdef0123456789abcdef", "expiry": 1, "created": 1, "user_type": "200",
"refresh_token": {"user_id": "1", "token": "0123456789abcdef0123456789abcdef", "expiry": 1, "created": 1}}}}`

// fixedReply is a server that gives the same reply to every request.
type fixedReply struct {
	status            int
	contentType, body string
}

// edited returns validReply with one text replaced.
func edited(of, by string) fixedReply {
	return fixedReply{200, "application/json", strings.Replace(validReply, of, by, 1)}
}

// ServeHTTP implements http.Handler.
func (f fixedReply) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header()["Content-Type"] = []string{f.contentType}
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, f.body) // a 304 has none
}

// Each server breaks one rule that general OpenAPI validators do not check. A run against it, as against preview, has
// this finding only, with the line of openapi.yaml.
func TestEachBrokenRuleIsTheOnlyFinding(t *testing.T) {
	t.Parallel()
	const op, envelope, user = "paths /users/sso post", "components schemas SignOnReply", "components schemas User properties "
	const ok = op + " responses 200"
	for name, tc := range map[string]struct {
		reply         fixedReply
		rule, pointer string
		about         string // the place in openapi.yaml, by its keys
	}{
		"an undeclared status":      {fixedReply{202, "application/json", validReply}, "the status is not declared", "", op},
		"301":                       {fixedReply{301, "application/json", validReply}, "a reply must not redirect", "", op},
		"302":                       {fixedReply{302, "application/json", validReply}, "a reply must not redirect", "", op},
		"303":                       {fixedReply{303, "application/json", validReply}, "a reply must not redirect", "", op},
		"304":                       {fixedReply{304, "application/json", ""}, "a reply must not redirect", "", op},
		"307":                       {fixedReply{307, "application/json", validReply}, "a reply must not redirect", "", op},
		"308":                       {fixedReply{308, "application/json", validReply}, "a reply must not redirect", "", op},
		"another content type":      {fixedReply{200, "text/html", validReply}, "the content type must be application/json", "", ok},
		"a page of HTML":            {fixedReply{200, "text/html", "<p>sorry"}, "the content type must be application/json", "", ok},
		"another charset":           {fixedReply{200, "application/json; charset=latin1", validReply}, "the charset must be UTF-8", "", ok},
		"no body":                   {fixedReply{200, "application/json", ""}, "there must be a body", "", ok},
		"no JSON":                   {fixedReply{200, "application/json", "<p>sorry"}, "the body must be JSON", "", envelope},
		"invalid UTF-8":             {edited("Edward", "\xff"), "the body must be UTF-8", "", envelope},
		"a notice before":           {fixedReply{200, "application/json", "<b>Notice</b>: Undefined index [x]\n" + validReply}, "nothing may stand before the JSON", "", envelope},
		"a notice after":            {fixedReply{200, "application/json", validReply + "<b>Notice</b>"}, "nothing may stand after the JSON", "", envelope},
		"a name twice":              {edited(`"insurance_order": 1`, `"insurance_order": 1, "insurance_order": 1`), "a name must not stand twice in one object", "/data/insurance/primary/insurance_order", envelope},
		"a missing field":           {edited(`"full_name": "Edward VSee", `, ""), "is required", "/data/full_name", "components schemas User"},
		"another type":              {edited(`"tos": false`, `"tos": 0`), "must be of the type boolean", "/data/tos", user + "tos"},
		"null":                      {edited(`"first_name": "Edward"`, `"first_name": null`), "must not be null", "/data/first_name", user + "first_name"},
		"an unknown reject reason":  {edited("Success", "success"), "must be Success, or a reject reason spelled as VSee spells it", "/data/user_data/primary/eligibility_response", "components schemas EligibilityResponse"},
		"an impossible date":        {edited("1986-02-28", "1986-02-30"), "must be a date of the calendar, written YYYY-MM-DD", "/data/dob", user + "dob"},
		"no e-mail address":         {edited("edward@vseelab.com", "edward at vseelab"), "must be an e-mail address", "/data/email", user + "email"},
		"an id that is a number":    {edited(`"132407"`, `132407`), "must be a string of digits", "/data/id", "components schemas ID"},
		"an undeclared field":       {edited(`"tos"`, `"nickname": "Ed", "tos"`), "the field is not declared", "/data/nickname", envelope + " properties data"},
		"one beside all of allOf":   {edited(`"user_type"`, `"scope": 1, "user_type"`), "the field is not declared", "/data/token/scope", "components schemas Token"},
		"one deep down":             {edited(`"carrier_code"`, `"plan": 1, "carrier_code"`), "the field is not declared", "/data/insurance/primary/plan", "components schemas Card"},
		"a code on success":         {edited(`{"data"`, `{"code": 200, "data"`), "a success must have no code at its top level", "/code", envelope},
		"a code unlike the status":  {fixedReply{404, "application/json", `{"code": 400, "message": "x"}`}, "must be the HTTP status", "/code", "components schemas Error properties code"},
		"an empty message":          {fixedReply{404, "application/json", `{"code": 404, "message": ""}`}, "must not be empty", "/message", "components schemas Error properties message"},
		"an integer with a .0":      {edited("1649934637", "1649934637.0"), "must be written as an integer, without a fraction or an exponent", "/data/created", "components schemas UnixTime"},
		"an integer with exponent":  {edited("1649934637", "1e9"), "must be written as an integer, without a fraction or an exponent", "/data/created", "components schemas UnixTime"},
		"an undeclared enumeration": {edited(`"status": 20`, `"status": 30`), "must be one of [10,20]", "/data/status", user + "status"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(tc.reply)
			t.Cleanup(server.Close)
			cmd, file := process(t.Context(), t, []string{
				"VSEE_BASE_URL=" + server.URL + "/api_v3", "VSEE_ACCOUNT_CODE=a", "VSEE_API_KEY=k", "VSEE_API_SECRET=s", "VSEE_API_TOKEN=t", "VSEE_RATE=1000",
			}, "run", "--id", "SIGN-004", "--allow-mutating")
			out, _ := cmd.CombinedOutput() // the exit code is checked below
			if cmd.ProcessState.ExitCode() != result.ExitFindings {
				t.Fatalf("exit %d\n%s", cmd.ProcessState.ExitCode(), out)
			}
			got := results(t, file).Requirements[0].Findings
			for i := range got {
				if got[i].Exchange == nil {
					t.Error("the finding has no exchange")
				}
				got[i].Exchange = nil
			}
			want := []result.Finding{{Rule: tc.rule, Operation: "signOn", Status: tc.reply.status, Pointer: tc.pointer, Line: lineOf(t, tc.about)}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// lineOf returns the line in openapi.yaml of the last key in a path of nested keys, separated by spaces.
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
			t.Fatalf("openapi.yaml has no map with the key %s of %s", key, keys)
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
