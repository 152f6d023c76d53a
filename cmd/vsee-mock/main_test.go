package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// play runs a command line in this process and returns its exit code and its output.
func play(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	stop() // servers end at once
	code = run(ctx, args, nil, &out, &errs)
	return code, out.String(), errs.String()
}

func TestHelpFitsAScreen(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"", "serve", "demo", "listen", "events", "events list", "events show", "events resend", "events send", "gauntlet", "scenarios show", "scenarios explain", "scenarios validate", "scenarios schema", "scenarios", "scenarios list", "scenarios new", "scenarios save", "explain", "scenarios texts", "evidence", "healthcheck", "version"} {
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, append(strings.Fields(command), "--help")...)
			if code != exitOK || stderr != "" {
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
			golden.Is(t, "testdata/help"+strings.ReplaceAll(" "+command, " ", "-")+".golden", stdout)
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
		"sreve":                               "unexpected argument sreve\nvsee-mock --help shows what there is",
		"scenarios list --scenarios " + wrong: `a.yaml:2:1: unknown key "anwser"; did you mean "answer"?`,
		"demo --scenarios " + empty:           "--scenarios holds no file that ends in .yaml",
		"--lisen :1":                          `unknown flag --lisen, did you mean "--listen"?`,
		"serve extra":                         "unexpected argument extra",
		"--signature md5":                     `--signature must be one of "` + strings.Join(webhook.Schemes(), `","`) + `" but got "md5"`,
		"--unknown-fields warn":               `--unknown-fields must be one of "typos","refuse","ignore" but got "warn"`,
		"--envelope 3.0":                      `--envelope must be one of "unversioned","1.0","2.0" but got "3.0"`,
		"--schedule soon":                     "--schedule: a schedule must be standard, once, or a list of time spans such as 5s,1m,1h",
		"--schedule 5s,-1s":                   "--schedule: webhook.schedule must hold time spans from 0s to 720h",
		"--webhook-url http://b.example --webhook-hosts a.example": "webhook.url has a host outside the mock's --webhook-hosts",
		"--signature none --webhook-secret whsec_x":                "--webhook-secret has no use with --signature none",
		"--webhook-secret short":                                   "webhook.secret must be whsec_ and the base64 of 24 to 64 bytes",
		"--webhook-timestamp utc":                                  `--webhook-timestamp must be one of "real","clinic" but got "utc"`,
		"--webhook-proxy http://u:hunter2@":                        "--webhook-proxy: the proxy of webhooks must be an http, https or socks5 URL with a host and no path",
		"--webhook-proxy proxy.example:3128":                       "--webhook-proxy: the proxy of webhooks must be an http, https or socks5 URL",
		"--webhook-events claim.paid":                              "webhook.events must be a list of eligibility.checked, user.created",
		"--webhook-url localhost:1":                                "webhook.url must be an http or https URL with a host",
		"--cron-delay=-1s":                                         "cron_delay must not be negative",
		"--cron-delay soon":                                        "--cron-delay",
		"--seed x":                                                 "--seed",
		"--clock tomorrow":                                         "--clock: must be a time as RFC 3339 writes it",
		"--clock 0001-01-01T00:00:00Z":                             "--clock: must be from 1970 to 2105",
		"--clock 2106-01-01T00:00:00Z":                             "--clock: must be from 1970 to 2105",
		"--account-code No":                                        "vsee-mock: --account-code must be 1 to 63 lower-case letters",
		"--account-code=":                                          "vsee-mock: --account-code must be 1 to 63 lower-case letters",
		"--api-key é":                                              "vsee-mock: --api-key must be 1 to 128 visible ASCII characters",
		"--api-secret " + strings.Repeat("x", 129):                 "vsee-mock: --api-secret must be 1 to 128 visible ASCII characters",
		"--api-token \x7f":                                         "vsee-mock: --api-token must be 1 to 128 visible ASCII characters",
		"--listen nonsense":                                        "write --listen host:port",
		"--body-limit 0":                                           "--body-limit must be at least 1",
		"--header-timeout 0s":                                      "--header-timeout must be longer than nothing",
		"--read-timeout=-1s":                                       "--read-timeout must be longer than nothing",
		"--stop-timeout 0s":                                        "--stop-timeout must be longer than nothing",
		"--webhook-timeout 0s":                                     "--webhook-timeout must be longer than nothing",
		"--cors-origin http://a.example/app":                       "--cors-origin must be an origin such as https://app.example.com, with a scheme and a host and without a path, or * for all",
		"--cors-origin app.example.com":                            "--cors-origin must be an origin such as",
		"--cors-origin http://*.example.com":                       "--cors-origin must be an origin such as",
		"--log-level loud":                                         "--log-level must be one of",
		"--log-format xml":                                         "--log-format must be one of",
		"--scenarios /nonexistent":                                 "--scenarios",
		"--no-catalogue":                                           "--no-catalogue leaves no scenario at all",
		"--scenarios " + empty:                                     "--scenarios holds no file that ends in .yaml",
		"--scenarios " + wrong:                                     `a.yaml:2:1: unknown key "anwser"; did you mean "answer"?`,
		"demo --scenario nothing":                                  "vsee-mock scenarios list shows them",
		"scenarios":                                                "expected one of",
		"scenarios list --label nobody":                            "--label is that of no scenario",
		"scenarios show nothing":                                   `"nothing" is not the id of a scenario: vsee-mock scenarios list shows them`,
		"scenarios explain nothing":                                `"nothing" is not the id of a scenario`,
		"scenarios explain nothing.yaml":                           "nothing.yaml is no file that can be read",
		"scenarios explain " + wrong + "/a.yaml":                   `a.yaml:2:1: unknown key "anwser"; did you mean "answer"?`,
		"scenarios validate /nonexistent":                          "/nonexistent is no folder or file that exists",
		"scenarios validate " + empty:                              " holds no file that ends in .yaml",
		"scenarios new":                                            "missing flags: --title=STRING, --subscriber-num=TEXT, --answer=TEXT",
		"scenarios new --title ? --card primary --answer 75":       "--title has no letter or digit that a file's name can have: say --out",
		"scenarios new --title t --card third --answer 75":         "card must be primary or secondary",
		"scenarios new --title t --card primary --answer Succes":   `did you mean "Success"?`,
		"scenarios new --title t --card primary --answer 75 --out " + wrong + "/a":      "--out must end in .yaml",
		"scenarios new --title t --card primary --answer 75 --out " + wrong + "/a.yaml": "a.yaml is there already: choose another name with --out",
		"scenarios new --title t --card primary --answer 75 --webhook dorp:true":        `t.yaml:4:11: unknown key "dorp"; did you mean "drop"?`,
		"evidence --grade good":                                  "--grade must be one of",
		"healthcheck --timeout x":                                "--timeout",
		"events":                                                 "expected one of",
		"events list --limit 0":                                  "--limit must be at least 1",
		"events list --status lost":                              "--status must be one of",
		"events list --mock 127.0.0.1:8080":                      "--mock must be the mock's address alone, such as http://127.0.0.1:8080",
		"events list --mock http://h/api_v3":                     "--mock must be the mock's address alone",
		"events list --mock ftp://h":                             "--mock must be the mock's address alone",
		"events list --clinic=":                                  "--clinic must be the account code of a clinic",
		"events show":                                            `expected "<id>"`,
		"events show 625":                                        "with its first 4 characters at least: vsee-mock events list",
		"events resend 6":                                        "with its first 4 characters at least",
		"events send --member 1":                                 `expected "<type>"`,
		"events send a":                                          "missing flags: --member=ID",
		"events send a --member 1 --set a":                       "--set must be data.KEY=TEXT or data.KEY:=JSON",
		"events send a --member 1 --set id=7":                    "the other fields of an event follow from the clinic",
		"events send a --member 1 --set data.=7":                 "--set must be data.KEY=TEXT",
		"events send a --member 1 --set data.a:=x":               "--set data.a: what follows := must be JSON",
		"events send a --member 1 --set data.a.b=1":              "what lies deeper is set as a whole, by data.a:='{…}'",
		"events send a --member 1 --set data.a=1 --set data.a=2": "--set data.a is there twice",
		"listen --signature md5":                                 `--signature must be one of "` + strings.Join(webhook.Schemes(), `","`) + `"`,
		"listen --signature none --secret s":                     "--secret has no use with --signature none",
		"listen --secret s --mock http://127.0.0.1:1":            "--secret has no use with --mock",
		"listen --secret short~":                                 "--secret: the webhook's secret is not base64 after whsec_",
		"listen --status 500 --forward-to http://127.0.0.1:1":    "--status and --forward-to contradict each other",
		"listen --status 199":                                    "--status must be from 200 to 599",
		"listen --status 600":                                    "--status must be from 200 to 599",
		"listen --times 2":                                       "--times has no use without --status",
		"listen --status 500 --times=-1":                         "--times must not be negative",
		"listen --public-url http://127.0.0.1:1":                 "--public-url has no use without --mock",
		"listen --public-url x --mock http://127.0.0.1:1":        "--public-url must be an http or https URL with a host",
		"listen --forward-to 127.0.0.1:3000":                     "--forward-to must be an http or https URL with a host",
		"listen --listen nonsense":                               "write --listen host:port",
		"listen --mock http://user:pass@127.0.0.1:1":             "--mock must be the mock's address alone",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := play(t, strings.Fields(line)...)
			if code != exitUsage || stdout != "" || !strings.Contains(stderr, want) || !strings.HasPrefix(stderr, "vsee-mock: ") {
				t.Errorf("exit %d, stdout %q, stderr %q; want %q", code, stdout, stderr, want)
			}
		})
	}
}

func TestTheListsAreThoseOfTheCatalogue(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"list":       {"scenarios", "list"},
		"list-label": {"scenarios", "list", "--label", "no-response"},
		"texts":      {"scenarios", "texts"},
		"codes":      {"scenarios", "texts", "--claims"},
	} {
		code, stdout, stderr := play(t, args...)
		if code != exitOK || stderr != "" {
			t.Errorf("exit %d, %s", code, stderr)
		}
		golden.Is(t, "testdata/"+name+".golden", stdout)
	}
	for _, args := range []string{"version", "--version"} {
		if code, stdout, _ := play(t, args); code != exitOK || stdout != "vsee-mock dev\n" {
			t.Errorf("%s: exit %d, %q", args, code, stdout)
		}
	}
}

func TestCompactKeepsTheOrderAndTheWidth(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"b":1,"a":[1.50,"x",null,true]}`: `{"b": 1, "a": [1.50, "x", null, true]}`,
		`{}`:                               `{}`,
		`[]`:                               `[]`,
		`"text"`:                           `"text"`,
		`not JSON`:                         `not JSON`,
		`{"a":"aaaaaaaaaaaa","b":"bbbbbbbbbbbb","c":{"d":1}}`: "{\n  \"a\": \"aaaaaaaaaaaa\",\n  \"b\": \"bbbbbbbbbbbb\",\n  \"c\": {\"d\": 1}\n}",
	} {
		if diff := cmp.Diff(want, compact([]byte(text), "", 40)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestUnknownVariablesAreWarnedOf(t *testing.T) {
	t.Parallel()
	parser := newParser(&bytes.Buffer{}, &bytes.Buffer{}, func() {})
	got := strangers([]string{
		"VSEE_MOCK_LISTN=1", "VSEE_MOCK_SOMETHING=red", "VSEE_MOCK_CRON_DELAY=1s",
		"VSEE_MOCK_SERVICE_HOST=1", "VSEE_MOCK_PORT_8080_TCP=1", "PATH=/bin", "VSEE_BASE_URL=x",
	}, parser.Model)
	want := []string{
		"the environment variable VSEE_MOCK_LISTN is unknown; did you mean VSEE_MOCK_LISTEN?",
		"the environment variable VSEE_MOCK_SOMETHING is no flag of vsee-mock and is ignored",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The commands in the greeting list the scenarios of this mock.
func TestTheGreetingNamesTheFlagsOfItsScenarios(t *testing.T) {
	t.Parallel()
	for want, mine := range map[string]own{
		"": {}, " --scenarios mine": {Scenarios: "mine"}, " --scenarios mine --no-catalogue": {Scenarios: "mine", NoCatalogue: true},
	} {
		if got := mine.flags(); got != want {
			t.Errorf("%+v: %q", mine, got)
		}
	}
}

// The flag selects the events to send; without it, they are the events of checks and claims.
func TestServeTellsOfTheEventsOfItsFlag(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string][]string{
		"":              {"eligibility.checked", "claim.updated"},
		"user.created":  {"user.created"},
		"claim.updated": {"claim.updated"},
	} {
		s := serve{LogLevel: "off", Signature: "standard", Envelope: "unversioned"}
		if flag != "" {
			s.WebhookEvents = []string{flag}
		}
		options, err := s.options(io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, kind := range []string{"eligibility.checked", "user.created", "claim.updated"} {
			if clinic.Wants(options.Clinics[0].Webhook, kind) {
				got = append(got, kind)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("--webhook-events %s (-want +got):\n%s", flag, diff)
		}
	}
}
