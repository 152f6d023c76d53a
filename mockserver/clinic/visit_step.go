package clinic

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// StartVisit moves a visit to in progress, at a time or now. A walk-in starts its appointment as well, and the reverse
// (ours). A visit in progress stays as it is.
func (c *Clinic) StartVisit(ctx context.Context, token, id string, at *time.Time) error {
	return c.stepByToken(ctx, token, id, func(tx Tx, by caller, visit visits.Visit) error {
		return c.start(tx, visit, by.user.ID, at)
	})
}

func (c *Clinic) start(tx Tx, visit visits.Visit, by string, at *time.Time) error {
	now := c.clock.Now()
	step := visits.Step{At: valueOr(at, now), By: by}
	started, moved, err := visit.Begin(step, now)
	if err != nil {
		return refuse(Invalid, "%s", err)
	}
	if !moved {
		return nil
	}
	tx.PutVisit(started)
	if err := recordVisitEvent(tx, visits.UpdatedEvent, started, now); err != nil {
		return err
	}
	other, ok := partner(tx, visit)
	if !ok {
		return nil
	}
	if other, moved, err = other.Begin(step, now); err != nil || !moved {
		return nil //nolint:nilerr // the other one has ended
	}
	tx.PutVisit(other)
	return recordVisitEvent(tx, visits.UpdatedEvent, other, now)
}

// Closing is a request to close a visit.
type Closing struct {
	Reason   visits.Reason // empty for none
	Complete bool          // the caller sends the status completed; without effect for a patient
	End      *time.Time    // nil for now
}

// CloseVisit ends a visit. An ended one stays as it is.
func (c *Clinic) CloseVisit(ctx context.Context, token, id string, r Closing) error {
	return c.stepByToken(ctx, token, id, func(tx Tx, by caller, visit visits.Visit) error {
		now := c.clock.Now()
		judged := visit
		if walkIn, ok := tx.Visits().Get(visit.WalkInID); ok && !walkIn.Status.Ended() {
			judged = walkIn // of a started appointment the walk-in decides
		}
		step := visits.Step{At: valueOr(r.End, now), By: by.user.ID}
		closed, ended := judged.Close(r.Reason, r.Complete && !by.isPatient(), step, now)
		if !ended {
			return nil
		}
		return endVisits(tx, closed, now)
	})
}

// DeleteVisit cancels a visit: nothing is removed. A cancelled one stays as it is.
func (c *Clinic) DeleteVisit(ctx context.Context, token, id string) error {
	return c.stepByToken(ctx, token, id, func(tx Tx, by caller, visit visits.Visit) error {
		return c.cancel(tx, visit, by.user.ID)
	})
}

func (c *Clinic) cancel(tx Tx, visit visits.Visit, by string) error {
	now := c.clock.Now()
	cancelled, moved, err := visit.Cancel(visits.Step{At: now, By: by}, now)
	if err != nil {
		return refuse(Invalid, "%s", err)
	}
	if !moved {
		return nil
	}
	return endVisits(tx, cancelled, now)
}

// stepByToken calls f with a visit that the owner of a token may change.
func (c *Clinic) stepByToken(
	ctx context.Context, token, id string, f func(tx Tx, by caller, visit visits.Visit) error,
) error {
	_, err := updateAndWake(ctx, c, func(tx Tx) (visits.Visit, error) {
		caller, visit, err := c.authorizedVisit(tx, token, id)
		if err != nil {
			return visits.Visit{}, err
		}
		return visit, f(tx, caller, visit)
	})
	return err
}

// partner returns the walk-in of an appointment, or the appointment of a walk-in, false for none.
func partner(v View, visit visits.Visit) (visits.Visit, bool) {
	return v.Visits().Get(cmp.Or(visit.WalkInID, visit.AppointmentID))
}

// endVisits stores an ended visit, ends its partner with it, and records an event for each of the two.
func endVisits(tx Tx, ended visits.Visit, now time.Time) error {
	tx.PutVisit(ended)
	if err := recordVisitEvent(tx, visits.EndedEvent, ended, now); err != nil {
		return err
	}
	other, ok := partner(tx, ended)
	if !ok {
		return nil
	}
	other, moved := other.EndWith(ended, now)
	if !moved {
		return nil
	}
	tx.PutVisit(other)
	return recordVisitEvent(tx, visits.EndedEvent, other, now)
}

// VisitChange is a request to change a visit. A nil field keeps the value.
type VisitChange struct {
	Start, End *time.Time // one alone keeps the length of the visit
	Provider   *string    // 0 or empty removes the provider
}

// ChangeVisit moves a visit to another time or provider. No event is sent: VSee publishes one trigger of visit.updated
// alone, the turn to in progress.
func (c *Clinic) ChangeVisit(ctx context.Context, token, id string, r VisitChange) (Visit, error) {
	return update(ctx, c, func(tx Tx) (Visit, error) {
		_, visit, err := c.authorizedVisit(tx, token, id)
		if err != nil {
			return Visit{}, err
		}
		start, end := r.times(visit)
		if !end.After(start) {
			return Visit{}, refuse(Invalid, "slot_end must be after slot_start")
		}
		provider := visit.ProviderID
		if r.Provider != nil {
			if provider, err = providerNamed(tx, *r.Provider); err != nil {
				return Visit{}, err
			}
		}
		moved, err := visit.Move(start, end, provider, c.clock.Now())
		if err != nil {
			return Visit{}, refuse(Invalid, "%s", err)
		}
		if moved.Kind == visits.Scheduled {
			if moved, err = bookBlock(tx, moved); err != nil {
				return Visit{}, err
			}
		}
		tx.PutVisit(moved)
		return detailsOf(tx, moved), nil
	})
}

// times returns the planned times of a visit after the change.
func (r VisitChange) times(visit visits.Visit) (start, end time.Time) {
	length := visit.End.Sub(visit.Start)
	switch {
	case r.Start != nil && r.End != nil:
		return *r.Start, *r.End
	case r.Start != nil:
		return *r.Start, r.Start.Add(length)
	case r.End != nil:
		return r.End.Add(-length), *r.End
	}
	return visit.Start, visit.End
}

// recordVisitEvent records an event about a visit, and stores the visit with it in its history.
func recordVisitEvent(tx Tx, kind string, visit visits.Visit, now time.Time) error {
	event, err := newVisitEvent(tx, kind, visit, now)
	if err == nil {
		event.VisitID = visit.ID
		visit.History = append(slices.Clone(visit.History),
			visits.Past{Event: kind, EventID: event.ID, Status: visit.Status, By: visit.UpdatedBy, At: now})
		tx.PutVisit(visit)
		recordEvent(tx, event, visit.MemberID)
	}
	return err
}

func newVisitEvent(tx Tx, kind string, visit visits.Visit, now time.Time) (outbox.Event, error) {
	event, err := newEvent(tx, kind, now, visit.EventData())
	if err == nil {
		_, event.DataV2, err = visit.MarshalEvent(kind)
	}
	return event, err
}

// visitEventByHand returns an event about the last visit of a user, or about an example, with these fields in its data.
func (c *Clinic) visitEventByHand(tx Tx, kind string, user User, set map[string]any) (outbox.Event, error) {
	now := c.clock.Now()
	visit := visits.Visit{
		ID: "1525", MemberID: user.ID, Status: visits.Pending, Start: now, End: now.Add(visitLength), UpdatedBy: user.ID,
		PostID: "56e8c580-f55c-44a2-868b-66f0ac1f0144",
	}
	for _, one := range tx.Visits().Newest("", tx.Visits().Len()) {
		if one.MemberID == user.ID {
			visit = one
			break
		}
	}
	event, err := newVisitEvent(tx, kind, visit.Forced(kind, now), now)
	if err != nil {
		return event, err
	}
	if event.Data, err = overrideFields(event.Data, set); err != nil {
		return event, err
	}
	event.DataV2, err = overrideFields(event.DataV2, set)
	return event, err
}
