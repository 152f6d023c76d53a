package golden_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// recordedFailure is a testing.TB to collect the failure messages of a test.
type recordedFailure struct {
	testing.TB
	failed string
}

func (t *recordedFailure) Helper() {}

func (t *recordedFailure) Errorf(_ string, args ...any) {
	for _, arg := range args {
		text, _ := arg.(string)
		t.failed += text
	}
}

func TestAFileThatDiffersIsShown(t *testing.T) { //nolint:paralleltest // the flag belongs to the whole program
	path := filepath.Join(t.TempDir(), "kept.txt")
	if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	same, other := &recordedFailure{TB: t}, &recordedFailure{TB: t}
	golden.Is(same, path, "kept")
	golden.Is(other, path, "got")
	if same.failed != "" || !strings.Contains(other.failed, "kept") || !strings.Contains(other.failed, "got") {
		t.Errorf("%q, %q", same.failed, other.failed)
	}
	if err := flag.Set("update", "true"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = flag.Set("update", "false") }()
	golden.Is(t, path, "new")
	if text, err := os.ReadFile(path); err != nil || string(text) != "new" {
		t.Errorf("%s, %v", text, err)
	}
}
