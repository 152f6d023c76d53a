// Package contract is the contract run: it tests a running server against the behaviour in openapi.yaml and in the
// scenarios. The server may be vsee-mock or any other base URL, such as VSee's preview environment. The suite knows
// nothing of the mock but its control API.
//
// There are three ways in: Run in any Go test, Register in a Ginkgo suite of your own, and Main, which
// cmd/vsee-contract calls. Against a server without a control API, the suite waits in real time instead of moving
// a clock. A requirement it cannot test there is reported as not testable, with the reason, and never as passed.
//
// The requirements are in package specs, and package engine tries them.
package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/coverage"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// ErrTarget wraps every failure to reach the target or to authenticate with it.
var ErrTarget = engine.ErrTarget

// ErrNothing is the error of a selection without any requirement in it.
var ErrNothing = errors.New("nothing is selected")

// errUntested is the error of a run whose selected requirements are all not testable.
var errUntested = errors.New("nothing could be tested")

// prepare returns the options of a run, without sending a request. They have the selected requirements, in the order of
// the report.
func prepare(ctx context.Context, cfg Config) (engine.Options, error) {
	cfg.Version = cmp.Or(cfg.Version, version())
	o := engine.Options{Config: cfg.WithDefaults(), Tracker: coverage.New(embedded.Spec())}
	if err := o.Config.Check(); err != nil {
		return o, err
	}
	all, err := specs.All()
	if err != nil {
		return o, err
	}
	if o.Known, err = knownDifferences(ctx, cfg.KnownDifferences); err != nil {
		return o, err
	}
	if o.Published, err = specs.Published(); err != nil {
		return o, err
	}
	o.Requirements, err = choose(ctx, cfg, all)
	return o, err
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

// choose returns the requirements selected by a configuration: those that match each part of its selection, and failed
// in the run to repeat. An empty selection is an error, and so is a part of the selection without any match: it is
// misspelt.
func choose(ctx context.Context, c Config, all []engine.Requirement) ([]engine.Requirement, error) {
	red, err := redOf(ctx, c.Rerun)
	if err != nil {
		return nil, err
	}
	catalogue, err := specs.Catalogue(all)
	if err != nil {
		return nil, err
	}
	selected, err := catalogue.Select(requirement.Selection{IDs: c.IDs, Levels: c.Levels, Labels: c.Labels, Needs: c.Needs, Without: c.Without})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNothing, err)
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(r engine.Requirement) bool {
		isSelected := slices.ContainsFunc(selected, func(s requirement.Requirement) bool { return s.ID == r.ID })
		return !isSelected || c.Rerun != "" && !slices.Contains(red, r.ID)
	})
	if len(chosen) == 0 {
		return nil, fmt.Errorf("%w: no requirement of this selection was red in %s", ErrNothing, c.Rerun)
	}
	return chosen, nil
}

// unended is the reason of a broken run whose end was never recorded.
const unended = "it did not get to its end"

// session is a run with its result files. A crash at any point leaves provisional results, so that those of an older run
// are not mistaken for those of this one.
type session struct {
	engine.Options
	outputs outputs
}

// begin opens the result files and writes the provisional results. Files that cannot be written show up here, before the
// first request.
func (s *session) begin(ctx context.Context) error {
	s.outputs = openOutputs(s.Config)
	return s.outputs.draft(ctx, engine.Unended(s.Options, unended, unended), nil)
}

// face runs the requirements, writes the results, and passes the run on. The run says so when it broke.
func (s *session) face(ctx context.Context) (result.Run, error) {
	run, err := engine.Run(ctx, s.Options)
	if err != nil && !errors.Is(err, ErrTarget) {
		return run, err
	}
	return s.finish(ctx, run)
}

// finish writes the results. The run that it returns names the files that could not be written.
func (s *session) finish(ctx context.Context, run result.Run) (result.Run, error) {
	ctx = context.WithoutCancel(ctx)
	err := s.outputs.write(ctx, run, s.Tracker)
	if err != nil && !strings.Contains(run.Broken, err.Error()) {
		run.Broken = strings.TrimPrefix(run.Broken+"; "+err.Error(), "; ")
		_ = s.outputs.draft(ctx, run, s.Tracker) // each writable output names the unwritable ones
	}
	return run, errors.Join(err, s.outputs.close())
}

// Run tests the target in a Go test, with a subtest for each requirement. A requirement that is not testable is skipped,
// with the reason. The test fails when a cause makes the run red. Several tests may call Run, side by side, too.
func Run(t *testing.T, cfg Config) result.Run {
	t.Helper()
	o, err := prepare(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := session{Options: o}
	if err := s.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	run, err := s.face(t.Context())
	if err != nil {
		t.Error(err)
	}
	for _, r := range Results(run) {
		t.Run(r.ID, func(t *testing.T) {
			switch {
			case r.State == result.NotTestable:
				t.Skip(r.Reason)
			case !r.Holds():
				t.Error(r.String())
			}
		})
	}
	switch run.ExitCode() {
	case result.ExitTarget:
		t.Errorf("the contract run broke: %s", run.Broken)
	case result.ExitConfig:
		t.Error(nothingOf(run))
	case result.ExitKnownDifferences:
		t.Errorf("%s has entries that are stale or have expired: remove or renew them", cfg.KnownDifferences)
	case result.ExitFindings:
		t.Error("the target does not keep the contract")
	}
	return run
}

// nothingOf returns the error of a run that tested nothing.
func nothingOf(run result.Run) error {
	if len(run.Requirements) == 0 {
		return ErrNothing
	}
	return errUntested
}

// Result is the result of one requirement, with its causes.
type Result struct {
	result.Requirement
	Of []result.Cause
}

// Results returns the results of a run, in the order of their ids.
func Results(run result.Run) []Result {
	var all []Result
	for _, r := range run.Requirements {
		one := Result{Requirement: r}
		for _, c := range run.Causes {
			if slices.Contains(r.Causes, c.ID) {
				one.Of = append(one.Of, c)
			}
		}
		all = append(all, one)
	}
	return all
}

// Holds reports whether the requirement passed, or failed by known differences alone.
func (r Result) Holds() bool { return r.State == result.Passed || r.State == result.Known }

// String returns the state of the requirement and its causes, one in each line. It has no values of the target.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s", r.State, r.ID, r.Title)
	if r.Reason != "" {
		fmt.Fprintf(&b, ": %s", r.Reason)
	}
	for _, c := range r.Of {
		fmt.Fprintf(&b, "\n  %s (%s): %s %s (%s) %s: expected %s, got %s: %s", c.ID, c.Class, c.Kind, c.Operation, c.Case, c.Pointer, c.Expected, c.Got, c.Rule)
		if c.Known != "" {
			fmt.Fprintf(&b, " (known: %s)", c.Known)
		}
	}
	return b.String()
}
