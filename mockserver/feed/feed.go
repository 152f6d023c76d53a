// Package feed keeps the latest changes of a clinic in one order, for readers: checks, claims, visits, events,
// deliveries and exchanges. Adding never waits for a reader. A slow reader learns how many changes it has missed.
package feed

import (
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Max is the number of kept items. The oldest go first.
const Max = 4_096

// Item is one change.
type Item struct {
	Number uint64    // counted from 1 for each clinic; a reset does not restart it
	At     time.Time // on the clinic's clock
	Real   time.Time // in real time
	// Value is the state after the change: a *clinic.EligibilityCheck, a *clinic.Claim, a *visits.Visit, an
	// *outbox.Event, a *journal.Row, a journal.Delivery without headers and bodies, Clock or Reset.
	Value any
}

// item is an Item in little space: a mock has many. Its number follows from its place.
type item struct {
	at, real int64 // Unix nanoseconds
	value    any
}

func (i item) numbered(n uint64) Item {
	if event, ok := i.value.(unsent); ok {
		i.value = event.check.UnsentEvent()
	}
	return Item{n, time.Unix(0, i.at).UTC(), time.Unix(0, i.real).UTC(), i.value}
}

// Clock is the state of a clinic's clock after a call to move, freeze or run it.
type Clock struct{ Frozen bool }

// Reset stands for the emptying of the clinic.
type Reset struct{}

// Feed is the changes of one clinic. It is safe for concurrent use.
type Feed struct {
	clock *clock.Clock
	order sync.Mutex // held during an update of the clinic, so that changes are added in the order of the updates
	// recorder is of the update.
	recorder recorder

	mu      sync.Mutex
	items   []item        // a ring: that of number n is at n-1-first, modulo Max
	first   uint64        // the number of items ever added before those of this ring
	count   uint64        // of all items ever added
	changed chan struct{} // closed by the next change; nil without a waiting reader
	closed  bool
}

// New returns an empty feed with the times of a clinic's clock.
func New(c *clock.Clock) *Feed { return &Feed{clock: c} }

// Add adds a change. A closed feed ignores it.
func (f *Feed) Add(value any) {
	f.addChanges([]any{value})
}

// addChanges adds rows as an update has left them.
func (f *Feed) addChanges(changes []any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || len(changes) == 0 {
		return
	}
	wall := clock.Wall()
	now := f.clock.At(wall).UnixNano()
	f.items = slices.Grow(f.items, min(len(changes), Max-len(f.items)))
	for _, row := range changes {
		f.add(item{now, wall.UnixNano(), row})
	}
	f.wake()
}

func (f *Feed) add(one item) {
	if f.count++; len(f.items) < Max {
		f.items = append(f.items, one)
		return
	}
	*f.item(f.count) = one
}

// Reset removes all items and adds Reset. The numbers go on, so a reader's place stays valid.
func (f *Feed) Reset() {
	f.mu.Lock()
	f.items, f.first = nil, f.count
	f.mu.Unlock()
	f.Add(Reset{})
}

// Close ends the feed: its clinic was deleted.
func (f *Feed) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake()
}

func (f *Feed) wake() {
	if f.changed != nil {
		close(f.changed)
		f.changed = nil
	}
}

// View is a part of a feed at one moment.
type View struct {
	Items   []Item
	Missed  int             // the number of items between the reader's place and the oldest kept item
	Newest  uint64          // the number of the newest item; 0 for none
	Oldest  uint64          // the number before the oldest kept item
	Closed  bool            // no more items will come
	Changed <-chan struct{} // closed when there is more to read
}

// After returns up to limit items behind a number, oldest first; 0 is the beginning.
func (f *Feed) After(number uint64, limit int) View {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changed == nil && !f.closed {
		f.changed = make(chan struct{})
	}
	oldest := f.count - uint64(len(f.items))
	v := View{Newest: f.count, Oldest: oldest, Closed: f.closed, Changed: f.changed}
	if number < oldest {
		if _, reset := f.item(oldest + 1).value.(Reset); !reset { // a reset explains the gap
			v.Missed = int(oldest - number) //nolint:gosec // a count of items
		}
		number = oldest
	}
	for n := number + 1; n <= f.count && len(v.Items) < limit; n++ {
		v.Items = append(v.Items, f.item(n).numbered(n))
	}
	return v
}

// item returns the kept item with a number.
func (f *Feed) item(n uint64) *item { return &f.items[(n-1-f.first)%Max] }
