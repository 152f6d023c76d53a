// Package drift compares the answers of a target before and now: the results of two runs, or two sets
// of replies. It reports each difference on one line, however many replies have it. Ids, tokens, times, other free
// values and the order of lists are no differences.
package drift

import (
	"cmp"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Verdict is the kind of a difference.
type Verdict string

// The verdicts.
const (
	Added        Verdict = "added"         // seen for the first time
	Changed      Verdict = "changed"       // of another JSON type
	Removed      Verdict = "removed"       // no longer seen
	Rarer        Verdict = "rarer"         // seen in fewer of the objects around it
	UnknownValue Verdict = "unknown value" // a value outside the enumeration of its field
	NewCause     Verdict = "new"           // only the current run has the cause
	FirstTested  Verdict = "first tested"  // only the current run has the cause, and only it has tested the requirements
	GoneCause    Verdict = "gone"          // only the previous run has the cause
	KnownCause   Verdict = "known"         // both runs have the cause, or the known differences list it
)

// Line is one difference.
type Line struct {
	Verdict Verdict      `json:"verdict"`
	Class   result.Class `json:"class"`
	Text    string       `json:"text"` // on one line, without free values
	At      int          `json:"line,omitempty"`

	// Stopped are the ids of the requirements ended early by a new cause, and completed before.
	Stopped []string `json:"stopped,omitempty"`
}

// Breaks reports whether any line fails: see Line.Fails.
func Breaks(lines []Line, failOn []result.Class) bool {
	return slices.ContainsFunc(lines, func(l Line) bool { return l.Fails(failOn) })
}

// Fails reports whether the class of the line is in failOn. Causes fail only if they are new.
func (l Line) Fails(failOn []result.Class) bool {
	never := []Verdict{FirstTested, GoneCause, KnownCause}
	return !slices.Contains(never, l.Verdict) && slices.Contains(failOn, l.Class)
}

// sorted returns lines in the order of a report: the urgent ones first.
func sorted(lines []Line) []Line {
	verdicts := []Verdict{NewCause, UnknownValue, Changed, Removed, Rarer, Added, FirstTested, GoneCause, KnownCause}
	slices.SortStableFunc(lines, func(a, b Line) int {
		return cmp.Or(
			slices.Index(verdicts, a.Verdict)-slices.Index(verdicts, b.Verdict),
			slices.Index(result.Classes(), a.Class)-slices.Index(result.Classes(), b.Class), strings.Compare(a.Text, b.Text),
		)
	})
	return lines
}
