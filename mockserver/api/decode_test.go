package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/contenttype"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

func body(t testing.TB, path string) *document.Body {
	t.Helper()
	d, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	op, _, err := d.Find("POST", path)
	if err != nil {
		t.Fatal(err)
	}
	return op.Body
}

func TestStrictJSONRefusesWhatEncodingJSONLetsThrough(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{} {}`:                      "has something after the JSON object",
		`{}x`:                        "has something after the JSON object",
		"{\"a\": \"\xff\"}":          "is not valid UTF-8",
		`[]`:                         "must be a JSON object",
		`null`:                       "must be a JSON object",
		`"a"`:                        "must be a JSON object",
		``:                           "is not well-formed JSON (it ends too early)",
		`{`:                          "is not well-formed JSON (it ends too early)",
		`{"a"}`:                      "is not well-formed JSON (line 1, column 5)",
		`{"a": }`:                    "is not well-formed JSON (line 1, column 7)",
		`{a: 1}`:                     "is not well-formed JSON (line 1, column 2)",
		`{"a": 1,}`:                  "is not well-formed JSON (line 1, column 9)",
		strings.Repeat("[", 100_000): "is nested more than 32 deep",
		`{"a": 1e400}`:               "has a number that is out of range",
	} {
		if got, _, err := strictObject([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%.40q: %v, %v; want %s", text, got, err, want)
		}
	}
	got, _, err := strictObject([]byte(` {"a": [1.50, "x", null, true, {}], "b": {"a": 1}} `))
	want := map[string]any{
		"a": []any{json.Number("1.50"), "x", nil, true, map[string]any{}},
		"b": map[string]any{"a": json.Number("1")},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

func TestAJSONFieldSentTwiceHasAPath(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		`{"a": 1, "a": 1}`:                                   {"a"},
		`{"a": 1, "a": 2, "a": 3}`:                           {"a", "a"},
		`{"a": {"b": 1, "b": 2}}`:                            {"a.b"},
		`{"a": [{}, {"b": 1, "b": 2}]}`:                      {"a.1.b"},
		`{"a__b": {"c": {}, "c": {}}, "d": 0, "d": 0}`:       {"a.b.c", "d"},
		`{"Pat Sample": 1, "Pat Sample": 2}`:                 {""},
		`{"a": {"1980-01-31!": {"b": 1, "b": 1}}}`:           {""},
		`{"a": {"b": 1}, "b": {"a": 1}, "c": [{"a": 1}]}`:    nil,
		`{"` + strings.Repeat("x", 65) + `": {"a":1,"a":1}}`: {""},
	} {
		if _, twice, err := strictObject([]byte(text)); err != nil || !slices.Equal(twice, want) {
			t.Errorf("%.40q: %q, %v; want %q", text, twice, err, want)
		}
	}
}

// encoding/json accepts every text that strictObject accepts, and reads the same.
func FuzzStrictObject(f *testing.F) {
	for _, text := range []string{`{"a": 1}`, `{"a": {"a": [1, "\ud800"]}}`, `{"a":1,"a":2}`, `{} x`, "\xff"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, twice, err := strictObject(text)
		if err != nil || len(twice) > 0 {
			return
		}
		var want map[string]any
		d := json.NewDecoder(strings.NewReader(string(text)))
		d.UseNumber()
		if err := d.Decode(&want); err != nil {
			t.Fatalf("encoding/json refuses %q: %s", text, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %v, want %v", text, got, want)
		}
	})
}

// No body, however malformed, makes the decoder panic. Every accepted body has only fields that the document knows.
func FuzzDecode(f *testing.F) {
	b := body(f, "/users/sso")
	f.Add("application/json", []byte(`{"first_name": "a", "last_name": "b", "insurance": {"primary": {}}}`))
	f.Add("application/x-www-form-urlencoded",
		[]byte("first_name=a&last_name=b&insurance__carrier=c&extra.a.b=1&insurance={}"))
	f.Add("multipart/form-data; boundary=x",
		[]byte("--x\r\nContent-Disposition: form-data; name=\"first_name\"\r\n\r\na\r\n--x--\r\n"))
	f.Add("multipart/form-data; boundary=\"", []byte("--"))
	f.Add("application/x-www-form-urlencoded; boundary=a; boundary=x",
		[]byte("--x\r\nContent-Disposition: attachment; name=\"first_name\"\r\n\r\na\r\n--x--\r\n"))
	f.Add("application/x-www-form-urlencoded",
		[]byte("first_name=a&last_name=&insurance[primary][carrier_code]=c&"+
			"extra[a]=1&insurance[=2&dob=1980/01/31&standardrelationship=1"))
	f.Add("application/json",
		[]byte(`{"first_name": "a", "last_name": "b", "insurance": {"card_front": "1", "patient": null}, `+
			`"hipaarelationship": 18, "dob": null}`))
	fuzzDecode(f, b)
}

// The same as FuzzDecode, for a body with a list and with files.
func FuzzDecodeCards(f *testing.F) {
	b := body(f, "/users/1/insurances/import")
	f.Add("application/json",
		[]byte(`{"insurances": [{"card_type": "primary", "insurer_code": "a"}, {}], `+
			`"insurances.1.card_type": "secondary"}`))
	f.Add("application/json",
		[]byte(`{"insurances": {"0": {}}, "insurances.00": {}, "insurances.": 1, "insurances.-1.card_type": 1}`))
	f.Add("application/x-www-form-urlencoded",
		[]byte("insurances=[{}]&insurances.0={}&insurances__1__insurer_code=c&"+
			"insurances.2.x=y&insurances=[[]]"))
	f.Add("multipart/form-data; boundary=x",
		[]byte("--x\r\nContent-Disposition: form-data; "+
			"name=\"insurances.1.card_front\"; filename=a\r\n\r\nGIF89a\r\n--x--\r\n"))
	fuzzDecode(f, b)
}

// The same as FuzzDecode, for a body with lists of texts.
func FuzzDecodeClaim(f *testing.F) {
	b := body(f, "/insurance/claims")
	f.Add("application/x-www-form-urlencoded",
		[]byte("diagnoses[]=a&diagnoses[]=b&diagnoses[7]=c&diagnoses.8=d&"+
			"lines[0][modifiers][]=e&lines[0][procedure_code]=1"))
	f.Add("application/json",
		[]byte(`{"diagnoses[0]": {"a": 1}, "diagnoses.0": {"a": 1}, "diagnoses[]": ["a"], "lines": [{"modifiers[]": null}]}`))
	fuzzDecode(f, b)
}

func fuzzDecode(f *testing.F, b *document.Body) {
	f.Helper()
	f.Fuzz(func(t *testing.T, contentType string, data []byte) {
		got, err := decodeFields(contentType, data, b, nil)
		if err != nil {
			if reply := failureOf(err); reply.Code != 400 {
				t.Errorf("%q %q: %v", contentType, data, err)
			}
			return
		}
		for _, mode := range []clinic.UnknownFields{clinic.RefuseTypos, clinic.RefuseUnknown, clinic.IgnoreUnknown} {
			unknown := got.unknowns()
			refused, ignored := splitUnknown(mode, unknown)
			if len(refused)+len(ignored) != len(unknown) ||
				mode == clinic.RefuseUnknown && len(ignored) > 0 ||
				mode == clinic.IgnoreUnknown && len(refused) > 0 {
				t.Errorf("%q %q: of %d names %d are refused and %d ignored (%s)",
					contentType, data, len(unknown), len(refused), len(ignored), mode)
			}
			if text := ignoredWarning("fields", mode, ignored, func(string) bool { return false }); !inHeader(text) {
				t.Errorf("%q %q: the warning %q is no header", contentType, data, text)
			}
		}
		for place := range got.places() {
			if known, err := b.Place(place); err != nil || known != place {
				t.Errorf("%q %q has the field %q", contentType, data, place)
			}
		}
	})
}

// inHeader reports whether a text is printable ASCII, and short enough for common proxies.
func inHeader(text string) bool {
	return len(text) <= 4_000 && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// No header and no body makes unpacking panic; the result is within the limit.
func FuzzUnpack(f *testing.F) {
	const limit = 1_000
	f.Add("gzip", packed(f, `{"a": 1}`))
	f.Add("gzip", packed(f, strings.Repeat("a", limit+1)))
	f.Add("", []byte("\xef\xbb\xbf{}"))
	f.Add("identity", []byte("\xff\xfe{\x00}\x00"))
	f.Add("br", []byte("x"))
	f.Fuzz(func(t *testing.T, encoding string, data []byte) {
		data = data[:min(len(data), limit)]
		got, err := unpack(http.Header{"Content-Encoding": {encoding}}, data, limit)
		tooLarge := errors.As(err, new(*http.MaxBytesError))
		if err != nil && !tooLarge && failureOf(err).Code != 400 {
			t.Errorf("%q: %v", encoding, err)
		}
		if len(got) > limit || bytes.HasPrefix(got, []byte(gzipMagic)) && encoding == "" {
			t.Errorf("%q: %d bytes", encoding, len(got))
		}
	})
}

func packed(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNamesInAWarningAreEncodedAndCut(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"favourite_colour":            "favourite_colour",
		"a b":                         "a%20b",
		"a,b\r\nX-Evil: 1":            "a%2Cb%0D%0AX-Evil%3A%201",
		"":                            `""`,
		`""`:                          "%22%22",
		"é":                           "%C3%A9",
		"\xff\ufffd":                  "%FF%EF%BF%BD",
		strings.Repeat("x", 100):      strings.Repeat("x", 64),
		strings.Repeat("x", 63) + " ": strings.Repeat("x", 63),
		strings.Repeat("é", 20):       strings.Repeat("%C3%A9", 10),
	} {
		if got := encodedName(name); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}

// Its body must have the boundary: some clients name a boundary for a form without need.
func TestAFormTypeWithABoundaryIsMultipart(t *testing.T) {
	t.Parallel()
	const body = "----c\r\n"
	for contentType, want := range map[string]string{
		"application/x-www-form-urlencoded; boundary=--c":              contenttype.Multipart,
		`Application/X-WWW-Form-Urlencoded; Boundary="--c"`:            contenttype.Multipart,
		"application/x-www-form-urlencoded":                            contenttype.Form,
		"application/x-www-form-urlencoded; charset=UTF-8":             contenttype.Form,
		"application/x-www-form-urlencoded; boundary=":                 contenttype.Form,
		"application/x-www-form-urlencoded; boundary=other":            contenttype.Form,
		`application/x-www-form-urlencoded; charset="x;boundary=--c"`:  contenttype.Form,
		"application/json; boundary=--c":                               contenttype.JSON,
		"multipart/form-data":                                          contenttype.Multipart,
		" text/plain ; boundary=--c":                                   "text/plain",
		"application/x-www-form-urlencoded; charset=UTF-8;boundary=-c": contenttype.Multipart,
	} {
		if got := mediaOf(contentType, []byte(body)); got != want {
			t.Errorf("%s: %q, want %q", contentType, got, want)
		}
	}
}

func TestAnyPrefixMayStandBeforeAPIV3(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][2]string{
		"/api_v3/me":                     {"/api_v3", "/me"},
		"/vc/dev/api_v3/me.json":         {"/vc/dev/api_v3", "/me.json"},
		"/vc/other/api_v3/me/":           {"/vc/other/api_v3", "/me/"},
		"/claims_v2/api_v3/me":           {"/claims_v2/api_v3", "/me"},
		"/cc/acme/api_v3/me":             {"/cc/acme/api_v3", "/me"},
		"/a/b/c/d/e/f/api_v3/me":         {"/a/b/c/d/e/f/api_v3", "/me"},
		"/a%20b/api_v3/me":               {"/a%20b/api_v3", "/me"},
		"/auth/api_v3/me":                {"/auth/api_v3", "/me"},
		"/x/_mock/api_v3/me":             {"/x/_mock/api_v3", "/me"},
		"/api_v33/api_v3/me":             {"/api_v33/api_v3", "/me"},
		"/api_v3/vc/dev/api_v3/me":       {"/api_v3", "/vc/dev/api_v3/me"}, // the first one counts
		"/api_v3/api_v3/me":              {"/api_v3", "/api_v3/me"},
		"/api_v3/":                       {"/api_v3", "/"},
		"/api_v3/../_mock/clinics":       {"/api_v3", "/../_mock/clinics"},
		"/api_v3/accounts/-.json":        {"/api_v3", "/accounts/-.json"},
		"/api_v3":                        {},
		"/cc/acme/api_v3":                {},
		"/cc/acme":                       {},
		"/":                              {},
		"":                               {},
		"*":                              {},
		"x/api_v3/me":                    {},
		"//api_v3/me":                    {},
		"/cc//api_v3/me":                 {},
		"/./api_v3/me":                   {},
		"/x/../api_v3/me":                {},
		"/x/%2e%2E/api_v3/me":            {},
		"/x%2fy/api_v3/me":               {},
		`/x%5cy/api_v3/me`:               {},
		"/%zz/api_v3/me":                 {},
		"/%61pi_v3/me":                   {},
		"/API_V3/me":                     {},
		"/_mock/api_v3/me":               {},
		"/_mockery/api_v3/me":            {},
		"/_MOCK/x/api_v3/me":             {},
		"/%5fmock/api_v3/me":             {},
		"/_%6dock/clinics/api_v3/me":     {},
		"/x/../_mock/clinics/api_v3/me":  {},
		"/_mock%2fclinics/api_v3/me":     {},
		"/%2e%2e/_mock/api_v3/insurance": {},
	} {
		prefix, below, ok := resource(path)
		if got := [2]string{prefix, below}; got != want || ok != (want != [2]string{}) {
			t.Errorf("%s: %q, %t; want %q", path, got, ok, want)
		}
	}
}
