package contractcmd

import (
	"bufio"
	"context"
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/gobuild"
)

// built is the folder of the commands built for the tests.
var built string

// binaries builds the commands once and returns their folder. Beside vsee-mock and vsee-contract there is drifted, a
// link to this test binary: see driftedMain.
var binaries = sync.OnceValues(func() (string, error) {
	folders := []string{"../../vsee-contract", "../../vsee-mock"}
	for _, folder := range append(folders, ".") {
		for _, file := range sourcesOf(folder) { // go test caches by the files that a test reads
			if _, err := os.ReadFile(file); err != nil {
				return "", err
			}
		}
	}
	if err := gobuild.Into(context.Background(), built, folders...); err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	return built, os.Symlink(self, filepath.Join(built, "drifted"))
})

func sourcesOf(folder string) []string {
	files, _ := filepath.Glob(filepath.Join(folder, "*.go")) // the pattern is valid
	return files
}

// binary returns the path of a built command.
func binary(t *testing.T, name string) string {
	t.Helper()
	dir, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// serve starts a mock as a process and returns its URL. The process ends with the test.
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
		_ = cmd.Process.Kill() // the process may have ended
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

// A static binary needs no libraries of the machine.
func TestTheCommandIsStatic(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the binaries of " + runtime.GOOS + " are not ELF")
	}
	file, err := elf.Open(binary(t, "vsee-contract"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // opened for reading only
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("the binary has a %s", part.Type)
		}
	}
}
