package clock_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// A day begins first in UTC+14, fourteen hours before it does in UTC, whichever zone the clinic's time is written in.
func TestADayHasBegunWhenItHasBegunAnywhereOnEarth(t *testing.T) {
	t.Parallel()
	first := time.Date(2030, 2, 28, 10, 0, 0, 0, time.UTC) // March begins somewhere
	for _, tc := range []struct {
		day  string
		now  time.Time
		want bool
	}{
		{"2030-02-27", first, true},
		{"2030-03-01", first.Add(-1), false},
		{"2030-03-01", first, true},
		{"2030-03-01", first.In(time.FixedZone("", -12*60*60)), true},
		{"2030-03-01", first.Add(-1).In(time.FixedZone("", 14*60*60)), false},
		{"9999-12-31", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), true},
		{"2999-01-01", first, false},
		{"", first, true},
		{"soon", first, true},
	} {
		if got := clock.HasBegun(tc.day, tc.now); got != tc.want {
			t.Errorf("%s at %s has begun: %t", tc.day, tc.now, got)
		}
	}
}
