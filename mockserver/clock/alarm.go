package clock

import (
	"context"
	"time"
)

// Alarm is a timer for real time. It can be set again and again, before or after it rang.
type Alarm struct{ timer *time.Timer }

// NewAlarm returns an alarm without a time; call Set to start it.
func NewAlarm() *Alarm {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &Alarm{timer: timer}
}

// Rings returns the alarm's channel; it gets a value when the alarm's time has come.
func (a *Alarm) Rings() <-chan time.Time { return a.timer.C }

// Set makes the alarm ring at the real time wall, at once if wall is past, and at no other time.
func (a *Alarm) Set(wall time.Time) { a.timer.Reset(time.Until(wall)) }

// Stop makes the alarm not ring.
func (a *Alarm) Stop() { a.timer.Stop() }

// Wait returns when d of real time has passed, or with ctx's error when ctx ends first.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// AfterFunc calls f, in a goroutine of its own, when d of real time has passed, unless the timer is stopped before.
func AfterFunc(d time.Duration, f func()) *time.Timer { return time.AfterFunc(d, f) }
