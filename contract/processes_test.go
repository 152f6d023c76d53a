//go:build ignore

package contract_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/onsi/ginkgo/v2/types"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// Against a mock, each of two processes runs some of the requirements. A shared target is tested by one of them
// alone. All requests carry the id of the one run.
func TestEachProcessRunsItsPart(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	runs := map[string]bool{}
	sees := func(r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if id := regexp.MustCompile(`run/(\S+)`).FindStringSubmatch(r.UserAgent()); id != nil {
			runs[id[1]] = true
		}
	}
	mock := mocktest.Start(t)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sees(r)
		mock.Server.ServeHTTP(w, r)
	}))
	t.Cleanup(front.Close)
	s := newStranger(t, "", nil)
	s.look.Store(func(r *http.Request) int {
		sees(r)
		return 0
	})
	for name, tc := range map[string]struct {
		env       []string
		processes int
	}{
		"a mock":     {[]string{contract.EnvBaseURL + "=" + front.URL + "/api_v3", contract.EnvControlURL + "=" + front.URL + "/_mock"}, 2},
		"a stranger": {append(s.env(), contract.EnvAllowMutating+"=false"), 1},
	} {
		dir := t.TempDir()
		run, passed, out := embedded(t, 2, []string{"-output-dir=" + dir, "-json-report=report.json"}, append(tc.env, "VSEE_IDS=AUTH-*,PATH-*,SIGN-*")...)
		if !passed || run.Broken != "" {
			t.Errorf("%s: it fails: %s\n%s", name, run.Broken, out)
		}
		text, err := os.ReadFile(filepath.Join(dir, "report.json"))
		if err != nil {
			t.Fatal(err)
		}
		var reports []types.Report
		if err := json.Unmarshal(text, &reports); err != nil {
			t.Fatal(err)
		}
		ran, by := 0, map[int]int{}
		for _, spec := range reports[0].SpecReports {
			if spec.LeafNodeType == types.NodeTypeIt && spec.State == types.SpecStatePassed && spec.ContainerHierarchyTexts[0] == "VSee contract" {
				ran++
				by[spec.ParallelProcess]++
			}
		}
		mu.Lock()
		if !runs[run.ID] || len(runs) != 1 {
			t.Errorf("%s: the run %s has requests of the runs %v", name, run.ID, runs)
		}
		clear(runs)
		mu.Unlock()
		if len(by) != tc.processes || ran != run.Tally()[result.Passed] {
			t.Errorf("%s: %v have passed by process, and the run has %d", name, by, run.Tally()[result.Passed])
		}
	}
}
