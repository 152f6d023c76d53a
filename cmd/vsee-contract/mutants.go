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
	source
	Name       []string `arg:"" optional:"" help:"Only these: getMe, or signOn/data/id."`
	BaseURL    string   `placeholder:"URL" help:"That of the API of a mock."`
	ControlURL string   `placeholder:"URL" help:"That of its control API."`
	Table      string   `placeholder:"FILE" help:"Write the score there, in Markdown."`

	table *outfile.File // nil for none
}

// Run faces mutants of a mock. The score goes to standard output, and how far it is to standard error.
func (m *mutantsCmd) Run(a *app, code *int) error {
	l, err := a.load()
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		return err
	}
	if !l.IsMock() {
		return errors.New("mutants are made of a mock, which needs --control-url too: `vsee-mock serve` starts one")
	}
	if m.Table != "" && len(l.IDs) > 0 {
		return errors.New("--table is of all requirements, and select.ids names some: leave one out")
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
	faced, caught := 0, 0
	trial.Told = func(v mutant.Verdict) {
		faced++
		switch {
		case v.Outcome() == mutant.Caught:
			caught++
		default:
			_, _ = fmt.Fprintf(a.stdout, "%s: %s\n", v.Mutant.Name, v)
		}
		_, _ = fmt.Fprintf(a.stderr, "%d of %d faced, %d caught\n", faced, len(chosen), caught)
	}
	score, err := trial.Face(a.ctx, chosen)
	if err != nil {
		err = broken{err}
	}
	return errors.Join(m.tell(a, score, len(chosen), code), err)
}

// chosen returns the mutants that the command line names, all when it names none.
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

func within(name, part string) bool { return name == part || strings.HasPrefix(name, part+"/") }

// tell prints what a score comes to, and writes its table when all mutants were faced.
func (m *mutantsCmd) tell(a *app, score mutant.Score, chosen int, code *int) error {
	for _, v := range score {
		if !v.Right() {
			*code = result.ExitFindings
		}
	}
	_, err := fmt.Fprintf(a.stdout, "%d of %d mutants faced: %d caught (%d %%), %d survived, %d unclear\n", len(score), chosen,
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

// open finds out whether the table can be written, which is known too late after minutes.
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

// trialOf returns how the mutants of a mock are faced: each run is one of this program.
func trialOf(c config.Config) (mutant.Trial, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return mutant.Trial{}, fmt.Errorf("reading the base URL: %w", err)
	}
	control, err := url.Parse(c.ControlURL)
	if err != nil {
		return mutant.Trial{}, fmt.Errorf("reading the control URL: %w", err)
	}
	if base.Scheme != control.Scheme || base.Host != control.Host {
		return mutant.Trial{}, errors.New("the API and the control API must be one server's, for a mutant stands in front of both")
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

// runOf runs this program in a process of its own, told nothing but these variables, and returns what it has found.
func runOf(ctx context.Context, self string, variables map[string]string) (result.Run, error) {
	dir, err := os.MkdirTemp("", "vsee-contract-")
	if err != nil {
		return result.Run{}, fmt.Errorf("making room for results: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left there harms nobody
	file := filepath.Join(dir, "results.json")
	cmd := exec.CommandContext(ctx, self, "run", "--json", file) //nolint:gosec // it is this program
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "VSEE_") })
	for name, value := range variables {
		if value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	ended := cmd.Run()             // with an error when anything is red, which the results tell better
	data, err := os.ReadFile(file) //nolint:gosec // it was written for us
	if err != nil {
		return result.Run{}, fmt.Errorf("running the suite: %w", errors.Join(ended, errors.New(strings.TrimSpace(said.String()))))
	}
	var run result.Run
	if err := json.Unmarshal(data, &run); err != nil {
		return run, fmt.Errorf("reading the results of a run: %w", err)
	}
	return run, nil
}
