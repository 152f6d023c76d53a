package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// Each kind of bad input is refused with the status and the sentence given here, and nothing is lost: the clinic
// stays unchanged.
func TestBadInputIsRefusedAndLosesNothing(t *testing.T) {
	t.Parallel()
	const limit = 2_000
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.BodyLimit = limit })
	guest := fields{{"first_name", "Guest"}, {"last_name", ""}, {"type", "600"}}
	type request struct {
		name    string
		method  string // POST when empty
		path    string
		body    body
		as      string // "key", "patient", "admin" or "" for none
		change  func(*http.Request)
		status  int
		message string
	}
	sso := func(name string, b body, message string) request {
		return request{name: name, path: "/users/sso", body: b, as: "key", status: 400, message: message}
	}
	me := func(name string, b body, message string) request {
		return request{name: name, path: "/me.json", body: b, as: "patient", status: 400, message: message}
	}
	without := func(name string) fields {
		var rest fields
		for _, f := range edward {
			if f[0] != name {
				rest = append(rest, f)
			}
		}
		return rest
	}
	table := []request{
		// the allowed callers
		{"no token", "GET", "/me", noBody, "", nil, 401, "X-ApiToken is required"},
		{"unknown token", "GET", "/me", noBody, "", with("X-ApiToken", strings.Repeat("0", 32)), 401,
			"X-ApiToken is not known"},
		{"token of no form", "GET", "/me", noBody, "", with("X-ApiToken", "…"), 401, "X-ApiToken is not known"},
		{"account code of another clinic", "GET", "/me", noBody, "patient", with("X-AccountCode", "vclinic"), 401,
			"X-ApiToken is of another clinic than X-AccountCode or the host: send a token of that clinic"},
		{"unknown account code", "GET", "/me", noBody, "patient", with("X-AccountCode", "nobody"), 401,
			"X-AccountCode or the host must name a clinic of this server"},
		{"host of another clinic", "GET", "/me", noBody, "patient", withHost("api-vclinic.localhost"), 401,
			"X-ApiToken is of another clinic than X-AccountCode or the host: send a token of that clinic"},
		{"host and account code differ", "GET", "/me", noBody, "patient",
			both(with("X-AccountCode", "refusals"), withHost("api-vclinic.localhost")), 401,
			"X-AccountCode and the host name different clinics: send one account code"},
		{"no account code", "", "/users/sso", multipartBody(edward), "key", withoutHeader("X-AccountCode"), 401,
			"X-AccountCode is required, or a host api-{account}"},
		{"no key", "", "/users/sso", multipartBody(edward), "key", withoutHeader("X-ApiKey"), 401, "X-ApiKey is required"},
		{"wrong key", "", "/users/sso", multipartBody(edward), "key", with("X-ApiKey", "wrong"), 401,
			"X-ApiKey is not this clinic's"},
		{"wrong secret", "", "/users/sso", multipartBody(edward), "key", with("X-ApiSecret", "wrong"), 401,
			"X-ApiSecret is not this clinic's"},
		{"another user", "GET", "/users/132406", noBody, "patient", nil, 403,
			"this token may only see and change its own user"},
		{"another user's check", "", "/users/132406/car7556/eligibility", noBody, "patient", nil, 403,
			"this token may only see and change its own user"},

		// the requested object
		{"unknown user", "GET", "/users/999999", noBody, "admin", nil, 404, "the clinic has no user with this id"},
		{"user id that is no number", "GET", "/users/x", noBody, "admin", nil, 404, "the clinic has no user with this id"},
		{"unknown user's check", "", "/users/999999/car7556/eligibility", noBody, "admin", nil, 404,
			"the clinic has no user with this id"},
		{"unknown carrier", "", "/users/-/car1/eligibility", noBody, "patient", nil, 400,
			"carrier_code is not one of the clinic's insurers: GET /insurances lists them"},
		{"carrier on neither card", "", "/users/-/car7551/eligibility", noBody, "patient", nil, 400,
			"carrier_code is on neither of the user's insurance cards"},
		{"unknown path", "GET", "/nothing/here", noBody, "patient", nil, 404, "Sorry, this page is not available."},
		{"wrong method", "GET", "/users/sso", noBody, "key", nil, 405, "this path takes POST"},
		{"wrong method of a path with two", "DELETE", "/me", noBody, "patient", nil, 405, "this path takes GET, POST"},
		{"path with %2F", "", "/users/-/car%2F7556/eligibility", noBody, "patient", nil, 400,
			"carrier_code is not one of the clinic's insurers: GET /insurances lists them"},
		{"path with ..", "GET", "/users/../me", noBody, "patient", nil, 404, "Sorry, this page is not available."},
		{"path with encoded ..", "GET", "/users/%2E%2E", noBody, "admin", nil, 404, "the clinic has no user with this id"},
		{"path that is not UTF-8", "GET", "/users/%ff", noBody, "admin", nil, 404, "the clinic has no user with this id"},
		{"query parameter with another value", "", "/users/sso?fields=all", multipartBody(edward), "key", nil, 400,
			"fields must be vsee"},
		{"query parameter twice", "", "/users/sso?fields=vsee&fields=vsee", multipartBody(edward), "key", nil, 400,
			"fields is sent more than once"},

		// fields
		sso("no first name", multipartBody(without("first_name")), "first_name is required"),
		sso("empty first name", multipartBody(without("first_name").and("first_name", "")),
			"first_name must be text, and not empty"),
		sso("no last name", multipartBody(without("last_name")), "last_name is required"),
		sso("empty last name of a member", multipartBody(without("last_name").and("last_name", "")),
			"last_name must not be empty, except for a provider or a guest"),
		sso("no code", multipartBody(without("code")), "code is required for a member or a provider"),
		sso("code of 129 characters", multipartBody(without("code").and("code", strings.Repeat("c", 129))),
			"code must be text of at most 128 characters"),
		sso("type 999", multipartBody(without("type").and("type", "999")),
			"type must be 200 (member), 400 (provider) or 600 (guest)"),
		sso("type in JSON", jsonBody(`{"first_name": "a", "last_name": "b", "code": "c", "type": 999}`),
			"type must be 200 (member), 400 (provider) or 600 (guest)"),
		sso("type in quotation marks", multipartBody(without("type").and("type", `"200"`)),
			"type must be 200 (member), 400 (provider) or 600 (guest) "+
				"(the value has quotation marks around it: leave them out)"),
		sso("another type for the same code", multipartBody(fields{{"first_name", "Pat"}, {"last_name", "Sample"},
			{"code", "pat"}, {"type", "400"}}), "type is not the one this code was first used with"),
		sso("impossible date", formBody(without("dob").and("dob", "2020-02-31")),
			"dob must be a date that exists, written YYYY-MM-DD"),
		sso("date in another form", formBody(without("dob").and("dob", "31/12/1986")),
			"dob must be a date that exists, written YYYY-MM-DD"),
		sso("unknown gender", formBody(without("gender").and("gender", "5")), "gender must be 1 or male, 2 or female"),
		sso("gender of one client", formBody(without("gender").and("gender", "3")),
			"gender must be 1 or male, 2 or female; 3 and 4 need the clinic's setting accept_gender_3_and_4"),
		sso("no e-mail address", formBody(without("email").and("email", "nobody")), "email must be an e-mail address"),
		sso("time zone that is none", formBody(edward.and("timezone", "Mars/Phobos")),
			"timezone must be an IANA time zone name such as America/Los_Angeles"),
		sso("no time zone", formBody(edward.and("timezone", "Mars?")),
			"timezone must be an IANA time zone name such as America/Los_Angeles"),
		sso("unknown disable_emails", formBody(edward.and("disable_emails", "2")), "disable_emails must be 0 or 1"),
		sso("unknown field", formBody(edward.and("last_nmae", "x")),
			"last_nmae is not a field of this request (did you mean last_name?)"),
		sso("field twice", formBody(edward.and("zip", "1")), "zip is sent more than once, with different values"),
		sso("guest's card in two spellings", formBody(guest.and("insurance.carrier",
			"car7556").and("insurance__primary__carrier_code", "car7551")),
			"insurance.primary.carrier_code is another spelling of insurance.carrier, which is sent with a different value: "+
				"send one of the two"),
		me("unknown respparty", formBody(fields{{"insurance.respparty", "uncle"}}),
			"insurance.respparty must be self, child, spouse or other"),
		me("impossible date of the guarantor", formBody(fields{{"insurance.guarantor_dob", "2021-02-29"}}),
			"insurance.guarantor_dob must be a date that exists, written YYYY-MM-DD"),
		me("an object as text", jsonBody(`{"insurance": "car7556"}`), "insurance must be an object"),
		me("text as an object", jsonBody(`{"city": {"name": "x"}}`), "city must be text"),
		me("true for text", jsonBody(`{"zip": true}`), "zip must be text"),
		me("number out of range", jsonBody(`{"extra": {"n": 1e400}}`), "the body has a number that is out of range"),
		me("JSON nested too deep", jsonBody(`{"extra": {"a": `+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`}}`),
			"the body is nested more than 32 deep"),
		me("name of too many parts", formBody(fields{{"extra" + strings.Repeat(".a", 500), "x"}}),
			"a field's name has more than 32 parts"),
		me("null in a list", jsonBody(`{"zip": [null]}`), "zip must be text"),
		me("null under no name", jsonBody(`{"last_nmae": null}`),
			"last_nmae is not a field of this request (did you mean last_name?)"),
		sso("null for a first name", jsonBody(`{"first_name": null, "last_name": "b", "code": "c"}`),
			"first_name is required"),
		me("own field both as value and object", formBody(fields{{"extra.a", "1"}, {"extra.a.b", "2"}}),
			"extra.a.b is sent both as a value and as an object: send one of the two"),
		me("empty last name of a member", formBody(fields{{"last_name", ""}}),
			"last_name must not be empty, except for a provider or a guest"),
		me("JSON in a form that is none", formBody(fields{{"insurance", "{"}}),
			"insurance is not well-formed JSON (it ends too early)"),

		// bodies
		sso("empty body", body{"multipart/form-data; boundary=x", nil}, "first_name is required; last_name is required"),
		sso("wrong content type", body{"text/plain", []byte("first name")},
			"Content-Type must be multipart/form-data, application/x-www-form-urlencoded or application/json"),
		sso("no content type", body{"", []byte("first name")},
			"Content-Type must be multipart/form-data, application/x-www-form-urlencoded or application/json"),
		sso("multipart without a boundary", body{"multipart/form-data", []byte("--x--")},
			"Content-Type multipart/form-data has no boundary: "+
				"leave this header to your HTTP client, or add boundary= and the text that separates the parts"),
		sso("malformed multipart", body{"multipart/form-data; boundary=x", []byte("--x\r\nnonsense")},
			"the multipart body is malformed"),
		sso("multipart that ends early", body{"multipart/form-data; boundary=x",
			[]byte("--x\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\nEd")},
			"the multipart body is cut off: it must end with --, the boundary and --"),
		sso("part without a name", body{"multipart/form-data; boundary=x",
			[]byte("--x\r\nContent-Disposition: form-data\r\n\r\nEd\r\n--x--\r\n")},
			"a part of the multipart body has no name: set it in Content-Disposition"),
		sso("file for a field", body{"multipart/form-data; boundary=x",
			[]byte("--x\r\nContent-Disposition: form-data; name=\"first_name\"; filename=\"a\"\r\n\r\nEd\r\n--x--\r\n")},
			"first_name must be text, not a file; last_name is required"),
		sso("form that is not well encoded", body{"application/x-www-form-urlencoded", []byte("first_name=%zz")},
			"the form is not well encoded: write % as %25, & as %26 and ; as %3B"),
		sso("broken JSON", jsonBody(`{"first_name": "a"`), "the body is not well-formed JSON (it ends too early)"),
		sso("JSON that is no object", jsonBody(`["a"]`), "the body must be a JSON object"),
		sso("duplicate JSON names", jsonBody(`{"first_name": "a", "first_name": "b"}`),
			"first_name is sent twice in one JSON object; last_name is required"),
		me("duplicate nested JSON names", jsonBody(`{"insurance": {"primary": {}, "primary": {}}}`),
			"insurance.primary is sent twice in one JSON object"),
		me("duplicate JSON names that may be values", jsonBody(`{"extra": {"Pat Sample": 1, "Pat Sample": 2}}`),
			"the body has a name twice in one JSON object"),
		sso("bytes after the JSON", jsonBody(`{"first_name": "a"} x`), "the body has something after the JSON object"),
		sso("invalid UTF-8 in JSON", jsonBody("{\"first_name\": \"\xff\"}"), "the body is not valid UTF-8"),
		sso("invalid UTF-8 in a form", body{"application/x-www-form-urlencoded", []byte("first_name=%ff")},
			"the body is not valid UTF-8"),
		sso("invalid UTF-8 in multipart", multipartBody(fields{{"first_name", "\xff"}}), "the body is not valid UTF-8"),
		{"multipart over the limit", "", "/users/sso", multipartBody(append(without("last_name"),
			[2]string{"last_name", strings.Repeat("x", limit)})), "key", nil, 413,
			fmt.Sprintf("the body is larger than the limit of %d bytes", limit)},
		{"body over the limit", "", "/me", formBody(fields{{"city", strings.Repeat("x", limit)}}), "patient", nil, 413,
			fmt.Sprintf("the body is larger than the limit of %d bytes", limit)},
	}

	c := mock.NewClinic(t, clinic.Settings{AccountCode: "refusals"})
	id, token := patient(t, c, "pat", "123")
	before := send(t, http.MethodGet, c.BaseURL+"/users/"+id, noBody, byToken(token))
	for _, r := range table {
		t.Run(r.name, func(t *testing.T) {
			auth := map[string]func(*http.Request){
				"key": byKey(c), "patient": byToken(token), "admin": byToken(c.AdminToken), "": func(*http.Request) {}}
			options := []func(*http.Request){auth[r.as]}
			if r.change != nil {
				options = append(options, r.change)
			}
			method := r.method
			if method == "" {
				method = http.MethodPost
			}
			got := send(t, method, c.BaseURL+r.path, r.body, options...)
			if diff := cmp.Diff(r.message, got.message(t, r.status)); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
			if r.status == 405 && got.header.Get("Allow") == "" {
				t.Error("a 405 without Allow")
			}
		})
	}
	after := send(t, http.MethodGet, c.BaseURL+"/users/"+id, noBody, byToken(token))
	if diff := cmp.Diff(string(before.body), string(after.body)); diff != "" {
		t.Errorf("the refusals have changed the patient (-before +after):\n%s", diff)
	}
	if users := len(listOf(t, c, "/users")); users != 2 {
		t.Errorf("the clinic has %d users after the refusals, want its admin and the patient", users)
	}
	if checks := len(listOf(t, c, "/checks")); checks != 0 {
		t.Errorf("the clinic has %d checks after the refusals, want none", checks)
	}
}

func TestAUsersTokenExpiresOnTheClinicsClock(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "expiry"})
	_, token := patient(t, c, "pat", "123")

	c.Advance(t, clinic.AccessLife-time.Second)
	if got := get(t, c.BaseURL+"/me", byToken(token)); got.status != 200 {
		t.Errorf("a second before its expiry the token is answered %d", got.status)
	}
	c.Advance(t, time.Second)
	if got := get(t, c.BaseURL+"/me", byToken(token)).message(t, 401); got != "X-ApiToken has expired: sign on again" {
		t.Errorf("message = %q", got)
	}
	_, again := patient(t, c, "pat", "123")
	if got := get(t, c.BaseURL+"/me", byToken(again)); got.status != 200 {
		t.Errorf("after signing on again the token is answered %d", got.status)
	}
	if got := get(t, c.BaseURL+"/me", byToken(c.AdminToken)); got.status != 200 {
		t.Errorf("the admin token, which does not expire, is answered %d", got.status)
	}
}

// A clinic with tokens shorter-lived than a check: the result cannot be read before another sign-on.
func TestATokenCanExpireInTheMiddleOfTheFlow(t *testing.T) {
	t.Parallel()
	life := 5 * time.Second
	receiver := mocktest.NewReceiver(t, nil)
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{
		AccountCode: "brief", TokenLife: &life, Webhook: clinic.Webhook{URL: receiver.URL},
	})
	r := signOn(t, c, edward.and("insurance.primary_carrier_code", "car7556").and("insurance.primary_subscriber_num",
		"123"))
	id, token := r.at(t, "data", "id").(string), r.at(t, "data", "token", "token").(string)
	if lived := r.at(t, "data", "token", "expiry").(float64) - r.at(t, "data", "token", "created").(float64); lived != 5 {
		t.Errorf("the token lives for %v s", lived)
	}
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	if n := len(receiver.Received()); n != 1 {
		t.Errorf("the receiver got %d results", n)
	}
	if got := get(t, c.BaseURL+"/users/"+id, byToken(token)).message(t,
		401); got != "X-ApiToken has expired: sign on again" {
		t.Errorf("message = %q", got)
	}
	again := signOn(t, c, edward).at(t, "data", "token", "token").(string)
	if got := get(t, c.BaseURL+"/users/"+id, byToken(again)).at(t, "data", "user_data", "primary",
		"eligibility_response"); got != "Success" {
		t.Errorf("with another token the result is %v", got)
	}
}

// withHost sets the host a request names.
func withHost(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }

func both(a, b func(*http.Request)) func(*http.Request) {
	return func(r *http.Request) { a(r); b(r) }
}

// withoutHeader takes a header out of a request.
func withoutHeader(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Del(name) }
}

// listOf returns the rows of one of the control API's lists.
func listOf(t testing.TB, c *mocktest.Clinic, path string) []map[string]any {
	t.Helper()
	var page struct{ Data []map[string]any }
	c.Control(t, http.MethodGet, path+"?limit=10000", nil, &page)
	return page.Data
}

func TestATokenInAnotherHeaderIsNoticed(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "header"})
	for header, want := range map[string]string{
		"Authorization": "X-ApiToken is required: send in it the token that Authorization has",
		"X-Api-Token":   "X-ApiToken is required: send in it the token that X-Api-Token has",
		"X-Other":       "X-ApiToken is required",
	} {
		if got := get(t, c.BaseURL+"/me", with(header, c.AdminToken)).message(t, 401); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
}
