package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// linked returns the path of a link to the command, with a name.
func linked(t *testing.T, name string, link func(from, to string) error) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), name)
	if err := link(path, to); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestOneBinaryIsBothCommandsByItsName(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]func(from, to string) error{"soft": os.Symlink, "hard": os.Link} {
		for called, want := range map[string]string{
			"vsee-contract": "vsee-contract dev\n", "vsee-contract.exe": "vsee-contract dev\n", "mock": "vsee-mock dev",
		} {
			out, err := exec.CommandContext(t.Context(), linked(t, called, link), "version").CombinedOutput()
			if err != nil || !strings.HasPrefix(string(out), want) {
				t.Errorf("%s link %s: %v, %s", name, called, err, out)
			}
		}
	}
}

// Reading openapi.yaml takes 15 MB, and most of the time of a short command. Without it, the packages take less than 4.
func TestNeitherCommandReadsTheDocumentToPrintItsVersion(t *testing.T) {
	t.Parallel()
	const most = 8 << 20
	for _, name := range []string{"vsee-mock", "vsee-contract"} {
		cmd := exec.CommandContext(t.Context(), linked(t, name, os.Symlink), "version")
		cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatal(err)
		}
		sum, packages := 0, regexp.MustCompile(`clock, (\d+) bytes`).FindAllSubmatch(out, -1)
		for _, one := range packages {
			bytes, _ := strconv.Atoi(string(one[1])) // it is digits
			sum += bytes
		}
		if len(packages) < 10 || sum > most {
			t.Errorf("%s: the start of %d packages takes %d bytes", name, len(packages), sum)
		}
	}
}
