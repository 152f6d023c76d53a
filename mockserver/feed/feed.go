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

// Clock is the state of a clinic's clock after a call to move, freeze or run it.
type Clock struct{ Frozen bool }

// Reset stands for the emptying of the clinic.
type Reset struct{}

// Feed is the changes of one clinic. It is safe for concurrent use.
type Feed struct {
	clock *clock.Clock
	order sync.Mutex // held during an update of the clinic, so that changes are added in the order of the updates

	mu      sync.Mutex
	items   []Item        // up to Max; when full, the oldest is at next
	next    int           // the place of the next item, when full
	count   uint64        // of all items ever added
	changed chan struct{} // closed by the next change; nil without a waiting reader
	closed  bool
}

// New returns an empty feed with the times of a clinic's clock.
func New(c *clock.Clock) *Feed { return &Feed{clock: c} }

// Add adds a change. A closed feed ignores it.
func (f *Feed) Add(value any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.count++
	wall := clock.Wall()
	item := Item{f.count, f.clock.At(wall), wall, value}
	if len(f.items) < Max {
		f.items = append(f.items, item)
	} else {
		f.items[f.next] = item
		f.next = (f.next + 1) % Max
	}
	f.wake()
}

// Reset removes all items and adds Reset. The numbers go on, so a reader's place stays valid.
func (f *Feed) Reset() {
	f.mu.Lock()
	f.items, f.next = nil, 0
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
		if _, reset := f.first().(Reset); !reset { // a reset explains the gap
			v.Missed = int(oldest - number) //nolint:gosec // a count of items
		}
		number = oldest
	}
	for ; number < f.count && len(v.Items) < limit; number++ {
		v.Items = append(v.Items, f.items[(f.next+int(number-oldest))%len(f.items)]) //nolint:gosec // within the items
	}
	return v
}

// first returns the value of the oldest item, nil for none.
func (f *Feed) first() any {
	if len(f.items) == 0 {
		return nil
	}
	return f.items[f.next].Value
}
