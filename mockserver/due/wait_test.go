package due_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
)

// singleItem is a due.Source of one item; the item is due at once and runs a function.
type singleItem struct {
	mu   sync.Mutex
	done bool
	run  func(context.Context)
}

func (o *singleItem) NextDue(_ context.Context, lane int) (time.Time, bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return epoch, lane == 1 && !o.done, nil
}

func (o *singleItem) RunNext(ctx context.Context, _ int) ([]string, error) {
	o.run(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.done = true
	return []string{"item"}, nil
}

// calls are the calls waiting for a clinic's running items.
var calls = map[string]func(context.Context, *due.Loop[string]) error{
	"advance": func(ctx context.Context, l *due.Loop[string]) error {
		_, err := l.Advance(ctx, "a", time.Hour)
		return err
	},
	"set": func(ctx context.Context, l *due.Loop[string]) error {
		_, err := l.MoveTo(ctx, "a", epoch.Add(time.Hour))
		return err
	},
	"settle": func(ctx context.Context, l *due.Loop[string]) error { _, err := l.Settle(ctx, "a"); return err },
	"alone": func(ctx context.Context, l *due.Loop[string]) error {
		return l.RunExclusively(ctx, "a", func() error { return nil })
	},
}

// outcome is the result of a call made from inside an item.
type outcome struct {
	Held   bool
	After  time.Duration // in real time
	Waited bool          // the item knows
}

// callInsideItem returns the result of a call made and awaited by an item, up to the time limit of a receiver.
func callInsideItem(t *testing.T, frozen bool, call func(context.Context, *due.Loop[string]) error) outcome {
	t.Helper()
	var got outcome
	loop := due.NewLoop[string](2, slog.New(slog.DiscardHandler))
	source := &singleItem{run: func(ctx context.Context) {
		impatient, cancel := context.WithTimeout(ctx, 15*time.Second)
		defer cancel()
		began := time.Now()
		got.Held = errors.Is(call(impatient, loop), due.ErrStuck)
		got.After, got.Waited = time.Since(began), due.WasWaitedFor(ctx)
	}}
	loop.Add("a", clock.New(epoch, frozen), source)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	if !frozen { // the loop runs the item by itself
		running.Go(func() { loop.Run(ctx, t.Context()) })
		time.Sleep(time.Minute)
	} else if receipt, err := loop.Advance(t.Context(), "a", time.Second); err != nil || len(receipt.Done) != 1 {
		t.Errorf("the call that runs the item: %q, %v", receipt.Done, err)
	}
	stop()
	running.Wait()
	return got
}

func TestACallFromInsideAnItemOfAMoveFailsAtOnce(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			if diff := cmp.Diff(outcome{true, time.Second, true}, callInsideItem(t, true, call)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// Callers other than the receiver may wait without limit for items run by the loop itself: to settle and to reset is
// just such a wait.
func TestACallFromInsideAnItemOfTheLoopFailsWhenItMovesTheClock(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]outcome{
		"advance": {true, 5 * time.Second, true},
		"set":     {true, 5 * time.Second, true},
		"settle":  {false, 15 * time.Second, true},
		"alone":   {false, 15 * time.Second, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			if diff := cmp.Diff(want, callInsideItem(t, false, calls[name])); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestCallsQueueBehindAMoveThatMakesProgress(t *testing.T) {
	t.Parallel()
	for name, call := range calls {
		synctest.Test(t, func(t *testing.T) {
			loop := due.NewLoop[string](2, slog.New(slog.DiscardHandler))
			begun := make(chan struct{})
			source := &singleItem{run: func(ctx context.Context) {
				close(begun)
				for range 50 { // receivers asked one after the other
					due.ReportProgress(ctx, 0)
					time.Sleep(900 * time.Millisecond)
				}
				due.ReportProgress(ctx, 10*time.Second) // a deliberately slow body
				time.Sleep(10*time.Second + 900*time.Millisecond)
				if due.WasWaitedFor(ctx) {
					t.Error("the item is told of a call that has not waited long for any step")
				}
			}}
			loop.Add("a", clock.New(epoch, true), source)
			var work sync.WaitGroup
			work.Go(func() {
				if receipt, err := loop.Advance(t.Context(), "a", time.Second); err != nil || len(receipt.Done) != 1 {
					t.Errorf("the first call: %q, %v", receipt.Done, err)
				}
			})
			<-begun
			if err := call(t.Context(), loop); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			work.Wait()
		})
	}
}

func TestAContextWithoutAnItemHasNoProgress(t *testing.T) {
	t.Parallel()
	due.ReportProgress(t.Context(), time.Second)
	if due.WasWaitedFor(t.Context()) {
		t.Error("a call waits for it")
	}
}
