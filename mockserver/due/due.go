// Package due runs later work, in due order. It has one loop for the whole process. The loop sleeps until the earliest
// item of any clinic falls due, and wakes when an item is added or a clock is moved.
//
// It keeps no items. Each clinic is a Source with items of its own, so an item and the state it belongs to change
// together in one place. A clinic's items go by lanes: a lane runs one item at a time, in due order, and the lanes of
// one clinic and those of other clinics do not wait for each other.
package due

import (
	"context"
	"time"
)

// Source is the loop's view of one clinic's pending items. R is the result of running one.
type Source[R any] interface {
	// NextDue returns the clinic time at which the earliest item of a lane falls due, false when the lane is empty.
	// After an error the loop asks again a second later.
	NextDue(ctx context.Context, lane int) (due time.Time, pending bool, err error)
	// RunNext runs the earliest item of a lane and removes it, if it is due by now on the clinic's clock. It may do so
	// with other items due by now as well. It returns the results of the items, in due order; nothing when none was
	// due. After an error the items not done are still there, and run again a second later.
	RunNext(ctx context.Context, lane int) ([]R, error)
}

// Receipt lists the effects of moving a clinic's clock.
type Receipt[R any] struct {
	From, To time.Time // the times on the clinic's clock before and after
	Done     []R       // the results of the items, in due order; nil if the caller gets each of them
}
