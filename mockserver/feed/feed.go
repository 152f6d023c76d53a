// Package feed keeps the latest changes of a clinic in one order, for readers: checks, claims, visits, events,
// deliveries and exchanges. Adding never waits for a reader. A slow reader learns how many changes it has missed.
package feed

import (
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

	mu      sync.Mutex
	items   []item        // oldest first
	count   uint64        // of all items ever added
	changed chan struct{} // closed by the next change; nil without a waiting reader
	closed  bool
}

// New returns an empty feed with the times of a clinic's clock.
func New(c *clock.Clock) *Feed { return &Feed{clock: c} }

// Add adds a change. A closed feed ignores it.
func (f *Feed) Add(value any) {
	f.addChanges([]change{{row: value}})
}

// addChanges adds rows as an update has left them.
func (f *Feed) addChanges(changes []change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed || len(changes) == 0 {
		return
	}
	now, wall := f.clock.Now().UnixNano(), clock.Wall().UnixNano()
	for _, c := range changes {
		f.add(item{now, wall, c.row})
	}
	f.wake()
}

func (f *Feed) add(one item) {
	if len(f.items) >= 2*Max { // seldom, so an item costs little
		kept := copy(f.items, f.items[len(f.items)-Max+1:])
		clear(f.items[kept:])
		f.items = f.items[:kept]
	}
	f.count++
	f.items = append(f.items, one)
}

// Reset removes all items and adds Reset. The numbers go on, so a reader's place stays valid.
func (f *Feed) Reset() {
	f.mu.Lock()
	f.items = nil
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
	kept := f.items[max(0, len(f.items)-Max):]
	oldest := f.count - uint64(len(kept))
	v := View{Newest: f.count, Oldest: oldest, Closed: f.closed, Changed: f.changed}
	if number < oldest {
		if _, reset := first(kept).(Reset); !reset { // a reset explains the gap
			v.Missed = int(oldest - number) //nolint:gosec // a count of items
		}
		number = oldest
	}
	if number < f.count {
		kept = kept[number-oldest:]
		for i, one := range kept[:min(limit, len(kept))] {
			v.Items = append(v.Items, one.numbered(number+uint64(i)+1)) //nolint:gosec // a place in a slice
		}
	}
	return v
}

func first(items []item) any {
	if len(items) == 0 {
		return nil
	}
	return items[0].value
}
