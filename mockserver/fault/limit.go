package fault

import (
	"maps"
	"time"
)

// window is the time over which the requests of one caller are counted.
type window struct {
	requests int // the limit that it counts for
	per      time.Duration
	end      time.Time
	seen     int
}

// maxWindows is a number of callers. Beyond it, callers with an expired window are forgotten.
const maxWindows = 1_000

// Exceeds counts a request of a caller at a time of the clinic's clock. If the caller makes more requests than allowed,
// it returns how long the caller has to wait; otherwise 0. A window of the given length begins with a caller's first
// request, and the next one with the first request after its end.
func (l *Injector) Exceeds(caller string, now time.Time, requests int, per time.Duration) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.windows[caller]
	if w == nil || !now.Before(w.end) || w.requests != requests || w.per != per {
		if len(l.windows) >= maxWindows {
			maps.DeleteFunc(l.windows, func(_ string, w *window) bool { return !now.Before(w.end) })
		}
		w = &window{requests: requests, per: per, end: now.Add(per)}
		l.windows[caller] = w
	}
	if w.seen++; w.seen > requests {
		return w.end.Sub(now)
	}
	return 0
}
