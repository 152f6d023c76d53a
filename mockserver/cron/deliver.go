package cron

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/logline"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Payload returns an event as the request body, in an envelope. It returns an error for an event in violation of the
// document.
func Payload(doc *document.Document, account, envelope string, e *outbox.Event) ([]byte, error) {
	body := webhook.Body(webhook.Event{
		ID: e.ID, Type: e.Type, Created: e.Created, Account: account, Data: e.DataIn(envelope),
	}, webhook.Envelope(envelope))
	return body, doc.CheckEvent(e.Type, envelope, body)
}

// attempt is one attempt in progress, and its result.
type attempt struct {
	*outbox.Attempt
	sent
}

// sent is the result of sending an event, once or in several copies.
type sent struct {
	entries []*journal.Delivery // one for each copy sent
	outcome outbox.Outcome
	err     error // the attempt was broken off
}

// deliverEvents makes the due attempts, up to the clinic's concurrency at once, and records them in due order.
func (r *Runner) deliverEvents(ctx context.Context) ([]Done, error) {
	deliveries, err := r.Clinic.DueAttempts(ctx)
	if err != nil {
		return nil, err
	}
	attempts := make([]attempt, len(deliveries))
	var work sync.WaitGroup
	for i := range deliveries {
		a := &attempts[i]
		a.Attempt = &deliveries[i]
		r.countLateness(clinic.DeliverWork, r.Clinic.Clock().Now().Sub(a.Event.Next))
		if len(deliveries) == 1 {
			r.makeAttempt(ctx, a)
			continue
		}
		work.Go(func() { r.makeAttempt(ctx, a) })
	}
	work.Wait()
	var done []Done
	for i := range attempts {
		made, failed := r.recordAttempt(ctx, &attempts[i])
		done = append(done, made...)
		if err == nil {
			err = failed
		}
	}
	return done, err
}

// copyLimit is how long the copies of a duplicate wait for each other.
const copyLimit = time.Second

// makeAttempt makes an attempt: one request for each copy.
func (r *Runner) makeAttempt(ctx context.Context, a *attempt) {
	if a.Webhook.URL == "" {
		return
	}
	times := max(int(a.Misbehaviour.Duplicate.Times), 1)
	if reason, _ := reasonNotToSend(a.Attempt, nil); reason != "" {
		times = 1
	}
	if times == 1 {
		a.sent = r.sendCopy(ctx, a.Attempt, 1, nil)
		return
	}
	r.sendCopies(ctx, a, times)
}

// sendCopies sends an event several times, up to the clinic's concurrency at once. No further copy is sent after an
// answer 410 and after none at all.
func (r *Runner) sendCopies(ctx context.Context, a *attempt, times int) {
	atOnce := a.Webhook.Concurrency
	var midway func(context.Context) error
	if a.Misbehaviour.Duplicate.AtOnce {
		atOnce, midway = times, webhook.Together(times, copyLimit)
	}
	var sending sync.WaitGroup
	var ended atomic.Bool
	copies, free := make([]sent, times), make(chan struct{}, max(atOnce, 1))
	for n := range copies {
		free <- struct{}{}
		if n > 0 && !r.goesOn(ctx, a, &ended) {
			copies = copies[:n]
			break
		}
		sending.Go(func() {
			one := &copies[n]
			*one = r.sendCopy(ctx, a.Attempt, n+1, midway)
			if one.err != nil || one.outcome.Gone || one.entries[0].Status == 0 {
				ended.Store(true)
			}
			<-free
		})
	}
	sending.Wait()
	for _, one := range copies {
		a.entries, a.outcome = append(a.entries, one.entries...), a.outcome.CombinedWith(one.outcome)
		a.err = cmp.Or(a.err, one.err)
	}
}

// sendCopy sends the nth copy of an event, counted from 1. A panic becomes an error.
func (r *Runner) sendCopy(ctx context.Context, a *outbox.Attempt, n int, midway func(context.Context) error) sent {
	var one sent
	one.err = recoverPanic(func() error {
		entry, outcome, err := r.sendOnce(ctx, a, midway)
		if copies := a.Misbehaviour.Duplicate.Times; copies > 1 {
			entry.Misbehaviour = append(entry.Misbehaviour, fmt.Sprintf("copy %d of %d", n, copies))
		}
		one.entries, one.outcome = []*journal.Delivery{entry}, outcome
		return err
	})
	return one
}

// goesOn reports whether a further copy is to be sent.
func (r *Runner) goesOn(ctx context.Context, a *attempt, ended *atomic.Bool) bool {
	if ended.Load() {
		return false
	}
	due, err := r.Clinic.IsAttemptStillDue(ctx, a.Attempt)
	a.err = err
	return due && err == nil
}

// recordAttempt adds an attempt to the state, the journal and the log.
func (r *Runner) recordAttempt(ctx context.Context, a *attempt) ([]Done, error) {
	if a.Webhook.URL == "" {
		return nil, r.Clinic.SkipEvent(ctx, a.Attempt)
	}
	err := a.err
	var event outbox.Event
	if err == nil {
		event, _, err = r.Clinic.RecordOutcome(ctx, a.Attempt, a.outcome)
	}
	var done []Done
	for i, entry := range a.entries {
		if i == len(a.entries)-1 {
			entry.Next, entry.ByRetryAfter = event.Next, a.outcome.IsDecisive(event.Next)
		}
		r.Journal.AddDelivery(entry)
		r.logAttempt(ctx, entry)
		if err == nil {
			done = append(done, Done{Delivery: entry})
		}
	}
	return done, err
}

// sendOnce sends an event once, or finds a reason not to. It returns an error only if the attempt was broken off.
func (r *Runner) sendOnce(
	ctx context.Context, d *outbox.Attempt, midway func(context.Context) error,
) (*journal.Delivery, outbox.Outcome, error) {
	entry := &journal.Delivery{
		Mark: r.Journal.Mark(), EventID: d.Event.ID, EventType: d.Event.Type, CheckID: d.Event.CheckID,
		ClaimID: d.Event.ClaimID, MemberID: d.Event.MemberID(), Attempt: d.Number,
		At: r.Clinic.Clock().Now(), Began: clock.Wall(), URL: d.Webhook.URL, Misbehaviour: d.Misbehaviour.Words(),
	}
	body, err := Payload(r.Document, r.Clinic.Account(), d.Webhook.Envelope, d.Event)
	if err != nil {
		r.Log.Error("the payload of an event breaks openapi.yaml", "type", d.Event.Type, "violation", err)
		r.ReportViolation(err)
	}
	if reason, why := reasonNotToSend(d, err); reason != "" {
		entry.Body, entry.Reason, entry.Detail = body, string(reason), why+": nothing was sent"
		return entry, outbox.Outcome{Dropped: reason == webhook.Dropped, Final: reason != webhook.Scenario, Ended: entry.At},
			nil
	}
	signed := entry.Began
	if d.Webhook.Timestamp == outbox.TimestampClinic {
		signed = entry.At
	}
	due.ReportProgress(ctx, time.Duration(d.Misbehaviour.Slow))
	result, err := r.Sender.Attempt(ctx, webhook.Request{
		URL: d.Webhook.URL, Signing: SigningFor(d.Webhook), ID: d.Event.ID, At: signed, Body: body,
		Misbehaviour: d.Misbehaviour, Midway: midway,
	})
	entry.Duration = clock.Since(entry.Began)
	if result.Sent == nil {
		result.Sent = body
	}
	entry.Header, entry.Body = result.Header, result.Sent
	entry.Status, entry.Answered, entry.Answer = result.Status, result.Answered, result.Answer
	entry.Reason, entry.Detail = string(result.Reason), result.Detail
	entry.Sends = result.Sends
	entry.Hint = joinHints(sentTwiceHint(entry), waitedHint(ctx),
		cmp.Or(signedTimeHint(d.Webhook, d.Misbehaviour, entry), refusalHint(d.Webhook, entry)))
	return entry, outbox.Outcome{
		Success:    result.Reason == "",
		Gone:       result.Reason == webhook.Gone,
		RetryAfter: result.RetryAfter,
		Ended:      r.Clinic.Clock().Now(),
	}, err
}

// reasonNotToSend returns the reason not to send an event; "" for none. broken is the payload's violation of the
// document, if any.
func reasonNotToSend(d *outbox.Attempt, broken error) (webhook.Reason, string) {
	switch {
	case broken != nil:
		return webhook.Contract, "the payload breaks openapi.yaml: " + broken.Error()
	case d.Webhook.Disabled:
		return webhook.Disabled, "the receiver has answered 410, so the endpoint is disabled until its URL is set again"
	case d.Misbehaviour.Drop:
		return webhook.Dropped, "the event is dropped on purpose"
	case d.Misbehaviour.Refused > 0:
		return webhook.Scenario, "the misbehaviour refused covers this attempt"
	}
	return "", ""
}

// SigningFor returns the signing settings for a clinic's events.
func SigningFor(w *clinic.Webhook) webhook.Signing {
	s := webhook.Signing{Scheme: webhook.Scheme(w.Signature), Secrets: []string{w.Secret}, Headers: w.Headers}
	if w.PreviousSecret != "" {
		s.Secrets = append(s.Secrets, w.PreviousSecret)
	}
	return s
}

// logAttempt logs an attempt. How events are delivered is ours: VSee publishes none of it.
func (r *Runner) logAttempt(ctx context.Context, d *journal.Delivery) {
	level := slog.LevelWarn
	if d.Reason == "" {
		level = slog.LevelInfo
	}
	if !r.Log.Enabled(ctx, level) {
		return
	}
	message, result := "event attempt failed", []any{"reason", d.Detail, "next", d.Next}
	switch {
	case d.Reason == "":
		message, result = "event delivered", []any{"status", d.Status}
	case d.Reason == string(webhook.BrokenOff):
		message, result = "event delivery broken off", result[:2]
	case d.Reason == string(webhook.Dropped):
		message, result = "event dropped", result[:2]
	case d.Next.IsZero():
		message, result = "event failed", result[:2]
	}
	about := append(make([]any, 0, 20), "clinic", r.Clinic.Account(), "event", d.EventID, "type", d.EventType,
		"attempt", d.Attempt, "took_ms", logline.Milliseconds(d.Duration), "evidence", "ours")
	if len(d.Misbehaviour) > 0 {
		about = append(about, "misbehaviour", d.Misbehaviour)
	}
	if d.Hint != "" {
		about = append(about, "hint", d.Hint)
	}
	r.Log.Log(ctx, level, message, append(about, result...)...)
}
