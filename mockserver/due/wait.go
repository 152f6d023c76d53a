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

// ErrHeld is the error of a call made during an item that has made no progress since then.
var ErrHeld = errors.New("the clinic is running an item that does not get on")

const (
	// movePatience is how long, in real time, an item of one move may stand still while another call waits for it.
	movePatience = time.Second
	// loopPatience is how long an item run by the loop itself may stand still while a call to move the clock waits.
	// Other calls wait for its end: seeing the end is their purpose.
	loopPatience = 5 * time.Second
)

// progress is how far the item of a lane, or of a move, has got.
type progress struct {
	mu     sync.Mutex
	at     time.Time     // when its last step began, in real time
	slack  time.Duration // how long the step takes by itself
	waited bool          // a call has lost its patience with it
}

type progressKey struct{}

// with returns a context by which the next item reports its progress.
func (p *progress) with(ctx context.Context) context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.slack, p.waited = clock.Wall(), 0, false
	return context.WithValue(ctx, progressKey{}, p)
}

// Progress notes the start of another step of an item; the step takes slack of real time by itself. The context is the
// item's.
func Progress(ctx context.Context, slack time.Duration) {
	if p, ok := ctx.Value(progressKey{}).(*progress); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.at, p.slack = clock.Wall(), max(slack, 0)
	}
}

// Waited reports whether a call that needs a still clinic has lost its patience with an item. The context is the
// item's.
func Waited(ctx context.Context) bool {
	p, ok := ctx.Value(progressKey{}).(*progress)
	if !ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waited
}

// until returns when a call made at the given time loses its patience.
func (p *progress) until(came time.Time, patience time.Duration) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	since := p.at
	if since.Before(came) {
		since = came
	}
	return since.Add(p.slack + patience)
}

// lost notes the lost patience of a call.
func (p *progress) lost() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waited = true
}

// underWay returns the progress of the item with a lane's turn, how long a call waits while the item stands still, and
// whether the call is refused then. ofLoop is the limit for an item run by the loop itself; 0 for ever.
func (l *lane[R]) underWay(ofLoop time.Duration) (p *progress, patience time.Duration, refuse bool) {
	switch {
	case l.world.moving.Load():
		return &l.world.progress, movePatience, true
	case ofLoop > 0:
		return &l.progress, ofLoop, true
	}
	return &l.progress, movePatience, false
}

// takePatiently waits for the lane's turn, as long as the item under way makes progress. The error is ErrHeld when it
// makes none, or the error of ctx when ctx ends first.
func (l *lane[R]) takePatiently(ctx context.Context, came time.Time, ofLoop time.Duration) error {
	select {
	case <-l.turn:
		return nil
	default:
	}
	alarm := clock.NewAlarm()
	defer alarm.Stop()
	for {
		p, patience, refuse := l.underWay(ofLoop)
		next := p.until(came, patience)
		if now := clock.Wall(); !next.After(now) {
			p.lost()
			if refuse {
				return ErrHeld
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
