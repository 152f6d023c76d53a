package controlcmd

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
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

// A clock that stands still signs with an old time, so the hint is about that.
func TestExplainHasTheAnswerOfTheReceiverTheHintAndTheNextAttempt(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, func(int) int { return 401 })
	w.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"timestamp": "real"}}, nil)
	_, stdout, stderr := run(t, w, "explain", w.Check(t).ID)
	for _, want := range []string{
		": pending, after 1 attempt, next attempt at 2026-01-31T09:01:10Z\n",
		" attempt 1 at 2026-01-31T09:00:10Z: failed, 401: the receiver answered 401\n",
		" hint: the receiver refuses the sender: most probably its secret differs from the clinic's webhook.secret;",
	} {
		if strings.Count(stdout, want) != 1 {
			t.Errorf("no %q in\n%s%s", want, stdout, stderr)
		}
	}
}

func TestAnAttemptHasTheWordsOfTheReceiverOnce(t *testing.T) {
	t.Parallel()
	refused := func(n int) controlapi.Delivery {
		return controlapi.Delivery{EventID: "e", Attempt: n, Status: 401, Reason: "status", Answer: " no\n", Hint: "h"}
	}
	const at = " at 0001-01-01T00:00:00Z: "
	got := attemptLines("e", []controlapi.Delivery{
		refused(1), refused(2), {EventID: "other"}, {EventID: "e", Attempt: 3, Reason: "refused", Detail: "no server"},
		{EventID: "e", Attempt: 4, Status: 204}, {EventID: "e", Attempt: 5, Reason: "dropped"},
	})
	want := []string{"attempt 1" + at + "failed, 401", "its answer: no", "hint: h", "attempt 2" + at + "failed, 401",
		"attempt 3" + at + "failed, refused: no server", "attempt 4" + at + "delivered, 204", "not sent" + at + "dropped"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheLinesOfAnEventDiffer(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	for want, e := range map[string]controlapi.Event{
		"t 12345678 pending": {Created: at, Next: at},
		"t 12345678 pending, first attempt at 2026-01-31T09:00:00Z": {Created: at.Add(-time.Second), Next: at},
		"t 12345678 pending, next attempt at 2026-01-31T09:00:00Z":  {Next: at, Attempts: 1},
		"t 12345678 pending, waits for a read":                      {WaitsFor: "a read"},
	} {
		e.Type, e.ID, e.Status = "t", "123456789", "pending"
		if got := textOf(controlapi.StreamItem{Event: &e}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
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
	ids := func(kinds string) string {
		return "vsee-mock journal --follow --kinds " + kinds + " shows the last ids; --clinic says which clinic to ask\n"
	}
	for line, want := range map[string]string{
		"":          "vsee-mock: the clinic has no checks yet; --clinic says which clinic to ask\n",
		"12345678":  "the clinic has no check, claim or visit with this id; " + ids("check,claim,visit"),
		"a/b":       "the clinic has no check, claim or visit with this id",
		"--visit":   "vsee-mock: the clinic has no visits yet; --clinic says which clinic to ask\n",
		"--visit 1": "the clinic has no visit with this id; " + ids("visit"),
		"--claim":   "vsee-mock: the clinic has no claims yet; --clinic says which clinic to ask\n",
		"--claim 1": "the clinic has no claim with this id; " + ids("claim"),
	} {
		args := strings.Fields(line)
		if code, _, stderr := run(t, w, append([]string{"explain"}, args...)...); code != command.ExitError ||
			!strings.Contains(stderr, want) {
			t.Errorf("explain %s: exit %d, %s", line, code, stderr)
		}
	}
}

func TestARefusalNamesTheCommandAndNotTheCallOfTheControlAPI(t *testing.T) {
	t.Parallel()
	w := cmdtest.NewClinic(t, nil)
	for line, want := range map[string]string{
		"explain --clinic nobody":                           "vsee-mock clinics lists them; --clinic says",
		"clinics delete nobody":                             "vsee-mock clinics lists them\n",
		"clock set 2020-01-01T00:00:00Z --clinic mine":      "cannot go back; vsee-mock reset empties the clinic",
		"clock advance -10s --clinic mine":                  "a clock only moves forward: vsee-mock reset",
		"clock advance --clinic mine -- -10s":               "a clinic's clock cannot go back; vsee-mock reset",
		"clinics create other --scenario nothing-like-this": "vsee-mock scenarios list shows them",
		"events send eligibility.checked --member 1":        "vsee-mock journal shows the ids of users",
		"events show 00000000-0000-4000-8000-000000000000":  "vsee-mock events list shows the ids",
	} {
		args := strings.Fields(line)
		at := 2 // behind the command, and before a --
		if args[0] == "explain" {
			at = 1
		}
		args = slices.Insert(args, at, "--mock", w.Mock)
		_, stdout, stderr := cmdtest.Run(t, &struct {
			Explain Explain `cmd:""`
			Events  Events  `cmd:""`
			Clock   Clock   `cmd:""`
			Clinics Clinics `cmd:""`
		}{}, args...)
		if !strings.Contains(stderr, want) || strings.Contains(stderr, "GET /") || strings.Contains(stderr, "POST ") {
			t.Errorf("%s: %s%s", line, stdout, stderr)
		}
	}
}
