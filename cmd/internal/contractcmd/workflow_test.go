//go:build unix

package contractcmd

import (
	"cmp"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver"
)

// ciFolder has the files that integrators copy: a workflow and a list of known differences.
const ciFolder = "../../../docs/ci"

// workflow is the part of a GitHub workflow that these tests check.
type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Env         map[string]string
	Jobs        map[string]job
}

type job struct {
	If          string
	Timeout     int `yaml:"timeout-minutes"`
	Concurrency struct {
		Group  string
		Cancel bool `yaml:"cancel-in-progress"`
	}
	Env   map[string]string
	Steps []step
}

type step struct {
	Name, If, Uses, Run string
	With, Env           map[string]string
}

// ciFile returns the text of a file in ciFolder.
func ciFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(ciFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readWorkflow(t *testing.T) workflow {
	t.Helper()
	var w workflow
	if err := yaml.Unmarshal([]byte(ciFile(t, "vsee-contract.yml")), &w); err != nil {
		t.Fatal(err)
	}
	return w
}

// A pull request may come from anyone, so it gets no secrets. Runs against preview never overlap. Every job has a
// limit.
func TestTheWorkflowIsSafe(t *testing.T) {
	t.Parallel()
	w := readWorkflow(t)
	if w.On["schedule"] == nil || len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
		t.Errorf("on %v, with %v", w.On, w.Permissions)
	}
	// they give secrets to the code of a pull request
	for _, trigger := range []string{"pull_request_target", "workflow_run"} {
		if _, is := w.On[trigger]; is {
			t.Errorf("the workflow runs on %s", trigger)
		}
	}
	secret := regexp.MustCompile(`\$\{\{\s*secrets\.`)
	if len(w.Jobs) != 2 {
		t.Errorf("the workflow has %d jobs", len(w.Jobs))
	}
	for name, j := range w.Jobs {
		secrets := 0
		for _, s := range j.Steps {
			if strings.Contains(s.Run, "${{") {
				t.Errorf("%s: an expression in a script can inject commands:\n%s", name, s.Run)
			}
			for _, value := range s.Env {
				secrets += len(secret.FindAllString(value, -1))
			}
			if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
				t.Errorf("%s: the checkout must not keep the repository's token", name)
			}
		}
		if j.Timeout == 0 {
			t.Errorf("%s has no timeout, and may run for six hours", name)
		}
		if got := name == "preview"; got != (secrets == 3) || got != (j.If == "github.event_name != 'pull_request'") ||
			got != (j.Concurrency.Group != "") ||
			j.Concurrency.Cancel {
			t.Errorf("%s: %d secrets, if %q, concurrency %+v", name, secrets, j.If, j.Concurrency)
		}
	}
	if n := len(secret.FindAllString(ciFile(t, "vsee-contract.yml"), -1)); n != 3 {
		t.Errorf("the workflow has %d secrets", n)
	}
}

// The comment in docs/ci/known-differences.yaml shows a valid entry.
func TestTheExampleOfAKnownDifferenceIsValid(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves whole runs out")
	}
	_, entry, _ := strings.Cut(ciFile(t, "known-differences.yaml"), "#\n# - ")
	entry = "- " + strings.ReplaceAll(entry, "\n# ", "\n")
	if !strings.Contains(entry, "operation: getMe") {
		t.Fatalf("the file has no example:\n%s", entry)
	}
	r := runner{job: readWorkflow(t).Jobs["preview"], base: serve(t, "vsee-mock"), ids: "*"} // only then is an entry stale
	r.known = strings.ReplaceAll(strings.ReplaceAll(entry, "2026-04-30", "2999-12-31"), "getMe", "listInsurers")
	if code, out := r.runJob(t); code != result.ExitKnownDifferences ||
		!strings.Contains(out, "stale") { // the mock passes
		t.Errorf("exit %d\n%s", code, out)
	}
}

// runner runs a job as GitHub does: each step with bash, in one folder.
type runner struct {
	job   job
	base  string // URL of the server in place of preview
	mock  string // the command to run as vsee-mock; empty for vsee-mock itself
	known string // text of the known differences; empty for that of docs/ci
	drift string // the variable DRIFT, for the command drifted
	ids   string // of the requirements; empty for the operation that drifts, and every shape
	night string // results.json of the night before; empty for none

	uploaded map[string]string // text by file name
	summary  string
}

// secrets are those of the default clinic.
func secrets() map[string]string {
	c := mockserver.DefaultClinic()
	return map[string]string{"VSEE_API_KEY": c.Key, "VSEE_API_SECRET": c.Secret, "VSEE_API_TOKEN": c.AdminToken}
}

// runJob runs the job. It returns the exit code of the first failed step, and the output of vsee-contract.
func (r *runner) runJob(t *testing.T) (code int, out string) {
	t.Helper()
	dir := t.TempDir()
	if r.known == "" {
		r.known = ciFile(t, "known-differences.yaml")
	}
	if err := os.WriteFile(filepath.Join(dir, "known-differences.yaml"), []byte(r.known), 0o600); err != nil {
		t.Fatal(err)
	}
	if r.night != "" {
		if err := os.Mkdir(filepath.Join(dir, "before"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "before", "results.json"), []byte(r.night), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ran := 0
	for _, s := range r.job.Steps {
		switch {
		case code != 0 && s.If != "always()":
		case strings.HasPrefix(s.Uses, "actions/upload-artifact@"):
			r.upload(t, filepath.Join(dir, s.With["path"]))
		case s.Run != "" && s.Name != "Install": // the commands are built already
			ran++
			ended, text := r.run(t, dir, s)
			code = cmp.Or(code, ended)
			if strings.Contains(s.Run, "vsee-contract") {
				out += text
			}
		}
	}
	if ran == 0 {
		t.Fatal("the job has no steps")
	}
	return code, out
}

// run runs a step with the shell and the options that GitHub gives it.
func (r *runner) run(t *testing.T, dir string, s step) (code int, out string) {
	t.Helper()
	script, summary := filepath.Join(t.TempDir(), "step.sh"), filepath.Join(t.TempDir(), "summary.md")
	if err := os.WriteFile(script, []byte(s.Run), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", script)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=" + r.path(t) + ":" + os.Getenv("PATH"),
		"HOME=" + dir,
		"GITHUB_STEP_SUMMARY=" + summary,
		"DRIFT=" + r.drift,
		"VSEE_IDS=" + cmp.Or(r.ids, "AUTH-00?,SHAPE-*"),
	}
	for _, env := range []map[string]string{r.job.Env, s.Env} {
		for name, value := range env {
			cmd.Env = append(cmd.Env, name+"="+r.value(name, value))
		}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	text, err := cmd.CombinedOutput()
	pid := cmd.Process.Pid
	t.Cleanup(func() { _ = syscall.Kill(-pid, syscall.SIGKILL) }) // GitHub ends processes that a step leaves running
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(summary); err == nil {
		r.summary += string(data)
	}
	return cmd.ProcessState.ExitCode(), string(text)
}

// path returns a folder with links to the commands.
func (r *runner) path(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, built := range map[string]string{"vsee-contract": "vsee-contract", "vsee-mock": r.mock} {
		if built == "" {
			built = name
		}
		if err := os.Symlink(binary(t, built), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// value returns the value of a variable, with the secrets inserted and the URL of preview replaced.
func (r *runner) value(name, value string) string {
	for secret, is := range secrets() {
		value = strings.ReplaceAll(value, "${{ secrets."+secret+" }}", is)
	}
	if name == "VSEE_BASE_URL" {
		return r.base + "/api_v3"
	}
	return value
}

func (r *runner) upload(t *testing.T, dir string) {
	t.Helper()
	r.uploaded = map[string]string{}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		r.uploaded[file.Name()] = string(text)
	}
}

// freeAddress returns an address without a listener.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// renamedField is a DRIFT that renames a field of listInsurers.
const renamedField = `{"request": "GET .*/insurances/?", "of": "\"name\":", "by": "\"title\":"}`

// The job has the exit code of the run. The findings are in the summary of the step and in the artifacts. None of these
// has a secret.
func TestTheWorkflowRuns(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves whole runs out")
	}
	for name, tc := range map[string]struct {
		job    string
		runner runner
		code   int
		want   []string // in the summary
	}{
		"the mock": {
			"mock", runner{}, result.ExitFine, []string{
				"## ✅ mock keeps the contract.",
				"| passed | failed |",
			},
		},
		"a mock that has drifted": {
			"mock", runner{mock: "drifted", drift: renamedField}, result.ExitFindings, []string{
				"## ❌ mock does not keep the contract",
				"undeclared listInsurers (ok) /data/insurers/\\*/title",
				"missing listInsurers (ok) /data/insurers/\\*/name",
			},
		},
		"preview": {
			"preview", runner{base: serve(t, "vsee-mock")}, result.ExitFine, []string{
				"## ✅ preview keeps the contract.",
				"This run only reads.",
			},
		},
		"a preview that has drifted": {
			"preview", runner{base: serve(t, "drifted", "DRIFT="+renamedField)}, result.ExitFindings, []string{
				"## ❌ preview does not keep the contract",
				"undeclared listInsurers (ok) /data/insurers/\\*/title",
			},
		},
		"no server": {
			"preview", runner{base: "http://" + freeAddress(t)}, result.ExitTarget, []string{
				"## ❌ The run against preview ended early",
				"VSEE\\_BASE\\_URL leads nowhere",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := tc.runner
			r.job = readWorkflow(t).Jobs[tc.job]
			if _, is := r.job.Env["MOCK"]; is {
				r.job.Env["MOCK"] = freeAddress(t)
			}
			code, out := r.runJob(t)
			if code != tc.code {
				t.Errorf("exit %d, want %d\n%s", code, tc.code, out)
			}
			for _, want := range tc.want {
				if !strings.Contains(r.summary, want) {
					t.Errorf("%q is not in the summary:\n%s", want, r.summary)
				}
			}
			for _, file := range []string{"results.json", "junit.xml", "report.html"} {
				if r.uploaded[file] == "" {
					t.Errorf("%s is not uploaded", file)
				}
			}
			if tc.job != "preview" { // the log of the mock may show its own key and secret
				return
			}
			r.uploaded["the summary"], r.uploaded["the log"] = r.summary, out
			for file, text := range r.uploaded {
				for _, secret := range secrets() {
					if strings.Contains(text, secret) {
						t.Errorf("%s has a secret", file)
					}
				}
			}
		})
	}
}
