package contract_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/gobuild"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // a run allocates gigabytes and keeps little
	if os.Getenv(foreignRun) != "" {
		flag.Parse()
		_ = flag.Set("test.run", "^TestForeign$") // the flag exists
	}
	os.Exit(m.Run())
}

// embedded runs the foreign suite in one process or two, and returns the results of its contract run.
func embedded(t *testing.T, processes int, args []string, env ...string) (run result.Run, passed bool, out string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "run.json")
	cmd := exec.CommandContext(t.Context(), os.Args[0], append([]string{"-ginkgo.v", "-ginkgo.no-color"}, args...)...)
	if processes > 1 {
		dir := t.TempDir()
		if err := gobuild.Into(t.Context(), dir, "github.com/onsi/ginkgo/v2/ginkgo"); err != nil {
			t.Fatal(err)
		}
		args = append([]string{fmt.Sprintf("-procs=%d", processes), "-no-color"}, args...)
		cmd = exec.CommandContext(t.Context(), filepath.Join(dir, "ginkgo"), append(args, os.Args[0])...)
	}
	cmd.Env = append(append(os.Environ(), foreignRun+"="+file), env...)
	text, err := cmd.CombinedOutput()
	data, missing := os.ReadFile(file)
	if missing != nil {
		t.Fatalf("%v: %v\n%s", missing, err, text)
	}
	if err := json.Unmarshal(data, &run); err != nil {
		t.Fatal(err)
	}
	return run, err == nil, string(text)
}

func facing(mock *mocktest.Mock) []string {
	return []string{contract.EnvBaseURL + "=" + mock.URL + "/api_v3", contract.EnvControlURL + "=" + mock.URL + "/_mock"}
}

// The contract run is one more container in a Ginkgo suite with its own BeforeSuite, AfterSuite and specs.
func TestTheRunFitsIntoAForeignSuite(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	run, passed, out := embedded(t, 1, nil, append(facing(mock), "VSEE_IDS="+someIDs)...)
	if !passed || !strings.Contains(out, "Something else is as it was") {
		t.Errorf("it fails, or runs the contract alone:\n%s", out)
	}
	tally := run.Tally()
	if tally[result.Failed]+tally[result.Blocked] > 0 || tally[result.Passed] < 100 || run.Broken != "" ||
		run.Duration <= 0 || run.Started.IsZero() {
		t.Errorf("%v, %q", tally, run.Broken)
	}
	run, passed, _ = embedded(t, 1, nil, append(facing(mock), "FOREIGN_BROKEN=1")...)
	if passed || run.ExitCode() != result.ExitTarget || run.Tally()[result.NotTestable] != len(run.Requirements) {
		t.Errorf("a suite that does not begin: %d, %q, %v", run.ExitCode(), run.Broken, run.Tally())
	}
	run, _, out = embedded(t, 1, []string{"-ginkgo.label-filter=id:AUTH-001 || level:none"}, facing(mock)...)
	if len(run.Requirements) != 1 || run.Requirements[0].ID != "AUTH-001" {
		t.Errorf("Ginkgo's own filter: %+v\n%s", run.Requirements, out)
	}
}

// With two processes, all requirements are tried in one run of one process, and the suite's own specs are in both.
func TestTheRunFitsIntoASuiteOfTwoProcesses(t *testing.T) {
	t.Parallel()
	run, passed, out := embedded(t, 2, nil, append(facing(mocktest.Start(t)), "VSEE_IDS=USER-*,SHAPE-get-me")...)
	if tally := run.Tally(); !passed || tally[result.Passed] != len(run.Requirements) || len(run.Requirements) < 5 ||
		run.Broken != "" {
		t.Errorf("%v, %q\n%s", tally, run.Broken, out)
	}
}

// A requirement that does not hold fails its spec, which says why without a value of the target.
func TestAFailureInAForeignSuiteHasItsCauses(t *testing.T) {
	t.Parallel()
	mock, err := url.Parse(mocktest.Start(t).URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(mock)
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if r.Request.URL.Path == "/api_v3/me" {
			body = bytes.ReplaceAll(body, []byte(`"full_name":"Contract`), []byte(`"full":"Lovelace`))
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		r.Header.Set("Content-Length", strconv.Itoa(len(body)))
		return err
	}
	front := httptest.NewServer(proxy)
	t.Cleanup(front.Close)
	env := []string{contract.EnvBaseURL + "=" + front.URL + "/api_v3", contract.EnvControlURL + "=" + front.URL +
		"/_mock", "VSEE_IDS=USER-001,AUTH-001,SHAPE-get-me"}
	run, passed, out := embedded(t, 1, nil, env...)
	if tally := run.Tally(); passed || tally[result.Failed] != 2 || tally[result.Passed] != 1 {
		t.Errorf("%v", tally)
	}
	if !strings.Contains(out, "missing getMe (ok) /data/full_name: expected present, got absent") ||
		strings.Contains(out, "Lovelace") {
		t.Errorf("the suite says\n%s", out)
	}
}

// A dry run sends no request, and no requirement passes.
func TestADryRunIsNoPass(t *testing.T) {
	t.Parallel()
	run, _, _ := embedded(t, 1, []string{"-ginkgo.dry-run"}, facing(mocktest.Start(t))...)
	if run.Broken != "it was a dry run" || run.Tally()[result.NotTestable] != len(run.Requirements) ||
		run.ExitCode() != result.ExitTarget {
		t.Errorf("%v, %q", run.Tally(), run.Broken)
	}
}
