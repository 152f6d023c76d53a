package visits

import (
	"encoding/json"
	"strconv"
	"time"
)

// EventData is the data of an event about a visit in the unversioned envelope and in 1.0, in VSee's order.
type EventData struct {
	ID          string  `json:"id"`
	MemberID    string  `json:"member_id"`
	ProviderID  *string `json:"provider_id"`
	Start       string  `json:"start"`
	End         string  `json:"end"`
	ActualStart *string `json:"actual_start"`
	ActualEnd   *string `json:"actual_end"`
	Status      string  `json:"status"`
	CompletedBy *string `json:"completed_by"`
}

// EventDataV2 is the data of an event about a visit in envelope 2.0, in VSee's order.
type EventDataV2 struct {
	ID          string        `json:"id"`
	MemberID    string        `json:"member_id"`
	ProviderID  *string       `json:"provider_id"`
	Start       int64         `json:"start"`
	End         int64         `json:"end"`
	ActualStart *int64        `json:"actual_start"`
	ActualEnd   *int64        `json:"actual_end"`
	Status      string        `json:"status"`
	UpdatedBy   *string       `json:"status_updated_by"`
	Note        *EventNote    `json:"note,omitempty"`
	Invoice     *EventInvoice `json:"invoice,omitempty"`
}

// EventNote is the note in an event of type NoteEvent.
type EventNote struct {
	ID     string     `json:"id"`
	Status NoteStatus `json:"status"`
}

// EventInvoice is the invoice in an event of type InvoiceEvent.
type EventInvoice struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Due      int64  `json:"amount_due"`
	Paid     int64  `json:"amount_paid"`
	Currency string `json:"currency"`
}

// EventData returns the data of an event about the visit as it is now.
func (v Visit) EventData() EventData {
	return EventData{
		ID: v.ID, MemberID: v.MemberID, ProviderID: orNil(v.ProviderID), Start: digits(v.Start), End: digits(v.End),
		ActualStart: orNil(digits(v.ActualStart)), ActualEnd: orNil(digits(v.ActualEnd)),
		Status: strconv.Itoa(int(v.Status)), CompletedBy: orNil(v.CompletedBy),
	}
}

// EventDataV2 returns the data of an event of a type about the visit, in envelope 2.0.
func (v Visit) EventDataV2(kind string) EventDataV2 {
	data := EventDataV2{
		ID: v.ID, MemberID: v.MemberID, ProviderID: orNil(v.ProviderID), Start: v.Start.Unix(), End: v.End.Unix(),
		ActualStart: seconds(v.ActualStart), ActualEnd: seconds(v.ActualEnd),
		Status: v.Status.Word(), UpdatedBy: orNil(v.UpdatedBy),
	}
	switch {
	case kind == NoteEvent:
		data.Note = &EventNote{v.PostID, v.Note}
	case kind == InvoiceEvent && v.Invoice != nil:
		i := *v.Invoice
		data.Invoice = &EventInvoice{i.ID, i.Status, i.Due, i.Paid, i.Currency}
	}
	return data
}

// Forced returns the visit at the status in which an event of a type about it is sent, for an event sent by hand.
func (v Visit) Forced(kind string, now time.Time) Visit {
	by := Step{now, v.MemberID}
	switch kind {
	case UpdatedEvent:
		v.Status, v.ActualStart, v.ActualEnd, v.CompletedBy = InProgress, orNow(v.ActualStart, now), time.Time{}, ""
	case EndedEvent:
		if !v.Status.Ended() {
			v, _ = v.Close("", false, by, now)
		}
	case NoteEvent:
		v.Note = SignedNote
	case InvoiceEvent:
		if v.Invoice == nil {
			v.Invoice = &Invoice{ID: v.PostID, Status: PendingInvoice, Currency: Currency}
		}
	}
	return v
}

// MarshalEvent returns the data of an event of a type about the visit as JSON: for the unversioned envelope and 1.0,
// and for 2.0.
func (v Visit) MarshalEvent(kind string) (data, v2 json.RawMessage, err error) {
	if data, err = json.Marshal(v.EventData()); err != nil {
		return nil, nil, err
	}
	v2, err = json.Marshal(v.EventDataV2(kind))
	return data, v2, err
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func orNow(at, now time.Time) time.Time {
	if at.IsZero() {
		return now
	}
	return at
}

// digits returns Unix seconds as text, "" for the zero time.
func digits(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return strconv.FormatInt(at.Unix(), 10)
}

// seconds returns Unix seconds, nil for the zero time.
func seconds(at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	return new(at.Unix())
}
