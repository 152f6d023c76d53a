// Command vsee-contract tests whether a server behaves as openapi.yaml and the scenarios describe.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"reflect"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// version is set when a release is built.
var version = ""

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Getenv, os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands are the subcommands, for kong.
type commands struct {
	Run      runCmd      `cmd:"" help:"Run the contract tests against a server. Exits 1 when a requirement fails."`
	List     listCmd     `cmd:"" help:"List the requirements, all or a selection."`
	Explain  explainCmd  `cmd:"" help:"Explain a requirement, and whether the target can be tested for it."`
	Coverage coverageCmd `cmd:"" help:"Print how much of openapi.yaml a run has covered."`
	Mutants  mutantsCmd  `cmd:"" help:"Measure the suite: run it against deliberately broken servers."`
	Config   configCmd   `cmd:"" help:"Print the configuration, and the source of each value."`
	Version  versionCmd  `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" hidden:""`
}

// app is the environment of a command: its inputs and outputs.
type app struct {
	ctx    context.Context //nolint:containedctx // one app runs one command
	getenv func(string) string
	flags  map[string][]string // the flags on the command line, by name
	stdout io.Writer
	stderr io.Writer
}

// broken is an error of the run or the target, and not of the configuration.
type broken struct{ error }

// run runs one command and returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, environ []string, stdout, stderr io.Writer) int {
	helped := false
	parser := kong.Must(&commands{},
		kong.Name("vsee-contract"),
		kong.Description("Tests whether a server behaves as VSee's api_v3.\n\n"+
			"The configuration comes from a file (--config), the environment and flags. Secrets have no flags. "+
			"`vsee-contract config` names the variables.\n\n"+
			"Exit codes: 0 nothing is red, 1 a requirement has failed, 2 the configuration or command line is wrong or "+
			"selects nothing, 3 the target or the run broke, 4 a known difference is stale or has expired."),
		kong.Vars{"version": "vsee-contract " + versionText()},
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	for _, warning := range config.MisspeltVariables(environ) {
		_, _ = fmt.Fprintf(stderr, "vsee-contract: %s\n", warning)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return result.ExitFine
	}
	code := result.ExitFine
	if err == nil {
		err = parsed.Run(&app{ctx, getenv, givenFlags(parsed), stdout, stderr}, &code)
	}
	if err == nil {
		return code
	}
	_, _ = fmt.Fprintf(stderr, "vsee-contract: %s\n", printable.Lines(err.Error()))
	if errors.As(err, new(broken)) {
		return result.ExitTarget
	}
	if errors.As(err, new(*kong.ParseError)) {
		_, _ = fmt.Fprintln(stderr, "run `vsee-contract --help` for the commands and flags")
	}
	return result.ExitConfig
}

// givenFlags returns the flags on the command line and their values as texts.
func givenFlags(parsed *kong.Context) map[string][]string {
	flags := map[string][]string{}
	for _, part := range parsed.Path {
		if part.Flag == nil {
			continue
		}
		if value := reflect.Indirect(part.Flag.Target); value.Kind() == reflect.Slice {
			flags[part.Flag.Name], _ = value.Interface().([]string)
		} else {
			flags[part.Flag.Name] = []string{fmt.Sprint(value.Interface())}
		}
	}
	return flags
}

// versionText returns the version of a release, or dev.
func versionText() string {
	if version == "" {
		return "dev"
	}
	return version
}

// versionCmd is `vsee-contract version`.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintln(a.stdout, "vsee-contract", versionText())
	return err
}

// load reads the configuration from the file, the environment and the flags.
func (a *app) load() (*config.Loaded, error) {
	file := a.getenv(config.EnvConfig)
	if named := a.flags["config"]; len(named) > 0 {
		file = named[0]
	}
	l, err := config.Load(a.ctx, config.Sources{File: file, Env: a.getenv, Flags: a.flags})
	if l != nil {
		l.Version = version
	}
	return l, err
}

// runCmd is `vsee-contract run`.
type runCmd struct {
	source
	selection
	Target           string   `placeholder:"NAME" help:"Name of the target in reports."`
	BaseURL          string   `placeholder:"URL" help:"Base URL of the API, with its prefix."`
	ControlURL       string   `placeholder:"URL" help:"Control API, if the target is a mock."`
	AccountCode      string   `placeholder:"CODE" help:"The clinic's account code; not for a mock."`
	WebhookListen    string   `placeholder:"ADDR" help:"Listen here for the clinic's events."`
	WebhookURL       string   `placeholder:"URL" help:"URL of the clinic's webhook, if it differs."`
	Wait             string   `placeholder:"SPAN" help:"Longest duration of a check (2m)."`
	AllowMutating    bool     `help:"Allow writes to a target other than a mock."`
	Host             []string `placeholder:"NAME" help:"Allow this host, too (*.vseepreview.com)."`
	Budget           string   `placeholder:"N" help:"Requests per run (1000); not for a mock."`
	Rate             string   `placeholder:"N" help:"Requests per second (5); not for a mock."`
	Synthetic        string   `placeholder:"REGEXP" help:"Pattern of each member's code (^contract-)."`
	KnownDifferences string   `placeholder:"FILE" help:"File of known differences."`
	Ledger           string   `hidden:"" help:"The former name of --known-differences."`
	JSON             string   `name:"json" placeholder:"FILE" help:"Write the results here."`
	JUnit            string   `name:"junit" placeholder:"FILE" help:"Write a JUnit report here, for a CI system."`
	HTML             string   `name:"html" placeholder:"FILE" help:"Write an HTML report here, for people."`
	Summary          string   `placeholder:"FILE" help:"Write a Markdown summary here."`
	Rerun            string   `placeholder:"FILE" help:"Only the red requirements of these results."`
}

// source is the flag of every command that reads the configuration.
type source struct {
	Config string `placeholder:"FILE" help:"Configuration file."`
}

// selection is the flags of every command that selects requirements.
type selection struct {
	ID      []string `name:"id" placeholder:"ID" help:"Only these ids or patterns: AUTH-001, AUTH-*."`
	Label   []string `placeholder:"LABEL" help:"Only requirements with one of these labels."`
	Level   []string `placeholder:"LEVEL" help:"Only these levels: must, should or may."`
	Need    []string `placeholder:"NEED" help:"Needs one of clock, webhook, mutating, mock."`
	Without []string `placeholder:"NEED" help:"Needs none of these."`
}

// Run runs the contract tests. The error is broken if the target or the run broke, which exits 3 and not 2.
func (*runCmd) Run(a *app, code *int) error {
	l, err := a.load()
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		return err
	}
	found, err := contract.Main(a.ctx, l.Config, a.screen())
	*code = found.ExitCode()
	if err != nil && found.ID != "" && *code != result.ExitConfig {
		return broken{err}
	}
	return err
}

// screen returns the outputs of a run. It uses colours, and shows progress on stderr, if they are terminals.
func (a *app) screen() contract.Screen {
	s := contract.Screen{Out: a.stdout, Colour: isTerminal(a.stdout) && a.getenv("NO_COLOR") == ""}
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
type printCmd struct{ source }

// Run prints the configuration, and then returns every mistake in it.
func (*printCmd) Run(a *app) error {
	l, err := a.load()
	if l == nil {
		return err
	}
	if failed := l.Print(a.stdout); failed != nil {
		return broken{failed}
	}
	return errors.Join(err, l.Check())
}
