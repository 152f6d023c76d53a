// Package cron runs what is due in a clinic, as VSee's cron jobs do: it ends eligibility checks and delivers events.
// It brings together the domain, the webhook, the document and the journal, and is the due.Source of a clinic.
package cron

import (
	"context"
	"log/slog"
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

// Do implements due.Source.
func (r *Runner) Do(ctx context.Context, lane int) (Done, bool, error) {
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
	entry := journal.Delivery{
		EventID: d.Event.ID, EventType: d.Event.Type, Attempt: d.Attempt,
		At: r.Clinic.Clock().Now(), Wall: clock.Wall(), URL: d.Webhook.URL,
	}
	result, err := r.attempt(ctx, d, &entry)
	if err != nil {
		return Done{}, false, err
	}
	entry.Duration = clock.Since(entry.Wall)
	entry.Header, entry.Status, entry.Answer = result.Header, result.Status, string(result.Answer)
	entry.Reason, entry.Detail = string(result.Reason), result.Detail

	var retry *time.Duration
	if result.Reason != webhook.Contract { // the payload would break the document again
		retry = webhook.RetryAfter(d.Attempt)
	}
	event, ok, err := r.Clinic.Delivered(ctx, d, result.Reason == "", retry)
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

// tell puts an attempt into the log.
func (r *Runner) tell(d journal.Delivery) {
	log := r.Log.With("clinic", r.Clinic.Account(), "event", d.EventID, "type", d.EventType, "attempt", d.Attempt)
	switch {
	case d.Reason == "":
		log.Info("event delivered", "status", d.Status)
	case d.Next.IsZero():
		log.Warn("event given up", "reason", d.Detail)
	default:
		log.Warn("event refused", "reason", d.Detail, "next", d.Next)
	}
}

func (r *Runner) attempt(ctx context.Context, d clinic.Delivery, entry *journal.Delivery) (webhook.Result, error) {
	body, err := webhook.Body(webhook.Event{
		ID: d.Event.ID, Type: d.Event.Type, Created: d.Event.Created,
		Account: r.Clinic.Account(), Data: d.Event.Data,
	})
	if err != nil {
		return webhook.Result{}, err
	}
	entry.Body = string(body)
	if err := r.Document.CheckEvent(d.Event.Type, body); err != nil {
		r.Log.Error("the payload of an event breaks openapi.yaml", "type", d.Event.Type, "violation", err)
		r.Violated(err)
		return webhook.Result{Reason: webhook.Contract, Detail: "the payload breaks openapi.yaml: " + err.Error()}, nil
	}
	if d.Attempt <= d.Event.Refusals {
		return webhook.Result{Reason: webhook.Scenario, Detail: "the scenario has this attempt refused: nothing was sent"}, nil
	}
	secret := d.Webhook.Secret
	if d.Webhook.Signature == clinic.SignatureNone {
		secret = ""
	}
	return r.Sender.Attempt(ctx, webhook.Request{
		URL: d.Webhook.URL, Secret: secret, ID: d.Event.ID, At: entry.At, Body: body,
	})
}
