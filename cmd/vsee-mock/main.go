// Command vsee-mock is a mock of VSee Clinic's api_v3, with tools around it. Without a subcommand it runs serve.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/internal/printable"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// version is set by the build of a release.
var version = "dev"

// Exit codes.
const (
	exitOK    = 0
	exitError = 1 // the command ran and failed
	exitUsage = 2 // the command line or the environment is wrong
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	var person io.Reader
	if isTerminal(os.Stdin) {
		person = os.Stdin
	}
	if model := newParser(io.Discard, io.Discard, func() {}).Model; isJSON(os.Args[1:], os.Environ(), model) {
		slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil))) // for lines logged by net/http itself
	}
	code := run(ctx, os.Args[1:], person, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// endings returns the signals for an orderly end of a command. SIGHUP, sent by a terminal on closing, is one of them
// unless nohup has set it to be ignored. A terminal and its shell may each send it, so a further one does not kill the
// process.
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if signal.Ignored(syscall.SIGHUP) {
		return signals
	}
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	return append(signals, syscall.SIGHUP)
}

// commands is the command line.
type commands struct {
	Serve       serve       `cmd:"" default:"withargs" help:"Serve the mock: what happens without a command."`
	Demo        demo        `cmd:"" help:"Play the integration guide against a mock of its own, with claims too."`
	Listen      listenCmd   `cmd:"" help:"Receive events, verify and print them."`
	Events      eventsCmd   `cmd:"" help:"The events of a running mock: list, show, resend, send."`
	Gauntlet    gauntletCmd `cmd:"" help:"Try your own webhook receiver with a battery of events; exit 1 when it fails."`
	Explain     explainCmd  `cmd:"" help:"Why a check of a running mock was answered so, or a claim decided so."`
	Scenarios   scenarioCmd `cmd:"" help:"The stories the mock can tell."`
	Evidence    evidenceCmd `cmd:"" help:"How well each thing of openapi.yaml is known, and where from."`
	Healthcheck healthcheck `cmd:"" help:"Ask a running mock whether it is ready; exit 1 when not."`
	Version     versionCmd  `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" hidden:"" env:"-"`
}

// app has the inputs and outputs of a command.
type app struct {
	ctx    context.Context //nolint:containedctx // it lives as long as the one running command
	person io.Reader       // a person at a terminal; nil without one
	stdout io.Writer
	stderr io.Writer
}

// usage is an error in the command line, like kong's own errors.
type usage struct{ error }

// run runs one command and returns the exit code.
func run(ctx context.Context, args []string, person io.Reader, stdout, stderr io.Writer) int {
	stdout, stderr = printable.NewWriter(stdout), printable.NewWriter(stderr) // much of it is text from others
	helped := false
	parser := newParser(stdout, stderr, func() { helped = true })
	asides := notices{stderr, isJSON(args, os.Environ(), parser.Model)}
	for _, warning := range strangers(os.Environ(), parser.Model) {
		asides.say(slog.LevelWarn, warning)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return exitOK
	}
	if err == nil {
		err = parsed.Run(&app{ctx, person, stdout, stderr})
	}
	return finish(err, asides)
}

// newParser returns the parser of the command line. The parser calls helped after it has printed a help text.
func newParser(stdout, stderr io.Writer, helped func()) *kong.Kong {
	return kong.Must(&commands{},
		kong.Name("vsee-mock"),
		kong.Description("A mock of VSee Clinic's api_v3, offline: insurance eligibility, and claims, which VSee has not defined.\n\n"+
			"Each flag is also an environment variable: --cron-delay is VSEE_MOCK_CRON_DELAY."),
		kong.Vars{
			"version": "vsee-mock " + version, "schemes": strings.Join(signature.Names(), ","), "scheme_choices": signature.Choices(),
		},
		kong.DefaultEnvars("VSEE_MOCK"),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped() }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.ValueFormatter(func(v *kong.Value) string { return v.Help }), // the help has the variable already
	)
}

// finish reports the error and returns its exit code.
func finish(err error, asides notices) int {
	var parse *kong.ParseError
	var wrong usage
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &parse):
		asides.say(slog.LevelError, fmt.Sprintf("%s\nvsee-mock %s--help shows what there is", err, where(parse)))
		return exitUsage
	}
	asides.say(slog.LevelError, err.Error())
	if errors.As(err, &wrong) {
		return exitUsage
	}
	return exitError
}

// where returns the command in the failed parse, with a space behind it; "" for none, and for an unknown command.
func where(err *kong.ParseError) string {
	c := err.Context
	if c == nil || c.Selected() == nil || strings.HasPrefix(err.Error(), "unexpected argument") {
		return ""
	}
	return c.Command() + " "
}
