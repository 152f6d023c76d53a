package clinic

import (
	"context"
	"errors"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// planned returns a new visit with the plan of its scenario, the first stage of which it schedules. The visit may name
// a scenario already.
func (c *Clinic) planned(tx Tx, visit visits.Visit) visits.Visit {
	member, _ := tx.Users().Get(visit.MemberID)
	query := EligibilityQuery{
		Clinic: c.id, Account: c.account, User: &member, At: visit.Created, Scenario: visit.Scenario,
	}
	visit.Scenario, visit.Rulebook, visit.Plan = c.answers.PlanVisit(query, visit.Kind)
	scheduleStage(tx, visit, visit.Created)
	return visit
}

// scheduleStage adds the work for the next stage of a visit, if there is one.
func scheduleStage(tx Tx, visit visits.Visit, now time.Time) {
	if len(visit.Plan) > 0 {
		tx.AddWork(VisitWork, now.Add(visit.Plan[0].After), visit.ID)
	}
}

// VisitRecord is a visit with all that explains its course.
type VisitRecord struct {
	Visit   visits.Visit
	Partner visits.Visit // the walk-in of an appointment, or the appointment of a walk-in; the zero value for none
	Member  User
	Next    time.Time // when the next planned step is due; zero for none
}

// VisitRecord returns a visit with all that explains its course. It returns an Error when the clinic has none of this
// id.
func (c *Clinic) VisitRecord(ctx context.Context, id string) (VisitRecord, error) {
	return view(ctx, c, func(v View) (VisitRecord, error) {
		visit, ok := v.Visits().Get(id)
		if !ok {
			return VisitRecord{}, errNoVisit
		}
		r := VisitRecord{Visit: visit}
		r.Partner, _ = partner(v, visit)
		r.Member, _ = v.Users().Get(visit.MemberID)
		for _, work := range v.DueWork(VisitWork, clock.Latest, v.PendingCount(VisitWork)) {
			if work.Subject == id {
				r.Next = work.Due
			}
		}
		return r, nil
	})
}

// AdvanceVisit takes the step of a VisitWork item, and schedules the following one. A step that has been taken
// otherwise is left out. A step that the visit's status forbids ends the plan. It returns false when nothing was done.
func (c *Clinic) AdvanceVisit(ctx context.Context, work Work) (visits.Visit, bool, error) {
	visit, err := updateAndWake(ctx, c, func(tx Tx) (visits.Visit, error) {
		visit, found := tx.Visits().Get(work.Subject)
		if !found || !tx.IsPending(work) {
			return visits.Visit{}, nil
		}
		tx.RemoveWork(work)
		stage := visit.Plan[0]
		visit.Plan = visit.Plan[1:]
		tx.PutVisit(visit)
		err := c.takeStep(tx, visit, stage.Action)
		if refused := (*Error)(nil); errors.As(err, &refused) {
			visit.Plan = nil
			tx.PutVisit(visit)
			return visits.Visit{}, nil
		}
		visit, _ = tx.Visits().Get(visit.ID)
		scheduleStage(tx, visit, c.clock.Now())
		return visit, err
	})
	return visit, visit.ID != "", err
}

// takeStep takes a planned step. The patient leaves, and the end of the longest wait is the patient's too: their
// browser closes the visit (ours). A provider takes the other steps.
func (c *Clinic) takeStep(tx Tx, visit visits.Visit, action visits.Action) (err error) {
	now := c.clock.Now()
	switch action {
	case visits.PickUpAction:
		return c.start(tx, visit, providerOrAdmin(visit), nil)
	case visits.CancelAction:
		return c.cancel(tx, visit, providerOrAdmin(visit))
	case visits.NoteAction:
		_, err = c.storeChange(tx, visit, c.setNote(visits.SignedNote))
	case visits.InvoiceAction:
		paid, fee := visits.PaidInvoice, int64(visits.PlannedFee)
		_, err = c.storeChange(tx, visit, c.setInvoice(InvoiceChange{&paid, &fee, &fee}))
	case visits.RefundAction:
		_, err = c.storeChange(tx, visit, c.refund)
	default:
		by := visit.MemberID
		if reason := visits.Reason(action); reason == visits.CallEnded {
			by = providerOrAdmin(visit)
		}
		if ended, moved := visit.Close(visits.Reason(action), false, visits.Step{At: now, By: by}, now); moved {
			return endVisits(tx, ended, now)
		}
	}
	return err
}

// providerOrAdmin returns the provider of a visit, or the admin for a visit without one.
func providerOrAdmin(visit visits.Visit) string {
	if visit.HasProvider() {
		return visit.ProviderID
	}
	return adminID
}
