package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/cron"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/feed"
)

// defaultSettle is the default time limit of settle, in real time.
const defaultSettle = 30 * time.Second

func (c *Control) clockRoutes() []clinicRoute {
	return []clinicRoute{
		{"getClock", http.MethodGet, "/clock", c.getClock},
		{"moveClock", http.MethodPost, "/clock", bodyHandler(c.moveClock)},
		{"settle", http.MethodPost, "/settle", c.settle},
	}
}

func clockOf(one *clinic.Clinic) controlapi.Clock {
	return controlapi.Clock{Now: one.Clock().Now(), Frozen: one.Clock().Frozen()}
}

func (c *Control) getClock(_ *http.Request, one *clinic.Clinic) (any, error) {
	return clockOf(one), nil
}

func (c *Control) moveClock(r *http.Request, one *clinic.Clinic, body controlapi.ClockMove) (any, error) {
	receipt, err := c.newReceipt(body.Limit)
	if err != nil {
		return nil, err
	}
	asked := 0
	for _, is := range []bool{body.Advance != nil, body.Set != nil, body.Freeze, body.Run} {
		if is {
			asked++
		}
	}
	if asked != 1 {
		return nil, badRequest(`send one of {"advance": "10s"}, {"set": "2026-01-31T09:00:00Z"}, {"freeze": true} and ` +
			`{"run": true}`)
	}
	if err := one.AwaitReaders(r.Context()); err != nil {
		return nil, err
	}
	var done due.Receipt[cron.Done]
	switch id := one.ID(); {
	case body.Advance != nil:
		done, err = c.Loop.Advance(r.Context(), id, time.Duration(*body.Advance), receipt.add)
	case body.Set != nil:
		done, err = c.Loop.MoveTo(r.Context(), id, *body.Set, receipt.add)
	case body.Freeze:
		done, err = c.withoutMoving(r.Context(), one, one.Clock().Freeze)
	default:
		done, err = c.withoutMoving(r.Context(), one, one.Clock().Run)
	}
	if changes := c.Feed(one); changes != nil && done.To != (time.Time{}) {
		changes.Add(feed.Clock{Frozen: one.Clock().Frozen()})
	}
	if errors.Is(err, due.ErrBackward) {
		return nil, badRequest("%s; POST …/reset empties the clinic and restarts its clock", due.ErrBackward)
	}
	if errors.Is(err, due.ErrTooFar) {
		return nil, badRequest("%s", due.ErrTooFar)
	}
	return receipt.reply(one, done, err)
}

// withoutMoving stops or starts a clock without moving it.
func (c *Control) withoutMoving(ctx context.Context, one *clinic.Clinic, f func()) (due.Receipt[cron.Done], error) {
	var done due.Receipt[cron.Done]
	err := c.Loop.RunExclusively(ctx, one.ID(), func() error {
		done.From = one.Clock().Now()
		f()
		done.To = one.Clock().Now()
		return nil
	})
	return done, err
}

func (c *Control) settle(r *http.Request, one *clinic.Clinic) (any, error) {
	body := controlapi.SettleOptions{Timeout: controlapi.Span(defaultSettle)}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if body.Timeout <= 0 {
		return nil, badRequest("timeout must be longer than 0s")
	}
	receipt, err := c.newReceipt(body.Limit)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(body.Timeout))
	defer cancel()
	err = one.AwaitReaders(ctx)
	var done due.Receipt[cron.Done]
	if err == nil {
		done, err = c.Loop.Settle(ctx, one.ID(), receipt.add)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return nil, problem{http.StatusGatewayTimeout, c.pendingSentence(one)}
	}
	return receipt.reply(one, done, err)
}

// pendingSentence describes the pending work of a clinic.
func (c *Control) pendingSentence(one *clinic.Clinic) string {
	pending, err := one.PendingCounts(context.Background())
	if err != nil {
		return "the clinic did not settle in time"
	}
	return fmt.Sprintf("the clinic did not settle in time: %d checks, %d claims, %d visits and %d deliveries are "+
		"pending, due or not; a slow receiver delays the rest", pending[clinic.FinishWork], pending[clinic.ClaimWork],
		pending[clinic.VisitWork], pending[clinic.DeliverWork])
}
