package contractcmd

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// mutants prepares `vsee-contract mutants` as a new process.
func mutants(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"mutants"}, args...)...)
	cmd.Env = append([]string{asCommand + "=1"}, mockEnviron(mocktest.Start(t))...)
	return cmd
}

// A run prints how many mutants were killed, and writes the same into the table.
func TestMutantsAreKilled(t *testing.T) {
	t.Parallel()
	table := filepath.Join(t.TempDir(), "mutants.md")
	cmd := mutants(t.Context(), t, "--mode", "mutating", "--table", table, "getMe/data/id/missing", "listInsurers/htm*")
	var progress bytes.Buffer
	cmd.Stderr = &progress
	stdout, err := cmd.Output()
	if err != nil || !strings.HasPrefix(string(stdout), "mutating: 2 of 2 mutants are killed cleanly, 100 %.\n") {
		t.Errorf("%v\n%s%s", err, stdout, progress.String())
	}
	if !strings.Contains(progress.String(), "1 of 2 faced, 1 killed: ") {
		t.Errorf("there is no progress in\n%s", progress.String())
	}
	if written, err := os.ReadFile(table); err != nil || !bytes.Equal(written, stdout) {
		t.Errorf("%v: the table is\n%s", err, written)
	}
}

// An interrupted run prints the score so far, and that it was interrupted.
func TestMutantsCanBeInterrupted(t *testing.T) {
	t.Parallel()
	cmd := mutants(t.Context(), t, "--mode", "read-only")
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(progress)
	last := ""
	for lines.Scan() {
		last = lines.Text()
		if strings.HasPrefix(last, "1 of ") {
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // an error, because the exit code is not 0
	killed := strings.Contains(stdout.String(), " mutants are killed cleanly")
	if cmd.ProcessState.ExitCode() != result.ExitTarget || !killed {
		t.Errorf("exit %d\n%s", cmd.ProcessState.ExitCode(), stdout.String())
	}
	if !regexp.MustCompile(`^vsee-contract: interrupted after [1-9]\d* of \d+ mutants;`).MatchString(last) {
		t.Errorf("the last line is %q", last)
	}
}

// A selection of mutants needs a sample of 1 or more, and must not be empty. A mock that needs a token refuses to be
// tested without it.
func TestMutantsThatCannotBeTestedAreRefused(t *testing.T) {
	t.Parallel()
	environ := mockEnviron(mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken = "s3cret" }))
	for args, want := range map[string]string{
		"--sample 0":                          "--sample must be at least 1",
		"--sample=-3":                         "--sample must be at least 1",
		"--sample 5000 getMe/data/id/missing": "no mutant is selected",
		"--mode read-only visit.created/*":    "no mutant is selected",
		"listInsurers/htm*":                   "set VSEE_CONTROL_TOKEN to the mock's --control-token",
		"--mode mutating listInsurers/htm*":   "set VSEE_CONTROL_TOKEN to the mock's --control-token",
		"--mode read-only listInsurers/htm*":  "set VSEE_CONTROL_TOKEN to the mock's --control-token",
	} {
		code, _, stderr := runCommand(t, environ, append([]string{"mutants"}, strings.Fields(args)...)...)
		if code != result.ExitConfig || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d: %s", args, code, stderr)
		}
	}
}

// A mutant is made of a mock: only a mock can give each run a clinic of its own.
func TestMutantsNeedAMock(t *testing.T) {
	t.Parallel()
	environ := []string{
		"VSEE_BASE_URL=http://127.0.0.1:1/api_v3", "VSEE_ACCOUNT_CODE=a", "VSEE_API_KEY=k", "VSEE_API_SECRET=s",
		"VSEE_API_TOKEN=t",
	}
	code, _, stderr := runCommand(t, environ, "mutants")
	if code != result.ExitConfig || !strings.Contains(stderr, "mutants need a mock: start one with `vsee-mock serve`") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
