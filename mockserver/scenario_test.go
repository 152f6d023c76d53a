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
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// inForce makes a clinic of a mock with scenarios in force: each text is one, and its id is its key.
func inForce(t *testing.T, texts map[string]string, settings clinic.Settings) *mocktest.Clinic {
	t.Helper()
	set := scenarios.Set{}
	for id, text := range texts {
		s, err := scenarios.Load(id+".yaml", []byte("title: "+id+"\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, s)
	}
	settings.AccountCode = "told"
	return mocktest.Start(t, func(o *mockserver.Options) { o.Scenarios = set }).NewClinic(t, settings)
}

// everything sends one request of each operation with a user's token, and returns the statuses of the replies.
func everything(t *testing.T, c *mocktest.Clinic, id, token string, options ...func(*http.Request)) string {
	t.Helper()
	options = append(options, byToken(token))
	return fmt.Sprint(
		get(t, c.BaseURL+"/me", options...).status,
		post(t, c.BaseURL+"/me", jsonBody(`{"city": "Here"}`), options...).status,
		get(t, c.BaseURL+"/users/"+id, options...).status,
		post(t, c.BaseURL+"/users/"+id+"/car7556/eligibility", noBody, options...).status,
	)
}

// The faults of a scenario apply to all requests about its users, by any caller, and to no others.
func TestAScenariosFaultsAreItsUsers(t *testing.T) {
	t.Parallel()
	c := inForce(t, map[string]string{"down": "when: {subscriber_num: \"123\"}\nhttp: [{status: 503}]\n"},
		clinic.Settings{})
	id, token := patient(t, c, "pat", "123")
	other, otherToken := patient(t, c, "sam", "456")
	if got := everything(t, c, id, token); got != "503 503 503 503" {
		t.Errorf("who is in the story is answered %s", got)
	}
	if got := everything(t, c, other, otherToken); got != "200 200 200 200" {
		t.Errorf("who is not is answered %s", got)
	}
	for user, want := range map[string]int{id: 503, other: 200, "0": 404} {
		if got := get(t, c.BaseURL+"/users/"+user, byToken(c.AdminToken)).status; got != want {
			t.Errorf("the admin, who asks for %s, is answered %d", user, got)
		}
	}
	if got := get(t, c.BaseURL+"/me", byToken(c.AdminToken)).status; got != 200 {
		t.Errorf("the admin, who asks for themselves, is answered %d", got)
	}
}

// The requests of each user are counted separately, and a scenario's faults come before the clinic's own.
func TestAScenariosFaultsAreCountedForEachUser(t *testing.T) {
	t.Parallel()
	c := inForce(t, map[string]string{"twice": "when: {subscriber_num: 12*}\nhttp: [{operation: getMe, times: 2, " +
		"status: 503}]\n"}, clinic.Settings{})
	setFaults(t, c, `[{"operation": "getMe", "status": 429, "from": 6}]`)
	_, token := patient(t, c, "pat", "123")
	_, other := patient(t, c, "sam", "124")
	var got []int
	for _, who := range []string{token, token, token, other, token, other, other} {
		got = append(got, get(t, c.BaseURL+"/me", byToken(who)).status)
	}
	if diff := cmp.Diff([]int{503, 503, 200, 503, 200, 503, 429}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	c.Control(t, http.MethodPost, "/reset", nil, nil)
	if _, token = patient(t, c, "pat", "123"); get(t, c.BaseURL+"/me", byToken(token)).status != 503 {
		t.Error("a reset has not begun the counts anew")
	}
}

// A sign-on is matched by the user fields it sends; stored cards do not count.
func TestAScenariosFaultsBefallSignOn(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]int{
		`{code: pat}`:                           503,
		`{code: p?t, nth: 2}`:                   503,
		`{email: PAT@example.com}`:              503,
		`{first_name: pat, last_name: sample}`:  503,
		`{dob: 1980-*}`:                         503,
		`{account_code: told, first_name: P*}`:  503,
		`{code: sam}`:                           200,
		`{dob: 1981-*}`:                         200,
		`{code: pat, subscriber_num: "123"}`:    200,
		`{first_name: pat, last_name: another}`: 200,
	} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			c := inForce(t, map[string]string{"down": "when: " + when + "\nhttp: [{operation: signOn, status: 503}]\n"},
				clinic.Settings{})
			r := post(t, c.BaseURL+"/users/sso", multipartBody(fields{
				{"first_name", "Pat"}, {"last_name", "Sample"}, {"code", "pat"}, {"dob", "1980-02-29"}, {"email",
					"pat@example.com"},
				{"insurance.primary_subscriber_num", "123"},
			}), byKey(c))
			if r.status != want {
				t.Errorf("it is answered %d, want %d", r.status, want)
			}
		})
	}
}

// Either card brings its user into a scenario; the start of a check is about the card of its carrier.
func TestWhichCardBringsAUserIntoAStory(t *testing.T) {
	t.Parallel()
	c := inForce(t, map[string]string{"second": "when: {subscriber_num: \"456\"}\nhttp: [{status: 503}]\n"},
		clinic.Settings{})
	r := signOn(t, c, edward.and("insurance.primary_carrier_code", "car7556").and("insurance.primary_subscriber_num",
		"123").
		and("insurance.secondary_carrier_code", "car7551").and("insurance.secondary_subscriber_num", "456"))
	token := byToken(r.at(t, "data", "token", "token").(string))
	for path, want := range map[string]int{
		"car7556": 200, "car7551": 503,
		"car7147": 400, // is on neither card
	} {
		if got := post(t, c.BaseURL+"/users/-/"+path+"/eligibility", noBody, token).status; got != want {
			t.Errorf("a check with %s is answered %d, want %d", path, got, want)
		}
	}
	if got := get(t, c.BaseURL+"/me", token).status; got != 503 {
		t.Errorf("GET /me is answered %d", got)
	}
}

// The day and the time in a scenario are by the clinic's clock.
func TestAStoryGoesByTheClinicsClock(t *testing.T) {
	t.Parallel()
	c := inForce(t, map[string]string{"night": "when: {subscriber_num: \"123\", time: \"22:00..06:00\"}\nhttp: " +
		"[{status: 503}]\n"},
		clinic.Settings{Clock: clinic.ClockSettings{Start: time.Date(2026, 1, 31, 21, 0, 0, 0, time.UTC), Frozen: true}})
	_, token := patient(t, c, "pat", "123")
	var got []int
	for range 3 {
		got = append(got, get(t, c.BaseURL+"/me", byToken(token)).status)
		c.Advance(t, 6*time.Hour)
	}
	if diff := cmp.Diff([]int{200, 503, 200}, got); diff != "" {
		t.Errorf("at 21:00, 3:00 and 9:00 (-want +got):\n%s", diff)
	}
}

// Looking up a user's scenarios does not count as a reading: an event held for a reading stays held.
func TestLookingForAStoryIsNoReading(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := inForce(t, map[string]string{"down": "when: {subscriber_num: \"123\"}\nhttp: [{operation: getMe, times: 1, " +
		"status: 503}]\n"}, clinic.Settings{
		Webhook: clinic.Webhook{URL: receiver.URL, Misbehaviour: clinic.Misbehaviour{AfterRead: true}},
	})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, time.Minute)
	for _, want := range []struct{ status, events int }{{503, 0}, {200, 1}} {
		status := get(t, c.BaseURL+"/me", byToken(token)).status
		c.Control(t, http.MethodPost, "/settle", nil, nil)
		if events := len(receiver.Received()); status != want.status || events != want.events {
			t.Errorf("status %d and %d events, want %d and %d", status, events, want.status, want.events)
		}
	}
}

// A request that names a scenario gets its faults and its answers, whichever user the scenario is for.
func TestARequestCanNameItsScenario(t *testing.T) {
	t.Parallel()
	c := inForce(t, map[string]string{
		"named": "when: {subscriber_num: \"9\"}\nanswer: \"75\"\nhttp: [{operation: getMe, times: 1, status: 503}]\n",
		"own":   "when: {subscriber_num: \"123\"}\nanswer: \"72\"\nhttp: [{operation: getUser, status: 502}]\n",
	}, clinic.Settings{})
	id, token := patient(t, c, "pat", "123")
	named := with("X-Mock-Scenario", "named")
	if got := everything(t, c, id, token, named); got != "503 200 200 200" {
		t.Errorf("requests that name a scenario are answered %s", got)
	}
	if got := everything(t, c, id, token, named); got != "200 200 200 200" {
		t.Errorf("after its faults they are answered %s", got)
	}
	if got := everything(t, c, id, token); got != "200 200 502 200" {
		t.Errorf("requests that name none are answered %s", got)
	}
	for _, r := range []reply{
		post(t, c.BaseURL+"/users/sso", multipartBody(edward), byKey(c), named),
		get(t, c.BaseURL+"/insurances", byToken(c.AdminToken), named),
	} {
		if r.status != 200 {
			t.Errorf("%d %s", r.status, r.body)
		}
	}
	var scenariosOf []string
	for _, check := range listOf(t, c, "/checks") {
		scenariosOf = append(scenariosOf, fmt.Sprint(check["scenario"], " ", check["rule"]))
	}
	if diff := cmp.Diff([]string{"own scenario", "named scenario", "named scenario"}, scenariosOf); diff != "" {
		t.Errorf("the checks, newest first (-want +got):\n%s", diff)
	}
}

func TestARequestThatNamesNoScenarioInForceIsRefused(t *testing.T) {
	t.Parallel()
	c := inForce(t, map[string]string{"one": "when: {subscriber_num: \"1\"}\nanswer: Success\n"}, clinic.Settings{})
	id, token := patient(t, c, "pat", "123")
	odd := with("X-Mock-Scenario", "c0ffee")
	const want = "X-Mock-Scenario names no scenario in force: GET /_mock/scenarios lists them"
	for _, r := range []reply{
		get(t, c.BaseURL+"/me", byToken(token), odd),
		post(t, c.BaseURL+"/users/"+id+"/car7556/eligibility", noBody, byToken(token), odd),
		post(t, c.BaseURL+"/users/sso", multipartBody(edward), byKey(c), odd),
	} {
		if got := r.message(t, 400); got != want {
			t.Errorf("message = %q", got)
		}
	}
	if got := get(t, c.BaseURL+"/me", byToken("nobody's"), odd).status; got != 401 {
		t.Errorf("nobody is answered %d", got)
	}
	if n := len(listOf(t, c, "/checks")); n != 0 {
		t.Errorf("%d checks were started", n)
	}
}

// A fault for an unknown operation could never happen, so it is an error at the start.
func TestAScenarioWithAFaultOfNoOperationStopsTheStart(t *testing.T) {
	t.Parallel()
	s, err := scenarios.Load("odd.yaml", []byte("title: Odd\nwhen: {subscriber_num: \"1\"}\nhttp: [{reset: true}, "+
		"{reset: true}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	s.HTTP[1].Operation = "getYou" // no file says so
	_, err = mockserver.New(mockserver.Options{Scenarios: scenarios.Set{s}})
	if err == nil || !strings.Contains(err.Error(), "scenario odd: http[1]: operation must be one of ") {
		t.Errorf("error = %v", err)
	}
}
