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

const (
	// maxIdle is the number of goroutines that are kept for the next due lanes: new ones would have to grow their stacks.
	maxIdle = 8
	// maxQuick is the number of goroutines that run quick lanes. With one for each of thousands of due lanes, some of
	// them would wait for seconds in the queues of Go's scheduler, behind lanes that fell due later.
	maxQuick = 8
	// maxTaken is how many quick lanes a goroutine takes at once: a few share the cost of the loop's lock.
	maxTaken = 8
)

// Loop runs the items of every clinic when they fall due. Create it with NewLoop; it is safe for concurrent use.
type Loop[R any] struct {
	lanes int
	slow  []int
	log   *slog.Logger
	wake  chan struct{}
	work  sync.WaitGroup
	next  chan *lane[R] // for the idle goroutines

	mu      sync.Mutex
	clinics map[string]*clinicLanes[R]
	agenda  agenda[R]
	alarm   time.Time       // when Run looks at the agenda again by itself; zero for never
	quick   int             // the number of goroutines that run a quick lane
	idle    int             // the number of goroutines that wait for a lane
	moves   int             // the number of moves and exclusive calls in progress or waiting
	items   context.Context //nolint:containedctx // the context of Run for items; moves run items with it, too
}

// NewLoop returns a loop with this number of lanes for each clinic, numbered from 0. The items of slow lanes may wait
// for something outside the process: each slow lane with a due item gets a goroutine. The other lanes are quick: a few
// goroutines run them one after the other, in due order. Failures of items and of their sources go to log.
func NewLoop[R any](lanes int, log *slog.Logger, slow ...int) *Loop[R] {
	return &Loop[R]{lanes: lanes, slow: slow, log: log, wake: make(chan struct{}, 1), next: make(chan *lane[R], maxIdle),
		clinics: map[string]*clinicLanes[R]{}, items: context.Background()}
}

// Add adds a clinic to the loop under its name, and replaces an earlier one of the same name.
func (l *Loop[R]) Add(name string, c *clock.Clock, s Source[R]) {
	l.mu.Lock()
	l.remove(name)
	l.clinics[name] = newClinicLanes(c, s, l.lanes, l.slow)
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

// change calls f to change the agenda, and wakes Run when it would look at the agenda too late.
func (l *Loop[R]) change(f func()) {
	l.mu.Lock()
	f()
	late := l.isLate()
	l.mu.Unlock()
	if late {
		l.signal()
	}
}

// isLate reports whether Run must look at the agenda earlier than it would by itself.
func (l *Loop[R]) isLate() bool {
	next, some := l.agenda.next()
	if !some || !l.alarm.IsZero() {
		return some && next.Before(l.alarm)
	}
	return l.agenda[0].lane.slow || l.quick < maxQuick // or else one of the goroutines takes the lane
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
		if next := l.startDueLanes(ctx, items); !next.IsZero() {
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

// startDueLanes starts the lanes with a due item, and returns when to look again; zero for not before it is woken.
func (l *Loop[R]) startDueLanes(ctx, items context.Context) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := clock.Wall()
	for ln := l.take(now); ln != nil; ln = l.take(now) {
		l.count(ln, 1)
		if l.idle > 0 {
			l.idle--
			l.next <- ln // there is room for one of each idle goroutine
			continue
		}
		l.work.Go(func() { l.runLanes(ctx, items, ln) })
	}
	l.alarm = time.Time{}
	if next, some := l.agenda.next(); some && next.After(now) {
		l.alarm = next
	}
	return l.alarm
}

// take takes the first lane off the agenda to run it, if one is due by a time; nil for none. It leaves a quick lane
// there when enough goroutines run them: the first of them to be done takes it.
func (l *Loop[R]) take(by time.Time) *lane[R] {
	if len(l.agenda) == 0 || l.agenda[0].wall.After(by) || !l.agenda[0].lane.slow && l.quick >= maxQuick {
		return nil
	}
	ln := heap.Pop(&l.agenda).(*lane[R])
	ln.busy, ln.woken = true, false
	return ln
}

// takeQuick takes quick lanes that are due by a time, for a goroutine that has room for them.
func (l *Loop[R]) takeQuick(by time.Time, lanes []*lane[R]) []*lane[R] {
	for len(lanes) < cap(lanes) && len(l.agenda) > 0 && !l.agenda[0].lane.slow {
		ln := l.take(by)
		if ln == nil {
			break
		}
		lanes = append(lanes, ln)
	}
	return lanes
}

// count adds to the number of goroutines that run a quick lane, if the lane is one.
func (l *Loop[R]) count(ln *lane[R], n int) {
	if !ln.slow {
		l.quick += n
	}
}

// itemContext returns the context for running items.
func (l *Loop[R]) itemContext() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.items
}

// runLanes runs the due items of a lane and plans the rest. Then it does the same for quick lanes that are due in the
// meantime, and for other lanes, unless enough goroutines wait for one.
func (l *Loop[R]) runLanes(ctx, items context.Context, first *lane[R]) {
	lanes := append(make([]*lane[R], 0, maxTaken), first)
	ends := make([]laneEnd, 0, maxTaken)
	for len(lanes) > 0 {
		ends = ends[:0]
		for _, ln := range lanes {
			ends = append(ends, l.runDue(ctx, items, ln, len(lanes) == 1))
		}
		waits := false
		l.change(func() {
			l.count(lanes[0], -1)
			for i, ln := range lanes {
				l.endLane(ctx, items, ln, ends[i])
			}
			lanes = lanes[:0]
			if ctx.Err() != nil {
				return
			}
			if lanes = l.takeQuick(clock.Wall(), lanes); len(lanes) > 0 {
				l.count(lanes[0], 1)
			} else if waits = l.idle < maxIdle; waits {
				l.idle++
			}
		})
		if waits {
			select {
			case ln := <-l.next:
				lanes = append(lanes, ln)
			case <-ctx.Done():
			}
		}
	}
}

// laneEnd is how a lane is left after its due items were run.
type laneEnd struct {
	next  nextItem
	apart bool // it could not be run without waiting
	err   error
}

// endLane plans a lane after its due items were run, or starts a goroutine that waits for its turn.
func (l *Loop[R]) endLane(ctx, items context.Context, ln *lane[R], end laneEnd) {
	if end.apart {
		l.count(ln, 1)
		l.work.Go(func() { l.runLanes(ctx, items, ln) })
		return
	}
	ln.busy = false
	switch {
	case end.err != nil && ctx.Err() == nil && items.Err() == nil && !ln.gone:
		l.retryLater(ln, end.err)
	case end.err != nil || ln.woken:
		l.plan(ln)
	default:
		l.planFor(ln, end.next)
	}
}

// runDue runs a lane's items while one is due and ctx has not ended. It releases the lane after each, so that a call to
// move the clock waits for one item and not for all due items. It waits for the lane's turn only when it may.
func (l *Loop[R]) runDue(ctx, items context.Context, ln *lane[R], mayWait bool) laneEnd {
	for {
		if err := ctx.Err(); err != nil {
			return laneEnd{err: err}
		}
		if !ln.tryAcquire() {
			if !mayWait {
				return laneEnd{apart: true}
			}
			if err := l.await(ctx, ln); err != nil {
				return laneEnd{err: err}
			}
		}
		next, more, err := ln.runOne(items)
		ln.release()
		if !more || err != nil {
			return laneEnd{next: next, err: err}
		}
	}
}

// await waits for a lane's turn. A goroutine that waits runs no lane.
func (l *Loop[R]) await(ctx context.Context, ln *lane[R]) error {
	l.change(func() { l.count(ln, -1) })
	defer l.change(func() { l.count(ln, 1) })
	return ln.acquire(ctx)
}
