package clinic

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
)

// EligibilityChecked is the type of the event that tells of a check's result (seed, step 5).
const EligibilityChecked = "eligibility.checked"

// EligibilityCheckedData is the data of an EligibilityChecked event, in the guide's order.
type EligibilityCheckedData struct {
	EligibilityID       string `json:"eligibility_id"`
	MemberID            string `json:"member_id"`
	EligibilityResponse string `json:"eligibility_response"`
	ExternalMemberID    string `json:"external_member_id"`
}

// UserCreated is the type of the event that tells of a user who has signed on for the first time. VSee publishes its name
// and when it is sent; its data is ours.
const UserCreated = "user.created"

// UserCreatedData is the data of a UserCreated event.
type UserCreatedData struct {
	MemberID  string `json:"member_id"`
	Code      string `json:"code"`
	Type      Type   `json:"type"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email,omitempty"`
}

// EventTypes returns the types of events that a clinic can ask for.
func EventTypes() []string { return []string{EligibilityChecked, UserCreated, claims.UpdatedEvent} }

// EventStatus is what has become of telling the clinic's webhook of an event.
type EventStatus string

// The statuses of an event.
const (
	EventPending   EventStatus = "pending"   // an attempt is due, or the event waits for something
	EventDelivered EventStatus = "delivered" // the receiver has answered 2xx
	EventFailed    EventStatus = "failed"    // the last attempt of the schedule has failed
	EventDropped   EventStatus = "dropped"   // it was not sent, on purpose
	EventSkipped   EventStatus = "skipped"   // the clinic had no webhook when it happened, or when it was to be told, or has not asked for such
)

// Event is something a clinic tells its webhook.
type Event struct {
	ID       string // a UUID that begins with the Unix second of Created
	Type     string
	Created  time.Time
	Data     json.RawMessage // an object; its fields depend on Type
	CheckID  string          // the check it tells of; empty for none, and when it was sent by hand
	ClaimID  string          // the claim it tells of, likewise
	Status   EventStatus
	Attempts int       // how many have been made
	Again    bool      // somebody has had it sent again by hand
	Before   int       // how many attempts were made before that
	Next     time.Time // when the next one is due; zero when none is
	WaitsFor string    // what must happen before the first one is due; empty for nothing
	Work     uint64    // the pending item; 0 when there is none

	Misbehaviour *Misbehaviour // of a scenario; nil for none
}

func newEvent(tx Tx, kind string, now time.Time, data any) (Event, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return Event{}, fmt.Errorf("writing the data of an event: %w", err)
	}
	return Event{ID: draws(tx).uuid("event", now), Type: kind, Created: now, Data: text}, nil
}

// misbehaviour returns what goes wrong with the event: the scenario's over the clinic's.
func (e Event) misbehaviour(w Webhook) Misbehaviour {
	if e.Misbehaviour == nil {
		return w.Misbehaviour
	}
	return e.Misbehaviour.Over(w.Misbehaviour)
}

// happened records an event about a user, which is not sent when the clinic has not asked for such.
func happened(tx Tx, event Event, userID string, now time.Time) {
	if tx.Settings().Webhook.Wants(event.Type) {
		record(tx, event, userID, now)
		return
	}
	event.Status = EventSkipped
	tx.PutEvent(event)
}

// created records that there is a new user.
func created(tx Tx, user User, now time.Time) error {
	event, err := newEvent(tx, UserCreated, now, userCreated(user))
	if err == nil {
		record(tx, event, user.ID, now)
	}
	return err
}

func userCreated(u User) UserCreatedData {
	return UserCreatedData{u.ID, u.Code, u.Type, u.FirstName, u.LastName, u.Email}
}

// record keeps an event about a user and has it sent when it must be, unless the clinic has no webhook. An event that
// comes in a burst brings others like it. Those that were held back until the next event go behind this one, which is
// not held back itself then.
func record(tx Tx, event Event, userID string, now time.Time) {
	w := tx.Settings().Webhook
	m := event.misbehaviour(w)
	held := tx.Release(theNextEvent)
	for _, id := range held {
		if e, ok := tx.Events().Get(id); ok {
			wait(tx, e, theEndOf(event.ID))
		}
	}
	for n := range max(m.Burst, 1) {
		if n > 0 {
			event.ID = draws(tx).uuid("event", now)
		}
		switch {
		case w.URL == "":
			event.Status = EventSkipped
			tx.PutEvent(event)
			ended(tx, event, now)
		case m.HoldNext && len(held) == 0:
			wait(tx, event, theNextEvent)
		case m.AfterRead:
			wait(tx, event, theReadingOf(userID))
		default:
			send(tx, event, now.Add(m.Hold))
		}
	}
}

// What an event can wait for.
const theNextEvent = "the next event"

func theEndOf(eventID string) string { return "the end of event " + eventID }

func theReadingOf(userID string) string { return "the reading of user " + userID }

// send has an event sent at a time.
func send(tx Tx, event Event, at time.Time) {
	event.Status, event.Next, event.WaitsFor = EventPending, at, ""
	event.Work = tx.AddWork(DeliverWork, at, event.ID)
	tx.PutEvent(event)
}

func wait(tx Tx, event Event, what string) {
	event.Status, event.WaitsFor = EventPending, what
	tx.Wait(what, event.ID)
	tx.PutEvent(event)
}

// ended has the events sent that waited for the end of another one, in which way ever that ends.
func ended(tx Tx, event Event, now time.Time) { sendWaiting(tx, theEndOf(event.ID), now) }

// sendWaiting has the events sent that waited for something.
func sendWaiting(tx Tx, what string, now time.Time) {
	for _, id := range tx.Release(what) {
		if event, ok := tx.Events().Get(id); ok {
			send(tx, event, now)
		}
	}
}

var errNoEvent = refuse(NotFound, "the clinic has no event with this id")

var errNoWebhook = refuse(Invalid, "the clinic has no webhook: set webhook.url first")

// Resend has an event sent again, now and from the start of the schedule, whatever has become of it. What a scenario
// has go wrong with it does not go wrong again, and it is not dropped. No attempt may be under way meanwhile: the
// control API sees to that.
func (c *Clinic) Resend(ctx context.Context, id string) (Event, error) {
	return updateAndWake(ctx, c, func(tx Tx) (Event, error) {
		event, ok := tx.Events().Get(id)
		if !ok {
			return event, errNoEvent
		}
		if tx.Settings().Webhook.URL == "" {
			return event, errNoWebhook
		}
		tx.RemoveWork(event.Work)
		tx.Unwait(event.WaitsFor, id)
		event.Again, event.Before, event.Misbehaviour = true, event.Attempts, nil
		send(tx, event, c.clock.Now())
		event, _ = tx.Events().Get(id)
		return event, nil
	})
}

// Fire records an event by hand, about a user, and has it sent. What it says of the user is in it, or of their last check
// or claim, or what is made up; set are fields of its data that are said otherwise, nil for those that it is to lack. check
// may refuse the event as it is to be sent.
func (c *Clinic) Fire(ctx context.Context, kind, userID string, set map[string]any, check func(Event, Webhook) error) (Event, error) {
	return updateAndWake(ctx, c, func(tx Tx) (Event, error) {
		user, ok := tx.Users().Get(userID)
		if !ok {
			return Event{}, refuse(NotFound, "the clinic has no user with this id: GET …/users lists them")
		}
		if tx.Settings().Webhook.URL == "" {
			return Event{}, errNoWebhook
		}
		event, err := newEvent(tx, kind, c.clock.Now(), c.lastOf(tx, kind, user, set))
		if err != nil {
			return event, err
		}
		if event.Data, err = over(event.Data, set); err != nil {
			return event, err
		}
		if err := check(event, tx.Settings().Webhook); err != nil {
			return event, err
		}
		record(tx, event, user.ID, event.Created)
		event, _ = tx.Events().Get(event.ID)
		return event, nil
	})
}

// over returns the data of an event with these fields instead of its own.
func over(data json.RawMessage, set map[string]any) (json.RawMessage, error) {
	fields := map[string]any{}
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil, fmt.Errorf("reading the data of an event: %w", err)
	}
	maps.Copy(fields, set)
	maps.DeleteFunc(fields, func(_ string, value any) bool { return value == nil })
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, fmt.Errorf("writing the data of an event: %w", err)
	}
	return text, nil
}

// lastOf returns the data of an event of a type about a user, as far as there is any, that goes with the fields that are
// set.
func (c *Clinic) lastOf(tx Tx, kind string, user User, set map[string]any) any {
	switch kind {
	case UserCreated:
		return userCreated(user)
	case claims.UpdatedEvent:
		status, _ := set["status"].(string)
		return c.lastClaim(tx, user, claims.Status(status)).Updated(user.ExternalID)
	}
	return lastCheck(tx, user)
}

// lastCheck returns what an event says of the last check of a user that has ended; of one that was a success, when
// there is none.
func lastCheck(tx Tx, user User) EligibilityCheckedData {
	data := EligibilityCheckedData{
		EligibilityID: fmt.Sprint(firstCheckID), MemberID: user.ID,
		EligibilityResponse: Success, ExternalMemberID: user.ExternalID,
	}
	for _, check := range tx.Checks().Newest("", recentChecks) {
		if check.MemberID == user.ID && check.Status == CheckDone {
			data.EligibilityID, data.EligibilityResponse = check.ID, check.Answer.Text
			break
		}
	}
	return data
}

// recentChecks is how many checks are looked through for a user's last one.
const recentChecks = 1_000
