package visits

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Reason is why a caller closes a visit (documented).
type Reason string

// The reasons to close a visit.
const (
	PatientEndCall     Reason = "patient_end_call"
	PatientExitRoom    Reason = "patient_exit_room"
	CallEnded          Reason = "call_ended"
	PatientCancels     Reason = "patient_cancel_appointment"
	MaxWaitingTimeOver Reason = "max_waiting_time_reached"
)

// Step is a change of a visit's status, by a user at a time.
type Step struct {
	At time.Time // when it happened; the actual start or end
	By string    // the user's id
}

// forbid refuses a step that the status of a visit does not allow.
func (v Visit) forbid(step string) error {
	return fmt.Errorf("the visit is %s: it cannot be %s", v.Status.Word(), step)
}

// isOpen reports whether the visit has neither started nor ended.
func (v Visit) isOpen() bool { return v.Status == Pending || v.Status == Confirmed }

// reach returns the visit at another status.
func (v Visit) reach(to Status, by string, now time.Time) Visit {
	v.Status, v.UpdatedBy, v.Modified = to, by, now
	return v
}

// Begin returns the visit in progress, and false if it was in progress before. An ended visit does not start.
func (v Visit) Begin(s Step, now time.Time) (Visit, bool, error) {
	switch {
	case v.Status == InProgress:
		return v, false, nil
	case !v.isOpen():
		return v, false, v.forbid("started")
	}
	v.ActualStart = s.At
	return v.reach(InProgress, s.By, now), true, nil
}

// Close returns the visit as closed for a reason, empty for none, and false if it had ended before. complete asks for
// a completed visit that never started; only a provider or an admin may do so.
func (v Visit) Close(reason Reason, complete bool, s Step, now time.Time) (Visit, bool) {
	if v.Status.Ended() {
		return v, false
	}
	return v.end(v.closesAs(reason, complete), s, now), true
}

// closesAs returns the status after a close (ours: VSee publishes the reasons alone).
func (v Visit) closesAs(reason Reason, complete bool) Status {
	if v.Status == InProgress && slices.Contains([]Reason{"", PatientEndCall, CallEnded}, reason) ||
		v.isOpen() && complete {
		return Completed
	}
	return Cancelled
}

// end returns the visit as ended.
func (v Visit) end(as Status, s Step, now time.Time) Visit {
	v.ActualEnd, v.CompletedBy = s.At, s.By
	return v.reach(as, s.By, now)
}

// EndWith returns the visit as ended by the end of another one: the walk-in of an appointment, or the reverse.
func (v Visit) EndWith(other Visit, now time.Time) (Visit, bool) {
	if v.Status.Ended() {
		return v, false
	}
	return v.end(other.Status, Step{other.ActualEnd, other.CompletedBy}, now), true
}

// Cancel returns the visit as cancelled, and false if it was cancelled before. A completed visit stays as it is.
func (v Visit) Cancel(s Step, now time.Time) (Visit, bool, error) {
	switch {
	case v.Status == Cancelled:
		return v, false, nil
	case v.Status.Ended():
		return v, false, v.forbid("cancelled")
	}
	return v.end(Cancelled, s, now), true, nil
}

// Move returns the visit with other planned times and another provider. The status does not change.
func (v Visit) Move(start, end time.Time, provider string, now time.Time) (Visit, error) {
	if !v.isOpen() {
		return v, v.forbid("changed")
	}
	v.Start, v.End, v.ProviderID, v.Modified = start, end, provider, now
	return v, nil
}

// Accept returns an e-consult with the provider who accepts it.
func (v Visit) Accept(provider string, now time.Time) (Visit, error) {
	switch {
	case v.Kind != EConsult:
		return v, errors.New("the visit is no e-consult: only an e-consult is accepted")
	case v.Status != Confirmed:
		return v, v.forbid("accepted")
	case v.HasProvider():
		return v, errors.New("the e-consult has a provider already")
	}
	v.ProviderID, v.Modified = provider, now
	return v, nil
}

// Refund returns the visit, which has an invoice, as refunded, and its invoice with it.
func (v Visit) Refund(by string, now time.Time) (Visit, error) {
	if v.Status != Completed && v.Status != Cancelled {
		return v, v.forbid("refunded")
	}
	invoice := *v.Invoice
	invoice.Status, invoice.Modified = RefundedInvoice, now
	v.Invoice = &invoice
	return v.reach(Refunded, by, now), nil
}

// Enterable returns an error unless the visit is an appointment that the patient can enter now.
func (v Visit) Enterable() error {
	switch {
	case v.Kind != Scheduled:
		return errors.New("visit_id is no appointment")
	case !v.isOpen():
		return fmt.Errorf("visit_id is %s: only a pending or confirmed appointment can be entered", v.Status.Word())
	}
	return nil
}
