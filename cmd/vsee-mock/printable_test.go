package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
)

// Any server may answer in place of a mock.
func TestWhatAMockSaysIsPrintedWithNothingOnWhichATerminalActs(t *testing.T) {
	t.Parallel()
	event := `{"id": "` + cmdtest.Hostile + `", "type": "` + cmdtest.Hostile + `",
		"status": "` + cmdtest.Hostile + `", "waits_for": "` + cmdtest.Hostile + `",
		"data": {"member_id": "` + cmdtest.Hostile + `"}}`
	mux := http.NewServeMux()
	for path, reply := range map[string]string{
		"GET /_mock/clinics/vclinic/events": `{"data": [` + event + `]}`,
		"GET /_mock/clinics/vclinic/events/{id}": `{"event": ` + event + `, "deliveries": [{"reason": "` +
			cmdtest.Hostile + `", "detail": "` + cmdtest.Hostile + `", "body": "` + cmdtest.Hostile + `", "headers": {"` +
			cmdtest.Hostile + `": ["` + cmdtest.Hostile + `"]}}]}`,
		"GET /_mock/clinics/vclinic/checks/{id}/explain": `{"because": "` + cmdtest.Hostile + `", "asked": {"code": "` +
			cmdtest.Hostile + `"}}`,
		"GET /_mock/clinics/vclinic/checks/{id}/scenario": `{"file": "own.yaml", "text": "# ` + cmdtest.Hostile + `"}`,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(reply)) })
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error": "` + cmdtest.Hostile + `"}`))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, line := range []string{
		"events list", "events list --json", "events show 62583ab3-8cfc-4a47-b6c9-272850e631f8",
		"events show --json 62583ab3-8cfc-4a47-b6c9-272850e631f8",
		"events resend 62583ab3-8cfc-4a47-b6c9-272850e631f8", "explain 1", "explain --json 1", "explain --claim 1",
		"scenarios save 1 --out " + filepath.Join(t.TempDir(), "own.yaml"),
	} {
		_, stdout, stderr := playLive(t, append(strings.Fields(line), "--mock", server.URL)...)
		cmdtest.ShowsNothingHostile(t, line, stdout+stderr)
	}
}
