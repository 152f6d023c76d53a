package wire

import (
	"context"
	"time"
)

// Clock is what the rate of requests goes by.
type Clock interface {
	// Now returns what the clock shows.
	Now() time.Time
	// Wait returns when a time span has passed, or with the context's error when that ends first.
	Wait(ctx context.Context, span time.Duration) error
}

// System is the computer's clock: a target that is not a mock has no other.
type System struct{}

// Now returns what the clock shows.
func (System) Now() time.Time {
	return time.Now() //nolint:forbidigo // a real target lives in real time
}

// Wait returns when a time span has passed, or with the context's error when that ends first.
func (System) Wait(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span) //nolint:forbidigo // a real target lives in real time
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
