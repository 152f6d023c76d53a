package redact_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

func redactor(t testing.TB, seed string) *redact.Redactor {
	t.Helper()
	return redact.New([]byte(seed), allowed(t))
}

// allowed returns the Allow of openapi.yaml.
func allowed(t testing.TB) redact.Allow {
	t.Helper()
	return redact.FromDocument(embedded.Spec().Document)
}

// masked returns a text without its digests, because they differ from run to run.
func masked(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "#")
		b.WriteString(before)
		if !found || len(rest) < 4 {
			return b.String()
		}
		text = rest[4:]
	}
}

func TestJSONKeepsItsStructureAndLosesItsValues(t *testing.T) {
	t.Parallel()
	r := redactor(t, "a seed")
	for name, tc := range map[string]struct{ body, want string }{
		"a user": {
			`{"data": {"id": "132407", "first_name": "Ada", "dob": "1986-01-01", "email": "a@b.example", "active": true, ` +
				`"phone": null}}`,
			`{"data":{"id":"«string:6:digits»","first_name":"«string:3:letters»","dob":"«string:10:date»",` +
				`"email":"«string:11:email»","active":true,"phone":null}}`,
		},
		"members of enumerations": {
			`{"status": 20, "type": "eligibility.checked", "eligibility_response": "Patient not found", "respparty": "child"}`,
			`{"status":20,"type":"eligibility.checked","eligibility_response":"Patient not found","respparty":"child"}`,
		},
		"a member of another enumeration": {`{"status": "child", "x": 20}`,
			`{"status":"«string:5:letters»","x":"«number:2:digits»"}`},
		"not in the enumeration": {`{"status": 31}`, `{"status":"«number:2:digits»"}`},
		"an error": {`{"code": 404, "message": "no Ada here"}`,
			`{"code":404,"message":"«string:11:text»"}`},
		"a user's code":   {`{"data": {"code": 404}}`, `{"data":{"code":"«number:3:digits»"}}`},
		"an array":        {`[1, "x y", [], {}]`, `["«number:1:digits»","«string:3:text»",[],{}]`},
		"an empty text":   {`{"subtype": ""}`, `{"subtype":"«string:0:empty»"}`},
		"what follows":    {"{}\nNotice: Ada", `{} «text:11 bytes»`},
		"what precedes":   {"Notice: Ada\n{}", `«text:14 bytes»`},
		"a number alone":  {`12345678`, `"«number:8:digits»"`},
		"a fraction":      {`1.5`, `"«number:3:text»"`},
		"cut off":         {`{"a": "Ada`, `«text:10 bytes»`},
		"not UTF-8":       {"{\"a\": \"\xff\"}", `«text:10 bytes»`},
		"nested too deep": {strings.Repeat("[", 99) + strings.Repeat("]", 99), `«text:198 bytes»`},
		"a name that is a value": {`{"ada@example.org": 1, "W12345678": 1, "1986-01-01": 1, "Edward": 1}`,
			`{"«name:15:email»":"«number:1:digits»","«name:9:word»":"«number:1:digits»",` +
				`"«name:10:date»":"«number:1:digits»","«name:6:letters»":"«number:1:digits»"}`},
		"a name nobody declared": {`{"patient_portal": false}`, `{"patient_portal":false}`},
	} {
		if diff := cmp.Diff(tc.want, masked(r.Body("application/json", []byte(tc.body)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestValuesLookLikeWhatTheyAre(t *testing.T) {
	t.Parallel()
	r := redactor(t, "a seed")
	for value, want := range map[string]string{
		"0123456789abcdef0123456789abcdef": "hex", "62583ab3-8cfc-4a47-b6c9-272850e631f8": "uuid",
		"2026-01-02T03:04:05Z": "time", "03:04": "time",
		"José": "letters", "car-7556": "word", "2868 Tully Street": "text",
	} {
		if got := r.Body("", []byte(`"`+value+`"`)); !strings.Contains(got, ":"+want+"#") {
			t.Errorf("%s is left as %s, want the class %s", value, got, want)
		}
	}
}

func TestEqualValuesAreSeenToBeEqualWithinARunAlone(t *testing.T) {
	t.Parallel()
	one, other := redactor(t, "one"), redactor(t, "other")
	first, again := one.Body("", []byte(`"132407"`)), one.Body("", []byte(`"132407"`))
	if first != again {
		t.Errorf("the same value is %s and %s", first, again)
	}
	if elsewhere := other.Body("", []byte(`"132407"`)); elsewhere == first {
		t.Errorf("with another seed the value is still %s", first)
	}
}

func TestFormsKeepTheirFields(t *testing.T) {
	t.Parallel()
	r := redactor(t, "a seed")
	got := r.Body("application/x-www-form-urlencoded; charset=utf-8",
		[]byte("first_name=Ada&type=200&type=301&insurance.respparty=self&Ada=1&bad=%zz"))
	want := "first_name=«string:3:letters»&type=200&type=«string:3:digits»&insurance.respparty=self" +
		"&«name:3:letters»=«string:1:digits»&«text:7 bytes»"
	if diff := cmp.Diff(want, masked(got)); diff != "" {
		t.Errorf("urlencoded (-want +got):\n%s", diff)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("first_name", "Ada")
	_ = w.WriteField("type", "200")
	file, _ := w.CreateFormFile("card", "ada.png")
	_, _ = file.Write([]byte("Ada's card"))
	_ = w.Close()
	if diff := cmp.Diff("first_name=«string:3:letters»\ntype=200\ncard=«text:10 bytes»",
		masked(r.Body(w.FormDataContentType(), b.Bytes()))); diff != "" {
		t.Errorf("multipart (-want +got):\n%s", diff)
	}
	if got := r.Body("multipart/form-data", []byte("Ada")); got != "«text:3 bytes»" {
		t.Errorf("a form without a boundary is left as %s", got)
	}
}

func TestPathsBecomeTheDocuments(t *testing.T) {
	t.Parallel()
	r := redactor(t, "a seed")
	for raw, want := range map[string]string{
		"https://ada:lovelace@api.example.org/api_v3/users/132407": "GET /api_v3/users/{id}",
		"http://x/vc/dev/api_v3/users/132407/car7556/eligibility.json": "GET " +
			"/vc/dev/api_v3/users/{id}/{carrier_code}/eligibility.json",
		"http://x/api_v3/users/1/%28sandbox%29%20HUMANA/eligibility": "GET /api_v3/users/{id}/{carrier_code}/eligibility",
		"http://x/api_v3/users/sso?fields=vsee":                      "GET /api_v3/users/sso?fields=vsee",
		"http://x/api_v3/users/sso?fields=Ada&Ada": "GET " +
			"/api_v3/users/sso?fields=«string:3:letters»&«name:3:letters»=«string:0:empty»",
		"http://x/api_v3/insurances/": "GET /api_v3/insurances/",
		"http://x/api_v3/patients/Ada": "GET " +
			"/api_v3/«segment:8:letters»/«segment:3:letters»",
		"http://x/132407/api_v3/me": "GET /«segment:6:digits»/api_v3/me",
		"http://x/":                 "GET /",
		"http://x/api_v3/users/132407/notes": "GET " +
			"/api_v3/users/«segment:6:digits»/«segment:5:letters»",
		"http://x/api_v3/users/%7Bid%7D/132407/eligibility/0123456789ab": "GET " +
			"/api_v3/users/«segment:8:text»/«segment:6:digits»/eligibility/«segment:12:hex»",
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := masked(r.Line(http.MethodGet, u)); got != want {
			t.Errorf("%s\n got %s\nwant %s", raw, got, want)
		}
	}
}

func TestHeadersLoseTheirValues(t *testing.T) {
	t.Parallel()
	r := redactor(t, "a seed")
	got := r.Header(http.Header{
		"Content-Type": {"multipart/form-data; boundary=Ada"}, "Retry-After": {"30"}, "Allow": {"GET, POST"},
		"X-Apitoken": {"0123456789abcdef"},
		"User-Agent": {"vsee-contract/1.2.0 run/0123abcd req/ELIG-003"}, "X-Ada": {"x"}, "X-Powered-By": {"PHP/7.4"},
		"Set-Cookie":      {"a=b", "cd"},
		"X-Mock-Evidence": {"seed"}, "Content-Length": {"Ada"},
	})
	for name, value := range got {
		got[name] = masked(value)
	}
	want := map[string]string{
		"Content-Type": "multipart/form-data", "Retry-After": "30", "Allow": "GET, POST", "X-Apitoken": "«string:16:hex»",
		"User-Agent": "vsee-contract/1.2.0 run/0123abcd req/ELIG-003", "X-Powered-By": "«string:7:text»",
		"Set-Cookie":      "«string:3:text», «string:2:letters»",
		"X-Mock-Evidence": "seed", "Content-Length": "«string:3:letters»",
	}
	for name, value := range got {
		if strings.HasPrefix(name, "«name:5:word#") {
			want[name] = value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 10 {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsHiddenStandsInNoName(t *testing.T) {
	t.Parallel()
	r := redactor(t, "a seed")
	r.Hide("Lovelace", "abc")
	if got := masked(r.Body("",
		[]byte(`{"lovelace_notes": true, "abc": true}`))); got != `{"«name:14:word»":true,"abc":true}` {
		t.Errorf("it is left as %s", got)
	}
}

// canaries are values that must never appear in the output.
var canaries = []string{
	"Lovelace", "lovelace", "Ada Lovelace", "1986-01-01", "W123456789", "0123456789abcdef0123456789abcdef",
	"s3cr3t-of-the-clinic", "ada@lovelace.example",
	"132407", "car7556", "2868 Tully Street", "+1 313 555 0100", "Łukasz",
}

// places returns the redacted form of a value in each place where a value can stand.
func places(r *redact.Redactor, value string) map[string]string {
	quoted, _ := json.Marshal(value)
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("first_name", value)
	_ = w.WriteField(value, "x")
	file, _ := w.CreateFormFile("file", value)
	_, _ = file.Write([]byte(value))
	_ = w.Close()
	u := &url.URL{
		Scheme: "https", User: url.UserPassword(value, value), Host: "x.example", Path: "/" + value + "/api_v3/users/" +
			value + "/" + value + "/eligibility",
		RawQuery: url.Values{"fields": {value}, value: {value}}.Encode(),
	}
	elsewhere := &url.URL{Path: "/api_v3/" + value + "/" + value + ".json/"}
	return map[string]string{
		"URL":          r.Line(http.MethodGet, u),
		"unknown path": r.Line(value, elsewhere),
		"header": fmt.Sprint(r.Header(http.Header{"X-Apitoken": {value}, "Content-Type": {value + "/" + value},
			"Retry-After": {value}, "X-" + value: {value}})),
		"JSON value": r.Body("application/json", fmt.Appendf(nil, `{"data": {"status": %s, "list": [%s], "x": `+
			`{"type": %s}}, "code": %s}`, quoted, quoted, quoted, quoted)),
		"member name":    r.Body("application/json", fmt.Appendf(nil, `{"a": {%s: 1}}`, quoted)),
		"after JSON":     r.Body("application/json", []byte(`{"a": 1} `+value)),
		"error":          r.Body("application/json", fmt.Appendf(nil, `{"code": 400, "message": %s}`, quoted)),
		"plain text":     r.Body("text/plain", []byte("sorry, "+value)),
		"nothing but it": r.Body("text/plain", []byte(value)),
		"HTML":           r.Body("text/html", []byte("<p>"+value)),
		"multipart":      r.Body(w.FormDataContentType(), form.Bytes()),
		"urlencoded": r.Body("application/x-www-form-urlencoded",
			[]byte(url.Values{"code": {value}, value: {value}}.Encode())),
		"broken multipart": r.Body("multipart/form-data; boundary="+value, []byte(value)),
		"text":             r.Text(value),
		"media type":       r.MediaType("text/html; x=" + value),
	}
}

func TestNothingPlantedIsSeenAgain(t *testing.T) {
	t.Parallel()
	r := redactor(t, "a seed")
	r.Hide(canaries...)
	for _, canary := range canaries {
		for place, left := range places(r, canary) {
			for _, form := range []string{canary, url.QueryEscape(canary), url.PathEscape(canary)} {
				if strings.Contains(strings.ToLower(left), strings.ToLower(form)) {
					t.Errorf("%s, planted in a %s, is seen again in %s", canary, place, left)
				}
			}
		}
	}
}
