package due_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
)

// lateItem is a source with a new item right after the loop has read that nothing is due any more.
type lateItem struct {
	*itemList
	loop  *due.Loop[string]
	added bool
}

func (l *lateItem) NextDue(ctx context.Context, lane int) (time.Time, bool, error) {
	at, ok, err := l.itemList.NextDue(ctx, lane)
	if len(l.done()) == 1 && !l.added {
		l.added = true
		l.add(0, 2*time.Second, "late", nil)
		l.loop.Wake("a")
	}
	return at, ok, err
}

func TestAnItemThatComesWhileItsLaneEndsIsRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		loop := due.NewLoop[string](1, slog.New(slog.DiscardHandler))
		c := clock.New(epoch, false)
		l := &lateItem{itemList: &itemList{clock: c}, loop: loop}
		l.add(0, time.Second, "first", nil)
		loop.Add("a", c, l)
		runLoop(t, loop)
		time.Sleep(time.Minute)
		synctest.Wait()
		expect(t, "after a minute", []string{"first at 1s", "late at 2s"}, l.done())
	})
}
