package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// folder makes a folder of scenarios.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// story is one of the user's, with most of what there is.
const story = `title: "Nobody answers; then #2 does"
when: {carrier_code: [car1, "car2*"], subscriber_num: "42", card: primary, nth: ["1", "2"]} # both checks
answers: [silent, {text: Success, after: 1m}]
webhook: {hold: 5m, signature: bad}
http: [{operation: getUser, times: 2, status: 503}]
calls: [check, {wait: 10m}, check, {wait: 1h}, read]
`

func TestAScenarioIsShownAndExplained(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"story.yaml": story})
	for name, args := range map[string][]string{
		"show":            {"scenarios", "show", "webhook-refused-twice"},
		"show-own":        {"scenarios", "show", "story", "--scenarios", dir},
		"explain":         {"scenarios", "explain", "missing-subscriber-number"},
		"explain-clinic":  {"scenarios", "explain", "webhook-refused-twice", "--cron-delay", "1m", "--schedule", "1s,2s"},
		"explain-file":    {"scenarios", "explain", filepath.Join(dir, "story.yaml")},
		"explain-mermaid": {"scenarios", "explain", "--mermaid", "--scenarios", dir, "story"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, args...)
			if code != exitOK || stderr != "" {
				t.Errorf("exit %d, %s", code, stderr)
			}
			golden.Is(t, "testdata/scenarios-"+name+".golden", stdout)
		})
	}
}

// Whatever is told of claims says whose they are, and nothing else does.
func TestWhatIsToldOfClaimsSaysThatVSeeHasNotDefinedThem(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{
		"list":                                       1,
		"list --label claim":                         1,
		"list --label no-response":                   0,
		"explain claim-denied":                       1,
		"explain --mermaid claim-denied":             1,
		"explain --mermaid webhook-refused-twice":    0,
		"explain claim-of-an-ineligible-patient":     1,
		"show claim-never-told":                      1,
		"texts --claims":                             1,
		"texts":                                      0,
		"explain --mermaid claim-rejected-then-paid": 1,
	} {
		code, stdout, stderr := play(t, append([]string{"scenarios"}, strings.Fields(args)...)...)
		if n := strings.Count(stdout, "VSee has not defined claims"); code != exitOK || n != want {
			t.Errorf("%s: exit %d, said %d times, want %d\n%s%s", args, code, n, want, stdout, stderr)
		}
	}
}

func TestFilesAreValidated(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{
		"bad.yaml": "title: a\nanwser: x\n", "good.yaml": "title: b\nwhen: {nth: 1}\nanswer: Success\n",
		"shadowed.yaml": "title: c\nwhen: {nth: 1, card: primary}\nanswer: Success\n",
		"tie.yaml":      "title: d\nwhen: {weekday: sat}\nanswer: Success\n", "other.yml": "title: e\nexpect: Success\n",
	})
	twin := folder(t, map[string]string{"good.yaml": "title: f\nwhen: {nth: 3}\nanswer: Success\n"})
	for name, tc := range map[string]struct {
		args []string
		code int
	}{
		"folder":    {[]string{dir}, exitError},
		"json":      {[]string{"--json", dir}, exitError},
		"flag":      {[]string{"--scenarios", dir}, exitError},
		"twins":     {[]string{dir + "/good.yaml", twin}, exitError},
		"note":      {[]string{dir + "/good.yaml", dir + "/tie.yaml"}, exitOK},
		"fine":      {[]string{dir + "/good.yaml"}, exitOK},
		"json-fine": {[]string{"--json", dir + "/good.yaml"}, exitOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, append([]string{"scenarios", "validate"}, tc.args...)...)
			if code != tc.code || (code == exitError) != strings.Contains(stderr, "cannot be used") {
				t.Errorf("exit %d, %s", code, stderr)
			}
			golden.Is(t, "testdata/validate-"+name+".golden", strings.NewReplacer(dir, "DIR", twin, "TWIN").Replace(stdout))
		})
	}
	if code, stdout, stderr := play(t, "scenarios", "validate"); code != exitOK || !strings.HasSuffix(stdout, " files are fine\n") || stderr != "" {
		t.Errorf("the catalogue: exit %d, %s%s", code, stdout, stderr)
	}
}

func TestTheListIsForProgramsToo(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"story.yaml": "labels: [mine]\n" + story})
	code, stdout, stderr := play(t, "scenarios", "list", "--json", "--label", "mine", "--scenarios", dir)
	if code != exitOK || stderr != "" || !json.Valid([]byte(stdout)) {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/list-json.golden", stdout)
	_, stdout, _ = play(t, "scenarios", "list", "--label", "mine", "--scenarios", dir)
	if want := "    when: carrier_code=car1 or car2* subscriber_num=42 card=primary nth=1 or 2\n"; !strings.Contains(stdout, want) {
		t.Errorf("%s is not in\n%s", want, stdout)
	}
}

func TestTheSchemaIsPrinted(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := play(t, "scenarios", "schema")
	if code != exitOK || stdout != string(scenarios.Schema()) || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
}
