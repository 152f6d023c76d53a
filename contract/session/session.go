// Package session is a contract run from its configuration to its result files: it selects the requirements, runs them,
// and writes the results.
package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// ErrNothing is the error of a selection without any requirement in it.
var ErrNothing = errors.New("nothing is selected")

// ErrUntested is the error of a run whose selected requirements are all not testable.
var ErrUntested = errors.New("nothing could be tested")

// ErrUnrepeated is the error of a rerun that could not test each failed requirement again.
var ErrUnrepeated = errors.New("not every failed requirement could be tested again")

// Session is a run with its result files. A crash at any point leaves provisional results, so that those of an older
// run are not mistaken for those of this one.
type Session struct {
	engine.Options // of the run, with the selected requirements
	outputs        outputs
	rerun          rerun
}

// tracker is a Tracker for all sessions of a process to begin with.
var tracker = sync.OnceValue(func() *coverage.Tracker { return coverage.New(embedded.Spec()) })

// Prepare returns a session, without sending a request. The error is for a wrong configuration, or an empty
// selection.
func Prepare(ctx context.Context, cfg config.Config) (*Session, error) {
	cfg.Version = cmp.Or(cfg.Version, version())
	o := engine.Options{Config: cfg.WithDefaults(), Tracker: tracker().Fresh()}
	if err := o.Check(); err != nil {
		return nil, err
	}
	all, err := specs.All()
	if err != nil {
		return nil, err
	}
	if o.Known, err = knownDifferences(ctx, cfg.KnownDifferences); err != nil {
		return nil, err
	}
	if o.Published, err = specs.Published(); err != nil {
		return nil, err
	}
	o.All = all
	s := &Session{Options: o}
	if s.Requirements, s.rerun, err = choose(ctx, cfg, all); err != nil {
		return nil, err
	}
	return s, nil
}

// version returns the module's version, as recorded in the binary at build time.
func version() string {
	const module = "github.com/vsee-mock/vsee-mock"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	for _, m := range append(info.Deps, &info.Main) {
		if m.Path == module && m.Version != "" && m.Version != "(devel)" {
			return m.Version
		}
	}
	return "dev"
}

// choose returns the requirements selected by a configuration: they match each part of its selection, and are in the
// rerun, if there is one. An empty selection is an error, and so is a part of the selection without any match: it is
// misspelt. The returned rerun has the selected ones alone.
func choose(ctx context.Context, c config.Config, all []engine.Requirement) ([]engine.Requirement, rerun, error) {
	catalogue, err := specs.Catalogue()
	if err != nil {
		return nil, rerun{}, err
	}
	repeat, err := rerunOf(ctx, c.Rerun)
	if err != nil {
		return nil, rerun{}, err
	}
	selected, err := catalogue.Select(requirement.Selection{IDs: c.IDs, Levels: c.Levels, Labels: c.Labels,
		Needs: c.Needs, Without: c.Without})
	if err != nil {
		return nil, rerun{}, fmt.Errorf("%w: %w", ErrNothing, err)
	}
	isSelected := map[string]bool{}
	for _, r := range selected {
		isSelected[r.ID] = c.Rerun == "" || repeat.again[r.ID]
	}
	maps.DeleteFunc(repeat.failed, func(id string, _ []string) bool { return !isSelected[id] })
	chosen := slices.DeleteFunc(slices.Clone(all), func(r engine.Requirement) bool { return !isSelected[r.ID] })
	if len(chosen) == 0 {
		return nil, rerun{}, fmt.Errorf("%w: no requirement of this selection was red in %s", ErrNothing, c.Rerun)
	}
	return chosen, repeat, nil
}

// unended is the reason of a broken run whose end was never recorded.
const unended = "it did not get to its end"

// Begin opens the result files and writes the provisional results. Files that cannot be written show up here, before
// the first request.
func (s *Session) Begin(ctx context.Context) error {
	s.outputs = openOutputs(s.Config)
	return s.outputs.draft(ctx, engine.Unended(s.Options, unended, unended), nil)
}

// Face runs the requirements, writes the results, and passes the run on. The run says so when it broke. The error is a
// config.SettingError if it broke by the configuration.
func (s *Session) Face(ctx context.Context) (result.Run, error) {
	run, err := engine.Run(ctx, s.Options)
	if err != nil && !errors.Is(err, engine.ErrTarget) {
		return run, err
	}
	run, failed := s.Finish(ctx, run)
	if errors.As(err, new(config.SettingError)) {
		failed = errors.Join(err, failed)
	}
	return run, failed
}

// Finish writes the results. The returned run names the files with errors.
func (s *Session) Finish(ctx context.Context, run result.Run) (result.Run, error) {
	ctx = context.WithoutCancel(ctx)
	run.Unrepeated = s.rerun.left(run)
	err := s.outputs.write(ctx, run, s.Tracker)
	if err != nil && !strings.Contains(run.Broken, err.Error()) {
		run.Broken = strings.TrimPrefix(run.Broken+"; "+err.Error(), "; ")
		_ = s.outputs.draft(ctx, run, s.Tracker) // each writable output names the unwritable ones
	}
	return run, errors.Join(err, s.outputs.close())
}

// Nothing returns the error of a run without a result for its selection: its exit code is result.ExitConfig.
func Nothing(run result.Run) error {
	switch {
	case len(run.Requirements) == 0:
		return ErrNothing
	case len(run.Unrepeated) > 0 && run.Tally()[result.NotTestable] < len(run.Requirements):
		return ErrUnrepeated
	}
	return ErrUntested
}
