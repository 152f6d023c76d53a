// Package ledger keeps the known differences between targets and what is required: for each the reason, who looks
// after it, and until when it may stay. It tells a run which of its failures were expected, and which of its own
// entries are stale or have expired, so that no difference is forgotten.
package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// Ledger is the known differences. None, and a nil Ledger, is a ledger too.
type Ledger struct {
	File    string // what it was read from
	Entries []Entry
}

// Entry is one known difference.
type Entry struct {
	Requirement string    // its id
	Targets     []string  // the names of the targets that differ
	Reason      string    // why it is left so
	Owner       string    // who sees to it
	Since       time.Time // the day on which it begins to hold
	Expires     time.Time // the last day on which it holds
	Line        int       // of the file, from 1
}

// Holds reports whether there is an entry for a requirement and a target that has begun to hold; it may have expired.
func (l *Ledger) Holds(requirement, target string, today time.Time) bool {
	_, ok := l.of(requirement, target, today)
	return ok
}

// Settle makes of a requirement that has failed one that has failed as expected, or whose entry has expired; and of one
// that passes although it has an entry, one whose entry is stale. Reason says which entry that is. What is not testable
// stays so, and so does what the ledger does not have, or not yet.
func (l *Ledger) Settle(r *result.Requirement, target string, today time.Time) {
	entry, ok := l.of(r.ID, target, today)
	if !ok {
		return
	}
	expires := entry.Expires.Format(time.DateOnly)
	switch {
	case r.State == result.Passed:
		r.State = result.Stale
		r.Reason = fmt.Sprintf("it passes, so its entry in %s (line %d, of %s) can be removed", l.File, entry.Line, entry.Owner)
	case r.State == result.Failed && day(today) <= expires:
		r.State = result.Expected
		r.Reason = fmt.Sprintf("%s (%s sees to it, until %s)", entry.Reason, entry.Owner, expires)
	case r.State == result.Failed:
		r.State = result.Expired
		r.Reason = fmt.Sprintf("%s (%s was to see to it until %s)", entry.Reason, entry.Owner, expires)
	}
}

// of returns the entry for a requirement and a target, false when there is none that has begun to hold.
func (l *Ledger) of(id, target string, today time.Time) (Entry, bool) {
	if l == nil {
		return Entry{}, false
	}
	for _, entry := range l.Entries {
		if entry.Requirement == id && slices.Contains(entry.Targets, target) {
			return entry, day(today) >= entry.Since.Format(time.DateOnly)
		}
	}
	return Entry{}, false
}

// day is the date of a time where it is, in a form that can be compared.
func day(t time.Time) string { return t.Format(time.DateOnly) }
