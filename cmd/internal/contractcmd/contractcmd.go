// Package contractcmd is the command line of vsee-contract, for the command itself and for vsee-mock under its name.
package contractcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/session"
	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// Main runs the command line of the process and returns its exit code. version is that of a release, or dev.
func Main(version string) int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // a run allocates gigabytes and keeps little: a fifth of its time would go into collecting
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	a := app{ctx: ctx, version: version, getenv: os.Getenv, stdout: os.Stdout, stderr: os.Stderr}
	return a.run(os.Args[1:], os.Environ())
}

// commands are the subcommands, for kong.
type commands struct {
	Run      runCmd      `cmd:"" help:"Run the contract tests against a server. Exits 1 when a difference is red."`
	List     listCmd     `cmd:"" help:"List the requirements, all or a selection."`
	Explain  explainCmd  `cmd:"" help:"Explain a requirement, and whether the target can be tested for it."`
	Coverage coverageCmd `cmd:"" help:"Print how much of openapi.yaml a run has covered."`
	Diff     diffCmd     `cmd:"" help:"Compare the results of two runs. Exits 1 when something breaks."`
	Known    knownCmd    `cmd:"" help:"Print entries for the known differences, from the results of a run."`
	Mutants  mutantsCmd  `cmd:"" help:"Measure the suite: run it against deliberately broken servers."`
	Cleanup  cleanupCmd  `cmd:"" help:"List the patients that runs left on a target, and delete their cards."`
	Config   configCmd   `cmd:"" help:"Print the configuration, and the source of each value."`
	Version  versionCmd  `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" hidden:""`
}

// app is the environment of a command: its inputs and outputs.
type app struct {
	ctx     context.Context //nolint:containedctx // one app runs one command
	version string          // of a release, or dev
	getenv  func(string) string
	reader  *config.Reader // run makes it
	stdout  io.Writer
	stderr  io.Writer
}

// broken is an error of the run or the target, and not of the configuration.
type broken struct{ error }

// run runs one command and returns the exit code.
func (a app) run(args, environ []string) int {
	helped := false
	a.reader = config.NewReader(a.ctx, a.getenv)
	parser := kong.Must(&commands{}, append(a.reader.Options(),
		kong.Name("vsee-contract"),
		kong.Description("Tests whether a server behaves as VSee's api_v3.\n\n"+
			"Flags win over the environment, and the environment over the file (--config). Secrets have no flags. "+
			"`vsee-contract config` names every variable and every key of the file.\n\n"+
			"Exit codes: 0 nothing is red, 1 a difference is red (--fail-on), 2 the configuration or command line is wrong or "+
			"selects nothing, 3 the target or the run broke, 4 a known difference is stale or has expired."),
		kong.Vars{"version": "vsee-contract " + a.version},
		kong.Writers(a.stdout, a.stderr),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.IgnoreFields(`^(list|diff)Cmd\.JSON$`), // --json chooses the format there
		kong.PostBuild(hideUnused),
	)...)
	for _, warning := range config.MisspeltVariables(environ) {
		_, _ = fmt.Fprintf(a.stderr, "vsee-contract: %s\n", warning)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return result.ExitFine
	}
	code := result.ExitFine
	if err == nil {
		err = parsed.Run(&a, &code)
	}
	if err == nil {
		return code
	}
	text := strings.ReplaceAll(printable.Lines(err.Error()), context.Canceled.Error(), "interrupted")
	_, _ = fmt.Fprintf(a.stderr, "vsee-contract: %s\n", text)
	if errors.As(err, new(broken)) || errors.Is(err, context.Canceled) {
		return result.ExitTarget
	}
	var wrong *kong.ParseError
	if errors.As(err, &wrong) {
		_, _ = fmt.Fprintln(a.stderr, hint(wrong))
	}
	return result.ExitConfig
}

// hint returns what to do about a wrong command line.
func hint(wrong *kong.ParseError) string {
	needs := map[string]string{
		"diff":     "it compares the results of two runs, the one before and the one now",
		"coverage": "it reads the results of a run",
		"known":    "it reads the results of a run",
	}
	if command := wrong.Context.Selected(); command != nil && strings.HasPrefix(wrong.Error(), "expected ") {
		if need := needs[command.Name]; need != "" {
			return need + ": `vsee-contract run --json FILE` writes them"
		}
	}
	return "run `vsee-contract --help` for the commands and flags"
}

// hideUnused hides the flags that a command would ignore. The reader refuses hidden flags. The command still reads the
// fields from the file and the environment.
func hideUnused(k *kong.Kong) error {
	used := map[string][]string{
		"list":    {"id", "label", "level", "need", "without", "rerun"},
		"explain": {},
		"diff":    {"fail-on", "additive", "annotations"},
		"mutants": {"base-url", "control-url"},
		"cleanup": {"target", "base-url", "account-code", "allow-mutating"},
	}
	for _, command := range k.Model.Children {
		names, some := used[command.Name]
		for _, flag := range command.Flags {
			isOption := len(flag.Envs) > 0 && flag.Name != "config"
			flag.Hidden = flag.Hidden || some && isOption && !slices.Contains(names, flag.Name)
		}
	}
	return nil
}

// versionCmd is `vsee-contract version`.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintln(a.stdout, "vsee-contract", a.version)
	return err
}

// load returns the configuration of a command's options.
func (a *app) load(o config.Options) (*config.Loaded, error) {
	if a.version != "dev" {
		o.Version = a.version
	}
	return a.reader.Loaded(o.Config)
}

// runCmd is `vsee-contract run`.
type runCmd struct{ config.Options }

// Run runs the contract tests. The error is broken if the target or the run broke, which exits 3 and not 2, unless a
// setting is the reason.
func (r *runCmd) Run(a *app, code *int) error {
	l, err := a.load(r.Options)
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		return err
	}
	found, err := session.Main(a.ctx, l.Config, a.screen())
	*code = found.ExitCode()
	if err != nil && found.ID != "" && *code != result.ExitConfig && !errors.As(err, new(config.SettingError)) {
		return broken{err}
	}
	return err
}

// screen returns the outputs of a run. It uses colours, and shows progress on stderr, if they are terminals.
func (a *app) screen() session.Screen {
	s := session.Screen{Out: a.stdout, Colour: isTerminal(a.stdout) && a.getenv("NO_COLOR") == ""}
	if isTerminal(a.stderr) {
		s.Terminal = a.stderr
	}
	return s
}

// isTerminal reports whether w is a character device other than /dev/null.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	about, err := file.Stat()
	if err != nil || about.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(about, null)
}

// configCmd is `vsee-contract config`.
type configCmd struct {
	Print printCmd `cmd:"" default:"withargs" help:"Print it, with secrets masked."`
}

// printCmd is `vsee-contract config print`.
type printCmd struct{ config.Options }

// Run prints the configuration, and then returns every mistake in it.
func (p *printCmd) Run(a *app) error {
	l, err := a.load(p.Options)
	if failed := l.Print(a.stdout); failed != nil {
		return broken{failed}
	}
	return errors.Join(err, l.Check())
}
