package due

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// off is the slot of a lane outside the agenda.
const off = -1

// clinicLanes is one clinic in the loop, with its lanes.
type clinicLanes[R any] struct {
	clock  *clock.Clock
	source Source[R]
	lanes  []*lane[R]

	moving   atomic.Bool // a move has acquired all lanes
	progress progress    // of the move's item
}

// lane is one lane of one clinic.
type lane[R any] struct {
	clinic *clinicLanes[R]
	number int
	slow   bool          // its items may wait for something outside the process
	turn   chan struct{} // holds one value; its receiver may run the lane's items

	progress progress // of the item run by the loop

	// guarded by the loop's mutex
	busy  bool // a goroutine of the loop is running the lane
	woken bool // something may have changed since the lane became busy
	gone  bool // the clinic was removed
	slot  int  // where the lane is on the agenda
}

func newClinicLanes[R any](clinicClock *clock.Clock, s Source[R], lanes int, slow []int) *clinicLanes[R] {
	c := &clinicLanes[R]{clock: clinicClock, source: s}
	for n := range lanes {
		l := &lane[R]{clinic: c, number: n, slow: slices.Contains(slow, n), turn: make(chan struct{}, 1), slot: off}
		l.turn <- struct{}{}
		c.lanes = append(c.lanes, l)
	}
	return c
}

// tryAcquire acquires the lane's turn unless somebody has it.
func (l *lane[R]) tryAcquire() bool {
	select {
	case <-l.turn:
		return true
	default:
		return false
	}
}

// acquire waits for the lane's turn. It returns ctx's error when ctx ends first.
func (l *lane[R]) acquire(ctx context.Context) error {
	select {
	case <-l.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *lane[R]) release() { l.turn <- struct{}{} }

// acquireAll waits for the turn of every lane of the clinic, so none of its items runs until releaseAll. ofLoop limits
// how long an item run by the loop itself may stand still in the meantime; 0 means without limit.
func (c *clinicLanes[R]) acquireAll(ctx context.Context, ofLoop time.Duration) error {
	came := clock.Wall()
	for i, l := range c.lanes {
		if err := l.acquireUnlessStuck(ctx, came, ofLoop); err != nil {
			for _, taken := range c.lanes[:i] {
				taken.release()
			}
			return err
		}
	}
	return nil
}

func (c *clinicLanes[R]) releaseAll() {
	for _, l := range c.lanes {
		l.release()
	}
}

// earliest returns the lane with the earliest due item, the lower lane of two at the same time; nil when all are empty.
func (c *clinicLanes[R]) earliest(ctx context.Context) (first *lane[R], due time.Time, err error) {
	for _, l := range c.lanes {
		at, ok, err := c.source.NextDue(ctx, l.number)
		if err != nil {
			return nil, due, err
		}
		if ok && (first == nil || at.Before(due)) {
			first, due = l, at
		}
	}
	return first, due, nil
}

// nextItem is the earliest item of a lane.
type nextItem struct {
	due    time.Time // on the clinic's clock
	exists bool
}

func (l *lane[R]) next(items context.Context) (nextItem, error) {
	at, ok, err := l.clinic.source.NextDue(items, l.number)
	return nextItem{at, ok}, err
}

// runOne runs the earliest item if it is due. It returns the next item, and whether that is due as well.
func (l *lane[R]) runOne(items context.Context) (next nextItem, more bool, err error) {
	if _, err = l.clinic.source.RunNext(l.progress.start(items), l.number); err == nil {
		next, err = l.next(items)
	}
	return next, err == nil && next.exists && !next.due.After(l.clinic.clock.Now()), err
}
