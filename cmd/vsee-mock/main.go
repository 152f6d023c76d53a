// Command vsee-mock is a mock of VSee Clinic's api_v3, with tools around it. Without a subcommand it runs serve. A copy
// of it, or a link to it, named vsee-contract is that command: an image with both is as large as one with vsee-mock.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"github.com/vsee-mock/vsee-mock/cmd/internal/contractcmd"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/controlcmd"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/evidence"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/gauntletcmd"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/listen"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/scenariocmd"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/serve"
	"github.com/vsee-mock/vsee-mock/mockserver"
)

// version is set by the build of a release.
var version = "dev"

func main() {
	if isContract(os.Args[0]) {
		os.Exit(contractcmd.Main(version))
	}
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		go mockserver.Preload() // beside the parsing of flags; a call that needs no document does not wait for it
	}
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	app := command.App{Ctx: ctx, Stdout: os.Stdout, Stderr: os.Stderr, Version: version}
	if isTerminal(os.Stdin) {
		app.Person = os.Stdin
	}
	model := func() *kong.Application {
		return command.NewParser(&commands{}, command.App{Stdout: io.Discard, Stderr: io.Discard}, func() {}).Model
	}
	if command.IsJSON(os.Args[1:], os.Environ(), model) {
		slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil))) // for lines logged by net/http itself
	}
	code := command.Run(&commands{}, app, os.Args[1:])
	stop()
	os.Exit(code)
}

// isContract reports whether the process has the name of the contract test's command.
func isContract(program string) bool {
	return strings.TrimSuffix(filepath.Base(program), ".exe") == "vsee-contract"
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
	Demo        scenariocmd.Demo     `cmd:"" help:"Play the integration guide against a mock of its own, with visits and claims."`
	Listen      listen.Command       `cmd:"" help:"Receive events, verify them and print them."`
	Events      controlcmd.Events    `cmd:"" help:"List, show, resend or send the events of a running mock."`
	Gauntlet    gauntletcmd.Command  `cmd:"" help:"Test your webhook receiver with events; exit 1 when it fails."`
	Journal     controlcmd.Journal   `cmd:"" help:"Print the requests to a running mock, or follow all it does."`
	Clock       controlcmd.Clock     `cmd:"" help:"Show, move, freeze or run the clock of a clinic of a running mock."`
	Clinics     controlcmd.Clinics   `cmd:"" help:"List, make or remove the clinics of a running mock."`
	Faults      controlcmd.Faults    `cmd:"" help:"List, set or remove the faults of a clinic of a running mock."`
	Reset       controlcmd.Reset     `cmd:"" help:"Empty a clinic of a running mock."`
	Explain     controlcmd.Explain   `cmd:"" help:"Explain how a check, a claim or a visit went."`
	Scenarios   scenariocmd.Commands `cmd:"" help:"List, explain, validate and write scenarios."`
	Evidence    evidence.Command     `cmd:"" help:"Print the evidence for each part of openapi.yaml."`
	Healthcheck serve.Healthcheck    `cmd:"" help:"Ask a running mock whether it is ready; exit 1 when not."`
	Completion  completion           `cmd:"" help:"Print how to complete commands in bash, zsh or fish."`
	Help        command.Help         `cmd:"" help:"Show the help of a command."`
	Version     versionCmd           `cmd:"" help:"Print the version, and the commit and its date."`

	ShowVersion kong.VersionFlag `name:"version" hidden:"" env:"-"`
}

// versionCmd is `vsee-mock version`.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *command.App) error {
	text := "vsee-mock " + a.Version
	if info, ok := debug.ReadBuildInfo(); ok {
		text += commitOf(info.Settings)
	}
	_, err := fmt.Fprintln(a.Stdout, text)
	return err
}

// commitOf returns the commit of a build and its date, as ", commit 0123456789ab of 2026-01-31T09:00:00Z"; empty for a
// build outside of a repository.
func commitOf(settings []debug.BuildSetting) string {
	found := map[string]string{}
	for _, s := range settings {
		found[s.Key] = s.Value
	}
	commit := found["vcs.revision"]
	if commit == "" {
		return ""
	}
	text := fmt.Sprintf(", commit %.12s of %s", commit, found["vcs.time"])
	if found["vcs.modified"] == "true" {
		text += ", with changes"
	}
	return text
}

// completion is `vsee-mock completion`.
type completion struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help is the text below the command's summary.
func (completion) Help() string {
	return "Run the output at the start of each shell: source <(vsee-mock completion bash) in ~/.bashrc, " +
		"source <(vsee-mock completion zsh) in ~/.zshrc, vsee-mock completion fish | source in " +
		"~/.config/fish/config.fish."
}

// Run prints the code.
func (c *completion) Run(ctx *kong.Context) error {
	return (&kongcompletion.Completion{Shell: c.Shell, Code: true}).Run(ctx)
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
