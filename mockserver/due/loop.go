package due

import (
	"container/heap"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// ErrUnknown is the error for a clinic not in the loop.
var ErrUnknown = errors.New("no such clinic in the loop")

// pause is the time from the failure of an item to its next run.
const pause = time.Second

// maxIdle is the number of goroutines that are kept for the next due lanes: new ones would have to grow their stacks.
const maxIdle = 8

// Loop runs the items of every clinic when they fall due. Create it with NewLoop; it is safe for concurrent use.
type Loop[R any] struct {
	lanes int
	log   *slog.Logger
	wake  chan struct{}
	work  sync.WaitGroup
	next  chan *lane[R] // for the idle goroutines

	mu      sync.Mutex
	clinics map[string]*clinicLanes[R]
	agenda  agenda[R]
	idle    int             // the number of goroutines that wait for a lane
	moves   int             // the number of moves and exclusive calls in progress or waiting
	items   context.Context //nolint:containedctx // the context of Run for items; moves run items with it, too
}

// NewLoop returns a loop with this number of lanes for each clinic, numbered from 0. Failures of items and of their
// sources go to log.
func NewLoop[R any](lanes int, log *slog.Logger) *Loop[R] {
	return &Loop[R]{lanes: lanes, log: log, wake: make(chan struct{}, 1), next: make(chan *lane[R], maxIdle),
		clinics: map[string]*clinicLanes[R]{}, items: context.Background()}
}

// Add adds a clinic to the loop under its name, and replaces an earlier one of the same name.
func (l *Loop[R]) Add(name string, c *clock.Clock, s Source[R]) {
	l.mu.Lock()
	l.remove(name)
	l.clinics[name] = newClinicLanes(c, s, l.lanes)
	l.mu.Unlock()
	l.Wake(name)
}

// Remove removes a clinic from the loop. An item in progress still runs to its end.
func (l *Loop[R]) Remove(name string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(name)
}

func (l *Loop[R]) remove(name string) {
	c := l.clinics[name]
	if c == nil {
		return
	}
	delete(l.clinics, name)
	for _, ln := range c.lanes {
		ln.gone = true
		l.agenda.drop(ln)
	}
}

// Wake tells the loop of a new item in a clinic, or of a move of its clock.
func (l *Loop[R]) Wake(name string) {
	l.change(func() {
		if c := l.clinics[name]; c != nil {
			for _, ln := range c.lanes {
				l.plan(ln)
			}
		}
	})
}

// change calls f to change the agenda, and wakes the loop when it waits for a later time than it should.
func (l *Loop[R]) change(f func()) {
	l.mu.Lock()
	next, planned := l.agenda.next()
	f()
	after, some := l.agenda.next()
	l.mu.Unlock()
	if some && (!planned || after.Before(next)) {
		l.signal()
	}
}

func (l *Loop[R]) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// plan puts a lane on the agenda when its next item falls due by itself. A busy lane is planned when it is done.
func (l *Loop[R]) plan(ln *lane[R]) {
	if ln.gone {
		return
	}
	if ln.busy {
		ln.woken = true
		return
	}
	next, err := ln.next(l.items)
	if err != nil {
		l.retryLater(ln, err)
		return
	}
	l.planFor(ln, next)
}

// planFor puts a lane on the agenda for its next item.
func (l *Loop[R]) planFor(ln *lane[R], next nextItem) {
	wall, comes := ln.clinic.clock.WallTime(next.due)
	if ln.gone || !next.exists || !comes {
		l.agenda.drop(ln)
		return
	}
	l.agenda.set(ln, wall)
}

// retryLater puts a lane on the agenda after a pause, and logs the reason.
func (l *Loop[R]) retryLater(ln *lane[R], err error) {
	l.log.Error("a due item failed and will be run again", "error", err)
	l.agenda.set(ln, clock.Wall().Add(pause))
}

// Run begins items as they fall due until ctx ends. It returns after the last item begun has ended, and every move
// under way. All items, including those of moves, run with the context `items`; its end breaks them off.
func (l *Loop[R]) Run(ctx, items context.Context) {
	l.mu.Lock()
	l.items = items
	l.mu.Unlock()
	alarm := clock.NewAlarm()
	defer alarm.Stop()
	defer l.awaitMoves()
	defer l.work.Wait()
	for {
		alarm.Stop()
		if next, ok := l.startDueLanes(ctx, items); ok {
			alarm.Set(next)
		}
		select {
		case <-ctx.Done():
			return
		case <-alarm.Rings():
		case <-l.wake:
		}
	}
}

// startDueLanes starts every lane with a due item and returns the time at which the next lane will have one.
func (l *Loop[R]) startDueLanes(ctx, items context.Context) (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := clock.Wall()
	for len(l.agenda) > 0 && !l.agenda[0].wall.After(now) {
		ln := heap.Pop(&l.agenda).(*lane[R])
		ln.busy, ln.woken = true, false
		if l.idle > 0 {
			l.idle--
			l.next <- ln // there is room for one of each idle goroutine
			continue
		}
		l.work.Go(func() { l.runLanes(ctx, items, ln) })
	}
	return l.agenda.next()
}

// itemContext returns the context for running items.
func (l *Loop[R]) itemContext() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.items
}

// runLanes runs the due items of a lane and plans the rest. Then it does the same for other lanes, unless enough
// goroutines wait for one.
func (l *Loop[R]) runLanes(ctx, items context.Context, ln *lane[R]) {
	for waits := true; waits; {
		next, err := ln.runDue(ctx, items)
		l.change(func() {
			ln.busy = false
			switch {
			case err != nil && ctx.Err() == nil && items.Err() == nil && !ln.gone:
				l.retryLater(ln, err)
			case err != nil || ln.woken:
				l.plan(ln)
			default:
				l.planFor(ln, next)
			}
			if waits = l.idle < maxIdle; waits {
				l.idle++
			}
		})
		if !waits {
			return
		}
		select {
		case ln = <-l.next:
		case <-ctx.Done():
			return
		}
	}
}
