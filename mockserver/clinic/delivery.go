package clinic

import (
	"context"
	"time"
)

// Delivery is one attempt that is to be made.
type Delivery struct {
	Work         Work
	Event        Event
	Attempt      int // 1 for the first
	Webhook      Webhook
	Misbehaviour Misbehaviour // what goes wrong with the attempt
}

// nth is the number of the attempt since the event was last sent by hand, counted from 1.
func (d Delivery) nth() int { return d.Attempt - d.Event.Before }

// Deliveries returns the attempts that are due by now, in due order: as many as may be made at once, one for most
// clinics. The events of a burst come together, and with no others.
func (c *Clinic) Deliveries(ctx context.Context) ([]Delivery, error) {
	return view(ctx, c, func(v View) ([]Delivery, error) {
		var due []Delivery
		w := v.Settings().Webhook
		works := v.DueWork(DeliverWork, c.clock.Now(), w.Concurrency)
		if len(works) > 0 {
			if burst := delivery(v, works[0], w).Misbehaviour.Burst; burst > w.Concurrency {
				works = v.DueWork(DeliverWork, c.clock.Now(), burst)
			}
		}
		for _, work := range works {
			d := delivery(v, work, w)
			if len(due) > 0 && d.Misbehaviour.Burst != due[0].Misbehaviour.Burst {
				break
			}
			due = append(due, d)
		}
		return due, nil
	})
}

func delivery(v View, work Work, w Webhook) Delivery {
	d := Delivery{Work: work, Webhook: w}
	d.Event, _ = v.Events().Get(work.Subject)
	d.Attempt = d.Event.Attempts + 1
	d.Misbehaviour = d.Event.misbehaviour(w).at(d.nth()).with(w.Signature)
	if d.Event.Again {
		d.Misbehaviour.Drop = false
	}
	return d
}

// Wanted reports whether an attempt is still to be made: its item is pending and the webhook where it was.
func (c *Clinic) Wanted(ctx context.Context, d Delivery) bool {
	wanted, err := view(ctx, c, func(v View) (bool, error) {
		_, pending := v.Work(d.Work.ID)
		return pending && v.Settings().Webhook.URL == d.Webhook.URL, nil
	})
	return wanted && err == nil
}

// Outcome is how an attempt has ended.
type Outcome struct {
	Success    bool
	Dropped    bool           // the event is dropped on purpose; there is no next one
	Final      bool           // there is no next one
	Gone       bool           // the receiver has answered 410: the endpoint is disabled
	RetryAfter *time.Duration // the next one is not due before; nil when the receiver said nothing
	Ended      time.Time      // on the clinic's clock
}

// And returns the outcome of an attempt that was made of another copy as well, later: one success is enough.
func (o Outcome) And(later Outcome) Outcome {
	later.Success = later.Success || o.Success
	later.Gone = later.Gone || o.Gone
	if o.RetryAfter != nil && (later.RetryAfter == nil || *later.RetryAfter < *o.RetryAfter) {
		later.RetryAfter = o.RetryAfter
	}
	return later
}

// Delivered records how an attempt has ended, and when the next one is due. It returns the event as it stands then, and
// false when the item was no longer pending: the clinic was emptied while the attempt was made.
func (c *Clinic) Delivered(ctx context.Context, d Delivery, o Outcome) (Event, bool, error) {
	event, err := update(ctx, c, func(tx Tx) (Event, error) {
		if _, pending := tx.Work(d.Work.ID); !pending {
			return Event{}, nil
		}
		tx.RemoveWork(d.Work.ID)
		event, _ := tx.Events().Get(d.Event.ID)
		event.Attempts, event.Next, event.Work = d.Attempt, time.Time{}, 0
		settings := tx.Settings()
		wait, more := settings.Webhook.wait(draws(tx).source, event.ID, d.nth())
		switch {
		case o.Success:
			event.Status = EventDelivered
		case o.Dropped:
			event.Status, event.Attempts = EventDropped, d.Event.Attempts
		case !more || o.Final || o.Gone:
			event.Status = EventFailed
		default:
			if o.RetryAfter != nil {
				wait = max(wait, *o.RetryAfter)
			}
			send(tx, event, o.Ended.Add(wait))
			event, _ = tx.Events().Get(event.ID)
			return event, nil
		}
		tx.PutEvent(event)
		ended(tx, event, o.Ended)
		if o.Gone && settings.Webhook.URL == d.Webhook.URL {
			settings.Webhook.Disabled = true
			tx.PutSettings(settings)
		}
		return event, nil
	})
	return event, event.ID != "", err
}

// Skip ends the delivery of an event to a clinic that has no webhook any more. It does nothing when the item is no
// longer pending.
func (c *Clinic) Skip(ctx context.Context, d Delivery) error {
	return c.store.Update(ctx, c.id, func(tx Tx) error {
		if _, pending := tx.Work(d.Work.ID); !pending {
			return nil
		}
		tx.RemoveWork(d.Work.ID)
		event, _ := tx.Events().Get(d.Event.ID)
		event.Status, event.Next, event.Work = EventSkipped, time.Time{}, 0
		tx.PutEvent(event)
		ended(tx, event, c.clock.Now())
		return nil
	})
}
