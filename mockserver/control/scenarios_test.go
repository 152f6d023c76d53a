package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

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

// The problems in a folder of scenarios stand beside those in force, and beside the state of a mock that is ready.
func TestBrokenFilesAreListedAndTheMockStaysReady(t *testing.T) {
	t.Parallel()
	problems := []*scenarios.Problem{
		{File: "sub/bad.yaml", Line: 3, Column: 1, Rule: "unknown key \"anwser\"", Hint: "did you mean \"answer\"?",
			Excerpt: "   3 | anwser: x"},
		{File: "pipe.yaml", Rule: "it is not a regular file, but a pipe"},
	}
	mock, c := start(t, func(o *mockserver.Options) { o.ScenarioProblems = problems })
	want := []controlapi.FileProblem{
		{File: "sub/bad.yaml", Line: 3, Column: 1, Problem: `unknown key "anwser"; did you mean "answer"?`,
			Excerpt: "   3 | anwser: x"},
		{File: "pipe.yaml", Problem: "it is not a regular file, but a pipe"},
	}
	listed := func() (controlapi.ScenarioPage, controlapi.Health) {
		t.Helper()
		var page controlapi.ScenarioPage
		var health controlapi.Health
		c.ok("GET", "/scenarios", "", &page)
		c.ok("GET", "/readyz", "", &health)
		return page, health
	}
	page, health := listed()
	if diff := cmp.Diff([][]controlapi.FileProblem{want, want},
		[][]controlapi.FileProblem{page.Problems, health.Problems}); diff != "" || len(page.Data) == 0 ||
		health.Status != "ready" {
		t.Errorf("%d scenarios, %s (-want +got):\n%s", len(page.Data), health.Status, diff)
	}
	mock.Server.UseScenarios(scenarios.Set{{ID: "claims/own", Title: "Own"}}, nil)
	if page, health = listed(); len(page.Problems)+len(health.Problems) > 0 || len(page.Data) != 1 {
		t.Errorf("once they are mended: %v, %v", page, health)
	}
	var one controlapi.Scenario
	if c.ok("GET", "/scenarios/claims%2Fown", "", &one); one.Title != "Own" {
		t.Errorf("that of a subfolder is %+v", one)
	}
}

// put gives a clinic scenarios of its own.
func put(c *client, account string, alone bool, files map[string]string) {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"files": files, "alone": alone})
	if err != nil {
		c.t.Fatal(err)
	}
	c.ok("PUT", "/clinics/"+account+"/scenarios", string(body), nil)
}

// answered completes a check of the clinic's admin, with the card number 11000075, and returns the check.
func answered(t *testing.T, c *mocktest.Clinic) controlapi.Check {
	t.Helper()
	check(t, c)
	checks := c.Advance(t, time.Hour).Checks
	if len(checks) != 1 {
		t.Fatalf("%d checks have ended", len(checks))
	}
	return checks[0]
}

const mine = "title: Mine\nwhen: {card: primary}\nanswer: \"35\"\n"

// A clinic can have its own scenarios. No other clinic uses them, and they can be removed again.
func TestAClinicCanHaveScenariosOfItsOwn(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	own := mock.NewClinic(t, clinic.Settings{AccountCode: "own"})
	other := mock.NewClinic(t, clinic.Settings{AccountCode: "other"})
	catalogue := len(mock.Server.Scenarios())
	put(c, "own", false, map[string]string{"mine.yaml": mine})
	if set := pages(c, "/clinics/own/scenarios", 100); len(set) != catalogue+1 || set[0] != "mine" {
		t.Errorf("%d scenarios, the first is %s", len(set), set[0])
	}
	if got := answered(t, own); got.Response != "Out of Network" || got.Scenario != "mine" {
		t.Errorf("in the clinic: %+v", got)
	}
	if got := answered(t, other); got.Scenario == "mine" {
		t.Errorf("in another one: %+v", got)
	}
	put(c, "own", true, map[string]string{"mine.yaml": mine})
	if set := pages(c, "/clinics/own/scenarios", 100); len(set) != 1 {
		t.Errorf("alone are %d", len(set))
	}
	c.ok("DELETE", "/clinics/own/scenarios", "", nil)
	set := pages(c, "/clinics/own/scenarios", 100)
	if got := answered(t, own); len(set) != catalogue || got.Scenario == "mine" {
		t.Errorf("after they were taken away there are %d, and a check is answered %+v", len(set), got)
	}
	put(c, "own", true, map[string]string{"mine.yaml": mine})
	if status, text := c.do("DELETE", "/clinics/own", ""); status != 204 {
		t.Fatalf("%d %s", status, text)
	}
	mock.NewClinic(t, clinic.Settings{AccountCode: "own"})
	if set := pages(c, "/clinics/own/scenarios", 100); len(set) != catalogue {
		t.Errorf("a new clinic of the same name has %d", len(set))
	}
}

func TestAClinicsScenariosAreLoadedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	mock.NewClinic(t, clinic.Settings{AccountCode: "own"})
	const path = "/clinics/own/scenarios"
	c.refused("PUT", path, `{}`, 400, `files must hold at least one scenario: {"files": {"my-scenario.yaml": "title: `+
		`…"}}; DELETE removes a clinic's own scenarios`)
	c.refused("PUT", path, `{"files": {"a/b.yaml": ""}}`, 400, "files must be named without a folder, such as "+
		"my-scenario.yaml")
	c.refused("PUT", path, `{"files": {"a.yml": ""}}`, 400, "a.yml: a scenario's file ends in .yaml; rename it")
	c.refused("PUT", path, `{"files": {"a.yaml": "title: A\nwhen: {card: primary}\nanwser: x\n"}}`, 400,
		"a.yaml:3:1: unknown key \"anwser\"; did you mean \"answer\"?\n   2 | when: {card: primary}\n   3 | anwser: x\n   "+
			"  | ^")
	if set := pages(c, path, 100); len(set) != len(mock.Server.Scenarios()) {
		t.Errorf("after refusals there are %d", len(set))
	}
}

// explanation is the control API's explanation of a check.
type explanation struct {
	Because  string
	Scenario struct {
		File string
		Line int
	}
	Misses []struct {
		File    string
		Line    int
		Differs string `json:"differs_in"`
		Matched int
	} `json:"near_misses"`
	Tried int
	Asked struct {
		SubscriberNum string `json:"subscriber_num"`
		Nth           int
	}
	Event      struct{ Status string }
	Deliveries []struct{ Status int }
}

// The explanation of a check names the deciding line, the near misses and the result. It stays the same after other
// scenarios are put into force.
func TestACheckCanBeExplained(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	mock, c := start(t, func(o *mockserver.Options) { o.Scenarios = scenarios.Set{} })
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: receiver.URL}})
	put(c, "one", true, map[string]string{
		"a.yaml": "title: A\nwhen: {carrier_code: car7556, subscriber_num: \"9\"}\nanswer: Success\n",
		"b.yaml": "title: B\nwhen:\n  subscriber_num: \"11000075\"\n  nth: 2\nanswer: Success\n",
		"c.yaml": "title: C\nwhen: {subscriber_num: \"11*\"}\nanswers:\n  - Success\n  - Out of Network\n",
	})
	answered(t, one)
	first := answered(t, one)
	mock.Server.UseScenarios(scenarios.Set{}, nil)
	c.ok("DELETE", "/clinics/one/scenarios", "", nil)
	var why explanation
	c.ok("GET", "/clinics/one/checks/"+first.ID+"/explain", "", &why)
	if why.Scenario.File != "b.yaml" || why.Scenario.Line != 5 || why.Because != "the scenario b answers it: B (check "+
		"2 of this subscriber)" {
		t.Errorf("%+v", why)
	}
	var misses []string
	for _, miss := range why.Misses {
		misses = append(misses, fmt.Sprintf("%s:%d %s %d", miss.File, miss.Line, miss.Differs, miss.Matched))
	}
	if diff := cmp.Diff([]string{"a.yaml:2 subscriber_num 1"}, misses); diff != "" || why.Tried != 3 {
		t.Errorf("tried %d, near misses (-want +got):\n%s", why.Tried, diff)
	}
	if why.Asked.SubscriberNum != "11000075" || why.Asked.Nth != 2 || why.Event.Status != "delivered" ||
		len(why.Deliveries) != 1 {
		t.Errorf("%+v", why)
	}
	last := answered(t, one)
	why = explanation{}
	c.ok("GET", "/clinics/one/checks/"+last.ID+"/explain", "", &why)
	if why.Because != "no scenario answers it, and the subscriber number asks for reject code 75" || why.Tried != 0 ||
		len(why.Misses) != 0 {
		t.Errorf("%+v", why)
	}
	c.refused("GET", "/clinics/one/checks/1/explain", "", 404, "the clinic has no check with this id")
	c.refused("GET", "/clinics/one/checks/1", "", 404, "the clinic has no check with this id")
}

// Each journal entry related to a check has the check's id.
func TestTheJournalLeadsToTheCheck(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one", Webhook: clinic.Webhook{URL: receiver.URL}})
	done := answered(t, one)
	for _, list := range []string{"deliveries", "events", "journal"} {
		var page struct {
			Data []struct {
				CheckID string `json:"check_id"`
			}
		}
		c.ok("GET", "/clinics/one/"+list, "", &page)
		if got := page.Data[0].CheckID; got != done.ID {
			t.Errorf("the newest of %s leads to the check %q", list, got)
		}
	}
}

// New scenarios change the answers to later checks, but not to pending ones.
func TestPendingChecksKeepTheirAnswer(t *testing.T) {
	t.Parallel()
	mock, _ := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	check(t, one)
	set, err := scenarios.LoadFiles(map[string][]byte{"mine.yaml": []byte(mine)})
	if err != nil {
		t.Fatal(err)
	}
	mock.Server.UseScenarios(set, nil)
	check(t, one)
	var got []string
	for _, k := range one.Advance(t, time.Hour).Checks {
		got = append(got, k.Response)
	}
	if text := strings.Join(got, ", "); text != "Subscriber/Insured not found, Out of Network" {
		t.Errorf("answered %s", text)
	}
}

// A set of scenarios can explain its checks for as long as it is in force, however often other clinics change theirs. A
// clinic's own set is combined with each new common set.
func TestScenariosInForceAreNeverForgotten(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	mock.NewClinic(t, clinic.Settings{AccountCode: "two"})
	put(c, "one", false, map[string]string{"other.yaml": "title: Other\nwhen: {subscriber_num: \"9\"}\nanswer: Success\n"})
	for range 101 {
		put(c, "two", true, map[string]string{"mine.yaml": mine})
	}
	common, err := scenarios.LoadFiles(map[string][]byte{"mine.yaml": []byte(mine)})
	if err != nil {
		t.Fatal(err)
	}
	before := answered(t, one)
	mock.Server.UseScenarios(common, nil)
	after := answered(t, one)
	if before.Response != "Subscriber/Insured not found" || after.Response != "Out of Network" {
		t.Errorf("answered %s, and with other scenarios in force everywhere %s", before.Response, after.Response)
	}
	for id, tried := range map[string]int{before.ID: 100, after.ID: 2} {
		var why explanation
		c.ok("GET", "/clinics/one/checks/"+id+"/explain", "", &why)
		if why.Tried < tried {
			t.Errorf("of check %s %d scenarios were tried", id, why.Tried)
		}
	}
}

// The explanation of a check started with a scenario's name names this scenario.
func TestANamedScenarioIsTheReason(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one"})
	check(t, one)
	one.Advance(t, time.Minute)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, one.BaseURL+"/users/-/car7556/eligibility",
		http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ApiToken", one.AdminToken)
	request.Header.Set("X-Mock-Scenario", "out-of-network")
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	named := one.Advance(t, time.Minute).Checks[0]
	var why explanation
	c.ok("GET", "/clinics/one/checks/"+named.ID+"/explain", "", &why)
	if !strings.HasPrefix(why.Because, "the request named the scenario out-of-network: ") || len(why.Misses) != 0 ||
		why.Scenario.Line == 0 {
		t.Errorf("%+v", why)
	}
}
