package scalar_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

func TestATimeSpanMayBeginWithWholeDays(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"60d": 60 * day, "1d12h": 36 * time.Hour, "0d": 0, "10s": 10 * time.Second, "1h30m": 90 * time.Minute,
	} {
		if got, err := scalar.ParseSpan(text); err != nil || got != want {
			t.Errorf("%s is %s with the error %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "d", "1.5d", "-1d", "1d-5h", "1d2", "12h1d", "40000d", "one day"} {
		if got, err := scalar.ParseSpan(text); err == nil {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}
