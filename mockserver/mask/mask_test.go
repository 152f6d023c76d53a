package mask_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

// load returns the masker of openapi.yaml. Loading takes a while, so it happens once.
var load = sync.OnceValues(func() (*mask.Masker, error) {
	doc, err := document.Load(vseemock.OpenAPI())
	if err != nil {
		return nil, err
	}
	return mask.New(doc), nil
})

func masker(t testing.TB) *mask.Masker {
	t.Helper()
	m, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func typed(contentType string) http.Header { return http.Header{"Content-Type": {contentType}} }

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	multi    = "multipart/form-data; boundary=B"
)

// part returns a multipart body of one part, with a boundary of B.
func part(header, value string) string {
	return "--B\r\n" + header + "\r\n\r\n" + value + "\r\n--B--\r\n"
}

// The journal shows a request's body as it was sent, except for credentials.
func TestARequestIsShownWithoutItsCredentials(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		operation, contentType, sent, want string
	}{
		"text": {"login", jsonType, `{ "username":"pat",  "password":"hunter2" }`,
			`{ "username":"pat",  "password":"***" }`},
		"a number":            {"login", jsonType, `{"password":12345}`, `{"password":"***"}`},
		"a number at the end": {"login", jsonType, `{"password":12345`, `{"password":"***"`},
		"true": {"login", jsonType, `{"password":true,"username":"pat"}`,
			`{"password":"***","username":"pat"}`},
		"an object": {"login", jsonType, `{"password":{"a":["hunter2"]},"username":"pat"}`,
			`{"password":"***","username":"pat"}`},
		"a list": {"login", jsonType, `{"password":["hunter2", 1],"username":"pat"}`,
			`{"password":"***","username":"pat"}`},
		"twice": {"login", jsonType, `{"password":"hunter2","password":1}`,
			`{"password":"***","password":"***"}`},
		"an escaped name": {"login", jsonType, `{"pass\u0077ord" : "hunter2"}`, `{"pass\u0077ord" : "***"}`},
		"an escaped quote": {"login", jsonType, `{"password":"hun\"ter2","username":"pat"}`,
			`{"password":"***","username":"pat"}`},
		"in upper case": {"updateMe", jsonType, `{"PassWord":"hunter2","city":"x"}`,
			`{"PassWord":"***","city":"x"}`},
		"camel case": {"updateMe", jsonType, `{"refreshToken":"hunter2","city":"x"}`,
			`{"refreshToken":"***","city":"x"}`},
		"deep": {"updateMe", jsonType, `{"extra":{"a":[{"password":"hunter2","b":1}]}}`,
			`{"extra":{"a":[{"password":"***","b":1}]}}`},
		"with dots":        {"updateMe", jsonType, `{"extra.token.x":"hunter2"}`, `{"extra.token.x":"***"}`},
		"with underscores": {"updateMe", jsonType, `{"extra__password":"hunter2"}`, `{"extra__password":"***"}`},
		"to no operation": {"", jsonType, `{"user":{"email_token":"hunter2"},"a":1}`,
			`{"user":{"email_token":"***"},"a":1}`},
		"misspelt": {"login", jsonType, `{"username":"pat","pasword":"hunter2"}`,
			`{"username":"pat","pasword":"***"}`},
		"an unknown object": {"login", jsonType, `{"username":"pat","user":{"pw":"hunter2"}}`,
			`{"username":"pat","user":"***"}`},
		"no object":            {"login", jsonType, `"hunter2"`, `"***"`},
		"a list for an object": {"login", jsonType, `["pat","hunter2"]`, `["***","***"]`},
		"JSON in JSON": {"updateMe", jsonType, `{"city":"{\"password\":\"hunter2\"}"}`,
			`{"city":"{\"password\":\"***\"}"}`},
		"a URL": {"updateMe", jsonType, `{"city":"https://u:hunter2@h/x?sso%5Ftoken=hunter2&a=b#c"}`,
			`{"city":"https://u:***@h/x?sso%5Ftoken=***&a=b#c"}`},
		"brackets that are none": {"updateMe", jsonType, `{"city":"[sandbox] {x}"}`, `{"city":"[sandbox] {x}"}`},
		"cut in a value": {"login", jsonType, `{"username":"pat","password":"hunt`,
			`{"username":"pat","password"(6 unreadable bytes)`},
		"cut in a name":      {"login", jsonType, `{"username":"pat","hunt`, `{"username":"pat"(6 unreadable bytes)`},
		"cut before a value": {"updateMe", jsonType, `{"city":"pat",`, `{"city":"pat",`},
		"not JSON":           {"login", jsonType, `password=hunter2`, `(16 unreadable bytes)`},
		"more than JSON":     {"login", jsonType, `{"username":"pat"} hunter2`, `{"username":"pat"}(8 unreadable bytes)`},
		"too deep": {"updateMe", jsonType, strings.Repeat("[", 100) + `"hunter2"`, strings.Repeat("[", 65) +
			`(44 unreadable bytes)`},
		"any type of JSON": {"login", "application/vnd.api+json", `{"password":"hunter2"}`, `{"password":"***"}`},

		"a form":                {"login", formType, `username=pat+x&password=hunter2`, `username=pat+x&password=***`},
		"an escaped letter":     {"login", formType, `%70assword=hunter2&username=p%61t`, `%70assword=***&username=p%61t`},
		"an escaped underscore": {"refreshToken", formType, `refresh%5Ftoken=hunter2`, `refresh%5Ftoken=***`},
		"escaped twice":         {"updateMe", formType, `%2570assword=hunter2`, `%2570assword=***`},
		"a plus":                {"updateMe", formType, `pass+word=hunter2&city=x`, `pass+word=***&city=x`},
		"brackets": {"updateMe", formType, `user%5Bpassword%5D=hunter2&user[password][]=hunter2&city=x`,
			`user%5Bpassword%5D=***&user[password][]=***&city=x`},
		"an & in the value": {"updateMe", formType, `password=hunt&er2&city=x`, `password=***&***&city=x`},
		"a % in the value":  {"login", formType, `password=100%&username=x`, `password=***&username=x`},
		"a semicolon":       {"updateMe", formType, `city=x;password=hunter2`, `(23 unreadable bytes)`},
		"a value alone":     {"login", formType, `hunter2`, `***`},
		"JSON in a form": {"updateMe", formType, `city=x&extra=%7B%22pass\u0077ord%22%3A%22hunter2%22%7D`,
			`city=x&extra=%7B%22pass%5Cu0077ord%22%3A%22***%22%7D`},
		"bad JSON in a form": {"updateMe", formType, `extra=%7B%22password%22%3A%22hunter2`, `extra=***`},
		"badly encoded":      {"updateMe", formType, `city=%zz&zip=hunter2`, `(20 unreadable bytes)`},
		"JSON as a form": {"login", formType, `{"username":"pat","password":"hunter2"}`,
			`{"username":"pat","password":"***"}`},
		"half JSON as a form": {"login", formType, `{"x&a=b","password":"hunter2"`, `(29 unreadable bytes)`},
		"both at once":        {"login", formType, `{"username":"&password=hunter2&"}`, `(33 unreadable bytes)`},
		"JSON without a type": {"login", "", `{"username":"pat","password":"hunter2"}`,
			`{"username":"pat","password":"***"}`},
		"plain text": {"login", "text/plain", `hunter2`, `(7 unreadable bytes)`},

		"multipart": {"login", multi, part(`Content-Disposition: form-data; name="password"`, "hunter2"),
			part(`Content-Disposition: form-data; name="password"`, "***")},
		"spaces": {"login", multi, part(`Content-Disposition: form-data; name = "password"`, "hunter2"),
			part(`Content-Disposition: form-data; name = "password"`, "***")},
		"an encoded name": {"login", multi, part(`Content-Disposition: form-data; name*=UTF-8''pass%77ord`, "hunter2"),
			part(`Content-Disposition: form-data; name*=UTF-8''pass%77ord`, "***")},
		"a quoted pair": {"login", multi, part(`Content-Disposition: form-data; name="pass\word"`, "hunter2"),
			"--B\r\n(52 unreadable bytes)\r\n\r\n***\r\n--B--\r\n"},
		"letters": {"login", multi, part(`CONTENT-disposition: FORM-DATA; NAME=password`, "hunter2"),
			part(`CONTENT-disposition: FORM-DATA; NAME=password`, "***")},
		"a folded header": {"login", multi, part("Content-Disposition: form-data;\r\n name=\"password\"", "hunter2"),
			part("Content-Disposition: form-data;\r\n name=\"password\"", "***")},
		"two lines": {"login", multi, part(`Content-Disposition: form-data; name="password"`, "hunt\r\n\r\ner2"),
			part(`Content-Disposition: form-data; name="password"`, "***")},
		"a part without a name": {"updateMe", multi, part(`Content-Type: text/plain`, "hunter2"),
			"--B\r\n(28 unreadable bytes)\r\n\r\n***\r\n--B--\r\n"},
		"another header": {"updateMe", multi, part("Content-Disposition: form-data; name=city\r\nX-ApiToken: hunter2",
			"x"), "--B\r\n(66 unreadable bytes)\r\n\r\nx\r\n--B--\r\n"},
		"a name twice": {"updateMe", multi, part(`Content-Disposition: form-data; name=city; name=password`,
			"hunter2"), "--B\r\n(60 unreadable bytes)\r\n\r\n***\r\n--B--\r\n"},
		"a plain part": {"updateMe", multi, part(`Content-Disposition: form-data; name="city"`, "a\r\nb"),
			part(`Content-Disposition: form-data; name="city"`, "a\r\nb")},
		"JSON in a part": {"updateMe", multi, part(`Content-Disposition: form-data; name="extra"`, `{"token": 1}`),
			part(`Content-Disposition: form-data; name="extra"`, `{"token": "***"}`)},
		"a file": {"saveCard", multi, part(`Content-Disposition: form-data; name="card_front"; filename=x`,
			"GIF89a;"), part(`Content-Disposition: form-data; name="card_front"; filename=x`, "(image/gif, 7 bytes)")},
		"a secret file": {"login", multi, part(`Content-Disposition: form-data; name="password"; filename=x`,
			"hunter2"), part(`Content-Disposition: form-data; name="password"; filename=x`, "***")},
		"without an end": {"login", multi, strings.TrimSuffix(part(`Content-Disposition: form-data; name="username"`,
			"x"), "--B--\r\n") + "hunter2", "(66 unreadable bytes)"},
		"around the parts": {"login", multi, "hunter2\r\n" +
			part(`Content-Disposition: form-data; name="username"`, "x") + "hunter2", "(9 unreadable bytes)\r\n" +
			part(`Content-Disposition: form-data; name="username"`, "x") + "(7 unreadable bytes)"},
		"two boundaries": {"login", "multipart/form-data; boundary=A; boundary=B",
			part(`Content-Disposition: form-data; name="password"`, "hunter2"),
			part(`Content-Disposition: form-data; name="password"`, "***")},
		"both boundaries": {"login", "multipart/form-data; boundary=A; boundary=B", "--A\r\n\r\n\r\n" +
			part(`Content-Disposition: form-data; name="password"`, "hunter2"), "(81 unreadable bytes)"},
		"a form with a boundary": {"login", formType + "; boundary=B",
			part(`Content-Disposition: form-data; name="password"`, "hunter2"),
			part(`Content-Disposition: form-data; name="password"`, "***")},
		"no boundary": {"login", "multipart/form-data",
			part(`Content-Disposition: form-data; name="password"`, "hunter2"),
			part(`Content-Disposition: form-data; name="password"`, "***")},
		"multipart as a form": {"login", formType, part(`Content-Disposition: form-data; name="password"`, "hunter2"),
			part(`Content-Disposition: form-data; name="password"`, "***")},
		"multipart as JSON": {"login", jsonType, part(`Content-Disposition: form-data; name="password"`, "hunter2"),
			part(`Content-Disposition: form-data; name="password"`, "***")},
		"a form as multipart": {"login", multi, `password=hunter2`, `(16 unreadable bytes)`},
		"parts in a part": {"updateMe", multi, part("Content-Disposition: form-data; name=city\r\nContent-Type: "+
			"multipart/mixed; boundary=C", "hunter2"), part("Content-Disposition: form-data; name=city\r\nContent-Type: "+
			"multipart/mixed; boundary=C", "***")},
		"nothing": {"login", jsonType, ``, ``},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := masker(t).Request(tc.operation, typed(tc.contentType), mask.Body{Data: []byte(tc.sent)})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.sent, diff)
			}
		})
	}
}

// A reply's tokens are masked, and the times when they expire are not.
func TestAReplyIsShownWithoutItsTokens(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		operation, contentType, sent, want string
	}{
		"a sign-on": {
			"signOn", jsonType, `{"data":{"id":"1","token":{"user_id":"1","token":"c0ffee","expiry":9,` +
				`"refresh_token":{"token":"c0ffee","created":8}},"vsee":{"id":"v","token":"c0ffee"}}}`,
			`{"data":{"id":"1","token":{"user_id":"1","token":"***","expiry":9,` +
				`"refresh_token":{"token":"***","created":8}},"vsee":{"id":"v","token":"***"}}}`,
		},
		"cut": {"signOn", jsonType, `{"data":{"id":"1","token":{"user_id":"1","token":"c0f`,
			`{"data":{"id":"1","token":{"user_id":"1","token"(5 unreadable bytes)`},
		"malformed": {"getMe", jsonType, "{\"data\":{\"id\":\"1\"},\n", "{\"data\":{\"id\":\"1\"},\n"},
		"a refusal": {"login", jsonType, `{"code":401,"message":"X-ApiToken is required"}`,
			`{"code":401,"message":"X-ApiToken is required"}`},
		"an image": {"getFile", "image/png", "abc", "(image/png, 3 bytes)"},
		"a PDF":    {"getFile", "application/pdf", "{}", "(application/pdf, 2 bytes)"},
		"a file":   {"getFile", "application/octet-stream", "{}", "(application/octet-stream, 2 bytes)"},
		"a page":   {"getMe", "text/html; charset=UTF-8", "<html>", "<html>"},
		"unknown":  {"", jsonType, `{"code":404,"message":"x"}`, `{"code":404,"message":"x"}`},
		"no body":  {"getMe", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := masker(t).Reply(tc.operation, typed(tc.contentType), mask.Body{Data: []byte(tc.sent)})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.sent, diff)
			}
		})
	}
}

func TestAPathIsShownWithoutItsTokens(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"/auth?next=/x&sso_token=c0ffee":                "/auth?next=/x&sso_token=***",
		"/auth?sso%5Ftoken=c0ffee":                      "/auth?sso%5Ftoken=***",
		"/auth?%73so_token=c0ffee&next=%2Fv":            "/auth?%73so_token=***&next=%2Fv",
		"/auth?next=/v%3Ftoken%3Dc0ffee%26a%3Db":        "/auth?next=%2Fv%3Ftoken%3D***%26a%3Db",
		"/auth?next=/v?token=c0ffee&x=1":                "/auth?next=%2Fv%3Ftoken%3D***&x=1",
		"/auth%3Fsso_token=c0ffee":                      "/auth%3Fsso_token=***",
		"/visits;token=c0ffee;a=b/x":                    "/visits;token=***;a=b/x",
		"/members/appointment/1?token=c0ffee":           "/members/appointment/1?token=***",
		"/api_v3/users/1?fields=vsee":                   "/api_v3/users/1?fields=vsee",
		"/api_v3/users?q=a%20b&role[]=x&X-ApiToken=abc": "/api_v3/users?q=a%20b&role[]=x&X-ApiToken=***",
		"/api_v3/me?access_token=c0ffee":                "/api_v3/me?access_token=***",
		"/api_v3/me?%zz=c0ffee":                         "/api_v3/me?***",
		"/api_v3/me?a=b;token=c0ffee":                   "/api_v3/me?***",
		"/api_v3/me?token":                              "/api_v3/me?***",
		"/v?next=https://u:c0ffee@h/":                   "/v?next=https%3A%2F%2Fu%3A***%40h%2F",
		"/":                                             "/",
	} {
		if got := masker(t).Path(sent); got != want {
			t.Errorf("%s is shown as %s, want %s", sent, got, want)
		}
	}
}

func TestHeadersAreShownWithoutTheirCredentials(t *testing.T) {
	t.Parallel()
	sent := http.Header{
		"X-Apitoken": {"a", "b"}, "X-Apikey": {"a"}, "X-Apisecret": {"a"}, "Authorization": {"a"},
		"Proxy-Authorization": {"a"},
		"Cookie":              {"a"}, "Set-Cookie": {"a", "b"}, "X-Api-Token": {"a"}, "Password": {"a"},
		"X-Accountcode": {"desk"}, "Accept": {"*/*"}, "X-Mock-Evidence": {"ours"},
		"Location": {"/v?token=c0ffee&a=b"}, "Referer": {"http://h/auth?sso%5Ftoken=c0ffee", "http://h/v;token=c0ffee",
			"http://h/auth%3Fsso%255Ftoken=c0ffee"},
	}
	want := http.Header{
		"X-Apitoken": {"***", "***"}, "X-Apikey": {"***"}, "X-Apisecret": {"***"}, "Authorization": {"***"},
		"Proxy-Authorization": {"***"},
		"Cookie":              {"***"}, "Set-Cookie": {"***", "***"}, "X-Api-Token": {"***"}, "Password": {"***"},
		"X-Accountcode": {"desk"}, "Accept": {"*/*"}, "X-Mock-Evidence": {"ours"},
		"Location": {"/v?token=***&a=b"}, "Referer": {"http://h/auth?sso%5Ftoken=***", "http://h/v;token=***",
			"http://h/auth?sso%5Ftoken=***"},
	}
	if diff := cmp.Diff(want, masker(t).Header(sent)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if sent["Cookie"][0] != "a" || masker(t).Header(nil) != nil {
		t.Error("the headers themselves were masked, or there are some where there were none")
	}
}

func TestAReceiversURLAndAnswerAreShownWithoutTheirCredentials(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"http://clinic:p%40ss@h:1/hook?token=a%2Bb&x=1": "http://clinic:***@h:1/hook?token=***&x=1",
		"http://c0ffee@h/":                               "http://***@h/",
		"http://u:c0@ffee@h/":                            "http://u:***@h/",
		"https://h/api/f?code=c0ffee&sig=c0ffee&sv=2024": "https://h/api/f?code=***&sig=***&sv=2024",
		"http://h/hook":                                  "http://h/hook",
	} {
		if got := masker(t).URL(sent); got != want {
			t.Errorf("%s is shown as %s, want %s", sent, got, want)
		}
	}
	for sent, want := range map[string]string{
		`{"ok": true, "tok\u0065n": {"a": 1}}`: `{"ok": true, "tok\u0065n": "***"}`,
		`{"ok": true, "password": "c0ff`:       `{"ok": true, "password"(7 unreadable bytes)`,
		"no such /hook?token=c0ffee, sorry":    "no such /hook?token=*** sorry",
		"thanks?":                              "thanks?",
		"[warn] retry":                         "[warn] retry",
	} {
		if got := masker(t).Text(sent); got != want {
			t.Errorf("%s is shown as %s, want %s", sent, got, want)
		}
	}
}

// A body in a wrong encoding has values where names belong.
func TestATokenInThePlaceOfANameIsNotShown(t *testing.T) {
	t.Parallel()
	const token = "deadbeefcafe0123456789abcdef0123"
	for name, got := range map[string]string{
		"of an id in a path": masker(t).Path("/api_v3/users/" + token + "/insurances"),
		"of a query":         masker(t).Path("/api_v3/me?" + token),
		"of a parameter":     masker(t).Path("/api_v3/users?q=abc&sort[" + token + "]=asc"),
		"of a form": masker(t).Request("updateMe", typed(formType),
			mask.Body{Data: []byte("city=x&" + token + "=1")}),
		"of a form's bracket": masker(t).Request("updateMe", typed(formType),
			mask.Body{Data: []byte("extra%5B" + token + "%5D=1")}),
		"of JSON": masker(t).Request("updateMe", typed(jsonType),
			mask.Body{Data: []byte(`{"extra": {"` + token + `" : 1}, "city": "x"}`)}),
		"of a part": masker(t).Request("updateMe", typed(multi),
			mask.Body{Data: []byte(part(`Content-Disposition: form-data; name="`+token+`"`, "x"))}),
	} {
		if strings.Contains(got, token) || !strings.Contains(got, mask.Masked) && !strings.Contains(got, "unreadable bytes") {
			t.Errorf("%s: it is shown as %s", name, got)
		}
	}
	want := `{"extra": {"***" : 1}, "city": "x"}`
	if got := masker(t).Request("updateMe", typed(jsonType),
		mask.Body{Data: []byte(`{"extra": {"` + token + `" : 1}, "city": "x"}`)}); got != want {
		t.Errorf("JSON is shown as %s, want %s", got, want)
	}
}

// curl writes attachment in place of form-data when the type of the body is not multipart/form-data.
func TestAPartThatIsAnAttachmentIsShown(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]string{"username": "pat", "password": "***"} {
		sent := part(`Content-Disposition: attachment; name="`+name+`"`, "pat")
		want := part(`Content-Disposition: attachment; name="`+name+`"`, header)
		if got := masker(t).Request("login", typed(formType+"; boundary=B"), mask.Body{Data: []byte(sent)}); got != want {
			t.Errorf("%s is shown as %q, want %q", name, got, want)
		}
	}
}

// A server that takes the boundary as it stands, as the API does, must not find a credential in an apparent value.
func TestABoundaryIsReadAsTheAPIReadsIt(t *testing.T) {
	t.Parallel()
	inner := strings.ReplaceAll(part(`Content-Disposition: form-data; name="password"`, "hunter2"), "--B", "--B,c")
	sent := "--B\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\n" + inner + "--B--\r\n"
	got := masker(t).Request("login", typed("multipart/form-data; boundary=B,c"), mask.Body{Data: []byte(sent)})
	if strings.Contains(got, "hunter2") || !strings.Contains(got, `name="password"`) {
		t.Errorf("the body is shown as %q", got)
	}
}
