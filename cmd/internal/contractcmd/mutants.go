package contractcmd

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/internal/outfile"
)

// mutantsCmd is `vsee-contract mutants`.
type mutantsCmd struct {
	config.Options
	Name   []string `arg:"" optional:"" help:"Only these, or patterns: getMe/*, signOn/data/id/*."`
	Mode   string   `enum:"mock,mutating,read-only" default:"mock" help:"mock, or a shared target: mutating, read-only."`
	Sample int      `default:"1" placeholder:"N" help:"Only one of N mutants, the same ones in each run (${default})."`
	Table  string   `placeholder:"FILE" help:"Write the mutants that were not killed here, in Markdown."`
}

// Run runs the suite against mutants of a mock. The table goes to standard output, the progress to standard error.
func (m *mutantsCmd) Run(a *app, code *int) error {
	trial, err := m.trial(a)
	if err != nil {
		return err
	}
	chosen, err := m.chosen(trial.Mode)
	if err != nil {
		return err
	}
	var table *outfile.File
	if m.Table != "" { // before the run, because an error after minutes would come too late
		if table, err = outfile.Open(m.Table, 0o600); err != nil {
			return fmt.Errorf("--table: %w", err)
		}
	}
	faced, good := 0, 0
	trial.Judged = func(v mutant.Verdict) {
		if faced++; v.Good() {
			good++
		}
		_, _ = fmt.Fprintf(a.stderr, "%d of %d faced, %d killed: %s %s\n", faced, len(chosen), good, v.Mutant.Name, v)
	}
	score, err := trial.Face(a.ctx, chosen)
	switch {
	case a.ctx.Err() != nil: // the errors of the runs would only say that they were stopped
		err = broken{fmt.Errorf("interrupted after %d of %d mutants; to face the others, name them", len(score), len(chosen))}
	case err != nil && !errors.As(err, new(config.SettingError)):
		err = broken{err}
	case err != nil:
	case score.Good() < len(score):
		*code = result.ExitFindings
	}
	text := score.Markdown(trial.Mode)
	_, printed := fmt.Fprint(a.stdout, text)
	if table != nil {
		if written := errors.Join(table.Write(a.ctx, []byte(text)), table.Close()); written != nil {
			err = errors.Join(err, fmt.Errorf("--table: %w", written))
		}
	}
	return errors.Join(printed, err)
}

// trial returns a trial with the configured mock.
func (m *mutantsCmd) trial(a *app) (mutant.Trial, error) {
	l, err := a.load(m.Options)
	if err == nil {
		err = l.Check()
	}
	if err != nil {
		return mutant.Trial{}, err
	}
	if !l.IsMock() {
		return mutant.Trial{}, errors.New("mutants need a mock: start one with `vsee-mock serve`, and set --control-url")
	}
	base, baseErr := url.Parse(l.BaseURL)
	control, controlErr := url.Parse(l.ControlURL)
	if err := errors.Join(baseErr, controlErr); err != nil {
		return mutant.Trial{}, err
	}
	if base.Scheme != control.Scheme || base.Host != control.Host {
		return mutant.Trial{}, errors.New(
			"--base-url and --control-url must have the same host and port, because a mutant is a proxy for both")
	}
	all, err := specs.All()
	if err != nil {
		return mutant.Trial{}, err
	}
	published, err := specs.Published()
	return mutant.Trial{
		Target: base.Scheme + "://" + base.Host, ControlToken: l.ControlToken, Mode: mutant.Mode(m.Mode), Requirements: all,
		Published: published, Workers: runtime.GOMAXPROCS(0),
	}, err
}

// chosen returns the mutants named on the command line, or all if it names none.
func (m *mutantsCmd) chosen(mode mutant.Mode) ([]mutant.Mutant, error) {
	if m.Sample < 1 {
		return nil, errors.New("--sample must be at least 1: it tests one of N mutants")
	}
	all := mutant.All()
	for _, name := range m.Name {
		if !slices.ContainsFunc(all, func(one mutant.Mutant) bool { return isNamed(one, name) }) {
			return nil, fmt.Errorf("there is no mutant %q; getMe/* would be all of getMe", name)
		}
	}
	chosen := slices.DeleteFunc(mutant.Faced(all, mode, m.Sample), func(one mutant.Mutant) bool {
		return len(m.Name) > 0 && !slices.ContainsFunc(m.Name, func(name string) bool { return isNamed(one, name) })
	})
	if len(chosen) == 0 {
		return nil, errors.New("no mutant is selected: use a smaller --sample, other names or another --mode")
	}
	return chosen, nil
}

// isNamed reports whether a pattern names a mutant. The * of a pattern stands for slashes, too.
func isNamed(m mutant.Mutant, pattern string) bool {
	slashless := strings.NewReplacer("/", "|").Replace
	is, _ := path.Match(slashless(pattern), slashless(m.Name))
	return is || m.Name == pattern
}
