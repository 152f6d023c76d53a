package clinic

import (
	"context"
	"errors"
	"time"
)

// WorkKind is a kind of pending work. The kinds are numbered from 0 and do not wait for each other.
type WorkKind int

// The kinds of work.
const (
	FinishWork  WorkKind = iota // a check's answer is due: save it and record its event
	DeliverWork                 // an event is to be sent to the clinic's webhook
	ClaimWork                   // a claim reaches its next stage
	VisitWork                   // a step that a scenario plans for a visit
	WorkKinds   int      = iota // the number of kinds
)

// Work is a step that must happen later in a clinic. It stays pending until it is done, even if the process restarts.
type Work struct {
	ID      uint64 // from 1; never used again in this clinic
	Kind    WorkKind
	Due     time.Time // on the clinic's clock
	Subject string    // the id of the check, event, claim or visit
}

// NextWork returns the pending item of a kind with the earliest due time, false when none is pending. A deleted clinic
// has none.
func (c *Clinic) NextWork(ctx context.Context, kind WorkKind) (Work, bool, error) {
	work, err := view(ctx, c, func(v View) (Work, error) {
		work, _ := v.NextWork(kind)
		return work, nil
	})
	if errors.Is(err, ErrUnknown) {
		err = nil
	}
	return work, work.ID != 0, err
}

// PendingCounts returns the number of pending items of each kind. Waiting events count as deliveries.
func (c *Clinic) PendingCounts(ctx context.Context) ([WorkKinds]int, error) {
	return view(ctx, c, func(v View) ([WorkKinds]int, error) {
		var pending [WorkKinds]int
		for kind := range pending {
			pending[kind] = v.PendingCount(WorkKind(kind))
		}
		pending[DeliverWork] += v.WaitingCount()
		return pending, nil
	})
}
