// Command vsee-bench measures vsee-mock beside servers that do less, on the computer it runs on.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/measure"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := 0
	if len(os.Args) == 3 && os.Args[1] == child.Argument {
		if err := measure.Child(ctx, os.Args[2]); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	} else {
		code = run(ctx, os.Args[1:], measure.Build, os.Stdout, os.Stderr)
	}
	stop()
	os.Exit(code)
}

// command is the command line.
type command struct {
	Only        []string      `enum:"${sections}" placeholder:"SECTION" help:"Only these sections: ${sections}."`
	Operations  []string      `enum:"${operations}" placeholder:"NAME" help:"Only these requests: ${operations}."`
	Duration    time.Duration `default:"600ms" help:"Load on each server, for each operation and round."`
	Connections int           `default:"32" help:"Connections of the load, each with one request at a time."`
	Rounds      int           `default:"3" help:"Rounds; the figures are their medians."`
	Quick       bool          `help:"Small numbers, to see that each section works: the figures mean nothing."`
	Format      string        `enum:"text,json" default:"text" help:"Format of the output: text, which is Markdown, or json."`
	JSON        string        `name:"json" placeholder:"FILE" help:"Write the results as JSON to FILE as well."`
}

// Validate is called by kong.
func (c *command) Validate() error {
	switch {
	case c.Duration < time.Millisecond || c.Duration > time.Minute:
		return errors.New("--duration must be from 1ms to 1m, such as 1s")
	case c.Connections < 1 || c.Connections > 1_000:
		return errors.New("--connections must be from 1 to 1000")
	case c.Rounds < 1 || c.Rounds > 100:
		return errors.New("--rounds must be from 1 to 100")
	}
	return nil
}

// builder builds the programs to measure into a directory. bench is the path of this program.
type builder func(ctx context.Context, bench, dir string) (measure.Programs, error)

// run runs one command line and returns the exit code.
func run(ctx context.Context, args []string, build builder, stdout, stderr io.Writer) int {
	var c command
	helped := false
	parser := kong.Must(&c,
		kong.Name("vsee-bench"),
		kong.Description("Measures vsee-mock beside servers that do less: requests, memory, start, deliveries, timers, "+
			"search, growth and the page. It takes about three minutes. Each server has a core of its own, and so has the "+
			"load, where the system allows it."),
		kong.Vars{
			"sections":   strings.Join(measure.Sections(), ","),
			"operations": strings.Join(measure.Operations(), ","),
		},
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	_, err := parser.Parse(args)
	if helped {
		return 0
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "vsee-bench: %s\nvsee-bench --help shows the flags\n", err)
		return 2
	}
	if err := c.run(ctx, build, stdout, stderr); err != nil {
		_, _ = fmt.Fprintf(stderr, "vsee-bench: %s\n", err)
		return 1
	}
	return 0
}

func (c *command) run(ctx context.Context, build builder, stdout, stderr io.Writer) error {
	bench, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "vsee-bench-")
	if err != nil {
		return fmt.Errorf("making a directory for the programs to measure: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	suite := measure.Suite{
		Operations: c.Operations, Duration: c.Duration, Connections: c.Connections, Rounds: c.Rounds,
		Counts:   measure.FullCounts(),
		Progress: func(line string) { _, _ = fmt.Fprintln(stderr, line) },
	}
	if c.Quick {
		suite.Counts = measure.QuickCounts()
	}
	suite.Progress("building the programs to measure")
	if suite.Programs, err = build(ctx, bench, dir); err != nil {
		return err
	}
	r := report.Report{
		Machine: measure.Machine(ctx),
		Settings: report.Settings{
			Duration: c.Duration.String(), Connections: c.Connections, Rounds: c.Rounds, Quick: c.Quick,
		},
	}
	if err := suite.Run(ctx, c.Only, &r); err != nil {
		return err
	}
	return c.write(r, stdout)
}

// write writes the results to stdout, and to a file if there is one.
func (c *command) write(r report.Report, stdout io.Writer) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	text = append(text, '\n')
	if c.JSON != "" {
		if err := os.WriteFile(c.JSON, text, 0o600); err != nil {
			return fmt.Errorf("--json: %w; name a file in a directory that exists", err)
		}
	}
	if c.Format == "json" {
		_, err = stdout.Write(text)
		return err
	}
	return r.Text(stdout)
}
