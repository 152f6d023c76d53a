package scenarios

import "github.com/vsee-mock/vsee-mock/internal/misbehaviour"

// Webhook is the deliberate misbehaviour of the clinic's webhook for each check. The zero value is none. A clinic's own
// misbehaviour uses the same words.
type Webhook = misbehaviour.Misbehaviour

// Hold is how long an event is held back: for a time, or until the next event of the clinic, which then comes first.
type Hold = misbehaviour.Hold

// WebhookOf returns the misbehaviour of the event of an answer.
func (s Scenario) WebhookOf(a Answer) Webhook {
	if a.Webhook != (Webhook{}) {
		return a.Webhook
	}
	return s.Webhook
}

// HasWebhook reports whether an event of a check or a claim misbehaves so.
func (s Scenario) HasWebhook(is func(Webhook) bool) bool {
	found := is(s.Webhook) || is(s.ClaimWebhook)
	_ = s.Answers.each("", func(_ string, a *Answer) error { // f has no error
		found = found || is(a.Webhook)
		return nil
	})
	return found
}
