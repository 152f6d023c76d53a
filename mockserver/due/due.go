// Package due runs what must happen later, in due order: one loop for the whole process, which sleeps until the
// earliest item of any clinic falls due and wakes when an item is added or a clock is moved.
//
// It keeps no items. Each clinic is a Source that knows its own, so that an item and the state it belongs to change
// together in one place. A clinic's items go by lanes: a lane runs one item at a time, in due order, and the lanes of
// one clinic and those of other clinics do not wait for each other.
package due

import (
	"context"
	"time"
)

// Source is one clinic's pending items as the loop sees them. R is what running one returns.
type Source[R any] interface {
	// Next returns the clinic time at which the earliest item of a lane falls due, false when the lane is empty.
	Next(lane int) (time.Time, bool)
	// Do runs the earliest item of a lane and takes it away, and may do so with others that are due by now as well. It
	// returns what running them returned, in due order; nothing when there was nothing to run any more. After an error
	// what was not done is still there, and is run again a second later.
	Do(ctx context.Context, lane int) ([]R, error)
}

// Receipt says what moving a clinic's clock has caused.
type Receipt[R any] struct {
	From, To time.Time // what the clinic's clock showed before and after
	Done     []R       // what was run, in due order
}
