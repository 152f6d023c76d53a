// Package report writes the results of a contract run: as JSON for programs, as JUnit for CI servers, as an HTML page
// for people, as Markdown and annotations for GitHub, and on a console. Every report begins with the causes. Texts in a
// run may come from the target, so every format escapes markup, control sequences and commands.
package report

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// noState is shown in place of an unknown state.
const noState = "in an unknown state"

// noReason is shown in place of a missing reason.
const noReason = "no reason given"

// stateText returns a state as text.
func stateText(s result.State) string {
	if !slices.Contains(result.States(), s) {
		return noState
	}
	return string(s)
}

// withState returns the requirements in one state.
func withState(run result.Run, state result.State) []result.Requirement {
	return slices.DeleteFunc(slices.Clone(run.Requirements), func(r result.Requirement) bool { return r.State != state })
}

// tested returns the number of requirements that passed, failed, or have only known differences. Blocked and
// not-testable requirements do not count.
func tested(run result.Run) int {
	tally := run.Tally()
	return tally[result.Passed] + tally[result.Failed] + tally[result.Known]
}

// unknownStates returns the number of requirements with an unknown state. They never count as good.
func unknownStates(run result.Run) int {
	n := 0
	for _, r := range run.Requirements {
		if !slices.Contains(result.States(), r.State) {
			n++
		}
	}
	return n
}

// verdict is the conclusion of a run about its target.
type verdict struct {
	Sentence string
	Good     bool
}

// judge returns the verdict of the first case that applies, the worst first: from an unusable run to a green one. A run
// whose only differences are known, or outside --fail-on, is good.
func judge(run result.Run) verdict {
	target, red := cmp.Or(run.Target.Name, "the target"), run.Red()
	switch {
	case run.Broken != "":
		return verdict{Sentence: fmt.Sprintf("The run against %s ended early, so nothing is certain: %s", target, run.Broken)}
	case len(run.Requirements) == 0:
		return verdict{Sentence: "Nothing was tested: no requirement was selected."}
	case unknownStates(run) > 0:
		return verdict{
			Sentence: fmt.Sprintf(
				"The run against %s is not valid: %s ended in an unknown state.", target,
				Count(unknownStates(run), "requirement"),
			),
		}
	case len(red) > 0:
		return verdict{
			Sentence: fmt.Sprintf(
				"%s does not keep the contract: %s (%s).", target, Count(len(red), "difference"), classes(red),
			),
		}
	case len(run.Unrepeated) > 0 && tested(run) > 0:
		return verdict{
			Sentence: fmt.Sprintf(
				"Nothing is certain about %s: %s of the run before could not be tested again (%s). Remove the reasons, or run "+
					"without --rerun.", target, Count(len(run.Unrepeated), "failed requirement"), idList(run.Unrepeated, fewIDs),
			),
		}
	case len(outdated(run)) > 0:
		return verdict{
			Sentence: fmt.Sprintf(
				"The known differences are out of date for %s: %s.", target, Count(len(outdated(run)), "stale or expired entry"),
			),
		}
	case tested(run) == 0:
		return verdict{
			Sentence: fmt.Sprintf(
				"The run says nothing about %s: none of %s could be tested.", target, Count(len(run.Requirements), "requirement"),
			),
		}
	}
	var but []string
	if known := slices.DeleteFunc(
		slices.Clone(run.Causes), func(c result.Cause) bool { return c.Known == "" },
	); len(known) > 0 {
		but = append(but, Count(len(known), "known difference"))
	}
	if rest := slices.DeleteFunc(
		slices.Clone(run.Causes), func(c result.Cause) bool { return c.Known != "" },
	); len(rest) > 0 {
		but = append(but, fmt.Sprintf("%s (%s) left out of --fail-on", Count(len(rest), "difference"), classes(rest)))
	}
	if len(but) > 0 {
		return verdict{fmt.Sprintf("%s keeps the contract but for %s.", target, strings.Join(but, " and ")), true}
	}
	return verdict{fmt.Sprintf("%s keeps the contract.", target), true}
}

// classes returns the number of causes in each class: "2 breaking, 1 unclear".
func classes(causes []result.Cause) string {
	var texts []string
	for _, class := range result.Classes() {
		n := 0
		for _, c := range causes {
			if c.Class == class {
				n++
			}
		}
		if n > 0 {
			texts = append(texts, fmt.Sprintf("%d %s", n, class))
		}
	}
	return strings.Join(texts, ", ")
}

// outdated returns the entries of the known differences that are stale or have expired.
func outdated(run result.Run) []result.KnownEntry {
	return slices.DeleteFunc(slices.Clone(run.Known), func(e result.KnownEntry) bool {
		return e.State != result.EntryStale && e.State != result.EntryExpired
	})
}

// idle returns a sentence for each reason why known differences are in force elsewhere or later: such an entry may have
// a mistake in its targets or dates.
func idle(run result.Run) []string {
	var sentences []string
	for _, of := range []struct {
		state result.EntryState
		text  string
	}{
		{result.EntryElsewhere, "name no target of this run, " + cmp.Or(run.Target.Name, "the target") + ","},
		{result.EntryEarly, "begin after today"},
	} {
		var lines []string
		for _, e := range run.Known {
			if e.State == of.state {
				lines = append(lines, strconv.Itoa(e.Line))
			}
		}
		if len(lines) > 0 {
			sentences = append(sentences, fmt.Sprintf("the known differences %s in line %s", of.text, idList(lines, fewIDs)))
		}
	}
	return sentences
}

// extent returns how much a run has seen: "51 of 723 requirements tested, 6 of 21 operations seen." For a run that only
// read, it adds the way to see more; for one that booked visits, the visits left on the target.
func extent(run result.Run) string {
	text := fmt.Sprintf("%d of %s tested", tested(run), Count(len(run.Requirements), "requirement"))
	if run.Seen.Of > 0 {
		text += fmt.Sprintf(", %d of %s seen", len(run.Seen.Operations), Count(run.Seen.Of, "operation"))
	}
	text += "."
	if isReading(run) {
		text += " This run only reads. To see more, test with made-up patients (--allow-mutating), " +
			"or give it the token of a synthetic member (VSEE_MEMBER_TOKEN)."
	}
	if len(run.Left) > 0 {
		text += fmt.Sprintf(" Left on the target: %s.", idList(run.Left, maxRows))
	}
	return text
}

// isReading reports whether a complete run against a real target selected requirements that write, and could test none
// of them.
func isReading(run result.Run) bool {
	mutating := slices.DeleteFunc(
		slices.Clone(run.Requirements), func(r result.Requirement) bool { return r.Effect != "mutating" },
	)
	return !run.Target.Mock && run.Broken == "" && len(mutating) > 0 &&
		!slices.ContainsFunc(mutating, func(r result.Requirement) bool { return r.State != result.NotTestable })
}

// Count returns a number with a noun, in the plural unless n is 1.
func Count(n int, noun string) string {
	if stem, ok := strings.CutSuffix(noun, "y"); ok && n != 1 {
		return fmt.Sprintf("%d %sies", n, stem)
	}
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

// numbers returns the number of requirements in each state: "2 passed, 0 failed, 1 blocked". Other states are left out
// when they have none.
func numbers(run result.Run) string {
	n := run.Tally()
	parts := []string{fmt.Sprintf("%d passed, %d failed", n[result.Passed], n[result.Failed])}
	for _, state := range []result.State{result.Blocked, result.Known} {
		if n[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[state], state))
		}
	}
	if unknown := unknownStates(run); unknown > 0 {
		parts = append(parts, fmt.Sprintf("%d %s", unknown, noState))
	}
	if n[result.NotTestable] > 0 {
		parts = append(parts, fmt.Sprintf("%d not testable", n[result.NotTestable]))
	}
	return strings.Join(parts, ", ")
}

// tally returns the result of numbers and the most frequent reasons why requirements could not be tested: a single
// reason on the same line, and several on a line each, with their numbers. It names at most maxReasons reasons.
func tally(run result.Run) string {
	groups := reasons(run)
	switch len(groups) {
	case 0:
		return numbers(run)
	case 1:
		return numbers(run) + ": " + groups[0].Reason
	}
	lines := []string{numbers(run) + ":"}
	for _, g := range groups[:min(len(groups), maxReasons)] {
		lines = append(lines, fmt.Sprintf("  %4d  %s", len(g.IDs), g.Reason))
	}
	if others := len(groups) - maxReasons; others > 0 {
		lines = append(lines, "        "+Count(others, "other reason"))
	}
	return strings.Join(lines, "\n")
}
