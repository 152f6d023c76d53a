//go:build unix

package contractcmd

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A control API promises a clock that can be moved, clinics and webhooks. A run whose target refuses the first two is
// broken, and lost events are a cause. None of them is a missing precondition.
func TestARefusedFeatureOfTheControlAPIIsRed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		id      string
		code    int
		state   result.State
		refuses func(*http.Request) bool
	}{
		"a clock": {"ELIG-009", result.ExitTarget, result.NotTestable, func(r *http.Request) bool {
			return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/clock")
		}},
		"a clinic": {"AUTH-001", result.ExitTarget, result.NotTestable, func(r *http.Request) bool {
			return r.Method == http.MethodPost && r.URL.Path == "/_mock/clinics"
		}},
		"a webhook": {"HOOK-006", result.ExitFindings, result.Failed, nil}, // its events get lost
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
			run := runContract(t, environ, "--id", tc.id)
			found := results(t, run.file).Requirements
			if run.code != tc.code || len(found) != 1 || found[0].State != tc.state {
				t.Errorf("exit %d\n%s", run.code, run.console)
			}
		})
	}
}
