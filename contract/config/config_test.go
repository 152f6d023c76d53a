package config_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/fifo"
)

func TestABaseURLIsSplitBeforeItsPrefix(t *testing.T) {
	t.Parallel()
	for base, want := range map[string][2]string{
		"http://h/api_v3":            {"http://h", "/api_v3"},
		"http://h/api_v3/":           {"http://h", "/api_v3"},
		"http://h/vc/dev/api_v3":     {"http://h", "/vc/dev/api_v3"},
		"http://h/vc/stable/api_v3/": {"http://h", "/vc/stable/api_v3"},
	} {
		root, prefix, ok := config.SplitPrefix(base)
		if got := [2]string{root, prefix}; !ok || got != want {
			t.Errorf("%s: %q, %t", base, got, ok)
		}
	}
	if _, _, ok := config.SplitPrefix("http://h/api"); ok {
		t.Error("a base URL without a prefix is accepted")
	}
}

func env(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

// load reads a file alone.
func load(ctx context.Context, file string) (*config.Loaded, error) {
	return config.Load(ctx, []string{"--config", file}, env(nil))
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "contract.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Flags win over the environment, the environment over the file, and the file over the defaults. Print names each
// source.
func TestALaterSourceWins(t *testing.T) {
	t.Parallel()
	path := write(t, "# ours\nbase_url: https://api.vseepreview.com/api_v3\nwait: 1m\nbudget: 300\nhosts: [a.example, "+
		"\"*.b.example\"]\n"+
		"webhook:\n  listen: 127.0.0.1:9000\n  secret: whsec_inthefile\nselect: {levels: [must, should]}\nallow_mutating: "+
		"true\n")
	l, err := config.Load(t.Context(), []string{"--config", path, "--budget=500"},
		env(map[string]string{
			"VSEE_WAIT": "3m", "VSEE_BUDGET": "400", "VSEE_API_KEY": "thekey", "VSEE_API_SECRET": "s", "VSEE_API_TOKEN": "t",
			"VSEE_ACCOUNT_CODE": "vclinic", "VSEE_IDS": "AUTH-001, SIGN-*,",
		}))
	if err != nil {
		t.Fatal(err)
	}
	if l.Wait != 3*time.Minute || l.Budget != 500 || l.Rate != 5 || !l.AllowMutating || len(l.Hosts) != 2 ||
		len(l.IDs) != 2 || len(l.Levels) != 2 {
		t.Errorf("%+v", l.Config)
	}
	var out strings.Builder
	if err := l.Print(&out); err != nil {
		t.Fatal(err)
	}
	shown := strings.Join(strings.Fields(strings.ReplaceAll(out.String(), path, "FILE")), " ")
	for _, want := range []string{
		"target - set it with VSEE_TARGET",
		"base_url https://api.vseepreview.com/api_v3 FILE:2",
		"wait 3m0s VSEE_WAIT",
		"budget 500 --budget",
		"rate 5 the default",
		"hosts a.example, *.b.example FILE:5",
		"api_key ******** VSEE_API_KEY",
		"webhook.secret ******** FILE:8",
		"select.ids AUTH-001, SIGN-* VSEE_IDS",
		"allow_mutating true FILE:10",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
	if strings.Contains(shown, "inthefile") || strings.Contains(shown, "thekey") {
		t.Errorf("a secret is shown:\n%s", out.String())
	}
}

// One error reports every mistake with its position and key, and without the value.
func TestAFileIsReadStrictly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"base_ulr: x":                         `:1:1: unknown key "base_ulr"; did you mean "base_url"?`,
		"wait: 1m\nwebhook: {lisen: x}":       `:2:11: unknown key "webhook.lisen"; did you mean "listen"?`,
		"wait: 1m\nxyzzyxyzzy: 1":             `:2:1: unknown key "xyzzyxyzzy"; the keys here are target, base_url, `,
		"wait: soon":                          `:1: wait must be a time span such as 2m`,
		"rate: hunter2":                       `:1: rate must be a number such as 2.5`,
		"target: [a, b]":                      `:1: target must be one text, not a list`,
		"target: {a: b}":                      `target must be a text or a list of texts`,
		"webhook: x":                          `the file must hold keys and values below webhook`,
		"- a":                                 `the file must hold keys and values`,
		"target: a\ntarget: b":                `is not YAML`,
		"target: \"a":                         `is not YAML`,
		"target: a\n---\ntarget: b":           `the file has a second document`,
		"budget: many\nallow_mutating: maybe": "allow_mutating must be true or false\n",
	} {
		_, err := load(t.Context(), write(t, text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the value is shown: %v", err)
		}
	}
	for _, empty := range []string{"", "# nothing\n", "wait: 2m # as it is\n"} {
		if _, err := load(t.Context(), write(t, empty)); err != nil {
			t.Errorf("%q: %v", empty, err)
		}
	}
	if _, err := load(t.Context(), "/nowhere.yaml"); err == nil {
		t.Error("a missing file is accepted")
	}
}

// The YAML library takes minutes for some of these.
func TestAFileThatWouldTakeMinutesToParseIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"target: |\n" + strings.Repeat("\n", 60_000) +
			"base_url: x\n": ":202:1: has more than 200 blank lines in a row; remove most of them",
		"hosts: " + strings.Repeat("[", 100_000):   ":1:39: nests deeper than 32 levels; check ",
		"hosts:\n" + strings.Repeat("- ", 100_000): ":2:65: nests deeper than 32 levels; check ",
		"target: " + strings.Repeat("x", 300_000):  "it is too large: at most 256 KiB can be read",
	} {
		if _, err := load(t.Context(), write(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s…: %v, want %s", text, err, want)
		}
	}
}

// `--config <(…)` gives a pipe. A mistake may give one too, without a writer.
func TestAConfigurationIsReadFromAPipeUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := fifo.Make(pipe); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, []byte("budget: 7\n"), 0o600) }()
	l, err := load(t.Context(), pipe)
	if err != nil || l.Budget != 7 {
		t.Errorf("%+v, %v", l, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}
	interrupted, interrupt := context.WithCancel(t.Context())
	interrupt()
	if _, err := load(interrupted, pipe); !errors.Is(err, context.Canceled) {
		t.Errorf("a pipe without a writer: %v", err)
	}
	if _, err := load(t.Context(), "/dev/zero"); !errors.Is(err, bounded.ErrTooLarge) {
		t.Errorf("an endless device: %v", err)
	}
}

func TestAnErrorNamesAFieldAsItsSourceDoes(t *testing.T) {
	t.Parallel()
	path := write(t, "wait: -1s\n")
	l, err := config.Load(t.Context(),
		[]string{"--config", path, "--base-url=https://user:hunter2@api.vsee.com/api", "--level=shall", "--synthetic=("},
		env(map[string]string{"VSEE_BUDGET": "-1", "VSEE_WEBHOOK_URL": "https://hook.example", "VSEE_ALLOW_VISITS": "true"}))
	if err != nil {
		t.Fatal(err)
	}
	err = l.Check()
	if err == nil {
		t.Fatal("the configuration is accepted")
	}
	for _, want := range []string{
		path + ":1: wait must be a time span such as 2m",
		"VSEE_BUDGET must be more than 0",
		"VSEE_WEBHOOK_URL needs --webhook-listen (VSEE_WEBHOOK_LISTEN, webhook.listen), the address to listen on",
		"--base-url must be a URL without user, password, query and fragment",
		"--base-url must end with /api_v3",
		"--base-url has a host that is not allowed: add it to --host (VSEE_HOSTS, hosts) if you may test it",
		"--level must be must, should or may",
		"VSEE_ALLOW_VISITS needs --allow-mutating (VSEE_ALLOW_MUTATING, allow_mutating), because each visit has a new " +
			"patient",
		"--synthetic must be a regular expression such as ^contract-",
		"VSEE_API_KEY (api_key) is missing: set the clinic's credentials, or --control-url (VSEE_CONTROL_URL, control_url)",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("the value is shown: %v", err)
	}
}

func TestOnlyAllowedHostsAreTested(t *testing.T) {
	t.Parallel()
	preview := config.Config{BaseURL: "https://api.vseepreview.com/api_v3"}
	named := config.Config{Hosts: []string{"api.vsee.com"}}
	mock := config.Config{BaseURL: "http://mock:8080/api_v3", ControlURL: "http://mock:8080/_mock"}
	for _, tc := range []struct {
		config config.Config
		host   string
		want   bool
	}{
		{preview, "api.vseepreview.com", true}, {preview, "API.VSEEPREVIEW.COM", true},
		{preview, "127.0.0.1", true}, {preview, "::1", true},
		{preview, "localhost", true}, {preview, "api.vsee.com", false}, {preview, "vseepreview.com.evil.example", false},
		{preview, "evilvseepreview.com", false},
		{named, "api.vsee.com", true}, {named, "api.vseepreview.com", false},
		{mock, "mock", true}, {mock, "other", false}, {preview, "mock", false},
	} {
		if got := tc.config.Allows(tc.host); got != tc.want {
			t.Errorf("%s: %t", tc.host, got)
		}
	}
	plain := config.Config{BaseURL: "http://api.vseepreview.com/api_v3"}
	if err := plain.Check(); err == nil || !strings.Contains(err.Error(), "must be https") {
		t.Errorf("credentials over http: %v", err)
	}
}

func TestATargetHasAName(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]config.Config{
		"preview":             {Target: "preview", BaseURL: "https://api.vseepreview.com/api_v3"},
		"api.vseepreview.com": {BaseURL: "https://api.vseepreview.com/api_v3"},
		"mock":                {BaseURL: "http://127.0.0.1:1/api_v3", ControlURL: "http://127.0.0.1:1/_mock"},
	} {
		if got := c.Name(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := (config.Config{BaseURL: "https://u:p@h/api_v3?token=x"}).ShownURL(); got != "https://h/api_v3" {
		t.Error(got)
	}
}

// A former name is an error with the new one: it is never ignored.
func TestAFormerNameIsRefusedWithTheNewOne(t *testing.T) {
	t.Parallel()
	const now = " is now --known-differences (VSEE_KNOWN_DIFFERENCES, known_differences): rename it"
	for want, from := range map[string]struct {
		flag     string
		variable string
	}{
		":1: ledger" + now:  {flag: "--config=" + write(t, "ledger: known.yaml")},
		"VSEE_LEDGER" + now: {variable: "known.yaml"},
		"--ledger" + now:    {flag: "--ledger=known.yaml"},
	} {
		_, err := config.Load(t.Context(), strings.Fields(from.flag), env(map[string]string{"VSEE_LEDGER": from.variable}))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if got := config.MisspeltVariables([]string{"VSEE_LEDGER=x"}); got != nil { // Load refuses it with a better hint
		t.Error(got)
	}
}

// A Go test has no flags, so it uses the same file and the same variables, and errors name only these.
func TestAGoTestIsConfiguredByTheFileAndTheEnvironment(t *testing.T) {
	t.Parallel()
	file := write(t, "base_url: http://127.0.0.1:1/api_v3\ncontrol_url: http://127.0.0.1:1/_mock\nbudget: 7\nrate: 8\n")
	c, named, err := config.FromEnv(env(map[string]string{"VSEE_CONFIG": file, "VSEE_BUDGET": "9"}))
	if !named || err != nil || c.BaseURL != "http://127.0.0.1:1/api_v3" || c.Budget != 9 || c.Rate != 8 {
		t.Errorf("%t, %v, %+v", named, err, c)
	}
	_, _, err = config.FromEnv(env(map[string]string{"VSEE_BASE_URL": "http://127.0.0.1:1/api_v3"}))
	if err == nil || !strings.Contains(err.Error(), "VSEE_API_KEY is missing") || strings.Contains(err.Error(), "--") {
		t.Error(err)
	}
	for _, wrong := range []string{"/nowhere.yaml", write(t, "budget: many")} {
		if _, named, err := config.FromEnv(env(map[string]string{"VSEE_CONFIG": wrong})); named || err == nil {
			t.Errorf("%s: %t, %v", wrong, named, err)
		}
	}
}

// On GitHub the summary goes to the page of the step, unless another file is named in any source.
func TestTheSummaryOfAStepIsTheDefaultOfTheSummary(t *testing.T) {
	t.Parallel()
	named := write(t, "outputs: {summary: file.md}")
	for want, from := range map[string]map[string]string{
		"":        {},
		"step.md": {"GITHUB_STEP_SUMMARY": "step.md"},
		"file.md": {"GITHUB_STEP_SUMMARY": "step.md", "VSEE_CONFIG": named},
		"env.md":  {"GITHUB_STEP_SUMMARY": "step.md", "VSEE_CONFIG": named, "VSEE_SUMMARY": "env.md"},
	} {
		if l, err := config.Load(t.Context(), nil, env(from)); err != nil || l.Summary != want {
			t.Errorf("%v, %+v, want %q", err, l, want)
		}
	}
}

func TestAMisspeltVariableGetsAWarning(t *testing.T) {
	t.Parallel()
	got := config.MisspeltVariables([]string{"VSEE_ALOW_MUTATING=1", "VSEE_WAIT=1m", "VSEE_MOCK_LISTEN=x", "PATH=x",
		"VSEE_SOMETHING_ELSE_ALTOGETHER=1"})
	if len(got) != 1 || got[0] != "the environment variable VSEE_ALOW_MUTATING is unknown; did you mean "+
		"VSEE_ALLOW_MUTATING?" {
		t.Error(got)
	}
}

// For any file, Load succeeds, or its error begins with the file's name.
func FuzzLoad(f *testing.F) {
	for _, text := range []string{
		"base_url: https://h/api_v3\nhosts: [a, b]\n", "webhook: {listen: x, secret: y}", "a: &a b\nc: *a", "<<: {wait: 1m}",
		"? [a]\n: b", "- a", "---\n---\n",
		"wait: !!int 5", "synthetic: |\n  a\n", "1: 2", "null: x", "target:\n", "\x00",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := write(t, text)
		if _, err := load(t.Context(), path); err != nil && !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
