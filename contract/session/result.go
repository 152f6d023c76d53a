package session

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

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
		fmt.Fprintf(&b, "\n  %s (%s): %s %s (%s) %s: expected %s, got %s: %s", c.ID, c.Class, c.Kind, c.Operation, c.Case,
			c.Pointer, c.Expected, c.Got, c.Rule)
		if c.Known != "" {
			fmt.Fprintf(&b, " (known: %s)", c.Known)
		}
	}
	return b.String()
}
