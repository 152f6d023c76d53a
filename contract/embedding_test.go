package contract_test

import (
	"bytes"
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

// inTwo returns the arguments that run the suite of somebody else over two processes. It is built apart: Ginkgo's command
// builds it where it stands, where another test may be about to.
func inTwo(t *testing.T, more ...string) []string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "foreign.test")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, "./testdata/foreign").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return append(append([]string{"run", "github.com/onsi/ginkgo/v2/ginkgo", "-procs=2", "-no-color"}, more...), binary)
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
	ginkgo := inTwo(t)
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

// In a suite of somebody else's a difference that is known is no failure, and an entry that is out of date is one.
func TestTheLedgerReachesIntoAForeignSuite(t *testing.T) {
	t.Parallel()
	s := newStranger(t, "", func(body []byte) []byte { // SIGN-001 fails
		return bytes.ReplaceAll(body, []byte(`"full_name":"Contract Patient"`), []byte(`"full_name":5551234`))
	})
	env := []string{
		contract.EnvBaseURL + "=" + s.server.URL + "/api_v3", contract.EnvControlURL + "=" + s.server.URL + "/_mock",
		"VSEE_IDS=SIGN-001,AUTH-001,PATH-005",
	}
	entry := func(requirement, expires string) string {
		return "- requirement: " + requirement + "\n  target: mock\n  reason: names are numbers there\n  owner: someone\n  since: 2020-01-01\n  expires: " + expires + "\n"
	}
	ways := map[string][]string{
		"one process":   {"test", "-v", "-count=1", "./testdata/foreign", "-args", "-ginkgo.v", "-ginkgo.no-color"},
		"two processes": inTwo(t, "-v"),
	}
	for name, tc := range map[string]struct {
		ledger string
		passes bool
		states string // of AUTH-001, PATH-005 and SIGN-001
		says   string
		silent string
		last   string
	}{
		"expected": {
			entry("SIGN-001", "2999-12-31"), true, "passed|passed|failed as expected",
			"failed as expected: names are numbers there (someone sees to it, until 2999-12-31)", "[FAIL]",
			"2 passed, 0 failed, 1 failed as expected",
		},
		"stale": {
			entry("SIGN-001", "2999-12-31") + entry("AUTH-001", "2999-12-31"), false, "stale|passed|failed as expected",
			"the ledger's entry is stale: it passes, so its entry in ", "breaks openapi.yaml",
			"1 passed, 0 failed, 1 stale, 1 failed as expected",
		},
		"expired": {
			entry("SIGN-001", "2020-12-31"), false, "passed|passed|expired",
			"the ledger's entry has expired: names are numbers there (someone was to see to it until 2020-12-31)", "stale",
			"2 passed, 0 failed, 1 expired",
		},
		"before the entry": {
			strings.ReplaceAll(entry("SIGN-001", "2999-12-31"), "2020", "2998"), false, "passed|passed|failed", "breaks openapi.yaml", "ledger's",
			"2 passed, 1 failed",
		},
	} {
		file := filepath.Join(t.TempDir(), "ledger.yaml")
		if err := os.WriteFile(file, []byte(tc.ledger), 0o600); err != nil {
			t.Fatal(err)
		}
		for way, args := range ways {
			run, passed, out := embedded(t, args, append(env, contract.EnvLedger+"="+file)...)
			var states []string
			for _, r := range run.Requirements {
				states = append(states, string(r.State))
			}
			if got := strings.Join(states, "|"); passed != tc.passes || got != tc.states {
				t.Fatalf("%s, %s: passed: %t, %s\n%s", name, way, passed, got, out)
			}
			if !strings.Contains(out, tc.says) || strings.Contains(out, tc.silent) {
				t.Errorf("%s, %s: it does not say %q, or says %q:\n%s", name, way, tc.says, tc.silent, out)
			}
			if n := strings.Count(out, tc.last+"\n"); n != 1 || strings.Contains(out, "  passed              ") {
				t.Errorf("%s, %s: %q comes %d times, or Ginkgo's report has lines of ours in it:\n%s", name, way, tc.last, n, out)
			}
			if sign := run.Requirements[2]; len(sign.Findings) != 1 || sign.Findings[0].Pointer != "/data/full_name" || sign.Findings[0].Exchange == nil {
				t.Errorf("%s, %s: %+v", name, way, sign)
			}
		}
	}
}
