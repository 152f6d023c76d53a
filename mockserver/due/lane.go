package due

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// off is the slot of a lane outside the agenda.
const off = -1

// world is one clinic in the loop.
type world[R any] struct {
	clock  *clock.Clock
	source Source[R]
	lanes  []*lane[R]

	moving   atomic.Bool // a move has all of the lanes' turns
	progress progress    // of the move's item
}

// lane is one lane of one clinic.
type lane[R any] struct {
	world  *world[R]
	number int
	turn   chan struct{} // holds one value; its taker may run the lane's items

	progress progress // of the item run by the loop

	// guarded by the loop's mutex
	busy bool      // a goroutine of the loop is running the lane
	gone bool      // the clinic was removed
	wall time.Time // when the earliest item falls due, in real time
	slot int       // where the lane is on the agenda
}

func newWorld[R any](c *clock.Clock, s Source[R], lanes int) *world[R] {
	w := &world[R]{clock: c, source: s}
	for n := range lanes {
		l := &lane[R]{world: w, number: n, turn: make(chan struct{}, 1), slot: off}
		l.turn <- struct{}{}
		w.lanes = append(w.lanes, l)
	}
	return w
}

// take waits for the lane's turn. It returns ctx's error when ctx ends first.
func (l *lane[R]) take(ctx context.Context) error {
	select {
	case <-l.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *lane[R]) give() { l.turn <- struct{}{} }

// takeAll waits for the turn of every lane of the clinic, so nothing of it runs until giveAll. ofLoop limits how long
// an item run by the loop itself may stand still in the meantime; 0 for ever.
func (w *world[R]) takeAll(ctx context.Context, ofLoop time.Duration) error {
	came := clock.Wall()
	for i, l := range w.lanes {
		if err := l.takePatiently(ctx, came, ofLoop); err != nil {
			for _, taken := range w.lanes[:i] {
				taken.give()
			}
			return err
		}
	}
	return nil
}

func (w *world[R]) giveAll() {
	for _, l := range w.lanes {
		l.give()
	}
}

// earliest returns the lane with the earliest due item, the lower lane of two at the same time; nil when all are empty.
func (w *world[R]) earliest(ctx context.Context) (first *lane[R], due time.Time, err error) {
	for _, l := range w.lanes {
		at, ok, err := w.source.NextDue(ctx, l.number)
		if err != nil {
			return nil, due, err
		}
		if ok && (first == nil || at.Before(due)) {
			first, due = l, at
		}
	}
	return first, due, nil
}

// drain begins the lane's items for as long as one is due and ctx has not ended. It gives the turn away after each. A
// call to move the clock then waits for the item under way and not for all due items.
func (l *lane[R]) drain(ctx, items context.Context) error {
	for {
		if err := l.take(ctx); err != nil {
			return err
		}
		more, err := l.runOne(items)
		l.give()
		if !more || err != nil {
			return err
		}
	}
}

// runOne runs the earliest item if it is due, and returns whether it was.
func (l *lane[R]) runOne(items context.Context) (bool, error) {
	at, ok, err := l.world.source.NextDue(items, l.number)
	if err != nil || !ok || at.After(l.world.clock.Now()) {
		return false, err
	}
	_, err = l.world.source.Do(l.progress.with(items), l.number)
	return true, err
}
