// Command vsee-contract tells whether a server still behaves as openapi.yaml and the scenarios say.
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

// commands is the command line.
type commands struct {
	Run      runCmd      `cmd:"" help:"Face the target: what is red makes the exit code 1."`
	List     listCmd     `cmd:"" help:"List what is required, or what of it is selected."`
	Explain  explainCmd  `cmd:"" help:"What a requirement is about, and whether it is testable."`
	Coverage coverageCmd `cmd:"" help:"How much of openapi.yaml a run has seen."`
	Mutants  mutantsCmd  `cmd:"" help:"Face servers that are wrong in one way each: does the run see it?"`
	Config   configCmd   `cmd:"" help:"The configuration, and where each value comes from."`
	Version  versionCmd  `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" hidden:""`
}

// app is what a command works with.
type app struct {
	ctx    context.Context //nolint:containedctx // it lives as long as the one command that is run
	getenv func(string) string
	flags  map[string][]string // that were given, by name
	stdout io.Writer
	stderr io.Writer
}

// broken is an error of the run itself, and not of what it was told.
type broken struct{ error }

// run runs one command and returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, environ []string, stdout, stderr io.Writer) int {
	helped := false
	parser := kong.Must(&commands{},
		kong.Name("vsee-contract"),
		kong.Description("Tells whether a server still behaves as VSee's api_v3 must.\n\n"+
			"What a run is told comes from a file (--config), the environment and flags; secrets from the first two alone. "+
			"`vsee-contract config` names the variables.\n\n"+
			"Exit codes: 0 nothing is red, 1 a requirement has failed, 2 the configuration or command line is wrong or "+
			"selects nothing, 3 the target or the run broke, 4 the ledger is stale."),
		kong.Vars{"version": "vsee-contract " + shown()},
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	for _, warning := range config.Strangers(environ) {
		_, _ = fmt.Fprintf(stderr, "vsee-contract: %s\n", warning)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return result.ExitFine
	}
	code := result.ExitFine
	if err == nil {
		err = parsed.Run(&app{ctx, getenv, given(parsed), stdout, stderr}, &code)
	}
	if err == nil {
		return code
	}
	_, _ = fmt.Fprintf(stderr, "vsee-contract: %s\n", printable.Lines(err.Error()))
	if errors.As(err, new(broken)) {
		return result.ExitTarget
	}
	if errors.As(err, new(*kong.ParseError)) {
		_, _ = fmt.Fprintln(stderr, "vsee-contract --help shows what there is")
	}
	return result.ExitConfig
}

// given returns the flags that the command line has, as texts.
func given(parsed *kong.Context) map[string][]string {
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

func shown() string {
	if version == "" {
		return "dev"
	}
	return version
}

// versionCmd is `vsee-contract version`.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintln(a.stdout, "vsee-contract", shown())
	return err
}

// load reads the configuration from wherever it comes.
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
	Target        string   `placeholder:"NAME" help:"What ledger and reports call the target."`
	BaseURL       string   `placeholder:"URL" help:"That of the API, with its prefix."`
	ControlURL    string   `placeholder:"URL" help:"The control API, if the target is a mock."`
	AccountCode   string   `placeholder:"CODE" help:"The clinic; not needed for a mock."`
	WebhookListen string   `placeholder:"ADDR" help:"Where to listen for the clinic's events."`
	WebhookURL    string   `placeholder:"URL" help:"Where its webhook leads, if not there."`
	Wait          string   `placeholder:"SPAN" help:"How long a check may take (2m)."`
	AllowMutating bool     `help:"Write to a target that is not a mock."`
	Host          []string `placeholder:"NAME" help:"May be faced, too (*.vseepreview.com)."`
	Budget        string   `placeholder:"N" help:"Requests at most (1000); not for a mock."`
	Rate          string   `placeholder:"N" help:"Requests a second (5); not for a mock."`
	Synthetic     string   `placeholder:"REGEXP" help:"What members' codes match."`
	Ledger        string   `placeholder:"FILE" help:"The known differences."`
	JSON          string   `name:"json" placeholder:"FILE" help:"Write the results there."`
	JUnit         string   `name:"junit" placeholder:"FILE" help:"For a CI system."`
	HTML          string   `name:"html" placeholder:"FILE" help:"For people."`
	Summary       string   `placeholder:"FILE" help:"In Markdown."`
	Rerun         string   `placeholder:"FILE" help:"Only what was red in these results."`
}

// source is the flag of commands that read the configuration.
type source struct {
	Config string `placeholder:"FILE" help:"A file with the configuration."`
}

// selection is the flags of commands that take some of the requirements.
type selection struct {
	ID      []string `name:"id" placeholder:"ID" help:"Only these: AUTH-001, or AUTH-*."`
	Label   []string `placeholder:"LABEL" help:"Only what has one of these labels."`
	Level   []string `placeholder:"LEVEL" help:"Only must, should or may."`
	Need    []string `placeholder:"WHAT" help:"Only what needs clock, webhook, mutating or mock."`
	Without []string `placeholder:"WHAT" help:"Only what needs none of these."`
}

// Run faces the target.
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

// screen is where a run is told of: by colours, and with what it waits for, where a person is likely to look on.
func (a *app) screen() contract.Screen {
	s := contract.Screen{Out: a.stdout, Colour: isTerminal(a.stdout) && a.getenv("NO_COLOR") == ""}
	if isTerminal(a.stderr) {
		s.Terminal = a.stderr
	}
	return s
}

// isTerminal reports whether a person is likely to be at the other end.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	about, err := file.Stat()
	if err != nil || about.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	nobody, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(about, nobody)
}

// configCmd is `vsee-contract config`.
type configCmd struct {
	Print printCmd `cmd:"" default:"withargs" help:"Print it, secrets masked."`
}

// printCmd is `vsee-contract config print`.
type printCmd struct{ source }

// Run prints the configuration, and what is wrong with it.
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
