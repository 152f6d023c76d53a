package due

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Some calls need a clinic to be still, such as one to move its clock. Such a call waits for the item under way. If the
// item in turn waits for the caller, each waits for the other. The loop cannot see the caller, but it sees an item
// without progress.

// ErrStuck is the error of a call made during an item that has made no progress since then.
var ErrStuck = errors.New("the clinic is running an item that makes no progress")

const (
	// movePatience is how long, in real time, an item of one move may stand still while another call waits for it.
	movePatience = time.Second
	// loopPatience is how long an item run by the loop itself may stand still while a call to move the clock waits.
	// Other calls wait for its end: seeing the end is their purpose.
	loopPatience = 5 * time.Second
)

// progress is the progress of an item of a lane or of a move.
type progress struct {
	mu     sync.Mutex
	at     time.Time     // when its last step began, in real time
	slack  time.Duration // how long the step takes by itself
	waited bool          // a call has lost its patience with the item
}

type progressKey struct{}

// start resets the progress, and returns a context for the next item to report its progress.
func (p *progress) start(ctx context.Context) context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.slack, p.waited = clock.Wall(), 0, false
	return context.WithValue(ctx, progressKey{}, p)
}

// ReportProgress notes the start of another step of an item; the step takes slack of real time by itself. The context
// is the item's.
func ReportProgress(ctx context.Context, slack time.Duration) {
	if p, ok := ctx.Value(progressKey{}).(*progress); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.at, p.slack = clock.Wall(), max(slack, 0)
	}
}

// WasWaitedFor reports whether a call that needs a still clinic has lost its patience with an item. The context is the
// item's.
func WasWaitedFor(ctx context.Context) bool {
	p, ok := ctx.Value(progressKey{}).(*progress)
	if !ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waited
}

// patienceEnds returns when a call made at the given time loses its patience.
func (p *progress) patienceEnds(came time.Time, patience time.Duration) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	since := p.at
	if since.Before(came) {
		since = came
	}
	return since.Add(p.slack + patience)
}

// markWaited notes the lost patience of a call.
func (p *progress) markWaited() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waited = true
}

// itemInProgress returns the progress of the item with a lane's turn, how long a call waits while the item stands
// still, and whether the call is refused then. ofLoop is the limit for an item run by the loop itself; 0 means without
// limit.
func (l *lane[R]) itemInProgress(ofLoop time.Duration) (p *progress, patience time.Duration, refuse bool) {
	switch {
	case l.clinic.moving.Load():
		return &l.clinic.progress, movePatience, true
	case ofLoop > 0:
		return &l.progress, ofLoop, true
	}
	return &l.progress, movePatience, false
}

// acquireUnlessStuck waits for the lane's turn, as long as the item under way makes progress. The error is ErrStuck
// when it makes none, or the error of ctx when ctx ends first.
func (l *lane[R]) acquireUnlessStuck(ctx context.Context, came time.Time, ofLoop time.Duration) error {
	select {
	case <-l.turn:
		return nil
	default:
	}
	alarm := clock.NewAlarm()
	defer alarm.Stop()
	for {
		p, patience, refuse := l.itemInProgress(ofLoop)
		next := p.patienceEnds(came, patience)
		if now := clock.Wall(); !next.After(now) {
			p.markWaited()
			if refuse {
				return ErrStuck
			}
			next = now.Add(movePatience) // by then a move may run the next item
		}
		alarm.Set(next)
		select {
		case <-l.turn:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-alarm.Rings():
		}
	}
}
