// Package visits holds visits, intakes, rooms and a provider's time as pure values: the statuses of a visit and the
// steps between them, and the free slots of a block of time. It knows no store, no token and no webhook. The forms are
// VSee's; VSee does not publish the rules of most steps, so those are ours.
package visits

import (
	"slices"
	"time"
)

// Status is the progress of a visit. The numbers are observed in VSee's SDK.
type Status int

// The statuses of a visit.
const (
	Pending    Status = 10 // a patient waits
	Confirmed  Status = 20 // an appointment, or an e-consult
	InProgress Status = 25
	Completed  Status = 30
	Cancelled  Status = 40
	Refunded   Status = 50
)

// Statuses returns all statuses.
func Statuses() []Status {
	return []Status{Pending, Confirmed, InProgress, Completed, Cancelled, Refunded}
}

// Word returns the status as envelope 2.0 writes it. VSee documents inprogress, completed and cancelled; the others
// are inferred.
func (s Status) Word() string {
	return map[Status]string{
		Pending: "pending", Confirmed: "confirmed", InProgress: "inprogress", Completed: "completed", Cancelled: "cancelled",
		Refunded: "refunded",
	}[s]
}

// Ended reports whether the visit is over.
func (s Status) Ended() bool { return s >= Completed }

// Kind is the type of a visit.
type Kind int

// The types of visits. VSee knows 10 as well, an invited guest; the mock has none.
const (
	WalkIn    Kind = 1
	Scheduled Kind = 2
	EConsult  Kind = 3
)

// The subtypes of a visit. VSee's SDK has 1 for in person and 2 for phone as well.
const (
	Video        = 3
	Asynchronous = 4 // of an e-consult
)

// The types of the events about a visit (documented).
const (
	CreatedEvent = "visit.created"
	UpdatedEvent = "visit.updated"
	EndedEvent   = "visit.ended"
	NoteEvent    = "visit.note.signed_and_sent"
	InvoiceEvent = "visit.invoice.processed"
)

// EventTypes returns the types of the events about a visit.
func EventTypes() []string {
	return []string{CreatedEvent, UpdatedEvent, EndedEvent, NoteEvent, InvoiceEvent}
}

// IsEvent reports whether a type of event is about a visit.
func IsEvent(kind string) bool { return slices.Contains(EventTypes(), kind) }

// Visit is a visit of a patient. An empty field is unset.
type Visit struct {
	ID           string // digits, up to 64 bits
	Code         string // 32 hex digits
	MemberID     string // the patient's user id
	ProviderID   string // empty for none yet
	CreatorID    string // the user behind the token
	RoomCode     string
	IntakeID     string
	Kind         Kind
	Subtype      int
	Status       Status
	Start, End   time.Time // planned
	ActualStart  time.Time // zero until it starts
	ActualEnd    time.Time // zero until it ends
	CompletedBy  string    // the id of the user behind the end
	UpdatedBy    string    // the id of the user behind the last step
	Created      time.Time
	Modified     time.Time
	Expiry       time.Time // of an e-consult
	State        string    // of an e-consult: the location in the intake
	Consultation *Consultation

	AppointmentID string // on a walk-in: the appointment that the patient entered by it
	WalkInID      string // on an appointment: the walk-in
	BlockID       string // the booked block of a provider's time

	MeetingID string
	PIN       int    // of the conference
	LinkToken string // opens the appointment in the portal without a login
	PostID    string // the id of the record after the visit, which its note has too

	Note    NoteStatus // empty for no note
	Invoice *Invoice   // nil for none

	Scenario string  // the id of the scenario that plans the visit; empty for none
	Rulebook uint64  // the number of the scenarios in force when it was made
	Plan     []Stage // the stages to come, in order
	History  []Past  // the steps so far with an event, in order
}

// Past is a step of a visit with its event.
type Past struct {
	Event, EventID string // the type and the id of the event
	Status         Status // after it
	By             string // the id of the user behind the status
	At             time.Time
}

// HasProvider reports whether the visit has a provider.
func (v Visit) HasProvider() bool { return v.ProviderID != "" }

// Minutes returns the planned minutes.
func (v Visit) Minutes() int { return int(v.End.Sub(v.Start) / time.Minute) }

// NoteStatus is the status of a visit's note (documented).
type NoteStatus string

// The statuses of a note.
const (
	NewNote    NoteStatus = "new"
	DraftNote  NoteStatus = "draft"
	SignedNote NoteStatus = "signed"
)

// NoteStatuses returns the statuses of a note.
func NoteStatuses() []string { return []string{string(NewNote), string(DraftNote), string(SignedNote)} }

// Invoice is the bill for a visit. Amounts are in cents.
type Invoice struct {
	ID       string
	Status   string // one of InvoiceStatuses
	Due      int64
	Paid     int64
	Currency string
	Created  time.Time
	Modified time.Time
}

// The statuses of an invoice used by the rules below.
const (
	PendingInvoice  = "pending"
	PaidInvoice     = "paid"
	RefundedInvoice = "refunded"
)

// InvoiceStatuses returns the statuses of an invoice (documented).
func InvoiceStatuses() []string {
	return []string{
		PendingInvoice, "processing", PaidInvoice, "closed", "forgiven", "cancelled", "failed", RefundedInvoice,
	}
}

// Currency is the currency of all amounts.
const Currency = "USD"

// Consultation is a kind of visit that a room offers.
type Consultation struct {
	ID          string
	Description string
	Minutes     int
	Places      int // how many patients may book one slot
}
