package clinic

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// pendingReads counts the replies in progress that hold back events.
type pendingReads struct {
	mu    sync.Mutex
	count int
	ended chan struct{} // closed when the last one has ended
}

func (r *pendingReads) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == 0 {
		r.ended = make(chan struct{})
	}
	r.count++
}

func (r *pendingReads) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count--; r.count == 0 {
		close(r.ended)
	}
}

// allEnded returns a channel that closes when the last reply has ended; nil when none is in progress.
func (r *pendingReads) allEnded() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == 0 {
		return nil
	}
	return r.ended
}

// BeginReading notes that a reply with a user's data is on its way. It returns nil if no event is held for this reply.
// Otherwise the caller calls the returned function once the reader has the reply; it then sends the events. Until then
// AwaitReaders waits: the reader can act on the reply before the mock has finished, and must find its effects in place.
func (c *Clinic) BeginReading(ctx context.Context, userID string) (end func() error, err error) {
	if c.store.View(ctx, c.id, nothingWaits) == nil { // nearly always
		return nil, nil
	}
	awaited, err := view(ctx, c, func(v View) (bool, error) { return v.HasWaiting(outbox.ReadingOfUser(userID)), nil })
	if err != nil || !awaited {
		return nil, err
	}
	c.reads.begin()
	return func() error {
		defer c.reads.end()
		err := c.store.Update(ctx, c.id, func(tx Tx) error {
			outbox.ReleaseEvents(outboxOf(tx), outbox.ReadingOfUser(userID), c.clock.Now())
			return nil
		})
		c.wake()
		return err
	}, nil
}

// nothingWaits returns an error if an event waits.
func nothingWaits(v View) error {
	if v.WaitingCount() > 0 {
		return errors.New("an event waits")
	}
	return nil
}

// AwaitReaders waits until the readers have all replies that hold back events, or until ctx ends.
func (c *Clinic) AwaitReaders(ctx context.Context) error {
	ended := c.reads.allEnded()
	if ended == nil {
		return nil
	}
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for a user to be read: %w", ctx.Err())
	}
}
