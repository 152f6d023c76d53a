package outbox

import (
	"time"

	"github.com/vsee-mock/vsee-mock/internal/signature"
)

// Attempt is one try to send an event.
type Attempt struct {
	Event        *Event       // its Work is the pending delivery; must not be changed
	Number       int          // 1 for the first
	Webhook      *Webhook     // must not be changed
	Misbehaviour Misbehaviour // of this attempt
}

// sinceResend is the number of the attempt since the event was last sent by hand, counted from 1.
func (a Attempt) sinceResend() int { return a.Number - a.Event.AttemptsBeforeResend }

// DueAttempts returns the attempts due by now, in due order, up to the clinic's concurrency; for most clinics, this is
// one. The events of a burst come together, and without others.
func DueAttempts(v View, now time.Time) []Attempt {
	w := v.Webhook()
	events := v.DueEvents(now, w.Concurrency)
	if len(events) > 0 {
		if burst := int(nextAttempt(events[0], w).Misbehaviour.Burst); burst > w.Concurrency {
			events = v.DueEvents(now, burst)
		}
	}
	due := make([]Attempt, 0, len(events))
	for _, event := range events {
		a := nextAttempt(event, w)
		if len(due) > 0 && a.Misbehaviour.Burst != due[0].Misbehaviour.Burst {
			break
		}
		due = append(due, a)
	}
	return due
}

func nextAttempt(event *Event, w *Webhook) Attempt {
	a := Attempt{Event: event, Number: event.Attempts + 1, Webhook: w}
	a.Misbehaviour = event.effectiveMisbehaviour(w).ForAttempt(a.sinceResend()).ForScheme(signature.Scheme(w.Signature))
	if event.Resent {
		a.Misbehaviour.Drop = false
	}
	return a
}

// IsStillDue reports whether the attempt is still to be made: the delivery is pending, and the URL of the webhook
// unchanged.
func (a Attempt) IsStillDue(v View) bool {
	return v.HasDelivery(a.Event) && v.Webhook().URL == a.Webhook.URL
}

// Outcome is the result of an attempt.
type Outcome struct {
	Success    bool
	Dropped    bool           // the event is dropped on purpose
	Final      bool           // nothing was sent, nor will be: it counts as no attempt
	Gone       bool           // the receiver has answered 410: the endpoint is disabled
	RetryAfter *time.Duration // the next attempt is not due before; nil without such an answer
	Ended      time.Time      // on the clinic's clock
}

// CombinedWith combines the outcome of an attempt with the outcome of a later copy: one success is enough.
func (o Outcome) CombinedWith(later Outcome) Outcome {
	later.Success = later.Success || o.Success
	later.Gone = later.Gone || o.Gone
	if o.RetryAfter != nil && (later.RetryAfter == nil || *later.RetryAfter < *o.RetryAfter) {
		later.RetryAfter = o.RetryAfter
	}
	return later
}

// IsDecisive reports whether the receiver's Retry-After decided the time of the next attempt, not the schedule.
func (o Outcome) IsDecisive(next time.Time) bool {
	return o.RetryAfter != nil && next.Equal(o.Ended.Add(*o.RetryAfter))
}

// RecordOutcome records the outcome of the attempt, and makes the next one due. It returns the updated event, or false
// when the delivery was no longer pending because the clinic was emptied during the attempt.
func (a Attempt) RecordOutcome(tx Tx, o Outcome) (Event, bool) {
	event, pending := a.removePending(tx)
	if !pending {
		return Event{}, false
	}
	event.Attempts = a.Number
	wait, more := tx.Webhook().retryDelay(tx, event.ID, a.sinceResend())
	switch {
	case o.Success:
		event.Status = Delivered
	case o.Final:
		event.Status, event.Attempts = Failed, a.Event.Attempts
		if o.Dropped {
			event.Status = Dropped
		}
	case !more || o.Gone:
		event.Status = Failed
	default:
		if o.RetryAfter != nil {
			wait = max(wait, *o.RetryAfter)
		}
		return scheduleAttempt(tx, event, o.Ended.Add(wait)), true
	}
	endDelivery(tx, event, o.Ended)
	if o.Gone && tx.Webhook().URL == a.Webhook.URL {
		tx.DisableWebhook()
	}
	return event, true
}

// SkipEvent ends the delivery of an event because its clinic no longer has a webhook. It does nothing when the delivery
// is no longer pending.
func (a Attempt) SkipEvent(tx Tx, now time.Time) {
	if event, pending := a.removePending(tx); pending {
		event.Status = Skipped
		endDelivery(tx, event, now)
	}
}

// removePending removes the delivery and returns its event, false when it is no longer pending.
func (a Attempt) removePending(tx Tx) (Event, bool) {
	event, found := tx.Event(a.Event.ID)
	if !found || !tx.HasDelivery(a.Event) {
		return Event{}, false
	}
	tx.RemoveDelivery(a.Event)
	event.Next, event.Work = time.Time{}, 0
	return event, true
}

// endDelivery stores an event without a next attempt, and makes the events due that waited for its end.
func endDelivery(tx Tx, event Event, now time.Time) {
	tx.PutEvent(event)
	ReleaseEvents(tx, endOfEvent(event.ID), now)
}
