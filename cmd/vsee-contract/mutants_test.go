package main

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// mutants returns `vsee-contract mutants` as a process of its own.
func mutants(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"mutants"}, args...)...)
	cmd.Env = append([]string{asCommand + "=1", "VSEE_IDS=AUTH-00?,BODY-*,INS-*,PATH-0*,SIGN-*,TYPE-*,USER-*"}, facing(mocktest.Start(t))...)
	return cmd
}

// Mutants of several kinds, of those that the fewest requirements meet: the table has all.
func TestMutantsAreCaught(t *testing.T) {
	t.Parallel()
	sample := []string{
		"listInsurers/data/insurers/0/id/dropped", "listInsurers/notice", "405/another Allow", "getMe/another user's data",
		"listInsurers/another clinic's insurers", "signOn/a mistyped field is taken",
	}
	cmd := mutants(t.Context(), t, sample...)
	var progress bytes.Buffer
	cmd.Stderr = &progress
	said, err := cmd.Output()
	if want := "6 of 6 mutants faced: 6 caught (100 %), 0 survived, 0 unclear\n"; err != nil || string(said) != want {
		t.Errorf("%v\n%s%s", err, said, progress.String())
	}
	if !strings.Contains(progress.String(), "1 of 6 faced, 1 caught\n") {
		t.Errorf("it does not say how far it is:\n%s", progress.String())
	}
}

// What was found before somebody ended it is told.
func TestMutantsCanBeInterrupted(t *testing.T) {
	t.Parallel()
	cmd := mutants(t.Context(), t)
	progress, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd.Stdout = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	told := bufio.NewScanner(progress)
	for told.Scan() {
		if strings.HasPrefix(told.Text(), "1 of ") {
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // with an error, for its exit code
	if cmd.ProcessState.ExitCode() != result.ExitTarget || !strings.Contains(said.String(), " mutants faced: ") || strings.HasPrefix(said.String(), "0 of ") {
		t.Errorf("exit %d\n%s", cmd.ProcessState.ExitCode(), said.String())
	}
}

// A score is of a mock, for only there a requirement has a clinic of its own.
func TestMutantsAreMadeOfAMock(t *testing.T) {
	t.Parallel()
	environ := []string{
		"VSEE_BASE_URL=http://127.0.0.1:1/api_v3", "VSEE_ACCOUNT_CODE=a", "VSEE_API_KEY=k", "VSEE_API_SECRET=s", "VSEE_API_TOKEN=t",
	}
	code, _, stderr := play(t, append(facing(mocktest.Start(t)), "VSEE_IDS=AUTH-001"), "mutants", "--table", "mutants.md")
	if code != result.ExitConfig || !strings.Contains(stderr, "--table is of all requirements, and select.ids names some") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	code, _, stderr = play(t, environ, "mutants")
	if code != result.ExitConfig || !strings.Contains(stderr, "mutants are made of a mock, which needs --control-url too") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
