package gobuild_test

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/gobuild"
)

// Many goroutines write programs and run them, as parallel tests do. Without the lock about one run in fifty fails.
func TestAProgramRunsAsSoonAsItIsWritten(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("it has no scripts")
	}
	dir := t.TempDir()
	errs := make(chan error)
	const writers, programs = 8, 20
	for writer := range writers {
		go func() {
			for n := range programs {
				path := filepath.Join(dir, string(rune('a'+writer))+string(rune('a'+n)))
				err := gobuild.WriteProgram(path, []byte("#!/bin/sh\n"))
				if err == nil {
					err = exec.CommandContext(t.Context(), path).Run()
				}
				errs <- err
			}
		}()
	}
	for range writers * programs {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
