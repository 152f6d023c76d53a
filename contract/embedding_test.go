package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// built are the foreign suite and Ginkgo's command, built once for all tests: linking them takes longer than most
// of their runs.
var built struct {
	dir             string // for TestMain to remove
	once            sync.Once
	foreign, ginkgo string
	err             error
}

func TestMain(m *testing.M) {
	if built.dir, built.err = os.MkdirTemp("", "contract"); built.err != nil {
		fmt.Fprintln(os.Stderr, built.err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(built.dir)
	os.Exit(code)
}

func build(t *testing.T) {
	t.Helper()
	if _, err := os.ReadFile("testdata/foreign/foreign_test.go"); err != nil { // makes go test aware of this dependency
		t.Fatal(err)
	}
	built.once.Do(func() {
		built.foreign, built.ginkgo = filepath.Join(built.dir, "foreign.test"), filepath.Join(built.dir, "ginkgo")
		for _, args := range [][]string{
			{"test", "-c", "-ldflags=-s -w", "-o", built.foreign, "./testdata/foreign"},
			{"build", "-ldflags=-s -w", "-o", built.ginkgo, "github.com/onsi/ginkgo/v2/ginkgo"},
		} {
			if out, err := exec.Command("go", args...).CombinedOutput(); err != nil { //nolint:noctx // shared by all tests
				built.err = fmt.Errorf("%w\n%s", err, out)
				return
			}
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
}

// embedded runs the foreign suite in one process or two, and returns the results of its contract run.
func embedded(t *testing.T, processes int, args []string, env ...string) (run result.Run, passed bool, out string) {
	t.Helper()
	build(t)
	file := filepath.Join(t.TempDir(), "run.json")
	cmd := exec.CommandContext(t.Context(), built.foreign, append([]string{"-ginkgo.v", "-ginkgo.no-color"}, args...)...)
	if processes > 1 {
		args = append([]string{fmt.Sprintf("-procs=%d", processes), "-no-color"}, args...)
		cmd = exec.CommandContext(t.Context(), built.ginkgo, append(args, built.foreign)...)
	}
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

// The contract run is one more container in a Ginkgo suite with its own BeforeSuite, AfterSuite and specs.
func TestTheRunFitsIntoAForeignSuite(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	run, passed, out := embedded(t, 1, nil, facing(mock)...)
	if !passed || !strings.Contains(out, "Something else is as it was") {
		t.Errorf("it fails, or runs the contract alone:\n%s", out)
	}
	tally := run.Tally()
	if tally[result.Passed] != len(run.Requirements) || tally[result.Passed] < 170 || run.Broken != "" || run.Duration <= 0 || run.Started.IsZero() {
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

// In a foreign suite, a known difference is not a failure, and an outdated entry is a failure.
func TestKnownDifferencesApplyInAForeignSuite(t *testing.T) {
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
	ways := map[string]struct {
		processes int
		args      []string
	}{"one process": {1, nil}, "two processes": {2, []string{"-v"}}}
	for name, tc := range map[string]struct {
		file   string
		passes bool
		states string // of AUTH-001, PATH-005 and SIGN-001
		says   string
		silent string
		last   string
	}{
		"expected": {
			entry("SIGN-001", "2999-12-31"), true, "passed|passed|failed as expected",
			"failed as expected: names are numbers there (owner someone, until 2999-12-31)", "[FAIL]",
			"2 passed, 0 failed, 1 failed as expected",
		},
		"stale": {
			entry("SIGN-001", "2999-12-31") + entry("AUTH-001", "2999-12-31"), false, "stale|passed|failed as expected",
			"the known difference is stale: the requirement passes; remove its entry from ", "breaks openapi.yaml",
			"1 passed, 0 failed, 1 stale, 1 failed as expected",
		},
		"expired": {
			entry("SIGN-001", "2020-12-31"), false, "passed|passed|expired",
			"the known difference has expired: names are numbers there (owner someone, expired after 2020-12-31)", "stale",
			"2 passed, 0 failed, 1 expired",
		},
		"before the entry": {
			strings.ReplaceAll(entry("SIGN-001", "2999-12-31"), "2020", "2998"), false, "passed|passed|failed", "breaks openapi.yaml", "known difference",
			"2 passed, 1 failed",
		},
	} {
		path := filepath.Join(t.TempDir(), "known-differences.yaml")
		if err := os.WriteFile(path, []byte(tc.file), 0o600); err != nil {
			t.Fatal(err)
		}
		for way, over := range ways {
			run, passed, out := embedded(t, over.processes, over.args, append(env, contract.EnvKnownDifferences+"="+path)...)
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
