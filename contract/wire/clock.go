package wire

import (
	"context"
	"time"
)

// Clock measures time for the rate of requests.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// Wait blocks for a duration. It returns the context's error if ctx ends first.
	Wait(ctx context.Context, span time.Duration) error
}

// System is the computer's clock.
type System struct{}

// Now returns the current time.
func (System) Now() time.Time {
	return time.Now() //nolint:forbidigo // requests to a real target are spaced in real time
}

// Wait blocks for a duration. It returns the context's error if ctx ends first.
func (System) Wait(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span) //nolint:forbidigo // requests to a real target are spaced in real time
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
