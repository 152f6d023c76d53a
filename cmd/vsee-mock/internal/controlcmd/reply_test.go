package controlcmd

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

// endless is a reply without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Anything may be at a wrong --mock.
func TestAReplyWithoutAnEndIsNotReadForEver(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, endless{}) // until the client leaves
	}))
	defer server.Close()
	code, stdout, stderr := runEventsAt(t, "events", "list", "--mock", server.URL)
	want := "it is too large: at most 64 MiB can be read; ask for less with --limit, or correct --mock\n"
	if code != command.ExitError || stdout != "" || !strings.HasSuffix(stderr, want) {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
}
