package clinic

import (
	"context"
	"fmt"
	"sync"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// readings are the replies in progress that hold back events.
type readings struct {
	mu    sync.Mutex
	count int
	ended chan struct{} // closed when the last one is over
}

func (r *readings) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == 0 {
		r.ended = make(chan struct{})
	}
	r.count++
}

func (r *readings) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count--; r.count == 0 {
		close(r.ended)
	}
}

// under returns a channel that closes when no reply is being read any more; nil when none is.
func (r *readings) under() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.count == 0 {
		return nil
	}
	return r.ended
}

// Reading notes that a reply with a user's data is on its way. The caller calls the returned function once the reader
// has the reply; it then sends the events held for this. Until then AwaitReaders waits: the reader can act on the reply
// before the mock has finished, and must find its effects in place.
func (c *Clinic) Reading(ctx context.Context, userID string) (read func() error, err error) {
	what := outbox.ReadingOfUser(userID)
	awaited, err := view(ctx, c, func(v View) (bool, error) { return v.Waits(what), nil })
	if err != nil || !awaited {
		return func() error { return nil }, err
	}
	c.readings.begin()
	return func() error {
		defer c.readings.end()
		err := c.store.Update(ctx, c.id, func(tx Tx) error {
			outbox.ReleaseEvents(outboxOf(tx), what, c.clock.Now())
			return nil
		})
		c.wake()
		return err
	}, nil
}

// AwaitReaders waits until the readers have all replies that hold back events, or until ctx ends.
func (c *Clinic) AwaitReaders(ctx context.Context) error {
	under := c.readings.under()
	if under == nil {
		return nil
	}
	select {
	case <-under:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("waiting for a user to be read: %w", ctx.Err())
	}
}
