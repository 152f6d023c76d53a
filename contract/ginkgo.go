package contract

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"
	gomegatypes "github.com/onsi/gomega/types"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/session"
)

// reported is the name of the report entry with the session.Result of a requirement.
const reported = "VSee contract"

// Register adds the selected requirements to the tree of the running suite, one spec for each, with the requirement's
// labels and a report entry with its session.Result. Call it at the top level and before RunSpecs; the suite's own
// BeforeSuite, AfterSuite and specs stay as they are. Each function in done gets the run after it has ended; with
// several processes, in the first one.
//
// The first spec tries all requirements that Ginkgo's label filter selects, side by side where the target allows it;
// the other specs have their results. With several processes, all of the specs are in one.
//
// Known differences apply here too. A spec with known differences alone passes. If an entry is stale or has expired,
// the report of the suite fails, and names it.
//
// The target must be up already. Register reports an unreachable target or refused credentials once, instead of
// once per spec.
func Register(cfg Config, done ...func(result.Run)) error {
	ctx := context.Background()
	s, err := session.Prepare(ctx, cfg)
	if err != nil {
		return err
	}
	suite, _ := GinkgoConfiguration()
	r := &registered{Session: s, done: done}
	if GinkgoParallelProcess() == 1 && !suite.DryRun {
		if err := r.Begin(ctx); err != nil {
			return err
		}
		if err := engine.Reach(ctx, s.Options); err != nil {
			run, _ := r.Finish(ctx, engine.Unended(s.Options, err.Error(), "the run did not begin"))
			r.pass(run)
			return err
		}
	}
	filter, err := types.ParseLabelFilter(suite.LabelFilter)
	if err != nil {
		return fmt.Errorf("reading Ginkgo's label filter: %w", err)
	}
	all := s.Requirements
	r.Requirements = slices.DeleteFunc(slices.Clone(all), func(q engine.Requirement) bool { return !filter(q.Tags()) })
	r.plant(all)
	return nil
}

// registered is a run inside a suite of Ginkgo's.
type registered struct {
	*session.Session
	done []func(result.Run)
	once sync.Once
	run  result.Run
	err  error
}

// plant adds a spec for each requirement, and the end of the run.
func (r *registered) plant(all []engine.Requirement) {
	Describe("VSee contract", Serial, func() {
		for _, q := range all {
			It(q.Title, Label(q.Tags()...), func(ctx SpecContext) { r.show(ctx, q.ID) })
		}
	})
	ReportAfterSuite("VSee contract", func(ctx SpecContext, report Report) {
		run, err := r.Finish(ctx, r.ended(report))
		r.pass(run)
		Expect(err).NotTo(HaveOccurred(), "the results of the run")
		for _, entry := range run.Known {
			Expect(entry.State).NotTo(BeElementOf(result.EntryStale, result.EntryExpired), "the known difference in line %d",
				entry.Line)
		}
	})
}

// show is the body of a spec.
func (r *registered) show(ctx context.Context, id string) {
	r.once.Do(func() { r.run, r.err = engine.Run(ctx, r.Options) })
	Expect(r.err).NotTo(HaveOccurred())
	for _, one := range session.Results(r.run) {
		if one.ID != id {
			continue
		}
		AddReportEntry(reported, one, ReportEntryVisibilityFailureOrVerbose)
		if one.State == result.NotTestable {
			Skip(one.Reason)
		}
		Expect(one).To(Hold())
	}
}

// ended returns the run after the suite, with the requirements whose specs Ginkgo has run.
func (r *registered) ended(report Report) result.Run {
	ran := map[string]bool{}
	why := "it did not get to its end"
	for _, spec := range report.SpecReports {
		switch {
		case spec.LeafNodeType.Is(types.NodeTypeBeforeSuite|types.NodeTypeSynchronizedBeforeSuite) &&
			!spec.State.Is(types.SpecStatePassed):
			why = "the suite's own BeforeSuite did not pass"
		case spec.State.Is(types.SpecStateInterrupted | types.SpecStateAborted):
			why = engine.Interrupted
		}
		for _, entry := range spec.ReportEntries {
			if entry.Name == reported {
				ran[idOf(spec.LeafNodeLabels)] = true
			}
		}
	}
	if report.SuiteConfig.DryRun { // a dry run reports every spec as passed
		why = "it was a dry run"
	}
	if r.run.ID == "" {
		return engine.Unended(r.Options, why, why)
	}
	run := r.run
	run.Requirements = slices.DeleteFunc(slices.Clone(run.Requirements),
		func(q result.Requirement) bool { return !ran[q.ID] })
	return run
}

func (r *registered) pass(run result.Run) {
	for _, f := range r.done {
		f(run)
	}
}

// idOf returns the id in labels, "" for none.
func idOf(labels []string) string {
	for _, label := range labels {
		if id, ok := strings.CutPrefix(label, "id:"); ok {
			return id
		}
	}
	return ""
}

// Hold returns a matcher for a session.Result: it succeeds when the requirement passed, or failed by known differences
// alone. Its failure message has the causes, and no values of the target.
func Hold() gomegatypes.GomegaMatcher { return hold{} }

type hold struct{}

// Match implements GomegaMatcher.
func (hold) Match(actual any) (bool, error) {
	r, ok := actual.(session.Result)
	if !ok {
		return false, fmt.Errorf("the matcher Hold expects a session.Result, and got a %T", actual)
	}
	return r.Holds(), nil
}

// FailureMessage implements GomegaMatcher.
func (hold) FailureMessage(actual any) string { return fmt.Sprint(actual) }

// NegatedFailureMessage implements GomegaMatcher.
func (hold) NegatedFailureMessage(actual any) string {
	return "expected not to hold: " + fmt.Sprint(actual)
}
