package control_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The document describes exactly the existing routes.
func TestTheDocumentDescribesEveryRoute(t *testing.T) {
	t.Parallel()
	doc := document(t)
	_, c := start(t)
	for path, item := range doc.Paths.Map() {
		concrete := strings.NewReplacer("/_mock", "", "{account}", "vclinic", "{id}", "no-response").Replace(path)
		if strings.HasSuffix(path, "/stream") {
			concrete += "?tail=none" // a stream has no end
		}
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if method == "DELETE" && item.GetOperation(method) != nil {
				continue // tested below; here it would delete the clinic
			}
			status, text := c.do(method, concrete, "")
			if declared := item.GetOperation(method) != nil; declared == (status == 405) {
				t.Errorf("%s %s is declared: %t, and answers %d %s", method, path, declared, status, text)
			}
		}
	}
}

type clinicReply struct {
	AccountCode string `json:"account_code"`
	BaseURL     string `json:"base_url"`
	APIKey      string `json:"api_key"`
	APISecret   string `json:"api_secret"`
	AdminToken  string `json:"admin_token"`
	CronDelay   string `json:"cron_delay"`
	TokenLife   string `json:"token_life"`
	Genders     bool   `json:"accept_gender_3_and_4"`
	Seed        uint64
	Webhook     struct{ URL, Secret, Signature, Timestamp string }
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
	body := `{"account_code": "north", "cron_delay": "1m30s", "token_life": "2h", "seed": 7, "insurers": [{"id": "x",
		"name": "X"}],
		"webhook": {"url": "http://127.0.0.1:9/hook"}, "clock": {"set": "2026-01-31T09:00:00+01:00", "freeze": true}}`
	c.ok("POST", "/clinics", body, &made)
	if made.CronDelay != "1m30s" || made.TokenLife != "2h0m0s" || made.Seed != 7 || made.Insurers[0].ID != "x" ||
		made.Webhook.Signature != "standard" ||
		!strings.HasPrefix(made.Webhook.Secret, "whsec_") || made.BaseURL != c.base+"/api_v3" ||
		!made.Clock.Now.Equal(time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)) || !made.Clock.Frozen {
		t.Errorf("made %+v", made)
	}
	request, _ := http.NewRequestWithContext(t.Context(), "GET", made.BaseURL+"/insurances", nil)
	request.Header.Set("X-ApiToken", made.AdminToken)
	reply, err := mocktest.Client().Do(request)
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
	c.ok("PATCH", "/clinics/north", `{"webhook": {"url": "", "timestamp": "clinic"}, "cron_delay": "5s", "token_life": `+
		`"1h", "accept_gender_3_and_4": true}`, &again)
	want := made
	if want.Webhook.Timestamp != "real" {
		t.Errorf("it signs %s time when nothing is said", want.Webhook.Timestamp)
	}
	want.Webhook.Timestamp = "clinic"
	want.Webhook.URL, want.CronDelay, want.TokenLife, want.Genders = "", "5s", "1h0m0s", true
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

// A clinic can be set up from a scenario; other fields of the request override it.
func TestAnEmptyScheduleIsOnce(t *testing.T) {
	t.Parallel()
	_, c := start(t)
	var made struct {
		Webhook struct {
			Schedule any `json:"schedule"`
		} `json:"webhook"`
	}
	c.ok("POST", "/clinics", `{"account_code": "once", "webhook": {"schedule": []}}`, &made)
	if made.Webhook.Schedule != "once" {
		t.Errorf("the schedule is %v", made.Webhook.Schedule)
	}
}

func TestAClinicIsSetUpForAScenario(t *testing.T) {
	t.Parallel()
	var set scenarios.Set
	for id, section := range map[string]string{"plain": "", "deaf": "clinic: {cron_delay: 1m, token_life: 30s, " +
		"webhook: false}\n", "told": "clinic: {webhook: true}\n"} {
		s, err := scenarios.Load(id+".yaml", []byte("title: "+id+"\nwhen: {code: "+id+"}\nanswer: Success\n"+section))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, s)
	}
	_, c := start(t, func(o *mockserver.Options) { o.Scenarios = set })
	for body, want := range map[string]string{
		`{"scenario": "plain"}`:                                        "10s 24h0m0s ",
		`{"scenario": "deaf"}`:                                         "1m0s 30s ",
		`{"scenario": "deaf", "webhook": {"url": ""}}`:                 "1m0s 30s ",
		`{"scenario": "deaf", "cron_delay": "5s"}`:                     "5s 30s ",
		`{"scenario": "told", "webhook": {"url": "http://127.0.0.1"}}`: "10s 24h0m0s http://127.0.0.1",
	} {
		var made clinicReply
		c.ok("POST", "/clinics", body, &made)
		if got := made.CronDelay + " " + made.TokenLife + " " + made.Webhook.URL; got != want {
			t.Errorf("%s makes %s, want %s", body, got, want)
		}
	}
	c.refused("POST", "/clinics", `{"scenario": "deaf", "webhook": {"url": "http://127.0.0.1"}}`, 400,
		"webhook.url and scenario exclude each other: the clinic of this scenario has no webhook")
}

func TestTheClockMovesFreezesAndRuns(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "one", Clock: clinic.ClockSettings{Start: time.Date(2026, 1, 31, 9, 0,
		0, 0, time.UTC)}})
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

// If a receiver does not answer, settle gives up and lists the pending work.
func TestSettleGivesUpOnAReceiverThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	begun, hang := make(chan struct{}), make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(int) int { close(begun); <-hang; return 200 })
	mock, c := start(t)
	now := time.Duration(0)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", CronDelay: &now,
		Webhook: clinic.Webhook{URL: receiver.URL}})
	check(t, one)
	<-begun
	c.refused("POST", "/clinics/one/settle", `{"timeout": "1ms"}`, 504, "the clinic did not settle in time: 0 checks, "+
		"0 claims, 0 visits and 1 deliveries are "+
		"pending, due or not; a slow receiver delays the rest")
	close(hang)
	var settled struct{ Deliveries []struct{ Status int } }
	c.ok("POST", "/clinics/one/settle", ``, &settled)
	var events struct{ Data []struct{ Status string } }
	c.ok("GET", "/clinics/one/events", "", &events)
	if events.Data[0].Status != "delivered" {
		t.Errorf("after settle the event is %s", events.Data[0].Status)
	}
}

// check makes the clinic's admin start a check of themselves.
func check(t *testing.T, c *mocktest.Clinic) {
	t.Helper()
	post(t, c, "/me", `{"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "11000075"}}}`)
	post(t, c, "/users/-/car7556/eligibility", "")
}

// post sends JSON to VSee's API as the clinic's admin, and requires success.
func post(t *testing.T, c *mocktest.Clinic, path, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.BaseURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ApiToken", c.AdminToken)
	request.Header.Set("Content-Type", "application/json")
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", path, reply.StatusCode)
	}
}

// The lists show the existing rows, newest first, one page at a time.
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

// Clinics created concurrently get distinct codes.
func TestClinicsThatAreMadeAtOnceGetCodesOfTheirOwn(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	var work sync.WaitGroup
	for range 16 {
		work.Go(func() {
			for range 10 {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, mock.URL+"/_mock/clinics",
					strings.NewReader("{}"))
				if err != nil {
					t.Error(err)
					return
				}
				reply, err := mocktest.Client().Do(request)
				if err != nil {
					t.Error(err)
					return
				}
				reply.Body.Close()
				if reply.StatusCode != http.StatusOK {
					t.Errorf("status %d", reply.StatusCode)
				}
			}
		})
	}
	work.Wait()
	if got := len(mock.Server.Clinics().Clinics()); got != 161 {
		t.Errorf("%d clinics", got)
	}
}
