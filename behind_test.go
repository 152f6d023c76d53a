package vseemock_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/gobuild"
)

// A new release of a dependency does not fail this project's CI, and neither does an unreachable proxy.
func TestCINamesTheDependenciesThatAreBehindAndNeverFailsOnThem(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		goTool string // a script in place of the go command
		want   string
	}{
		"nothing is newer": {"", "0 direct dependencies are behind\n"},
		"one is newer": {
			"echo; echo example.test/a v1.0.0 v1.2.0; echo github.com/gorilla/mux v1.8.0 v1.8.1",
			"example.test/a is behind: v1.0.0, and v1.2.0 is there\n" +
				"github.com/gorilla/mux is held at v1.8.0 (v1.8.1 is there; layout_test.go says why)\n1 direct dependencies are " +
				"behind\n",
		},
		"the proxy does not answer": {
			"echo no such host >&2; exit 1", "which dependencies are behind is not known: no such host\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bin := t.TempDir()
			if err := gobuild.WriteProgram(filepath.Join(bin, "go"), []byte("#!/bin/sh\n"+tc.goTool+"\n")); err != nil {
				t.Fatal(err)
			}
			behind := exec.CommandContext(t.Context(), ".ci/behind")
			behind.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			if out, err := behind.CombinedOutput(); err != nil || string(out) != tc.want {
				t.Errorf("%v, %q, want %q", err, out, tc.want)
			}
		})
	}
	ci, err := os.ReadFile(".ci/run")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(ci), "\n.ci/behind # it informs, and is no check\n") {
		t.Error(".ci/run does not run .ci/behind, or counts it as a check")
	}
}
