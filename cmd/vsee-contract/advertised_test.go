package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A target that has a control API says that its clock can be moved, that it can be told a story and that it tells a
// webhook. One that does not do it then fails: that is not a precondition which is missing.
func TestWhatIsAdvertisedAndRefusedFails(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		id      string
		refuses func(*http.Request) bool
	}{
		"a clock": {"ELIG-009", func(r *http.Request) bool {
			return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/clock")
		}},
		"a clinic":  {"AUTH-001", func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == "/_mock/clinics" }},
		"a webhook": {"HOOK-006", nil}, // whose events get lost
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
			if tc.refuses == nil { // the clinic's events go where nobody is
				environ = append(environ, "VSEE_WEBHOOK_LISTEN="+free(t), "VSEE_WEBHOOK_URL=http://"+free(t))
			}
			cmd, file := process(t.Context(), t, environ, "run", "--id", tc.id)
			out, _ := cmd.CombinedOutput() // its exit code says more
			found := results(t, file).Requirements
			if cmd.ProcessState.ExitCode() != result.ExitFindings || len(found) != 1 || found[0].State != result.Failed {
				t.Errorf("exit %d\n%s", cmd.ProcessState.ExitCode(), out)
			}
		})
	}
}
