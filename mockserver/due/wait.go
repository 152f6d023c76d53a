package due

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// A call that needs a clinic to be still, such as one that moves its clock, waits for the item under way. When that item
// waits for somebody who has made the call, each waits for the other. The loop cannot see who calls, but it sees that the
// item gets nowhere.

// ErrHeld is returned to a call that came while a clinic was running an item which has not got on since.
var ErrHeld = errors.New("the clinic is running an item that does not get on")

const (
	// movePatience is how long, in real time, an item of one move may stand still while another call waits for it.
	movePatience = time.Second
	// loopPatience is how long an item may that the loop runs by itself, while a call waits that moves the clock. Other
	// calls wait for its end: they are made to see it.
	loopPatience = 5 * time.Second
)

// progress is how far the item of a lane, or of a move, has got.
type progress struct {
	mu     sync.Mutex
	at     time.Time     // when its last step began, in real time
	slack  time.Duration // how long that takes by itself
	waited bool          // a call has lost its patience with it
}

type progressKey struct{}

// with returns a context by which the next item tells how far it has got.
func (p *progress) with(ctx context.Context) context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.slack, p.waited = clock.Wall(), 0, false
	return context.WithValue(ctx, progressKey{}, p)
}

// Progress notes that an item has begun another step, which takes slack of real time by itself. The context is that of
// the item.
func Progress(ctx context.Context, slack time.Duration) {
	if p, ok := ctx.Value(progressKey{}).(*progress); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.at, p.slack = clock.Wall(), max(slack, 0)
	}
}

// Waited reports whether a call that needs the clinic to be still has lost its patience with an item. The context is that
// of the item.
func Waited(ctx context.Context) bool {
	p, ok := ctx.Value(progressKey{}).(*progress)
	if !ok {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waited
}

// until returns when a call loses its patience that came at a time.
func (p *progress) until(came time.Time, patience time.Duration) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	since := p.at
	if since.Before(came) {
		since = came
	}
	return since.Add(p.slack + patience)
}

// lost notes that a call has lost its patience.
func (p *progress) lost() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waited = true
}

// underWay returns the progress of the item that keeps a lane's turn, how long a call waits while it stands still, and
// whether the call is refused then. ofLoop is how long that is for an item that the loop runs by itself; 0 for ever.
func (l *lane[R]) underWay(ofLoop time.Duration) (p *progress, patience time.Duration, refuse bool) {
	switch {
	case l.world.moving.Load():
		return &l.world.progress, movePatience, true
	case ofLoop > 0:
		return &l.progress, ofLoop, true
	}
	return &l.progress, movePatience, false
}

// takePatiently waits for the lane's turn, as long as the item under way gets on. The error is ErrHeld when it does not,
// or that of ctx when it ends first.
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
