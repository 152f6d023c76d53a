package due_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
)

var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// itemList is a due.Source of items in memory. It notes the time on its clock when an item runs.
type itemList struct {
	clock    *clock.Clock
	duration time.Duration // how long running an item takes, in real time

	mu     sync.Mutex
	broken bool // it cannot be read
	items  [2][]item
	ran    []string
}

type item struct {
	at    time.Time
	name  string
	fails int             // how many times it fails before it succeeds
	then  func(*itemList) // the effect of running it
}

func (l *itemList) add(lane int, after time.Duration, name string, then func(*itemList)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.items[lane] = append(l.items[lane], item{at: epoch.Add(after), name: name, then: then})
	slices.SortStableFunc(l.items[lane], func(a, b item) int { return a.at.Compare(b.at) })
}

func (l *itemList) NextDue(_ context.Context, lane int) (time.Time, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken {
		return time.Time{}, false, errBroken
	}
	if len(l.items[lane]) == 0 {
		return time.Time{}, false, nil
	}
	return l.items[lane][0].at, true, nil
}

var errBroken = errors.New("the list cannot be read")

func (l *itemList) setBroken(broken bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = broken
}

func (l *itemList) RunNext(ctx context.Context, lane int) ([]string, error) {
	if l.duration > 0 {
		select {
		case <-time.After(l.duration):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	l.mu.Lock()
	if l.broken {
		l.mu.Unlock()
		return nil, errBroken
	}
	if len(l.items[lane]) == 0 || l.items[lane][0].at.After(l.clock.Now()) {
		l.mu.Unlock()
		return nil, nil
	}
	first := l.items[lane][0]
	if first.fails > 0 {
		l.items[lane][0].fails--
		l.mu.Unlock()
		return nil, errors.New("not yet")
	}
	l.items[lane] = l.items[lane][1:]
	entry := fmt.Sprintf("%s at %s", first.name, l.clock.Now().Sub(epoch))
	l.ran = append(l.ran, entry)
	l.mu.Unlock()
	if first.then != nil {
		first.then(l)
	}
	return []string{entry}, nil
}

func (l *itemList) done() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.ran)
}

// setup returns a loop with one clinic "a" in it. It runs until the test ends.
func setup(t *testing.T, frozen bool) (*due.Loop[string], *itemList) {
	t.Helper()
	loop := due.NewLoop[string](2, slog.New(slog.DiscardHandler))
	l := newClinic(loop, "a", frozen)
	runLoop(t, loop)
	return loop, l
}

// runLoop runs a loop until the test ends.
func runLoop(t *testing.T, loop *due.Loop[string]) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); loop.Run(ctx, ctx) }()
	t.Cleanup(func() { stop(); <-ended })
}

func newClinic(loop *due.Loop[string], name string, frozen bool) *itemList {
	c := clock.New(epoch, frozen)
	l := &itemList{clock: c}
	loop.Add(name, c, l)
	return l
}

func expect(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestItemsRunWhenTheyFallDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, false)
		l.add(0, time.Minute, "second", nil)
		l.add(0, time.Second, "first", func(l *itemList) { l.add(1, time.Second, "caused", nil); loop.Wake("a") })
		loop.Wake("a")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		expect(t, "after 2s", []string{"first at 1s", "caused at 1s"}, l.done())
		time.Sleep(time.Minute)
		synctest.Wait()
		expect(t, "after a minute", []string{"first at 1s", "caused at 1s", "second at 1m0s"}, l.done())
	})
}

func TestAFrozenClinicRunsOnlyItemsDueNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, true)
		l.add(0, 0, "now", nil)
		l.add(0, time.Second, "later", nil)
		loop.Wake("a")
		time.Sleep(time.Hour)
		synctest.Wait()
		expect(t, "after an hour", []string{"now at 0s"}, l.done())
	})
}

func TestAdvanceRunsEachItemAtItsDueTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, frozen := range []bool{true, false} {
			loop, l := setup(t, frozen)
			l.add(0, 10*time.Second, "check", func(l *itemList) { l.add(1, 10*time.Second, "delivery", nil) })
			l.add(1, 12*time.Second, "retry", func(l *itemList) { l.add(1, 17*time.Second, "retry again", nil) })
			l.add(0, 10*time.Second, "other check", nil)
			l.add(0, 21*time.Second, "too late", nil)
			got, err := loop.Advance(t.Context(), "a", 20*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			want := []string{"check at 10s", "other check at 10s", "delivery at 10s", "retry at 12s", "retry again at 17s"}
			expect(t, "receipt", want, got.Done)
			expect(t, "run", want, l.done())
			if !got.From.Equal(epoch) || got.To.Sub(epoch) != 20*time.Second || l.clock.Now().Sub(epoch) != 20*time.Second {
				t.Errorf("from %s to %s, the clock shows %s", got.From, got.To, l.clock.Now())
			}
		}
	})
}

func TestAdvanceAndTheLoopRunNoItemTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, false)
		l.duration = time.Second
		for i := range 20 {
			l.add(i%2, time.Duration(i)*100*time.Millisecond, fmt.Sprint(i), nil)
		}
		loop.Wake("a")
		time.Sleep(1500 * time.Millisecond) // the loop is in the middle of an item of each lane
		if _, err := loop.Advance(t.Context(), "a", time.Hour); err != nil {
			t.Fatal(err)
		}
		if got := l.done(); len(got) != 20 {
			t.Errorf("20 items ran %d times: %q", len(got), got)
		}
	})
}

// A slow lane delays neither the clinic's other lane nor another clinic.
func TestASlowLaneDelaysNoOtherLane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, slow := setup(t, false)
		other := newClinic(loop, "b", false)
		slow.add(1, 0, "hangs", func(*itemList) { time.Sleep(time.Hour) })
		slow.add(0, time.Second, "check", nil)
		other.add(1, time.Second, "delivery", nil)
		loop.Wake("a")
		loop.Wake("b")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		expect(t, "the same clinic", []string{"hangs at 0s", "check at 1s"}, slow.done())
		expect(t, "the other clinic", []string{"delivery at 1s"}, other.done())
		time.Sleep(time.Hour)
	})
}

// A call to move the clock waits for the item under way, not for all due items.
func TestAMoveWaitsForOneItem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, false)
		l.duration = time.Second
		for i := range 40 {
			l.add(1, 0, fmt.Sprint(i), nil)
		}
		loop.Wake("a")
		time.Sleep(1500 * time.Millisecond)
		began := time.Now()
		if err := loop.RunExclusively(t.Context(), "a", func() error { return nil }); err != nil {
			t.Fatal(err)
		}
		if waited := time.Since(began); waited != 500*time.Millisecond {
			t.Errorf("it waited %s", waited)
		}
		time.Sleep(time.Minute)
		if got := len(l.done()); got != 40 {
			t.Errorf("%d of 40 items ran", got)
		}
	})
}

func TestAnItemThatFailsIsRunAgainASecondLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, false)
		l.add(0, 0, "stubborn", nil)
		l.items[0][0].fails = 2
		loop.Wake("a")
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		expect(t, "after the second failure", nil, l.done())
		time.Sleep(time.Second)
		synctest.Wait()
		expect(t, "after two seconds", []string{"stubborn at 2s"}, l.done())
	})
}

// A source that cannot be read loses no item: the loop asks again a second later, and a move returns the error.
func TestASourceThatCannotBeReadIsAskedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, false)
		l.add(0, time.Second, "kept", nil)
		l.setBroken(true)
		loop.Wake("a")
		time.Sleep(1500 * time.Millisecond)
		if receipt, err := loop.Settle(t.Context(), "a"); !errors.Is(err, errBroken) || len(receipt.Done) != 0 {
			t.Errorf("a move returns %q, %v", receipt.Done, err)
		}
		l.setBroken(false)
		time.Sleep(time.Second)
		synctest.Wait()
		expect(t, "after the source can be read", []string{"kept at 2.5s"}, l.done())
	})
}

func TestSettleWaitsForItemsInProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, false)
		ahead := time.Until(l.clock.Now())
		l.duration = time.Minute
		l.add(1, 0, "slow", nil)
		l.add(0, 0, "check", nil)
		loop.Wake("a")
		synctest.Wait()
		impatient, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := loop.Settle(impatient, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an impatient settle returned %v", err)
		}
		if _, err := loop.Settle(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		if got := l.done(); len(got) != 2 {
			t.Errorf("after settle %q are done", got)
		}
		if got := time.Until(l.clock.Now()); got != ahead {
			t.Errorf("the clock was %s ahead of real time, and is %s now", ahead, got)
		}
	})
}

func TestAClockDoesNotGoBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, true)
		for name, move := range map[string]func() (due.Receipt[string], error){
			"advance": func() (due.Receipt[string], error) { return loop.Advance(t.Context(), "a", -time.Second) },
			"move to": func() (due.Receipt[string], error) { return loop.MoveTo(t.Context(), "a", epoch.Add(-time.Second)) },
		} {
			if _, err := move(); !errors.Is(err, due.ErrBackward) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !l.clock.Now().Equal(epoch) {
			t.Errorf("the clock shows %s", l.clock.Now())
		}
	})
}

func TestACancelledAdvanceKeepsItsProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, true)
		ctx, cancel := context.WithCancel(t.Context())
		l.add(0, time.Second, "one", func(*itemList) { cancel() })
		l.add(0, time.Minute, "two", nil)
		receipt, err := loop.Advance(ctx, "a", time.Hour)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v", err)
		}
		expect(t, "receipt", []string{"one at 1s"}, receipt.Done)
		if got := l.clock.Now().Sub(epoch); got != time.Second {
			t.Errorf("the clock shows epoch+%s", got)
		}
	})
}

func TestARemovedClinicRunsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, l := setup(t, false)
		l.add(0, time.Second, "never", nil)
		loop.Wake("a")
		loop.Remove("a")
		loop.Remove("a") // changes nothing
		time.Sleep(time.Minute)
		synctest.Wait()
		expect(t, "done", nil, l.done())
		if _, err := loop.Advance(t.Context(), "a", 0); !errors.Is(err, due.ErrUnknown) {
			t.Errorf("advance: %v", err)
		}
	})
}

func TestThousandsOfClinicsRunInOneLoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop, _ := setup(t, true)
		var all []*itemList
		for i := range 2_000 {
			l := newClinic(loop, fmt.Sprint("clinic-", i), false)
			l.add(i%2, time.Duration(i%10)*time.Second, "item", nil)
			loop.Wake(fmt.Sprint("clinic-", i))
			all = append(all, l)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		for i, l := range all {
			want := fmt.Sprintf("item at %s", time.Duration(i%10)*time.Second)
			if got := l.done(); len(got) != 1 || got[0] != want {
				t.Fatalf("clinic %d: %q, want %q", i, got, want)
			}
		}
	})
}
