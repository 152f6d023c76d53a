//go:build ignore

// Package contract is the contract run: Ginkgo specs for the behaviour in openapi.yaml and in the scenarios. The
// server under test may be vsee-mock or any other base URL, such as VSee's preview environment. The suite knows
// nothing of the mock but its control API.
//
// There are three ways in: Run in any Go test, Register in a Ginkgo suite of your own, and Main, which
// cmd/vsee-contract calls. Against a server without a control API, the suite waits in real time instead of moving
// a clock. A requirement it cannot test there is reported as not testable, with the reason, and never as passed.
package contract

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/formatter"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// ErrTarget wraps every failure to reach the target or to authenticate with it.
var ErrTarget = errors.New("the target cannot be faced")

// ErrNothing is the error of a selection without any requirement in it.
var ErrNothing = errors.New("nothing is selected")

// Register adds the selected requirements to the tree of the running suite. Call it once in a process, at the top
// level and before RunSpecs; the suite's own BeforeSuite, AfterSuite and specs stay as they are. Each function in
// done gets the run after it has ended; with several processes, the run of the first one.
//
// Known differences apply here too, in every process. A spec that fails as an entry expects is skipped as "failed
// as expected", with the reason, and the suite stays green. A spec fails if its entry has expired, or is stale
// because the requirement passes; the message names the entry. The run passed to done has the exact states.
//
// The target must be up already. Register reports an unreachable target or refused credentials once, instead of
// once per spec. On a shared target, one process runs all specs.
func Register(cfg Config, done ...func(result.Run)) error {
	return register(context.Background(), cfg, nil, done)
}

// register adds the requirements to the tree. live reports each requirement as it ends; nil leaves this to Ginkgo.
func register(ctx context.Context, cfg Config, live *report.Live, done []func(result.Run)) error {
	t, specs, err := prepare(ctx, cfg)
	if err != nil {
		return errors.Join(err, stillborn(ctx, cfg, err))
	}
	t.until, t.live = ctx, live
	return t.register(specs, done)
}

// register adds specs to the tree and collects the run after they have ended. An unreachable target, or results
// that cannot be written, end the run here, with the reason in the results.
func (t *target) register(specs []*spec, done []func(result.Run)) error {
	err := t.begin(specs)
	if err == nil {
		err = t.open()
		if reason := t.over(); reason != "" {
			err = errors.New(reason)
		} else if err != nil {
			err = fmt.Errorf("%w: %w", ErrTarget, err)
		}
	}
	if err != nil {
		t.close()
		return errors.Join(err, t.finish(t.unrun(specs, err.Error(), "the run did not begin"), nil, done))
	}
	t.plant(specs)
	ReportAfterSuite("VSee contract", func(r Report) {
		defer t.close()
		run := t.run()
		collect(&run, specs, r)
		run.Broken = cmp.Or(run.Broken, t.over()) // or the last spec may have broken the run
		err := t.finish(run, t.client.coverageOf(r), done)
		if t.live == nil { // Ginkgo prints its own report, and this one with -v
			err = errors.Join(err, report.Console{W: GinkgoWriter}.Last(run))
		}
		Expect(err).NotTo(HaveOccurred(), "the results of the run")
	})
	return nil
}

// interrupted is the reason of a run that ended early by a signal or a cancelled context.
const interrupted = "it was interrupted"

// prepare returns the target and the selected specs, without sending a request.
func prepare(ctx context.Context, cfg Config) (*target, []*spec, error) {
	stories, err := scenarios.Catalogue()
	if err != nil {
		return nil, nil, fmt.Errorf("loading the scenarios: %w", err)
	}
	t, err := newTarget(cfg, stories)
	if err != nil {
		return nil, nil, err
	}
	specs, err := specsOf(t, stories)
	if err != nil {
		return nil, nil, err
	}
	all, err := catalogueOf(specs)
	if err != nil {
		return nil, nil, err
	}
	if t.known, err = knownDifferences(ctx, t.KnownDifferences, all); err != nil {
		return nil, nil, err
	}
	specs, err = choose(ctx, t.Config, all, specs)
	return t, specs, err
}

// begin writes provisional results marked as unended. A crash at any point leaves these, so the results of an
// older run are not mistaken for those of this one. Unwritable results also show up here, before the first
// request.
func (t *target) begin(specs []*spec) error {
	if GinkgoParallelProcess() != 1 {
		return nil
	}
	t.outputs = openOutputs(t.Config)
	return t.outputs.draft(t.context(), t.unrun(specs, unended, unended), nil)
}

// context ends when the run is interrupted.
func (t *target) context() context.Context { return cmp.Or(t.until, context.Background()) }

// unended is the reason of a broken run whose end was never recorded.
const unended = "it did not get to its end"

// unrun is a run in which no spec has run.
func (t *target) unrun(specs []*spec, broken, reason string) result.Run {
	run := t.run()
	run.Started, run.Broken = now(), broken
	for _, s := range byID(specs) {
		run.Requirements = append(run.Requirements, untested(s, reason))
	}
	return run
}

// stillborn writes the reason for the missing run into the results for CI. The results for programs stay as they
// are: they may be the input of a rerun.
func stillborn(ctx context.Context, c Config, why error) error {
	return publish(ctx, Config{JUnit: c.JUnit}, result.Run{
		Target: result.Target{Name: c.Name(), BaseURL: c.ShownURL(), Mock: c.IsMock()}, Started: now(), Broken: why.Error(),
	})
}

// finish writes the results and passes the run to the functions in done.
func (t *target) finish(run result.Run, seen *report.Coverage, done []func(result.Run)) error {
	err := t.outputs.write(t.context(), run, seen)
	if err != nil && !strings.Contains(run.Broken, err.Error()) {
		run.Broken = strings.TrimPrefix(run.Broken+"; "+err.Error(), "; ")
		_ = t.outputs.draft(t.context(), run, seen) // each writable output names the unwritable ones
	}
	err = errors.Join(err, t.outputs.close())
	for _, f := range done {
		f(run)
	}
	return err
}

var hasRun atomic.Bool

// Run tests the target in a Go test. The test fails when the target misses a requirement. Call it once in a
// process without a Ginkgo suite of its own: Ginkgo has one tree. With several processes, the first one returns
// the run, and the others an empty one.
func Run(t testing.TB, cfg Config) result.Run {
	t.Helper()
	if hasRun.Swap(true) {
		t.Fatal("contract.Run and contract.Main can be called once in a process, and this is the second time")
	}
	run := result.Run{Broken: unended}
	RegisterFailHandler(Fail)
	if err := Register(cfg, func(r result.Run) { run = r }); err != nil {
		t.Fatal(err)
	}
	RunSpecs(new(verdict), "VSee contract")
	if GinkgoParallelProcess() != 1 { // the first one has the run
		return result.Run{}
	}
	var last strings.Builder
	_ = report.Console{W: &last}.Last(run) // a Builder never fails
	t.Log(last.String())
	switch run.ExitCode() {
	case result.ExitFine:
	case result.ExitTarget:
		t.Errorf("the contract run broke: %s", run.Broken)
	case result.ExitConfig:
		t.Error(nothingOf(run))
	case result.ExitKnownDifferences:
		t.Errorf("%s has entries that are stale or have expired: remove or renew them", cfg.KnownDifferences)
	default:
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

// errUntested is the error of a run whose selected requirements are all not testable.
var errUntested = errors.New("nothing could be tested")

// Screen is where Main prints a run for people.
type Screen struct {
	Out      io.Writer // a line for each requirement as it ends; then the failures, with reasons; then the count per state
	Colour   bool      // whether Out may contain colour codes
	Terminal io.Writer // shows a slow requirement on a line that is erased again; nil shows nothing
}

// Main tests the target outside a test, prints its findings as it goes, and returns the run; the run's ExitCode is
// the program's. The error is for a configuration that is wrong or selects nothing, and for results that could not
// be written. Call it once in a process; Ginkgo prints nothing about specs on its standard output from then on.
func Main(ctx context.Context, cfg Config, screen Screen) (result.Run, error) {
	if hasRun.Swap(true) {
		return result.Run{}, errors.New("contract.Run and contract.Main can be called once in a process, and this is the second time")
	}
	var run result.Run
	RegisterFailHandler(Fail)
	console := report.Console{W: screen.Out, Colour: screen.Colour}
	live := &report.Live{Console: console, Terminal: screen.Terminal, Wait: wire.System{}.Wait}
	err := register(ctx, cfg, live, []func(result.Run){func(r result.Run) { run = r }})
	if err != nil && run.Broken == "" {
		return run, err
	}
	if err == nil {
		run.Broken = unended
		formatter.ColorableStdOut = io.Discard // Ginkgo's own report shows values from the target's replies
		suite, reporter := GinkgoConfiguration()
		suite.Timeout = 24 * time.Hour // without a movable clock a check may take long
		RunSpecs(new(verdict), "VSee contract", suite, reporter)
	}
	if err := live.Close(); err != nil {
		return run, fmt.Errorf("%w: %w", errWriting, err)
	}
	err = tell(console, run)
	if err == nil && run.ExitCode() == result.ExitConfig {
		err = fmt.Errorf("%w", nothingOf(run))
	}
	return run, err
}

// verdict takes failures from Ginkgo without printing them: the run reports them better.
type verdict struct{}

// Fail implements GinkgoTestingT.
func (*verdict) Fail() {}
