// Package outbox holds the events of a clinic until their delivery ends: it decides the due attempts, the time of the
// next attempt, and the events to hold back. It changes a clinic through a small transaction, Tx. It sends nothing
// itself, and has no clock: each call gets the time. VSee publishes its events, and says a clinic may have a webhook;
// how events are delivered is ours.
package outbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Status is the state of an event's delivery.
type Status string

// The statuses of an event.
const (
	Pending   Status = "pending"   // an attempt is due, or the event waits for something
	Delivered Status = "delivered" // the receiver has answered 2xx
	Failed    Status = "failed"    // the last attempt of the schedule has failed
	Dropped   Status = "dropped"   // it was not sent, on purpose
	Skipped   Status = "skipped"   // the clinic had no webhook, then or when due, or does not want the type
)

// Event is an event of a clinic, and the state of its delivery.
type Event struct {
	ID                   string // a UUID; it begins with the Unix second of Created
	Type                 string
	Created              time.Time
	Data                 json.RawMessage // an object; its fields depend on Type
	CheckID              string          // the check the event is about; empty for none, and for an event sent by hand
	ClaimID              string          // the claim the event is about, likewise
	DataV2               json.RawMessage // the data in envelope 2.0, where it differs from Data; nil for the same
	VisitID              string          // the visit the event is about, likewise
	Status               Status
	Attempts             int       // the number of attempts so far
	Unwanted             bool      // it is skipped because the clinic does not want its type
	Resent               bool      // it was resent by hand
	AttemptsBeforeResend int       // the number of attempts before the resend
	Next                 time.Time // the time of the next attempt; zero for none
	WaitsFor             string    // the event or reader to wait for before the first attempt; empty for none
	Work                 uint64    // the pending delivery; 0 when there is none

	Misbehaviour *Misbehaviour // of a scenario; nil for none
}

// DataIn returns the data of the event in an envelope.
func (e *Event) DataIn(envelope string) json.RawMessage {
	if envelope == EnvelopeV2 && e.DataV2 != nil {
		return e.DataV2
	}
	return e.Data
}

// memberKey stands before a member id. A text cannot contain it: its quotes would be escaped.
var memberKey = []byte(`"member_id":"`)

// MemberID returns the id of the user the event is about, from its data; empty for none.
func (e *Event) MemberID() string {
	before, rest, found := bytes.Cut(e.Data, memberKey)
	if id, _, ended := bytes.Cut(rest, []byte(`"`)); found && ended && bytes.Count(before, []byte(`{`)) == 1 &&
		!bytes.Contains(id, []byte(`\`)) {
		return string(id)
	}
	return e.decodedMemberID()
}

// decodedMemberID returns the same for any JSON.
func (e *Event) decodedMemberID() string {
	var data struct {
		Member any `json:"member_id"`
	}
	if err := json.Unmarshal(e.Data, &data); err != nil || data.Member == nil {
		return ""
	}
	if number, ok := data.Member.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(data.Member)
}

// effectiveMisbehaviour returns the scenario's misbehaviour if there is one, otherwise the clinic's.
func (e *Event) effectiveMisbehaviour(w *Webhook) Misbehaviour {
	if e.Misbehaviour == nil {
		return w.Misbehaviour
	}
	return e.Misbehaviour.MergedOver(w.Misbehaviour)
}

// SendsBeforeReply reports whether a webhook must send an event before the reply to the request behind it. own is the
// event's own misbehaviour, nil for none.
func SendsBeforeReply(own *Misbehaviour, w *Webhook) bool {
	event := Event{Misbehaviour: own}
	return event.effectiveMisbehaviour(w).BeforeReply
}

// View is the outbox of a clinic, for reading.
type View interface {
	// Webhook returns the clinic's webhook, which must not be changed.
	Webhook() *Webhook
	Event(id string) (Event, bool)
	// DueEvents returns up to limit events with a pending delivery due at a time, in due order. They must not be changed.
	DueEvents(at time.Time, limit int) []*Event
	// HasDelivery reports whether the delivery of an event, its Work, is still pending.
	HasDelivery(*Event) bool
	// WaitingCount returns the number of waiting events.
	WaitingCount() int
}

// Tx is the outbox of a clinic during an update.
type Tx interface {
	View
	PutEvent(Event)
	// NewEventID returns the id of an event created now.
	NewEventID(now time.Time) string
	// Jitter returns a number from -1 to 1 for an attempt of an event; it is the same each time.
	Jitter(eventID string, nth int) float64
	// AddDelivery makes the delivery of an event due at a time, and returns its Work.
	AddDelivery(due time.Time, eventID string) uint64
	// RemoveDelivery removes the delivery of an event, if it is still pending.
	RemoveDelivery(*Event)
	// AddWaiting makes an event wait for a reason, and RemoveWaiting ends this.
	AddWaiting(reason, eventID string)
	RemoveWaiting(reason, eventID string)
	// ReleaseWaiting removes all events waiting for a reason, and returns them in order.
	ReleaseWaiting(reason string) []string
	// DisableWebhook stops all deliveries until the URL is set again.
	DisableWebhook()
}

// The reasons for events to wait.
const nextEvent = "the next event"

func endOfEvent(eventID string) string { return "the end of event " + eventID }

// ReadingOfUser is the reason of events held until a reply has shown a user to a client.
func ReadingOfUser(userID string) string { return "the reading of user " + userID }

// RecordEvent stores an event about a user and makes its delivery due, unless the clinic has no webhook. An event with
// a burst creates more events like it. Events held until the next event now wait for the end of this one; in this case,
// this one does not wait for a next event itself.
func RecordEvent(tx Tx, event Event, userID string, now time.Time) {
	w := tx.Webhook()
	m := event.effectiveMisbehaviour(w)
	held := tx.ReleaseWaiting(nextEvent)
	for _, id := range held {
		if e, ok := tx.Event(id); ok {
			holdEvent(tx, e, endOfEvent(event.ID))
		}
	}
	for n := range max(m.Burst, 1) {
		if n > 0 {
			event.ID = tx.NewEventID(now)
		}
		switch {
		case w.URL == "":
			event.Status = Skipped
			tx.PutEvent(event)
			if len(held) > 0 {
				ReleaseEvents(tx, endOfEvent(event.ID), now)
			}
		case m.Hold.Next && len(held) == 0:
			holdEvent(tx, event, nextEvent)
		case m.AfterRead:
			holdEvent(tx, event, ReadingOfUser(userID))
		default:
			scheduleAttempt(tx, event, now.Add(m.Hold.For))
		}
	}
}

// IsUnsent reports whether RecordEvent would do no more than to store an event as Skipped. own is the event's own
// misbehaviour, nil for none.
func IsUnsent(v View, own *Misbehaviour) bool {
	w := v.Webhook()
	event := Event{Misbehaviour: own}
	return w.URL == "" && event.effectiveMisbehaviour(w).Burst <= 1 && v.WaitingCount() == 0
}

// scheduleAttempt makes an attempt due at a time, and returns the updated event.
func scheduleAttempt(tx Tx, event Event, at time.Time) Event {
	event.Status, event.Next, event.WaitsFor = Pending, at, ""
	event.Work = tx.AddDelivery(at, event.ID)
	tx.PutEvent(event)
	return event
}

func holdEvent(tx Tx, event Event, reason string) {
	event.Status, event.WaitsFor = Pending, reason
	tx.AddWaiting(reason, event.ID)
	tx.PutEvent(event)
}

// ReleaseEvents makes the events due that wait for a reason.
func ReleaseEvents(tx Tx, reason string, now time.Time) {
	for _, id := range tx.ReleaseWaiting(reason) {
		if event, ok := tx.Event(id); ok {
			scheduleAttempt(tx, event, now)
		}
	}
}

// ResendEvent makes an event due now, from the start of the schedule, whatever its status, and returns the updated
// event. The misbehaviour of its scenario does not happen again, and the event is not dropped. No attempt may be in
// progress meanwhile.
func ResendEvent(tx Tx, event Event, now time.Time) Event {
	tx.RemoveDelivery(&event)
	tx.RemoveWaiting(event.WaitsFor, event.ID)
	event.Resent, event.AttemptsBeforeResend, event.Misbehaviour = true, event.Attempts, nil
	event.Unwanted = false
	return scheduleAttempt(tx, event, now)
}

// ForgetWaiting is for an event that was removed: it waits no longer, and the events waiting for its end become due.
func ForgetWaiting(tx Tx, event Event, now time.Time) {
	tx.RemoveWaiting(event.WaitsFor, event.ID)
	ReleaseEvents(tx, endOfEvent(event.ID), now)
}
