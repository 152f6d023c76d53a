package outbox

import (
	"time"

	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// Delivery is one attempt to make.
type Delivery struct {
	Event        Event // its Work is this delivery
	Attempt      int   // 1 for the first
	Webhook      Webhook
	Misbehaviour Misbehaviour // of this attempt
}

// nth is the number of the attempt since the event was last sent by hand, counted from 1.
func (d Delivery) nth() int { return d.Attempt - d.Event.Before }

// Due returns the attempts due by now, in due order, up to the clinic's concurrency; for most clinics, this is one.
// The events of a burst come together, and without others.
func Due(v View, now time.Time) []Delivery {
	w := v.Webhook()
	events := v.DueEvents(now, w.Concurrency)
	if len(events) > 0 {
		if burst := int(delivery(events[0], w).Misbehaviour.Burst); burst > w.Concurrency {
			events = v.DueEvents(now, burst)
		}
	}
	var due []Delivery
	for _, event := range events {
		d := delivery(event, w)
		if len(due) > 0 && d.Misbehaviour.Burst != due[0].Misbehaviour.Burst {
			break
		}
		due = append(due, d)
	}
	return due
}

func delivery(event Event, w Webhook) Delivery {
	d := Delivery{Event: event, Attempt: event.Attempts + 1, Webhook: w}
	d.Misbehaviour = event.misbehaviour(w).ForAttempt(d.nth()).ForScheme(signature.Scheme(w.Signature))
	if event.Again {
		d.Misbehaviour.Drop = false
	}
	return d
}

// IsWanted reports whether the attempt is still to be made: the delivery is pending, and the URL of the webhook
// unchanged.
func (d Delivery) IsWanted(v View) bool {
	return v.IsPending(d.Event.Work) && v.Webhook().URL == d.Webhook.URL
}

// Outcome is the result of an attempt.
type Outcome struct {
	Success    bool
	Dropped    bool           // the event is dropped on purpose; there is no next attempt
	Final      bool           // there is no next attempt
	Gone       bool           // the receiver has answered 410: the endpoint is disabled
	RetryAfter *time.Duration // the next attempt is not due before; nil without such an answer
	Ended      time.Time      // on the clinic's clock
}

// And combines the outcome of an attempt with the outcome of a later copy: one success is enough.
func (o Outcome) And(later Outcome) Outcome {
	later.Success = later.Success || o.Success
	later.Gone = later.Gone || o.Gone
	if o.RetryAfter != nil && (later.RetryAfter == nil || *later.RetryAfter < *o.RetryAfter) {
		later.RetryAfter = o.RetryAfter
	}
	return later
}

// Record records the outcome of the attempt, and makes the next one due. It returns the updated event, or false when
// the delivery was no longer pending because the clinic was emptied during the attempt.
func (d Delivery) Record(tx Tx, o Outcome) (Event, bool) {
	event, pending := d.take(tx)
	if !pending {
		return Event{}, false
	}
	event.Attempts = d.Attempt
	wait, more := tx.Webhook().wait(tx, event.ID, d.nth())
	switch {
	case o.Success:
		event.Status = Delivered
	case o.Dropped:
		event.Status, event.Attempts = Dropped, d.Event.Attempts
	case !more || o.Final || o.Gone:
		event.Status = Failed
	default:
		if o.RetryAfter != nil {
			wait = max(wait, *o.RetryAfter)
		}
		return schedule(tx, event, o.Ended.Add(wait)), true
	}
	finish(tx, event, o.Ended)
	if o.Gone && tx.Webhook().URL == d.Webhook.URL {
		tx.DisableWebhook()
	}
	return event, true
}

// Skip ends the delivery of an event because its clinic no longer has a webhook. It does nothing when the delivery is
// no longer pending.
func (d Delivery) Skip(tx Tx, now time.Time) {
	if event, pending := d.take(tx); pending {
		event.Status = Skipped
		finish(tx, event, now)
	}
}

// take removes the delivery and returns its event, false when it is no longer pending.
func (d Delivery) take(tx Tx) (Event, bool) {
	event, found := tx.Event(d.Event.ID)
	if !found || !tx.IsPending(d.Event.Work) {
		return Event{}, false
	}
	tx.RemoveWork(d.Event.Work)
	event.Next, event.Work = time.Time{}, 0
	return event, true
}

// finish stores an event without a next attempt, and makes the events due that waited for its end.
func finish(tx Tx, event Event, now time.Time) {
	tx.PutEvent(event)
	Release(tx, endOf(event.ID), now)
}
