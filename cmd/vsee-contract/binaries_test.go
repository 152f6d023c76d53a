package main

import (
	"bufio"
	"context"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"testing"
)

// built is a folder for the commands that are built for the tests.
var built string

// binaries builds the commands once and returns the folder that they are in: vsee-mock, vsee-contract, and drifted, a
// mock that is otherwise in one thing.
var binaries = sync.OnceValues(func() (string, error) {
	folders := []string{".", "../vsee-mock", "./testdata/drifted"}
	for _, folder := range folders {
		for _, file := range sourcesOf(folder) { // so that go test knows what this depends on
			if _, err := os.ReadFile(file); err != nil {
				return "", err
			}
		}
	}
	cmd := exec.CommandContext(context.Background(), "go", append([]string{"build", "-ldflags=-s -w", "-o", built + "/"}, folders...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the commands: %w\n%s", err, out)
	}
	return built, nil
})

func sourcesOf(folder string) []string {
	files, _ := filepath.Glob(filepath.Join(folder, "*.go")) // the pattern is one
	return files
}

// binary returns where a command is that was built.
func binary(t *testing.T, name string) string {
	t.Helper()
	dir, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// serve starts a mock as a process, until the test ends, and returns where it listens.
func serve(t *testing.T, name string, environ ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary(t, name), "serve", "--listen", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), environ...)
	cmd.Stderr = os.Stderr
	if name == "vsee-mock" {
		cmd.Args = append(cmd.Args, "--log-level", "off")
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadString('\n')
		if base := regexp.MustCompile(`http://[^/\s]+`).FindString(line); base != "" {
			return base
		}
		if err != nil {
			t.Fatalf("%s ended: %v", name, err)
		}
	}
}

// It needs nothing of the machine that it runs on.
func TestTheCommandIsStatic(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the binaries of " + runtime.GOOS + " are of another form")
	}
	file, err := elf.Open(binary(t, "vsee-contract"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("it has a %s", part.Type)
		}
	}
}
