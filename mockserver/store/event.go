package store

import (
	"iter"
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// eventTable is the events of a clinic. An event that is not sent is made when somebody reads.
type eventTable struct {
	made *table[outbox.Event]

	making sync.Mutex                 // readers share a clinic
	unsent []*clinic.EligibilityCheck // the checks of the events behind those made
}

func newEventTable() *eventTable {
	return &eventTable{made: newTable(func(row *outbox.Event) string { return row.ID })}
}

// all returns the table with every event made.
func (e *eventTable) all() *table[outbox.Event] {
	e.making.Lock()
	defer e.making.Unlock()
	for _, check := range e.unsent {
		e.made.put(check.UnsentEvent())
	}
	e.unsent = nil
	return e.made
}

// Get implements clinic.Rows.
func (e *eventTable) Get(id string) (outbox.Event, bool) { return e.all().Get(id) }

// Shared implements clinic.Rows.
func (e *eventTable) Shared(id string) *outbox.Event { return e.all().Shared(id) }

// Len implements clinic.Rows.
func (e *eventTable) Len() int {
	e.making.Lock()
	defer e.making.Unlock()
	return e.made.Len() + len(e.unsent)
}

// Oldest implements clinic.Rows.
func (e *eventTable) Oldest() *outbox.Event { return e.all().Oldest() }

// All implements clinic.Rows.
func (e *eventTable) All() iter.Seq[*outbox.Event] { return e.all().All() }

// Newest implements clinic.Rows.
func (e *eventTable) Newest(after string, limit int) []outbox.Event {
	return e.all().Newest(after, limit)
}

// putUnsent adds the events of ended checks, and returns a function to undo that.
func (e *eventTable) putUnsent(ended []*clinic.EligibilityCheck) (undo func()) {
	undo = e.undo()
	e.unsent = append(e.unsent, ended...)
	return undo
}

// removeUnsent removes up to n of the oldest events that are not made, and returns how many. undo undoes that.
func (e *eventTable) removeUnsent(n int) (removed int, undo func()) {
	undo = e.undo()
	removed = min(n, len(e.unsent))
	e.unsent = e.unsent[removed:]
	return removed, undo
}

// undo returns a function to undo the next change of the events that are not made. They may be made before.
func (e *eventTable) undo() func() {
	made, unsent := e.made.Len(), e.unsent
	return func() {
		e.made.removeNewest(e.made.Len() - made)
		e.unsent = unsent
	}
}
