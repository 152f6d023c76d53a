package report_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// cause returns a cause of some requirements.
func cause(class result.Class, key result.Key, places ...string) result.Cause {
	return result.Cause{
		ID: key.ID(), Key: key, Class: class, Evidence: "documented", Rule: "the " + string(key.Kind) + " must be right",
		Line: 812,
		Seen: 3 * len(places), Places: append([]string{}, places...),
	}
}

// forbidden is the cause of another status.
func forbidden(places ...string) result.Cause {
	return cause(
		result.Breaking,
		result.Key{Kind: result.Status, Operation: "getMe", Case: result.NoToken, Expected: "401", Got: "403"}, places...,
	)
}

// mixed is a run with a requirement in each state, a cause of each class, and every field filled in at least once.
func mixed() result.Run {
	broken := forbidden("AUTH-001")
	broken.Message = "You shall not pass"
	broken.Exchange = &result.Exchange{
		Request: result.Message{
			Line: "GET /users/me", Header: map[string]string{"X-Api-Token": "…", "Accept": "application/json"},
		},
		Reply: result.Message{
			Line: "403 Forbidden", Header: map[string]string{"Content-Type": "application/json"},
			Body: "{\n  \"message\": \"…\"\n}\n",
		},
	}
	unclear := cause(result.Unclear, result.Key{
		Kind: result.Enum, Operation: "getUser", Case: result.OK, Pointer: "/data/eligibility_response", Expected: "Success",
		Got: "Coverage terminated",
	}, "ELIG-003", "ELIG-004")
	accepted := cause(result.Breaking, result.Key{
		Kind: result.Missing, Operation: "getUser", Case: result.OK, Pointer: "/data/cards/*/id", Expected: "string",
		Got: result.Absent,
	}, "CARD-001")
	accepted.Seen, accepted.Replies, accepted.MetBy = 2, 5, []string{"CARD-001"}
	accepted.Known = "the sandbox forgets (owner integrations, until 2026-04-30)"
	noted := cause(
		result.Additive,
		result.Key{Kind: result.Undeclared, Operation: "getUser", Case: result.OK, Pointer: "/data/plan", Got: "integer"},
		"SHAPE-get-user",
	)
	noted.Line = 0
	of := func(id, title string, state result.State, reason string, causes ...result.Cause) result.Requirement {
		r := result.Requirement{
			ID: id, Title: title, Level: "must", Operation: "getUser", Effect: "safe", Evidence: "seed", State: state,
			Reason: reason, Duration: 0.25,
		}
		for _, c := range causes {
			r.Causes = append(r.Causes, c.ID)
		}
		return r
	}
	return result.Run{
		Version: result.Version, ID: "0badcafe", Target: result.Target{
			Name: "preview", BaseURL: "https://preview.example.com/api_v3",
		},
		Suite: "v0.9.0", Document: "3.1.0", Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Duration: 61.5,
		FailOn: []result.Class{result.Breaking, result.Unclear}, WarnOn: []result.Class{result.Additive},
		Causes: []result.Cause{broken, accepted, unclear, noted},
		Left:   []string{"visit 1525 (cancelled)", "visit 1526 (not ended)"},
		Known: []result.KnownEntry{
			{Key: accepted.Key, State: result.EntryUsed, Line: 3, Owner: "integrations", Reason: "the sandbox forgets"},
			{Key: forbidden().Key, State: result.EntryExpired, Line: 9, Owner: "platform", Reason: "the gateway refuses"},
			{
				Key: result.Key{Kind: result.Late, Operation: "getUser", Case: result.OK}, State: result.EntryStale, Line: 15,
				Owner: "platform", Reason: "slow",
			},
			{Key: accepted.Key, State: result.EntryElsewhere, Line: 21, Owner: "integrations", Reason: "the sandbox forgets"},
			{Key: accepted.Key, State: result.EntryElsewhere, Line: 27, Owner: "integrations", Reason: "the sandbox forgets"},
			{Key: accepted.Key, State: result.EntryEarly, Line: 33, Owner: "integrations", Reason: "the sandbox forgets"},
		},
		Requirements: []result.Requirement{
			of("AUTH-001", "A request without a token is refused", result.Failed, "", broken),
			of("AUTH-002", "A token of yesterday is refused", result.NotTestable, "the clock of the target cannot be moved"),
			of("AUTH-003", "A token of another clinic is refused", result.NotTestable, "no webhook URL"),
			of("CARD-001", "A card has an id", result.Known, "", accepted),
			of("ELIG-003", "A check ends with a known text", result.Failed, "", unclear),
			of("ELIG-004", "A check can be read again", result.Blocked, "a reply that it needs is not as it must be", unclear),
			of("HOOK-001", "An event is signed", result.NotTestable, "no webhook URL"),
			of("SHAPE-get-user", "Every reply has the documented shape", result.Passed, "", noted),
		},
		Seen: result.Seen{
			Operations: []string{"getMe", "getUser"}, Exercised: []string{"getMe no-token", "getUser ok"}, Of: 21,
			Partial: []string{"listCards"},
		},
	}
}

func parts(texts ...string) []result.Part {
	list := make([]result.Part, len(texts))
	for i, text := range texts {
		if err := list[i].UnmarshalText([]byte(text)); err != nil {
			panic(err)
		}
	}
	return list
}

func coverage() *result.Coverage {
	return &result.Coverage{
		Messages: map[string]int{"getUser": 12, "eligibility.checked": 7},
		Seen: parts("eligibility.checked unversioned", "eligibility.checked unversioned /id", "getUser 200",
			"getUser 200 application/json",
			"getUser 200 application/json /data/id", `getUser 200 application/json /data/status="done"`),
		Never: parts(
			"eligibility.checked 1.0", "getUser 200 application/json /data/error", "getUser 429", "listInsurers 200",
		),
		Undeclared: parts(`eligibility.checked unversioned /data/eligibility_response="Coverage terminated"`, "getUser 503"),
	}
}

// with returns a run with one requirement in each of these states, and without causes.
func with(states ...result.State) result.Run {
	run := mixed()
	of := run.Requirements[0]
	of.Causes = nil
	run.Requirements, run.Causes, run.Known = []result.Requirement{}, []result.Cause{}, []result.KnownEntry{}
	for i, state := range states {
		of.ID, of.State = fmt.Sprintf("AUTH-%03d", i+1), state
		run.Requirements = append(run.Requirements, of)
	}
	return run
}

// having returns a run with these causes, and one failed requirement with all of them.
func having(causes ...result.Cause) result.Run {
	run := with(result.Failed)
	for _, c := range causes {
		run.Causes = append(run.Causes, c)
		run.Requirements[0].Causes = append(run.Requirements[0].Causes, c.ID)
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
	return map[string]func(w io.Writer, run result.Run) error{
		"results.json":    func(w io.Writer, run result.Run) error { return report.JSON(w, run, coverage()) },
		"junit.xml":       report.JUnit,
		"report.html":     func(w io.Writer, run result.Run) error { return report.HTML(w, run, coverage()) },
		"summary.md":      report.Summary,
		"annotations.txt": report.Annotations,
		"console.txt":     func(w io.Writer, run result.Run) error { return report.Console{W: w}.Run(run) },
		"colour.txt":      func(w io.Writer, run result.Run) error { return report.Console{W: w, Colour: true}.Run(run) },
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
	golden.Is(t, "testdata/coverage.txt", report.CoverageText(coverage()))
}

// Each kind of run has its verdict. Only a run without red and with tests is good.
func TestTheVerdictFitsTheRun(t *testing.T) {
	t.Parallel()
	const skipped = result.NotTestable
	change := func(run result.Run, f func(run *result.Run)) result.Run {
		f(&run)
		return run
	}
	additive := cause(result.Additive, result.Key{Kind: result.Undeclared})
	for name, tc := range map[string]struct {
		run  result.Run
		want string
	}{
		"all pass": {with(result.Passed, skipped), "✅ preview keeps the contract."},
		"a cause is red": {
			having(forbidden(), additive), "❌ preview does not keep the contract: 1 difference (1 breaking).",
		},
		"a cause is left": {
			having(additive), "✅ preview keeps the contract but for 1 difference (1 additive) left out of --fail-on.",
		},
		"a cause is known": {change(having(forbidden(), additive), func(r *result.Run) { r.Causes[0].Known = "x" }),
			"✅ preview keeps the contract but for 1 known difference and 1 difference (1 additive) left out of --fail-on."},
		"an entry is stale": {
			change(with(result.Passed), func(r *result.Run) { r.Known = mixed().Known[2:] }),
			"❌ The known differences are out of date for preview: 1 stale or expired entry.",
		},
		"a failed one could not be repeated": {
			change(with(result.Passed, skipped), func(r *result.Run) { r.Unrepeated = []string{"AUTH-001"} }),
			"❌ Nothing is certain about preview: 1 failed requirement of the run before could not be tested again (AUTH-001). " +
				"Remove the reasons, or run without --rerun.",
		},
		"nothing was testable": {
			with(skipped), "❌ The run says nothing about preview: none of 1 requirement could be tested.",
		},
		"nothing was selected": {with(), "❌ Nothing was tested: no requirement was selected."},
		"it broke": {
			broken(), "❌ The run against preview ended early, so nothing is certain: the target went away",
		},
		"an unknown state": {
			with(result.Passed, "fine"), "❌ The run against preview is not valid: 1 requirement ended in an unknown state.",
		},
	} {
		summary := strings.ReplaceAll(written(t, report.Summary, tc.run), `\`, "")
		if got, _, _ := strings.Cut(strings.TrimPrefix(summary, "## "), "\n"); got != tc.want {
			t.Errorf("%s: %s", name, got)
		}
		code, good := tc.run.ExitCode(), strings.HasPrefix(tc.want, "✅")
		if good != (code == result.ExitFine) {
			t.Errorf("%s: the exit code is %d", name, code)
		}
	}
}

// The headline counts the requirements and operations. If the run has only read, it says how to see more.
func TestTheHeadlineSaysHowMuchTheRunSaw(t *testing.T) {
	t.Parallel()
	run := with(result.Passed, result.Failed, result.Known, result.Blocked, result.NotTestable)
	run.Requirements[4].Effect, run.Left = "mutating", nil
	console := func(run result.Run) string {
		text := strings.TrimSpace(written(t, formats()["console.txt"], run))
		return text[strings.LastIndex(text, "\n")+1:]
	}
	const extent, hint = "3 of 5 requirements tested, 2 of 21 operations seen.",
		" This run only reads. To see more, test with " +
			"made-up patients (--allow-mutating), or give it the token of a synthetic member (VSEE_MEMBER_TOKEN)."
	if got := console(run); got != extent+hint {
		t.Errorf("a run that only reads: %s", got)
	}
	run.Target.Mock = true
	if got := console(run); got != extent {
		t.Errorf("a run against a mock: %s", got)
	}
	run.Target.Mock, run.Requirements[3].Effect = false, "mutating"
	if got := console(run); got != extent {
		t.Errorf("a run that writes: %s", got)
	}
	run.Left = []string{"visit 1525 (cancelled)"}
	if got := console(run); got != extent+" Left on the target: visit 1525 (cancelled)." {
		t.Errorf("a run that books: %s", got)
	}
}

func TestReasonsAreGroupedAndLimited(t *testing.T) {
	t.Parallel()
	run := with(
		result.NotTestable, result.NotTestable, result.NotTestable, result.NotTestable, result.NotTestable,
		result.NotTestable, result.NotTestable,
	)
	for i, reason := range []string{"a", "b", "c", "b", "d", "e", "f"} {
		run.Requirements[i].Reason = reason
	}
	got := written(t, formats()["console.txt"], run)
	want := "\n0 passed, 0 failed, 7 not testable:\n     2  b\n     1  a\n     1  c\n     1  d\n     1  e\n" +
		"        1 other reason\n"
	if !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
}

// An entry of the known differences with a mistake in its targets or dates covers nothing, so its line is shown.
func TestKnownDifferencesOfOtherTargetsAndLaterDaysAreMentioned(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"console.txt", "summary.md"} {
		got := written(t, formats()[name], mixed())
		for _, want := range []string{
			"the known differences name no target of this run, preview, in line 21, 27\n",
			"the known differences begin after today in line 33\n",
		} {
			if strings.Count(got, want) != 1 {
				t.Errorf("%s: %q must appear once in\n%s", name, want, got)
			}
		}
	}
}

// A text that is no cause's, such as a reason, cannot control a terminal either.
func TestTheConsoleEscapesControlCharacters(t *testing.T) {
	t.Parallel()
	run := with(result.NotTestable)
	run.Requirements[0].Reason = "\u009b31m\x1b[2J\u202e\u2028\xff"
	got := written(t, formats()["console.txt"], run)
	if want := `: \u009b31m\u001b[2J\u202e\u2028\xff` + "\n"; strings.Count(got, want) != 2 {
		t.Errorf("%q is not in\n%s", want, got)
	}
}

// The console is one screen, however many causes a run has and however many requirements one of them fails.
func TestTheConsoleIsOneScreen(t *testing.T) {
	t.Parallel()
	var states []result.State
	for range 700 {
		states = append(states, result.Failed)
	}
	run := with(states...)
	one := mixed().Causes[0]
	one.Exchange.Reply.Body = strings.Repeat("{\"a\": \"…\"}\n", 10_000)
	for i := range run.Requirements {
		one.Places = append(one.Places, run.Requirements[i].ID)
		run.Requirements[i].Causes = []string{one.ID}
	}
	run.Causes = []result.Cause{one}
	if got := written(t, formats()["console.txt"], run); len(got) > 4_000 || !strings.Contains(got, "701 requirements") {
		t.Errorf("one cause has %d bytes:\n%s", len(got), got)
	}
	for i := range 600 {
		run.Causes = append(
			run.Causes, cause(result.Breaking, result.Key{Kind: result.Value, Operation: fmt.Sprint("get", i)}),
		)
	}
	run.Causes[600].Known, run.Causes[599].Class = "later", result.Additive
	got := written(t, formats()["console.txt"], run)
	if lines := strings.Count(got, "\n"); lines > 40 {
		t.Errorf("601 causes have %d lines", lines)
	}
	const rest = "and 586 more (585 breaking, 1 additive; 1 known) in results.json and the HTML page (--json, --html)\n"
	if !strings.Contains(got, rest) {
		t.Errorf("%q is not in\n%s", rest, got)
	}
	if diff := cmp.Diff("  breaking  status getMe (no-token): 401 -> 403", strings.SplitN(got, "\n", 2)[0]); diff != "" {
		t.Errorf("the first line (-want +got):\n%s", diff)
	}
}
