package apispec

import (
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Event is an event sent by the API to a webhook, a callback of the document.
type Event struct {
	Evidence
	Type      string // x-event, such as eligibility.checked; "" when the document does not say
	Operation string // operationId of the operation causing it
	Envelopes []Envelope
	Declared  *openapi3.Operation
}

// Envelope is one of the forms of an event's payload.
type Envelope struct {
	Name   string // x-envelope; "" when the document does not say
	Schema *openapi3.Schema
}

// Event returns an event by its type, false when there is none.
func (s *Spec) Event(kind string) (Event, bool) {
	at := slices.IndexFunc(s.Events, func(e Event) bool { return e.Type == kind })
	if at < 0 {
		return Event{}, false
	}
	return s.Events[at], true
}

// Types returns the types of the events, in the order of the document.
func (s *Spec) Types() []string {
	types := make([]string, 0, len(s.Events))
	for _, e := range s.Events {
		types = append(types, e.Type)
	}
	return types
}

// eventsOf returns the events caused by an operation.
func eventsOf(o Operation) []Event {
	var events []Event
	for _, callback := range o.Declared.Callbacks {
		for _, item := range callback.Value.Map() {
			for _, op := range item.Operations() {
				own, _ := EvidenceOf(op.Extensions)
				events = append(events, Event{own, Text(op.Extensions, "x-event"), o.ID, envelopesOf(op), op})
			}
		}
	}
	slices.SortFunc(events, func(a, b Event) int { return Line(a.Declared.Origin) - Line(b.Declared.Origin) })
	return events
}

// envelopesOf returns the forms of an event's payload, in the order of the document; none without a JSON payload.
func envelopesOf(event *openapi3.Operation) []Envelope {
	if event.RequestBody == nil || event.RequestBody.Value.Content.Get(jsonType) == nil {
		return nil
	}
	payload := event.RequestBody.Value.Content.Get(jsonType).Schema
	parts := slices.Concat(payload.Value.AnyOf, payload.Value.OneOf)
	if len(parts) == 0 {
		parts = openapi3.SchemaRefs{payload}
	}
	var envelopes []Envelope
	for _, part := range parts {
		envelopes = append(envelopes, Envelope{Text(part.Value.Extensions, "x-envelope"), part.Value})
	}
	return envelopes
}
