package scenariocmd

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// checkResult is the visible result of a check, for a client and a receiver.
type checkResult struct {
	Response string
	After    time.Duration
	Attempts []string // for each, its time since the end of the check, and its result
}

// runCheck runs a patient's check in a mock to its end, and returns the clinic and the check's id.
func runCheck(t *testing.T, mock *mocktest.Mock, url, patient string) (*mocktest.Clinic, string, checkResult) {
	t.Helper()
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "mine", Webhook: clinic.Webhook{URL: url},
		Clock: clinic.ClockSettings{
			Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true,
		}})
	w := cmdtest.Clinic{Clinic: c}
	w.Call(t, "/me", patient)
	w.Call(t, "/users/-/car7556/eligibility", "")
	c.Advance(t, 96*time.Hour)
	var checks struct {
		Data []struct {
			ID       string
			Response string `json:"eligibility_response"`
			Started  time.Time
			Finished time.Time
		}
	}
	c.Control(t, http.MethodGet, "/checks", nil, &checks)
	check := checks.Data[0]
	took := checkResult{Response: check.Response}
	if !check.Finished.IsZero() {
		took.After = check.Finished.Sub(check.Started)
	}
	var deliveries struct {
		Data []struct {
			At           time.Time
			Reason       string
			Misbehaviour []string
		}
	}
	c.Control(t, http.MethodGet, "/deliveries", nil, &deliveries)
	slices.Reverse(deliveries.Data)
	for _, d := range deliveries.Data {
		outcome := "refused"
		if d.Reason == "" {
			outcome = "taken"
		}
		took.Attempts = append(took.Attempts, d.At.Sub(check.Finished).String()+" "+outcome)
	}
	return c, check.ID, took
}

// A check is saved as a scenario; with the scenario in force, the check repeats.
func TestWhatIsSavedHappensAgain(t *testing.T) {
	t.Parallel()
	const card = `{"dob": "1980-02-29", "gender": 2, ` +
		`"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "NUMBER"}}}`
	for name, tc := range map[string]struct {
		patient  string
		scenario string // the scenario in force for the first run
		answers  []int  // of the receiver, at first; 200 after these
	}{
		"the default":   {patient: strings.Replace(card, "NUMBER", "4711", 1)},
		"a reject code": {patient: strings.Replace(card, "NUMBER", "11000075", 1)},
		"missing data":  {patient: `{"insurance": {"primary": {"carrier_code": "car7556"}}}`},
		"late": {patient: strings.Replace(card, "NUMBER", "1", 1),
			scenario: "when: {subscriber_num: \"1\"}\nanswer: {text: Out of Network, after: 90m}\n"},
		"never": {patient: strings.Replace(card, "NUMBER", "1", 1),
			scenario: "when: {subscriber_num: \"1\"}\nanswer: silent\n"},
		"a webhook refused": {patient: strings.Replace(card, "NUMBER", "4711", 1), answers: []int{500, 503}},
		"a webhook twice": {patient: strings.Replace(card, "NUMBER", "1", 1),
			scenario: "when: {subscriber_num: \"1\"}\nanswer: Success\nwebhook: {duplicate: 2, hold: 5m}\n"},
		"no webhook at all": {patient: strings.Replace(card, "NUMBER", "1", 1),
			scenario: "when: {subscriber_num: \"1\"}\nanswer: Success\nwebhook: {drop: true}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, func(n int) int {
				if n <= len(tc.answers) {
					return tc.answers[n-1]
				}
				return 200
			})
			set := scenarios.Set{}
			if tc.scenario != "" {
				scenario, err := scenarios.Load("story.yaml", []byte("title: Story\n"+tc.scenario))
				if err != nil {
					t.Fatal(err)
				}
				set = append(set, scenario)
			}
			mock := mocktest.Start(t, func(o *mockserver.Options) { o.Scenarios = set })
			c, id, first := runCheck(t, mock, receiver.URL, tc.patient)

			saved, text := savedOf(t, mock, c, id)
			accepting := mocktest.NewReceiver(t, nil)
			_, _, again := runCheck(t, mocktest.Start(t, func(o *mockserver.Options) { o.Scenarios = saved }), accepting.URL,
				tc.patient)
			if diff := cmp.Diff(first, again); diff != "" {
				t.Errorf("with\n%s(-first +again):\n%s", text, diff)
			}
		})
	}
}

// savedOf saves a check or a claim, and returns the scenarios in the file, and its text.
func savedOf(t *testing.T, mock *mocktest.Mock, c *mocktest.Clinic, id string) (saved scenarios.Set, text []byte) {
	t.Helper()
	dir := t.TempDir()
	out := filepath.Join(dir, "saved.yaml")
	if code, _, stderr := run(t, "scenarios", "save", id, "--out", out, "--mock", mock.URL, "--clinic",
		c.AccountCode); code != command.ExitOK {
		t.Fatal(stderr)
	}
	saved, err := scenarios.LoadDir(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	text, err = os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return saved, text
}

// The conditions of a saved check are those by which it was answered, and name nobody.
func TestWhatIsSavedKeepsTheBirthDateAsAConditionAndNamesNobody(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	w.Control(t, http.MethodPut, "/scenarios", map[string]any{"files": map[string]string{
		"born.yaml": "title: Born in 1990\nwhen: {subscriber_num: \"11000075\", dob: \"1990-*\"}\nanswer: Out of Network\n",
	}}, nil)
	w.Call(t, "/me", `{"first_name": "Zebulon", "last_name": "Quux", "dob": "1990-07-13", "insurance":
		{"patient": {"respparty": "child", "guarantor_name": "Wilma Quux", "guarantor_dob": "1961-05-17"},
		"primary": {"carrier_code": "car7556", "subscriber_num": "11000075"}}}`)
	save := func() string {
		t.Helper()
		out := filepath.Join(t.TempDir(), "saved.yaml")
		code, _, stderr := run(t, "scenarios", "save", w.Check(t).ID, "--out", out, "--mock", w.Mock,
			"--clinic", w.AccountCode)
		text, err := os.ReadFile(out)
		if code != command.ExitOK || err != nil {
			t.Fatal(stderr, err)
		}
		for _, private := range []string{"Zebulon", "Quux", "Wilma", "1990-07-13", "1961"} {
			if strings.Contains(string(text), private) {
				t.Errorf("%s is in\n%s", private, text)
			}
		}
		if code, _, stderr := run(t, "scenarios", "explain", out); code != command.ExitOK {
			t.Errorf("it cannot be played: %s\n%s", stderr, text)
		}
		return string(text)
	}
	if text := save(); !strings.Contains(text, `dob: "1990-*"`) || !strings.Contains(text, "respparty: child") {
		t.Errorf("the condition is not in\n%s", text)
	}
	w.Control(t, http.MethodDelete, "/scenarios", nil, nil)
	if text := save(); strings.Contains(text, "dob:") {
		t.Errorf("no condition is about the birth date:\n%s", text)
	}
}

// claimResult is the visible result of a claim, for a client.
type claimResult struct {
	Status  string
	Paid    int `json:"paid_cents"`
	Patient int `json:"patient_responsibility_cents"`
	Reasons []string
	History []struct {
		Status, Code, Text string
		At                 time.Time
	}
}

// runClaim runs a claim with two lines in a mock to its end, and returns the clinic and the claim's id.
func runClaim(t *testing.T, set scenarios.Set, number string) (mock *mocktest.Mock, c *mocktest.Clinic, id string,
	f claimResult) {
	t.Helper()
	mock = mocktest.Start(t, func(o *mockserver.Options) { o.Scenarios = set })
	c = mock.NewClinic(t, clinic.Settings{AccountCode: "mine", Clock: clinic.ClockSettings{
		Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true,
	}})
	w := cmdtest.Clinic{Clinic: c}
	w.Call(t, "/me",
		`{"dob": "1980-02-29", "gender": 2, `+
			`"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "`+number+`"}}}`)
	w.Call(t, "/users/-/car7556/eligibility", "")
	c.Advance(t, 2*time.Hour)
	w.Call(t, "/insurance/claims",
		`{"member_id": "-", "carrier_code": "car7556", "encounter_date": "2026-01-30", "facility_code": "AWC",
		"diagnoses": ["R05.9"], "lines": [{"procedure_code": "99211", "diagnosis_pointers": [1]},
		{"procedure_code": "10022", "fee": "33.33", "diagnosis_pointers": [1]}]}`)
	c.Advance(t, 96*time.Hour)
	var claims struct{ Data []json.RawMessage }
	c.Control(t, http.MethodGet, "/claims", nil, &claims)
	var named struct{ ID string }
	for _, into := range []any{&named, &f} {
		if err := json.Unmarshal(claims.Data[0], into); err != nil {
			t.Fatal(err)
		}
	}
	return mock, c, named.ID, f
}

// A claim is saved as a scenario; with the scenario in force, the outcome of the claim repeats.
func TestWhatIsSavedOfAClaimHappensAgain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		number, scenario string
		status           string
	}{
		"the default":          {number: "4711", status: "paid"},
		"denied by its number": {number: "12000097", status: "denied"},
		"partly by its number": {number: "12100001", status: "partly_paid"},
		"sent back":            {number: "12200021", status: "rejected"},
		"never paid":           {number: "12300000", status: "accepted"},
		"late": {number: "1", status: "paid",
			scenario: "answer: {text: Success, after: 90m}\n" +
				"claim: {outcome: paid, acknowledge_after: 1h, accept_after: 2h, pay_after: 24h}"},
		"sent back late": {number: "1", status: "rejected",
			scenario: "answer: Success\nclaim: {outcome: rejected, status: A7:562, accept_after: 1h}"},
		"never acknowledged": {number: "1", status: "submitted",
			scenario: "answer: Success\nclaim: {outcome: silent, after: submitted}"},
		"never accepted": {number: "1", status: "acknowledged",
			scenario: "answer: Success\nclaim: {outcome: silent, after: acknowledged, acknowledge_after: 3m}"},
		"denied with remarks": {number: "1", status: "denied",
			scenario: "answer: Success\nclaim: {outcome: denied, adjustments: [{code: PR-204, line: 2, remarks: [N130]}]}"},
		"partly, line by line": {number: "1", status: "partly_paid",
			scenario: "answer: Success\n" +
				"claim: {outcome: partly_paid, adjustments: [{code: CO-45, percent: 33}, {code: PR-1, amount: 5.00, line: 1}]}"},
		"partly, and so not": {number: "1", status: "paid",
			scenario: "answer: Success\nclaim: {outcome: partly_paid, adjustments: [{code: CO-45, line: 3, amount: 1}]}"},
		"the second in a list": {number: "1", status: "denied", scenario: "answer: Success\nclaims: [CO-97, paid]"},
		"webhook goes wrong": {number: "1", status: "paid",
			scenario: "answer: Success\nclaim: paid\nclaim_webhook: {duplicate: 2, signature: bad}"},
		"nothing left to be due": {number: "1", status: "denied",
			scenario: "answer: Success\n" +
				"claim: {outcome: partly_paid, adjustments: [{code: CO-45, percent: 60}, {code: PR-1, percent: 60}]}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := scenarios.Set{}
			if tc.scenario != "" {
				scenario, err := scenarios.Load("story.yaml",
					[]byte("title: Story\nwhen: {subscriber_num: \"1\"}\n"+tc.scenario+"\n"))
				if err != nil {
					t.Fatal(err)
				}
				set = append(set, scenario)
			}
			mock, c, id, first := runClaim(t, set, tc.number)
			if first.Status != tc.status {
				t.Fatalf("the claim is %s", first.Status)
			}
			saved, text := savedOf(t, mock, c, id)
			_, again, idAgain, second := runClaim(t, saved, tc.number)
			if diff := cmp.Diff(first, second); diff != "" {
				t.Errorf("with\n%s(-first +again):\n%s", text, diff)
			}
			if len(set) > 0 && set[0].ClaimWebhook != saved[0].ClaimWebhook {
				t.Errorf("with\n%sthe events go wrong in another way", text)
			}
			var why struct{ Claim struct{ Rule string } }
			again.Control(t, http.MethodGet, "/claims/"+idAgain+"/explain", nil, &why)
			if why.Claim.Rule != "scenario" {
				t.Errorf("with\n%s%s decided, and not the file", text, why.Claim.Rule)
			}
		})
	}
}

// Without --out, the file is named after the claim; --claim selects the claim when a check has the same id.
func TestAClaimIsSavedUnderItsName(t *testing.T) {
	mock, c, id, _ := runClaim(t, scenarios.Set{}, "12000097")
	t.Chdir(t.TempDir())
	code, stdout, stderr := run(t, "scenarios", "save", id, "--claim", "--mock", mock.URL, "--clinic", c.AccountCode)
	if code != command.ExitOK || !strings.HasPrefix(stdout, "Wrote claim-"+id+".yaml:\n\n") {
		t.Fatal(stdout, stderr)
	}
	for _, part := range []string{`title: "Saved claim: denied (CO-97)"`, "labels: [claim, eligible, mock-only]",
		"adjustments: [{code: CO-97}]"} {
		if !strings.Contains(stdout, part) {
			t.Errorf("%s is not in\n%s", part, stdout)
		}
	}
}

func TestSaveSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	check := w.Check(t).ID
	there := filepath.Join(t.TempDir(), "there.yaml")
	if err := os.WriteFile(there, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]struct {
		code int
		says string
	}{
		"12345": {command.ExitError,
			"the clinic has no check, claim or visit with this id; vsee-mock journal --follow --kinds check,claim,visit"},
		check + " --claim":         {command.ExitError, "the clinic has no claim with this id"},
		check + " --out there.yml": {command.ExitUsage, "--out must end in .yaml"},
		check + " --out " + there:  {command.ExitUsage, "exists already: choose another name with --out"},
		"":                         {command.ExitUsage, `expected "<id>"`},
	} {
		args := append([]string{"scenarios", "save", "--mock", w.Mock, "--clinic", w.AccountCode}, strings.Fields(line)...)
		if code, _, stderr := run(t, args...); code != want.code || !strings.Contains(stderr, want.says) {
			t.Errorf("%s: exit %d, %s", line, code, stderr)
		}
	}
}
