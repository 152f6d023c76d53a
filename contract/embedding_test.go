package contract_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// embedded runs the suite of somebody else, and returns what its contract run has found.
func embedded(t *testing.T, args []string, env ...string) (run result.Run, passed bool, out string) {
	t.Helper()
	if _, err := os.ReadFile("testdata/foreign/foreign_test.go"); err != nil { // so that go test knows what this depends on
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "run.json")
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(append(os.Environ(), "FOREIGN_RUN="+file), env...)
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

// In a Ginkgo suite with a BeforeSuite, an AfterSuite and specs of its own the contract run is one container more.
func TestTheRunFitsIntoAForeignSuite(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	goTest := []string{"test", "-v", "-count=1", "./testdata/foreign", "-args", "-ginkgo.v", "-ginkgo.no-color"}
	run, passed, out := embedded(t, goTest, facing(mock)...)
	if !passed || !strings.Contains(out, "Something else is as it was") {
		t.Errorf("it fails, or runs the contract alone:\n%s", out)
	}
	tally := run.Tally()
	if tally[result.Passed] != len(run.Requirements) || tally[result.Passed] < 170 || run.Broken != "" || run.Duration <= 0 || run.Started.IsZero() {
		t.Errorf("%v, %q", tally, run.Broken)
	}
	run, passed, _ = embedded(t, goTest, append(facing(mock), "FOREIGN_BROKEN=1")...)
	if passed || run.ExitCode() != result.ExitTarget || run.Tally()[result.NotTestable] != len(run.Requirements) {
		t.Errorf("a suite that does not begin: %d, %q, %v", run.ExitCode(), run.Broken, run.Tally())
	}
	run, _, out = embedded(t, append(goTest, "-ginkgo.label-filter=id:AUTH-001 || level:none"), facing(mock)...)
	if len(run.Requirements) != 1 || run.Requirements[0].ID != "AUTH-001" {
		t.Errorf("Ginkgo's own filter: %+v\n%s", run.Requirements, out)
	}
}

// Over several processes each runs some of it, and the first one has all that came of it.
func TestTheRunIsSpreadOverProcesses(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	ginkgo := []string{"run", "github.com/onsi/ginkgo/v2/ginkgo", "-procs=2", "-no-color", "./testdata/foreign"}
	run, passed, out := embedded(t, ginkgo, facing(mock)...)
	if !passed || run.Tally()[result.Passed] < 170 || run.Tally()[result.Passed] != len(run.Requirements) {
		t.Errorf("%v, %q\n%s", run.Tally(), run.Broken, out)
	}
	s := newStranger(t, "", nil)
	env := append(s.env(), contract.EnvAllowMutating+"=false")
	run, passed, out = embedded(t, ginkgo, env...)
	if !passed || run.Tally()[result.Passed] == 0 || run.Broken != "" {
		t.Errorf("a target that others use too: %v, %q\n%s", run.Tally(), run.Broken, out)
	}
}
