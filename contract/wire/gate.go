package wire

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// gate lets requests through: as many as the budget has, no faster than the rate, and none after it has given up.
type gate struct {
	clock       Clock
	interval    time.Duration // from one request to the next; 0 for none
	giveUpAfter int           // 0 for never

	mu     sync.Mutex
	left   int
	sent   int
	bad    int // answers in a row
	gaveUp bool
	next   time.Time // when the next request may be sent
}

// pass returns when a request may be sent, which it is then counted as.
func (g *gate) pass(ctx context.Context) error {
	wait, err := g.reserve()
	if err != nil {
		return err
	}
	if wait > 0 {
		if err := g.clock.Wait(ctx, wait); err != nil {
			g.giveBack()
			return fmt.Errorf("waiting for the rate of requests: %w", err)
		}
	}
	if g.hasGivenUp() { // while this one waited
		g.giveBack()
		return ErrGaveUp
	}
	return nil
}

// reserve takes a request from the budget and returns how long it has to wait.
func (g *gate) reserve() (time.Duration, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.gaveUp:
		return 0, ErrGaveUp
	case g.left == 0:
		return 0, fmt.Errorf("%w: %d requests", ErrBudget, g.sent)
	}
	g.left--
	g.sent++
	if g.interval == 0 {
		return 0, nil
	}
	now := g.clock.Now()
	if g.next.Before(now) {
		g.next = now
	}
	wait := g.next.Sub(now)
	g.next = g.next.Add(g.interval)
	return wait, nil
}

func (g *gate) giveBack() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.left++
	g.sent--
}

// answered takes note of an answer.
func (g *gate) answered(status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if status != http.StatusTooManyRequests && status < http.StatusInternalServerError {
		g.bad = 0
		return
	}
	g.bad++
	g.gaveUp = g.gaveUp || g.giveUpAfter > 0 && g.bad >= g.giveUpAfter
}

func (g *gate) hasGivenUp() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.gaveUp
}

func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent
}

// Sent is how many requests have been sent.
func (t *Transport) Sent() int { return t.gate.count() }

// GaveUp reports whether the target has answered 429 or 5xx too often in a row.
func (t *Transport) GaveUp() bool { return t.gate.hasGivenUp() }
