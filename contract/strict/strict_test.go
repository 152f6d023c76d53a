package strict_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

func checker() *strict.Checker { return strict.New(embedded.Spec()) }

func load(t testing.TB, text []byte) *apispec.Spec {
	t.Helper()
	doc, err := apispec.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// user is a valid reply of getUser, apart from the parts replaced by a case.
const user = `{"data": {"id": "132407", "code": "c", "first_name": "Edward", "last_name": "VSee",
"full_name": "Edward VSee", "username": "u", "vseeid": "ccpreview+6258012d656449b8b5e73ad964457b1f",
"dob": "1986-02-28", "email": "edward@vseelab.com", "gender": 1, "active": true, "tos": false,
"status": 20, "subtype": "", "timezone": "America/Los_Angeles", "email_verified": true, "extra": {"any": {"thing": 1}},
"insurance": {"primary": {"carrier_code": "car7556", "insurance_order": 1}, "patient": {"respparty": "self"}},
"account_code": "vclinic", "clinics": ["vclinic"], "created": 1649934637,
"user_data": {"primary": {"eligibility_response": "Success"}}}}`

const refusal = `{"code": 404, "message": "the clinic has no user with this id"}`

// lie is a server that answers getUser as no server should.
type lie struct {
	status      int
	contentType string
	body        string
}

func instead(of, by string) lie {
	return lie{200, "application/json", strings.Replace(user, of, by, 1)}
}

func (l lie) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", l.contentType)
	w.WriteHeader(l.status)
	_, _ = io.WriteString(w, l.body)
}

// told sends a request to a server and returns the findings about its reply.
func told(t *testing.T, c *strict.Checker, operation string, l lie) []strict.Finding {
	t.Helper()
	server := httptest.NewServer(l)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	in, err := server.Client().Transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Body.Close()
	body, err := io.ReadAll(in.Body)
	if err != nil {
		t.Fatal(err)
	}
	return c.Reply(operation, in.StatusCode, in.Header, body)
}

func TestACorrectReplyHasNoFindings(t *testing.T) {
	t.Parallel()
	c := checker()
	for name, l := range map[string]lie{
		"a user":                   instead("", ""),
		"with a charset":           {200, "application/json; charset=UTF-8", user},
		"with white space":         {200, "application/json", "\n" + user + "\r\n"},
		"a refusal":                {404, "application/json", refusal},
		"an unset birth date":      instead(`"dob": "1986-02-28", `, ""),
		"a user without an e-mail": instead(`"edward@vseelab.com"`, `""`),
	} {
		if found := told(t, c, "getUser", l); found != nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

// An image is not validated as JSON, and no other content type is accepted in its place.
func TestAnImageIsWhatItsContentTypeSays(t *testing.T) {
	t.Parallel()
	c := checker()
	for contentType, want := range map[string]int{"image/png": 0, "image/webp": 0, "application/json": 1,
		"image/svg+xml": 1, "": 1} {
		if found := told(t, c, "getFile", lie{200, contentType, "\x89PNG"}); len(found) != want {
			t.Errorf("%q: %+v", contentType, found)
		}
	}
	if found := told(t, c, "getFile", lie{200, "image/png", ""}); len(found) != 1 {
		t.Errorf("nothing: %+v", found)
	}
}

func TestEachLieIsFoundOnce(t *testing.T) {
	t.Parallel()
	c := checker()
	for name, tc := range map[string]struct {
		lie                 lie
		rule, pointer, line string // line is the text at this place in the document
	}{
		"an undeclared status": {lie{418, "application/json", refusal}, "the status is not declared", "", "get:"},
		"a redirect":           {lie{302, "application/json", refusal}, "a reply must not redirect", "", "get:"},
		"another redirect":     {lie{308, "application/json", ""}, "a reply must not redirect", "", "get:"},
		"another content type": {lie{200, "text/html", user}, "the content type must be application/json", "", "OneUser:"},
		"an HTML page": {lie{200, "text/html", "<p>sorry"}, "the content type must be application/json", "",
			"OneUser:"},
		"no content type": {lie{200, "", user}, "the content type must be application/json", "", "OneUser:"},
		"another charset": {lie{200, "application/json; charset=latin1", user}, "the charset must be UTF-8", "",
			"OneUser:"},
		"no body":          {lie{200, "application/json", ""}, "there must be a body", "", "OneUser:"},
		"no JSON":          {lie{200, "application/json", "<p>sorry"}, "the body must be JSON", "", "UserReply:"},
		"half of the JSON": {lie{200, "application/json", user[:200]}, "the body must be JSON", "", "UserReply:"},
		"invalid UTF-8":    {instead("Edward", "\xff"), "the body must be UTF-8", "", "UserReply:"},
		"a notice before": {lie{200, "application/json", "<b>Notice</b>: Undefined index [x] in a.php\n" + user},
			"nothing may stand before the JSON", "", "UserReply:"},
		"a notice after": {lie{200, "application/json", user + "<b>Notice</b>"}, "nothing may stand after the JSON",
			"", "UserReply:"},
		"a second document": {lie{200, "application/json", user + "{}"}, "nothing may stand after the JSON", "",
			"UserReply:"},
		"a name twice": {instead(`"insurance_order": 1`, `"insurance_order": 1, "insurance_order": 1`),
			"a name must not stand twice in one object", "/data/insurance/primary/insurance_order", "UserReply:"},
		"a missing field": {instead(`"username": "u",`, ""), "is required", "/data/username", "required: [id,"},
		"another type":    {instead(`"tos": false`, `"tos": 0`), "must be of the type boolean", "/data/tos", "tos:"},
		"null": {instead(`"first_name": "Edward"`, `"first_name": null`), "must not be null",
			"/data/first_name", "first_name: {type: string, description: The first name.}"},
		"a text of no such kind": {instead("Success", "success"), "must be Success, or a reject reason spelled as VSee " +
			"spells it", "/data/user_data/primary/eligibility_response", "EligibilityResponse:"},
		"a number of no such": {instead(`"status": 20`, `"status": 30`), "must be one of [10,20]", "/data/status",
			"status:"},
		"an item of another type": {instead(`["vclinic"]`, `["vclinic", 1]`), "must be of the type string",
			"/data/clinics/1", "items: {type: string}"},
		"an impossible date": {instead("1986-02-28", "1986-02-30"),
			"must be a date of the calendar, written YYYY-MM-DD", "/data/dob",
			"dob: {type: string, format: date, description: The birth date.}"},
		"no e-mail address": {instead("edward@vseelab.com", "Edward <edward@vseelab.com>"),
			"must be an e-mail address", "/data/email", "email: {type: string, description: The e-mail address.}"},
		"an id with a letter":    {instead("132407", "u132407"), "must be a string of digits", "/data/id", "ID:"},
		"an id that is a number": {instead(`"132407"`, `132407`), "must be a string of digits", "/data/id", "ID:"},
		"an undeclared field": {instead(`"tos"`, `"nickname": "Ed", "tos"`), "the field is not declared",
			"/data/nickname", "User:"},
		"deep down": {instead(`"carrier_code"`, `"plan": 1, "carrier_code"`), "the field is not declared",
			"/data/insurance/primary/plan", "Card:"},
		"whose name is a value": {instead(`"tos"`, `"Lovelace": "Ed", "tos"`), "the field is not declared", "/data/*",
			"User:"},
		"a code on success": {instead(`{"data"`, `{"code": 200, "data"`),
			"a success must have no code at its top level", "/code", "UserReply:"},
		"another code": {lie{404, "application/json", `{"code": 403, "message": "x"}`}, "must be the HTTP status",
			"/code", "code:"},
		"a code out of range": {lie{404, "application/json", `{"code": 200, "message": "x"}`}, "must be at least 400",
			"/code", "code:"},
		"an empty message": {lie{404, "application/json", `{"code": 404, "message": ""}`}, "must not be empty",
			"/message", "message:"},
		"an integer with .0": {instead("1649934637", "1649934637.0"),
			"must be written as an integer, without a fraction or an exponent", "/data/created", "UnixTime:"},
		"with an exponent": {instead("1649934637", "1e9"),
			"must be written as an integer, without a fraction or an exponent", "/data/created", "UnixTime:"},
		"with a fraction": {instead("1649934637", "1649934637.5"), "must be of the type integer", "/data/created",
			"UnixTime:"},
	} {
		found := told(t, c, "getUser", tc.lie)
		if len(found) != 1 {
			t.Errorf("%s: %+v", name, found)
			continue
		}
		want := found[0]
		want.Rule, want.Pointer = tc.rule, tc.pointer
		if got := line(want.Line); !strings.HasPrefix(got, tc.line) || want.Kind == "" || want.Expected == "" ||
			want.Got == "" {
			t.Errorf("%s: %+v, in line %q", name, want, got)
		}
		if diff := cmp.Diff(want, found[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// line returns a line of openapi.yaml, from its first character.
func line(number int) string {
	lines := strings.Split(string(vseemock.OpenAPI()), "\n")
	if number < 1 || number > len(lines) {
		return ""
	}
	return strings.TrimSpace(lines[number-1])
}

func TestSeveralThingsThatAreWrongAreAllFound(t *testing.T) {
	t.Parallel()
	l := instead(`"tos": false`, `"tos": 1, "nickname": "Ed"`)
	l.body = strings.Replace(strings.Replace(l.body, "1986-02-28", "1986-02-31", 1), `"username": "u",`, "", 1) + "tail"
	found := told(t, checker(), "getUser", l)
	var rules []string
	for _, f := range found {
		rules = append(rules, f.Pointer+" "+f.Rule)
	}
	want := []string{
		" nothing may stand after the JSON", "/data/dob must be a date of the calendar, written YYYY-MM-DD",
		"/data/tos must be of the type boolean",
		"/data/username is required", "/data/nickname the field is not declared",
	}
	if diff := cmp.Diff(want, rules); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A sign-on's data is an allOf of a user and a token.
func TestAllOfIsLookedInto(t *testing.T) {
	t.Parallel()
	c := checker()
	const token = `"token": {"user_id": "1", "token": "0123456789abcdef0123456789abcdef", "expiry": 1, "created": 1,
"user_type": "200",
"refresh_token": {"user_id": "1", "token": "0123456789abcdef0123456789abcdef", "expiry": 1, "created": 1}}`
	signOn := instead(`"id"`, token+`, "id"`)
	if found := told(t, c, "signOn", signOn); found != nil {
		t.Errorf("a correct sign-on: %+v", found)
	}
	signOn.body = strings.Replace(signOn.body, `"user_type": "200"`, `"user_type": "200", "scope": 1`, 1)
	signOn.body = strings.Replace(signOn.body, `"id": "132407"`, `"id": 132407`, 1)
	var places []string
	for _, f := range told(t, c, "signOn", signOn) {
		places = append(places, f.Pointer)
	}
	if diff := cmp.Diff([]string{"/data/id", "/data/token/scope"}, places); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsSaidOfAReplyGoesByItsDocument(t *testing.T) {
	t.Parallel()
	c := strict.New(load(t, []byte(`openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /x:
    get:
      operationId: x
      responses:
        '204': {description: nothing}
        '301': {description: moved}
        3XX: {description: moved}
        '405':
          description: d
          headers: {Allow: {required: true, schema: {type: string}}}
`)))
	type want struct {
		rule string
		line int
	}
	for _, tc := range []struct {
		operation string
		status    int
		body      string
		want      want
	}{
		{"x", 204, "", want{}},
		{"x", 204, "y", want{"there must be no body", 8}},
		{"x", 301, "", want{"a reply must not redirect", 5}},
		{"x", 308, "", want{"a reply must not redirect", 5}},
		{"x", 405, "", want{"the header Allow is required", 11}},
		{"y", 200, "", want{"openapi.yaml has no such operation", 0}},
	} {
		var got want
		for _, f := range c.Reply(tc.operation, tc.status, http.Header{}, []byte(tc.body)) {
			got = want{f.Rule, f.Line}
		}
		if got != tc.want {
			t.Errorf("%s %d: %+v, want %+v", tc.operation, tc.status, got, tc.want)
		}
	}
}

// A header that the document lacks is a finding, unless servers add it to the replies of any API.
func TestAnUndeclaredHeaderIsAFinding(t *testing.T) {
	t.Parallel()
	header := http.Header{
		"Content-Type": {"application/json"}, "Server": {"x"}, "Vary": {"x"}, "X-Mock-Evidence": {"seed"},
		"X-Quota": {"5"}, "X-Member-5551234": {"x"},
	}
	var names []string
	for _, f := range checker().Reply("getUser", 200, header, []byte(user)) {
		if f.Kind != result.Header || !f.Optional {
			t.Errorf("%+v", f)
		}
		names = append(names, f.Pointer)
	}
	if diff := cmp.Diff([]string{"*", "X-Quota"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
