package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/gobuild"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// built is the path of the command, built for tests of the whole process.
var built string

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // each command line makes a parser, and keeps nothing
	dir, err := os.MkdirTemp("", "vsee-mock")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	built = filepath.Join(dir, "vsee-mock")
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// binary builds the command once and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	return built, gobuild.Into(context.Background(), filepath.Dir(built), ".")
})

// process is a running vsee-mock.
type process struct {
	cmd    *exec.Cmd
	base   string
	banner string
	rest   io.Reader
	pipe   io.Closer // of its standard output
	stderr bytes.Buffer
}

// begin starts the command and returns after it has printed its address.
func begin(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Env = append(os.Environ(), env...)
	return launch(t, cmd, "openapi.yaml")
}

// launch starts a process and returns after it has printed a line containing a text.
func launch(t *testing.T, cmd *exec.Cmd, until string) *process {
	t.Helper()
	p := &process{cmd: cmd}
	p.cmd.Stderr = &p.stderr
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	for !strings.Contains(p.banner, until) {
		line, err := lines.ReadString('\n')
		p.banner += line
		if err != nil {
			_ = p.cmd.Wait()
			t.Fatalf("it ended: %s%s", p.banner, &p.stderr)
		}
	}
	p.rest, p.pipe = lines, stdout
	p.base = regexp.MustCompile(`http://[^/, ]+`).FindString(p.banner)
	return p
}

// end stops the process as a person or an orchestrator does and returns the output from then on.
func (p *process) end(t *testing.T, signal os.Signal) string {
	t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(p.rest)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("it ended with %s: %s", err, &p.stderr)
	}
	return string(out)
}

// A newcomer can copy the commands on the screen: the banner's own curl line works, and so does the stop.
func TestTheBannerIsTrue(t *testing.T) {
	t.Parallel()
	p := begin(t, nil, "--listen", "127.0.0.1:0", "--seed", "7")
	golden.Is(t, "testdata/banner.golden", cmdtest.Stable(p.banner))
	if strings.Contains(p.base, ":0") || !strings.HasPrefix(p.base, "http://127.0.0.1:") {
		t.Fatalf("the base URL is %s", p.base)
	}
	status, text := cmdtest.Request(t, "GET", p.base+"/api_v3/insurances/", "", "X-ApiToken", "vclinic_api_token")
	if status != 200 || !strings.Contains(text, "AETNA") {
		t.Errorf("the first curl line: %d %s", status, text)
	}
	status, text = cmdtest.Request(t, "POST", p.base+"/_mock/clinics/vclinic/clock", `{"advance": "10s"}`)
	if status != 200 || !strings.Contains(text, `"from"`) {
		t.Errorf("the second: %d %s", status, text)
	}
	code, stdout, stderr := playLive(t, "healthcheck", "--listen", strings.TrimPrefix(p.base, "http://"))
	if code != command.ExitOK || stdout != "ready\n" {
		t.Errorf("healthcheck: exit %d, %s%s", code, stdout, stderr)
	}
	if got := p.end(t, os.Interrupt); got != "vsee-mock has stopped; nothing was pending\n" {
		t.Errorf("at the end it says %q", got)
	}
	if log := p.stderr.String(); !strings.Contains(log, "GET /insurances") || strings.Contains(log, "vclinic_api_token") {
		t.Errorf("the log is %s", log)
	}
}

func TestTheBannerSaysWhatBecomesOfUnknownFields(t *testing.T) {
	t.Parallel()
	p := begin(t, []string{"VSEE_MOCK_UNKNOWN_FIELDS=refuse"}, "--listen", "127.0.0.1:0", "--auto-clinics")
	if want := "every unknown field is refused (unknown_fields: refuse)"; !strings.Contains(p.banner, want) {
		t.Errorf("the banner is %s", p.banner)
	}
	if status, text := cmdtest.Request(t, "GET", p.base+"/api_v3/insurances", "", "X-AccountCode", "later", "X-ApiToken",
		"t"); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	for _, clinic := range []string{"vclinic", "later"} {
		if _, text := cmdtest.Request(t, "GET", p.base+"/_mock/clinics/"+clinic, ""); !strings.Contains(text,
			`"unknown_fields": "refuse"`) {
			t.Errorf("%s is %s", clinic, text)
		}
	}
	p.end(t, os.Interrupt)
}

// playLive runs a command line with a context that is not cancelled.
func playLive(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return cmdtest.Run(t, &commands{}, args...)
}

func TestAStopSaysWhatWasPending(t *testing.T) {
	t.Parallel()
	p := begin(t, nil, "--listen", "127.0.0.1:0", "--log-level", "off")
	token := []string{"X-ApiToken", "vclinic_api_token", "Content-Type", "application/json"}
	cmdtest.Request(t, "POST", p.base+"/api_v3/me", `{"insurance": {"primary": {"carrier_code": "car7556"}}}`, token...)
	for range 2 {
		if status, text := cmdtest.Request(t, "POST", p.base+"/api_v3/users/-/car7556/eligibility", "",
			token...); status != 200 {
			t.Fatalf("%d %s", status, text)
		}
	}
	const want = "vsee-mock has stopped; still pending: 2 checks, 0 claims, 0 visits and 0 webhook deliveries\n"
	if got := p.end(t, syscall.SIGTERM); got != want {
		t.Errorf("at the end it says %q", got)
	}
	if got := p.stderr.String(); got != "vsee-mock: stopping; another signal ends it at once\n" {
		t.Errorf("with the log off it logs %s", got)
	}
}

func TestEveryFlagIsAVariableToo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "own.yaml"),
		[]byte("title: Own\nwhen: {subscriber_num: 1}\nanswer: \"33\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := begin(t, []string{
		"VSEE_MOCK_LISTEN=127.0.0.1:0", "VSEE_MOCK_CONTROL_TOKEN=s3cret", "VSEE_MOCK_CRON_DELAY=1m", "VSEE_MOCK_SEED=9",
		"VSEE_MOCK_CLOCK=2030-01-01T00:00:00Z", "VSEE_MOCK_FREEZE=true", "VSEE_MOCK_SIGNATURE=none",
		"VSEE_MOCK_WEBHOOK_URL=http://127.0.0.1:9/hook", "VSEE_MOCK_SCENARIOS=" + dir, "VSEE_MOCK_AUTO_CLINICS=1",
		"VSEE_MOCK_BODY_LIMIT=1000", "VSEE_MOCK_LOG_FORMAT=json", "VSEE_MOCK_LOG_LEVEL=info", "VSEE_MOCK_LISTN=typo",
	})
	status, _ := cmdtest.Request(t, "GET", p.base+"/_mock/clinics", "")
	if status != 401 {
		t.Errorf("without the control token: %d", status)
	}
	bearer := []string{"Authorization", "Bearer s3cret"}
	_, text := cmdtest.Request(t, "GET", p.base+"/_mock/clinics/vclinic", "", bearer...)
	for _, want := range []string{`"cron_delay": "1m0s"`, `"seed": 9`, `"now": "2030-01-01T00:00:00Z"`, `"frozen": true`,
		`"signature": "none"`, `"url": "http://127.0.0.1:9/hook"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
	if status, _ := cmdtest.Request(t, "GET", p.base+"/_mock/scenarios/own", "", bearer...); status != 200 {
		t.Errorf("the own scenario: %d", status)
	}
	if status, _ := cmdtest.Request(t, "GET", p.base+"/api_v3/me", "", "X-AccountCode", "fresh", "X-ApiToken",
		"t"); status != 200 {
		t.Errorf("an unknown account code: %d", status)
	}
	p.end(t, os.Interrupt)
	if log := p.stderr.String(); !strings.Contains(log, "did you mean VSEE_MOCK_LISTEN?") ||
		!strings.Contains(log, `{"time":`) {
		t.Errorf("the log is %s", log)
	}
}

func TestATakenPortIsSaidClearly(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	address := taken.Addr().String()
	code, stdout, stderr := play(t, "--listen", address)
	want := "vsee-mock: " + address +
		" is taken by another program: stop it, or choose another port with --listen (127.0.0.1:0 is any free one)\n"
	if code != command.ExitError || stdout != "" || stderr != want {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
}

func TestHealthcheckFailsWhenNobodyIsReady(t *testing.T) {
	t.Parallel()
	starting, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.NotFoundHandler()}
	go func() { _ = server.Serve(starting) }()
	code, _, stderr := playLive(t, "healthcheck", "--listen", starting.Addr().String())
	if code != command.ExitError || !strings.Contains(stderr, "is not ready: it answered 404") {
		t.Errorf("exit %d, %s", code, stderr)
	}
	_ = server.Close()
	code, _, stderr = playLive(t, "healthcheck", "--listen", starting.Addr().String())
	if code != command.ExitError || !strings.Contains(stderr, "no mock answers on") {
		t.Errorf("exit %d, %s", code, stderr)
	}
}

func TestTheGauntletsFlagsAreVariablesToo(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), path, "gauntlet")
	cmd.Env = append(os.Environ(), "VSEE_MOCK_URL="+mocktest.NewReceiver(t, nil).URL, "VSEE_MOCK_SIGNATURE=none",
		"VSEE_MOCK_ONLY=valid-event,duplicate")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.String() != "" || !strings.HasSuffix(string(out), "\n2 passed, 0 failed, 0 not testable\n") {
		t.Errorf("%v: %s%s", err, out, &stderr)
	}
}
