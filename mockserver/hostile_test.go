package mockserver_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// sizeOf returns how many bytes a header has on the wire, about.
func sizeOf(h http.Header) int {
	n := 0
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(": \r\n") + len(value)
		}
	}
	return n
}

// Some proxies refuse a reply with a header longer than 4 KiB, and Node.js one of 16 KiB.
func TestNoRequestMakesTheHeaderOfAReplyLong(t *testing.T) {
	t.Parallel()
	c := unknownFields(t, clinic.IgnoreUnknown)
	_, token := patient(t, c, "pat", "123")
	sent := fields{{"insurance.primary.carrier_code", "none"}, {"insurance.secondary.carrier_code", "none"}}
	query := url.Values{}
	for n := range 100 {
		sent = append(sent, [2]string{fmt.Sprintf("insurance.primary.carrier_cod%02d", n), "x"},
			[2]string{fmt.Sprintf("%02d%s", n, strings.Repeat("ß", 60)), "x"})
		query.Set(fmt.Sprintf("%02d%s", n, strings.Repeat("\x01", 60)), "x")
	}
	got := post(t, c.BaseURL+"/me?"+query.Encode(), formBody(sent), byToken(token))
	if size := sizeOf(got.header); got.status != 200 || size > 4<<10 {
		t.Errorf("%d with a header of %d bytes: %v", got.status, size, got.header)
	}
	for _, w := range warnings(got)[:2] {
		if !strings.Contains(w, " more") {
			t.Errorf("a warning does not say that there are more: %s", w)
		}
	}
}

func TestAReplyToAPreflightIsShort(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	many := strings.TrimSuffix(strings.Repeat("x-apitoken,", 5_000), ",")
	r := preflight(t, mock.URL+"/api_v3/me", browserApp, with("Access-Control-Request-Headers", many))
	if got := r.header.Get("Access-Control-Allow-Headers"); r.status != 204 || !strings.Contains(got, "X-ApiToken") ||
		sizeOf(r.header) > 4<<10 {
		t.Errorf("%d %v", r.status, r.header)
	}
}

func TestUTF16WithoutAMarkIsNamed(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "wide"})
	_, token := patient(t, c, "pat", "123")
	for _, text := range []string{`{"city":"Troy"}`, "city=Troy"} {
		var little, big []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			little, big = append(little, byte(unit), byte(unit>>8)), append(big, byte(unit>>8), byte(unit))
		}
		for _, data := range [][]byte{little, big} {
			for _, kind := range []string{"application/json", "application/x-www-form-urlencoded"} {
				got := post(t, c.BaseURL+"/me", body{kind, data}, byToken(token)).message(t, 400)
				if got != "the body is UTF-16 or UTF-32: send UTF-8" {
					t.Errorf("%q as %s: %s", data, kind, got)
				}
			}
		}
	}
}

func TestABodyOfTooManyValuesIsRefused(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "many"})
	_, token := patient(t, c, "pat", "123")
	text := `{"extra": [0` + strings.Repeat(",0", 50_000) + `]}`
	got := post(t, c.BaseURL+"/me", jsonBody(text), byToken(token)).message(t, 400)
	if got != "the body has more than 50000 JSON values: send fewer" {
		t.Error(got)
	}
}

// A name is not repeated if it may be a value or a credential: a refusal is in the log and in the journal.
func TestARefusalRepeatsNoNameThatMayBeAValue(t *testing.T) {
	t.Parallel()
	const token = "deadbeefcafe0123456789abcdef0123"
	c := unknownFields(t, clinic.RefuseUnknown)
	_, own := patient(t, c, "pat", "123")
	for name, tc := range map[string]struct {
		path string
		body body
		want string
	}{
		"a token as a field":     {"/me", formBody(fields{{token, "1"}}), "the body has a field with an invalid name"},
		"a token as a parameter": {"/users?" + token, noBody, "the query has a parameter with an invalid name"},
		"a token twice in JSON": {"/me", jsonBody(`{"extra": {"` + token + `": 1, "` + token + `": 2}}`),
			"the body has a name twice in one JSON object"},
		"an own field, twice": {"/me", formBody(fields{{"extra[Pat\nSample]", "1"}, {"extra[Pat\nSample]", "2"}}),
			"extra has a field that is sent more than once, with different values"},
		"an own field, as both": {"/me", formBody(fields{{"extra[a b]", "1"}, {"extra[a b][c]", "2"}}),
			"extra has a field that is sent both as a value and as an object: send one of the two"},
		"a long own field, twice": {"/me", formBody(fields{{"extra." + strings.Repeat("x", 1_000), "1"},
			{"extra." + strings.Repeat("x", 1_000), "2"}}),
			"extra has a field that is sent more than once, with different values"},
		"a readable own field": {"/me", formBody(fields{{"extra[th_id]", "1"}, {"extra.th_id", "2"}}),
			"extra.th_id is sent more than once, with different values"},
		"a field of an object": {"/me", jsonBody(`{"insurance": {"primary": {"x": 1}}}`),
			"insurance.primary.x is not a field of this request"},
		"the item of a text": {"/users?limit[]=5", noBody, "limit must be one value, not a list"},
		"a text in place of a list": {"/insurance/claims",
			formBody(fields{{"member_id", "1"}, {"carrier_code", "x"}, {"encounter_date", "2026-01-01"}, {"facility_code", "x"},
				{"diagnoses", "R05.9"}, {"lines[0]", "x"}}),
			"diagnoses must be a list: send diagnoses[] once for each item, or a JSON list; lines.0 is not well-formed JSON " +
				"(line 1, column 1); facility_code is not in the clinic's claims settings: use 3, 41, AMC, AWC, MSC, STM"},
		"a blank in an address": {"/me", body{"application/x-www-form-urlencoded", []byte("email=pat+x@example.com")},
			"email must be an e-mail address (the value has a blank, and + means a blank in a form: send + as %2B)"},
		"JSON that breaks off": {"/me", jsonBody("{\"city\": \"Troy\",\n \"zip\" 1}"),
			"the body is not well-formed JSON (line 2, column 8)"},
		"multipart without its end": {"/me", body{"multipart/form-data; boundary=x",
			[]byte("--x\r\nContent-Disposition: form-data; name=city\r\n\r\nTroy")},
			"the multipart body is cut off: it must end with --, the boundary and --"},
	} {
		method := http.MethodPost
		if strings.HasPrefix(tc.path, "/users?") {
			method = http.MethodGet
		}
		if got := send(t, method, c.BaseURL+tc.path, tc.body, byToken(own)).message(t, 400); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// A field of an object is no typo of the object.
func TestAFieldOfAnObjectIsNoTypoOfTheObject(t *testing.T) {
	t.Parallel()
	c := unknownFields(t, clinic.RefuseTypos)
	_, token := patient(t, c, "pat", "123")
	got := post(t, c.BaseURL+"/me", jsonBody(`{"insurance": {"primary": {"x": 1}}}`), byToken(token))
	if want := "unknown fields were ignored (unknown_fields: typos): insurance.primary.x"; got.status != 200 ||
		warnings(got)[0] != want {
		t.Errorf("%d %q", got.status, warnings(got))
	}
}

// Some clients name a boundary in the type of a form without need of one.
func TestAFormWithABoundaryThatItDoesNotHaveIsAForm(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "form"})
	_, token := patient(t, c, "pat", "123")
	got := post(t, c.BaseURL+"/me", body{"application/x-www-form-urlencoded; boundary=x", []byte("city=Troy")},
		byToken(token))
	if got.status != 200 || got.at(t, "data", "city") != "Troy" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// A caller leaving before the end of a move is no failure of the mock.
func TestACallerThatLeavesDuringAMoveIsNoFailureInTheLog(t *testing.T) {
	t.Parallel()
	receiver, begun, goOn := blockingReceiver(t, 1)
	mock, book := startLogged(t, func(o *mockserver.Options) { o.Clinics = []clinic.Settings{frozenSettings(receiver)} })
	startChecks(t, mock.URL, 1)
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/_mock/clinics/stop/clock",
			strings.NewReader(`{"advance": "10s"}`))
		r.Host = "localhost"
		mock.Server.ServeHTTP(httptest.NewRecorder(), r)
	}()
	<-begun
	leave()
	close(goOn)
	<-ended
	left := 0
	for _, line := range book.lines(t) {
		if line["level"] == "ERROR" {
			t.Errorf("the log has %v", line)
		}
		if line["message"] == "the caller disconnected before the end of this call" && line["level"] == "WARN" {
			left++
		}
	}
	if left != 1 {
		t.Errorf("the log says %d times that the caller left: %s", left, book)
	}
}

// Each form of a request in HTTP/1 gets a valid HTTP/1 answer.
func TestUnusualRequestsAreAnswered(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "raw", AdminToken: "raw-token"})
	for name, tc := range map[string]struct {
		head string
		want int
	}{
		"HTTP/1.0 without a host": {"GET /api_v3/accounts/raw HTTP/1.0\r\n\r\n", 200},
		"a whole URL as the target": {"GET http://u:p@elsewhere.example/api_v3/accounts/raw HTTP/1.1\r\nHost: " +
			"localhost\r\n\r\n", 200},
		"a path of the mock's, whole": {"GET http://localhost/_mock/livez HTTP/1.1\r\nHost: localhost\r\n\r\n", 200},
		"two hosts":                   {"GET /api_v3/accounts/raw HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
		"all of the server":           {"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 200},
		"HEAD":                        {"HEAD /api_v3/me HTTP/1.1\r\nHost: localhost\r\n\r\n", 405},
		"a slash that is encoded":     {"GET /_mock%2fx/api_v3/accounts/raw HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
		"the mock's path, encoded":    {"GET /%5fmock/clinics HTTP/1.1\r\nHost: localhost\r\n\r\n", 404},
		"a body that is announced": {"POST /api_v3/me HTTP/1.1\r\nHost: localhost\r\nExpect: " +
			"100-continue\r\nContent-Length: 5\r\n\r\n", 401},
		"a body that is too large": {"POST /api_v3/me HTTP/1.1\r\nHost: localhost\r\nX-ApiToken: " +
			"raw-token\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n", 413},
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(mock.URL, "http://")) //nolint:noctx // it is on this computer
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(tc.head)); err != nil {
			t.Fatal(err)
		}
		method, _, _ := strings.Cut(tc.head, " ")
		r, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
		if err != nil || r.StatusCode != tc.want {
			t.Errorf("%s: %v, %v", name, r, err)
		} else {
			r.Body.Close()
		}
		conn.Close()
	}
}
