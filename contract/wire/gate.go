package wire

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// gate limits requests: their number by the budget, and their pace by the rate. It stops them all once it has given up.
type gate struct {
	clock       Clock
	interval    time.Duration // between two requests; 0 for none
	giveUpAfter int           // bad replies in a row; 0 for never

	mu     sync.Mutex
	left   int
	sent   int
	bad    int // bad replies in a row
	gaveUp bool
	next   time.Time // the earliest time of the next request
}

// pass blocks until a request may be sent, and counts it as sent. A request with an error does not use up the budget.
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
	if g.hasGivenUp() { // during the wait
		g.giveBack()
		return ErrGaveUp
	}
	return nil
}

// reserve takes a request from the budget and returns the time to wait before it.
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

// replied counts the bad replies in a row: 429 and 5xx.
func (g *gate) replied(status int) {
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

// Sent returns the number of requests sent so far.
func (t *Transport) Sent() int { return t.gate.count() }

// GaveUp reports whether the target has answered 429, 5xx or nothing too often in a row.
func (t *Transport) GaveUp() bool { return t.gate.hasGivenUp() }
