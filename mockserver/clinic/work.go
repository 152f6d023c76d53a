package clinic

import (
	"context"
	"errors"
	"sync"
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
	l := looks.Get().(*look)
	defer looks.Put(l)
	l.kind, l.work = kind, Work{}
	switch err := c.store.View(ctx, c.id, l.read); {
	case errors.Is(err, ErrUnknown):
		return Work{}, false, nil
	case err != nil:
		return Work{}, false, err
	}
	return l.work, l.work.ID != 0, nil
}

// look is a reading of the next item. It is used again, because the loop looks for each item.
type look struct {
	kind WorkKind
	work Work
	read func(View) error
}

var looks = sync.Pool{New: func() any {
	l := &look{}
	l.read = func(v View) error {
		l.work, _ = v.NextWork(l.kind)
		return nil
	}
	return l
}}

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
