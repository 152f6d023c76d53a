// Package gobuild builds programs for tests of whole processes.
package gobuild

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Into builds main packages, named as for go build, and puts each program into a folder under the name of its package.
// The programs are static and have no debug information.
//
// Go keeps a program in its build cache if go run has linked it, but not if go build has. Linking takes most of the
// time, so Into has go run link a program, and copies it: the tests of all packages share one.
func Into(ctx context.Context, dir string, packages ...string) error {
	for _, pkg := range packages {
		program, err := cached(ctx, pkg)
		if err != nil {
			return fmt.Errorf("building %s: %w", pkg, err)
		}
		text, err := os.ReadFile(program) //nolint:gosec // a path printed by go
		if err != nil {
			return err
		}
		if err := WriteProgram(filepath.Join(dir, filepath.Base(program)), text); err != nil {
			return err
		}
	}
	return nil
}

// WriteProgram writes a program that this process can run at once. A program that is open for writing cannot be run
// ("text file busy"), and a process that another goroutine starts in this moment would inherit the open file: none is
// started while it is written.
func WriteProgram(path string, text []byte) error {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(path, text, 0o700) //nolint:gosec // a program must be executable
}

// cached returns the path of a program in the build cache. The go run that links it runs it in a folder of its own,
// and removes that folder: only the next one runs it in the cache.
func cached(ctx context.Context, pkg string) (path string, err error) {
	for range 2 {
		cmd := exec.CommandContext(ctx, "go", "run", "-ldflags=-s -w", "-exec=go version", pkg) //nolint:gosec // in tests
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output() // such as "/root/.cache/go-build/27/27…-d/vsee-mock: go1.26.0"
		if err != nil {
			return "", fmt.Errorf("%w\n%s", err, &stderr)
		}
		path = string(out)[:max(0, strings.LastIndex(string(out), ": "))]
		if _, err = os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path, err
		}
	}
	return "", fmt.Errorf("go run leaves no program in its cache: %s", path)
}
