package controlapi

import (
	"context"
	"time"
)

// Visit is a visit of a clinic.
type Visit struct {
	// ID is the visit's id: digits.
	ID string `json:"id"`
	// MemberID is the id of the patient.
	MemberID string `json:"member_id"`
	// ProviderID is the id of the provider; empty for none.
	ProviderID string `json:"provider_id,omitempty"`
	// RoomCode is the code of the room.
	RoomCode string `json:"room_code"`
	// IntakeID is the id of the intake.
	IntakeID string `json:"intake_id"`
	// Type is 1 for a walk-in, 2 for an appointment, 3 for an e-consult.
	Type int `json:"type"`
	// Status is 10, 20, 25, 30, 40 or 50.
	Status int `json:"status"`
	// StatusWord is pending, confirmed, inprogress, completed, cancelled or refunded.
	StatusWord string `json:"status_word"`
	// Start is the planned start.
	Start time.Time `json:"start"`
	// End is the planned end.
	End time.Time `json:"end"`
	// ActualStart is when it started; zero until then.
	ActualStart time.Time `json:"actual_start,omitzero"`
	// ActualEnd is when it ended; zero until then.
	ActualEnd time.Time `json:"actual_end,omitzero"`
	// CompletedBy is the id of the user behind the end; empty until then.
	CompletedBy string `json:"completed_by,omitempty"`
	// AppointmentID is, on a walk-in, the appointment entered by it; empty for none.
	AppointmentID string `json:"related_appointment_id,omitempty"`
	// WalkInID is, on an appointment, the walk-in; empty for none.
	WalkInID string `json:"related_walkin_id,omitempty"`
	// BlockID is the booked block of time; empty for none.
	BlockID string `json:"block_id,omitempty"`
	// Note is the status of the note: new, draft or signed; empty for no note.
	Note string `json:"note,omitempty"`
	// Invoice is the bill; nil for none.
	Invoice *Invoice `json:"invoice,omitempty"`
	// Scenario is the id of the scenario that plans its steps; empty for none.
	Scenario string `json:"scenario,omitempty"`
	// Created is when it was made.
	Created time.Time `json:"created"`
	// Modified is when it last changed.
	Modified time.Time `json:"modified"`
}

// Invoice is the bill for a visit.
type Invoice struct {
	// ID is the invoice's id, a UUID.
	ID string `json:"id"`
	// Status is pending, processing, paid, closed, forgiven, cancelled, failed or refunded.
	Status string `json:"status"`
	// Due is the amount due, in cents.
	Due int64 `json:"amount_due"`
	// Paid is the amount paid, in cents.
	Paid int64 `json:"amount_paid"`
	// Currency is USD.
	Currency string `json:"currency"`
}

// VisitExplanation gives the reason for the course of a visit, and its steps.
type VisitExplanation struct {
	// Visit is the visit.
	Visit Visit `json:"visit"`
	// Because is the reason, in one sentence.
	Because string `json:"because"`
	// Scenario is the scenario that planned the course; nil when none did.
	Scenario *ScenarioPlace `json:"scenario,omitempty"`
	// Tried is how many scenarios were in force when the visit was made.
	Tried int `json:"tried"`
	// History are the steps so far, oldest first.
	History []VisitStep `json:"history"`
	// Plan are the steps to come, in order.
	Plan []PlannedStep `json:"plan"`
	// Deliveries are the attempts to deliver its events, oldest first for each, as far as the journal keeps them.
	Deliveries []Delivery `json:"deliveries"`
}

// VisitStep is a step of a visit.
type VisitStep struct {
	// Status is that of the visit after it.
	Status int `json:"status"`
	// StatusWord is the same in a word.
	StatusWord string `json:"status_word"`
	// By is the id of the user behind the status.
	By string `json:"by"`
	// At is when it happened.
	At time.Time `json:"at"`
	// Event is its event.
	Event Event `json:"event"`
}

// PlannedStep is a step that a scenario plans for a visit.
type PlannedStep struct {
	// Action is pickup, cancel, note, invoice, refund, or the reason to close the visit.
	Action string `json:"action"`
	// Due is when it happens, unless a client takes it first.
	Due time.Time `json:"due"`
}

// NoteChange sets the note of a visit.
type NoteChange struct {
	// Status is new, draft or signed. A signed note counts as sent, and has an event.
	Status string `json:"status"`
}

// InvoiceChange sets fields of the invoice of a visit. A nil keeps a value.
type InvoiceChange struct {
	// Status is as in Invoice; pending at first.
	Status *string `json:"status,omitempty"`
	// Due is the amount due, in cents.
	Due *int64 `json:"amount_due,omitempty"`
	// Paid is the amount paid, in cents.
	Paid *int64 `json:"amount_paid,omitempty"`
}

// ProviderOfVisit names the provider who acts.
type ProviderOfVisit struct {
	// ProviderID is the id of a user of type 400; empty for the visit's own provider, or the admin without one.
	ProviderID string `json:"provider_id,omitempty"`
}

// Block is a block of a provider's time, cut into slots.
type Block struct {
	// ID is the slot_id of its slots: digits.
	ID string `json:"id"`
	// RoomCode is the code of the room.
	RoomCode string `json:"room_code"`
	// ProviderID is the id of the provider; empty for any provider of the room.
	ProviderID string `json:"provider_id,omitempty"`
	// Start is its start.
	Start time.Time `json:"start"`
	// End is its end.
	End time.Time `json:"end"`
	// Minutes is the length of a slot.
	Minutes int `json:"minutes"`
	// Places is how many patients may book one slot.
	Places int `json:"places"`
}

// NewBlock is a block of a provider's time to add.
type NewBlock struct {
	// RoomCode is the code of the room.
	RoomCode string `json:"room_code"`
	// ProviderID is the id of the provider; empty for any provider of the room.
	ProviderID string `json:"provider_id,omitempty"`
	// Start is its start.
	Start time.Time `json:"start"`
	// End is its end, 31 days after the start at most.
	End time.Time `json:"end"`
	// Minutes is the length of a slot; 15 when nil.
	Minutes *int `json:"minutes,omitempty"`
	// Places is how many patients may book one slot; 1 when nil.
	Places *int `json:"places,omitempty"`
}

// ListVisits returns a page of a clinic's visits, newest first.
func (c *Client) ListVisits(ctx context.Context, account string, page PageRequest) (Page[Visit], error) {
	return call[Page[Visit]](ctx, c, "GET /clinics/{account}/visits"+page.query(), nil, account)
}

// GetVisit returns a visit.
func (c *Client) GetVisit(ctx context.Context, account, id string) (Visit, error) {
	return call[Visit](ctx, c, "GET /clinics/{account}/visits/{id}", nil, account, id)
}

// ExplainVisit says why a visit takes its course.
func (c *Client) ExplainVisit(ctx context.Context, account, id string) (VisitExplanation, error) {
	return call[VisitExplanation](ctx, c, "GET /clinics/{account}/visits/{id}/explain", nil, account, id)
}

// SaveVisit returns a scenario that repeats the course of a visit.
func (c *Client) SaveVisit(ctx context.Context, account, id string) (SavedScenario, error) {
	return call[SavedScenario](ctx, c, "GET /clinics/{account}/visits/{id}/scenario", nil, account, id)
}

// SetNote sets the note of a visit, as its provider does in the portal.
func (c *Client) SetNote(ctx context.Context, account, id string, change NoteChange) (Visit, error) {
	return call[Visit](ctx, c, "PUT /clinics/{account}/visits/{id}/note", change, account, id)
}

// SetInvoice sets the invoice of a visit, as the portal does.
func (c *Client) SetInvoice(ctx context.Context, account, id string, change InvoiceChange) (Visit, error) {
	return call[Visit](ctx, c, "PUT /clinics/{account}/visits/{id}/invoice", change, account, id)
}

// RefundVisit refunds a completed or cancelled visit, as the portal does.
func (c *Client) RefundVisit(ctx context.Context, account, id string) (Visit, error) {
	return call[Visit](ctx, c, "POST /clinics/{account}/visits/{id}/refund", nil, account, id)
}

// AcceptEConsult accepts an e-consult, as a provider does in the portal.
func (c *Client) AcceptEConsult(ctx context.Context, account, id string, by ProviderOfVisit) (Visit, error) {
	return call[Visit](ctx, c, "POST /clinics/{account}/visits/{id}/accept", by, account, id)
}

// PickUpVisit starts a visit, as its provider does in the portal.
func (c *Client) PickUpVisit(ctx context.Context, account, id string, by ProviderOfVisit) (Visit, error) {
	return call[Visit](ctx, c, "POST /clinics/{account}/visits/{id}/pickup", by, account, id)
}

// CancelVisit cancels a visit, as its provider does in the portal.
func (c *Client) CancelVisit(ctx context.Context, account, id string, by ProviderOfVisit) (Visit, error) {
	return call[Visit](ctx, c, "POST /clinics/{account}/visits/{id}/cancel", by, account, id)
}

// ListBlocks returns a page of the blocks of providers' time, newest first.
func (c *Client) ListBlocks(ctx context.Context, account string, page PageRequest) (Page[Block], error) {
	return call[Page[Block]](ctx, c, "GET /clinics/{account}/blocks"+page.query(), nil, account)
}

// AddBlock adds a block of a provider's time: its slots become available.
func (c *Client) AddBlock(ctx context.Context, account string, block NewBlock) (Block, error) {
	return call[Block](ctx, c, "POST /clinics/{account}/blocks", block, account)
}
