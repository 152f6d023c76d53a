package contractcmd

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// resultsFile writes the results of a run with these causes, and returns its path.
func resultsFile(t *testing.T, keys ...result.Key) string {
	t.Helper()
	run := result.Run{
		ID: "0badcafe", Target: result.Target{Name: "preview"}, FailOn: []result.Class{result.Breaking}, Started: time.Date(
			2026, 3, 1, 12, 0, 0, 0, time.UTC,
		),
		Requirements: []result.Requirement{{ID: "AUTH-001", State: result.Passed}},
		Seen:         result.Seen{Exercised: []string{"getMe no-token"}},
	}
	for _, key := range keys {
		run.Causes = append(
			run.Causes, result.Cause{ID: key.ID(), Key: key, Class: result.Breaking, Rule: "the status must be 401", Line: 7},
		)
	}
	coverage := result.Coverage{
		Messages: map[string]int{"getMe": 3}, Seen: []result.Part{{Operation: "getMe", Status: 401}},
	}
	var b strings.Builder
	if err := report.JSON(&b, run, &coverage); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, b.String())
}

// edited writes a copy of a file with another text at one place, and returns its path.
func edited(t *testing.T, file, before, now string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil || strings.Count(string(text), before) != 1 {
		t.Fatalf("%v: the file has %s %d times", err, before, strings.Count(string(text), before))
	}
	return writeFile(t, strings.Replace(string(text), before, now, 1))
}

// forbidden is the key of a refused request with another status.
func forbidden() result.Key {
	return result.Key{Kind: result.Status, Operation: "getMe", Case: result.NoToken, Expected: "401", Got: "403"}
}

// The exit code of a comparison is 1 if something breaks, and 2 if a file cannot be read.
func TestTheResultsOfTwoRunsAreCompared(t *testing.T) {
	t.Parallel()
	good, bad := resultsFile(t), resultsFile(t, forbidden())
	before, now := writeFile(t, `{"data": {"id": "1"}}`), writeFile(t, "{\"data\": {\"id\": 1}}\n{\"data\": {\"id\": 2}}")
	ended, untested := edited(t, good, `"known_differences"`, `"broken": "it was killed", "known_differences"`),
		edited(t, good, `"passed"`, `"not testable"`)
	const line = "breaking  new            status getMe (no-token): 401 -> 403\n"
	for name, tc := range map[string]struct {
		environ []string
		args    []string
		code    int
		want    string // the output, or a part of the error
	}{
		"nothing":     {nil, []string{good, good}, result.ExitFine, "nothing has changed\n"},
		"a new cause": {nil, []string{good, bad}, result.ExitFindings, line},
		"a gone cause": {
			nil, []string{bad, good}, result.ExitFine, "-         gone           status getMe (no-token): 401 -> 403\n",
		},
		"a broken run": {
			nil, []string{bad, ended}, result.ExitTarget, "note: the run now ended early: it was killed\n",
		},
		"a run that tested nothing": {
			nil, []string{untested, untested}, result.ExitConfig, "note: nothing was tested now\n",
		},
		"the same cause": {nil, []string{bad, bad}, result.ExitFine, "nothing has changed\nknown: 1\n"},
		"another class":  {[]string{"VSEE_FAIL_ON=unclear"}, []string{good, bad}, result.ExitFine, line},
		"on GitHub": {
			[]string{"GITHUB_ACTIONS=true"}, []string{good, bad}, result.ExitFindings,
			line + "::error file=openapi.yaml,line=7,title=breaking%2C new::status getMe (no-token): 401 -> 403\n",
		},
		"replies": {
			nil, []string{"--replies", before, now}, result.ExitFindings,
			"breaking  changed        /data/id: string -> integer\n",
		},
		"no replies": {
			nil, []string{"--replies", before, writeFile(t, "<p>")}, result.ExitConfig,
			"the replies must be JSON, one after the other",
		},
		"no such file": {nil, []string{good, "/none"}, result.ExitConfig, "reading the results"},
		"no results":   {nil, []string{before, good}, result.ExitConfig, "this is not a results.json of vsee-contract"},
		"an unknown class": {
			nil, []string{"--fail-on=braking", good, bad}, result.ExitConfig,
			"--fail-on must be breaking, unclear or additive",
		},
	} {
		code, stdout, stderr := runCommand(t, tc.environ, append([]string{"diff"}, tc.args...)...)
		if code != tc.code || stdout != tc.want && (stdout != "" || !strings.Contains(stderr, tc.want)) {
			t.Errorf("%s: exit %d, want %d:\n%s%s", name, code, tc.code, stdout, stderr)
		}
	}
	var found struct {
		Notes       []string
		Differences []map[string]any
	}
	code, stdout, _ := runCommand(t, nil, "diff", "--json", good, bad)
	if err := json.Unmarshal([]byte(stdout), &found); err != nil || code != result.ExitFindings {
		t.Fatalf("exit %d, %v", code, err)
	}
	want := []map[string]any{
		{"verdict": "new", "class": "breaking", "text": "status getMe (no-token): 401 -> 403", "line": 7.0},
	}
	if diff := cmp.Diff(want, found.Differences); diff != "" || found.Notes == nil {
		t.Errorf("%v (-want +got):\n%s", found.Notes, diff)
	}
}

// The entries that known prints lack only a reason and an owner.
func TestEntriesForTheKnownDifferencesArePrinted(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := runCommand(t, nil, "known", resultsFile(t, forbidden()))
	const want = `# the status must be 401
- cause: {kind: "status", operation: "getMe", case: "no-token",
          pointer: "", expected: "401", got: "403"}
  targets: "preview"
  reason: ""
  owner: ""
  since: 2026-03-01
  expires: 2026-05-30
`
	if code != result.ExitFine || stdout != want {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
}

func TestTheCoverageOfARunIsPrinted(t *testing.T) {
	t.Parallel()
	file := resultsFile(t)
	if code, stdout, stderr := runCommand(t, nil, "coverage", file); code != result.ExitFine ||
		stdout != "getMe: 3 messages, 1 of 1 statuses\n" {
		t.Errorf("exit %d\n%s%s", code, stdout, stderr)
	}
	older := edited(t, file, `"version": 2`, `"version": 1`)
	if code, _, stderr := runCommand(t, nil, "coverage", older); code != result.ExitConfig || !strings.Contains(
		stderr, "run the tests again",
	) {
		t.Errorf("exit %d\n%s", code, stderr)
	}
}
