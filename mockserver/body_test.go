package mockserver_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A gzipped body, or one with a byte order mark, means the same.
func TestGzipAndAByteOrderMarkAreUnderstood(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	const mark = "\xef\xbb\xbf"
	for i, plain := range []body{jsonBody(`{"city": "Troy"}`), formBody(fields{{"city", "Troy"}}),
		multipartBody(fields{{"city", "Troy"}, {"zip", "1"}})} {
		c := mock.NewClinic(t, clinic.Settings{AccountCode: fmt.Sprintf("packed-%d", i)})
		_, token := patient(t, c, "pat", "123")
		marked := body{plain.contentType, append([]byte(mark), plain.data...)}
		for name, tc := range map[string]struct {
			body     body
			encoding string
		}{
			"gzip":               {body{plain.contentType, gzipped(t, plain.data)}, "gzip"},
			"gzip, written GZIP": {body{plain.contentType, gzipped(t, plain.data)}, " GZIP"},
			"x-gzip":             {body{plain.contentType, gzipped(t, plain.data)}, "x-gzip"},
			"identity":           {plain, "identity"},
			"a mark":             {marked, ""},
			"a mark within gzip": {body{plain.contentType, gzipped(t, marked.data)}, "gzip"},
			"gzip of several runs": {body{plain.contentType, append(gzipped(t, plain.data[:4]), gzipped(t, plain.data[4:])...)},
				"gzip"},
		} {
			post(t, c.BaseURL+"/me", formBody(fields{{"city", ""}, {"zip", ""}}), byToken(token))
			got := post(t, c.BaseURL+"/me", tc.body, byToken(token), with("Content-Encoding", tc.encoding))
			if got.status != 200 || got.json(t)["data"].(map[string]any)["city"] != "Troy" || len(warnings(got)) > 0 {
				t.Errorf("%s of %s: %d %s", name, plain.contentType, got.status, got.body)
			}
		}
	}
}

func TestARefusalNamesAnUnsupportedEncodingOfABody(t *testing.T) {
	t.Parallel()
	const limit = 2_000
	c := mocktest.Start(t, func(o *mockserver.Options) { o.BodyLimit = limit }).NewClinic(t,
		clinic.Settings{AccountCode: "encoded"})
	_, token := patient(t, c, "pat", "123")
	const whole = `{"city": "Troy"}`
	packed := gzipped(t, []byte(whole))
	damaged := bytes.Clone(packed)
	damaged[len(damaged)-6] ^= 1
	const noGzip = "the body is not valid gzip: send all of it, or leave out Content-Encoding"
	json := func(data []byte) body { return body{"application/json", data} }
	for name, tc := range map[string]struct {
		body     body
		encoding string
		status   int
		want     string
	}{
		"gzip without Content-Encoding": {json(packed), "", 400,
			"the body is gzip, but Content-Encoding is not: send Content-Encoding: gzip"},
		"gzip that is none":        {jsonBody(whole), "gzip", 400, noGzip},
		"gzip that is cut off":     {json(packed[:len(packed)-3]), "gzip", 400, noGzip},
		"gzip that is damaged":     {json(damaged), "gzip", 400, noGzip},
		"gzip with more behind it": {json(append(bytes.Clone(packed), 'x')), "gzip", 400, noGzip},
		"gzip twice": {json(gzipped(t, packed)), "gzip, gzip", 400,
			"Content-Encoding must be gzip, or left out"},
		"brotli":                 {jsonBody(whole), "br", 400, "Content-Encoding br must be gzip, or left out"},
		"an encoding of no name": {jsonBody(whole), "c0ffee", 400, "Content-Encoding must be gzip, or left out"},
		"UTF-16":                 {jsonBody("\xff\xfe{\x00}\x00"), "", 400, "the body is UTF-16: send UTF-8"},
		"UTF-16, big end first":  {jsonBody("\xfe\xff\x00{\x00}"), "", 400, "the body is UTF-16: send UTF-8"},
		"UTF-32": {jsonBody("\xff\xfe\x00\x00{\x00\x00\x00}\x00\x00\x00"), "", 400,
			"the body is UTF-32: send UTF-8"},
		"UTF-16 within gzip": {json(gzipped(t, []byte("\xff\xfe{\x00}\x00"))), "gzip", 400, "the body is UTF-16: send UTF-8"},
		"gzip of a large body": {json(gzipped(t,
			fmt.Appendf(nil, `{"city": %q}`, strings.Repeat("x", 50_000_000)))[:limit-1]), "gzip", 413,
			fmt.Sprintf("the body is larger than the limit of %d bytes", limit)},
	} {
		got := post(t, c.BaseURL+"/me", tc.body, byToken(token), with("Content-Encoding", tc.encoding))
		if message := got.message(t, tc.status); message != tc.want {
			t.Errorf("%s: %s; want %s", name, message, tc.want)
		}
	}
}

// The journal has a gzipped body unpacked, with its secrets masked; and nothing of an unreadable body.
func TestTheJournalHasAPackedBodyUnpacked(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "unpacked"})
	const sent = `{"username": "a", "password": "c0ffee"}`
	noted := func(data []byte, encoding string) string {
		post(t, c.BaseURL+"/users/login", body{"application/json", data}, with("X-AccountCode", c.AccountCode),
			with("Content-Encoding", encoding))
		return listOf(t, c, "/journal")[0]["request"].(map[string]any)["body"].(string)
	}
	for name, tc := range map[string][2]string{
		"gzip":   {noted(gzipped(t, []byte(sent)), "gzip"), `{"username": "a", "password": "***"}`},
		"no one": {noted([]byte(sent), "gzip"), `{"username": "a", "password": "***"}`},
		"br":     {noted([]byte(sent), "br"), `{"username": "a", "password": "***"}`},
		"UTF-16": {noted([]byte("\xff\xfe"+sent), ""), "(41 unreadable bytes)"},
	} {
		if diff := cmp.Diff(tc[1], tc[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestARefusalNamesABodyOfTheWrongMediaType(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "labels"})
	_, token := patient(t, c, "pat", "123")
	const (
		form, multi, json = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
		types             = "Content-Type must be multipart/form-data, application/x-www-form-urlencoded or application/json"
		unbound           = "Content-Type multipart/form-data has no boundary: leave this header to your HTTP client, " +
			"or add boundary= and the text that separates the parts"
		asForm = "the body looks like JSON, but Content-Type is application/x-www-form-urlencoded: send application/json"
	)
	part := "--x\r\nContent-Disposition: form-data; name=\"city\"\r\n\r\nTroy\r\n--x--\r\n"
	for name, tc := range map[string]struct {
		contentType, body, want string
	}{
		"JSON as a form":         {form, `{"city":"Troy"}`, asForm},
		"broken JSON as a form":  {form, " \n{\"city\":\"Troy\"", asForm},
		"a JSON list as a form":  {form, `["Troy"]`, asForm},
		"JSON encoded as a form": {form + "; charset=UTF-8", "%7B%22city%22%3A%22Troy%22%7D=", asForm},
		"JSON as multipart": {multi, `{"city":"Troy"}`,
			"the body looks like JSON, but Content-Type is multipart/form-data: send application/json"},
		"JSON as multipart of parts": {multi + "; boundary=x", `{"city":"Troy"}`,
			"the body looks like JSON, but Content-Type is multipart/form-data: send application/json"},
		"a form as JSON": {json, "city=Troy&zip=1",
			"the body looks like a form, but Content-Type is application/json: send application/x-www-form-urlencoded"},
		"a form with brackets as JSON": {json, "insurance%5Bplan%5D=1",
			"the body looks like a form, but Content-Type is application/json: send application/x-www-form-urlencoded"},
		"a form as multipart": {multi, "city=Troy",
			"the body looks like a form, but Content-Type is multipart/form-data: send application/x-www-form-urlencoded"},
		"multipart as JSON": {json, part,
			"the body looks like multipart/form-data, but Content-Type is application/json: send multipart/form-data with " +
				"the boundary of the body"},
		"multipart as a form": {form, part,
			"the body looks like multipart/form-data, but Content-Type is application/x-www-form-urlencoded: send " +
				"multipart/form-data with the boundary of the body"},
		"JSON as text": {"text/plain;charset=UTF-8", `{"city":"Troy"}`,
			types + "; the body looks like JSON: send application/json"},
		"a form as text": {"text/plain", "city=Troy",
			types + "; the body looks like a form: send application/x-www-form-urlencoded"},
		"JSON without a type": {"", `{"city":"Troy"}`,
			types + "; the body looks like JSON: send application/json"},
		"multipart without a type": {"", part,
			types + "; the body looks like multipart/form-data: send multipart/form-data with the boundary of the body"},
		"a text without a type": {"", "Troy", types},
		"JSON that is broken":   {json, `{"city":"Troy"`, "the body is not well-formed JSON (it ends too early)"},
		"JSON that is a text":   {json, `"city=Troy"`, "the body must be a JSON object"},
		"multipart that is broken": {multi + "; boundary=x", "--y\r\n",
			"the boundary in Content-Type is not in the body: both must be the same"},
		"multipart without its boundary": {multi, part, unbound},
	} {
		got := post(t, c.BaseURL+"/me", body{tc.contentType, []byte(tc.body)}, byToken(token))
		if diff := cmp.Diff(tc.want, got.message(t, http.StatusBadRequest)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAJSONFieldSentTwiceIsNamed(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "twice"})
	_, token := patient(t, c, "pat", "123")
	for _, tc := range []struct {
		path string
		body body
		want string
	}{
		{"/me", jsonBody(`{"city": "a", "city": "a"}`), "city is sent twice in one JSON object"},
		{"/me", jsonBody(`{"insurance": {"primary": {"carrier_code": "car7551", "carrier_code": "car7556"}}}`),
			"insurance.primary.carrier_code is sent twice in one JSON object"},
		{"/me", jsonBody(`{"insurance__primary": {"carrier_code": "car7551", "carrier_code": "car7556"}}`),
			"insurance.primary.carrier_code is sent twice in one JSON object"},
		{"/users/-/insurances/import", jsonBody(`{"insurances": [{"card_type": "primary", "insurer_code": "car7551", ` +
			`"card_type": "primary"}]}`), "insurances.0.card_type is sent twice in one JSON object"},
		{"/users/-/insurances/import", formBody(fields{{"insurances",
			`[{"card_type": "primary", "insurer_code": "car7551", "card_type": "primary"}]`}}),
			"insurances.0.card_type is sent twice in one JSON object"},
		{"/me", jsonBody(`{"extra": {"Pat Sample": 1, "Pat Sample": 2}}`), "the body has a name twice in one JSON object"},
		{"/me", formBody(fields{{"extra", `{"Pat Sample": 1, "Pat Sample": 2}`}}),
			"extra has a name twice in one JSON object"},
	} {
		if got := post(t, c.BaseURL+tc.path, tc.body, byToken(token)).message(t, 400); got != tc.want {
			t.Errorf("%s %s: %s; want %s", tc.path, tc.body.data, got, tc.want)
		}
	}
	if got := post(t, c.BaseURL+"/me", jsonBody(`{"colour": 1, "colour": 2}`), byToken(token)); got.status != 200 ||
		len(warnings(got)) != 1 {
		t.Errorf("of a field that is ignored: %d %s", got.status, got.body)
	}
}

// A caller that sends all of a large body before it reads the reply gets the reply all the same.
func TestALargeBodyIsReadOnBeforeItIsRefused(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "large"})
	_, token := patient(t, c, "pat", "123")
	for range 5 {
		got := post(t, c.BaseURL+"/me", jsonBody(`{"city": "`+strings.Repeat("x", 8<<20)+`"}`), byToken(token))
		if message := got.message(t, 413); message != "the body is larger than the limit of 1048576 bytes" {
			t.Error(message)
		}
	}
}
