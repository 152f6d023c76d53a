package control_test

import (
	"net/http"
	"strings"
	"testing"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/signature"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	vsees "github.com/vsee-mock/vsee-mock/mockserver/document"
)

// The refusals of an unknown type of event, in a list and in an event sent by hand, and of a setting that stays.
const (
	setAtCreation = "account_code, scenario, seed, clock and first_visit_id are set when a clinic is created; " +
		"POST …/clock moves the clock"
	noSuchEvent = "webhook.events must be a list of eligibility.checked, user.created, claim.updated, visit.created, " +
		"visit.updated, visit.ended, visit.note.signed_and_sent or visit.invoice.processed, each once at most"
	noSuchType = "type must be an event that the mock knows: claim.updated, eligibility.checked, user.created, " +
		"visit.created, visit.ended, visit.invoice.processed, visit.note.signed_and_sent, visit.updated"
)

// Each kind of bad input is refused with an error message, and changes nothing.
func TestBadInputIsRefused(t *testing.T) {
	t.Parallel()
	mock, c := start(t, func(o *mockserver.Options) { o.BodyLimit = 500 })
	mock.NewClinic(t, clinic.Settings{AccountCode: "one", AdminToken: "taken"})
	mock.NewClinic(t, clinic.Settings{AccountCode: "told", Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	const clock, assignments = "/clinics/one/clock", "/clinics/one/users/132406/assignments"
	const apart = " must have no comma, and no space at either end: GET /users reads both as separators"
	oneOf := `send one of {"advance": "10s"}, {"set": "2026-01-31T09:00:00Z"}, {"freeze": true} and {"run": true}`
	const span = ` must be a time span such as "10s", "5m" or "1h30m", and less than 292 years`
	const named = ` must be a time span such as "10s", "5m" or "1h30m", and not negative`
	known, err := vsees.Load(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	operations := "faults[0]: operation must be one that the mock knows: " + strings.Join(known.Operations(), ", ")
	for _, tc := range []struct {
		method, path, body string
		status             int
		message            string
	}{
		{"POST", clock, `{}`, 400, oneOf},
		{"POST", clock, ``, 400, oneOf},
		{"POST", clock, `{"freeze": true, "run": true}`, 400, oneOf},
		{"POST", clock, `{"advance": "10"}`, 400, "advance" + span},
		{"POST", clock, `{"advance": 10}`, 400, "advance" + span},
		{"POST", clock, `{"advance": "999999999h"}`, 400, "advance" + span},
		{"POST", clock, `{"advance": "-1s"}`, 400, "a clinic's clock cannot go back; POST …/reset empties the clinic and " +
			"restarts its clock"},
		{"POST", clock, `{"set": "2001-01-01T00:00:00Z"}`, 400, "a clinic's clock cannot go back; POST …/reset empties " +
			"the clinic and restarts its clock"},
		{"POST", clock, `{"set": "9999-01-01T00:00:00Z"}`, 400, "a clinic's clock cannot go beyond 2105"},
		{"POST", clock, `{"advance": "2000000h"}`, 400, "a clinic's clock cannot go beyond 2105"},
		{"POST", "/clinics", `{"clock": {"set": "1960-01-01T00:00:00Z"}}`, 400, "clock.set must be a time from 1970 to 2105"},
		{"POST", clock, `{"set": "tomorrow"}`, 400, "set must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z"},
		{"POST", clock, `{"set": 5}`, 400, "set must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z"},
		{"POST", clock, `{"freeze": "yes"}`, 400, "freeze must be true or false"},
		{"POST", clock, `{"adavnce": "10s"}`, 400, `unknown field "adavnce"; did you mean "advance"?`},
		{"POST", clock, `{"freeze": true} x`, 400, "the body has something after the JSON object (line 1, column 18)"},
		{"POST", clock, `{`, 400, "the body must be one well-formed JSON object (line 1, column 2)"},
		{"POST", clock, `[]`, 400, "the body must be a JSON object"},
		{"POST", clock, `{"advance": "` + strings.Repeat("0", 600) + `s"}`, 413,
			"the body is larger than the limit of 500 bytes"},
		{"POST", "/clinics/one/reset", `{"keep": "users"}`, 400, "keep must be patients, or left out: then nothing is kept"},
		{"POST", "/clinics/one/reset", `{"keep": ""}`, 400, "keep must be patients, or left out: then nothing is kept"},
		{"POST", "/clinics/one/reset", `{"keep": true}`, 400, "keep must be text"},
		{"POST", "/clinics/one/reset", `{"kepe": "patients"}`, 400, `unknown field "kepe"; did you mean "keep"?`},
		{"POST", "/clinics/one/reset", `{"keep": "patients"} x`, 400, "the body has something after the JSON object (line " +
			"1, column 22)"},
		{"POST", "/clinics/one/reset", `patients`, 400, "the body must be one well-formed JSON object (line 1, column 1)"},
		{"PUT", clock, ``, 405, "this path takes GET, POST"},
		{"PUT", "/clinics/one/users/132406/credentials", `{}`, 400, "send password, email_token or both"},
		{"PUT", "/clinics/one/users/132406/credentials", `{"password": 5}`, 400, "password must be text"},
		{"PUT", "/clinics/one/users/132406/credentials", `{"passwort": "x"}`, 400,
			`unknown field "passwort"; did you mean "password"?`},
		{"PUT", "/clinics/one/users/132406/credentials", `{"password": "` + strings.Repeat("x", 201) + `"}`, 400,
			"password must be at most 200 characters"},
		{"PUT", "/clinics/one/users/132406/credentials", `{"email_token": "` + strings.Repeat("x", 201) + `"}`, 400,
			"email_token must be at most 200 characters"},
		{"PUT", "/clinics/one/users/1/credentials", `{"password": "x"}`, 404, "the clinic has no user with this id"},
		{"PUT", assignments, `{}`, 400, "send roles, rooms, groups or providers"},
		{"PUT", assignments, `{"rooms": "uat2"}`, 400, "rooms must be a list"},
		{"PUT", assignments, `{"rooms": [5]}`, 400, "rooms[0] must be text"},
		{"PUT", assignments, `{"room": ["uat2"]}`, 400, `unknown field "room"; did you mean "rooms"?`},
		{"PUT", assignments, `{"roles": [""]}`, 400, "roles must each be 1 to 128 characters"},
		{"PUT", assignments, `{"groups": ["` + strings.Repeat("x", 129) + `"]}`, 400,
			"groups must each be 1 to 128 characters"},
		{"PUT", assignments, `{"rooms": [` + strings.Repeat(`"",`, 100) + `""]}`, 400, "rooms must be at most 100"},
		{"PUT", assignments, `{"roles": ["a,b"]}`, 400, "roles" + apart},
		{"PUT", assignments, `{"rooms": ["uat2", " lead"]}`, 400, "rooms" + apart},
		{"PUT", assignments, `{"groups": ["night\t"]}`, 400, "groups" + apart},
		{"PUT", assignments, `{"providers": ["132406,132407"]}`, 400, "providers" + apart},
		{"PUT", assignments, `{"providers": ["1"]}`, 400, "providers must be ids of users of the clinic"},
		{"PUT", "/clinics/one/users/1/assignments", `{"rooms": []}`, 404, "the clinic has no user with this id"},
		{"POST", "/clinics", `{"name": 5}`, 400, "name must be text"},
		{"POST", "/clinics", `{"description": []}`, 400, "description must be text"},
		{"POST", "/clinics/one/settle", `{"timeout": "0s"}`, 400, "timeout must be longer than 0s"},
		{"POST", "/clinics", `{"account_code": "one"}`, 409, "account_code belongs to another clinic: choose another one"},
		{"POST", "/clinics", `{"account_code": "No Good"}`, 400, "account_code must be 1 to 63 lower-case letters, " +
			"digits, hyphens and underscores, as in a host name"},
		{"POST", "/clinics", `{"cron_delay": "-1s"}`, 400,
			`cron_delay must be a time span such as "10s", or a range such as "5s..20s", and not negative`},
		{"PATCH", "/clinics/one", `{"claims": {"default": {"cron_job_delay": -1}}}`, 400,
			"claims.default.cron_job_delay must be a number of seconds from 0 to 31536000"},
		{"PATCH", "/clinics/one", `{"claims": {"default": {"cron_job_delay": 1e300}}}`, 400,
			"claims.default.cron_job_delay must be a number of seconds from 0 to 31536000"},
		{"PATCH", "/clinics/one", `{"claims": {"default": {"cron_job_delay": "20"}}}`, 400,
			"claims.default.cron_job_delay must be a number"},
		{"PATCH", "/clinics/one", `{"claims": {"default": {"chart": 1}}}`, 400, "claims.default.chart must be text"},
		{"POST", "/clinics", `{"cron_delay": "5s", "claims": {"default": {"cron_job_delay": 6}}}`, 400,
			"cron_delay and claims.default.cron_job_delay are the same setting: send one"},
		{"POST", "/clinics", `{"token_life": "0s"}`, 400, "token_life must be longer than 0s"},
		{"PATCH", "/clinics/one", `{"token_life": 5}`, 400, "token_life" + span},
		{"PATCH", "/clinics/one", `{"accept_gender_3_and_4": 1}`, 400, "accept_gender_3_and_4 must be true or false"},
		{"POST", "/clinics", `{"scenario": "nothing"}`, 400, "scenario must be the id of one in force: GET " +
			"/_mock/scenarios lists them"},
		{"PATCH", "/clinics/one", `{"scenario": "late"}`, 400, setAtCreation},
		{"POST", "/clinics", `{"seed": -1}`, 400, "seed must be a whole number that is not negative"},
		{"POST", "/clinics", `{"insurers": {}}`, 400, "insurers must be a list"},
		{"POST", "/clinics", `{"webhook": {"url": 5}}`, 400, "webhook.url must be text"},
		{"POST", "/clinics", `{"webhook": {"url": "localhost:9000"}}`, 400, "webhook.url must be an http or https URL " +
			"with a host"},
		{"POST", "/clinics", `{"webhook": {"events": ["claim.paid"]}}`, 400, noSuchEvent},
		{"PATCH", "/clinics/one", `{"webhook": {"events": ["user.created", "user.created"]}}`, 400,
			noSuchEvent},
		{"PATCH", "/clinics/one", `{"webhook": {"events": "all"}}`, 400, "webhook.events must be a list"},
		{"POST", "/clinics", `{"webhook": {"signature": "md5"}}`, 400, "webhook.signature must be " + signature.Choices()},
		{"PATCH", "/clinics/one", `{"seed": 1}`, 400, setAtCreation},
		{"PATCH", "/clinics/one", `{"webhook": {"secret": "x"}}`, 400, "webhook.secret must be whsec_ and the base64 of " +
			"24 to 64 bytes"},
		{"PATCH", "/clinics/one", `{"webhook": {"signature": "standard", "previous_secret": "x"}}`, 400,
			`webhook.previous_secret must be whsec_ and the base64 of 24 to 64 bytes`},
		{"PATCH", "/clinics/one", `{"webhook": {"envelope": "3.0"}}`, 400,
			`webhook.envelope must be unversioned, 1.0 or 2.0`},
		{"PATCH", "/clinics/one", `{"webhook": {"timestamp": "utc"}}`, 400, `webhook.timestamp must be real or clinic`},
		{"PATCH", "/clinics/one", `{"webhook": {"timestamp": 5}}`, 400, `webhook.timestamp must be text`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"id": "X Id:"}}}`, 400,
			`webhook.headers.id must be the name of a header: letters, digits and hyphens`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"id": "content-type"}}}`, 400,
			`webhook.headers.id must be an unused header, such as X-Event-id`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"signature": "Idempotency-Key"}}}`, 400,
			`webhook.headers.signature must be an unused header, such as X-Event-signature`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"id": "X-A", "timestamp": "x-a"}}}`, 400,
			`webhook.headers must each have a name of their own`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"id": "Webhook-Signature"}}}`, 400,
			`webhook.headers must each have a name of their own`},
		{"PATCH", "/clinics/one", `{"webhook": {"url": "http://user:hunter2@127.0.0.1/"}}`, 400,
			`webhook.url must have no user, no password and no fragment`},
		{"PATCH", "/clinics/one", `{"webhook": {"url": "http://127.0.0.1/#a"}}`, 400,
			`webhook.url must have no user, no password and no fragment`},
		{"PATCH", "/clinics/one", `{"webhook": {"url": "http://:8080/"}}`, 400,
			`webhook.url must be an http or https URL with a host`},
		{"PATCH", "/clinics/one", `{"webhook": {"url": "http://127.0.0.1:99999/"}}`, 400,
			`webhook.url must have a port up to 65535`},
		{"PATCH", "/clinics/one", `{"webhook": {"headers": {"name": "X"}}}`, 400,
			`unknown field "webhook.headers.name": GET /_mock/openapi.yaml lists them`},
		{"PATCH", "/clinics/one", `{"webhook": {"schedule": "never"}}`, 400,
			`webhook.schedule must be "standard", "once", or a list of time spans such as ["5s", "1m"]`},
		{"PATCH", "/clinics/one", `{"webhook": {"schedule": [5]}}`, 400, `webhook.schedule must be "standard", "once", or ` +
			`a list of time spans such as ["5s", "1m"]`},
		{"PATCH", "/clinics/one", `{"webhook": {"schedule": ["-5s"]}}`, 400,
			`webhook.schedule must hold time spans from 0s to 720h`},
		{"PATCH", "/clinics/one", `{"webhook": {"jitter": 1.5}}`, 400, `webhook.jitter must be a number from 0 to 1`},
		{"PATCH", "/clinics/one", `{"webhook": {"jitter": "much"}}`, 400, `webhook.jitter must be a number`},
		{"PATCH", "/clinics/one", `{"webhook_url": "http://127.0.0.1:1"}`, 400,
			`unknown field "webhook_url"; did you mean {"webhook": {"url": …}}?`},
		{"PATCH", "/clinics/one", `{"webhook": {"concurrency": 0}}`, 400,
			`webhook.concurrency must be a whole number from 1 to 100`},
		{"PATCH", "/clinics/one", `{"webhook": {"concurrency": 101}}`, 400, `webhook.concurrency must be a whole number ` +
			`from 1 to 100`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"dorp": true}}}`, 400,
			`unknown field "webhook.misbehaviour.dorp"; did you mean "drop"?`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"hold": "soon"}}}`, 400,
			`webhook.misbehaviour.hold must be "next", or a time span such as "5m"`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"slow": 5}}}`, 400, "webhook.misbehaviour.slow" + named},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"slow": "2m"}}}`, 400,
			`webhook.misbehaviour.slow must be a time span from 0s to 1m`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"burst": -1}}}`, 400,
			`webhook.misbehaviour.burst must be a whole number from 0 to 1000`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"signature": "odd"}}}`, 400,
			`webhook.misbehaviour.signature must be bad or old`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"timestamp": "late"}}}`, 400,
			`webhook.misbehaviour.timestamp must be stale or future`},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"hold": "5m", "after_read": true}}}`, 400,
			`webhook.misbehaviour.hold, before_reply and after_read exclude each other`},
		{"POST", "/clinics/one/events", `{}`, 400, noSuchType},
		{"POST", "/clinics/one/events", `{"type": "claim.paid", "member_id": "1"}`, 400, noSuchType},
		{"POST", "/clinics/one/events", `{"type": "eligibility.checked"}`, 400,
			`member_id must be the id of a user: GET …/users lists them`},
		{"POST", "/clinics/one/events", `{"type": "eligibility.checked", "member_id": "1"}`, 404,
			`the clinic has no user with this id: GET …/users lists them`},
		{"POST", "/clinics/one/events", `{"type": "eligibility.checked", "member_id": "132406"}`, 400,
			`the clinic has no webhook: set webhook.url first`},
		{"GET", "/clinics/one/events/nothing", ``, 404, "the clinic has no event with this id"},
		{"POST", "/clinics/one/events/nothing/resend", ``, 404, "the clinic has no event with this id"},
		{"POST", "/clinics/told/events", `{"type": "eligibility.checked", "member_id": "132406", "data": ` +
			`{"eligibility_response": ""}}`, 400, `the event breaks openapi.yaml: data.eligibility_response must be ` +
			`Success, or a reject reason spelled as VSee spells it`},
		{"PATCH", "/clinics/one", `{"cron_delay": "15s..8s"}`, 400,
			`cron_delay must go from the shorter time span to the longer one, such as 5s..20s`},
		{"POST", "/clinics/told/events", `{"type": "eligibility.checked", "member_id": "132406", "data": ` +
			`{"eligibility_id": null}}`, 400, `the event breaks openapi.yaml: data.eligibility_id is required`},
		{"POST", "/clinics/told/events", `{"type": "eligibility.checked", "member_id": "132406", "data": {"more": 1}}`, 400,
			`the event breaks openapi.yaml: data.more is not declared`},
		{"PUT", "/clinics/one/faults", ``, 400, "the body must be one well-formed JSON list: DELETE removes all faults"},
		{"PUT", "/clinics/one/faults", `null`, 400, "the body must be a JSON list"},
		{"PUT", "/clinics/one/faults", `{"reset": true}`, 400, "the body must be a JSON list"},
		{"PUT", "/clinics/one/faults", `[{"reset": true}] x`, 400, "the body has something after the JSON list (line 1, " +
			"column 19)"},
		{"PUT", "/clinics/one/faults", `[{"reset": true}, {"from": 0, "reset": true}]`, 400,
			"faults[1]: from must be more than 0: leave it out for the first request"},
		{"PUT", "/clinics/one/faults", `[{"times": 0, "reset": true}]`, 400,
			"faults[0]: times must be more than 0: leave it out for all requests, or leave the fault out"},
		{"PUT", "/clinics/one/faults", `[{"probability": 0.0, "reset": true}]`, 400,
			"faults[0]: probability must be more than 0: leave it out for every request, or leave the fault out"},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"drop": true, "duplicate": 2}}}`, 400,
			"webhook.misbehaviour.drop excludes every other misbehaviour"},
		{"PATCH", "/clinics/one", `{"webhook": {"misbehaviour": {"attempts": 1}}}`, 400,
			"webhook.misbehaviour.attempts needs a misbehaviour of the request"},
		{"PUT", "/clinics/one/faults", `[{"rest": true}]`, 400, `unknown field "faults[0].rest"; did you mean "reset"?`},
		{"PUT", "/clinics/one/faults", `[{"reset": "yes"}]`, 400, "faults[0].reset must be true or false"},
		{"PUT", "/clinics/one/faults", `[{"times": 1.5, "reset": true}]`, 400,
			"faults[0].times must be a whole number that is not negative"},
		{"PUT", "/clinics/one/faults", `[{"reset": true}, {}]`, 400, "faults[1]: a fault needs a failure: write latency, " +
			"status, reset, truncated, slow, malformed or html"},
		{"PUT", "/clinics/one/faults", `[{"operation": "getYou", "reset": true}]`, 400, operations},
		{"PUT", "/clinics/one/faults", `[{"status": 418}]`, 400, "faults[0]: status must be an error that VSee documents: " +
			"400, 401, 403, 404, 429, 500, 502, 503 or 504: write one of them, or html: true for an error page with status 200"},
		{"PUT", "/clinics/one/faults", `[{"status": 500, "retry_after": "5s"}]`, 400,
			"faults[0]: retry_after is for status 429 and 503: write status: 429"},
		{"PUT", "/clinics/one/faults", `[{"status": 503, "html": true}]`, 400,
			"faults[0]: status, reset, truncated, malformed and html exclude each other: write one fault for each: the first " +
				"to apply to a request wins"},
		{"PUT", "/clinics/one/faults", `[{"latency": "soon"}]`, 400, `faults[0].latency must be fixed ("2s"), uniform ` +
			`("1s..3s") or with a long tail ("200ms~5s"), and at most 1m`},
		{"PUT", "/clinics/one/faults", `[{"slow": 5}]`, 400, "faults[0].slow" + named},
		{"PUT", "/clinics/one/faults", `[{"slow": "2m"}]`, 400, "faults[0]: slow must be a time span from 0s to 1m: it is " +
			"real time"},
		{"PUT", "/clinics/one/faults", `[{"probability": 1.5, "reset": true}]`, 400,
			"faults[0]: probability must be a number from 0 to 1: leave it out for every request"},
		{"PUT", "/clinics/nobody/faults", `[]`, 404, "there is no clinic with this account code: GET /_mock/clinics lists " +
			"them"},
		{"POST", "/clinics/one/faults", ``, 405, "this path takes DELETE, GET, PUT"},
		{"GET", "/clinics/one/users?limti=1", ``, 400, `unknown parameter "limti"; did you mean "limit"?`},
		{"GET", "/clinics/one/users?limit=0", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/checks?limit=x", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/events?limit=10001", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/deliveries?limit=-1", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/one/journal?limit=1.5", ``, 400, "limit must be a whole number from 1 to 10000"},
		{"GET", "/clinics/nobody/users", ``, 404, "there is no clinic with this account code: GET /_mock/clinics lists them"},
		{"GET", "/scenarios/nothing", ``, 404, "there is no scenario with this id: GET /_mock/scenarios lists them"},
		{"GET", "/nothing", ``, 404, noSuchPath},
		{"GET", "", ``, 404, noSuchPath},
		{"GET", "/clinics/../clinics", ``, 404, noSuchPath},
		{"GET", "/clinics/one%2Fusers", ``, 404, "there is no clinic with this account code: GET /_mock/clinics lists them"},
	} {
		t.Run(tc.method+" "+tc.path+" "+tc.body[:min(30, len(tc.body))], func(t *testing.T) {
			c := &client{t, c.base, http.Header{}, c.router}
			c.refused(tc.method, tc.path, tc.body, tc.status, tc.message)
		})
	}
	var faults struct{ Data []any }
	c.ok("GET", "/clinics/one/faults", "", &faults)
	if len(faults.Data) != 0 {
		t.Errorf("after the refusals there are faults: %v", faults.Data)
	}
	var all struct{ Data []clinicReply }
	c.ok("GET", "/clinics", "", &all)
	if len(all.Data) != 3 {
		t.Errorf("after the refusals there are %d clinics", len(all.Data))
	}
}

const noSuchPath = "there is no such path: GET /_mock/openapi.yaml lists them all, and a browser shows the mock at " +
	"/_mock/page"
