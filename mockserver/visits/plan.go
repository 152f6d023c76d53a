package visits

import "time"

// Action is a step that a scenario plans for a visit: one of the constants below, or a Reason to close the visit.
type Action string

// The actions of a provider or the clinic.
const (
	PickUpAction  Action = "pickup"
	CancelAction  Action = "cancel"
	NoteAction    Action = "note"    // sign and send a note
	InvoiceAction Action = "invoice" // the invoice is paid
	RefundAction  Action = "refund"
)

// Stage is a planned step of a visit.
type Stage struct {
	Action Action
	After  time.Duration // from the stage before; from the creation of the visit for the first one
}

// PlannedFee is the amount of an invoice that a scenario has paid, in cents (from VSee's sample).
const PlannedFee = 2_500
