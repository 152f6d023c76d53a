package main

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
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// asCommand is a variable that makes this test binary act as the command. Runs need it, because one process can run the
// suite only once. Processes inherit it.
const asCommand = "TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
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

// runCommand runs a command line in this process, with variables such as VSEE_WAIT=1m. It cannot run the suite.
func runCommand(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	getenv := func(name string) string {
		for _, entry := range environ {
			if key, value, _ := strings.Cut(entry, "="); key == name {
				return value
			}
		}
		return ""
	}
	code = run(t.Context(), args, getenv, environ, &out, &errs)
	return code, out.String(), errs.String()
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
	for _, command := range []string{"", "run", "list", "explain", "coverage", "mutants", "config", "config print", "version"} {
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
		"":                              "run `vsee-contract --help` for the commands and flags",
		"walk":                          "unexpected argument walk",
		"run --api-key=x":               "--api-key is no flag, because other users can see a command line: set VSEE_API_KEY (api_key)",
		"list --budget=5":               "unknown flag --budget",
		"config --wait=soon":            "--wait: must be a time span such as 2m",
		"run --config=" + file:          ":1:1: unknown key \"waite\"; did you mean \"wait\"?",
		"run --config=/none":            "reading the configuration",
		"run --wait=soon":               "--wait: must be a time span such as 2m",
		"run --level=shall":             "--level must be must, should or may",
		"run --id=AUTH-999":             `nothing is selected: there is no requirement "AUTH-999"`,
		"run --id=AUTH-001 --level=may": "nothing is selected: no requirement matches all of the selected ids, labels, levels and needs",
		"list --label=fast":             `no requirement has the label "fast"`,
		"list --need=clokc":             `there is no capability "clokc"; it is clock, webhook, mutating or mock`,
		"list --without=luck":           `there is no capability "luck"; it is clock, webhook, mutating or mock`,
		"explain":                       `expected "<id>"`,
		"explain AUTH-999":              `there is no requirement "AUTH-999"`,
		"mutants getYou":                `there is no mutant "getYou"; getMe/* would be all of getMe`,
		"mutants --control-url=http://127.0.0.1:2/_mock": "--base-url and --control-url must have the same host and port",
	} {
		if strings.HasPrefix(args, "run --id") {
			cmd, _ := process(t.Context(), t, mock, strings.Fields(args)...)
			out, err := cmd.CombinedOutput()
			if err == nil || cmd.ProcessState.ExitCode() != result.ExitConfig || !strings.Contains(string(out), want) {
				t.Errorf("%s: %v\n%s", args, err, out)
			}
			continue
		}
		code, _, stderr := runCommand(t, mock, strings.Fields(args)...)
		if code != result.ExitConfig || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %s", args, code, stderr)
		}
	}
	if _, _, stderr := runCommand(t, []string{"VSEE_ALOW_MUTATING=true"}, "version"); !strings.Contains(stderr, "did you mean VSEE_ALLOW_MUTATING?") {
		t.Errorf("a misspelt variable: %s", stderr)
	}
}

// A failed requirement makes the exit code 1. --rerun runs the failed ones only.
func TestAFailedRequirementMakesTheRunFail(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "preview"})
	environ := []string{
		"VSEE_BASE_URL=" + mock.URL + "/api_v3", "VSEE_ACCOUNT_CODE=" + c.AccountCode, "VSEE_API_KEY=" + c.Key,
		"VSEE_API_SECRET=wrong", "VSEE_API_TOKEN=" + c.AdminToken, "VSEE_RATE=1000", "VSEE_WAIT=1s",
	}
	cmd, file := process(t.Context(), t, environ, "run", "--id", "AUTH-*", "--id", "HOOK-001", "--allow-mutating")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != result.ExitFindings {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"failed              AUTH-003    Authentication takes key, secret and token together for a sign-on",
		"there is no receiver for the clinic's events: set VSEE_WEBHOOK_LISTEN (1)",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	for _, secret := range []string{c.Key, c.AdminToken} {
		if strings.Contains(string(out), secret) {
			t.Errorf("a secret is shown:\n%s", out)
		}
	}
	environ[3] = "VSEE_API_SECRET=" + c.Secret
	again, second := process(t.Context(), t, environ, "run", "--rerun", file, "--allow-mutating")
	if out, err := again.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	red := 0
	for _, r := range results(t, file).Requirements {
		if r.State.Red() {
			red++
		}
	}
	if got := len(results(t, second).Requirements); got != red || red == 0 {
		t.Errorf("%d requirements ran again, want %d", got, red)
	}
}

// The results of a run that cannot begin, or is interrupted, have the reason.
func TestARunThatEndsEarlyWritesItsResults(t *testing.T) {
	t.Parallel()
	cmd, file := process(t.Context(), t, []string{"VSEE_BASE_URL=http://127.0.0.1:1/api_v3", "VSEE_CONTROL_URL=http://127.0.0.1:1/_mock"}, "run")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != result.ExitTarget || !strings.Contains(string(out), "VSEE_CONTROL_URL leads to no control API of a mock") {
		t.Errorf("%v\n%s", err, out)
	}
	if found := results(t, file); found.Broken == "" || found.Tally()[result.NotTestable] != len(found.Requirements) || found.Started.IsZero() {
		t.Errorf("%+v", found)
	}

	asked := make(chan struct{}, 1000)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		asked <- struct{}{}
	}))
	t.Cleanup(target.Close)
	environ := []string{
		"VSEE_BASE_URL=" + target.URL + "/api_v3", "VSEE_ACCOUNT_CODE=a", "VSEE_API_KEY=k", "VSEE_API_SECRET=s", "VSEE_API_TOKEN=t",
		"VSEE_RATE=0.001", // the second request waits 1000 seconds
	}
	cmd, file = process(t.Context(), t, environ, "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code is checked below
	if found := results(t, file); cmd.ProcessState.ExitCode() != result.ExitTarget || found.Broken != "it was interrupted" {
		t.Errorf("%d, %q", cmd.ProcessState.ExitCode(), found.Broken)
	}
}

func TestRequirementsAreListedAndExplained(t *testing.T) {
	t.Parallel()
	_, stdout, _ := runCommand(t, nil, "list", "--id=AUTH-01[0-2]", "--level", "must,should")
	if want := "AUTH-011  must    mutating  signOn   -  Authentication refuses an unknown account code: signOn\n" +
		"AUTH-012  should  mutating  getUser  -  Authentication refuses another patient's token: getUser\n"; stdout != want {
		t.Errorf("%s, want\n%s", stdout, want)
	}
	_, stdout, _ = runCommand(t, []string{"VSEE_WITHOUT=clock, mock"}, "list", "--id=HOOK-*", "--need=webhook")
	if want := "HOOK-001  may     mutating  eligibility.checked  webhook  Webhook has an id that begins with the second of creation\n" +
		"HOOK-005  should  mutating  eligibility.checked  webhook  Webhook comes after the result has been saved\n" +
		"HOOK-006  must    mutating  eligibility.checked  webhook  Webhook is told of each check by itself\n" +
		"HOOK-009  must    mutating  eligibility.checked  webhook  Webhook has the ids of patient and check as texts of digits\n"; stdout != want {
		t.Errorf("%s, want\n%s", stdout, want)
	}
	var listed []map[string]any
	_, stdout, _ = runCommand(t, nil, "list", "--json")
	if err := json.Unmarshal([]byte(stdout), &listed); err != nil || len(listed) < 170 || listed[0]["id"] == "" {
		t.Errorf("%v, %d", err, len(listed))
	}
	preview := []string{"VSEE_BASE_URL=https://api.vseepreview.com/api_v3", "VSEE_TARGET=preview"}
	for id, want := range map[string][]string{
		"ELIG-009":         {"Eligibility check is refused with a token that has expired", "needs clock", "not with preview: only a mock's clock can be moved"},
		"AUTH-001":         {"safe: the test only reads", "testable with preview", "alone vsee-contract run --id AUTH-001"},
		"SIGN-001":         {"not with preview: it writes to the target, which is not allowed: set VSEE_ALLOW_MUTATING=true if it may"},
		"SCEN-no-response": {"scenario no-response.yaml, invoked by subscriber_num `70000080`", "labels id:SCEN-no-response, level:must"},
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
	code, stdout, stderr := runCommand(t, []string{"VSEE_BASE_URL=https://api.vseepreview.com/api_v3", "VSEE_API_KEY=thekey"}, "config")
	if code != result.ExitConfig || !strings.Contains(stderr, "VSEE_API_SECRET (api_secret) is missing: set the clinic's credentials, or --control-url (VSEE_CONTROL_URL, control_url)") || strings.Contains(stderr, "VSEE_API_KEY ") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if strings.Contains(stdout, "thekey") || !strings.Contains(stdout, "********") || !strings.Contains(stdout, "VSEE_API_KEY") {
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
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	for _, args := range [][]string{{"coverage", pipe}, {"run", "--config", pipe}, {"config", "--config", pipe}} {
		var stderr bytes.Buffer
		code := run(ctx, args, func(string) string { return "" }, nil, io.Discard, &stderr)
		if code != result.ExitTarget || !strings.HasSuffix(stderr.String(), ": interrupted\n") {
			t.Errorf("%s: exit %d, %s", args, code, stderr.String())
		}
	}
}

// A known difference does not make a run red. When the requirement passes again, the entry is stale and exits 4.
func TestAKnownDifferenceIsExpected(t *testing.T) {
	t.Parallel()
	for want, secret := range map[int]func(string) string{
		result.ExitFine:             func(string) string { return "wrong" },
		result.ExitKnownDifferences: func(right string) string { return right },
	} {
		environ := previewEnviron(t, secret)
		cmd, _ := process(t.Context(), t, environ, "run", "--id", "AUTH-001", "--id", "AUTH-003", "--allow-mutating")
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != want {
			t.Errorf("exit %d, want %d\n%s", got, want, out)
		}
	}
}
