package due_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/due"
)

// A move under way at the stop of the loop goes on. The loop waits for its end, or until the items are broken off. The
// receipt then lists the results so far.
func TestAMoveGoesOnAfterAStopUntilItsItemsAreBrokenOff(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		patience time.Duration
		done     int
		err      error
	}{
		"long enough": {time.Hour, 10, nil},
		"too short":   {3*time.Minute + 30*time.Second, 3, due.ErrStopped},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				loop := due.NewLoop[string](2, slog.New(slog.DiscardHandler))
				l := newClinic(loop, "a", true)
				l.duration = time.Minute
				for n := range 10 {
					l.add(0, time.Duration(n)*time.Second, fmt.Sprint(n), nil)
				}
				l.add(0, time.Hour, "later", nil)
				ctx, stop := context.WithCancel(t.Context())
				items, breakOff := context.WithCancel(t.Context())
				defer breakOff()
				ran := make(chan struct{})
				var receipt due.Receipt[string]
				var err error
				moved := make(chan struct{})
				go func() {
					defer close(moved)
					receipt, err = loop.Advance(t.Context(), "a", time.Minute)
				}()
				synctest.Wait()
				go func() { defer close(ran); loop.Run(ctx, items) }()
				stop()
				select {
				case <-ran:
				case <-time.After(tc.patience):
					breakOff()
				}
				<-ran
				select {
				case <-moved:
				default:
					t.Error("the loop has ended before the move")
				}
				<-moved
				if !errors.Is(err, tc.err) || len(receipt.Done) != tc.done {
					t.Errorf("%d items were run, %v; want %d, %v", len(receipt.Done), err, tc.done, tc.err)
				}
			})
		})
	}
}
