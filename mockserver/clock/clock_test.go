package clock_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// expectTime fails the test unless the clock shows epoch and some more.
func expectTime(t *testing.T, c *clock.Clock, what string, more time.Duration) {
	t.Helper()
	if got := c.Now().Sub(epoch); got != more {
		t.Errorf("%s: the clock shows epoch+%s, want epoch+%s", what, got, more)
	}
}

func TestARunningClockKeepsPaceWithRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(epoch, false)
		time.Sleep(time.Minute)
		expectTime(t, c, "after a minute", time.Minute)
		c.Freeze()
		time.Sleep(time.Hour)
		expectTime(t, c, "frozen", time.Minute)
		c.Run()
		c.Run() // changes nothing
		time.Sleep(time.Second)
		expectTime(t, c, "running again", time.Minute+time.Second)
		if c.Frozen() {
			t.Error("a running clock says it is frozen")
		}
	})
}

func TestAClockWithoutAStartShowsRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if c := clock.New(time.Time{}, true); !c.Now().Equal(time.Now()) {
			t.Errorf("the clock shows %s at %s", c.Now(), time.Now())
		}
	})
}

func TestAHeldClockStandsWhereItIsSteppedTo(t *testing.T) {
	t.Parallel()
	for name, frozen := range map[string]bool{"running": false, "frozen": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := clock.New(epoch, frozen)
				if from := c.Hold(); !from.Equal(epoch) {
					t.Errorf("held at %s", from)
				}
				time.Sleep(time.Second) // the running item takes real time
				expectTime(t, c, "held", 0)
				c.Step(epoch.Add(10 * time.Second))
				c.Step(epoch.Add(5 * time.Second)) // never back
				expectTime(t, c, "stepped", 10*time.Second)
				c.Release()
				expectTime(t, c, "released", 10*time.Second)
				time.Sleep(time.Second)
				want := 11 * time.Second
				if frozen {
					want = 10 * time.Second
				}
				expectTime(t, c, "a second later", want)
			})
		})
	}
}

// Waiting for the item under way must not make the clinic's time fall behind.
func TestHoldingARunningClockLosesNoTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(epoch, false)
		c.Hold()
		time.Sleep(time.Minute)
		c.Release()
		expectTime(t, c, "after a minute on hold", time.Minute)
	})
}

func TestWallTimeIsWhenTheClockWillShowATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		running, frozen := clock.New(epoch, false), clock.New(epoch, true)
		soon := epoch.Add(time.Minute)
		if wall, ok := running.WallTime(soon); !ok || time.Until(wall) != time.Minute {
			t.Errorf("a running clock will show it in %s, %t", time.Until(wall), ok)
		}
		if _, ok := frozen.WallTime(soon); ok {
			t.Error("a frozen clock will show a later time by itself")
		}
		if _, ok := frozen.WallTime(epoch); !ok {
			t.Error("a frozen clock does not show the time it shows")
		}
	})
}

func TestRestartMayMoveAClockBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(epoch.Add(time.Hour), false)
		c.Restart(epoch, true)
		time.Sleep(time.Second)
		expectTime(t, c, "restarted", 0)
	})
}

func TestAnAlarmRingsAtItsTimeAndCanBeSetAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := clock.NewAlarm()
		defer a.Stop()
		start := time.Now()
		a.Set(start.Add(time.Minute))
		a.Set(start.Add(time.Hour))
		<-a.Rings()
		if got := time.Since(start); got != time.Hour {
			t.Errorf("it rang after %s", got)
		}
		a.Set(start) // past
		<-a.Rings()
		if got := time.Since(start); got != time.Hour {
			t.Errorf("set to a past time it rang after %s", got)
		}
	})
}
