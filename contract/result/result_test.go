package result_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// The exit code tells the kinds of failure apart. It is 0 only if every requirement has a known state and none is red.
func TestTheExitCodeTellsFailuresApart(t *testing.T) {
	t.Parallel()
	run := func(broken string, states ...result.State) result.Run {
		r := result.Run{Broken: broken}
		for _, state := range states {
			r.Requirements = append(r.Requirements, result.Requirement{State: state})
		}
		return r
	}
	for name, tc := range map[string]struct {
		run  result.Run
		want int
	}{
		"all pass":                       {run("", result.Passed, result.Passed), result.ExitFine},
		"one is not testable":            {run("", result.Passed, result.NotTestable), result.ExitFine},
		"one fails as expected":          {run("", result.Passed, result.Expected), result.ExitFine},
		"one fails":                      {run("", result.Passed, result.Failed, result.Stale), result.ExitFindings},
		"a known difference is stale":    {run("", result.Passed, result.Stale), result.ExitKnownDifferences},
		"a known difference has expired": {run("", result.Expired), result.ExitKnownDifferences},
		"nothing was selected":           {run(""), result.ExitConfig},
		"nothing is testable":            {run("", result.NotTestable), result.ExitConfig},
		"an unknown state":               {run("", result.Passed, ""), result.ExitTarget},
		"it ended early":                 {run("the target went away", result.Passed), result.ExitTarget},
		"it ended before it began":       {run("the target is not there"), result.ExitTarget},
	} {
		if got := tc.run.ExitCode(); got != tc.want {
			t.Errorf("%s: exit code %d, want %d", name, got, tc.want)
		}
	}
}
