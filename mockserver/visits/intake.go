package visits

import "time"

// Intake is the questionnaire that a patient fills in before a visit. An empty field is unset.
type Intake struct {
	ID           string // a UUID
	MemberID     string // the patient's user id; empty until a visit names the patient
	ProviderID   string
	Kind         Kind
	Reason       string
	RoomCode     string
	Attachments  []string // ids of files
	Location     string
	Phone        string
	Consultation *Consultation
	Custom       map[string]any // fields of the caller's own
	VisitID      string         // the latest visit with this intake
	InvoiceID    string         // after an e-consult
	Created      time.Time
	Modified     time.Time
}

// UseBy returns the intake as used by a visit.
func (i Intake) UseBy(v Visit) Intake {
	i.VisitID, i.MemberID, i.Modified = v.ID, v.MemberID, v.Modified
	if v.Invoice != nil {
		i.InvoiceID = v.Invoice.ID
	}
	return i
}

// Room is a waiting room of a clinic.
type Room struct {
	ID            string // digits
	Code          string // unique in the clinic
	Slug          string // unique in its domain
	Name          string
	Domain        string
	Consultations []Consultation
	Created       time.Time
	Modified      time.Time
}

// Consultation returns the room's consultation with an id, false for none.
func (r Room) Consultation(id string) (Consultation, bool) {
	for _, c := range r.Consultations {
		if c.ID == id {
			return c, true
		}
	}
	return Consultation{}, false
}
