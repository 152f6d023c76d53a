package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// mutants prepares `vsee-contract mutants` as a new process, with few requirements.
func mutants(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"mutants"}, args...)...)
	cmd.Env = append([]string{asCommand + "=1", "VSEE_IDS=AUTH-00?,BODY-*,INS-*,PATH-0*,SIGN-*,TYPE-*,USER-*"}, mockEnviron(mocktest.Start(t))...)
	return cmd
}

// The sample has mutants of several kinds, chosen because few requirements meet them. contract/mutants.md has them all.
func TestMutantsAreCaught(t *testing.T) {
	t.Parallel()
	sample := []string{
		"listInsurers/data/insurers/0/id/dropped", "listInsurers/notice", "405/another Allow", "getMe/another user's data",
		"listInsurers/another clinic's insurers", "signOn/a mistyped field is taken",
	}
	cmd := mutants(t.Context(), t, sample...)
	var progress bytes.Buffer
	cmd.Stderr = &progress
	stdout, err := cmd.Output()
	if want := "6 of 6 mutants tested: 6 caught (100 %), 0 survived, 0 unclear\n"; err != nil || string(stdout) != want {
		t.Errorf("%v\n%s%s", err, stdout, progress.String())
	}
	if !strings.Contains(progress.String(), "1 of 6 tested, 1 caught\n") {
		t.Errorf("there is no progress in\n%s", progress.String())
	}
}

// An interrupted run prints the score so far, and that it was interrupted.
func TestMutantsCanBeInterrupted(t *testing.T) {
	t.Parallel()
	cmd := mutants(t.Context(), t)
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
		if strings.HasPrefix(lines.Text(), "1 of ") {
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // an error, because the exit code is not 0
	if cmd.ProcessState.ExitCode() != result.ExitTarget || !strings.Contains(stdout.String(), " mutants tested: ") || strings.HasPrefix(stdout.String(), "0 of ") {
		t.Errorf("exit %d\n%s", cmd.ProcessState.ExitCode(), stdout.String())
	}
	if !regexp.MustCompile(`^vsee-contract: interrupted after [1-9]\d* of \d+ mutants;`).MatchString(last) {
		t.Errorf("the last line is %q", last)
	}
}

// Only a mock can give each requirement a clinic of its own, so mutants need one.
func TestMutantsNeedAMock(t *testing.T) {
	t.Parallel()
	environ := []string{
		"VSEE_BASE_URL=http://127.0.0.1:1/api_v3", "VSEE_ACCOUNT_CODE=a", "VSEE_API_KEY=k", "VSEE_API_SECRET=s", "VSEE_API_TOKEN=t",
	}
	code, _, stderr := runCommand(t, append(mockEnviron(mocktest.Start(t)), "VSEE_IDS=AUTH-001"), "mutants", "--table", "mutants.md")
	if code != result.ExitConfig || !strings.Contains(stderr, "--table needs all requirements, but select.ids selects some") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	code, _, stderr = runCommand(t, environ, "mutants")
	if code != result.ExitConfig || !strings.Contains(stderr, "mutants need a mock: start one with `vsee-mock serve`") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
