package control

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// webhookBody is how a clinic's webhook is set up. A field that is not sent keeps its value. The URL, sent, makes a
// disabled endpoint work again; misbehaviour is replaced as a whole.
type webhookBody struct {
	URL            *string              `json:"url"`
	Signature      *string              `json:"signature"`
	Secret         *string              `json:"secret"`
	PreviousSecret *string              `json:"previous_secret"`
	Headers        *headersBody         `json:"headers"`
	Timestamp      *string              `json:"timestamp"`
	Events         *[]string            `json:"events"`
	Envelope       *string              `json:"envelope"`
	Schedule       *schedule            `json:"schedule"`
	Jitter         *float64             `json:"jitter"`
	Concurrency    *int                 `json:"concurrency"`
	Misbehaviour   *clinic.Misbehaviour `json:"misbehaviour"`
}

type headersBody struct {
	ID        *string `json:"id"`
	Timestamp *string `json:"timestamp"`
	Signature *string `json:"signature"`
}

type headersJSON struct {
	ID        string `json:"id,omitempty"`
	Timestamp string `json:"timestamp,omitempty"`
	Signature string `json:"signature,omitempty"`
}

func (b webhookBody) apply(w clinic.Webhook) clinic.Webhook {
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
	replace(&w.Events, b.Events)
	replace(&w.Envelope, b.Envelope)
	replace(&w.Schedule, (*[]time.Duration)(b.Schedule))
	replace(&w.Jitter, b.Jitter)
	replace(&w.Concurrency, b.Concurrency)
	replace(&w.Misbehaviour, b.Misbehaviour)
	return w
}

// replace takes a value that was sent.
func replace[T any](field *T, sent *T) {
	if sent != nil {
		*field = *sent
	}
}

type webhookReply struct {
	URL            string              `json:"url"`
	Disabled       bool                `json:"disabled"`
	Signature      string              `json:"signature"`
	Secret         string              `json:"secret"`
	PreviousSecret string              `json:"previous_secret,omitempty"`
	Headers        headersJSON         `json:"headers,omitzero"`
	Timestamp      string              `json:"timestamp"`
	Events         []string            `json:"events"`
	Envelope       string              `json:"envelope"`
	Schedule       schedule            `json:"schedule"`
	Jitter         float64             `json:"jitter"`
	Concurrency    int                 `json:"concurrency"`
	Misbehaviour   clinic.Misbehaviour `json:"misbehaviour,omitzero"`
}

func webhookOf(w clinic.Webhook) webhookReply {
	return webhookReply{
		URL: w.URL, Disabled: w.Disabled, Signature: w.Signature, Secret: w.Secret, PreviousSecret: w.PreviousSecret,
		Headers: headersJSON(w.Headers), Timestamp: w.Timestamp, Events: wanted(w), Envelope: w.Envelope, Schedule: w.Schedule, Jitter: w.Jitter,
		Concurrency: w.Concurrency, Misbehaviour: w.Misbehaviour,
	}
}

// wanted returns the types of events that are sent.
func wanted(w clinic.Webhook) []string {
	return slices.DeleteFunc(clinic.EventTypes(), func(kind string) bool { return !clinic.Wants(w, kind) })
}

// schedule is how long after each failed attempt the next one is due, in JSON: `standard`, `once`, or a list of spans.
type schedule []time.Duration

var errSchedule = errors.New(`schedule must be "standard", "once", or a list of time spans such as ["5s", "1m"]`)

// UnmarshalJSON implements json.Unmarshaler.
func (s *schedule) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		waits, err := outbox.ParseSchedule(name)
		if err != nil {
			return errSchedule
		}
		*s = waits
		return nil
	}
	var waits []span
	if err := json.Unmarshal(data, &waits); err != nil || waits == nil {
		return errSchedule
	}
	*s = schedule{}
	for _, wait := range waits {
		*s = append(*s, time.Duration(wait))
	}
	return nil
}

// MarshalJSON implements json.Marshaler.
func (s schedule) MarshalJSON() ([]byte, error) {
	switch {
	case len(s) == 0:
		return json.Marshal(outbox.ScheduleOnce)
	case slices.Equal(s, outbox.StandardSchedule()):
		return json.Marshal(outbox.ScheduleStandard)
	}
	waits := make([]span, 0, len(s))
	for _, wait := range s {
		waits = append(waits, span(wait))
	}
	return json.Marshal(waits)
}
