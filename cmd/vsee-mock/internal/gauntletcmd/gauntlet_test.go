package gauntletcmd

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/fifo"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// play runs a command line that begins with gauntlet.
func play(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return cmdtest.Run(t, &struct {
		Gauntlet Command `cmd:""`
	}{}, args...)
}

// acceptAll starts a receiver without any checks.
func acceptAll(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/hook"
}

func TestTheGauntletEndsInAVerdict(t *testing.T) {
	t.Parallel()
	address := acceptAll(t)
	for name, tc := range map[string]struct {
		args []string
		code int
		says string
	}{
		"list":   {[]string{"--list"}, command.ExitOK, ""},
		"passed": {[]string{"--signature", "none", "--only", "valid-event", "--only", "bad-signature"}, command.ExitOK, ""},
		"untested": {[]string{"--secret", cmdtest.Secret, "--state-url", "http://127.0.0.1:1", "--only", "duplicate-state"},
			command.ExitUsage, "vsee-mock: no case could be tested: correct the command line for the reasons above\n"},
		"failed": {
			[]string{"--secret", cmdtest.Secret, "--only", "valid-event,bad-signature", "--only", "stale-timestamp"},
			command.ExitError, "vsee-mock: the receiver has failed the gauntlet\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, append([]string{"gauntlet", "--url", address}, tc.args...)...)
			if code != tc.code || stderr != tc.says {
				t.Errorf("exit %d, %s", code, stderr)
			}
			golden.Is(t, "testdata/"+name+".golden", stdout)
		})
	}
}

func TestA404HintsAtThePathOfTheWebhook(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	code, stdout, _ := play(t, "gauntlet", "--url", server.URL, "--secret", cmdtest.Secret, "--only",
		"valid-event,bad-signature")
	const hint = "fix       Check the URL (--url): it needs the path of your webhook, such as /hook. "
	if code != command.ExitError || strings.Count(stdout, hint) != 1 {
		t.Errorf("exit %d, %s", code, stdout)
	}
}

func TestTheGauntletWritesReports(t *testing.T) {
	t.Parallel()
	junit, jsonFile := filepath.Join(t.TempDir(), "junit.xml"), filepath.Join(t.TempDir(), "report.json")
	code, _, stderr := play(t, "gauntlet", "--url", acceptAll(t), "--secret", cmdtest.Secret,
		"--only", "valid-event", "--only", "old-secret", "--junit", junit, "--json", jsonFile)
	if code != command.ExitError {
		t.Errorf("exit %d, %s", code, stderr)
	}
	for path, want := range map[string]string{junit: `tests="2" failures="1"`, jsonFile: `"failed": 1`} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) || strings.Contains(string(text),
			strings.TrimPrefix(cmdtest.Secret, "whsec_")) {
			t.Errorf("%s is %s", path, text)
		}
	}
}

func TestAReportGoesIntoAPipeAndThroughALinkWhichStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := errors.Join(fifo.Make(pipe), os.Symlink("report.json", link)); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	code, _, stderr := play(t, "gauntlet", "--url", acceptAll(t), "--signature", "none", "--only", "valid-event",
		"--junit", pipe, "--json", link)
	if code != command.ExitOK {
		t.Errorf("exit %d, %s", code, stderr)
	}
	if text, err := io.ReadAll(reader); err != nil || !strings.Contains(string(text), `tests="1" failures="0"`) {
		t.Errorf("%s, %v", text, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "report.json")); err != nil ||
		!strings.Contains(string(text), `"passed": 1`) {
		t.Errorf("%s, %v", text, err)
	}
	for name, want := range map[string]fs.FileMode{pipe: fs.ModeNamedPipe, link: fs.ModeSymlink} {
		if about, err := os.Lstat(name); err != nil || about.Mode().Type() != want {
			t.Errorf("%s is %v now, %v", name, about.Mode(), err)
		}
	}
}

func TestAReceiverThatIsNotThereIsOneError(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	junit := filepath.Join(t.TempDir(), "junit.xml")
	if err := os.WriteFile(junit, []byte("of an earlier run"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := play(t, "gauntlet", "--url", server.URL, "--signature", "none", "--junit", junit)
	want := "vsee-mock: no receiver answers at " + server.URL +
		": no server listens at the webhook's address; start it, or correct the URL\n"
	if code != command.ExitError || stdout != "" || stderr != want {
		t.Errorf("exit %d, %q, %q", code, stdout, stderr)
	}
	if _, err := os.Stat(junit); !os.IsNotExist(err) {
		t.Errorf("a report is left of a run that was none: %v", err)
	}
}

func TestAReportThatCannotBeWrittenIsSaidBeforeTheRun(t *testing.T) {
	t.Parallel()
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	for _, flag := range []string{"--junit", "--json"} {
		code, stdout, stderr := play(t, "gauntlet", "--url", server.URL, "--signature", "none", flag,
			filepath.Join(t.TempDir(), "no", "file"))
		if code != command.ExitUsage || stdout != "" || !strings.HasPrefix(stderr,
			"vsee-mock: "+flag+" cannot be written: ") || asked {
			t.Errorf("exit %d, %q, %q", code, stdout, stderr)
		}
	}
}

func TestWrongGauntletsExitWith2AndAHint(t *testing.T) {
	t.Parallel()
	const to = "--url http://127.0.0.1:9/hook "
	rotating := to + "--secret whsec_" + strings.Repeat("A", 32)
	for line, want := range map[string]string{
		"": "--url is missing: the address of your receiver, such as http://127.0.0.1:9000/hook\n" +
			"vsee-mock gauntlet --help shows",
		"--url localhost:9 --secret whsec_AAAA": "--url must be an http or https URL with a host",
		to:                                      "--secret is missing: give the secret of your receiver, or --signature none",
		to + "--signature none --secret x":      "have no use with --signature none",
		to + "--signature none --header-signature X": "have no use with --signature none",
		to + "--secret !": "the webhook's secret is not base64 after whsec_",
		to + "--secret whsec_AAAA --old-secret whsec_AAAA":    "--old-secret must differ from --secret",
		to + "--signature md5":                                "--signature must be one of",
		to + "--envelope 3.0":                                 "--envelope must be one of",
		to + "--signature none --timeout 0s":                  "--timeout must be longer than 0s",
		to + "--signature none --member edward":               "--member must be a string of digits",
		to + "--signature none --state-url state":             "--state-url must be an http or https URL",
		to + "--secret foo":                                   "--secret: ",
		rotating + " --old-secret foo":                        "--old-secret: ",
		to + "--signature none --only valid-event,everything": "--only must name a case: valid-event, duplicate, ",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, append([]string{"gauntlet"}, strings.Fields(line)...)...)
			if code != command.ExitUsage || stdout != "" || !strings.Contains(stderr, want) {
				t.Errorf("exit %d, stdout %q, stderr %q; want %q", code, stdout, stderr, want)
			}
		})
	}
}
