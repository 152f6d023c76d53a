package result_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// The exit code tells the kinds of failure apart. It is 0 only if every requirement has a known state and none is red.
func TestTheExitCodeTellsFailuresApart(t *testing.T) {
	t.Parallel()
	run := func(states ...result.State) result.Run {
		r := result.Run{FailOn: []result.Class{result.Breaking}}
		for _, state := range states {
			r.Requirements = append(r.Requirements, result.Requirement{State: state})
		}
		return r
	}
	with := func(r result.Run, change func(r *result.Run)) result.Run {
		change(&r)
		return r
	}
	cause := func(class result.Class, known string) func(r *result.Run) {
		return func(r *result.Run) { r.Causes = append(r.Causes, result.Cause{Class: class, Known: known}) }
	}
	entry := func(state result.EntryState) func(r *result.Run) {
		return func(r *result.Run) { r.Known = append(r.Known, result.KnownEntry{State: state}) }
	}
	unrepeated := func(r *result.Run) { r.Unrepeated = []string{"AUTH-001"} }
	broken := func(r *result.Run) { r.Broken = "the target went away" }
	for name, tc := range map[string]struct {
		run  result.Run
		want int
	}{
		"all pass":            {run(result.Passed, result.Passed), result.ExitFine},
		"one is not testable": {run(result.Passed, result.NotTestable), result.ExitFine},
		"one is known": {with(run(result.Passed, result.Known), cause(result.Breaking, "soon")),
			result.ExitFine},
		"a cause breaks clients":         {with(run(result.Failed), cause(result.Breaking, "")), result.ExitFindings},
		"a cause is of another class":    {with(run(result.Passed), cause(result.Additive, "")), result.ExitFine},
		"a known difference is used":     {with(run(result.Known), entry(result.EntryUsed)), result.ExitFine},
		"a known difference is stale":    {with(run(result.Passed), entry(result.EntryStale)), result.ExitKnownDifferences},
		"a known difference has expired": {with(run(result.Passed), entry(result.EntryExpired)), result.ExitKnownDifferences},
		"one was not tested again":       {with(run(result.Passed), unrepeated), result.ExitConfig},
		"one was not, and one is stale": {with(with(run(result.Passed), unrepeated), entry(result.EntryStale)),
			result.ExitConfig},
		"nothing was selected":     {run(), result.ExitConfig},
		"nothing is testable":      {run(result.NotTestable), result.ExitConfig},
		"an unknown state":         {run(result.Passed, ""), result.ExitTarget},
		"it ended early":           {with(run(result.Passed), broken), result.ExitTarget},
		"it ended before it began": {with(run(), broken), result.ExitTarget},
	} {
		if got := tc.run.ExitCode(); got != tc.want {
			t.Errorf("%s: exit code %d, want %d", name, got, tc.want)
		}
	}
}
