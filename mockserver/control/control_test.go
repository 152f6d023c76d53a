package control_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// document is the control API's own, which every reply in these tests is held to.
func document(t testing.TB) (*openapi3.T, routers.Router) {
	t.Helper()
	data, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	anywhere := *doc
	anywhere.Servers = nil
	router, err := gorillamux.NewRouter(&anywhere)
	if err != nil {
		t.Fatal(err)
	}
	return doc, router
}

type client struct {
	t      testing.TB
	base   string
	header http.Header
	router routers.Router
}

func start(t *testing.T, change ...func(*mockserver.Options)) (*mocktest.Mock, *client) {
	t.Helper()
	mock := mocktest.Start(t, change...)
	_, router := document(t)
	return mock, &client{t, mock.URL, http.Header{}, router}
}

// do calls the control API and holds the reply to the document. The body is sent as it stands.
func (c *client) do(method, path, body string) (int, string) {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+"/_mock"+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header = c.header.Clone()
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	c.check(request, reply, text)
	return reply.StatusCode, string(text)
}

func (c *client) check(request *http.Request, reply *http.Response, text []byte) {
	c.t.Helper()
	route, params, err := c.router.FindRoute(request)
	if err != nil {
		return // 404 and 405
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: request, Route: route, PathParams: params},
		Status:                 reply.StatusCode, Header: reply.Header, Body: io.NopCloser(bytes.NewReader(text)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	if reply.Header.Get("Content-Type") == "application/yaml" {
		input.Options.ExcludeResponseBody = true
	}
	if err := openapi3filter.ValidateResponse(c.t.Context(), input); err != nil {
		c.t.Errorf("%s %s: %s", request.Method, request.URL.Path, err)
	}
}

func (c *client) ok(method, path, body string, into any) {
	c.t.Helper()
	status, text := c.do(method, path, body)
	if status != http.StatusOK {
		c.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if into != nil {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *client) refused(method, path, body string, status int, message string) {
	c.t.Helper()
	got, text := c.do(method, path, body)
	var refusal struct{ Error string }
	_ = json.Unmarshal([]byte(text), &refusal)
	if got != status || refusal.Error != message {
		c.t.Errorf("%s %s %s: %d %s; want %d %s", method, path, body, got, text, status, message)
	}
}

// The document describes the routes that there are, and no other.
func TestTheDocumentDescribesEveryRoute(t *testing.T) {
	t.Parallel()
	doc, _ := document(t)
	_, c := start(t)
	for path, item := range doc.Paths.Map() {
		concrete := strings.NewReplacer("/_mock", "", "{account}", "vclinic", "{id}", "no-response").Replace(path)
		for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
			if method == "DELETE" && item.GetOperation(method) != nil {
				continue // tested below; here it would take the clinic away
			}
			status, text := c.do(method, concrete, "")
			if declared := item.GetOperation(method) != nil; declared == (status == 405) {
				t.Errorf("%s %s is declared: %t, and answers %d %s", method, path, declared, status, text)
			}
		}
	}
}

func TestHealthNeedsNoTokenAndEverythingElseDoes(t *testing.T) {
	t.Parallel()
	_, c := start(t, func(o *mockserver.Options) { o.ControlToken, o.Version = "s3cret", "1.2.3" })
	var version struct{ Version string }
	c.ok("GET", "/version", "", &version)
	if version.Version != "1.2.3" {
		t.Errorf("version = %s", version.Version)
	}
	for _, path := range []string{"/livez", "/readyz", "/openapi.yaml", "/vsee.yaml"} {
		if status, text := c.do("GET", path, ""); status != 200 {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	const message = "the control API needs Authorization: Bearer with the server's control token"
	c.refused("GET", "/clinics", "", 401, message)
	c.refused("POST", "/clinics/vclinic/clock", `{"advance": "10s"}`, 401, message)
	for _, wrong := range []string{"Bearer wrong", "s3cret", "Basic s3cret", "Bearer", ""} {
		c.header.Set("Authorization", wrong)
		c.refused("GET", "/scenarios", "", 401, message)
	}
	c.header.Set("Authorization", "bearer s3cret")
	c.ok("GET", "/clinics", "", nil)
	c.header.Set("Authorization", "Bearer wrong")
	c.refused("GET", "/scenarios", "", 401, message)
	c.header.Set("Authorization", "Bearer s3cret")
	c.ok("GET", "/clinics", "", nil)
}

func TestAPageOfAnotherOriginChangesNothing(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	c.header.Set("Origin", "https://evil.example")
	c.header.Set("Sec-Fetch-Site", "cross-site")
	c.refused("POST", "/clinics/vclinic/reset", "", 403, "a page of another origin may not change the mock")
	c.ok("GET", "/clinics", "", nil)
}

// A page whose host name its owner makes resolve to this computer is of the same origin as the mock, to a browser.
func TestANameThatSomebodyCanOwnLeadsNowhere(t *testing.T) {
	t.Parallel()
	for name, mock := range map[string]struct {
		token string
		open  bool
	}{"without a token": {"", false}, "with a token": {"s3cret", true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := start(t, func(o *mockserver.Options) { o.ControlToken = mock.token })
			for host, private := range map[string]bool{
				"127.0.0.1:8080": true, "[::1]:8080": true, "localhost": true, "vsee-mock:8080": true, "api-a.localhost": true,
				"mock.default.svc.cluster.local": true, "host.docker.internal": true, "evil.example": false, "127.0.0.1.evil.example": false,
			} {
				request, err := http.NewRequestWithContext(t.Context(), "GET", c.base+"/_mock/clinics", nil)
				if err != nil {
					t.Fatal(err)
				}
				request.Host = host
				request.Header.Set("Authorization", "Bearer "+mock.token)
				reply, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				reply.Body.Close()
				want := 200
				if !private && !mock.open {
					want = 403
				}
				if reply.StatusCode != want {
					t.Errorf("%s is answered %d, want %d", host, reply.StatusCode, want)
				}
			}
		})
	}
}

type clinicReply struct {
	AccountCode string `json:"account_code"`
	BaseURL     string `json:"base_url"`
	APIKey      string `json:"api_key"`
	APISecret   string `json:"api_secret"`
	AdminToken  string `json:"admin_token"`
	CronDelay   string `json:"cron_delay"`
	Seed        uint64
	Webhook     struct{ URL, Secret, Signature string }
	Insurers    []struct{ ID, Name string }
	Clock       struct {
		Now    time.Time
		Frozen bool
	}
	Pending struct{ Checks, Deliveries int }
}

func TestAClinicIsMadeChangedAndDeleted(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	var made, same, again clinicReply
	body := `{"account_code": "north", "cron_delay": "1m30s", "seed": 7, "insurers": [{"id": "x", "name": "X"}],
		"webhook": {"url": "http://127.0.0.1:9/hook"}, "clock": {"set": "2026-01-31T09:00:00+01:00", "freeze": true}}`
	c.ok("POST", "/clinics", body, &made)
	if made.CronDelay != "1m30s" || made.Seed != 7 || made.Insurers[0].ID != "x" || made.Webhook.Signature != "standard" ||
		!strings.HasPrefix(made.Webhook.Secret, "whsec_") || made.BaseURL != c.base+"/api_v3" ||
		!made.Clock.Now.Equal(time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)) || !made.Clock.Frozen {
		t.Errorf("made %+v", made)
	}
	request, _ := http.NewRequestWithContext(t.Context(), "GET", made.BaseURL+"/insurances", nil)
	request.Header.Set("X-ApiToken", made.AdminToken)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	if reply.StatusCode != 200 {
		t.Errorf("its admin token is answered %d", reply.StatusCode)
	}
	c.ok("GET", "/clinics/north", "", &same)
	if diff := cmp.Diff(made, same); diff != "" {
		t.Errorf("(-made +read):\n%s", diff)
	}
	c.ok("PATCH", "/clinics/north", `{"webhook": {"url": ""}, "cron_delay": "5s"}`, &again)
	want := made
	want.Webhook.URL, want.CronDelay = "", "5s"
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("(-want +patched):\n%s", diff)
	}
	if status, text := c.do("DELETE", "/clinics/north", ""); status != 204 || text != "" {
		t.Errorf("DELETE: %d %s", status, text)
	}
	c.refused("GET", "/clinics/north", "", 404, "there is no clinic with this account code: GET /_mock/clinics lists them")
	var first, second clinicReply
	c.ok("POST", "/clinics", "", &first)
	c.ok("POST", "/clinics", "{}", &second)
	if first.AccountCode != "clinic-1" || second.AccountCode != "clinic-2" || first.AdminToken == second.AdminToken {
		t.Errorf("made up: %s and %s", first.AccountCode, second.AccountCode)
	}
}

// Each kind of bad input is refused with a sentence, and changes nothing.
func TestBadInputIsRefused(t *testing.T) {
	t.Parallel()
	mock, c := start(t, func(o *mockserver.Options) { o.BodyLimit = 500 })
	mock.NewClinic(t, clinic.Settings{AccountCode: "one", AdminToken: "taken"})
	mock.NewClinic(t, clinic.Settings{AccountCode: "told", Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	const clock = "/clinics/one/clock"
	oneOf := `send one of {"advance": "10s"}, {"set": "2026-01-31T09:00:00Z"}, {"freeze": true} and {"run": true}`
	span := `a time span must be text such as "10s", "5m" or "1h30m", and less than 292 years`
	for _, tc := range []struct {
		method, path, body string
		status             int
		message            string
	}{
		{"POST", clock, `{}`, 400, oneOf},
		{"POST", clock, ``, 400, oneOf},
		{"POST", clock, `{"freeze": true, "run": true}`, 400, oneOf},
		{"POST", clock, `{"advance": "10"}`, 400, span},
		{"POST", clock, `{"advance": 10}`, 400, span},
		{"POST", clock, `{"advance": "999999999h"}`, 400, span},
		{"POST", clock, `{"advance": "-1s"}`, 400, "a clinic's clock cannot go back; POST …/reset starts the clinic anew"},
		{"POST", clock, `{"set": "2001-01-01T00:00:00Z"}`, 400, "a clinic's clock cannot go back; POST …/reset starts the clinic anew"},
		{"POST", clock, `{"set": "9999-01-01T00:00:00Z"}`, 400, "a clinic's clock cannot go beyond 2105"},
		{"POST", clock, `{"advance": "2000000h"}`, 400, "a clinic's clock cannot go beyond 2105"},
		{"POST", "/clinics", `{"clock": {"set": "1960-01-01T00:00:00Z"}}`, 400, "clock must start between 1970 and 2105"},
		{"POST", clock, `{"set": "tomorrow"}`, 400, "set must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z"},
		{"POST", clock, `{"set": 5}`, 400, "set must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z"},
		{"POST", clock, `{"freeze": "yes"}`, 400, "freeze must be true or false"},
		{"POST", clock, `{"adavnce": "10s"}`, 400, `unknown field "adavnce": GET /_mock/openapi.yaml lists them`},
		{"POST", clock, `{"freeze": true} x`, 400, "the body has something after the JSON object"},
		{"POST", clock, `{`, 400, "the body must be one well-formed JSON object"},
		{"POST", clock, `[]`, 400, "the body must be one well-formed JSON object"},
		{"POST", clock, `{"advance": "` + strings.Repeat("0", 600) + `s"}`, 413, "the body is larger than the limit of 500 bytes"},
		{"PUT", clock, ``, 405, "this path takes GET, POST"},
		{"POST", "/clinics/one/settle", `{"timeout": "0s"}`, 400, "timeout must be longer than nothing"},
		{"POST", "/clinics", `{"account_code": "one"}`, 409, "the account code or the admin token belongs to another clinic"},
		{"POST", "/clinics", `{"account_code": "No Good"}`, 400, "account_code must be 1 to 63 lower-case letters, digits, hyphens and underscores, as in a host name"},
		{"POST", "/clinics", `{"cron_delay": "-1s"}`, 400, "cron_delay must not be negative"},
		{"POST", "/clinics", `{"seed": -1}`, 400, "seed must be a whole number that is not negative"},
		{"POST", "/clinics", `{"insurers": {}}`, 400, "insurers must be a list"},
		{"POST", "/clinics", `{"webhook": {"url": 5}}`, 400, "webhook.url must be text"},
		{"POST", "/clinics", `{"webhook": {"url": "localhost:9000"}}`, 400, "webhook.url must be an http or https URL with a host"},
		{"POST", "/clinics", `{"webhook": {"signature": "md5"}}`, 400, "webhook.signature must be standard, stripe, github or none"},
		{"PATCH", "/clinics/one", `{"seed": 1}`, 400, "account_code, seed and clock are set when a clinic is created; POST …/clock moves the clock"},
		{"PATCH", "/clinics/one", `{"webhook": {"secret": "x"}}`, 400, "webhook.secret must be whsec_ and the base64 of 24 to 64 bytes"},
		{"PATCH", "/clinics/one", `{"webhook": {"signature": "standard", "previous_secret": "x"}}`, 400, `webhook.previous_secret must be whsec_ and the base64 of 24 to 64 bytes`},
		{"PATCH", "/clinics/one", `{"webhook": {"envelope": "3.0"}}`, 400, `webhook.envelope must be unversioned, 1.0 or 2.0`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"id": "X Id:"}}}`, 400, `webhook.headers.id must be the name of a header: letters, digits and hyphens`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"name": "X"}}}`, 400, `unknown field "name": GET /_mock/openapi.yaml lists them`},
		{"PATCH", "/clinics/one", `{"webhook": {"schedule": "never"}}`, 400, `schedule must be "standard", "once", or a list of time spans such as ["5s", "1m"]`},
		{"PATCH", "/clinics/one", `{"webhook": {"schedule": [5]}}`, 400, `schedule must be "standard", "once", or a list of time spans such as ["5s", "1m"]`},
		{"PATCH", "/clinics/one", `{"webhook": {"schedule": ["-5s"]}}`, 400, `webhook.schedule must hold time spans from 0s to 720h`},
		{"PATCH", "/clinics/one", `{"webhook": {"jitter": 1.5}}`, 400, `webhook.jitter must be a number from 0 to 1`},
		{"PATCH", "/clinics/one", `{"webhook": {"jitter": "much"}}`, 400, `webhook.jitter must be a number`},
		{"PATCH", "/clinics/one", `{"webhook": {"concurrency": 101}}`, 400, `webhook.concurrency must be a whole number from 1 to 100`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"dorp": true}}}`, 400, `unknown field "dorp": GET /_mock/openapi.yaml lists them`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"hold": "soon"}}}`, 400, `hold must be "next", or a time span such as "5m"`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"slow": 5}}}`, 400, `a time span must be text such as "10s", "5m" or "1h30m", and not negative`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"slow": "2m"}}}`, 400, `misbehaviour.slow must be a time span from 0s to 1m`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"burst": -1}}}`, 400, `misbehaviour.burst must be a whole number from 0 to 1000`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"signature": "odd"}}}`, 400, `misbehaviour.signature must be bad or old`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"timestamp": "late"}}}`, 400, `misbehaviour.timestamp must be stale or future`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"hold": "5m", "after_read": true}}}`, 400, `misbehaviour.hold, before_reply and after_read exclude each other`},
		{"POST", "/clinics/one/events", `{}`, 400, `type must be an event of VSee's that the mock knows: eligibility.checked`},
		{"POST", "/clinics/one/events", `{"type": "visit.created", "member_id": "1"}`, 400, `type must be an event of VSee's that the mock knows: eligibility.checked`},
		{"POST", "/clinics/one/events", `{"type": "eligibility.checked"}`, 400, `member_id must be the id of a user: GET …/users lists them`},
		{"POST", "/clinics/one/events", `{"type": "eligibility.checked", "member_id": "1"}`, 404, `the clinic has no user with this id: GET …/users lists them`},
		{"POST", "/clinics/one/events", `{"type": "eligibility.checked", "member_id": "132406"}`, 400, `the clinic has no webhook: set webhook.url first`},
		{"GET", "/clinics/one/events/nothing", ``, 404, "the clinic has no event with this id"},
		{"POST", "/clinics/one/events/nothing/resend", ``, 404, "the clinic has no event with this id"},
		{"POST", "/clinics/told/events", `{"type": "eligibility.checked", "member_id": "132406", "data": {"eligibility_response": "Maybe"}}`, 400, `openapi.yaml does not let this event be sent: data.eligibility_response must be Success, or a reject reason spelled as VSee spells it`},
		{"POST", "/clinics/told/events", `{"type": "eligibility.checked", "member_id": "132406", "data": {"eligibility_id": null}}`, 400, `openapi.yaml does not let this event be sent: data.eligibility_id is required`},
		{"POST", "/clinics/told/events", `{"type": "eligibility.checked", "member_id": "132406", "data": {"more": 1}}`, 400, `openapi.yaml does not let this event be sent: data.more is not declared`},
		{"GET", "/clinics/one/users?limti=1", ``, 400, "a list takes the parameters limit and after alone"},
		{"GET", "/clinics/one/users?limit=0", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/checks?limit=x", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/events?limit=10001", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/deliveries?limit=-1", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/journal?limit=1.5", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/nobody/users", ``, 404, "there is no clinic with this account code: GET /_mock/clinics lists them"},
		{"GET", "/scenarios/nothing", ``, 404, "there is no scenario with this id: GET /_mock/scenarios lists them"},
		{"GET", "/nothing", ``, 404, "there is no such page: GET /_mock/openapi.yaml lists them all"},
		{"GET", "", ``, 404, "there is no such page: GET /_mock/openapi.yaml lists them all"},
		{"GET", "/clinics/../clinics", ``, 404, "there is no such page: GET /_mock/openapi.yaml lists them all"},
		{"GET", "/clinics/one%2Fusers", ``, 404, "there is no clinic with this account code: GET /_mock/clinics lists them"},
	} {
		t.Run(tc.method+" "+tc.path+" "+tc.body[:min(30, len(tc.body))], func(t *testing.T) {
			c := &client{t, c.base, http.Header{}, c.router}
			c.refused(tc.method, tc.path, tc.body, tc.status, tc.message)
		})
	}
	var all struct{ Data []clinicReply }
	c.ok("GET", "/clinics", "", &all)
	if len(all.Data) != 3 {
		t.Errorf("after the refusals there are %d clinics", len(all.Data))
	}
}

func TestTheClockMovesFreezesAndRuns(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "one", Clock: clinic.ClockSettings{Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)}})
	type receipt struct {
		From, To time.Time
		Frozen   bool
	}
	var frozen, moved, set, running receipt
	const path = "/clinics/one/clock"
	c.ok("POST", path, `{"freeze": true}`, &frozen)
	c.ok("POST", path, `{"advance": "1h"}`, &moved)
	c.ok("POST", path, `{"set": "2026-02-01T00:00:00Z"}`, &set)
	if !frozen.Frozen || moved.To.Sub(moved.From) != time.Hour || !set.From.Equal(moved.To) ||
		!set.To.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("frozen %+v, moved %+v, set %+v", frozen, moved, set)
	}
	c.ok("POST", path, `{"run": true}`, &running)
	var shown struct {
		Now    time.Time
		Frozen bool
	}
	c.ok("GET", path, "", &shown)
	if running.Frozen || shown.Frozen || shown.Now.Before(set.To) {
		t.Errorf("running %+v, shown %+v", running, shown)
	}
}

// A receiver that does not answer makes settle give up, and say what is pending.
func TestSettleGivesUpOnAReceiverThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	begun, hang := make(chan struct{}), make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(int) int { close(begun); <-hang; return 200 })
	mock, c := start(t)
	now := time.Duration(0)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", CronDelay: &now, Webhook: clinic.Webhook{URL: receiver.URL}})
	check(t, one)
	<-begun
	c.refused("POST", "/clinics/one/settle", `{"timeout": "1ms"}`, 504, "the clinic did not settle in time: 0 checks and 1 deliveries are "+
		"pending, due or not; a receiver that does not answer holds up the rest")
	close(hang)
	var settled struct{ Deliveries []struct{ Status int } }
	c.ok("POST", "/clinics/one/settle", ``, &settled)
	var events struct{ Data []struct{ Status string } }
	c.ok("GET", "/clinics/one/events", "", &events)
	if events.Data[0].Status != "delivered" {
		t.Errorf("after settle the event is %s", events.Data[0].Status)
	}
}

// check has the clinic's admin start a check of themselves.
func check(t *testing.T, c *mocktest.Clinic) {
	t.Helper()
	for _, step := range [][2]string{
		{"/me", `{"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "11000075"}}}`},
		{"/users/-/car7556/eligibility", ``},
	} {
		request, err := http.NewRequestWithContext(t.Context(), "POST", c.BaseURL+step[0], strings.NewReader(step[1]))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-ApiToken", c.AdminToken)
		request.Header.Set("Content-Type", "application/json")
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
		if reply.StatusCode != 200 {
			t.Fatalf("%s: %d", step[0], reply.StatusCode)
		}
	}
}

// The lists show what there is, newest first, a page at a time.
func TestListsShowWhatThereIs(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: receiver.URL}})
	check(t, one)
	check(t, one)
	one.Advance(t, 15*time.Second)
	check(t, one)

	var checks struct {
		Data []struct{ ID, Status, Rule, Why, Card string }
		Next string
	}
	c.ok("GET", "/clinics/one/checks?limit=2", "", &checks)
	got := fmt.Sprint(checks.Data)
	want := "[{2505467 pending number the subscriber number asks for reject code 75 primary} " +
		"{2505466 done number the subscriber number asks for reject code 75 primary}]"
	if got != want || checks.Next != "2505466" {
		t.Errorf("checks = %s, next %s", got, checks.Next)
	}
	c.ok("GET", "/clinics/one/checks?limit=2&after="+checks.Next, "", &checks)
	if len(checks.Data) != 1 || checks.Data[0].ID != "2505465" {
		t.Errorf("the next page is %v", checks.Data)
	}
	checks.Next = ""
	c.ok("GET", "/clinics/one/checks?limit=3", "", &checks)
	if len(checks.Data) != 3 || checks.Next != "" {
		t.Errorf("a page that ends with the last check names %q as next", checks.Next)
	}
	var deliveries struct {
		Data []struct {
			EventID         string `json:"event_id"`
			Attempt, Status int
			Reason, Body    string
			Headers         map[string][]string
			Next            string `json:"next_attempt"`
		}
	}
	c.ok("GET", "/clinics/one/deliveries", "", &deliveries)
	var attempts []string
	for _, d := range deliveries.Data {
		attempts = append(attempts, fmt.Sprintf("%d %d %s %t", d.Attempt, d.Status, d.Reason, d.Next != ""))
		if !strings.Contains(d.Body, d.EventID) || len(d.Headers["Webhook-Signature"]) != 1 {
			t.Errorf("delivery %+v", d)
		}
	}
	if diff := cmp.Diff([]string{"2 200  false", "1 200  false", "1 503 status true"}, attempts); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	var events struct{ Data []struct{ Status string } }
	c.ok("GET", "/clinics/one/events", "", &events)
	var users struct {
		Data []struct {
			Responses map[string]string `json:"eligibility_responses"`
		}
	}
	c.ok("GET", "/clinics/one/users", "", &users)
	if len(events.Data) != 2 || users.Data[0].Responses["primary"] != "Subscriber/Insured not found" {
		t.Errorf("events %v, users %v", events, users)
	}
	var journal struct {
		Data []struct {
			Operation string
			Request   struct{ Headers map[string][]string }
		}
	}
	c.ok("GET", "/clinics/one/journal", "", &journal)
	if len(journal.Data) != 6 || journal.Data[0].Operation != "startEligibilityCheck" ||
		!slices.Equal(journal.Data[0].Request.Headers["X-Apitoken"], []string{"***"}) {
		t.Errorf("journal = %v", journal.Data)
	}
}

func TestScenariosInForceAreListed(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	var all struct{ Data []struct{ ID string } }
	c.ok("GET", "/scenarios", "", &all)
	if len(all.Data) < 10 {
		t.Errorf("%d scenarios", len(all.Data))
	}
	var one struct {
		Answers []struct{ Text, Code, After string }
	}
	c.ok("GET", "/scenarios/late", "", &one)
	if one.Answers[0].Text != "Success" || one.Answers[0].After != "10m0s" {
		t.Errorf("late = %+v", one)
	}
}
