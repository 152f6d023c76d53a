package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// mixed is a run with a requirement in each state, and every field filled in at least once.
func mixed() result.Run {
	finding := result.Finding{
		Rule: "must be a text", Operation: "startEligibilityCheck", Status: 200, Pointer: "/data/0/id", Line: 412,
		Exchange: &result.Exchange{
			Request: result.Message{Line: "POST /users/{id}/eligibility", Header: map[string]string{"X-Api-Token": "…", "Content-Type": "application/json"}, Body: `{"card":"…"}`},
			Reply:   result.Message{Line: "200 OK", Header: map[string]string{"Content-Type": "application/json"}, Body: "{\n  \"data\": []\n}\n"},
		},
	}
	of := func(id, title string, state result.State, reason string, findings ...result.Finding) result.Requirement {
		return result.Requirement{
			ID: id, Title: title, Level: "must", Operation: "startEligibilityCheck", Effect: "safe", Evidence: "seed",
			State: state, Reason: reason, Duration: 0.25, Findings: findings,
		}
	}
	return result.Run{
		Version: result.Version, ID: "0badcafe", Target: result.Target{Name: "preview", BaseURL: "https://preview.example.com/api_v3"},
		Suite: "v0.9.0", Document: "3.1.0", Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Duration: 61.5,
		Requirements: []result.Requirement{
			of("AUTH-001", "a request without a token is refused", result.Passed, ""),
			of("AUTH-002", "a token of yesterday is refused", result.NotTestable, "the clock of the target cannot be moved"),
			of("AUTH-003", "a token of another clinic is refused", result.NotTestable, "no webhook URL"),
			of("ELIG-001", "a check is accepted", result.Stale, "the requirement passes; remove its entry from known-differences.yaml (line 3, owner integrations)"),
			of("ELIG-002", "a check has an id", result.Failed, "", finding, result.Finding{Rule: "the reply has no code"}),
			of("ELIG-003", "a check is found again", result.Expected, "the sandbox forgets (owner integrations, until 2026-04-30)", finding),
			of("ELIG-004", "a check ends", result.Expired, "the sandbox is slow (owner integrations, expired after 2026-02-01)", result.Finding{Rule: "it has not ended within 2 minutes"}),
			of("HOOK-001", "an event is signed", result.NotTestable, "no webhook URL"),
		},
	}
}

func coverage() *report.Coverage {
	return &report.Coverage{Operations: []report.Operation{
		{
			ID: "startEligibilityCheck", Exchanges: 12,
			Statuses:   report.Part{Seen: []string{"200", "401"}, NeverSeen: []string{"429"}, Undeclared: []string{"503"}},
			MediaTypes: report.Part{Seen: []string{"application/json"}},
			Fields:     report.Part{Seen: []string{"/data/0/id"}, NeverSeen: []string{"/data/0/error"}, Undeclared: []string{"/data/0/legacy_id"}},
			EnumValues: report.Part{Seen: []string{"/data/0/status=done"}, NeverSeen: []string{"/data/0/status=new"}},
		},
		{ID: "listInsurers"},
	}, Events: []report.Event{{
		Type: "eligibility.checked", Payloads: 7,
		Envelopes:  report.Part{Seen: []string{"unversioned"}, NeverSeen: []string{"1.0"}},
		Fields:     report.Part{Seen: []string{"unversioned /id"}, NeverSeen: []string{"1.0 /id"}, Undeclared: []string{"unversioned /data/plan"}},
		EnumValues: report.Part{Seen: []string{`unversioned /data/eligibility_response="Success"`}, Undeclared: []string{"unversioned /data/eligibility_response=*"}},
	}}}
}

// with returns a run with one requirement in each of these states.
func with(states ...result.State) result.Run {
	run := mixed()
	of := run.Requirements[0]
	run.Requirements = nil
	for i, state := range states {
		of.ID, of.State = "AUTH-00"+string(rune('1'+i)), state
		run.Requirements = append(run.Requirements, of)
	}
	return run
}

func broken() result.Run {
	run := with(result.Passed)
	run.Broken = "the target went away"
	return run
}

// formats returns the writer of each report, by the name of its golden file.
func formats() map[string]func(w io.Writer, run result.Run) error {
	console := func(w io.Writer, run result.Run, colour bool) error {
		c := report.Console{W: w, Colour: colour}
		for _, r := range run.Requirements {
			if err := c.Line(r); err != nil {
				return err
			}
		}
		if err := c.Details(run); err != nil {
			return err
		}
		return c.Last(run)
	}
	return map[string]func(w io.Writer, run result.Run) error{
		"results.json": func(w io.Writer, run result.Run) error { return report.JSON(w, run, coverage()) },
		"junit.xml":    report.JUnit,
		"report.html":  func(w io.Writer, run result.Run) error { return report.HTML(w, run, coverage()) },
		"summary.md":   report.Summary,
		"console.txt":  func(w io.Writer, run result.Run) error { return console(w, run, false) },
		"colour.txt":   func(w io.Writer, run result.Run) error { return console(w, run, true) },
	}
}

func written(t *testing.T, write func(io.Writer, result.Run) error, run result.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, run); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheReports(t *testing.T) {
	t.Parallel()
	for name, write := range formats() {
		golden.Is(t, "testdata/"+name, written(t, write, mixed()))
		golden.Is(t, "testdata/broken/"+name, written(t, write, broken()))
	}
}

// Each kind of run has its verdict and its last line. Only a run without red and with tests is good.
func TestTheVerdictFitsTheRun(t *testing.T) {
	t.Parallel()
	const skipped = result.NotTestable
	for name, tc := range map[string]struct {
		run           result.Run
		verdict, last string
	}{
		"all pass":             {with(result.Passed, result.Passed), "✅ preview keeps the contract: 2 requirements passed.", "2 passed, 0 failed"},
		"one is not testable":  {with(result.Passed, skipped), "✅ preview keeps the contract: 1 requirement passed; 1 could not be tested.", "1 passed, 0 failed, 1 not testable: no reason given"},
		"one is known":         {with(result.Passed, result.Expected), "✅ preview keeps the contract but for 1 known difference.", "1 passed, 0 failed, 1 failed as expected"},
		"one fails":            {with(result.Passed, result.Failed, skipped, result.Stale), "❌ preview does not keep the contract: 1 of 4 requirements failed; 1 could not be tested.", "1 passed, 1 failed, 1 stale, 1 not testable: no reason given"},
		"an entry is old":      {with(result.Stale, result.Expired), "❌ The known differences are out of date for preview: 1 stale, 1 expired.", "0 passed, 0 failed, 1 expired, 1 stale"},
		"nothing was testable": {with(skipped), "❌ The run says nothing about preview: none of 1 requirement could be tested.", "0 passed, 0 failed, 1 not testable: no reason given"},
		"nothing was selected": {with(), "❌ Nothing was tested: no requirement was selected.", "0 passed, 0 failed"},
		"it broke":             {broken(), "❌ The run against preview ended early, so nothing is certain: the target went away", "1 passed, 0 failed"},
		"an unknown state":     {with(result.Passed, "fine"), "❌ The run against preview is not valid: 1 requirement ended in an unknown state.", "1 passed, 0 failed, 1 in an unknown state"},
	} {
		summary := strings.ReplaceAll(written(t, report.Summary, tc.run), `\`, "")
		if got, _, _ := strings.Cut(strings.TrimPrefix(summary, "## "), "\n"); got != tc.verdict {
			t.Errorf("%s: %s", name, got)
		}
		console := strings.TrimSpace(written(t, func(w io.Writer, run result.Run) error { return report.Console{W: w}.Last(run) }, tc.run))
		if got := console[strings.LastIndex(console, "\n")+1:]; got != tc.last {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestReasonsAreGroupedAndLimited(t *testing.T) {
	t.Parallel()
	run := with(result.NotTestable, result.NotTestable, result.NotTestable, result.NotTestable, result.NotTestable, result.NotTestable, result.NotTestable)
	for i, reason := range []string{"a", "b", "c", "b", "d", "e", "f"} {
		run.Requirements[i].Reason = reason
	}
	got := written(t, func(w io.Writer, run result.Run) error { return report.Console{W: w}.Last(run) }, run)
	want := "\n0 passed, 0 failed, 7 not testable: b (2); a (1); c (1); d (1); e (1); and 1 other reason\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
