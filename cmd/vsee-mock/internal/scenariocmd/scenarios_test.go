package scenariocmd

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// run runs a command line that begins with scenarios.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return cmdtest.Run(t, &struct {
		Scenarios Commands `cmd:""`
	}{}, args...)
}

func TestWhatIsNoRegularFileIsLeftOutOfAFolderOfScenariosAndTheOthersLoad(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{"file": "title: Good\nwhen: {nth: 1}\nanswer: Success\n"})
	if err := os.Symlink("file", filepath.Join(dir, "good.yaml")); err != nil { // like a Kubernetes ConfigMap
		t.Fatal(err)
	}
	cmdtest.Irregular(t, dir)
	const (
		pipe = "pipe.yaml: it is not a regular file, but a pipe; "
		zero = "zero.yaml: it is not a regular file, but a device; "
	)
	for args, want := range map[string]int{
		"list --no-catalogue --scenarios " + dir:         command.ExitOK,
		"show good --no-catalogue --scenarios " + dir:    command.ExitOK,
		"explain good --no-catalogue --scenarios " + dir: command.ExitOK,
		"validate " + dir: command.ExitError,
		"validate " + dir + "/pipe.yaml " + dir + "/zero.yaml": command.ExitError,
		"explain " + dir + "/pipe.yaml":                        command.ExitUsage,
		"list --scenarios " + dir + "/pipe.yaml":               command.ExitUsage,
	} {
		code, stdout, stderr := run(t, append([]string{"scenarios"}, strings.Fields(args)...)...)
		said := stdout + stderr
		switch {
		case code != want:
			t.Errorf("%s: exit %d, want %d\n%s", args, code, want, said)
		case want == command.ExitOK && (!strings.Contains(stdout, "Good") && !strings.Contains(stdout, "good") ||
			!strings.Contains(stderr, pipe) || !strings.Contains(stderr, zero)):
			t.Errorf("%s:\n%s", args, said)
		case strings.HasPrefix(args, "list --scenarios") != strings.Contains(stderr,
			"--scenarios must be an existing folder"):
			t.Errorf("%s:\n%s", args, said)
		case !strings.HasPrefix(args, "list --scenarios") && !strings.Contains(said, pipe):
			t.Errorf("%s:\n%s", args, said)
		}
	}
	large := cmdtest.Folder(t, map[string]string{"large.yaml": ""})
	if err := os.Truncate(filepath.Join(large, "large.yaml"), 2<<30); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := run(t, "scenarios", "list", "--scenarios", large)
	if code != command.ExitOK || !strings.Contains(stderr, "large.yaml:1:1: a file has at most 256 KiB; ") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

// The id of a scenario in a subfolder is its path below the folder.
func TestAScenarioInASubfolderHasItsPathAsId(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "claims"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "claims", "own.yaml"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"list", "show claims/own", "explain claims/own"} {
		code, stdout, stderr := run(t, append([]string{"scenarios"}, strings.Fields(args+" --scenarios "+dir)...)...)
		if code != command.ExitOK || stderr != "" || !strings.Contains(stdout, "Nobody answers; then #2 does") {
			t.Errorf("%s: exit %d, %s%s", args, code, stdout, stderr)
		}
	}
	wrong := filepath.Join(dir, "claims", "wrong.yaml")
	if err := os.WriteFile(wrong, []byte("title: T\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, stdout, _ := run(t, "scenarios", "validate", dir); code != command.ExitError ||
		!strings.Contains(stdout, wrong+":1:1: the outcome is missing") ||
		!strings.Contains(stdout, "1 of 2 files are fine") {
		t.Errorf("validate: exit %d, %s", code, stdout)
	}
}

// own is a user's scenario, with most keys of the language.
const own = `title: "Nobody answers; then #2 does"
when: {carrier_code: [car1, "car2*"], subscriber_num: "42", card: primary, nth: ["1", "2"]} # both checks
answers: [silent, {text: Success, after: 1m}]
webhook: {hold: 5m, signature: bad}
http: [{operation: getUser, times: 2, status: 503}]
calls: [check, {wait: 10m}, check, {wait: 1h}, read]
`

func TestAScenarioThatAnswersNoneOfItsChecksIsAnError(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		`{subscriber_num: "1", age: 18..64, dob: 2020-01-01}`: "; this scenario differs in age: it wants 18..64, " +
			"and the check has 2\n",
		`{subscriber_num: "1", not: {subscriber_num: "1"}}`: "; this scenario differs in not: it wants not " +
			"(subscriber_num=1)\n",
		`{age: 18..64, dob: 2020-01-01, subscriber_num: "2"}`: "and the check has 2\n",
	} {
		dir := cmdtest.Folder(t, map[string]string{"s.yaml": "title: T\nwhen: " + when + "\nanswer: \"75\"\n"})
		for _, args := range [][]string{{"explain", dir + "/s.yaml"}, {"show", "s", "--scenarios", dir}} {
			code, stdout, stderr := run(t, append([]string{"scenarios"}, args...)...)
			if code != command.ExitError || !strings.Contains(stdout, "answers check 1: Success") ||
				!strings.Contains(stderr, "the scenario answered none of these checks") || !strings.HasSuffix(stderr, want) {
				t.Errorf("%s %s: exit %d, %s%s", args[0], when, code, stdout, stderr)
			}
		}
	}
}

func TestAnAnswerThatIsNotOfTheScenarioSaysWhatAnswered(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{
		"default.yaml": "title: D\nwhen: {subscriber_num: own1, nth: 2}\nanswer: Out of Network\n",
		"number.yaml":  "title: N\nwhen: {subscriber_num: \"11000075\", nth: 2}\nanswer: Success\n",
		"a-first.yaml": "title: A\nwhen: {subscriber_num: own2, nth: 1}\nanswer: T4\n",
		"second.yaml":  "title: S\nwhen: {subscriber_num: own2}\nanswers: [T4, Success]\n",
		"claim.yaml": "title: L\nwhen: {subscriber_num: own4, nth: 2}\nanswer: T4\nclaims: [CO-11]\n" +
			"calls: [check, {wait: 1m}, claim, {wait: 1h}, check]\n",
		"secondary.yaml": "title: C\nwhen: {subscriber_num: own3}\nanswers: {secondary: Success}\n" +
			"calls: [check, {check: secondary}]\n",
	})
	const nth = "; this scenario differs in nth: it wants 2, and the check has 1"
	for id, want := range map[string]string{
		"default":   "no scenario answers it, and nothing speaks against it, so the default stands" + nth,
		"number":    "no scenario answers it, and the subscriber number asks for reject code 75" + nth,
		"second":    "the scenario a-first answers it: A (check 1 of this subscriber); this scenario does not",
		"secondary": "this scenario differs in card: it wants another, and the check has primary",
		"claim":     "no scenario decides it: nothing speaks against it, so the default stands",
	} {
		_, explained, stderr := run(t, "scenarios", "explain", id, "--scenarios", dir, "--no-catalogue")
		played := demonstrate(t, "--scenario", id, "--scenarios", dir, "--no-catalogue")
		if strings.Count(explained, want) != 1 || strings.Count(played, want) != 1 {
			t.Errorf("%s: %s\n%s\n%s", id, explained, stderr, played)
		}
	}
}

func TestAScenarioIsShownAndExplained(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{"own.yaml": own})
	for name, args := range map[string][]string{
		"show":            {"scenarios", "show", "webhook-refused-twice"},
		"show-own":        {"scenarios", "show", "own", "--scenarios", dir},
		"explain":         {"scenarios", "explain", "missing-subscriber-number"},
		"explain-clinic":  {"scenarios", "explain", "webhook-refused-twice", "--cron-delay", "1m", "--schedule", "1s,2s"},
		"explain-file":    {"scenarios", "explain", filepath.Join(dir, "own.yaml")},
		"explain-mermaid": {"scenarios", "explain", "--mermaid", "--scenarios", dir, "own"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := run(t, args...)
			if code != command.ExitOK || stderr != "" {
				t.Errorf("exit %d, %s", code, stderr)
			}
			golden.Is(t, "testdata/"+name+".golden", stdout)
		})
	}
}

// Every output about claims says VSee has not defined them, and no other output does.
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
		code, stdout, stderr := run(t, append([]string{"scenarios"}, strings.Fields(args)...)...)
		if n := strings.Count(stdout, "VSee has not defined claims"); code != command.ExitOK || n != want {
			t.Errorf("%s: exit %d, said %d times, want %d\n%s%s", args, code, n, want, stdout, stderr)
		}
	}
}

func TestFilesAreValidated(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{
		"bad.yaml": "title: a\nanwser: x\n", "good.yaml": "title: b\nwhen: {nth: 1}\nanswer: Success\n",
		"shadowed.yaml": "title: c\nwhen: {nth: 1, card: primary}\nanswer: Success\n",
		"tie.yaml":      "title: d\nwhen: {weekday: sat}\nanswer: Success\n", "other.yml": "title: e\nexpect: Success\n",
	})
	twin := cmdtest.Folder(t, map[string]string{"good.yaml": "title: f\nwhen: {nth: 3}\nanswer: Success\n"})
	for name, tc := range map[string]struct {
		args []string
		code int
	}{
		"folder":    {[]string{dir}, command.ExitError},
		"json":      {[]string{"--json", dir}, command.ExitError},
		"flag":      {[]string{"--scenarios", dir}, command.ExitError},
		"twins":     {[]string{dir + "/good.yaml", twin}, command.ExitError},
		"note":      {[]string{dir + "/good.yaml", dir + "/tie.yaml"}, command.ExitOK},
		"fine":      {[]string{dir + "/good.yaml"}, command.ExitOK},
		"repeated":  {[]string{dir + "/bad.yaml", dir + "/good.yaml", dir + "//bad.yaml"}, command.ExitError},
		"json-fine": {[]string{"--json", dir + "/good.yaml"}, command.ExitOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := run(t, append([]string{"scenarios", "validate"}, tc.args...)...)
			if code != tc.code || (code == command.ExitError) != strings.Contains(stderr, "cannot be used") {
				t.Errorf("exit %d, %s", code, stderr)
			}
			golden.Is(t, "testdata/validate-"+name+".golden", strings.NewReplacer(dir, "DIR", twin, "TWIN").Replace(stdout))
		})
	}
	if code, stdout, stderr := run(t, "scenarios", "validate"); code != command.ExitOK ||
		!strings.HasSuffix(stdout, " files are fine\n") || stderr != "" {
		t.Errorf("the catalogue: exit %d, %s%s", code, stdout, stderr)
	}
}

func TestTheListIsForProgramsToo(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{"own.yaml": "labels: [mine]\n" + own})
	code, stdout, stderr := run(t, "scenarios", "list", "--json", "--label", "mine", "--scenarios", dir)
	if code != command.ExitOK || stderr != "" || !json.Valid([]byte(stdout)) {
		t.Errorf("exit %d, %s", code, stderr)
	}
	golden.Is(t, "testdata/list-json.golden", stdout)
	_, stdout, _ = run(t, "scenarios", "list", "--label", "mine", "--scenarios", dir)
	const want = "    when: carrier_code=car1 or car2* subscriber_num=42 card=primary nth=1 or 2\n"
	if !strings.Contains(stdout, want) {
		t.Errorf("%s is not in\n%s", want, stdout)
	}
}

func TestTheSchemaIsPrinted(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := run(t, "scenarios", "schema")
	if code != command.ExitOK || stdout != string(scenarios.Schema()) || stderr != "" {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

func TestTheListsAreThoseOfTheCatalogue(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"list":       {"scenarios", "list"},
		"list-label": {"scenarios", "list", "--label", "no-response"},
		"texts":      {"scenarios", "texts"},
		"codes":      {"scenarios", "texts", "--claims"},
	} {
		code, stdout, stderr := run(t, args...)
		if code != command.ExitOK || stderr != "" {
			t.Errorf("exit %d, %s", code, stderr)
		}
		golden.Is(t, "testdata/"+name+".golden", stdout)
	}
}
