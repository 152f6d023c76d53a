package contractcmd

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A mock in a container has a host name, so HTTP_PROXY applies to it. The error then names the proxy, and not the mock.
func TestAnErrorOfAProxyNamesTheProxy(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
	}))
	t.Cleanup(proxy.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for address, want := range map[string]string{
		proxy.URL: "a proxy answered 502 instead of the mock: HTTP_PROXY is set, so put the mock's host into NO_PROXY",
		gone.URL:  "asking the mock by the proxy that HTTP_PROXY names: put the mock's host into NO_PROXY",
	} {
		cmd, _ := process(t.Context(), t, []string{
			"VSEE_BASE_URL=http://mock.invalid:8080/api_v3", "VSEE_CONTROL_URL=http://mock.invalid:8080/_mock",
			"VSEE_TARGET=mock",
			"HTTP_PROXY=" + strings.Replace(address, "://", "://user:hunter2@", 1),
		}, "run", "--id", "AUTH-001")
		out, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() == result.ExitFine {
			t.Errorf("the run is green: %s", out)
		}
		if !strings.Contains(string(out), want) || strings.Contains(string(out), "hunter2") {
			t.Errorf("%s, want %s", out, want)
		}
	}
}

// A proxy in front of a mock may close a connection that the mock resets.
func TestACauseNamesAClosedConnection(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	base := front(t, mock, func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/eligibility") {
			panic(http.ErrAbortHandler)
		}
		return false
	})
	environ := lastValues(append(mockEnviron(mock), "VSEE_BASE_URL="+base+"/api_v3"))
	run := runContract(t, environ, "--id", "SCEN-http-reset")
	const want = "startEligibilityCheck (ok): a reset connection -> a closed connection\n"
	if run.code != result.ExitFindings || !strings.Contains(run.console, want) {
		t.Errorf("exit %d, %q is not in\n%s", run.code, want, run.console)
	}
}
