package controlapi

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Event is an event of a clinic.
type Event struct {
	// ID is the id in the payload, a UUID.
	ID string `json:"id"`
	// Type is eligibility.checked, user.created, claim.updated or a type of visit.
	Type string `json:"type"`
	// Created is when it was made.
	Created time.Time `json:"created"`
	// Data is the data of the payload, a JSON object.
	Data json.RawMessage `json:"data"`
	// CheckID is the id of the check that it is about; empty for none.
	CheckID string `json:"check_id,omitempty"`
	// ClaimID is the id of the claim that it is about; empty for none.
	ClaimID string `json:"claim_id,omitempty"`
	// VisitID is the id of the visit that it is about; empty for none.
	VisitID string `json:"visit_id,omitempty"`
	// MemberID is the id of the user that it is about; empty for none.
	MemberID string `json:"member_id,omitempty"`
	// Status is pending, delivered, failed, dropped, or skipped where the clinic has no webhook for it.
	Status string `json:"status"`
	// Detail says why it is skipped, and what to do; empty for any other status.
	Detail string `json:"detail,omitempty"`
	// Attempts is how many attempts to deliver it were made; none for those that are dropped or disabled.
	Attempts int `json:"attempts"`
	// Next is when the next attempt is due; zero when none is.
	Next time.Time `json:"next_attempt,omitzero"`
	// WaitsFor names the condition for the first attempt; empty for none.
	WaitsFor string `json:"waits_for,omitempty"`
	// Misbehaviour is the deliberate failure that its scenario asks for; nil for none.
	Misbehaviour *scenarios.Webhook `json:"misbehaviour,omitempty"`
}

// EventReport is an event and the attempts to deliver it.
type EventReport struct {
	// Event is the event.
	Event Event `json:"event"`
	// Deliveries are the attempts, oldest first, as far as the journal keeps them.
	Deliveries []Delivery `json:"deliveries"`
	// Warnings say where an event sent by hand differs from those of VSee; empty for nowhere.
	Warnings []string `json:"warnings,omitempty"`
}

// NewEvent is an event to send by hand.
type NewEvent struct {
	// Type is eligibility.checked, user.created, claim.updated or a type of visit.
	Type string `json:"type"`
	// MemberID is the id of the user in the event.
	MemberID string `json:"member_id"`
	// Data are fields of the event's data. The mock fills in the others, those of an object too; a nil removes a field.
	Data map[string]any `json:"data,omitempty"`
}

// Delivery is one attempt to deliver an event.
type Delivery struct {
	// ID is the id of the attempt.
	ID string `json:"id"`
	// EventID is the id of the event.
	EventID string `json:"event_id"`
	// CheckID is the id of the check that the event is about; empty for none.
	CheckID string `json:"check_id,omitempty"`
	// ClaimID is the id of the claim that the event is about; empty for none.
	ClaimID string `json:"claim_id,omitempty"`
	// MemberID is the id of the user that the event is about; empty for none.
	MemberID string `json:"member_id,omitempty"`
	// Type is that of the event.
	Type string `json:"type"`
	// Attempt counts the attempts for the event, from 1.
	Attempt int `json:"attempt"`
	// At is when it was made.
	At time.Time `json:"at"`
	// RealAt is when it was made, in real time.
	RealAt time.Time `json:"real_at"`
	// Duration is how long it took, in real time.
	Duration Span `json:"duration"`
	// URL is where the event was sent, without credentials.
	URL string `json:"url"`
	// Headers are those that were sent, secrets masked.
	Headers http.Header `json:"headers,omitempty"`
	// Body is the body that was sent; unpacked when it was compressed, secrets masked. It is empty in a stream.
	Body string `json:"body,omitempty"`
	// Status is the receiver's; 0 when it did not answer.
	Status int `json:"status,omitempty"`
	// Answered are the headers of the answer.
	Answered http.Header `json:"answer_headers,omitempty"`
	// Answer is the body of the answer, up to 64 KiB.
	Answer string `json:"answer,omitempty"`
	// Reason is why it failed, such as refused, timeout or status; empty for success.
	Reason string `json:"reason,omitempty"`
	// Detail is the reason in a sentence.
	Detail string `json:"detail,omitempty"`
	// Hint has more about the attempt, such as the probable cause of a failure; empty for none.
	Hint string `json:"hint,omitempty"`
	// Sends is how many times the receiver may have the request, from 0 to 2.
	Sends int `json:"sends"`
	// Next is when the next attempt is due; zero when none is.
	Next time.Time `json:"next_attempt,omitzero"`
	// ByRetryAfter is true when the receiver's Retry-After decided Next, not the schedule.
	ByRetryAfter bool `json:"next_by_retry_after,omitempty"`
	// Misbehaviour lists the deliberate failures, such as `signature: bad`.
	Misbehaviour []string `json:"misbehaviour,omitempty"`
}

// Outcome says in two words how the attempt ended, and is the same in every output: delivered or failed, and the status
// of the answer or else the reason. An event that is dropped on purpose is dropped.
func (d Delivery) Outcome() string {
	word, detail := "failed", d.Reason
	switch d.Reason {
	case "dropped":
		return d.Reason
	case "scenario": // or the misbehaviour of the clinic
		detail = "refused on purpose"
	case "":
		word = "delivered"
	}
	if d.Status != 0 {
		detail = strconv.Itoa(d.Status)
	}
	return word + ", " + detail
}

// IsAttempt reports whether it counts as an attempt. Otherwise nothing was sent, nor will be.
func (d Delivery) IsAttempt() bool {
	return !slices.Contains([]string{"dropped", "disabled", "contract"}, d.Reason)
}

// ListEvents returns a page of a clinic's events, newest first.
func (c *Client) ListEvents(ctx context.Context, account string, page PageRequest) (Page[Event], error) {
	return call[Page[Event]](ctx, c, "GET /clinics/{account}/events"+page.query(), nil, account)
}

// GetEvent returns an event and the attempts to deliver it.
func (c *Client) GetEvent(ctx context.Context, account, id string) (EventReport, error) {
	return call[EventReport](ctx, c, "GET /clinics/{account}/events/{id}", nil, account, id)
}

// FireEvent sends an event by hand, and returns when it was sent.
func (c *Client) FireEvent(ctx context.Context, account string, event NewEvent) (EventReport, error) {
	return call[EventReport](ctx, c, "POST /clinics/{account}/events", event, account)
}

// ResendEvent sends an event again, and returns when it was sent.
func (c *Client) ResendEvent(ctx context.Context, account, id string) (EventReport, error) {
	return call[EventReport](ctx, c, "POST /clinics/{account}/events/{id}/resend", nil, account, id)
}

// ListDeliveries returns a page of the attempts to deliver a clinic's events, newest first; the last 5,000 are kept.
func (c *Client) ListDeliveries(ctx context.Context, account string, page PageRequest) (Page[Delivery], error) {
	return call[Page[Delivery]](ctx, c, "GET /clinics/{account}/deliveries"+page.query(), nil, account)
}
