package gauntlet_test

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/gobuild"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/gauntlet"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// The secrets of these tests: two known to the examples, and one no longer in force there.
const (
	secret   = "whsec_dGhlIHNlY3JldCB0aGF0IGlzIGluIGZvcmNl"
	previous = "whsec_dGhlIG9uZSB0aGF0IGl0IHRha2VzIG92ZXI="
	old      = "whsec_dGhlIG9uZSB0aGF0IHdhcyBiZWZvcmUgaXQ="
)

const examplesFolder = "../../docs/examples/"

// examples are the receivers to copy, as their header comments have them run.
var examples = map[string]func(t *testing.T) *exec.Cmd{
	"go": func(t *testing.T) *exec.Cmd {
		dir := t.TempDir()
		if err := gobuild.Into(t.Context(), dir, "./examples/go"); err != nil {
			t.Fatal(err)
		}
		return command(t, filepath.Join(dir, "go"))
	},
	"node": func(t *testing.T) *exec.Cmd {
		return command(t, installed(t, "node"), examplesFolder+"node/receiver.mjs")
	},
	"python": func(t *testing.T) *exec.Cmd {
		return command(t, installed(t, "python3"), examplesFolder+"python/receiver.py")
	},
}

// command returns a command outside the test's context: it ends by itself once the test tells it to end.
func command(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	return exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
}

// installed returns the path of a program. Without it the test is skipped, unless all examples are asked for.
func installed(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil && os.Getenv("GAUNTLET_EXAMPLES") == "all" {
		t.Fatalf("%s is not installed, and GAUNTLET_EXAMPLES asks for all examples", program)
	}
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	return path
}

// A receiver with a wrong secret would refuse every event.
func TestAnExampleDoesNotStartWithASecretThatIsNone(t *testing.T) {
	t.Parallel()
	for name, example := range examples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			made := example(t)
			cmd := exec.CommandContext(ctx, made.Path, made.Args[1:]...)
			cmd.Env = append(os.Environ(), "LISTEN=127.0.0.1:0", "WEBHOOK_SECRET=foo")
			if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "base64") {
				t.Errorf("%v, %s", err, out)
			}
		})
	}
}

// start starts an example and returns its address. The test stops it at its end, and checks for a clean exit.
func start(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	cmd.Env = append(os.Environ(), "LISTEN=127.0.0.1:0", "WEBHOOK_SECRET="+secret, "WEBHOOK_SECRET_PREVIOUS="+previous)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
			t.Errorf("it ended with %v: %s", err, &stderr)
		}
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	address, found := strings.CutPrefix(strings.TrimSuffix(line, "/hook\n"), "listening on ")
	if err != nil || !found {
		t.Fatalf("it says %q, %v: %s", line, err, &stderr)
	}
	return address
}

func run(t *testing.T, c gauntlet.Config) gauntlet.Report {
	t.Helper()
	c.Slow = max(c.Slow, 40*time.Millisecond)
	if c.Timeout == 0 {
		c.Timeout = 20 * time.Second // the machine is busy with other tests
	}
	report, err := gauntlet.Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestTheExamplesPassEveryCase(t *testing.T) {
	t.Parallel()
	for name, example := range examples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := start(t, example(t))
			c := gauntlet.Config{
				URL: address + "/hook", StateURL: address + "/state",
				Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret, old}},
				Slow:    200 * time.Millisecond,
			}

			report := run(t, c)
			passes(t, report)
			for _, r := range report.Results {
				if r.ID == "large-body" && r.Got != "413" {
					t.Errorf("to a large body it answered %s", r.Got)
				}
			}

			c.Only, c.Signing.Secrets = []string{"valid-event"}, []string{previous}
			passes(t, run(t, c))

			checkNonsense(t, c.URL)
		})
	}
}

func passes(t *testing.T, report gauntlet.Report) {
	t.Helper()
	for _, r := range report.Results {
		if r.Outcome != gauntlet.Passed {
			t.Errorf("%s %s: %s%s", r.ID, r.Outcome, r.Got, r.Reason)
		}
	}
}

// checkNonsense sends bodies VSee never would, correctly signed: each needs an answer, and none may be 5xx.
func checkNonsense(t *testing.T, address string) {
	t.Helper()
	sender := webhook.NewSender(webhook.Options{})
	defer sender.Close()
	for _, body := range []string{
		"", "null", "[]", `"text"`, "{", "\xff\xfe", `{"type": 1}`, `{"type": "eligibility.checked"}`,
		`{"type": "eligibility.checked", "id": 1, "created": "x", "data": null}`,
		`{"type": "eligibility.checked", "id": "x", "created": 1, "data": {"member_id": {}}}`,
		`{"type": "eligibility.checked", "id": "x", "created": 1e400, "data": []}`,
	} {
		result, err := sender.Attempt(t.Context(), webhook.Request{
			URL: address, ID: "nonsense", At: clock.Wall(), Body: []byte(body),
			Signing: webhook.Signing{Scheme: webhook.Standard, Secrets: []string{secret}},
		})
		if err != nil || result.Status == 0 || result.Status >= 500 || result.Status == 401 {
			t.Errorf("to %q it answers %d: %s %v", body, result.Status, result.Detail, err)
		}
	}
}
