package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// explain runs `vsee-mock explain` for the world's clinic.
func (w world) explain(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return playLive(t, append(append([]string{"explain"}, args...), "--mock", w.mock, "--clinic", w.AccountCode)...)
}

func TestExplainSaysWhyAndWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	w.Control(t, http.MethodPut, "/scenarios", map[string]any{"alone": true, "files": map[string]string{
		"later.yaml":  "title: On weekends\nwhen: {carrier_code: car7556, weekday: sun}\nanswer: Success\n",
		"mine.yaml":   "title: The second check is another one\nwhen: {subscriber_num: \"1100*\", nth: 2}\nanswer: Success\n",
		"number.yaml": "title: The number is not known\nwhen:\n  subscriber_num: [\"11000075\", \"1\"]\nanswer: {text: Subscriber/Insured not found, after: 5s}\n",
	}}, nil)
	first := w.check(t)
	code, stdout, stderr := w.explain(t, first.ID)
	if code != exitOK {
		t.Fatal(stderr)
	}
	golden.Is(t, "testdata/explain.golden", stdout)
	w.call(t, "/users/-/car7556/eligibility", "")
	if code, stdout, stderr = w.explain(t); code != exitOK || !strings.Contains(stdout, "mine.yaml:3") || !strings.Contains(stdout, "no answer before") {
		t.Errorf("the last check: exit %d, %s%s", code, stdout, stderr)
	}
	if code, stdout, _ = w.explain(t, "--json"); code != exitOK || !strings.Contains(stdout, `"near_misses"`) {
		t.Errorf("as JSON: exit %d, %s", code, stdout)
	}
}

// The explanation of a denied claim has the line and file of the rule, and its events with their results. It takes
// the claim's id, or uses the last claim.
func TestExplainSaysWhyAClaimWasDenied(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.Control(t, http.MethodPut, "/scenarios", map[string]any{"alone": true, "files": map[string]string{
		"denied.yaml": "title: The second claim is denied\nwhen: {subscriber_num: \"11000075\"}\nanswer: Success\nclaims:\n  - paid\n  - {outcome: denied, adjustments: [{code: CO-97}]}\n",
	}}, nil)
	w.check(t)
	for _, day := range []string{"2026-01-30", "2026-01-31"} {
		w.call(t, "/insurance/claims", `{"member_id": "-", "carrier_code": "car7556", "encounter_date": "`+day+`", "facility_code": "AWC",
			"diagnoses": ["R05.9"], "lines": [{"procedure_code": "99211", "diagnosis_pointers": [1]}]}`)
	}
	w.Advance(t, time.Hour)
	code, stdout, stderr := w.explain(t, "7100002")
	if code != exitOK {
		t.Fatal(stderr)
	}
	golden.Is(t, "testdata/explain-claim.golden", stdout)
	if _, last, _ := w.explain(t, "--claim"); last != stdout {
		t.Errorf("the last claim is another one:\n%s", last)
	}
	if code, stdout, _ := w.explain(t, "--claim", "7100001", "--json"); code != exitOK || !strings.Contains(stdout, `"line": 5`) {
		t.Errorf("as JSON: exit %d, %s", code, stdout)
	}
	if code, stdout, _ = w.events(t, "list"); code != exitOK || !strings.Contains(stdout, "denied") {
		t.Errorf("the list of events does not say that one is denied: exit %d, %s", code, stdout)
	}
	code, stdout, stderr = w.events(t, "send", "claim.updated", "--member", "132406", "--set", "data.status=accepted", "--set", "data.lines:=null")
	if code != exitOK || !strings.Contains(stdout, `"status": "accepted"`) || !strings.Contains(stdout, "7100002") {
		t.Errorf("an event by hand: exit %d, %s%s", code, stdout, stderr)
	}
}

func TestExplainSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	for line, want := range map[string]string{
		"":          "vsee-mock: the clinic has no checks yet\n",
		"12345678":  "the clinic has no check with this id",
		"a/b":       "the clinic has no check with this id",
		"--claim":   "vsee-mock: the clinic has no claims yet\n",
		"--claim 1": "the clinic has no claim with this id",
	} {
		args := strings.Fields(line)
		if code, _, stderr := w.explain(t, args...); code != exitError || !strings.Contains(stderr, want) {
			t.Errorf("explain %s: exit %d, %s", line, code, stderr)
		}
	}
}
