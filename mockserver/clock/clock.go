// Package clock owns time: the clock of each clinic, running or frozen, and the real time behind them.
// Nothing else in the server reads the time or sets a timer.
package clock

import (
	"sync"
	"time"
)

// Earliest and Latest are the limits of a clinic's clock: VSee's ids hold their time of creation as a Unix second of 32
// bits.
var (
	Earliest = time.Unix(0, 0).UTC()
	Latest   = time.Date(2105, 12, 31, 23, 59, 59, 0, time.UTC)
)

// Wall returns the real time, in UTC.
func Wall() time.Time { return time.Now().UTC() }

// Since returns the real time passed since start, a value of Wall.
func Since(start time.Time) time.Duration { return time.Since(start) }

// Clock is the clock of one clinic. It runs at the pace of real time, some offset away from it, or it is frozen and
// stands still. It never goes back. It is safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	frozen bool
	held   bool
	at     time.Time     // the time of a standing clock
	offset time.Duration // how far a running clock is ahead of real time
}

// New returns a clock set to start, or to real time when start is zero. It is running unless frozen.
func New(start time.Time, frozen bool) *Clock {
	c := &Clock{}
	c.Restart(start, frozen)
	return c
}

// Restart sets the clock as New does, in place. It is the only call that can take a clock back.
func (c *Clock) Restart(start time.Time, frozen bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wall := Wall()
	if start.IsZero() {
		start = wall
	}
	c.frozen, c.held = frozen, false
	c.at, c.offset = start.UTC(), start.Sub(wall)
}

// Now returns the time on the clock, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown(Wall())
}

// At returns the time on the clock now, for a caller who has just read the real time.
func (c *Clock) At(wall time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown(wall)
}

func (c *Clock) shown(wall time.Time) time.Time {
	if c.frozen || c.held {
		return c.at
	}
	return wall.Add(c.offset).Round(0)
}

// Frozen reports whether the clock stands still until it is moved.
func (c *Clock) Frozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.frozen
}

// Freeze stops the clock at its present time.
func (c *Clock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.shown(Wall())
	c.frozen = true
}

// Run starts a frozen clock again from its present time.
func (c *Clock) Run() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		c.offset = c.at.Sub(Wall())
		c.frozen = false
	}
}

// Hold stops the clock at its present time until Release, so Step can take it from one due time to the next. Only one
// holder at a time.
func (c *Clock) Hold() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.shown(Wall())
	c.held = true
	return c.at
}

// Step moves a held clock forward to at; an earlier time leaves it where it is.
func (c *Clock) Step(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.at) {
		c.at = at.UTC()
	}
}

// Release ends Hold. A running clock goes on from the last step; without a step it has lost no time.
func (c *Clock) Release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	if ahead := c.at.Sub(Wall()); ahead > c.offset {
		c.offset = ahead
	}
}

// WallTime returns the real time at which the clock will show at. The result is in the past when the clock has reached
// at already. False means a standing clock before at: it would have to be moved first.
func (c *Clock) WallTime(at time.Time) (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen || c.held {
		return Wall(), !at.After(c.at)
	}
	return at.Add(-c.offset), true
}
