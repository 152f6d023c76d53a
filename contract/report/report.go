// Package report writes the results of a contract run: as JSON for programs, as JUnit for CI servers, as an HTML page for
// people, as Markdown for the summary of a GitHub step, and on a console. Texts in a run may come from the target, so
// every format escapes markup, control sequences and commands.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// states are all known states, the most urgent first.
var states = []result.State{
	result.Failed, result.Expired, result.Stale, result.Expected, result.NotTestable, result.Passed,
}

// noState is shown in place of an unknown state.
const noState = "in an unknown state"

// noReason is shown in place of a missing reason.
const noReason = "no reason given"

// wrong reports whether a state is red or unknown. An unknown state never counts as good.
func wrong(s result.State) bool { return s.Red() || !slices.Contains(states, s) }

// stateText returns a state as text.
func stateText(s result.State) string {
	if !slices.Contains(states, s) {
		return noState
	}
	return string(s)
}

// withState returns the requirements of a run with one of these states. Without states it returns those that are wrong, the
// most urgent first.
func withState(run result.Run, these ...result.State) []result.Requirement {
	var found []result.Requirement
	for _, r := range run.Requirements {
		if slices.Contains(these, r.State) || (len(these) == 0 && wrong(r.State)) {
			found = append(found, r)
		}
	}
	if len(these) == 0 {
		slices.SortStableFunc(found, func(a, b result.Requirement) int {
			return slices.Index(states, a.State) - slices.Index(states, b.State)
		})
	}
	return found
}

// verdict is the conclusion of a run about its target.
type verdict struct {
	Sentence string
	Good     bool
}

// judge returns the verdict. Its cases go from an unusable run to a green one.
func judge(run result.Run) verdict {
	tally, target := run.Tally(), cmp.Or(run.Target.Name, "the target")
	unknown := len(withState(run)) - tally[result.Failed] - tally[result.Stale] - tally[result.Expired]
	tested := tally[result.Passed] + tally[result.Expected]
	rest := ""
	if n := tally[result.NotTestable]; n > 0 {
		rest = fmt.Sprintf("; %d could not be tested", n)
	}
	switch {
	case run.Broken != "":
		return verdict{Sentence: fmt.Sprintf("The run against %s ended early, so nothing is certain: %s", target, run.Broken)}
	case len(run.Requirements) == 0:
		return verdict{Sentence: "Nothing was tested: no requirement was selected."}
	case unknown > 0:
		return verdict{Sentence: fmt.Sprintf("The run against %s is not valid: %s ended in an unknown state.", target, count(unknown, "requirement"))}
	case tally[result.Failed] > 0:
		return verdict{Sentence: fmt.Sprintf("%s does not keep the contract: %d of %s failed%s.", target, tally[result.Failed], count(len(run.Requirements), "requirement"), rest)}
	case len(withState(run)) > 0:
		return verdict{Sentence: fmt.Sprintf("The known differences are out of date for %s: %d stale, %d expired.", target, tally[result.Stale], tally[result.Expired])}
	case tested == 0:
		return verdict{Sentence: fmt.Sprintf("The run says nothing about %s: none of %s could be tested.", target, count(len(run.Requirements), "requirement"))}
	case tally[result.Expected] > 0:
		return verdict{fmt.Sprintf("%s keeps the contract but for %s%s.", target, count(tally[result.Expected], "known difference"), rest), true}
	}
	return verdict{fmt.Sprintf("%s keeps the contract: %s passed%s.", target, count(tested, "requirement"), rest), true}
}

// count returns a number with a noun, in the plural unless n is 1.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// reasonGroup holds the requirements that could not be tested for one reason.
type reasonGroup struct {
	Reason string
	IDs    []string
}

// reasons groups the requirements that could not be tested by reason, the largest group first.
func reasons(run result.Run) []reasonGroup {
	var groups []reasonGroup
	for _, r := range withState(run, result.NotTestable) {
		reason := cmp.Or(r.Reason, noReason)
		i := slices.IndexFunc(groups, func(g reasonGroup) bool { return g.Reason == reason })
		if i < 0 {
			i, groups = len(groups), append(groups, reasonGroup{Reason: reason})
		}
		groups[i].IDs = append(groups[i].IDs, r.ID)
	}
	slices.SortStableFunc(groups, func(a, b reasonGroup) int {
		return cmp.Or(len(b.IDs)-len(a.IDs), strings.Compare(a.Reason, b.Reason))
	})
	return groups
}

// maxReasons is the largest number of reasons in the tally.
const maxReasons = 5

// numbers returns the number of requirements in each state: "2 passed, 0 failed, 1 stale".
func numbers(run result.Run) string {
	n := run.Tally()
	parts := []string{fmt.Sprintf("%d passed, %d failed", n[result.Passed], n[result.Failed])}
	for _, state := range []result.State{result.Expired, result.Stale, result.Expected} {
		if n[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[state], state))
		}
	}
	if unknown := len(withState(run)) - n[result.Failed] - n[result.Stale] - n[result.Expired]; unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d %s", unknown, noState))
	}
	if n[result.NotTestable] > 0 {
		parts = append(parts, fmt.Sprintf("%d not testable", n[result.NotTestable]))
	}
	return strings.Join(parts, ", ")
}

// tally returns numbers with the most frequent reasons of requirements that could not be tested, on one line.
func tally(run result.Run) string {
	if run.Tally()[result.NotTestable] == 0 {
		return numbers(run)
	}
	var why []string
	groups := reasons(run)
	for i, g := range groups {
		if i == maxReasons {
			why = append(why, fmt.Sprintf("and %s", count(len(groups)-i, "other reason")))
			break
		}
		if text := g.Reason; len(groups) == 1 {
			why = append(why, text)
		} else {
			why = append(why, fmt.Sprintf("%s (%d)", text, len(g.IDs)))
		}
	}
	return numbers(run) + ": " + strings.Join(why, "; ")
}
