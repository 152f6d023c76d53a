//go:build ignore

package contract

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	"github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// reported is Ginkgo's report of a spec.
func reported(id string, state types.SpecState, message string, last exchange) types.SpecReport {
	r := types.SpecReport{
		ContainerHierarchyTexts: []string{root}, LeafNodeType: types.NodeTypeIt, LeafNodeLabels: []string{"id:" + id},
		State: state, RunTime: time.Second, Failure: types.Failure{Message: message},
	}
	if last.Operation != "" {
		r.ReportEntries = types.ReportEntries{{Name: traced, Value: types.WrapEntryValue(last)}}
	}
	return r
}

func collected(t *testing.T, reports ...types.SpecReport) result.Run {
	t.Helper()
	var specs []*spec
	for _, r := range reports {
		specs = append(specs, &spec{required: required{id: idOf(r.LeafNodeLabels), title: "does it", operation: "signOn"}, group: "It"})
	}
	run := result.Run{}
	collect(&run, specs, types.Report{SpecReports: reports, StartTime: time.Unix(1, 0), RunTime: time.Minute})
	return run
}

// Each end of a spec maps to a state; an unfinished spec is never passed.
func TestEachEndIsAState(t *testing.T) {
	t.Parallel()
	run := collected(t,
		reported("B", types.SpecStatePassed, "", exchange{}),
		reported("A", types.SpecStateFailed, "the status of the user\nExpected\n    <int>: 500\nto equal\n    <int>: 200", exchange{Operation: "getUser", Status: 500}),
		reported("C", types.SpecStateSkipped, "there is no receiver", exchange{}),
		reported("D", types.SpecStateSkipped, "", exchange{}), // by a filter of Ginkgo's
		reported("E", types.SpecStateTimedout, "too late", exchange{}),
	)
	var got []string
	for _, r := range run.Requirements {
		got = append(got, r.ID+" "+string(r.State)+" "+r.Reason)
	}
	if want := "A failed |B passed |C not testable there is no receiver|E failed "; strings.Join(got, "|") != want {
		t.Errorf("%s, want %s", strings.Join(got, "|"), want)
	}
	if f := run.Requirements[0].Findings[0]; f.Rule != "It does it: the status of the user" || f.Status != 0 || f.Operation != "signOn" {
		t.Errorf("%+v", f) // the last request is no part of that finding
	}
	own := collected(t, reported("A", types.SpecStateFailed, "the status\nExpected\n    <int>: 500", exchange{Operation: "signOn", Status: 500}))
	if f := own.Requirements[0].Findings[0]; f.Status != 500 || f.Operation != "signOn" {
		t.Errorf("%+v", f)
	}
	if run.ExitCode() != result.ExitFindings || run.Duration != 60 || run.Requirements[1].Duration != 1 {
		t.Errorf("%+v", run)
	}
}

func TestARunThatEndsEarlySaysWhy(t *testing.T) {
	t.Parallel()
	began := types.SpecReport{LeafNodeType: types.NodeTypeBeforeSuite, State: types.SpecStateFailed, Failure: types.Failure{Message: "no"}}
	for want, r := range map[string]types.SpecReport{
		"it was interrupted":                       reported("A", types.SpecStateInterrupted, "x", exchange{}),
		"the code that shows A panicked":           reported("A", types.SpecStatePanicked, "x", exchange{}),
		"it answered with 503":                     reported("A", types.SpecStateSkipped, halted+"it answered with 503", exchange{}),
		"the suite's own BeforeSuite did not pass": began,
	} {
		run := collected(t, r, reported("B", types.SpecStateSkipped, "", exchange{}))
		if run.Broken != want || run.ExitCode() != result.ExitTarget {
			t.Errorf("%q, want %q", run.Broken, want)
		}
		if last := run.Requirements[len(run.Requirements)-1]; last.State != result.NotTestable || last.Reason != "the run has ended early: it was not begun" {
			t.Errorf("%s: %+v", want, last)
		}
	}
}

// panics is the variable that makes TestSpecPanics a process of its own: the base URL of a mock.
const panics = "CONTRACT_TEST_PANICS"

// TestSpecPanics is not a test by itself: the next test runs it in a process.
func TestSpecPanics(t *testing.T) { //nolint:paralleltest // it runs alone
	base := os.Getenv(panics)
	if base == "" {
		t.Skip("it is for a process of its own")
	}
	dir := os.Getenv("CONTRACT_TEST_DIR")
	target, specs, err := prepare(t.Context(), Config{
		BaseURL: base + "/api_v3", ControlURL: base + "/_mock", IDs: []string{"AUTH-00[123]"},
		JSON: filepath.Join(dir, "results.json"), JUnit: filepath.Join(dir, "junit.xml"), HTML: filepath.Join(dir, "run.html"),
	})
	if err != nil {
		t.Fatal(err)
	}
	specs[1].body = func(w *world) { panic("Edward " + w.clinic.APISecret) }
	gomega.RegisterFailHandler(ginkgo.Fail)
	if err := target.register(specs, nil); err != nil {
		t.Fatal(err)
	}
	ginkgo.RunSpecs(new(verdict), "VSee contract")
}

func TestAPanicBreaksTheRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSpecPanics$", "-ginkgo.no-color")
	cmd.Env = append(os.Environ(), panics+"="+mocktest.Start(t).URL, "CONTRACT_TEST_DIR="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	files := map[string]string{}
	for _, name := range []string{"results.json", "junit.xml", "run.html"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if files[name] = string(text); strings.Contains(files[name], "Edward") {
			t.Errorf("%s has what the panic said", name)
		}
	}
	run, err := report.Read(strings.NewReader(files["results.json"]))
	if err != nil {
		t.Fatal(err)
	}
	tally := run.Tally()
	if run.ExitCode() != result.ExitTarget || run.Broken != "the code that shows AUTH-002 panicked" || tally[result.Failed] != 1 || tally[result.Passed] != 2 {
		t.Errorf("%d, %q, %v", run.ExitCode(), run.Broken, tally)
	}
	if strings.Count(files["junit.xml"], "<error ") != 1 || !strings.Contains(files["junit.xml"], "the code that shows AUTH-002 panicked") {
		t.Errorf("the JUnit report says\n%s", files["junit.xml"])
	}
}

// In a dry run Ginkgo reports each spec as passed, although none has run.
func TestADryRunShowsNothing(t *testing.T) {
	t.Parallel()
	run := result.Run{}
	collect(&run, []*spec{{required: required{id: "A"}}}, types.Report{
		SpecReports: types.SpecReports{reported("A", types.SpecStatePassed, "", exchange{})}, SuiteConfig: types.SuiteConfig{DryRun: true},
	})
	if run.ExitCode() != result.ExitTarget || run.Requirements[0].State != result.NotTestable {
		t.Errorf("%+v", run)
	}
}

// The results have no values from the target's replies.
func TestAFindingHasNoValues(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"on the card\nExpected\n    <string>: Edward\nto equal\n    <string>: x":                                   "It does it: on the card",
		"Expected\n    <string>: Edward\nto equal\n    <string>: x":                                                "It does it: the target does otherwise",
		"Timed out after 6.001s.\non the card when due\nExpected\n    <string>: Edward\nto equal\n    <string>: x": "It does it: on the card when due",
		"Timed out after 6.001s.\nExpected\n    <string>: Edward\nto equal":                                        "It does it: the target does otherwise",
		"Unexpected error:\n    <*errors.errorString>: Edward\noccurred":                                           "It does it: the target does otherwise",
		"Edward":               "It does it: the target does otherwise",
		"Edward\nVSee, Edward": "It does it: the target does otherwise",
	} {
		run := collected(t, reported("A", types.SpecStateFailed, message, exchange{}))
		if got := run.Requirements[0].Findings[0].Rule; got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
	broken := result.Finding{Rule: "the field is required", Operation: "signOn", Status: 200, Pointer: "/data/timezone", Line: 7}
	sent := result.Exchange{Request: result.Message{Line: "POST /users/sso"}, Reply: result.Message{Line: "200 OK"}}
	r := reported("A", types.SpecStateFailed, "Unexpected error: Edward", exchange{Operation: "signOn", Status: 200, Findings: []result.Finding{broken}, Shown: &sent})
	text, err := json.Marshal(r.ReportEntries[0].Value) // as it comes from another process
	if err != nil {
		t.Fatal(err)
	}
	var value types.ReportEntryValue
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	r.ReportEntries[0].Value = value
	got := collected(t, r).Requirements[0].Findings[0]
	if got.Exchange == nil || got.Exchange.Request.Line != sent.Request.Line {
		t.Errorf("%+v", got.Exchange)
	}
	if got.Exchange = nil; got != broken {
		t.Errorf("%+v", got)
	}
}

func TestASelectionChooses(t *testing.T) {
	t.Parallel()
	specs := allSpecs(t)
	all, err := catalogueOf(specs)
	if err != nil {
		t.Fatal(err)
	}
	results := filepath.Join(t.TempDir(), "results.json")
	run := result.Run{Version: result.Version, Requirements: []result.Requirement{
		{ID: "AUTH-001", State: result.Failed}, {ID: "AUTH-002", State: result.Passed}, {ID: "AUTH-003", State: result.Stale}, {ID: "AUTH-004", State: result.NotTestable},
	}}
	if err := publish(t.Context(), Config{JSON: results}, run); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		config Config
		want   string
	}{
		"an id":           {Config{IDs: []string{"AUTH-002"}}, "AUTH-002"},
		"a pattern":       {Config{IDs: []string{"AUTH-01[0-2]"}}, "AUTH-012 AUTH-011 AUTH-010"},
		"a level":         {Config{IDs: []string{"AUTH-01[0-2]"}, Levels: []string{may}}, "AUTH-010"},
		"a label":         {Config{IDs: []string{"AUTH-01[0-2]"}, Labels: []string{"op:getUser", "level:should"}}, "AUTH-012"},
		"what was red":    {Config{Rerun: results}, "AUTH-001 AUTH-003"},
		"red, and an id":  {Config{Rerun: results, IDs: []string{"AUTH-003"}}, "AUTH-003"},
		"a scenario":      {Config{IDs: []string{"SCEN-no-response"}}, "SCEN-no-response"},
		"its own label":   {Config{IDs: []string{"SCEN-no-resp*"}, Labels: []string{"eligible"}}, "SCEN-no-response-on-the-second-check SCEN-no-response-then-eligible SCEN-no-response-three-times-then-eligible"},
		"a need":          {Config{IDs: []string{"ELIG-00?", "HOOK-00?"}, Needs: []string{"clock"}}, "ELIG-004 ELIG-009 HOOK-004 HOOK-008"},
		"no clock":        {Config{IDs: []string{"HOOK-00[456]"}, Without: []string{"clock"}}, "HOOK-005 HOOK-006"},
		"a need too many": {Config{IDs: []string{"HOOK-004"}, Without: []string{"clock"}}, "nothing is selected: no requirement matches all of the selected ids, labels, levels and needs"},
		"no need":         {Config{Needs: []string{"clokc"}}, `nothing is selected: there is no capability "clokc"; it is clock, webhook, mutating or mock`},
		"nobody":          {Config{IDs: []string{"AUTH-999"}}, `nothing is selected: there is no requirement "AUTH-999"; did you mean AUTH-0`},
		"no pattern":      {Config{IDs: []string{"[]"}}, `nothing is selected: there is no requirement "[]"`},
		"no label":        {Config{Labels: []string{"fast"}}, `nothing is selected: no requirement has the label "fast"`},
		"never both":      {Config{IDs: []string{"AUTH-001"}, Levels: []string{may}}, "nothing is selected: no requirement matches all"},
		"nothing was red": {Config{Rerun: results, IDs: []string{"AUTH-002"}}, "nothing is selected: no requirement of this selection was red in " + results},
		"no results":      {Config{Rerun: "collect_test.go"}, "collect_test.go: this is not a results.json of vsee-contract"},
		"no file":         {Config{Rerun: "nowhere.json"}, "reading the results to run again"},
	} {
		chosen, err := choose(t.Context(), tc.config, all, specs)
		var got []string
		for _, s := range chosen {
			got = append(got, s.id)
		}
		if text := strings.Join(got, " "); err == nil && text != tc.want || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %s, %v, want %s", name, text, err, tc.want)
		}
	}
}

func TestResultsAreWrittenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := publish(t.Context(), Config{JSON: filepath.Join(dir, "nowhere", "results.json")}, result.Run{}); !errors.Is(err, errWriting) {
		t.Error(err)
	}
	if err := publish(t.Context(), Config{JSON: dir}, result.Run{}); !errors.Is(err, errWriting) {
		t.Error(err)
	}
	if err := publish(t.Context(), Config{JSON: filepath.Join(dir, "results.json")}, result.Run{ID: "1a2b3c4d"}); err != nil {
		t.Error(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("%v, %v", files, err)
	}
}
