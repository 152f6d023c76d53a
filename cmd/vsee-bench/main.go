// Command vsee-bench measures vsee-mock beside servers that do less, on this machine.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/measure"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/report"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if len(os.Args) == 3 && os.Args[1] == child.Argument {
		err = measure.Child(ctx, os.Args[2])
	} else {
		var c command
		kong.Parse(&c)
		err = c.run(ctx)
	}
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "vsee-bench:", err)
		os.Exit(1)
	}
}

type command struct {
	Only        []string      `help:"Sections."`
	Duration    time.Duration `default:"1s"`
	Connections int           `default:"32"`
	Rounds      int           `default:"2"`
	Quick       bool
	JSON        string `name:"json"`
}

func (c command) run(ctx context.Context) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if len(c.Only) == 0 {
		c.Only = measure.Sections()
	}
	dir, err := os.MkdirTemp("", "vsee-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := measure.Build(ctx, program, dir)
	if err != nil {
		return err
	}
	counts := measure.FullCounts()
	if c.Quick {
		counts = measure.QuickCounts()
	}
	suite := measure.Suite{
		Counts:   counts,
		Programs: programs, Duration: c.Duration, Connections: c.Connections, Rounds: c.Rounds,
		Progress: func(line string) { _, _ = fmt.Fprintln(os.Stderr, line) },
	}
	r := report.Report{Machine: report.Machine{
		CPU: "?", Cores: runtime.NumCPU(), OS: runtime.GOOS, Go: runtime.Version(), Pinned: len(child.Cores()) == 2,
	}, Settings: report.Settings{Duration: c.Duration.String(), Connections: c.Connections, Rounds: c.Rounds}}
	if err := suite.Run(ctx, c.Only, &r); err != nil {
		return err
	}
	if c.JSON != "" {
		data, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.JSON, data, 0o600); err != nil {
			return err
		}
	}
	return r.Text(os.Stdout)
}
