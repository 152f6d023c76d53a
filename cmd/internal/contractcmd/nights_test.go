//go:build unix

package contractcmd

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// The second night is compared with the first one: the change is on the summary and in the artifacts.
func TestTheNightsAreCompared(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves whole runs out")
	}
	first := runner{job: readWorkflow(t).Jobs["preview"], base: serve(t, "vsee-mock")}
	if code, out := first.runJob(t); code != result.ExitFine || strings.Contains(first.summary, "Since the night before") {
		t.Fatalf("exit %d\n%s%s", code, out, first.summary)
	}
	for name, tc := range map[string]struct {
		base string
		code int
		want string
	}{
		"nothing": {first.base, result.ExitFine, "nothing has changed"},
		"another field": {
			serve(t, "drifted", "DRIFT="+renamedField), result.ExitFindings,
			"undeclared listInsurers (ok) /data/insurers/*/title",
		},
	} {
		second := runner{job: first.job, base: tc.base, night: first.uploaded["results.json"]}
		code, out := second.runJob(t)
		if code != tc.code || !strings.Contains(second.summary, "### Since the night before\n```\n") ||
			!strings.Contains(second.summary, tc.want) || !strings.Contains(second.uploaded["diff.txt"], tc.want) {
			t.Errorf("%s: exit %d, want %d\n%s%s", name, code, tc.code, out, second.summary)
		}
	}
}

// Unreadable results of the night before are reported, and replaced: the next night has something to compare with.
// Broken or unreadable results of this night replace nothing.
func TestANightThatCannotBeComparedIsReportedAndDoesNotStopTheNextOnes(t *testing.T) {
	t.Parallel()
	run := resultsFile(t)
	good, older := ciResults(t, run), ciResults(t, edited(t, run, `"version": 2`, `"version": 1`))
	const known = `  "known_differences"`
	ended := ciResults(t, edited(t, run, known, `  "broken": "it was killed",`+"\n"+known))
	for name, tc := range map[string]struct {
		before, now string // "" for a missing file
		code        int
		says        string // in the summary
		kept        string // for the next night
	}{
		"the first night":      {"", good, result.ExitFine, "", good},
		"a first night broken": {"", ended, result.ExitFine, "", ""},
		"two equal nights":     {good, good, result.ExitFine, "nothing has changed", good},
		"an older version":     {older, good, result.ExitConfig, "the results have version 1", good},
		"garbage":              {"<p>", good, result.ExitConfig, "this is not a results.json of vsee-contract", good},
		"nothing in it":        {"\n", good, result.ExitConfig, "this is not a results.json of vsee-contract", good},
		"a broken run":         {good, ended, result.ExitTarget, "the run now ended early", good},
		"garbage now":          {good, "<p>", result.ExitConfig, "this is not a results.json of vsee-contract", good},
		"no run now":           {good, "", result.ExitFine, "", good},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, dir := runner{}, t.TempDir()
			before, now := filepath.Join(dir, "before", "results.json"), filepath.Join(dir, "results", "results.json")
			for path, text := range map[string]string{before: tc.before, now: tc.now} {
				if text == "" {
					continue
				}
				if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			steps := readWorkflow(t).Jobs["preview"].Steps
			at := slices.IndexFunc(steps, func(s step) bool { return s.Name == "Compare with the night before" })
			code, out := r.run(t, dir, steps[at])
			if code != tc.code || !strings.Contains(r.summary, tc.says) || strings.Count(r.summary, "```")%2 != 0 ||
				(r.summary == "") != (tc.says == "") {
				t.Errorf("exit %d, want %d, with %q in\n%s\n%s", code, tc.code, tc.says, r.summary, out)
			}
			if kept, err := os.ReadFile(before); string(kept) != tc.kept {
				t.Errorf("%v: kept for the next night is\n%s", err, kept)
			}
		})
	}
}

// ciResults returns the text of results.
func ciResults(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
