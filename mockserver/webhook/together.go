package webhook

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// arrivalWait is how long sent bytes may take to reach the receiver.
const arrivalWait = 50 * time.Millisecond

// Together returns the Midway of n requests that overlap in time: each sends the second half of its body after the
// first halves of all have arrived. A request that cannot connect keeps the others waiting for limit at most.
func Together(n int, limit time.Duration) func(context.Context) error {
	var missing atomic.Int64
	missing.Store(int64(n))
	complete := make(chan struct{})
	return func(ctx context.Context) error {
		if missing.Add(-1) == 0 {
			close(complete)
		}
		waiting, stop := context.WithTimeout(ctx, limit)
		defer stop()
		select {
		case <-complete:
		case <-waiting.Done():
		}
		return clock.Wait(ctx, arrivalWait)
	}
}
