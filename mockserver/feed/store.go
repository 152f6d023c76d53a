package feed

import (
	"context"
	"slices"
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// Feeds are the feeds of all clinics. The zero value is ready.
type Feeds struct{ byID sync.Map }

// Open gives a new clinic its feed.
func (a *Feeds) Open(c *clinic.Clinic) *Feed {
	f := New(c.Clock())
	a.byID.Store(c.ID(), f)
	return f
}

// Of returns the feed of a clinic; nil for a deleted clinic.
func (a *Feeds) Of(c *clinic.Clinic) *Feed { return a.ofID(c.ID()) }

func (a *Feeds) ofID(id string) *Feed {
	found, _ := a.byID.Load(id)
	f, _ := found.(*Feed)
	return f
}

// Close ends the feed of a deleted clinic.
func (a *Feeds) Close(c *clinic.Clinic) {
	if f := a.Of(c); f != nil {
		a.byID.Delete(c.ID())
		f.Close()
	}
}

// Store returns a store to add the changes of each update to the clinic's feed: checks, claims, visits and events.
func (a *Feeds) Store(s clinic.Store) clinic.Store { return recordingStore{s, a} }

type recordingStore struct {
	clinic.Store
	feeds *Feeds
}

// Update implements clinic.Store.
func (s recordingStore) Update(ctx context.Context, id string, f func(clinic.Tx) error) error {
	feed := s.feeds.ofID(id)
	if feed == nil { // it is being made, or was deleted
		return s.Store.Update(ctx, id, f)
	}
	feed.order.Lock()
	defer feed.order.Unlock()
	tx := &feed.recorder
	defer tx.clear()
	err := s.Store.Update(ctx, id, func(inner clinic.Tx) error {
		tx.clear()
		tx.Tx = inner
		return f(tx)
	})
	if err != nil {
		return err
	}
	if tx.reset {
		feed.Reset()
	}
	feed.addChanges(tx.changes)
	return nil
}

// recorder is a Tx with a list of its changes, the last one of each row.
type recorder struct {
	clinic.Tx
	changes []any // rows as the update leaves them
	reset   bool
}

// clear keeps nothing but the space of the changes, unless it is large: there are many clinics.
func (r *recorder) clear() {
	clear(r.changes)
	*r = recorder{changes: r.changes[:0]}
	if cap(r.changes) > again {
		r.changes = nil
	}
}

// again is how many changes back note looks for the row: an update stores a row again soon or not at all, and it may
// store many.
const again = 8

// note adds a row to the changes, or puts it in the place of one with the same id.
func note[T any](r *recorder, row *T, id func(*T) string) {
	for i := len(r.changes) - 1; i >= max(0, len(r.changes)-again); i-- {
		if earlier, ok := r.changes[i].(*T); ok && id(earlier) == id(row) {
			r.changes[i] = row
			return
		}
	}
	r.changes = append(r.changes, row)
}

// PutCheck implements clinic.Tx.
func (r *recorder) PutCheck(k *clinic.EligibilityCheck) {
	r.Tx.PutCheck(k)
	note(r, k, func(k *clinic.EligibilityCheck) string { return k.ID })
}

// unsent is the event of a check that is not sent. It is made when somebody reads.
type unsent struct{ check *clinic.EligibilityCheck }

// PutUnsent implements clinic.Tx.
func (r *recorder) PutUnsent(ended []*clinic.EligibilityCheck) {
	r.Tx.PutUnsent(ended)
	r.changes = slices.Grow(r.changes, 2*len(ended))
	for _, check := range ended {
		r.changes = append(r.changes, check, unsent{check})
	}
}

// PutClaim implements clinic.Tx.
func (r *recorder) PutClaim(k clinic.Claim) {
	r.Tx.PutClaim(k)
	note(r, r.Claims().Shared(k.ID), func(k *clinic.Claim) string { return k.ID })
}

// PutVisit implements clinic.Tx.
func (r *recorder) PutVisit(v visits.Visit) {
	r.Tx.PutVisit(v)
	note(r, r.Visits().Shared(v.ID), func(v *visits.Visit) string { return v.ID })
}

// PutEvent implements clinic.Tx.
func (r *recorder) PutEvent(e outbox.Event) {
	r.Tx.PutEvent(e)
	note(r, r.Events().Shared(e.ID), func(e *outbox.Event) string { return e.ID })
}

// Clear implements clinic.Tx.
func (r *recorder) Clear() {
	r.Tx.Clear()
	r.changes, r.reset = nil, true
}

// ClearActivity implements clinic.Tx.
func (r *recorder) ClearActivity(counters map[string]uint64) {
	r.Tx.ClearActivity(counters)
	r.changes, r.reset = nil, true
}
