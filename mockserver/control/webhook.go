package control

import (
	"cmp"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// changeWebhook applies a request to an endpoint. Setting the URL enables a disabled endpoint again.
func changeWebhook(w *clinic.Webhook, b controlapi.WebhookSettings) {
	if b.URL != nil {
		w.Disabled = false
	}
	replace(&w.URL, b.URL)
	replace(&w.Signature, b.Signature)
	replace(&w.Secret, b.Secret)
	replace(&w.PreviousSecret, b.PreviousSecret)
	if b.Headers != nil {
		replace(&w.Headers.ID, b.Headers.ID)
		replace(&w.Headers.Timestamp, b.Headers.Timestamp)
		replace(&w.Headers.Signature, b.Headers.Signature)
	}
	replace(&w.Timestamp, b.Timestamp)
	replace(&w.Events, listOf(b.Events))
	replace(&w.Envelope, b.Envelope)
	if b.Schedule != nil {
		w.Schedule = waitsOf(*b.Schedule)
	}
	replace(&w.Jitter, b.Jitter)
	if b.Concurrency != nil {
		w.Concurrency = cmp.Or(*b.Concurrency, -1) // 0 would mean the default: it is refused like a negative number
	}
	replace(&w.Misbehaviour, b.Misbehaviour)
}

// replace sets a field to a value from the request, if there is one.
func replace[T any](field *T, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

func webhookOf(w clinic.Webhook) controlapi.Webhook {
	return controlapi.Webhook{
		URL: w.URL, Disabled: w.Disabled, Signature: w.Signature, Secret: w.Secret, PreviousSecret: w.PreviousSecret,
		Headers: controlapi.SignatureHeaders(w.Headers), Timestamp: w.Timestamp, Events: wantedTypes(w), Envelope: w.Envelope,
		Schedule: scheduleOf(w.Schedule), Jitter: w.Jitter, Concurrency: w.Concurrency, Misbehaviour: w.Misbehaviour,
	}
}

// wantedTypes returns the types of events to send.
func wantedTypes(w clinic.Webhook) []string {
	return slices.DeleteFunc(clinic.EventTypes(), func(kind string) bool { return !clinic.WantsEvent(w, kind) })
}

// waitsOf returns the waits of a schedule.
func waitsOf(s controlapi.Schedule) []time.Duration {
	waits := []time.Duration{}
	if s.Name == controlapi.ScheduleStandard {
		waits = outbox.StandardSchedule()
	}
	for _, wait := range s.Waits {
		waits = append(waits, time.Duration(wait))
	}
	return waits
}

// scheduleOf is the inverse of waitsOf.
func scheduleOf(waits []time.Duration) controlapi.Schedule {
	switch {
	case len(waits) == 0:
		return controlapi.Schedule{Name: controlapi.ScheduleOnce}
	case slices.Equal(waits, outbox.StandardSchedule()):
		return controlapi.Schedule{Name: controlapi.ScheduleStandard}
	}
	var s controlapi.Schedule
	for _, wait := range waits {
		s.Waits = append(s.Waits, controlapi.Span(wait))
	}
	return s
}
