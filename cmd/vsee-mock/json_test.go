package main

import (
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
)

// jsonLines parses lines of a JSON log. The test fails for a line of anything but JSON.
func jsonLines(t *testing.T, text string) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for line := range strings.Lines(text) {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil || object["msg"] == "" || object["level"] == "" {
			t.Errorf("it is no line of a JSON log: %s", line)
		}
		lines = append(lines, object)
	}
	return lines
}

func messages(lines []map[string]any) string {
	var all []string
	for _, line := range lines {
		text, _ := line["msg"].(string)
		all = append(all, text)
	}
	return strings.Join(all, "\n")
}

// chatty is a webhook receiver with extra bytes after its answer, about which Go's HTTP client logs a complaint by
// itself.
func chatty(t *testing.T) (url string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 64<<10))
			_, _ = io.WriteString(conn,
				"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
			_, _ = io.Copy(io.Discard, conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return "http://" + l.Addr().String()
}

// With --log-format json each line printed by the process is JSON, on both streams, from the start to the stop.
func TestWithAJSONLogEveryLineIsJSON(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "own.yaml")
	if err := os.WriteFile(file, []byte("title: Own\nwhen: {subscriber_num: 1}\nanswer: \"33\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := begin(t, []string{"VSEE_MOCK_LISTN=typo"}, "serve", "--log-format", "json", "--log-level", "debug", "--listen",
		"0.0.0.0:0",
		"--scenarios", dir, "--webhook-url", chatty(t), "--cron-delay", "0s")
	token := []string{"X-ApiToken", "vclinic_api_token", "Content-Type", "application/json"}
	cmdtest.Request(t, "GET", p.base+"/api_v3/insurances", "", token...)
	cmdtest.Request(t, "GET", p.base+"/api_v3/nothing?token=hunter2", "", token...)
	cmdtest.Request(t, "POST", p.base+"/api_v3/me", `{"insurance": {"primary": {"carrier_code": "car7556"}}}`, token...)
	cmdtest.Request(t, "POST", p.base+"/api_v3/users/-/eligibility", "", token...)
	cmdtest.Request(t, "POST", p.base+"/_mock/clinics/vclinic/settle", "{}")
	cmdtest.Request(t, "PUT", p.base+"/_mock/clinics/vclinic/faults", "{")
	cmdtest.Request(t, "GET", p.base+"/auth?sso_token=hunter2", "")
	for _, raw := range []string{"\x16\x03\x01\x00\x05hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
		"GET /;a;b?x;y HTTP/1.1\r\nHost: a b\r\n\r\n"} {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(p.base, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, raw)
		_, _ = io.ReadAll(conn)
		_ = conn.Close()
	}
	rest := p.end(t, os.Interrupt)
	out := jsonLines(t, p.banner+rest)
	errs := jsonLines(t, p.stderr.String())
	if got := messages(out); got != "listening\nstopped" {
		t.Errorf("it prints %s", got)
	}
	for _, want := range []string{
		"the environment variable VSEE_MOCK_LISTN is unknown; did you mean VSEE_MOCK_LISTEN?",
		"other computers can reach the control API",
		"GET /insurances", "GET (no operation)", "check ended", "event delivered",
		"PUT /_mock/clinics/{account}/faults", "GET a page of the portal",
		"stopping; another signal ends it at once",
	} {
		if !strings.Contains(messages(errs), want) {
			t.Errorf("no line says %q:\n%s", want, p.stderr.String())
		}
	}
	if text := p.banner + rest + p.stderr.String(); strings.Contains(text, "hunter2") ||
		strings.Contains(text, "vclinic_api") {
		t.Errorf("the log has a secret:\n%s", text)
	}
}

// A failed start is reported in the log's own format, too.
func TestWithAJSONLogAFailedStartIsJSON(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for line, want := range map[string]string{
		"serve --log-format json --listen " + taken.Addr().String(): "is taken by another program",
		"--log-format=json --listen nonsense":                       "--listen needs HOST:PORT, for instance localhost:8080",
		"--log-format json --lisen :1":                              "unknown flag --lisen",
		"--log-format json --cors-origin x":                         "--cors-origin must be an origin",
		"serve --log-format json extra":                             "unexpected argument extra",
		"--log-format text --log-format=json --scenarios /none":     "--scenarios must be an existing folder",
	} {
		code, stdout, stderr := play(t, strings.Fields(line)...)
		lines := jsonLines(t, stderr)
		if code == command.ExitOK || stdout != "" || len(lines) != 1 || lines[0]["level"] != "ERROR" ||
			!strings.Contains(messages(lines), want) {
			t.Errorf("%s: exit %d, %s%s", line, code, stdout, stderr)
		}
	}
}

func TestTheLogFormatIsKnownBeforeTheCommandLineIsParsed(t *testing.T) {
	t.Parallel()
	model := func() *kong.Application {
		return command.NewParser(&commands{}, command.App{Stdout: io.Discard, Stderr: io.Discard}, func() {}).Model
	}
	for _, c := range []struct {
		args, env string
		want      bool
	}{
		{"", "", false},
		{"", "VSEE_MOCK_LOG_FORMAT=json", true},
		{"serve", "VSEE_MOCK_LOG_FORMAT=json", true},
		{"--log-format text", "VSEE_MOCK_LOG_FORMAT=json", false},
		{"--seed 7 --log-format json", "VSEE_MOCK_LOG_FORMAT=text", true},
		{"serve --log-format=json", "", true},
		{"serve --log-format", "", false},
		{"demo", "VSEE_MOCK_LOG_FORMAT=json", false},
		{"listen --json", "VSEE_MOCK_LOG_FORMAT=json", false},
		{"sreve --log-format json", "", true},
	} {
		if got := command.IsJSON(strings.Fields(c.args), []string{"PATH=/bin", c.env}, model); got != c.want {
			t.Errorf("%q with %q: %t", c.args, c.env, got)
		}
	}
}

// localhost means both loopbacks: a client reaches the mock on either, with one port, and the banner names both.
func TestServeListensOnBothLoopbacks(t *testing.T) {
	t.Parallel()
	probe, err := new(net.ListenConfig).Listen(t.Context(), "tcp6", "[::1]:0")
	if err != nil {
		t.Skip("this computer has no ::1")
	}
	_ = probe.Close()
	p := begin(t, nil, "--listen", "localhost:0", "--log-level", "off")
	_, port, err := net.SplitHostPort(strings.TrimPrefix(p.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(p.banner, "\n")
	if want := "vsee-mock dev is listening on 127.0.0.1:" + port + " and [::1]:" + port; first != want {
		t.Errorf("the banner begins %q, want %q", first, want)
	}
	for _, host := range []string{"127.0.0.1", "::1", "localhost"} {
		if status, text := cmdtest.Request(t, "GET", "http://"+net.JoinHostPort(host, port)+"/_mock/livez",
			""); status != 200 {
			t.Errorf("%s: %d %s", host, status, text)
		}
		code, stdout, stderr := playLive(t, "healthcheck", "--listen", net.JoinHostPort(host, port))
		if code != command.ExitOK || stdout != "ready\n" {
			t.Errorf("healthcheck of %s: exit %d, %s%s", host, code, stdout, stderr)
		}
	}
	p.end(t, os.Interrupt)
}

// A port taken on ::1 alone is an error: half of the clients would reach the other program.
func TestAPortThatIsTakenOnOneLoopbackIsSaidClearly(t *testing.T) {
	t.Parallel()
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp6", "[::1]:0")
	if err != nil {
		t.Skip("this computer has no ::1")
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	code, stdout, stderr := play(t, "--listen", "localhost:"+port)
	want := "vsee-mock: [::1]:" + port +
		" is taken by another program: stop it, or choose another port with --listen (127.0.0.1:0 is any free one)\n"
	if diff := cmp.Diff(want, stderr); code != command.ExitError || stdout != "" || diff != "" {
		t.Errorf("exit %d, %q (-want +got):\n%s", code, stdout, diff)
	}
}
