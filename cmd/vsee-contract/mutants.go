package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/outfile"
)

// mutantsCmd is `vsee-contract mutants`.
type mutantsCmd struct {
	config.Options
	Name  []string `arg:"" optional:"" help:"Only these: getMe, or signOn/data/id."`
	Table string   `placeholder:"FILE" help:"Write the score here, in Markdown."`

	table *outfile.File // nil for none
}

// Run runs the suite against mutants of a mock. The score goes to standard output, the progress to standard error.
func (m *mutantsCmd) Run(a *app, code *int) error {
	l, err := a.load(m.Options)
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		return err
	}
	if !l.IsMock() {
		return errors.New("mutants need a mock: start one with `vsee-mock serve`, and set --control-url")
	}
	if m.Table != "" && len(l.IDs) > 0 {
		return errors.New("--table needs all requirements, but select.ids selects some: remove one of the two")
	}
	chosen, err := m.chosen()
	if err != nil {
		return err
	}
	trial, err := trialOf(l.Config)
	if err == nil {
		err = m.open()
	}
	if err != nil {
		return err
	}
	tested, caught := 0, 0
	trial.Told = func(v mutant.Verdict) {
		tested++
		switch {
		case v.Outcome() == mutant.Caught:
			caught++
		default:
			_, _ = fmt.Fprintf(a.stdout, "%s: %s\n", v.Mutant.Name, v)
		}
		_, _ = fmt.Fprintf(a.stderr, "%d of %d tested, %d caught\n", tested, len(chosen), caught)
	}
	score, err := trial.Face(a.ctx, chosen)
	switch {
	case a.ctx.Err() != nil: // the errors of the runs would only say that they were stopped
		err = broken{fmt.Errorf("interrupted after %d of %d mutants; to test the others, name them", len(score), len(chosen))}
	case err != nil:
		err = broken{err}
	}
	return errors.Join(m.report(a, score, len(chosen), code), err)
}

// chosen returns the mutants named on the command line, or all if it names none.
func (m *mutantsCmd) chosen() ([]mutant.Mutant, error) {
	all := mutant.All()
	if len(m.Name) == 0 {
		return all, nil
	}
	for _, name := range m.Name {
		if !slices.ContainsFunc(all, func(m mutant.Mutant) bool { return within(m.Name, name) }) {
			return nil, fmt.Errorf("there is no mutant %q; contract/mutants.md lists all", name)
		}
	}
	return slices.DeleteFunc(all, func(one mutant.Mutant) bool {
		return !slices.ContainsFunc(m.Name, func(name string) bool { return within(one.Name, name) })
	}), nil
}

// within reports whether name is part, or is below it: getMe/notice is within getMe.
func within(name, part string) bool { return name == part || strings.HasPrefix(name, part+"/") }

// report prints the totals of a score. It writes the table if all mutants were tested.
func (m *mutantsCmd) report(a *app, score mutant.Score, chosen int, code *int) error {
	for _, v := range score {
		if !v.Right() {
			*code = result.ExitFindings
		}
	}
	_, err := fmt.Fprintf(a.stdout, "%d of %d mutants tested: %d caught (%d %%), %d survived, %d unclear\n", len(score), chosen,
		score.Count(mutant.Caught), score.Percent(), score.Count(mutant.Survived), score.Count(mutant.Unclear))
	if err != nil || m.Table == "" || len(score) < len(mutant.All()) {
		return err
	}
	var page bytes.Buffer
	if err := score.WriteMarkdown(&page); err != nil {
		return err
	}
	return m.write(a.ctx, page.Bytes())
}

// open opens the table before the run, because an error after minutes would come too late.
func (m *mutantsCmd) open() error {
	if m.Table == "" {
		return nil
	}
	var err error
	if m.table, err = outfile.Open(m.Table, 0o600); err != nil {
		return fmt.Errorf("--table: %w", err)
	}
	return nil
}

func (m *mutantsCmd) write(ctx context.Context, page []byte) error {
	if err := errors.Join(m.table.Write(ctx, page), m.table.Close()); err != nil {
		return fmt.Errorf("--table: %w", err)
	}
	return nil
}

// trialOf returns a trial with the configured mock. Each run of the suite is a process of this program.
func trialOf(c config.Config) (mutant.Trial, error) {
	base, baseErr := url.Parse(c.BaseURL)
	control, controlErr := url.Parse(c.ControlURL)
	if err := errors.Join(baseErr, controlErr); err != nil {
		return mutant.Trial{}, err
	}
	if base.Scheme != control.Scheme || base.Host != control.Host {
		return mutant.Trial{}, errors.New("--base-url and --control-url must have the same host and port, because a mutant is a proxy for both")
	}
	self, err := os.Executable()
	if err != nil {
		return mutant.Trial{}, fmt.Errorf("finding this program: %w", err)
	}
	return mutant.Trial{
		Target: base.Scheme + "://" + base.Host, Workers: runtime.GOMAXPROCS(0),
		Suite: func(ctx context.Context, url string, ids []string) (result.Run, error) {
			if len(ids) == 0 {
				ids = c.IDs
			}
			return runOf(ctx, self, map[string]string{
				config.EnvBaseURL: url + base.Path, config.EnvControlURL: url + control.Path, config.EnvControlToken: c.ControlToken,
				config.EnvIDs: strings.Join(ids, ","),
			})
		},
	}, nil
}

// runOf runs this program in a new process and returns its results. The process gets these variables, and no other
// variable with the prefix VSEE_.
func runOf(ctx context.Context, self string, variables map[string]string) (result.Run, error) {
	dir, err := os.MkdirTemp("", "vsee-contract-")
	if err != nil {
		return result.Run{}, fmt.Errorf("making a folder for the results: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover file does no harm
	file := filepath.Join(dir, "results.json")
	cmd := exec.CommandContext(ctx, self, "run", "--json", file) //nolint:gosec // it is this program
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "VSEE_") })
	for name, value := range variables {
		if value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	failed := cmd.Run()            // also an error if the run is red; the results have the details
	data, err := os.ReadFile(file) //nolint:gosec // the process wrote it
	if err != nil {
		return result.Run{}, fmt.Errorf("running the suite: %w", errors.Join(failed, errors.New(strings.TrimSpace(stderr.String()))))
	}
	var run result.Run
	if err := json.Unmarshal(data, &run); err != nil {
		return run, fmt.Errorf("reading the results of a run: %w", err)
	}
	return run, nil
}
