// Package report tells what a contract run has found: as JSON for programs, as JUnit for CI servers, as a page for
// managers, as Markdown for the summary of a GitHub step, and on a console. What a run holds may come from the target,
// so nothing of it is taken for markup, for an escape sequence or for a command.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// states are those there are, in the order in which people are told of them.
var states = []result.State{
	result.Failed, result.Expired, result.Stale, result.Expected, result.NotTestable, result.Passed,
}

// noState is what people read where a requirement is in no state that there is.
const noState = "of no known state"

// noReason is what people read where a reason is missing.
const noReason = "nobody says why"

// wrong reports whether people must look at a requirement. A state that there is not is never taken for a good one.
func wrong(s result.State) bool { return s.Red() || !slices.Contains(states, s) }

// word is a state for people.
func word(s result.State) string {
	if !slices.Contains(states, s) {
		return noState
	}
	return string(s)
}

// in returns the requirements of a run that are in one of some states; those that are wrong, the worst first, when there
// are none.
func in(run result.Run, these ...result.State) []result.Requirement {
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

// verdict is what a run says of its target.
type verdict struct {
	Sentence string
	Good     bool
}

func judge(run result.Run) verdict {
	tally, target := run.Tally(), cmp.Or(run.Target.Name, "the target")
	unknown := len(in(run)) - tally[result.Failed] - tally[result.Stale] - tally[result.Expired]
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
		return verdict{Sentence: fmt.Sprintf("Something is wrong with the run against %s: %s ended in no known state.", target, count(unknown, "requirement"))}
	case tally[result.Failed] > 0:
		return verdict{Sentence: fmt.Sprintf("%s does not keep the contract: %d of %s failed%s.", target, tally[result.Failed], count(len(run.Requirements), "requirement"), rest)}
	case len(in(run)) > 0:
		return verdict{Sentence: fmt.Sprintf("The known differences are out of date for %s: %d stale, %d expired.", target, tally[result.Stale], tally[result.Expired])}
	case tested == 0:
		return verdict{Sentence: fmt.Sprintf("Nothing is known of %s: none of %s could be tested.", target, count(len(run.Requirements), "requirement"))}
	case tally[result.Expected] > 0:
		return verdict{fmt.Sprintf("%s keeps the contract but for %s%s.", target, count(tally[result.Expected], "known difference"), rest), true}
	}
	return verdict{fmt.Sprintf("%s keeps the contract: %s passed%s.", target, count(tested, "requirement"), rest), true}
}

// count is so many of something, in words.
func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// group is the requirements that could not be tested for one reason.
type group struct {
	Reason string
	IDs    []string
}

// reasons returns why requirements could not be tested, the reason of most of them first.
func reasons(run result.Run) []group {
	var groups []group
	for _, r := range in(run, result.NotTestable) {
		reason := cmp.Or(r.Reason, noReason)
		i := slices.IndexFunc(groups, func(g group) bool { return g.Reason == reason })
		if i < 0 {
			i, groups = len(groups), append(groups, group{Reason: reason})
		}
		groups[i].IDs = append(groups[i].IDs, r.ID)
	}
	slices.SortStableFunc(groups, func(a, b group) int {
		return cmp.Or(len(b.IDs)-len(a.IDs), strings.Compare(a.Reason, b.Reason))
	})
	return groups
}

// maxReasons is how many reasons the tally tells.
const maxReasons = 5

// numbers says how many requirements are in each state.
func numbers(run result.Run) string {
	n := run.Tally()
	parts := []string{fmt.Sprintf("%d passed, %d failed", n[result.Passed], n[result.Failed])}
	for _, state := range []result.State{result.Expired, result.Stale, result.Expected} {
		if n[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[state], state))
		}
	}
	if unknown := len(in(run)) - n[result.Failed] - n[result.Stale] - n[result.Expired]; unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d %s", unknown, noState))
	}
	if n[result.NotTestable] > 0 {
		parts = append(parts, fmt.Sprintf("%d not testable", n[result.NotTestable]))
	}
	return strings.Join(parts, ", ")
}

// tally says how many requirements are in each state, and of those that are not testable why, on one line.
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
