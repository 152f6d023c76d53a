// Package command parses and runs a command line of vsee-mock, and reports its errors.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"github.com/vsee-mock/vsee-mock/internal/printable"
	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// Exit codes.
const (
	ExitOK    = 0
	ExitError = 1 // the command ran and failed
	ExitUsage = 2 // the command line or the environment is wrong
)

// App has the inputs and outputs of a command.
type App struct {
	Ctx     context.Context //nolint:containedctx // it lives as long as the one running command
	Person  io.Reader       // a person at a terminal; nil without one
	Stdout  io.Writer
	Stderr  io.Writer
	Version string // of this build, such as dev
}

// Help is `vsee-mock help`: Run turns it into --help.
type Help struct {
	Command []string `arg:"" optional:"" help:"The command."`
}

// UsageError is an error in the command line, like kong's own errors.
type UsageError struct{ error }

// Unwrap returns the error itself.
func (e UsageError) Unwrap() error { return e.error }

// Usage marks err as an error in the command line.
func Usage(err error) error { return UsageError{err} }

// Run runs one command line and returns the exit code. commands is a pointer to kong's struct of the commands.
func Run(commands any, app App, args []string) int {
	// Much of the output is text from others.
	app.Stdout, app.Stderr = printable.NewWriter(app.Stdout), printable.NewWriter(app.Stderr)
	helped := false
	parser := NewParser(commands, app, func() { helped = true })
	// A shell that wants a line completed calls the program with the line in COMP_LINE.
	kongcompletion.Register(parser)
	if helped {
		return ExitOK
	}
	if len(args) > 0 && args[0] == "help" && !slices.Contains(args, "--help") && !slices.Contains(args, "-h") {
		args = append(args[1:len(args):len(args)], "--help")
	}
	notices := Notices{app.Stderr, IsJSON(args, os.Environ(), func() *kong.Application { return parser.Model })}
	for _, warning := range unknownVariables(os.Environ(), parser.Model) {
		notices.Say(slog.LevelWarn, warning)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return ExitOK
	}
	if err == nil {
		err = parsed.Run(&app)
	}
	return finish(err, notices)
}

// NewParser returns the parser of the command line. The parser calls helped after it has printed a help text.
func NewParser(commands any, app App, helped func()) *kong.Kong {
	parser := kong.Must(commands,
		kong.Name("vsee-mock"),
		kong.Description("A mock of VSee Clinic's api_v3, offline: insurance eligibility, visits, and claims, which VSee "+
			"has not defined.\n\n"+
			"Each flag is also an environment variable: --cron-delay is VSEE_MOCK_CRON_DELAY."),
		kong.Vars{
			"version":        "vsee-mock " + app.Version,
			"schemes":        strings.Join(signature.Names(), ","),
			"scheme_choices": signature.Choices(),
			"states":         "pending, delivered, failed, dropped, skipped", // of an event
		},
		kong.DefaultEnvars("VSEE_MOCK"),
		kong.Writers(app.Stdout, app.Stderr),
		kong.Exit(func(int) { helped() }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.ValueFormatter(func(v *kong.Value) string { return v.Help }), // the help has the variable already
	)
	parser.Model.HelpFlag.Hidden = true // its reader has found it, and the lines are needed
	return parser
}

// finish reports the error and returns its exit code.
func finish(err error, notices Notices) int {
	var parse *kong.ParseError
	var wrong UsageError
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &parse):
		notices.Say(slog.LevelError, fmt.Sprintf("%s\nvsee-mock %s--help shows what there is",
			inPlainWords(parse), commandOf(parse)))
		return ExitUsage
	}
	notices.Say(slog.LevelError, err.Error())
	if errors.As(err, &wrong) {
		return ExitUsage
	}
	return ExitError
}

// commandOf returns the command in the failed parse, with a space behind it; "" for none, and for an unknown command.
// For an unknown argument it is the command that was named before.
func commandOf(err *kong.ParseError) string {
	c := err.Context
	switch {
	case c == nil:
		return ""
	case c.Selected() != nil && !strings.HasPrefix(err.Error(), "unexpected argument"):
		return c.Command() + " "
	}
	node, text := c.Model.Node, ""
	for _, arg := range c.Args {
		i := slices.IndexFunc(node.Children, func(child *kong.Node) bool { return child.Name == arg })
		if i < 0 {
			break
		}
		node, text = node.Children[i], text+arg+" "
	}
	return text
}
