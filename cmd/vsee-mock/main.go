// Command vsee-mock is a mock of VSee Clinic's api_v3, with tools around it. Without a subcommand it runs serve.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/demo"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/events"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/evidence"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/explain"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/gauntletcmd"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/listen"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/scenariocmd"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/serve"
)

// version is set by the build of a release.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	app := command.App{Ctx: ctx, Stdout: os.Stdout, Stderr: os.Stderr, Version: version}
	if isTerminal(os.Stdin) {
		app.Person = os.Stdin
	}
	model := command.NewParser(&commands{}, command.App{Stdout: io.Discard, Stderr: io.Discard}, func() {}).Model
	if command.IsJSON(os.Args[1:], os.Environ(), model) {
		slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil))) // for lines logged by net/http itself
	}
	code := command.Run(&commands{}, app, os.Args[1:])
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
	Serve       serve.Command        `cmd:"" default:"withargs" help:"Serve the mock: the command when none is given."`
	Demo        demo.Command         `cmd:"" help:"Play the integration guide against a mock of its own, with visits and claims."`
	Listen      listen.Command       `cmd:"" help:"Receive events, verify them and print them."`
	Events      events.Commands      `cmd:"" help:"List, show, resend or send the events of a running mock."`
	Gauntlet    gauntletcmd.Command  `cmd:"" help:"Test your webhook receiver with events; exit 1 when it fails."`
	Explain     explain.Command      `cmd:"" help:"Explain how a check, a claim or a visit went."`
	Scenarios   scenariocmd.Commands `cmd:"" help:"List, explain, validate and write scenarios."`
	Evidence    evidence.Command     `cmd:"" help:"Print the evidence for each part of openapi.yaml."`
	Healthcheck serve.Healthcheck    `cmd:"" help:"Ask a running mock whether it is ready; exit 1 when not."`
	Version     versionCmd           `cmd:"" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" hidden:"" env:"-"`
}

// versionCmd is `vsee-mock version`.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *command.App) error {
	_, err := fmt.Fprintln(a.Stdout, "vsee-mock", a.Version)
	return err
}

// isTerminal reports whether a person is likely to read or type at the other end of a file.
func isTerminal(file *os.File) bool {
	about, err := file.Stat()
	if err != nil || about.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(about, null)
}
