package control

import (
	"context"
	"net/http"
	"strconv"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

// maxPage is how many rows a page may have.
const maxPage = 10_000

// page reads ?limit= and ?after=.
func page(r *http.Request) (clinic.Page, error) {
	p := clinic.Page{Limit: clinic.DefaultLimit, After: r.URL.Query().Get("after")}
	for name := range r.URL.Query() {
		if name != "limit" && name != "after" {
			return p, bad("a list takes the parameters limit and after alone")
		}
	}
	if said := r.URL.Query().Get("limit"); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil || n < 1 || n > maxPage {
			return p, bad("limit must be a whole number from 1 to %d", maxPage)
		}
		p.Limit = n
	}
	return p, nil
}

// rows is a page of a list.
type rows[T any] struct {
	Data []T    `json:"data"`
	Next string `json:"next,omitempty"` // send it as ?after= for the rows that follow
}

// list answers a request for a page: find gets the rows, shape turns one into its JSON, and id names it.
func list[F, T any](
	r *http.Request, find func(context.Context, clinic.Page) ([]F, error), shape func(F) T, id func(F) string,
) (any, error) {
	p, err := page(r)
	if err != nil {
		return nil, err
	}
	more := p
	more.Limit++
	found, err := find(r.Context(), more)
	if err != nil {
		return nil, err
	}
	var reply rows[T]
	if len(found) > p.Limit {
		found = found[:p.Limit]
		reply.Next = id(found[p.Limit-1])
	}
	reply.Data = make([]T, 0, len(found))
	for _, row := range found {
		reply.Data = append(reply.Data, shape(row))
	}
	return reply, nil
}

func (c *Control) listUsers(r *http.Request, one *clinic.Clinic) (any, error) {
	return list(r, one.Users, userOf, func(u clinic.User) string { return u.ID })
}

func (c *Control) listChecks(r *http.Request, one *clinic.Clinic) (any, error) {
	return list(r, one.Checks, checkOf, func(k clinic.Check) string { return k.ID })
}

func (c *Control) listEvents(r *http.Request, one *clinic.Clinic) (any, error) {
	return list(r, one.Events, eventOf, func(e clinic.Event) string { return e.ID })
}

func (c *Control) listDeliveries(r *http.Request, one *clinic.Clinic) (any, error) {
	find := func(_ context.Context, p clinic.Page) ([]journal.Delivery, error) {
		if kept := c.Journal(one); kept != nil {
			return kept.Deliveries(p.After, p.Limit), nil
		}
		return nil, clinic.ErrUnknown
	}
	return list(r, find, deliveryOf, func(d journal.Delivery) string { return d.ID })
}

func (c *Control) listJournal(r *http.Request, one *clinic.Clinic) (any, error) {
	find := func(_ context.Context, p clinic.Page) ([]journal.Exchange, error) {
		if kept := c.Journal(one); kept != nil {
			return kept.Exchanges(p.After, p.Limit), nil
		}
		return nil, clinic.ErrUnknown
	}
	return list(r, find, exchangeOf, func(e journal.Exchange) string { return e.ID })
}
