package outbox

import (
	"errors"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// StandardSchedule returns the waits between a failed attempt and the next one, those of the example in Standard
// Webhooks: ten attempts in 75 hours and a half.
func StandardSchedule() []time.Duration {
	return []time.Duration{
		5 * time.Second,
		5 * time.Minute,
		30 * time.Minute,
		2 * time.Hour,
		5 * time.Hour,
		10 * time.Hour,
		14 * time.Hour,
		20 * time.Hour,
		24 * time.Hour,
	}
}

// The names of schedules.
const (
	ScheduleStandard = "standard"
	ScheduleOnce     = "once"
)

var errSchedule = errors.New(`a schedule must be standard, once, or a list of time spans such as 5s,1m,1h`)

// ParseSchedule reads a schedule: `standard`, `once`, or time spans with commas between them, such as `5s,1m,1h`.
func ParseSchedule(text string) ([]time.Duration, error) {
	switch text {
	case ScheduleStandard:
		return StandardSchedule(), nil
	case ScheduleOnce:
		return []time.Duration{}, nil
	}
	var waits []time.Duration
	for part := range strings.SplitSeq(text, ",") {
		wait, err := scalar.ParseSpan(strings.TrimSpace(part))
		if err != nil {
			return nil, errSchedule
		}
		waits = append(waits, wait)
	}
	return waits, validateSchedule(waits)
}

// maxAttempts and maxWait bound a schedule.
const (
	maxAttempts = 100
	maxWait     = 30 * 24 * time.Hour
)

func validateSchedule(waits []time.Duration) error {
	if len(waits) >= maxAttempts {
		return errors.New("webhook.schedule must have fewer than 100 waits")
	}
	for _, wait := range waits {
		if wait < 0 || wait > maxWait {
			return errors.New("webhook.schedule must hold time spans from 0s to 720h")
		}
	}
	return nil
}

// retryDelay returns the time between a failed attempt at an event and the next one, false when it was the last. nth is
// the number of the attempt, counted from 1.
func (w Webhook) retryDelay(tx Tx, eventID string, nth int) (time.Duration, bool) {
	if nth < 1 || nth > len(w.Schedule) {
		return 0, false
	}
	wait := w.Schedule[nth-1]
	if w.Jitter > 0 {
		wait += time.Duration(float64(wait) * w.Jitter * tx.Jitter(eventID, nth))
	}
	return wait, true
}
