package due

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// The errors of an impossible move.
var (
	ErrBackward = errors.New("a clinic's clock cannot go back")
	ErrTooFar   = fmt.Errorf("a clinic's clock cannot go beyond %d", clock.Latest.Year())
)

// ErrStopped is in the error of a move broken off because the loop was stopped and its patience is over.
var ErrStopped = errors.New("the loop was stopped")

// The calls below wait for the item under way, but not for one that makes no progress. ErrStuck is for a call kept
// waiting by an item of another move, and for any call that moves the clock itself.

// The calls that run items pass the result of each to did; without did, it is in Receipt.Done. One call may run more
// items than memory has room for.

// Advance moves a clinic's clock forward by d and runs every item due on the way, in due order, including items caused
// by those. While an item runs, the clock stands at the item's own due time. When ctx ends first, the item under way
// still runs to its end, the clock stays at the time it has reached, and the receipt lists the results so far. When the
// loop is stopped in the meantime, the move goes on as long as Run allows items to go on, and then ends likewise with
// ErrStopped.
func (l *Loop[R]) Advance(ctx context.Context, name string, d time.Duration, did ...func(R)) (Receipt[R], error) {
	return l.move(ctx, name, loopPatience, func(now time.Time) time.Time { return now.Add(d) }, did)
}

// MoveTo is Advance to a time instead of by a duration.
func (l *Loop[R]) MoveTo(ctx context.Context, name string, to time.Time, did ...func(R)) (Receipt[R], error) {
	return l.move(ctx, name, loopPatience, func(time.Time) time.Time { return to }, did)
}

// Settle runs the items due at the clinic's present time and waits for those under way. The clock is not moved.
func (l *Loop[R]) Settle(ctx context.Context, name string, did ...func(R)) (Receipt[R], error) {
	return l.move(ctx, name, 0, func(now time.Time) time.Time { return now }, did)
}

// RunExclusively calls f while nothing of the clinic runs, and plans the clinic anew afterwards.
func (l *Loop[R]) RunExclusively(ctx context.Context, name string, f func() error) error {
	return l.runExclusively(ctx, name, 0, func(*clinicLanes[R]) error { return f() })
}

func (l *Loop[R]) runExclusively(ctx context.Context, name string, ofLoop time.Duration,
	f func(*clinicLanes[R]) error) error {
	l.mu.Lock()
	c := l.clinics[name]
	l.moves++
	l.mu.Unlock()
	defer l.endMove()
	if c == nil {
		return ErrUnknown
	}
	if err := c.acquireAll(ctx, ofLoop); err != nil {
		return fmt.Errorf("waiting for what the clinic is running: %w", err)
	}
	defer l.Wake(name)
	defer c.releaseAll()
	return f(c)
}

// endMove marks the end of a move, or of another call that had the clinic to itself.
func (l *Loop[R]) endMove() {
	l.mu.Lock()
	l.moves--
	l.mu.Unlock()
	l.signal()
}

// awaitMoves waits until no move is under way.
func (l *Loop[R]) awaitMoves() {
	for l.isMoving() {
		<-l.wake
	}
}

func (l *Loop[R]) isMoving() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.moves > 0
}

func (l *Loop[R]) move(ctx context.Context, name string, ofLoop time.Duration,
	target func(now time.Time) time.Time, did []func(R)) (Receipt[R], error) {
	var receipt Receipt[R]
	if len(did) == 0 {
		did = []func(R){func(one R) { receipt.Done = append(receipt.Done, one) }}
	}
	err := l.runExclusively(ctx, name, ofLoop, func(c *clinicLanes[R]) error {
		c.moving.Store(true)
		defer c.moving.Store(false)
		receipt.From = c.clock.Hold()
		defer c.clock.Release()
		receipt.To = receipt.From
		to := target(receipt.From)
		if to.Before(receipt.From) {
			return ErrBackward
		}
		if to.After(clock.Latest) {
			return ErrTooFar
		}
		err := c.runUntil(ctx, l.itemContext, to, did[0])
		receipt.To = c.clock.Now()
		return err
	})
	return receipt, err
}

// runUntil steps a held clock from due time to due time until nothing is due up to the given time, and then to it. It
// looks at the end of ctx only between items: half an item would be neither done nor undone. items returns the context
// for the next item; its end breaks the item off.
func (c *clinicLanes[R]) runUntil(
	ctx context.Context, items func() context.Context, to time.Time, did func(R),
) error {
	for {
		items := items()
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("moving the clinic's clock: %w", err)
		}
		if items.Err() != nil {
			return fmt.Errorf("moving the clinic's clock: %w", ErrStopped)
		}
		ln, at, err := c.earliest(items)
		if err != nil {
			return fmt.Errorf("reading the clinic's next due item: %w", err)
		}
		if ln == nil || at.After(to) {
			c.clock.Step(to)
			return nil
		}
		c.clock.Step(at)
		ran, err := c.source.RunNext(c.progress.start(items), ln.number)
		for _, one := range ran {
			did(one)
		}
		if err != nil && items.Err() != nil {
			continue // broken off with the rest
		}
		if err != nil {
			return fmt.Errorf("running an item that fell due: %w", err)
		}
	}
}
