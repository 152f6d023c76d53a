package clinic

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
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

// EventStatus is what has become of telling the clinic's webhook of an event.
type EventStatus string

// The statuses of an event.
const (
	EventPending   EventStatus = "pending"   // an attempt is due
	EventDelivered EventStatus = "delivered" // the receiver has answered 2xx
	EventFailed    EventStatus = "failed"    // the last attempt of the schedule has failed
	EventSkipped   EventStatus = "skipped"   // the clinic had no webhook when it happened, or when it was to be told
)

// Event is something a clinic tells its webhook.
type Event struct {
	ID       string // a UUID that begins with the Unix second of Created
	Type     string
	Created  time.Time
	Data     json.RawMessage // an object; its fields depend on Type
	Status   EventStatus
	Attempts int       // how many have been made
	Next     time.Time // when the next one is due; zero when none is
	Refusals int       // how many attempts, the first ones, are taken as refused, without sending
}

func newEvent(tx Tx, kind string, now time.Time, data any) (Event, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return Event{}, fmt.Errorf("writing the data of an event: %w", err)
	}
	return Event{ID: draws(tx).uuid(now), Type: kind, Created: now, Data: text}, nil
}

// record keeps an event and makes its first delivery due, unless the clinic has no webhook.
func record(tx Tx, event Event, refusals int, now time.Time) {
	event.Status, event.Refusals = EventSkipped, refusals
	if tx.Settings().Webhook.URL != "" {
		event.Status, event.Next = EventPending, now
		tx.AddWork(DeliverWork, now, event.ID)
	}
	tx.PutEvent(event)
}

// Delivery is one attempt that is to be made.
type Delivery struct {
	Work    Work
	Event   Event
	Attempt int // 1 for the first
	Webhook Webhook
}

// NextDelivery returns what an item of DeliverWork is about, false when it is no longer pending.
func (c *Clinic) NextDelivery(ctx context.Context, work Work) (Delivery, bool, error) {
	delivery := Delivery{Work: work}
	pending := false
	err := c.store.View(ctx, c.id, func(v View) error {
		if _, pending = v.Work(work.ID); pending {
			delivery.Event, _ = v.Events().Get(work.Subject)
			delivery.Attempt = delivery.Event.Attempts + 1
			delivery.Webhook = v.Settings().Webhook
		}
		return nil
	})
	return delivery, pending, err
}

// Skip ends the delivery of an event to a clinic that has no webhook any more. It does nothing when the item is no
// longer pending.
func (c *Clinic) Skip(ctx context.Context, d Delivery) error {
	return c.store.Update(ctx, c.id, func(tx Tx) error {
		if _, pending := tx.Work(d.Work.ID); !pending {
			return nil
		}
		tx.RemoveWork(d.Work.ID)
		event, _ := tx.Events().Get(d.Event.ID)
		event.Status, event.Next = EventSkipped, time.Time{}
		tx.PutEvent(event)
		return nil
	})
}

// Delivered records how an attempt has ended: with success; or with a failure, after which the next attempt is due in
// retry, unless that is nil. It returns the event as it stands then, and false when the item was no longer pending: the
// clinic was emptied while the attempt was made.
func (c *Clinic) Delivered(ctx context.Context, d Delivery, success bool, retry *time.Duration) (Event, bool, error) {
	var event Event
	pending := false
	err := c.store.Update(ctx, c.id, func(tx Tx) error {
		if _, pending = tx.Work(d.Work.ID); !pending {
			return nil
		}
		tx.RemoveWork(d.Work.ID)
		event, _ = tx.Events().Get(d.Event.ID)
		event.Attempts, event.Next = d.Attempt, time.Time{}
		switch {
		case success:
			event.Status = EventDelivered
		case retry == nil:
			event.Status = EventFailed
		default:
			event.Next = c.clock.Now().Add(*retry)
			tx.AddWork(DeliverWork, event.Next, event.ID)
		}
		tx.PutEvent(event)
		return nil
	})
	return event, pending, err
}
