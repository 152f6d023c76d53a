package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/printable"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// hostile would colour, reorder and hide text on a terminal. encoding/json leaves half of it unescaped.
const hostile = "\u009b31m\x7f\u202e\u2066\u2028\u0085"

// showsNothingHostile fails a test for output with an effect on a terminal.
func showsNothingHostile(t *testing.T, name, out string) {
	t.Helper()
	if printable.Lines(out) != out || !strings.Contains(out, `\u009b31m`) {
		t.Errorf("%s prints %q", name, out)
	}
}

func TestListenPrintsNothingOnWhichATerminalActs(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"for people": nil, "as JSON": {"--json"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := hear(t, args...)
			for _, body := range []string{
				`{"type": "` + hostile + `", "id": "` + hostile + `", "data": {"` + hostile + `": "` + hostile + `"}}`, hostile, "\xff\x9b" + hostile,
			} {
				e.post(t, webhook.Signing{Scheme: webhook.Unsigned}, body, "X-Odd", "\xc2\x9b31m")
			}
			out := e.end(t)
			showsNothingHostile(t, "listen", out)
			for line := range strings.Lines(out) {
				if args != nil && !json.Valid([]byte(line)) {
					t.Errorf("%q is no JSON", line)
				}
			}
		})
	}
}

// Any server may answer in place of a mock.
func TestWhatAMockSaysIsPrintedWithNothingOnWhichATerminalActs(t *testing.T) {
	t.Parallel()
	event := `{"id": "` + hostile + `", "type": "` + hostile + `", "status": "` + hostile + `", "waits_for": "` + hostile + `", "data": {"member_id": "` + hostile + `"}}`
	mux := http.NewServeMux()
	for path, reply := range map[string]string{
		"GET /_mock/clinics/vclinic/events":               `{"data": [` + event + `]}`,
		"GET /_mock/clinics/vclinic/events/{id}":          `{"event": ` + event + `, "deliveries": [{"reason": "` + hostile + `", "detail": "` + hostile + `", "body": "` + hostile + `", "headers": {"` + hostile + `": ["` + hostile + `"]}}]}`,
		"GET /_mock/clinics/vclinic/checks/{id}/explain":  `{"because": "` + hostile + `", "asked": {"code": "` + hostile + `"}}`,
		"GET /_mock/clinics/vclinic/checks/{id}/scenario": `{"file": "own.yaml", "text": "# ` + hostile + `"}`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(reply)) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error": "` + hostile + `"}`))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, line := range []string{
		"events list", "events list --json", "events show 62583ab3-8cfc-4a47-b6c9-272850e631f8", "events show --json 62583ab3-8cfc-4a47-b6c9-272850e631f8",
		"events resend 62583ab3-8cfc-4a47-b6c9-272850e631f8", "explain 1", "explain --json 1", "explain --claim 1",
		"scenarios save 1 --out " + filepath.Join(t.TempDir(), "own.yaml"),
	} {
		_, stdout, stderr := playLive(t, append(strings.Fields(line), "--mock", server.URL)...)
		showsNothingHostile(t, line, stdout+stderr)
	}
}

// A scenario file from elsewhere may be hostile as well.
func TestScenariosArePrintedWithNothingOnWhichATerminalActs(t *testing.T) {
	t.Parallel()
	dir := folder(t, map[string]string{"own.yaml": "title: \"\u009b31m\u202e\"\nwhen: {nth: 1}\nanswer: Success\n"})
	wrong := folder(t, map[string]string{"own.yaml": "title: \u009b31m\u202e\nwehn: {nth: 1}\n"})
	for _, line := range []string{
		"list --scenarios " + dir, "list --json --scenarios " + dir, "show own --scenarios " + dir, "explain own --scenarios " + dir,
		"explain --mermaid own --scenarios " + dir, "validate " + wrong, "validate --json " + wrong, "list --scenarios " + wrong,
	} {
		_, stdout, stderr := play(t, append([]string{"scenarios"}, strings.Fields(line)...)...)
		showsNothingHostile(t, line, stdout+stderr)
	}
}
