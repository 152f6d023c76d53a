package control

import (
	"net/http"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/journal"
)

func (c *Control) listDeliveries(r *http.Request, one *clinic.Clinic) (any, error) {
	p, err := page(r)
	if err != nil {
		return nil, err
	}
	found := c.Journal(one.Account()).Deliveries(p.After, p.Limit)
	return list(p, found, deliveryOf, func(d journal.Delivery) string { return d.ID }), nil
}

func (c *Control) listJournal(r *http.Request, one *clinic.Clinic) (any, error) {
	p, err := page(r)
	if err != nil {
		return nil, err
	}
	found := c.Journal(one.Account()).Exchanges(p.After, p.Limit)
	return list(p, found, exchangeOf, func(e journal.Exchange) string { return e.ID }), nil
}
