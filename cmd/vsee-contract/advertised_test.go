package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A control API promises a clock that can be moved, clinics and webhooks. If the target then refuses one of these, the
// requirement fails. It is not a missing precondition.
func TestARefusedFeatureOfTheControlAPIFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		id      string
		refuses func(*http.Request) bool
	}{
		"a clock": {"ELIG-009", func(r *http.Request) bool {
			return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/clock")
		}},
		"a clinic":  {"AUTH-001", func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == "/_mock/clinics" }},
		"a webhook": {"HOOK-006", nil}, // its events get lost
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tc.refuses != nil && tc.refuses(r) {
					w.WriteHeader(http.StatusNotImplemented)
					return
				}
				mock.Server.ServeHTTP(w, r)
			}))
			t.Cleanup(front.Close)
			environ := []string{"VSEE_BASE_URL=" + front.URL + "/api_v3", "VSEE_CONTROL_URL=" + front.URL + "/_mock"}
			if tc.refuses == nil { // the clinic's webhook URL has no server
				environ = append(environ, "VSEE_WEBHOOK_LISTEN="+freeAddress(t), "VSEE_WEBHOOK_URL=http://"+freeAddress(t))
			}
			cmd, file := process(t.Context(), t, environ, "run", "--id", tc.id)
			out, _ := cmd.CombinedOutput() // the exit code is checked below
			found := results(t, file).Requirements
			if cmd.ProcessState.ExitCode() != result.ExitFindings || len(found) != 1 || found[0].State != result.Failed {
				t.Errorf("exit %d\n%s", cmd.ProcessState.ExitCode(), out)
			}
		})
	}
}
