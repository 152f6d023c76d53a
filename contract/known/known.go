// Package known holds the known differences: failures that a team has seen on a target and accepts for a while. Each
// entry has a reason, an owner and a last day. The package marks the failures of a run that an entry expects. It also
// reports entries that are stale or have expired, so that nobody forgets a difference.
package known

import (
	"fmt"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Differences are the known differences of one file. A nil *Differences is valid and has no entries.
type Differences struct {
	File    string // the name of the file, for reasons
	Entries []Entry
}

// Entry is one known difference.
type Entry struct {
	Requirement string    // the requirement's id
	Targets     []string  // the names of the targets that differ
	Reason      string    // why the team accepts the difference for now
	Owner       string    // the person or team that removes the difference
	Since       time.Time // the first day of the entry
	Expires     time.Time // the last day of the entry
	Line        int       // in the file, counted from 1
}

// Has reports whether a requirement has an entry for a target, and today is not before its first day. The entry may
// have expired.
func (d *Differences) Has(requirement, target string, today time.Time) bool {
	_, ok := d.find(requirement, target, today)
	return ok
}

// Apply changes the state of a result that has an entry for the target, and sets Reason to the entry's text:
// a failure becomes result.Expected, or result.Expired after the entry's last day, and a pass becomes result.Stale.
// It does not change a result without an entry, before the entry's first day, or of a requirement that is not testable.
func (d *Differences) Apply(r *result.Requirement, target string, today time.Time) {
	entry, ok := d.find(r.ID, target, today)
	if !ok {
		return
	}
	expires := entry.Expires.Format(time.DateOnly)
	switch {
	case r.State == result.Passed:
		r.State = result.Stale
		r.Reason = fmt.Sprintf("the requirement passes; remove its entry from %s (line %d, owner %s)", d.File, entry.Line, entry.Owner)
	case r.State == result.Failed && dateOf(today) <= expires:
		r.State = result.Expected
		r.Reason = fmt.Sprintf("%s (owner %s, until %s)", entry.Reason, entry.Owner, expires)
	case r.State == result.Failed:
		r.State = result.Expired
		r.Reason = fmt.Sprintf("%s (owner %s, expired after %s)", entry.Reason, entry.Owner, expires)
	}
}

// find returns the entry for a requirement and a target. It returns false without an entry, and before the entry's
// first day.
func (d *Differences) find(id, target string, today time.Time) (Entry, bool) {
	if d == nil {
		return Entry{}, false
	}
	for _, entry := range d.Entries {
		if entry.Requirement == id && slices.Contains(entry.Targets, target) {
			return entry, dateOf(today) >= entry.Since.Format(time.DateOnly)
		}
	}
	return Entry{}, false
}

// dateOf returns the date in the time's own zone, as YYYY-MM-DD: such texts sort by date.
func dateOf(t time.Time) string { return t.Format(time.DateOnly) }
