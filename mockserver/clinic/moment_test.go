package clinic_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

func TestAMomentIsATimeOfAClockToTheNanosecond(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Unix(0, 1), epoch,
		time.Date(2105, 12, 31, 23, 59, 59, 999_999_999, time.UTC)} {
		if got := clinic.MomentOf(at).Time(); !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("%s is %s", at, got)
		}
	}
	never := clinic.MomentOf(time.Date(2400, 1, 1, 0, 0, 0, 0, time.UTC))
	if never <= clinic.MomentOf(time.Date(2261, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("a time beyond the last one is %s", never.Time())
	}
}
