package main

import (
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

func TestTheShellsAcceptTheirCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish"} {
		code, script, stderr := play(t, "completion", shell)
		if code != command.ExitOK || stderr != "" || !strings.Contains(script, "vsee-mock") {
			t.Errorf("%s: exit %d, %s%s", shell, code, script, stderr)
		}
		if _, err := exec.LookPath(shell); err != nil {
			continue // not installed here
		}
		check := exec.CommandContext(t.Context(), shell, "-n")
		check.Stdin = strings.NewReader(script)
		if text, err := check.CombinedOutput(); err != nil || len(text) > 0 {
			t.Errorf("%s -n: %v, %s", shell, err, text)
		}
	}
}

func TestACommandLineIsCompleted(t *testing.T) { //nolint:paralleltest // the line is in the environment
	for line, want := range map[string]string{
		"vsee-mock clo":                 "clock\n",
		"vsee-mock clock ad":            "advance\n",
		"vsee-mock serve --log-format ": "json\ntext\n",
		"vsee-mock completion ":         "bash\nfish\nzsh\n",
	} {
		t.Setenv("COMP_LINE", line)
		if code, stdout, stderr := play(t); code != command.ExitOK || sorted(stdout) != want {
			t.Errorf("%s: exit %d, %s%s", line, code, stdout, stderr)
		}
	}
}

// sorted returns the lines of a text in their order by name: the shell sorts them anyway.
func sorted(text string) string {
	return strings.Join(slices.Sorted(strings.Lines(text)), "")
}

func TestHelpIsShownAsByTheFlag(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"", "clock", "events list"} {
		_, want, _ := play(t, append(strings.Fields(line), "--help")...)
		code, got, _ := play(t, append([]string{"help"}, strings.Fields(line)...)...)
		if code != command.ExitOK || got != want {
			t.Errorf("help %s: exit %d\n%s", line, code, got)
		}
	}
}

func TestTheVersionHasTheCommitAndItsDate(t *testing.T) {
	t.Parallel()
	for want, settings := range map[string][]debug.BuildSetting{
		"": {{Key: "GOOS", Value: "linux"}},
		", commit 0123456789ab of 2026-01-31T09:00:00Z": {
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-01-31T09:00:00Z"},
			{Key: "vcs.modified", Value: "false"},
		},
		", commit 0123456789ab of 2026-01-31T09:00:00Z, with changes": {
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-01-31T09:00:00Z"},
			{Key: "vcs.modified", Value: "true"},
		},
	} {
		if got := commitOf(settings); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
