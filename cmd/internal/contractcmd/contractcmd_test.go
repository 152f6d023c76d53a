package contractcmd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/fifo"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// asCommand is a variable that makes this test binary act as the command, for tests that need a process of their own:
// to kill it, or to give it an environment that the process reads once. Processes inherit it.
const asCommand = "TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(Main("dev"))
	}
	if os.Getenv(driftVariable) != "" {
		os.Exit(driftedMain())
	}
	debug.SetGCPercent(400) // as Main does
	dir, err := os.MkdirTemp("", "vsee-contract")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built = dir
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// runCommand runs a command line in this process, with variables such as VSEE_WAIT=1m.
func runCommand(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	a := app{ctx: t.Context(), version: "dev", getenv: getenv(environ), stdout: &out, stderr: &errs}
	code = a.run(args, environ)
	return code, out.String(), errs.String()
}

// getenv returns a function for the value of a variable in an environment; the first one of a name counts.
func getenv(environ []string) func(name string) string {
	return func(name string) string {
		for _, entry := range environ {
			if key, value, _ := strings.Cut(entry, "="); key == name {
				return value
			}
		}
		return ""
	}
}

// contractRun is the outcome of `vsee-contract run`.
type contractRun struct {
	code    int
	console string // both outputs
	file    string // with the results; it is missing if the run did not start
}

// runContract runs `vsee-contract run` in this process.
func runContract(t *testing.T, environ []string, args ...string) contractRun {
	t.Helper()
	file := filepath.Join(t.TempDir(), "results.json")
	code, stdout, stderr := runCommand(t, environ, append([]string{"run", "--json", file}, args...)...)
	return contractRun{code, stdout + stderr, file}
}

// process prepares a command line as a new process. The process writes its results into file.
func process(ctx context.Context, t *testing.T, environ []string, args ...string) (cmd *exec.Cmd, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "results.json")
	cmd = exec.CommandContext(ctx, os.Args[0], append(args, "--json", file)...)
	cmd.Env = append([]string{asCommand + "=1"}, environ...)
	return cmd, file
}

func results(t *testing.T, file string) result.Run {
	t.Helper()
	var found result.Run
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// mockEnviron returns the variables for a run against a mock.
func mockEnviron(mock *mocktest.Mock) []string {
	return []string{"VSEE_BASE_URL=" + mock.URL + "/api_v3", "VSEE_CONTROL_URL=" + mock.URL + "/_mock"}
}

func TestHelpFitsAScreen(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "run", "list", "explain", "coverage", "diff", "known", "mutants", "cleanup",
		"config", "config print", "version"} {
		code, stdout, stderr := runCommand(t, nil, append(strings.Fields(command), "--help")...)
		if code != result.ExitFine || stderr != "" {
			t.Errorf("%s: exit %d, %s", command, code, stderr)
		}
		lines := strings.Split(stdout, "\n")
		if len(lines) > 44 {
			t.Errorf("the help of %q has %d lines", command, len(lines))
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s: %q is too long", command, line)
			}
		}
	}
}

func TestACommandLineThatIsWrongIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "contract.yaml")
	if err := os.WriteFile(file, []byte("waite: 1m\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mock := []string{"VSEE_BASE_URL=http://127.0.0.1:1/api_v3", "VSEE_CONTROL_URL=http://127.0.0.1:1/_mock"}
	for args, want := range map[string]string{
		"":     "run `vsee-contract --help` for the commands and flags",
		"walk": "unexpected argument walk",
		"run --api-key=x": "--api-key is no flag, because other users can see a command line: set " +
			"VSEE_API_KEY (api_key)",
		"list --budget=5":      "unknown flag --budget",
		"config --wait=soon":   "--wait: must be a time span such as 2m",
		"run --config=" + file: ":1:1: unknown key \"waite\"; did you mean \"wait\"?",
		"run --config=/none":   "reading the configuration",
		"run --wait=soon":      "--wait: must be a time span such as 2m",
		"run --level=shall":    "--level must be must, should or may",
		"run --id=AUTH-999":    `nothing is selected: there is no requirement "AUTH-999"`,
		"run --id=AUTH-001 --level=may": "nothing is selected: no requirement matches all of the selected ids, labels, " +
			"levels and needs",
		"list --label=fast":   `no requirement has the label "fast"`,
		"list --need=clokc":   `there is no capability "clokc"; it is clock, webhook, mutating, visits, member or mock`,
		"list --without=luck": `there is no capability "luck"; it is clock, webhook, mutating, visits, member or mock`,
		"explain":             `expected "<id>"`,
		"diff before.json": "it compares the results of two runs, the one before and the one now: `vsee-contract run " +
			"--json FILE` writes them",
		"diff":              "it compares the results of two runs",
		"coverage":          "it reads the results of a run: `vsee-contract run --json FILE` writes them",
		"known":             "it reads the results of a run: `vsee-contract run --json FILE` writes them",
		"diff --now a b":    "run `vsee-contract --help`",
		"run --id=ELIG":     "there is no requirement \"ELIG\"; did you mean 'ELIG-*'?",
		"list --id ELIG-00": "did you mean 'ELIG-00*'?",
		"explain AUTH-999":  `there is no requirement "AUTH-999"`,
		"mutants getYou":    `there is no mutant "getYou"; getMe/* would be all of getMe`,
		"mutants --control-url=http://127.0.0.1:2/_mock": "--base-url and --control-url must have the same host and port",
	} {
		code, _, stderr := runCommand(t, mock, strings.Fields(args)...)
		if code != result.ExitConfig || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
	if _, _, stderr := runCommand(t, []string{"VSEE_ALOW_MUTATING=true"}, "version"); !strings.Contains(stderr,
		"did you mean VSEE_ALLOW_MUTATING?") {
		t.Errorf("a misspelt variable: %s", stderr)
	}
}

// A failed requirement makes the exit code 1. --rerun runs the failed ones only.
func TestAFailedRequirementMakesTheRunFail(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "preview"})
	environ := []string{
		"VSEE_BASE_URL=" + refusing(t, mock) + "/api_v3", "VSEE_ACCOUNT_CODE=" + c.AccountCode, "VSEE_API_KEY=" + c.Key,
		"VSEE_API_SECRET=" + c.Secret, "VSEE_API_TOKEN=" + c.AdminToken, "VSEE_RATE=1000", "VSEE_WAIT=1s",
	}
	first := runContract(t, environ, "--id", "AUTH-0*,AUTH-get-me-*,HOOK-001", "--allow-mutating")
	if first.code != result.ExitFindings {
		t.Fatalf("exit %d\n%s", first.code, first.console)
	}
	for _, want := range []string{
		"  breaking  status signOn (ok): 200 -> 401\n",
		"there is no receiver for the clinic's events: set VSEE_WEBHOOK_LISTEN",
	} {
		if !strings.Contains(first.console, want) {
			t.Errorf("%q is not in\n%s", want, first.console)
		}
	}
	for _, secret := range []string{c.Key, c.AdminToken} {
		if strings.Contains(first.console, secret) {
			t.Errorf("a secret is shown:\n%s", first.console)
		}
	}
	environ[0] = "VSEE_BASE_URL=" + mock.URL + "/api_v3"
	second := runContract(t, environ, "--rerun", first.file, "--allow-mutating")
	if second.code != result.ExitFine {
		t.Fatalf("exit %d\n%s", second.code, second.console)
	}
	red := 0
	for _, r := range results(t, first.file).Requirements {
		if r.State == result.Failed || r.State == result.Blocked {
			red++
		}
	}
	if got := len(results(t, second.file).Requirements); got != red || red == 0 {
		t.Errorf("%d requirements ran again, want %d", got, red)
	}
}

// The results of a run that cannot begin, or is interrupted, have the reason.
func TestARunThatEndsEarlyWritesItsResults(t *testing.T) {
	t.Parallel()
	none := []string{"VSEE_BASE_URL=http://127.0.0.1:1/api_v3", "VSEE_CONTROL_URL=http://127.0.0.1:1/_mock"}
	unreached := runContract(t, none)
	if unreached.code != result.ExitTarget ||
		!strings.Contains(unreached.console, "VSEE_CONTROL_URL (--control-url) leads to no control API of a mock") {
		t.Errorf("exit %d\n%s", unreached.code, unreached.console)
	}
	if found := results(t, unreached.file); found.Broken == "" ||
		found.Tally()[result.NotTestable] != len(found.Requirements) || found.Started.IsZero() {
		t.Errorf("%+v", found)
	}

	asked := make(chan struct{}, 1000)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		asked <- struct{}{}
	}))
	t.Cleanup(target.Close)
	environ := []string{
		"VSEE_BASE_URL=" + target.URL + "/api_v3", "VSEE_ACCOUNT_CODE=a", "VSEE_API_KEY=k", "VSEE_API_SECRET=s",
		"VSEE_API_TOKEN=t",
		"VSEE_RATE=0.001", // the second request waits 1000 seconds
	}
	cmd, file := process(t.Context(), t, environ, "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code is checked below
	if found := results(t, file); cmd.ProcessState.ExitCode() != result.ExitTarget ||
		found.Broken != "it was interrupted" {
		t.Errorf("%d, %q", cmd.ProcessState.ExitCode(), found.Broken)
	}
}

func TestRequirementsAreListedAndExplained(t *testing.T) {
	t.Parallel()
	_, stdout, _ := runCommand(t, nil, "list", "--id=AUTH-01[0-2]", "--level", "must,should")
	if want := "AUTH-011  must    mutating  signOn   -  signOn refuses an unknown account code\n" +
		"AUTH-012  should  mutating  getUser  -  getUser refuses another patient's token\n"; stdout != want {
		t.Errorf("%s, want\n%s", stdout, want)
	}
	_, stdout, _ = runCommand(t, []string{"VSEE_WITHOUT=clock, mock"}, "list", "--id=HOOK-*", "--need=webhook")
	if want := "HOOK-001  may     mutating  eligibility.checked  webhook  The id of an event begins with the second of " +
		"its creation\n" +
		"HOOK-005  should  mutating  eligibility.checked  webhook  An event comes after its result was saved, and has the " +
		"same text\n" +
		"HOOK-006  must    mutating  eligibility.checked  webhook  Each check has an event of its own\n" +
		"HOOK-011  should  mutating  eligibility.checked  webhook  An event has an external_member_id\n" +
		"HOOK-013  should  mutating  eligibility.checked  webhook  " +
		"A second check of a patient has an event of its own, and no event comes twice\n" +
		"HOOK-015  should  mutating  eligibility.checked  webhook  " +
		"The result on the card is that of the last event, also after a former result\n"; stdout != want {
		t.Errorf("%s, want\n%s", stdout, want)
	}
	var listed []map[string]any
	_, stdout, _ = runCommand(t, nil, "list", "--json")
	if err := json.Unmarshal([]byte(stdout), &listed); err != nil || len(listed) < 170 || listed[0]["id"] == "" {
		t.Errorf("%v, %d", err, len(listed))
	}
	preview := []string{"VSEE_BASE_URL=https://api.vseepreview.com/api_v3", "VSEE_TARGET=preview"}
	for id, want := range map[string][]string{
		"ELIG-009": {"eligibility refuses an expired token", "needs clock",
			"not with preview: only a mock's clock can be moved"},
		"SHAPE-add-visit": {"alone vsee-contract run --label op:addVisit"},
		"AUTH-001":        {"safe: the test only reads", "testable with preview", "alone vsee-contract run --id AUTH-001"},
		"SIGN-001": {"not with preview: it writes to the target, which is not allowed: set " +
			"VSEE_ALLOW_MUTATING=true if it may"},
		"SCEN-no-response": {"scenario no-response.yaml, for subscriber_num=70000080",
			"labels id:SCEN-no-response, level:must"},
	} {
		code, stdout, stderr := runCommand(t, preview, "explain", id)
		text := strings.Join(strings.Fields(stdout), " ")
		for _, part := range want {
			if code != result.ExitFine || !strings.Contains(text, part) {
				t.Errorf("%s: exit %d, %s; %q is not in\n%s", id, code, stderr, part, stdout)
			}
		}
	}
}

func TestTheConfigurationIsShown(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := runCommand(t,
		[]string{"VSEE_BASE_URL=https://api.vseepreview.com/api_v3", "VSEE_API_KEY=thekey"}, "config")
	if code != result.ExitConfig || !strings.Contains(stderr, "VSEE_API_SECRET (api_secret) is missing: set the "+
		"clinic's credentials, or --control-url (VSEE_CONTROL_URL, control_url)") ||
		strings.Contains(stderr, "VSEE_API_KEY ") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if strings.Contains(stdout, "thekey") || !strings.Contains(stdout, "********") ||
		!strings.Contains(stdout, "VSEE_API_KEY") {
		t.Errorf("the output is\n%s", stdout)
	}
	if code, stdout, _ = runCommand(t, nil, "version"); code != result.ExitFine || stdout != "vsee-contract dev\n" {
		t.Errorf("exit %d, %s", code, stdout)
	}
}

// A pipe without a writer can be left with Ctrl-C.
func TestAnInterruptedReadIsReportedAsInterrupted(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := fifo.Make(pipe); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	for _, args := range [][]string{{"coverage", pipe}, {"run", "--config", pipe}, {"config", "--config", pipe}} {
		var stderr bytes.Buffer
		a := app{ctx: ctx, getenv: func(string) string { return "" }, stdout: io.Discard, stderr: &stderr}
		code := a.run(args, nil)
		if code != result.ExitTarget || !strings.HasSuffix(stderr.String(), ": interrupted\n") {
			t.Errorf("%s: exit %d, %s", args, code, stderr.String())
		}
	}
}

// A known difference does not make a run red. When the requirements of a selection pass, the entry is not reached.
func TestAKnownDifferenceIsExpected(t *testing.T) {
	t.Parallel()
	for state, refuses := range map[result.EntryState]bool{result.EntryUsed: true, result.EntryNotReached: false} {
		run := runContract(t, previewEnviron(t, refuses), "--id", "AUTH-001", "--id", "AUTH-003", "--allow-mutating")
		if got := results(t, run.file).Known; run.code != result.ExitFine || len(got) != 1 || got[0].State != state {
			t.Errorf("exit %d, %+v, want %s\n%s", run.code, got, state, run.console)
		}
	}
}
