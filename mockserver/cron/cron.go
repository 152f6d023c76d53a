// Package cron runs what is due in a clinic, as VSee's cron jobs do: it ends eligibility checks and delivers events.
// It brings together the domain, the webhook, the document and the journal, and is the due.Source of a clinic.
package cron

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Lanes is how many lanes a clinic has: one for each kind of work, so that a slow receiver does not delay a check.
const Lanes = clinic.WorkKinds

// Done is one item that was run: a check that has ended, or an attempt to deliver an event.
type Done struct {
	Check    *clinic.Check
	Delivery *journal.Delivery
}

// Runner runs the items of one clinic. All fields are required.
type Runner struct {
	Clinic   *clinic.Clinic
	Document *document.Document
	Sender   *webhook.Sender
	Journal  *journal.Journal
	Violated func(error) // is told when the payload of an event breaks the document
	Log      *slog.Logger
}

var _ due.Source[Done] = (*Runner)(nil)

// Next implements due.Source.
func (r *Runner) Next(lane int) (time.Time, bool) {
	work, ok := r.Clinic.NextWork(context.Background(), clinic.WorkKind(lane))
	return work.Due, ok
}

// Do implements due.Source. A panic is an error of the item.
func (r *Runner) Do(ctx context.Context, lane int) (done Done, ok bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			done, ok, err = Done{}, false, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	work, ok := r.Clinic.NextWork(ctx, clinic.WorkKind(lane))
	if !ok {
		return Done{}, false, nil
	}
	if work.Kind == clinic.FinishWork {
		return r.finish(ctx, work)
	}
	return r.deliver(ctx, work)
}

func (r *Runner) finish(ctx context.Context, work clinic.Work) (Done, bool, error) {
	check, ok, err := r.Clinic.FinishCheck(ctx, work)
	if err != nil || !ok {
		return Done{}, false, err
	}
	r.Log.Info("check ended", "clinic", r.Clinic.Account(), "check", check.ID,
		"response", check.Answer.Text, "rule", check.Answer.Rule, "why", check.Answer.Why)
	return Done{Check: &check}, true, nil
}

// deliver makes one attempt. Whatever becomes of it stands in the journal.
func (r *Runner) deliver(ctx context.Context, work clinic.Work) (Done, bool, error) {
	d, ok, err := r.Clinic.NextDelivery(ctx, work)
	if err != nil || !ok {
		return Done{}, false, err
	}
	if d.Webhook.URL == "" {
		return Done{}, false, r.Clinic.Skip(ctx, d)
	}
	entry, err := r.attempt(ctx, d)
	if err != nil { // broken off: the item stays pending
		r.tell(r.Journal.AddDelivery(entry))
		return Done{}, false, err
	}
	var retry *time.Duration
	if entry.Reason != string(webhook.Contract) { // the payload would break the document again
		retry = webhook.RetryAfter(d.Attempt)
	}
	event, ok, err := r.Clinic.Delivered(ctx, d, entry.Reason == "", retry)
	if err != nil {
		return Done{}, false, err
	}
	if ok {
		entry.Next = event.Next
	}
	entry = r.Journal.AddDelivery(entry)
	r.tell(entry)
	return Done{Delivery: &entry}, true, nil
}

// attempt makes one attempt and returns how it ended. The error is for one that was broken off.
func (r *Runner) attempt(ctx context.Context, d clinic.Delivery) (journal.Delivery, error) {
	entry := journal.Delivery{
		EventID: d.Event.ID, EventType: d.Event.Type, Attempt: d.Attempt,
		At: r.Clinic.Clock().Now(), Began: clock.Wall(), URL: d.Webhook.URL,
	}
	result, body, err := r.send(ctx, d, entry.At)
	entry.Duration = clock.Since(entry.Began)
	entry.Header, entry.Body, entry.Status, entry.Answer = result.Header, string(body), result.Status, string(result.Answer)
	entry.Reason, entry.Detail = string(result.Reason), result.Detail
	return entry, err
}

// send posts the event, unless its payload breaks the document or a scenario has the attempt refused.
func (r *Runner) send(ctx context.Context, d clinic.Delivery, at time.Time) (webhook.Result, []byte, error) {
	body, err := webhook.Body(webhook.Event{
		ID: d.Event.ID, Type: d.Event.Type, Created: d.Event.Created,
		Account: r.Clinic.Account(), Data: d.Event.Data,
	})
	if err != nil {
		return webhook.Result{}, nil, err
	}
	if err := r.Document.CheckEvent(d.Event.Type, body); err != nil {
		r.Log.Error("the payload of an event breaks openapi.yaml", "type", d.Event.Type, "violation", err)
		r.Violated(err)
		return webhook.Result{Reason: webhook.Contract, Detail: "the payload breaks openapi.yaml: " + err.Error()}, body, nil
	}
	if d.Attempt <= d.Event.Refusals {
		return webhook.Result{Reason: webhook.Scenario, Detail: "the scenario has this attempt refused: nothing was sent"}, body, nil
	}
	secret := d.Webhook.Secret
	if d.Webhook.Signature == clinic.SignatureNone {
		secret = ""
	}
	result, err := r.Sender.Attempt(ctx, webhook.Request{URL: d.Webhook.URL, Secret: secret, ID: d.Event.ID, At: at, Body: body})
	return result, body, err
}

// tell puts an attempt into the log.
func (r *Runner) tell(d journal.Delivery) {
	log := r.Log.With("clinic", r.Clinic.Account(), "event", d.EventID, "type", d.EventType, "attempt", d.Attempt)
	switch {
	case d.Reason == "":
		log.Info("event delivered", "status", d.Status)
	case d.Reason == string(webhook.BrokenOff):
		log.Warn("event delivery broken off", "reason", d.Detail)
	case d.Next.IsZero():
		log.Warn("event given up", "reason", d.Detail)
	default:
		log.Warn("event refused", "reason", d.Detail, "next", d.Next)
	}
}
