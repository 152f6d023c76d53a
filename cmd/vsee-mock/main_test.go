package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// play runs a command line in this process and returns its exit code and its output.
func play(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	stop() // servers end at once
	code = command.Run(&commands{}, command.App{Ctx: ctx, Stdout: &out, Stderr: &errs, Version: version}, args)
	return code, out.String(), errs.String()
}

func TestHelpFitsAScreen(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "serve", "demo", "listen", "events", "events list", "events show", "events resend", "events send", "gauntlet",
		"scenarios", "scenarios list", "scenarios show", "scenarios explain", "scenarios validate", "scenarios new",
		"scenarios save", "scenarios texts", "scenarios schema", "explain", "evidence", "healthcheck", "version",
		"journal", "clock", "clock show", "clock advance", "clock set", "clock freeze", "clock run", "clinics",
		"clinics list", "clinics create", "clinics delete", "faults", "faults list", "faults set", "faults clear",
		"reset", "completion", "help",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, append(strings.Fields(line), "--help")...)
			if code != command.ExitOK || stderr != "" {
				t.Errorf("exit %d, %s", code, stderr)
			}
			lines := strings.Split(stdout, "\n")
			if len(lines) > 42 {
				t.Errorf("the help has %d lines", len(lines))
			}
			for _, line := range lines {
				if utf8.RuneCountInString(line) > 80 {
					t.Errorf("more than 80 columns: %s", line)
				}
			}
			golden.Is(t, "testdata/help"+strings.ReplaceAll(" "+line, " ", "-")+".golden", stdout)
		})
	}
}

func TestWrongCommandLinesExitWith2AndAHint(t *testing.T) {
	t.Parallel()
	empty, wrong := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(wrong, "a.yaml"), []byte("title: a\nanwser: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"sreve":                  "unexpected argument sreve, did you mean serve?\nvsee-mock --help shows what there is",
		"--lisen :1":             `unknown flag --lisen, did you mean "--listen"?`,
		"serve extra":            "unexpected argument extra",
		"srve":                   "unexpected argument srve, did you mean serve?",
		"clock freez":            "unexpected argument freez, did you mean freeze?",
		"--seed abc":             "vsee-mock: --seed: must be a whole number that is not negative\n",
		"--body-limit x":         "vsee-mock: --body-limit: must be a whole number\n",
		"--header-timeout 1":     "vsee-mock: --header-timeout: must be a time span, such as 5s or 1m\n",
		"serve --cron-delay -5s": `--cron-delay: has no value, because a flag follows; try --cron-delay="-5s"?`,
		"clock set foo":          "<to>: must be a time as RFC 3339 writes it, such as 2026-01-31T09:00:00Z\n",
		"--signature md5": `--signature must be one of "` + strings.Join(signature.Names(), `","`) +
			`" but got "md5"`,
		"--unknown-fields warn": `--unknown-fields must be one of "typos","refuse","ignore" but got "warn"`,
		"--envelope 3.0":        `--envelope must be one of "unversioned","1.0","2.0" but got "3.0"`,
		"--schedule soon":       "--schedule: a schedule must be standard, once, or a list of time spans such as 5s,1m,1h",
		"--schedule 5s,-1s":     "--schedule: webhook.schedule must hold time spans from 0s to 720h",
		"--webhook-url http://b.example --webhook-hosts a.example": "--webhook-url has a host outside " +
			"the mock's --webhook-hosts",
		"--signature none --webhook-secret whsec_x": "--webhook-secret has no use with --signature none",
		"--webhook-secret short":                    "--webhook-secret must be whsec_ and the base64 of 24 to 64 bytes",
		"--webhook-timestamp utc":                   `--webhook-timestamp must be one of "real","clinic" but got "utc"`,
		"--webhook-proxy http://u:hunter2@": "--webhook-proxy: the proxy of webhooks must be an http, " +
			"https or socks5 URL with a host and no path",
		"--webhook-proxy proxy.example:3128": "--webhook-proxy: the proxy of webhooks must be an http, https or socks5 URL",
		"--webhook-events claim.paid":        "--webhook-events must be a list of eligibility.checked, user.created",
		"--webhook-url localhost:1":          "--webhook-url must be an http or https URL with a host",
		"--cron-delay=-1s":                   "--cron-delay: a duration must be",
		"--cron-delay soon":                  "--cron-delay",
		"--seed x":                           "--seed",
		"--clock tomorrow":                   "--clock: must be a time as RFC 3339 writes it",
		"--clock 0001-01-01T00:00:00Z":       "--clock: must be from 1970 to 2105",
		"--clock 2106-01-01T00:00:00Z":       "--clock: must be from 1970 to 2105",
		"--account-code No":                  "vsee-mock: --account-code must be 1 to 63 lower-case letters",
		"--account-code=":                    "vsee-mock: --account-code must be 1 to 63 lower-case letters",
		"--api-key é":                        "vsee-mock: --api-key must be 1 to 128 visible ASCII characters",
		"--api-secret " + strings.Repeat("x",
			129): "vsee-mock: --api-secret must be 1 to 128 visible ASCII characters",
		"--api-token \x7f":           "vsee-mock: --api-token must be 1 to 128 visible ASCII characters",
		"--listen nonsense":          "--listen needs HOST:PORT, for instance localhost:8080",
		"--webhook-hosts http://foo": "--webhook-hosts: the hosts of webhooks must be names or addresses",
		"--control-token=":           "--control-token: must not be empty: give a value, or leave it out",
		"--account-code a/b": "vsee-mock: --account-code must be 1 to 63 lower-case letters, digits, hyphens and " +
			"underscores, as in a host name\n",
		"--api-key=":           "--api-key: must not be empty",
		"--api-secret=":        "--api-secret: must not be empty",
		"--api-token=":         "--api-token: must not be empty",
		"--webhook-url=":       "--webhook-url: must not be empty",
		"--webhook-secret=":    "--webhook-secret: must not be empty",
		"journal --limit 0":    "--limit must be at least 1 without --follow",
		"--body-limit 0":       "--body-limit must be at least 1",
		"--header-timeout 0s":  "--header-timeout must be longer than 0s",
		"--read-timeout=-1s":   "--read-timeout must be longer than 0s",
		"--stop-timeout 0s":    "--stop-timeout must be longer than 0s",
		"--webhook-timeout 0s": "--webhook-timeout must be longer than 0s",
		"--cors-origin http://a.example/app": "--cors-origin must be an origin such as https://app.example.com, " +
			"with a scheme and a host and without a path, or * for all",
		"--cors-origin app.example.com":      "--cors-origin must be an origin such as",
		"--cors-origin http://*.example.com": "--cors-origin must be an origin such as",
		"--log-level loud":                   "--log-level must be one of",
		"--log-format xml":                   "--log-format must be one of",
		"--scenarios /nonexistent":           "--scenarios",
		"--results /nonexistent":             "--results must be a folder that can be read",
		"--tls-cert a.pem":                   "--tls-cert has no use without --tls-key: give both",
		"--no-catalogue":                     "--no-catalogue leaves no scenario",
		"demo --scenario nothing":            "vsee-mock scenarios list shows them",
		"demo --scenario no-respons":         "vsee-mock scenarios list shows them; did you mean no-response?",
		"scenarios show no-respons":          "vsee-mock scenarios list shows them; did you mean no-response?",
		"scenarios":                          "expected one of",
		"scenarios list --label nobody":      "--label is not a label of these scenarios: they have auth, claim, ",
		"scenarios list --label no-respons":  "--label is not a label of these scenarios; did you mean no-response?",
		"scenarios show nothing":             `"nothing" is not the id of a scenario: vsee-mock scenarios list shows them`,
		"scenarios explain nothing":          `"nothing" is not the id of a scenario`,
		"scenarios explain nothing.yaml":     "nothing.yaml is no file that can be read",
		"demo --scenario a --scenarios " +
			wrong: `a.yaml:2:1: unknown key "anwser"; did you mean "answer"?`,
		"scenarios explain " + wrong +
			"/a.yaml": `a.yaml:2:1: unknown key "anwser"; did you mean "answer"?`,
		"scenarios validate /nonexistent": "/nonexistent is not an existing file or folder",
		"scenarios validate " + empty:     " has no file that ends in .yaml",
		"scenarios new":                   "missing flags: --title=STRING, --subscriber-num=TEXT, --answer=TEXT",
		"scenarios new --title ? --card primary --answer 75": "--title has no letter or digit " +
			"for the name of a file: name it with --out",
		"scenarios new --title t --card third --answer 75":       "card must be primary or secondary",
		"scenarios new --title t --card primary --answer Succes": `did you mean "Success"?`,
		"scenarios new --title t --card primary --answer 75 --out " + wrong +
			"/a": "--out must end in .yaml",
		"scenarios new --title t --card primary --answer 75 --out " + wrong +
			"/a.yaml": "a.yaml exists already: choose another name with --out",
		"scenarios new --title t --card primary --answer 75 --webhook dorp:true": `t.yaml:4:11: unknown key "dorp"; ` +
			`did you mean "drop"?`,
		"evidence --grade good":     "--grade must be one of",
		"healthcheck --listen 8080": "--listen needs HOST:PORT, for instance localhost:8080",
		"healthcheck --timeout x":   "--timeout",
		"events":                    "expected one of",
		"--port 80": "unknown flag --port: use --listen, HOST:PORT; port 0 is any free port.\n" +
			"vsee-mock --help shows what there is",
		"-p 8081":                             "unknown flag -p: use --listen, HOST:PORT",
		"-v":                                  "unknown flag -v: use --version\n",
		"events list -v":                      "unknown flag -v: use --version\n",
		"healthcheck --mock http://x":         "unknown flag --mock: use --listen, HOST:PORT of the mock",
		"--listen-tls :0":                     "--listen-tls has no use without --tls-cert and --tls-key",
		"serve --listen-tls=:0 --listen 8080": "--listen-tls has no use without --tls-cert",
		"listen --host x":                     "unknown flag --host: use --listen, ",
		"events list --server x":              "unknown flag --server: use --mock, ",
		"scenarios lst":                       "vsee-mock scenarios --help",
		"listen 9000":                         "unexpected argument 9000\nvsee-mock listen --help",
		"start":                               "unexpected argument start, did you mean serve?\nvsee-mock --help",
		"advance 10s":                         "did you mean clock advance?\nvsee-mock --help",
		"clinics remove x":                    "unexpected argument remove, did you mean delete?\nvsee-mock clinics --help",
		"clock advance -10s":                  "<by>: a clock only moves forward: vsee-mock reset",
		"demo --scenario zzzzzz":              "scenarios list shows them; --scenarios DIR adds those in a folder of yours",
		"demo --scenario my/a.yaml":           "an id has no .yaml, and vsee-mock scenarios explain takes the path",
		"events list --limit 0":               "--limit must be at least 1",
		"events list --status lost":           "--status must be one of",
		"events list --mock 127.0.0.1:8080": "--mock must be the mock's address alone, " +
			"such as http://127.0.0.1:8080",
		"events list --mock http://h/api_v3": "--mock must be the mock's address alone",
		"events list --mock ftp://h":         "--mock must be the mock's address alone",
		"events list --clinic=":              "--clinic must be the account code of a clinic",
		"events show":                        `expected "<id>"`,
		"events show 625":                    "needs at least its first 4 characters: vsee-mock events list",
		"events resend 6":                    "needs at least its first 4 characters",

		"events send --member 1":                                 `expected "<type>"`,
		"events send a":                                          "missing flags: --member=ID",
		"events send a --member 1 --set a":                       "--set must be data.KEY=TEXT or data.KEY:=JSON",
		"events send a --member 1 --set id=7":                    "the clinic fills the other fields of an event",
		"events send a --member 1 --set data.=7":                 "--set must be data.KEY=TEXT",
		"events send a --member 1 --set data.a:=x":               "--set data.a: the value after := must be JSON",
		"events send a --member 1 --set data.a.b=1":              "set the whole field instead, with data.a:='{…}'",
		"events send a --member 1 --set data.a=1 --set data.a=2": "--set data.a is given twice: keep one",
		"listen --signature md5": `--signature must be one of "` +
			strings.Join(signature.Names(), `","`) + `"`,
		"listen --signature none --secret s":                  "--secret has no use with --signature none",
		"listen --secret s --mock http://127.0.0.1:1":         "--secret has no use with --mock",
		"listen --secret short~":                              "--secret: the webhook's secret is not base64 after whsec_",
		"listen --status 500 --forward-to http://127.0.0.1:1": "--status and --forward-to exclude each other",
		"listen --status 199":                                 "--status must be from 200 to 599",
		"listen --status 600":                                 "--status must be from 200 to 599",
		"listen --times 2":                                    "--times has no use without --status",
		"listen --status 500 --times=-1":                      "--times must not be negative",
		"listen --public-url http://127.0.0.1:1":              "--public-url has no use without --mock",
		"listen --public-url x --mock http://127.0.0.1:1":     "--public-url must be an http or https URL with a host",
		"listen --forward-to 127.0.0.1:3000":                  "--forward-to must be an http or https URL with a host",

		"serve --listen 8080": "vsee-mock: --listen needs HOST:PORT, for instance localhost:8080\n",
		"serve --listen localhost:99999": "--listen cannot use 127.0.0.1:99999: " +
			"the port must be a number up to 65535; give a host and a port",
		"listen --listen nonsense":                   "--listen needs HOST:PORT, for instance localhost:8080",
		"listen --mock http://user:pass@127.0.0.1:1": "--mock must be the mock's address alone",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, strings.Fields(line)...)
			if code != command.ExitUsage || stdout != "" || !strings.Contains(stderr, want) ||
				!strings.HasPrefix(stderr, "vsee-mock: ") {
				t.Errorf("exit %d, stdout %q, stderr %q; want %q", code, stdout, stderr, want)
			}
		})
	}
}

func TestTheVersionIsPrinted(t *testing.T) {
	t.Parallel()
	for _, args := range []string{"version", "--version"} {
		if code, stdout, _ := play(t, args); code != command.ExitOK || stdout != "vsee-mock dev\n" {
			t.Errorf("%s: exit %d, %q", args, code, stdout)
		}
	}
}

func TestNobodyIsAtTheOtherEndOfAFile(t *testing.T) {
	t.Parallel()
	for _, name := range []string{os.DevNull, "main.go"} {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if isTerminal(file) {
			t.Errorf("%s is a terminal", name)
		}
		_ = file.Close() // the file was only read
	}
}
