package controlapi

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Webhook is the endpoint of a clinic's events.
type Webhook struct {
	// URL receives the events; empty for none.
	URL string `json:"url"`
	// Disabled endpoints get no events: the receiver answered 410.
	Disabled bool `json:"disabled"`
	// Signature is the scheme: standard, stripe, github or none.
	Signature string `json:"signature"`
	// Secret signs the events.
	Secret string `json:"secret"`
	// PreviousSecret signs them as well, while secrets are rotated; empty for none.
	PreviousSecret string `json:"previous_secret,omitempty"`
	// Headers are the names of the signature's headers.
	Headers SignatureHeaders `json:"headers,omitzero"`
	// Timestamp is the clock of the signature: real or clinic.
	Timestamp string `json:"timestamp"`
	// Events are the types of the events sent.
	Events []string `json:"events"`
	// Envelope is unversioned, 1.0 or 2.0.
	Envelope string `json:"envelope"`
	// Schedule says when a failed attempt is repeated.
	Schedule Schedule `json:"schedule"`
	// Jitter is the largest change of a wait, as a part of it, from 0 to 1.
	Jitter float64 `json:"jitter"`
	// Concurrency is the number of simultaneous attempts; 0 is 1.
	Concurrency int `json:"concurrency"`
	// Misbehaviour are the deliberate failures of each event; none by default.
	Misbehaviour scenarios.Webhook `json:"misbehaviour,omitzero"`
}

// SignatureHeaders are the names of headers; the scheme's own where they are empty.
type SignatureHeaders struct {
	// ID is the header of the event's id.
	ID string `json:"id,omitempty"`
	// Timestamp is the header of the signed Unix second.
	Timestamp string `json:"timestamp,omitempty"`
	// Signature is the header of the signature.
	Signature string `json:"signature,omitempty"`
}

// WebhookSettings is how a clinic's webhook is set up or changed. A nil keeps the value, or gives the default when the
// clinic is created.
type WebhookSettings struct {
	// URL receives the events; empty, the default, for none. It makes a disabled endpoint work again.
	URL *string `json:"url,omitempty"`
	// Signature is the scheme: standard, the default, stripe, github or none.
	Signature *string `json:"signature,omitempty"`
	// Secret signs the events; for standard, whsec_ and the base64 of 24 to 64 bytes. Made up by default.
	Secret *string `json:"secret,omitempty"`
	// PreviousSecret signs them as well; none by default, and none is possible with github.
	PreviousSecret *string `json:"previous_secret,omitempty"`
	// Headers are the names of the signature's headers; the scheme's own by default.
	Headers *SignatureHeaderSettings `json:"headers,omitempty"`
	// Timestamp is the clock of the signature: real, the default, or clinic.
	Timestamp *string `json:"timestamp,omitempty"`
	// Events replaces the types of the events sent, and may be empty; all but user.created by default.
	Events []string `json:"events,omitzero"`
	// Envelope is unversioned, the default, 1.0 or 2.0.
	Envelope *string `json:"envelope,omitempty"`
	// Schedule says when a failed attempt is repeated; standard by default.
	Schedule *Schedule `json:"schedule,omitempty"`
	// Jitter is the largest change of a wait, as a part of it, from 0, the default, to 1.
	Jitter *float64 `json:"jitter,omitempty"`
	// Concurrency is the number of simultaneous attempts, from 0 to 100; 1, in due order, by default.
	Concurrency *int `json:"concurrency,omitempty"`
	// Misbehaviour replaces the deliberate failures of each event; none by default.
	Misbehaviour *scenarios.Webhook `json:"misbehaviour,omitempty"`
}

// SignatureHeaderSettings changes names of headers. A nil keeps one, an empty text brings back the scheme's own.
type SignatureHeaderSettings struct {
	// ID is the header of the event's id.
	ID *string `json:"id,omitempty"`
	// Timestamp is the header of the signed Unix second.
	Timestamp *string `json:"timestamp,omitempty"`
	// Signature is the header of the signature.
	Signature *string `json:"signature,omitempty"`
}

// The named schedules.
const (
	// ScheduleStandard follows Standard Webhooks.
	ScheduleStandard = "standard"
	// ScheduleOnce repeats no attempt.
	ScheduleOnce = "once"
)

// Schedule is how long after each failed attempt the next one is due. JSON writes its name, or a list of spans.
type Schedule struct {
	// Name is ScheduleStandard or ScheduleOnce; empty for Waits.
	Name string
	// Waits are the waits in order, 99 at most, when there is no name.
	Waits []Span
}

var errSchedule = errors.New(`schedule must be "standard", "once", or a list of time spans such as ["5s", "1m"]`)

// UnmarshalJSON implements json.Unmarshaler. It reads a text such as "5s, 1m" as a list, too. Its error has the rule
// after " must ", and no value.
func (s *Schedule) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) == nil {
		if name == ScheduleStandard || name == ScheduleOnce {
			*s = Schedule{Name: name}
			return nil
		}
		data, _ = json.Marshal(strings.Split(strings.ReplaceAll(name, " ", ""), ",")) // texts
	}
	var waits []Span
	if json.Unmarshal(data, &waits) != nil || waits == nil {
		return errSchedule
	}
	*s = Schedule{Waits: waits}
	return nil
}

// MarshalJSON implements json.Marshaler.
func (s Schedule) MarshalJSON() ([]byte, error) {
	if s.Name != "" {
		return json.Marshal(s.Name)
	}
	return json.Marshal(append([]Span{}, s.Waits...))
}
