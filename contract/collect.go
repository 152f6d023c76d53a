package contract

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/wire"
)

// root is the container of all specs.
const root = "VSee contract"

// traced is the name of the report entry with a spec's last exchange.
const traced = "vsee-contract exchange"

// settled names the report entry with the state that a known difference gives a spec.
const settled = "vsee-contract known difference"

// halted begins the reason of a spec skipped because the run has ended.
const halted = "the run has ended early: "

// show runs the body of a spec. The details of a failure are kept in Ginkgo's report: the report reaches the
// process that writes the results, from all others.
func (t *target) show(ctx SpecContext, s *spec) {
	if reason := t.lacks(s); reason != "" {
		Skip(reason)
	}
	if reason := t.over(); reason != "" {
		Skip(halted + reason)
	}
	shown := false
	t.client.last = exchange{}
	var w *world
	defer func() {
		t.hear(w != nil && w.spoiled)
		t.client.sights()
		if !shown {
			if sent := t.client.wire.Exchanges(s.id); len(sent) > 0 && t.client.last.Operation != "" {
				t.client.last.Shown = &sent[len(sent)-1]
			}
			AddReportEntry(traced, t.client.last, ReportEntryVisibilityFailureOrVerbose)
		}
	}()
	w = t.enter(wire.WithRequirement(ctx, s.id), s.setUp...)
	if t.known.Has(s.id, t.Name(), now()) {
		failure := InterceptGomegaFailure(func() { s.body(w) })
		shown = failure == nil
		t.settle(s, failure)
		return
	}
	s.body(w)
	shown = true
}

// settle ends a spec with a known difference. Ginkgo then reports an expected failure as skipped, and a stale or
// expired entry as a failure. failure is Gomega's error, nil if the spec has passed.
func (t *target) settle(s *spec, failure error) {
	GinkgoHelper()
	q := s.result()
	q.State = result.Passed
	if failure != nil {
		q.State, t.client.last.Rule = result.Failed, described(failure.Error())
		if t.over() != "" { // the end of the run is the reason for this failure, and no entry expects it
			Fail(failure.Error())
		}
	}
	t.known.Apply(&q, t.Name(), now())
	of := settlement{q.State, q.Reason}
	AddReportEntry(settled, of, ReportEntryVisibilityNever)
	switch q.State {
	case result.Expected:
		Skip(of.String())
	case result.Expired:
		Fail("the known difference has " + of.String() + "\n\n" + failure.Error())
	case result.Stale:
		Fail("the known difference is " + of.String())
	case result.Passed, result.Failed, result.NotTestable: // not while the entry holds
	}
}

// settlement is the state that a known difference gives a spec.
type settlement struct {
	State  result.State
	Reason string
}

// String returns the state and its reason, for people to read.
func (s settlement) String() string { return string(s.State) + ": " + s.Reason }

// watch reports the specs of this container to the live report as they begin and end.
func (t *target) watch(specs []*spec) {
	if t.live == nil {
		return
	}
	of := map[string]*spec{}
	for _, s := range specs {
		of[s.id] = s
	}
	ReportBeforeEach(func(r SpecReport) {
		if s := of[idOf(r.Labels())]; s != nil {
			t.live.Began(s.id, s.sentence())
		}
	})
	ReportAfterEach(func(r SpecReport) {
		s := of[idOf(r.Labels())]
		begun := !r.State.Is(types.SpecStateSkipped) || r.FailureMessage() != "" && !strings.HasPrefix(r.FailureMessage(), halted)
		if s != nil && begun {
			t.live.Ended(ended(s, r))
		}
	})
}

// over returns the reason to run no more specs, "" to go on.
func (t *target) over() string {
	if t.until != nil && t.until.Err() != nil {
		return interrupted
	}
	if t.client.stopped == nil && t.client.wire.GaveUp() {
		t.client.stopped = wire.ErrGaveUp
	}
	if t.client.stopped != nil {
		return t.client.stopped.Error()
	}
	return ""
}

// collect adds the result of each spec to a run.
func collect(run *result.Run, specs []*spec, report Report) {
	specs = byID(specs)
	run.Started, run.Duration = report.StartTime, seconds(report.RunTime)
	if report.SuiteConfig.DryRun { // a dry run reports every spec as passed
		run.Broken = "it was a dry run"
		for _, s := range specs {
			run.Requirements = append(run.Requirements, untested(s, run.Broken))
		}
		return
	}
	reports := map[string]SpecReport{}
	for _, r := range report.SpecReports {
		if r.LeafNodeType == types.NodeTypeIt && len(r.ContainerHierarchyTexts) > 0 && r.ContainerHierarchyTexts[0] == root {
			reports[idOf(r.Labels())] = r
		}
		run.Broken = cmp.Or(run.Broken, endedBy(r))
	}
	for _, s := range specs {
		r, ok := reports[s.id]
		if !ok || r.State.Is(types.SpecStateSkipped) && r.FailureMessage() == "" && run.Broken == "" {
			continue // Ginkgo's own filters left it out
		}
		run.Requirements = append(run.Requirements, ended(s, r))
	}
}

// byID returns specs in the order of their ids.
func byID(specs []*spec) []*spec {
	return slices.SortedFunc(slices.Values(specs), func(a, b *spec) int { return strings.Compare(a.id, b.id) })
}

// endedBy returns how a node ended a run early, "" when it did not.
func endedBy(r SpecReport) string {
	ours := len(r.ContainerHierarchyTexts) > 0 && r.ContainerHierarchyTexts[0] == root
	reason, stopped := strings.CutPrefix(r.FailureMessage(), halted)
	switch {
	case r.State.Is(types.SpecStateInterrupted | types.SpecStateAborted):
		return interrupted
	case r.LeafNodeType.Is(types.NodeTypeBeforeSuite|types.NodeTypeSynchronizedBeforeSuite) && !r.State.Is(types.SpecStatePassed):
		return "the suite's own BeforeSuite did not pass"
	case ours && r.State.Is(types.SpecStatePanicked):
		return "the code that shows " + idOf(r.Labels()) + " panicked"
	case ours && stopped:
		return reason
	}
	return ""
}

// ended returns the result of a requirement.
func ended(s *spec, r SpecReport) result.Requirement {
	q := s.result()
	q.Duration = seconds(r.RunTime)
	of := entry[settlement](r, settled)
	switch {
	case of.State != "" && !r.State.Is(types.SpecStateInterrupted|types.SpecStateAborted|types.SpecStatePanicked):
		q.State, q.Reason = of.State, of.Reason
		if of.State != result.Stale {
			q.Findings = findings(s, r)
		}
	case r.State.Is(types.SpecStatePassed):
		q.State = result.Passed
	case r.State.Is(types.SpecStateSkipped):
		q.State, q.Reason = result.NotTestable, cmp.Or(r.FailureMessage(), halted+"it was not begun")
	case r.State.Is(types.SpecStateInterrupted | types.SpecStateAborted):
		q.State, q.Reason = result.NotTestable, halted+interrupted
	case r.State.Is(types.SpecStateFailureStates):
		q.State, q.Findings = result.Failed, findings(s, r)
	default:
		q.State, q.Reason = result.NotTestable, "it was not run: "+r.State.String()
	}
	return q
}

func untested(s *spec, reason string) result.Requirement {
	q := s.result()
	q.State, q.Reason = result.NotTestable, reason
	return q
}

// findings returns the reasons for a spec's failure, without any value from the target's replies.
func findings(s *spec, r SpecReport) []result.Finding {
	last := entry[exchange](r, traced)
	if len(last.Findings) > 0 {
		for i := range last.Findings {
			last.Findings[i].Exchange = last.Shown
		}
		return last.Findings
	}
	f := result.Finding{Operation: cmp.Or(s.operation, last.Operation), Exchange: last.Shown}
	if f.Operation == last.Operation { // the last request may only have checked the effect of another
		f.Status = last.Status
	}
	switch {
	case r.State.Is(types.SpecStateTimedout):
		f.Rule = s.sentence() + ": it took too long"
	case r.State.Is(types.SpecStatePanicked):
		f.Rule = s.sentence() + ": the code that shows it panicked"
	default:
		f.Rule = s.sentence() + ": " + cmp.Or(last.Rule, described(r.FailureMessage()), "the target does otherwise")
	}
	return []result.Finding{f}
}

// entry returns the last entry of a name in the report of a spec, which may have been tried again; its zero value
// when there is none.
func entry[T any](r SpecReport, name string) T {
	var last T
	for _, entry := range r.ReportEntries {
		if entry.Name != name {
			continue
		}
		if known, ok := entry.GetRawValue().(T); ok {
			last = known
			continue
		}
		var read T
		if json.Unmarshal([]byte(entry.Value.AsJSON), &read) == nil { // it comes from another process
			last = read
		}
	}
	return last
}

// described returns the description of an assertion, "" when it has none. Gomega prints the description above the
// matcher's message, which has values in it. After a wait, Gomega puts a line of its own above both.
func described(message string) string {
	lines := strings.Split(message, "\n")
	if strings.HasPrefix(lines[0], "Timed out after") {
		lines = lines[1:]
	}
	if len(lines) < 2 || !isMatchers(lines[1]) || isMatchers(lines[0]) {
		return ""
	}
	return strings.TrimSpace(lines[0])
}

// isMatchers reports whether a line is the first of a matcher's message.
func isMatchers(line string) bool {
	return strings.HasPrefix(line, "Expected") || strings.HasPrefix(line, "Unexpected error")
}

func seconds(d time.Duration) result.Seconds { return result.Seconds(d.Seconds()) }

// now is the real time, as opposed to the time of a clinic.
func now() time.Time {
	return time.Now() //nolint:forbidigo // a run happens in real time, whatever a clinic's clock shows
}

// errWriting wraps the errors of results that could not be written.
var errWriting = errors.New("writing the results")
