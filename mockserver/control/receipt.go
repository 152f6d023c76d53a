package control

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/cron"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/mockserver/mask"
)

// defaultReceipt is the default number of rows of each kind in a receipt.
const defaultReceipt = 1_000

// receipt is the receipt of a move in the making. It counts the work, and keeps the first rows of each kind.
type receipt struct {
	controlapi.Receipt
	limit int
	mask  *mask.Masker
}

// newReceipt returns an empty receipt with the limit of a request, 0 for the default.
func (c *Control) newReceipt(limit int) (*receipt, error) {
	if limit < 0 || limit > maxPage {
		return nil, badRequest("limit must be a whole number from 1 to %d", maxPage)
	}
	return &receipt{limit: cmp.Or(limit, defaultReceipt), mask: c.Mask, Receipt: controlapi.Receipt{
		Checks: []controlapi.Check{}, Claims: []controlapi.Claim{}, Visits: []controlapi.Visit{},
		Deliveries: []controlapi.Delivery{},
	}}, nil
}

// add adds a finished item of work.
func (r *receipt) add(done cron.Done) {
	n := &r.Counts
	switch {
	case done.Check != nil:
		if n.Checks++; n.Checks <= r.limit {
			r.Checks = append(r.Checks, checkOf(*done.Check))
		}
	case done.Claim != nil:
		if n.Claims++; n.Claims <= r.limit {
			r.Claims = append(r.Claims, claimOf(*done.Claim))
		}
	case done.Visit != nil:
		if n.Visits++; n.Visits <= r.limit {
			r.Visits = append(r.Visits, visitOf(*done.Visit))
		}
	case done.Delivery != nil:
		if n.Deliveries++; n.Deliveries <= r.limit {
			r.Deliveries = append(r.Deliveries, deliveryOf(done.Delivery.Masked(r.mask)))
		}
		if done.Delivery.Reason != "" {
			n.Failed++
		}
	}
}

// reply answers with the receipt of a move. If the mock stopped before the end of the move, the error lists the work
// done by then.
func (r *receipt) reply(one *clinic.Clinic, moved due.Receipt[cron.Done], err error) (any, error) {
	r.From, r.To, r.Frozen = moved.From, moved.To, one.Clock().Frozen()
	if n := r.Counts; max(n.Checks, n.Claims, n.Visits, n.Deliveries) > r.limit {
		r.Note = fmt.Sprintf("the lists have the first %d of each kind: limit asks for up to %d, and GET …/checks, "+
			"…/claims, …/visits and …/deliveries have pages of them", r.limit, maxPage)
	}
	if errors.Is(err, due.ErrStopped) {
		return nil, stoppedError{errStopping, r.Receipt}
	}
	if err != nil {
		return nil, err
	}
	return r.Receipt, nil
}

// errStopping is the refusal of work the mock could not finish before it stops.
var errStopping = problem{http.StatusServiceUnavailable, "the mock is stopping, and the stop time-out ended " +
	"first: raise --stop-timeout"}

// stoppedError is the error of a move broken off because the mock is stopping.
type stoppedError struct {
	problem
	done controlapi.Receipt
}
