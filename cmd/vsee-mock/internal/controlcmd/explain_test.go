package controlcmd

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// run runs a command line, beginning with explain or events, for a clinic.
func run(t *testing.T, w cmdtest.Clinic, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return cmdtest.Run(t, &struct {
		Explain Explain `cmd:""`
		Events  Events  `cmd:""`
	}{}, append(args, "--mock", w.Mock, "--clinic", w.AccountCode)...)
}

func TestExplainSaysWhyAndWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	w.Control(t, http.MethodPut, "/scenarios", map[string]any{"alone": true, "files": map[string]string{
		"later.yaml": "title: On weekends\nwhen: {carrier_code: car7556, weekday: sun}\nanswer: Success\n",
		"mine.yaml":  "title: The second check is another one\nwhen: {subscriber_num: \"1100*\", nth: 2}\nanswer: Success\n",
		"number.yaml": "title: The number is not known\nwhen:\n" +
			"  subscriber_num: [\"11000075\", \"1\"]\nanswer: {text: Subscriber/Insured not found, after: 5s}\n",
	}}, nil)
	first := w.Check(t)
	code, stdout, stderr := run(t, w, "explain", first.ID)
	if code != command.ExitOK {
		t.Fatal(stderr)
	}
	golden.Is(t, "testdata/explain-check.golden", stdout)
	w.Call(t, "/users/-/car7556/eligibility", "")
	if code, stdout, stderr = run(t, w, "explain"); code != command.ExitOK || !strings.Contains(stdout, "mine.yaml:3") ||
		!strings.Contains(stdout, "no answer before") {
		t.Errorf("the last check: exit %d, %s%s", code, stdout, stderr)
	}
	if code, stdout, _ = run(t, w, "explain", "--json"); code != command.ExitOK ||
		!strings.Contains(stdout, `"near_misses"`) {
		t.Errorf("as JSON: exit %d, %s", code, stdout)
	}
}

func TestExplainTellsTheCopiesOfAnAttemptApart(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	w.Control(t, http.MethodPut, "/scenarios", map[string]any{"alone": true, "files": map[string]string{
		"twice.yaml": "title: It comes twice\nwhen: {carrier_code: car7556}\nanswer: Success\nwebhook: {duplicate: 2}\n",
	}}, nil)
	code, stdout, stderr := run(t, w, "explain", w.Check(t).ID)
	if code != command.ExitOK || strings.Count(stdout, " attempt 1 at ") != 1 ||
		strings.Count(stdout, " attempt 1, copy 2, at ") != 1 {
		t.Errorf("exit %d, %s%s", code, stdout, stderr)
	}
}

// A result about a former card is on no card: the explanation says which data changed.
func TestExplainSaysWhyAPatientHasNoResult(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	w.Call(t, "/users/-/car7556/eligibility", "")
	w.Call(t, "/me", `{"dob": "1990-01-01", "insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "7"}}}`)
	check := w.Advance(t, 10*time.Second).Checks[0]
	want := "  result   on no card, because this changed while the check was pending: subscriber_num, dob; check again\n"
	if code, stdout, stderr := run(t, w, "explain", check.ID); code != command.ExitOK || !strings.Contains(stdout, want) {
		t.Errorf("exit %d, %s%s", code, stdout, stderr)
	}
	if _, stdout, _ := run(t, w, "explain", w.Check(t).ID); strings.Contains(stdout, "  result ") {
		t.Errorf("nothing changed:\n%s", stdout)
	}
}

// The explanation of a denied claim has the line and file of the rule, and its events with their results. It takes
// the claim's id, or uses the last claim.
func TestExplainSaysWhyAClaimWasDenied(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	w.Control(t, http.MethodPut, "/scenarios", map[string]any{"alone": true, "files": map[string]string{
		"denied.yaml": "title: The second claim is denied\nwhen: {subscriber_num: \"11000075\"}\nanswer: Success\n" +
			"claims:\n  - paid\n  - {outcome: denied, adjustments: [{code: CO-97}]}\n",
	}}, nil)
	w.Check(t)
	for _, day := range []string{"2026-01-30", "2026-01-31"} {
		w.Call(t, "/insurance/claims", `{"member_id": "-", "carrier_code": "car7556", "encounter_date": "`+day+`",
			"facility_code": "AWC",
			"diagnoses": ["R05.9"], "lines": [{"procedure_code": "99211", "diagnosis_pointers": [1]}]}`)
	}
	w.Advance(t, time.Hour)
	code, stdout, stderr := run(t, w, "explain", "7100002")
	if code != command.ExitOK {
		t.Fatal(stderr)
	}
	golden.Is(t, "testdata/explain-claim.golden", stdout)
	if _, last, _ := run(t, w, "explain", "--claim"); last != stdout {
		t.Errorf("the last claim is another one:\n%s", last)
	}
	if code, stdout, _ := run(t, w, "explain", "--claim", "7100001", "--json"); code != command.ExitOK ||
		!strings.Contains(stdout, `"line": 5`) {
		t.Errorf("as JSON: exit %d, %s", code, stdout)
	}
	if code, stdout, _ = run(t, w, "events", "list"); code != command.ExitOK || !strings.Contains(stdout, "denied") {
		t.Errorf("the list of events does not say that one is denied: exit %d, %s", code, stdout)
	}
	code, stdout, stderr = run(t, w, "events", "send", "claim.updated", "--member", "132406", "--set",
		"data.status=accepted", "--set", "data.lines:=null")
	if code != command.ExitOK || !strings.Contains(stdout, `"status": "accepted"`) ||
		!strings.Contains(stdout, "7100002") {
		t.Errorf("an event by hand: exit %d, %s%s", code, stdout, stderr)
	}
}

// untilTheEnd stops a play when a visit ends.
type untilTheEnd struct{}

var errEnded = errors.New("the visit has ended")

func (untilTheEnd) Observe(_ context.Context, m play.Moment) error {
	if due, _ := m.(play.Due); due.Event == "visit.ended" {
		return errEnded
	}
	return nil
}

// The explanation of a visit has its scenario, its steps with their events, and the steps to come.
func TestExplainSaysWhyAVisitTakesItsCourse(t *testing.T) {
	t.Parallel()
	s, err := scenarios.Load("seen.yaml", []byte("title: Seen and paid\nwhen: {subscriber_num: \"7\"}\n"+
		"visit: {outcome: completed, note_after: 5m, invoice_after: 5m}\n"))
	if err != nil {
		t.Fatal(err)
	}
	mock, err := ownmock.Start(t.Context(), ownmock.Options{Scenario: s, Scenarios: scenarios.Set{s}, Loopback: true})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close()
	if err := play.Play(t.Context(), s, mock, untilTheEnd{}); !errors.Is(err, errEnded) {
		t.Fatal(err)
	}
	w := cmdtest.Clinic{Clinic: &mocktest.Clinic{Settings: mock.Settings}, Mock: mock.URL}
	code, stdout, stderr := run(t, w, "explain", "--visit")
	if code != command.ExitOK {
		t.Fatal(stderr)
	}
	golden.Is(t, "testdata/explain-visit.golden", stdout)
	if code, again, _ := run(t, w, "explain", "1525"); code != command.ExitOK || again != stdout {
		t.Errorf("by its id: exit %d, %s", code, again)
	}
	if code, stdout, _ := run(t, w, "explain", "--visit", "1525", "--json"); code != command.ExitOK ||
		!strings.Contains(stdout, `"action": "note"`) {
		t.Errorf("as JSON: exit %d, %s", code, stdout)
	}
}

func TestExplainSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	for line, want := range map[string]string{
		"":          "vsee-mock: the clinic has no checks yet; --clinic says which clinic to ask\n",
		"12345678":  "the clinic has no check with this id; --clinic says which clinic to ask\n",
		"a/b":       "the clinic has no check with this id",
		"--visit":   "vsee-mock: the clinic has no visits yet; --clinic says which clinic to ask\n",
		"--visit 1": "the clinic has no visit with this id; --clinic says which clinic to ask\n",
		"--claim":   "vsee-mock: the clinic has no claims yet; --clinic says which clinic to ask\n",
		"--claim 1": "the clinic has no claim with this id; --clinic says which clinic to ask\n",
	} {
		args := strings.Fields(line)
		if code, _, stderr := run(t, w, append([]string{"explain"}, args...)...); code != command.ExitError ||
			!strings.Contains(stderr, want) {
			t.Errorf("explain %s: exit %d, %s", line, code, stderr)
		}
	}
}
