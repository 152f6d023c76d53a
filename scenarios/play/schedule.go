package play

import (
	"context"
	"maps"
	"slices"
	"time"
)

// schedule has everything that has not happened yet.
type schedule struct {
	pending []Due    // sorted by time
	held    []*Check // their events wait for the clinic's next event
	unread  []*Check // their events wait for the patient to be read
}

// plan adds a Due behind those of the same time.
func (s *schedule) plan(d Due) {
	i := slices.IndexFunc(s.pending, func(other Due) bool { return other.At.After(d.At) })
	if i < 0 {
		i = len(s.pending)
	}
	s.pending = slices.Insert(s.pending, i, d)
}

// pass lets time pass, and stops on the way at each time when something is due.
func (p *player) pass(ctx context.Context, by time.Duration) error {
	for until := p.now.Add(by); ; {
		isDue := len(p.pending) > 0 && !p.pending[0].At.After(until)
		if !isDue && !until.After(p.now) {
			return nil
		}
		step := until.Sub(p.now)
		if isDue {
			step = max(p.pending[0].At.Sub(p.now), 0)
		}
		if err := p.client.Advance(ctx, step); err != nil {
			return err
		}
		p.now = p.now.Add(step)
		if err := p.reach(ctx); err != nil {
			return err
		}
	}
}

// finish lets time pass until nothing is pending of some kinds; of all kinds when none are given.
func (p *player) finish(ctx context.Context, of ...Kind) error {
	for {
		i := slices.IndexFunc(p.pending, func(d Due) bool { return len(of) == 0 || slices.Contains(of, d.Kind) })
		if i < 0 {
			return nil
		}
		if err := p.pass(ctx, max(p.pending[i].At.Sub(p.now), 0)); err != nil {
			return err
		}
	}
}

// reach reports everything that is due by now, with all that follows from it at once.
func (p *player) reach(ctx context.Context) error {
	var reached []Due
	for len(p.pending) > 0 && !p.pending[0].At.After(p.now) {
		d := p.pending[0]
		p.pending = p.pending[1:]
		reached = append(reached, d)
		p.follow(d)
	}
	for _, d := range reached {
		d.Saved, d.Visits = maps.Clone(p.saved), maps.Clone(p.statuses)
		if err := p.observer.Observe(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// follow plans what follows from a Due.
func (p *player) follow(d Due) {
	if d.Kind == Step {
		p.statuses[d.VisitID] = d.Status
	}
	switch d.Kind {
	case Result:
		if d.Check.N > 0 && !d.Check.Late {
			p.saved[d.Check.Step.Card] = d.Check.Step.Response
		}
		switch m := d.Check.Step.Webhook; {
		case !p.clinic.Webhook || m.Drop:
		case m.AfterRead:
			p.unread = append(p.unread, d.Check)
		case m.Hold.Next && len(p.held) == 0:
			p.held = append(p.held, d.Check)
		default:
			p.planEvent(d.Check, d.At.Add(m.Hold.For))
		}
	case Attempt, Status, Step:
		if !d.Last || d.Kind != Attempt && (!p.clinic.Webhook || d.Webhook.Drop) {
			return
		}
		released := p.held
		p.held = nil
		for _, c := range released {
			p.planEvent(c, d.At)
		}
	case Silence:
	}
}

// planEvent plans the attempts to deliver the event of a check, up to the first one without a fault. An event with a
// fault at every attempt has one attempt that is sent.
func (p *player) planEvent(c *Check, at time.Time) {
	m := c.Step.Webhook
	last := int(m.Refused) + 1
	if m.Attempts > 0 && (m.FailsVerification(last) || p.clinic.RefuseSpoiled) {
		last += int(m.Attempts)
	}
	last = min(last, len(p.clinic.Retries)+1)
	for n := 1; n <= last; n++ {
		p.plan(Due{At: at, Kind: Attempt, Check: c, Attempt: n, Webhook: m.ForAttempt(n), Last: n == last})
		if n < last {
			at = at.Add(p.clinic.Retries[n-1])
		}
	}
}
