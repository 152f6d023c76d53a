package clearinghouse

import (
	"errors"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The reasons for a visit that is no course of a scenario.
var (
	errVisitGoesOn = errors.New("the visit has not ended: save it after its end")
	errEConsult    = errors.New("an e-consult has no course in a scenario: save a walk-in or an appointment")
)

// ReproduceVisit returns a scenario to repeat the course of a visit, for a patient with a card like its own. now is the
// time on the clinic's clock. The error says why the visit has no such course.
func (c *Clearinghouse) ReproduceVisit(r clinic.VisitRecord, now time.Time) (scenarios.Scenario, error) {
	order := clinic.Primary
	if !r.Member.Insurance.Primary.IsSet() && r.Member.Insurance.Secondary.IsSet() {
		order = clinic.Secondary
	}
	like := clinic.EligibilityCheck{Order: order, User: &r.Member}
	like.Carrier = like.Query().Carrier
	course, err := c.courseOf(r, now)
	s := scenarios.Scenario{
		ID: "visit-" + r.Visit.ID, Title: "Saved visit: " + course.Words(), Labels: []string{"visit", scenarios.MockOnly},
		When: scenarioConditions(like), Patient: scenarioPatient(like), Visit: &course,
	}
	if like.Carrier == "" {
		s.When.CarrierCode = nil
	}
	if by := c.ExplainVisit(r.Visit).Scenario; by != nil {
		s.When.DOB = by.When.DOB
	}
	return s, err
}

// courseOf returns the course that a visit took, with all of its times.
func (c *Clearinghouse) courseOf(r clinic.VisitRecord, now time.Time) (scenarios.Visit, error) {
	walkIn, appointment := r.Visit, r.Partner
	if walkIn.Kind == visits.Scheduled {
		walkIn, appointment = appointment, walkIn
	}
	course, last := scenarios.Visit{}, walkIn.Created // the arrival
	if appointment.ID != "" {
		course.Type = scenarios.Appointment
	}
	if walkIn.ID == "" {
		last = appointment.Created
	}
	steps := slices.Concat(walkIn.History, appointment.History)
	slices.SortStableFunc(steps, func(a, b visits.Past) int { return a.At.Compare(b.At) })
	find := func(event string, status ...visits.Status) (visits.Past, bool) {
		i := slices.IndexFunc(steps, func(p visits.Past) bool {
			return p.Event == event && slices.Contains(status, p.Status)
		})
		if i < 0 {
			return visits.Past{}, false
		}
		return steps[i], true
	}
	since := func(at time.Time) *scenarios.Duration {
		after := scenarios.Duration(max(0, at.Sub(last)))
		last = at
		return &after
	}
	if r.Visit.Kind == visits.EConsult {
		return course, errEConsult
	}
	end, ended := find(visits.EndedEvent, visits.Completed, visits.Cancelled)
	switch {
	case !ended && walkIn.ID == "" && appointment.End.Before(now):
		course.Outcome = scenarios.Missed
		return course, nil
	case !ended:
		return course, errVisitGoesOn
	}
	course.Outcome = c.outcomeOf(r.Visit, end)
	if pickup, ok := find(visits.UpdatedEvent, visits.InProgress); ok {
		if course.PickupAfter = since(pickup.At); course.Outcome == scenarios.Unanswered {
			course.Outcome = scenarios.Left
		}
	} else if course.Outcome == scenarios.Completed {
		course.PickupAfter = new(scenarios.Duration)
	}
	course.EndAfter = since(end.At)
	if note, ok := find(visits.NoteEvent, visits.Completed, visits.Refunded); ok && course.Outcome == scenarios.Completed {
		course.NoteAfter = since(note.At)
	}
	if invoice, ok := find(visits.InvoiceEvent, visits.Completed, visits.Cancelled); ok {
		course.InvoiceAfter = since(invoice.At)
	}
	if refund, ok := find(visits.InvoiceEvent, visits.Refunded); ok {
		course.RefundAfter = since(refund.At)
	}
	return course, nil
}

// outcomeOf returns the outcome of an ended visit: its scenario's where both end alike, or else by the user behind the
// end.
func (c *Clearinghouse) outcomeOf(v visits.Visit, end visits.Past) scenarios.Text {
	byPatient := end.By == v.MemberID
	switch by := c.ExplainVisit(v).Scenario; {
	case end.Status == visits.Completed:
		return scenarios.Completed
	case !byPatient:
		return scenarios.Cancelled
	case by != nil && by.Visit != nil && by.Visit.Outcome == scenarios.Unanswered:
		return scenarios.Unanswered
	}
	return scenarios.Left
}
