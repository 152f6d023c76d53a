// Package known holds the known differences: causes that a team has seen on a target and accepts for a while. Each
// entry names one cause, and has a reason, an owner and a last day. The package marks the causes of a run that an entry
// covers. It also reports entries that are stale or have expired, so that nobody forgets a difference.
package known

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Differences are the known differences of one file. A nil *Differences is valid and has no entries.
type Differences struct {
	Entries []Entry
}

// Entry is one known difference.
type Entry struct {
	Cause   result.Key // its pointer may have wildcards: * for one element, ** at the end for one or more
	Targets []string   // the names of the targets that differ
	Reason  string     // why the team accepts the difference for now
	Owner   string     // the person or team that removes the difference
	Since   time.Time  // the first day of the entry
	Expires time.Time  // the last day of the entry
	Line    int        // in the file, counted from 1
}

// Apply sets Known of each cause that an entry for the run's target covers, and fills run.Known with all entries. A
// requirement that failed or is blocked becomes result.Known if entries cover all its causes, except for additive ones.
// An entry covers nothing before its first day or after its last one.
func (d *Differences) Apply(run *result.Run, today time.Time) {
	if d == nil {
		return
	}
	run.Known = []result.KnownEntry{}
	date := today.Format(time.DateOnly) // in the zone of today; such texts sort by date
	for _, entry := range d.Entries {
		run.Known = append(run.Known, result.KnownEntry{
			Key: entry.Cause, State: entry.apply(run, date), Line: entry.Line, Owner: entry.Owner, Reason: entry.Reason,
		})
	}
	uncovered := map[string]bool{} // whether a cause is uncovered, by id; additive causes are in no requirement's way
	for _, cause := range run.Causes {
		if cause.Class != result.Additive {
			uncovered[cause.ID] = cause.Known == ""
		}
	}
	for i := range run.Requirements {
		applyTo(&run.Requirements[i], uncovered)
	}
}

// apply marks the causes that the entry covers, and returns the state of the entry.
func (e Entry) apply(run *result.Run, date string) result.EntryState {
	switch {
	case !slices.Contains(e.Targets, run.Target.Name):
		return result.EntryElsewhere
	case date < e.Since.Format(time.DateOnly):
		return result.EntryEarly
	}
	expires := e.Expires.Format(time.DateOnly)
	state := result.EntryNotReached
	if !slices.Contains(run.Seen.Partial, e.Cause.Operation) &&
		slices.Contains(run.Seen.Exercised, e.Cause.Operation+" "+string(e.Cause.Case)) {
		state = result.EntryStale
	}
	for i := range run.Causes {
		cause := &run.Causes[i]
		switch {
		case !covers(e.Cause, cause.Key):
		case date > expires:
			state = result.EntryExpired
		default:
			state = result.EntryUsed
			if cause.Known == "" {
				cause.Known = fmt.Sprintf("%s (owner %s, until %s)", e.Reason, e.Owner, expires)
			}
		}
	}
	return state
}

func applyTo(r *result.Requirement, uncovered map[string]bool) {
	if r.State != result.Failed && r.State != result.Blocked {
		return
	}
	some := false
	for _, id := range r.Causes {
		open, counts := uncovered[id]
		if open {
			return
		}
		some = some || counts
	}
	if some {
		r.State, r.Reason = result.Known, ""
	}
}

// covers reports whether a cause is the one of an entry.
func covers(entry, cause result.Key) bool {
	pattern, pointer := entry.Pointer, cause.Pointer
	entry.Pointer, cause.Pointer = "", ""
	return entry == cause && matches(strings.Split(pattern, "/"), strings.Split(pointer, "/"))
}

// matches reports whether the elements of a pointer match those of a pattern.
func matches(pattern, pointer []string) bool {
	if n := len(pattern) - 1; pattern[n] == "**" && len(pointer) > n {
		pattern, pointer = pattern[:n], pointer[:n]
	}
	return slices.EqualFunc(pattern, pointer, func(p, element string) bool { return p == "*" || p == element })
}
