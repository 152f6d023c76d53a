package feed_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/feed"
)

func newFeed() *feed.Feed { return feed.New(clock.New(time.Unix(1_700_000_000, 0), true)) }

func TestAReaderLearnsHowManyItemsItHasMissed(t *testing.T) {
	t.Parallel()
	f := newFeed()
	const late = 3*feed.Max + 7
	for n := range late + 1 {
		f.Add(n)
	}
	v := f.After(1, 10)
	if v.Missed != late-feed.Max || v.Newest != late+1 || v.Oldest != late+1-feed.Max || len(v.Items) != 10 {
		t.Fatalf("missed %d up to %d of %d, %d items", v.Missed, v.Oldest, v.Newest, len(v.Items))
	}
	if first := v.Items[0]; first.Number != v.Oldest+1 || first.Value != int(v.Oldest) {
		t.Errorf("the first item is %+v", first)
	}
	if v := f.After(late, 10); v.Missed != 0 || len(v.Items) != 1 || v.Items[0].Value != late {
		t.Errorf("behind the last but one come %+v", v)
	}
}

func TestAddingWaitsForNoReaderAndWakesEach(t *testing.T) {
	t.Parallel()
	f := newFeed()
	slow, other := f.After(0, 1), f.After(0, 1)
	for n := range feed.Max {
		f.Add(n) // nobody reads
	}
	<-slow.Changed
	<-other.Changed
	if v := f.After(0, 1); len(v.Items) != 1 || v.Missed != 0 {
		t.Errorf("%+v", v)
	}
}

func TestAResetRemovesTheItemsAndKeepsTheNumbers(t *testing.T) {
	t.Parallel()
	f := newFeed()
	for n := range 5 {
		f.Add(n)
	}
	f.Reset()
	for _, behind := range []uint64{0, 3, 5} {
		v := f.After(behind, 10)
		if v.Missed != 0 || len(v.Items) != 1 || v.Items[0].Number != 6 || v.Items[0].Value != (feed.Reset{}) {
			t.Errorf("behind %d come %+v", behind, v)
		}
	}
}

func TestAClosedFeedWakesItsReadersAndTakesNothingMore(t *testing.T) {
	t.Parallel()
	f := newFeed()
	waiting := f.After(0, 1)
	f.Close()
	<-waiting.Changed
	f.Add(1)
	if v := f.After(0, 1); !v.Closed || len(v.Items) != 0 {
		t.Errorf("%+v", v)
	}
}
