package contractcmd

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// file writes a file for a test and returns its path.
func writeFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// knownDifference returns an entry for a request of the operation that is refused with 401.
func knownDifference(operation, expires string) string {
	return "- cause: {kind: status, operation: " + operation + `, case: ok, pointer: "", expected: "200", got: "401"}` +
		"\n  targets: preview\n  reason: it is so\n  owner: us\n  since: 2020-01-01\n  expires: " + expires + "\n"
}

// The exit codes are those of docs/contract.md. A run that did not start replaces an older JUnit report with one error.
func TestEachOutcomeHasItsExitCode(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "exit"})
	right := []string{
		"VSEE_BASE_URL=" + mock.URL + "/api_v3", "VSEE_ACCOUNT_CODE=" + c.AccountCode, "VSEE_API_KEY=" + c.Key,
		"VSEE_TARGET=preview",
		"VSEE_API_SECRET=" + c.Secret, "VSEE_API_TOKEN=" + c.AdminToken, "VSEE_RATE=1000", "VSEE_ALLOW_MUTATING=true",
	}
	wrong := slices.Concat(right, []string{"VSEE_BASE_URL=" + refusing(t, mock) + "/api_v3"}) // the later one counts
	guarded := mockEnviron(mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken = "s3cret" }))
	green := `{"version": 2, "causes": [], "requirements": [{"id": "AUTH-001", "state": "passed"}]}`
	for name, tc := range map[string]struct {
		environ []string
		args    string
		want    int
		says    string // on the console
		errors  int    // of the JUnit report
	}{
		"nothing is red": {right, "--id AUTH-001", result.ExitFine, "1 passed, 0 failed", 0},
		"some is not testable": {right, "--id AUTH-001 --id HOOK-006", result.ExitFine,
			"1 passed, 0 failed, 1 not testable", 0},
		"it fails as expected": {wrong, "--id AUTH-003 --known-differences " +
			writeFile(t, knownDifference("signOn", "2999-12-31")), result.ExitFine, "0 passed, 0 failed, 1 known", 0},
		"it fails": {wrong, "--id AUTH-001 --id AUTH-003", result.ExitFindings, "1 passed, 1 failed", 0},
		"it fails, and one is stale": {wrong, "--id AUTH-003 --id ACCT-* --id *-list-accounts* --known-differences " +
			writeFile(t, knownDifference("listAccounts", "2999-12-31")), result.ExitFindings,
			"is stale (owner us): status listAccounts (ok): 200 -> 401", 0},
		"nothing has the id":    {right, "--id AUTH-999", result.ExitConfig, "nothing is selected", 1},
		"nothing has the label": {right, "--label fast", result.ExitConfig, "nothing is selected", 1},
		"nothing has both":      {right, "--id AUTH-001 --level may", result.ExitConfig, "nothing is selected", 1},
		"nothing was red": {right, "--rerun " + writeFile(t, green), result.ExitConfig,
			"nothing is selected: no requirement of this selection was red", 1},
		"one cannot be repeated": {right, "--rerun " + writeFile(t, strings.ReplaceAll(`{"version": 2, "causes": [],
			"requirements": [{"id": "AUTH-001", X}, {"id": "SHAPE-add-visit", X}]}`, "X", `"state": "failed"`)),
			result.ExitConfig,
			"1 failed requirement of the run before could not be tested again (SHAPE-add-visit)", 0},
		"nothing is to be rerun": {right, "--rerun /none", result.ExitConfig, "reading the results to run again", 1},
		"nothing is testable":    {right, "--id HOOK-006", result.ExitConfig, "nothing could be tested", 0},
		"there is no such file": {right, "--known-differences /none", result.ExitConfig,
			"reading the known differences", 1},
		"the file is no list": {right, "--known-differences " + writeFile(t, "requirement: AUTH-001"),
			result.ExitConfig, ":1:", 1},
		"the flag's former name": {right, "--ledger " + writeFile(t, ""), result.ExitConfig,
			"--ledger is now --known-differences", -1},
		"an operation is misspelt": {right, "--known-differences " + writeFile(t, knownDifference("signOnn",
			"2999-12-31")), result.ExitConfig, `operation "signOnn" does not exist; did you mean signOn?`, 1},
		"the configuration is wrong": {right, "--wait soon", result.ExitConfig, "--wait: must be a time span", -1},
		"the target is not there": {append(right, "VSEE_BASE_URL=http://127.0.0.1:1/api_v3"), "", result.ExitTarget,
			"VSEE_BASE_URL leads nowhere", 1},
		"the mock is not there": {append(right, "VSEE_CONTROL_URL=http://127.0.0.1:1/_mock"), "", result.ExitTarget,
			"VSEE_CONTROL_URL (--control-url) leads to no control API", 1},
		"the control URL has no path": {append(right, "VSEE_CONTROL_URL="+mock.URL), "", result.ExitConfig,
			"VSEE_CONTROL_URL must end with /_mock, where the mock's control API is", -1},
		"the mock's token is missing": {guarded, "", result.ExitConfig,
			"the mock's control API answers 401: set VSEE_CONTROL_TOKEN to the mock's --control-token", 1},
		"the mock's token is wrong": {append(guarded, "VSEE_CONTROL_TOKEN=wrong"), "", result.ExitConfig,
			"the mock's control API answers 401: set VSEE_CONTROL_TOKEN to the mock's --control-token", 1},
		"the token is wrong": {append(right, "VSEE_API_TOKEN=wrong"), "", result.ExitTarget,
			"the target does not take VSEE_API_TOKEN: it answers 401", 1},
		"the secret is wrong": {append(right, "VSEE_API_SECRET=wrong"), "", result.ExitTarget,
			"the target does not take VSEE_API_KEY and VSEE_API_SECRET: it answers 401", 1},
		"the member is wrong": {
			append(right, "VSEE_MEMBER_TOKEN=wrong", "VSEE_ALLOW_MUTATING=false"), "", result.ExitTarget,
			"the target does not take VSEE_MEMBER_TOKEN: it answers 401", 1,
		},
		"the budget is too small": {append(right, "VSEE_BUDGET=2"), "--id SIGN-001", result.ExitTarget,
			"the budget of requests is spent", 1},
		"the page cannot be written": {right, "--id AUTH-001 --html /none/run.html", result.ExitConfig,
			"writing the results: --html", 1},
		"the data cannot": {right, "--id AUTH-001 --json /none/run.json", result.ExitConfig,
			"writing the results: --json", 1},
		"the summary cannot either": {right, "--id AUTH-001 --summary /none/summary.md", result.ExitConfig,
			"writing the results: --summary", 1},
		"an entry is of another selection": {right, "--id AUTH-003 --known-differences " + writeFile(t, knownDifference(
			"signOn", "2020-12-31")), result.ExitFine, "1 passed, 0 failed", 0},
		"an entry is stale": {right, "--label op:listAccounts --known-differences " + writeFile(t,
			knownDifference("listAccounts", "2999-12-31")), result.ExitKnownDifferences,
			"is stale (owner us): status listAccounts (ok): 200 -> 401", 0},
		"an entry has expired": {wrong, "--id AUTH-003 --known-differences " + writeFile(t, knownDifference("signOn",
			"2020-12-31")), result.ExitFindings, "is expired (owner us): status signOn (ok): 200 -> 401", 0},
		"a passing one, long expired": {right, "--label op:listAccounts --known-differences " + writeFile(t,
			knownDifference("listAccounts", "2020-12-31")), result.ExitKnownDifferences,
			"is stale (owner us): status listAccounts (ok): 200 -> 401", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const before = "of the run before"
			junit := writeFile(t, before)
			run := runContract(t, lastValues(tc.environ), append([]string{"--junit", junit}, strings.Fields(tc.args)...)...)
			if run.code != tc.want || !strings.Contains(run.console, tc.says) {
				t.Errorf("exit %d, want %d, with %q in\n%s", run.code, tc.want, tc.says, run.console)
			}
			text, err := os.ReadFile(junit)
			if err != nil {
				t.Fatal(err)
			}
			if errors := strings.Count(string(text), "<error "); tc.errors >= 0 &&
				(errors != tc.errors || string(text) == before) {
				t.Errorf("%d errors, want %d, in\n%s", errors, tc.errors, text)
			}
		})
	}
}

// lastValues returns an environment with the last of several values of each variable.
func lastValues(environ []string) []string {
	values := map[string]string{}
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		values[name] = entry
	}
	var left []string
	for _, entry := range values {
		left = append(left, entry)
	}
	return left
}

// A run writes draft results at its start, so a killed run still leaves a JUnit report with an error.
func TestARunThatIsKilledLeavesAJUnitReportWithOneError(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	asked, ended := make(chan struct{}, 100), make(chan struct{})
	base := front(t, mock, func(http.ResponseWriter, *http.Request) bool {
		asked <- struct{}{}
		<-ended
		return false
	})
	defer close(ended)
	junit, page := writeFile(t, ""), writeFile(t, "")
	cmd, results := process(t.Context(), t,
		[]string{"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_CONTROL_URL=" + mock.URL + "/_mock"}, "run",
		"--junit", junit, "--html", page)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the process has exit code 0")
	}
	for _, name := range []string{junit, page, results} {
		text, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(text), "it did not get to its end") {
			t.Errorf("%v\n%s", err, text)
		}
		if name == junit && strings.Count(string(text), "<error ") != 1 {
			t.Errorf("the JUnit report is\n%s", text)
		}
	}
}

// A run that cannot write its output has failed, even if every requirement passes.
func TestARunThatCannotWriteItsOutputFails(t *testing.T) {
	t.Parallel()
	nowhere, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this system has no /dev/full")
	}
	t.Cleanup(func() { _ = nowhere.Close() })
	environ := mockEnviron(mocktest.Start(t))
	var stderr strings.Builder
	a := app{ctx: t.Context(), getenv: getenv(environ), stdout: nowhere, stderr: &stderr}
	code := a.run([]string{"run", "--id", "AUTH-001"}, environ)
	if code != result.ExitTarget || !strings.Contains(stderr.String(), "writing the results") {
		t.Errorf("exit %d, %s", code, stderr.String())
	}
}
