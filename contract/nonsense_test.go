//go:build ignore

package contract_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A run gets to its end for every target: no requirement depends on the contents of a reply to go on. If all
// requests have the same answer, only the requirements that expect this very answer pass.
func TestATargetThatAnswersEachRequestAlikeEndsNoRun(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		passed string
	}{
		"nothing in it": {http.StatusOK, `{}`, ""},
		"no such page":  {http.StatusNotFound, `{"code": 404, "message": "Sorry, this page is not available."}`, "ACCT-002 CLAIM-006 ELIG-008 PATH-010 PATH-012"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := faceAnswering(t, tc.status, tc.body)
			if run.Broken != "" || len(run.Requirements) < 700 {
				t.Errorf("%d requirements, %q", len(run.Requirements), run.Broken)
			}
			var passed []string
			for _, r := range run.Requirements {
				if r.State == result.Passed {
					passed = append(passed, r.ID)
				}
			}
			if got := strings.Join(passed, " "); got != tc.passed {
				t.Errorf("passed: %s, want %s", got, tc.passed)
			}
		})
	}
}

// faceAnswering runs the suite against a mock whose API gives each request the same answer.
func faceAnswering(t *testing.T, status int, body string) result.Run {
	t.Helper()
	mock, err := url.Parse(mocktest.Start(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	behind := httputil.NewSingleHostReverseProxy(mock)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_mock") {
			behind.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "results.json")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestContract$", "-ginkgo.succinct")
	cmd.Env = append(os.Environ(), contract.EnvBaseURL+"="+server.URL+"/api_v3", contract.EnvControlURL+"="+server.URL+"/_mock", "VSEE_JSON="+file)
	out, _ := cmd.CombinedOutput() // it ends red
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var run result.Run
	if err := json.Unmarshal(data, &run); err != nil {
		t.Fatal(err)
	}
	return run
}
