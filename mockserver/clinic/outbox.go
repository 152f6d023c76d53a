package clinic

import (
	"context"
	"encoding/binary"
	"math"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// Webhook is the endpoint of a clinic's events, a part of its Settings.
type Webhook = outbox.Webhook

// Misbehaviour is a deliberate failure of an event's delivery.
type Misbehaviour = outbox.Misbehaviour

// outboxView adapts a View to outbox.View.
type outboxView struct{ View }

func (v outboxView) Webhook() *Webhook { return &v.Settings().Webhook }

func (v outboxView) Event(id string) (outbox.Event, bool) { return v.Events().Get(id) }

func (v outboxView) HasDelivery(e *outbox.Event) bool { return v.IsPending(deliveryOf(e)) }

// deliveryOf returns the pending delivery of an event.
func deliveryOf(e *outbox.Event) Work {
	return Work{ID: e.Work, Kind: DeliverWork, Due: e.Next, Subject: e.ID}
}

func (v outboxView) DueEvents(at time.Time, limit int) []*outbox.Event {
	due := v.DueWork(DeliverWork, at, limit)
	events := make([]*outbox.Event, 0, len(due))
	for _, work := range due {
		if event := v.Events().Shared(work.Subject); event != nil {
			events = append(events, event)
		}
	}
	return events
}

// outboxTx adapts a Tx to outbox.Tx.
type outboxTx struct {
	Tx
	outboxView
}

func outboxOf(tx Tx) outbox.Tx { return outboxTx{tx, outboxView{tx}} }

func (t outboxTx) NewEventID(now time.Time) string {
	return newIDGenerator(t.Tx).uuid(eventCounter, now)
}

func (t outboxTx) AddDelivery(due time.Time, eventID string) uint64 {
	return t.AddWork(DeliverWork, due, eventID)
}

func (t outboxTx) RemoveDelivery(e *outbox.Event) { t.RemoveWork(deliveryOf(e)) }

func (t outboxTx) DisableWebhook() {
	settings := *t.Settings()
	settings.Webhook.Disabled = true
	t.PutSettings(settings)
}

// Jitter follows from the clinic's seed, the event and the attempt.
func (t outboxTx) Jitter(eventID string, nth int) float64 {
	sum := newIDGenerator(t.Tx).randomBytes("jitter "+eventID, uint64(nth)) //nolint:gosec // counted from 1
	return float64(binary.BigEndian.Uint32(sum[:4]))/math.MaxUint32*2 - 1
}

// DueAttempts returns the attempts due by now: see outbox.DueAttempts.
func (c *Clinic) DueAttempts(ctx context.Context) ([]outbox.Attempt, error) {
	return view(ctx, c, func(v View) ([]outbox.Attempt, error) {
		return outbox.DueAttempts(outboxView{v}, c.clock.Now()), nil
	})
}

// IsAttemptStillDue reports whether an attempt is still to be made: see outbox.Attempt.IsStillDue.
func (c *Clinic) IsAttemptStillDue(ctx context.Context, a *outbox.Attempt) (bool, error) {
	return view(ctx, c, func(v View) (bool, error) { return a.IsStillDue(outboxView{v}), nil })
}

// RecordOutcome records the outcome of an attempt: see outbox.Attempt.RecordOutcome.
func (c *Clinic) RecordOutcome(ctx context.Context, a *outbox.Attempt, o outbox.Outcome) (outbox.Event, bool, error) {
	event, err := update(ctx, c, func(tx Tx) (outbox.Event, error) {
		event, _ := a.RecordOutcome(outboxOf(tx), o)
		return event, nil
	})
	return event, event.ID != "", err
}

// SkipEvent ends the delivery of an event to a clinic without a webhook: see outbox.Attempt.SkipEvent.
func (c *Clinic) SkipEvent(ctx context.Context, a *outbox.Attempt) error {
	return c.store.Update(ctx, c.id, func(tx Tx) error {
		a.SkipEvent(outboxOf(tx), c.clock.Now())
		return nil
	})
}

// ResendEvent makes an event due again, now and from the start of the schedule: see outbox.ResendEvent. The control API
// ensures that no attempt is in progress meanwhile.
func (c *Clinic) ResendEvent(ctx context.Context, id string) (outbox.Event, error) {
	return updateAndWake(ctx, c, func(tx Tx) (outbox.Event, error) {
		event, ok := tx.Events().Get(id)
		if !ok {
			return event, errNoEvent
		}
		if tx.Settings().Webhook.URL == "" {
			return event, errNoWebhook
		}
		return outbox.ResendEvent(outboxOf(tx), event, c.clock.Now()), nil
	})
}

var errNoEvent = refuse(NotFound, "the clinic has no event with this id")

var errNoWebhook = refuse(Invalid, "the clinic has no webhook: set webhook.url first")
