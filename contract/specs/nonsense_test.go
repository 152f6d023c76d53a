package specs_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// A run gets to its end for every target: no requirement depends on the contents of a reply to go on. If all
// requests have the same answer, only the requirements that expect this very answer pass.
func TestATargetThatAnswersEachRequestAlikeEndsNoRun(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves repeated runs out")
	}
	for name, tc := range map[string]struct {
		status int
		body   string
		passed string
	}{
		"nothing in it": {http.StatusOK, `{}`, ""},
		"no such page": {
			http.StatusNotFound, `{"code": 404, "message": "Sorry, this page is not available."}`,
			"ACCT-002 ACCT-008 CARD-030 CARD-031 CARD-032 CARD-033 CLAIM-006 ELIG-008 PATH-010 PATH-012 PATH-013 SLOT-034",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := faceAnswering(t, tc.status, tc.body)
			if run.Broken != "" {
				t.Errorf("%d requirements, %q", len(run.Requirements), run.Broken)
			}
			var passed []string
			for _, r := range run.Requirements {
				if r.State == result.Passed && !strings.HasPrefix(r.ID, "SHAPE-") { // a shape is as the document has it
					passed = append(passed, r.ID)
				}
			}
			if got := strings.Join(passed, " "); got != tc.passed {
				t.Errorf("passed: %s, want %s", got, tc.passed)
			}
		})
	}
}

// faceAnswering runs the suite against a mock with one answer to all requests of its API.
func faceAnswering(t *testing.T, status int, body string) result.Run {
	t.Helper()
	mock := mocktest.Start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_mock") {
			mock.Server.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	all, err := specs.All()
	if err != nil {
		t.Fatal(err)
	}
	run, err := engine.Run(t.Context(), engine.Options{
		Config: config.Config{BaseURL: server.URL + "/api_v3", ControlURL: server.URL + "/_mock"}, Requirements: all,
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}
