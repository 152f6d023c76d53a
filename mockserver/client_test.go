package mockserver_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// fields are the fields of a form, in the order of sending.
type fields [][2]string

// and returns the fields with more behind them.
func (f fields) and(name, value string) fields {
	return append(slices.Clone(f), [2]string{name, value})
}

// edward is the patient of the guide's step 2.
var edward = fields{
	{"first_name", "Edward"},
	{"last_name", "VSee"},
	{"type", "200"},
	{"code", "edward+001.vclinic@vseelab.com"},
	{"email", "edward+001.vclinic@vseelab.com"},
	{"dob", "1986-01-01"},
	{"gender", "1"},
	{"street_addr", "2868 Tully Street"},
	{"state", "Detroit"},
	{"city", "MI"},
	{"zip", "48226"},
}

// body is the body of a request.
type body struct {
	contentType string
	data        []byte
}

var noBody = body{}

func multipartBody(f fields) body {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range f {
		_ = w.WriteField(field[0], field[1])
	}
	_ = w.Close()
	return body{w.FormDataContentType(), b.Bytes()}
}

func formBody(f fields) body {
	var parts []string
	for _, field := range f {
		parts = append(parts, url.QueryEscape(field[0])+"="+url.QueryEscape(field[1]))
	}
	return body{"application/x-www-form-urlencoded", []byte(strings.Join(parts, "&"))}
}

func jsonBody(text string) body { return body{"application/json", []byte(text)} }

// with sets a header of a request.
func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// reply is the reply to a request.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func get(t testing.TB, address string, options ...func(*http.Request)) reply {
	t.Helper()
	return send(t, http.MethodGet, address, noBody, options...)
}

func post(t testing.TB, address string, b body, options ...func(*http.Request)) reply {
	t.Helper()
	return send(t, http.MethodPost, address, b, options...)
}

func send(t testing.TB, method, address string, b body, options ...func(*http.Request)) reply {
	t.Helper()
	return sendWith(t, mocktest.Client(), method, address, b, options...)
}

func sendWith(
	t testing.TB, client *http.Client, method, address string, b body, options ...func(*http.Request),
) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(b.data))
	if err != nil {
		t.Fatal(err)
	}
	if b.contentType != "" {
		request.Header.Set("Content-Type", b.contentType)
	}
	for _, option := range options {
		option(request)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header, data}
}

func (r reply) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Fatalf("%d %s: %s", r.status, r.body, err)
	}
}

func (r reply) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	r.into(t, &v)
	return v
}

// at returns the value at a path of names. The test fails when there is none.
func (r reply) at(t testing.TB, path ...string) any {
	t.Helper()
	var v any = r.json(t)
	for _, name := range path {
		object, ok := v.(map[string]any)
		if !ok || object[name] == nil {
			t.Fatalf("%d %s has no %s", r.status, r.body, strings.Join(path, "."))
		}
		v = object[name]
	}
	return v
}

// message returns the message of a refusal. The test fails if the reply is not a refusal with this status.
func (r reply) message(t testing.TB, status int) string {
	t.Helper()
	var refusal struct {
		Code    int
		Message string
	}
	r.into(t, &refusal)
	if r.status != status || refusal.Code != status {
		t.Fatalf("status %d, code %d: %s; want %d", r.status, refusal.Code, r.body, status)
	}
	return refusal.Message
}

// signOn signs a user on and returns the reply. The test fails if the sign-on is refused.
func signOn(t testing.TB, c *mocktest.Clinic, f fields) reply {
	t.Helper()
	r := post(t, c.BaseURL+"/users/sso", multipartBody(f), byKey(c))
	if r.status != http.StatusOK {
		t.Fatalf("signing on: %d %s", r.status, r.body)
	}
	return r
}

// byKey authenticates a request by a clinic's key and secret.
func byKey(c *mocktest.Clinic) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("X-AccountCode", c.AccountCode)
		r.Header.Set("X-ApiKey", c.Key)
		r.Header.Set("X-ApiSecret", c.Secret)
	}
}

func byToken(token string) func(*http.Request) { return with("X-ApiToken", token) }

// patient signs a patient with a primary card on and returns their id and token.
func patient(t testing.TB, c *mocktest.Clinic, code, subscriber string) (id, token string) {
	t.Helper()
	r := signOn(t, c, fields{
		{"first_name", "Pat"},
		{"last_name", "Sample"},
		{"code", code},
		{"dob", "1980-02-29"},
		{"gender", "female"},
		{"insurance.primary_carrier_code", "car7556"},
		{"insurance.primary_subscriber_num", subscriber},
	})
	return r.at(t, "data", "id").(string), r.at(t, "data", "token", "token").(string)
}

// start starts a check with the patient's own token and returns its id.
func start(t testing.TB, c *mocktest.Clinic, id, token string) string {
	t.Helper()
	r := post(t, c.BaseURL+"/users/"+id+"/car7556/eligibility", noBody, byToken(token))
	return r.at(t, "data", "eligibility_id").(string)
}

// response returns the response saved on a user's card, "" for none.
func response(t testing.TB, c *mocktest.Clinic, id, card string) string {
	t.Helper()
	var user struct {
		Data struct {
			UserData map[string]map[string]string `json:"user_data"`
		}
	}
	get(t, c.BaseURL+"/users/"+id, byToken(c.AdminToken)).into(t, &user)
	return user.Data.UserData[card]["eligibility_response"]
}

// verify checks an event's signature with an independent implementation. It refuses a time more than five minutes
// from real time.
func verify(t testing.TB, r mocktest.Received, secret string) {
	t.Helper()
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := wh.Verify(r.Body, r.Header); err != nil {
		t.Errorf("the signature of %s: %s", r.Body, err)
	}
}

// diffJSON compares a reply with the expected one, except for the names in ignore.
func diffJSON(t testing.TB, what, want string, got reply, ignore ...string) {
	t.Helper()
	var wanted, had any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	got.into(t, &had)
	ignored := cmp.FilterPath(func(p cmp.Path) bool {
		key, ok := p.Index(-2).(cmp.MapIndex) // the last step is from any to string
		return ok && slices.Contains(ignore, key.Key().String())
	}, cmp.Comparer(func(string, string) bool { return true }))
	if diff := cmp.Diff(wanted, had, ignored); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func newReader(data []byte) io.Reader { return bytes.NewReader(data) }

// newServer starts a server, stops it at the end of the test, and returns its URL.
func newServer(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}
