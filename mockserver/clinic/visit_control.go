package clinic

import (
	"context"
	"slices"

	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// The steps below are buttons of VSee's portal. VSee publishes no call for them (ours).

// visitChange changes a visit. It also returns the type of the event to record, "" for none.
type visitChange func(Tx, visits.Visit) (visits.Visit, string, error)

// changeVisit stores the visit changed by f, and returns it.
func (c *Clinic) changeVisit(ctx context.Context, id string, f visitChange) (visits.Visit, error) {
	return updateAndWake(ctx, c, func(tx Tx) (visits.Visit, error) {
		visit, ok := tx.Visits().Get(id)
		if !ok {
			return visit, errNoVisit
		}
		return c.storeChange(tx, visit, f)
	})
}

func (c *Clinic) storeChange(tx Tx, visit visits.Visit, f visitChange) (visits.Visit, error) {
	visit, event, err := f(tx, visit)
	if err != nil {
		return visit, err
	}
	tx.PutVisit(visit)
	if event != "" {
		err = recordVisitEvent(tx, event, visit, c.clock.Now())
	}
	return visit, err
}

// SetNote sets the status of a visit's note. A signed note counts as sent, and has an event.
func (c *Clinic) SetNote(ctx context.Context, id string, status visits.NoteStatus) (visits.Visit, error) {
	return c.changeVisit(ctx, id, c.setNote(status))
}

func (c *Clinic) setNote(status visits.NoteStatus) visitChange {
	return func(_ Tx, visit visits.Visit) (visits.Visit, string, error) {
		if !slices.Contains(visits.NoteStatuses(), string(status)) {
			return visit, "", refuse(Invalid, "status must be new, draft or signed")
		}
		visit.Note, visit.Modified = status, c.clock.Now()
		if status != visits.SignedNote {
			return visit, "", nil
		}
		return visit, visits.NoteEvent, nil
	}
}

// InvoiceChange sets fields of a visit's invoice. A nil field keeps its value. Amounts are in cents.
type InvoiceChange struct {
	Status    *string
	Due, Paid *int64
}

// SetInvoice changes a visit's invoice, or makes one. Each change has an event.
func (c *Clinic) SetInvoice(ctx context.Context, id string, r InvoiceChange) (visits.Visit, error) {
	return c.changeVisit(ctx, id, c.setInvoice(r))
}

func (c *Clinic) setInvoice(r InvoiceChange) visitChange {
	return func(tx Tx, visit visits.Visit) (visits.Visit, string, error) {
		invoice := c.invoiceOf(tx, visit)
		invoice.Status = valueOr(r.Status, invoice.Status)
		invoice.Due, invoice.Paid = valueOr(r.Due, invoice.Due), valueOr(r.Paid, invoice.Paid)
		switch {
		case !slices.Contains(visits.InvoiceStatuses(), invoice.Status):
			return visit, "", refuse(Invalid, "status must be the status of an invoice, such as pending or paid")
		case invoice.Due < 0 || invoice.Paid < 0:
			return visit, "", refuse(Invalid, "amount_due and amount_paid must be cents, 0 or more")
		}
		invoice.Modified = c.clock.Now()
		visit.Invoice, visit.Modified = &invoice, invoice.Modified
		return visit, visits.InvoiceEvent, nil
	}
}

// invoiceOf returns the visit's invoice, or a new one.
func (c *Clinic) invoiceOf(tx Tx, visit visits.Visit) visits.Invoice {
	if visit.Invoice == nil {
		return *newInvoice(tx, c.clock.Now())
	}
	return *visit.Invoice
}

// RefundVisit refunds a completed or cancelled visit, and its invoice.
func (c *Clinic) RefundVisit(ctx context.Context, id string) (visits.Visit, error) {
	return c.changeVisit(ctx, id, c.refund)
}

func (c *Clinic) refund(tx Tx, visit visits.Visit) (visits.Visit, string, error) {
	invoice := c.invoiceOf(tx, visit)
	visit.Invoice = &invoice
	visit, err := visit.Refund(adminID, c.clock.Now())
	if err != nil {
		return visit, "", refuse(Invalid, "%s", err)
	}
	return visit, visits.InvoiceEvent, nil
}

// AcceptEConsult gives an e-consult the provider who accepts it.
func (c *Clinic) AcceptEConsult(ctx context.Context, id, provider string) (visits.Visit, error) {
	return c.changeVisit(ctx, id, func(tx Tx, visit visits.Visit) (visits.Visit, string, error) {
		provider, err := requireProvider(tx, provider)
		if err != nil {
			return visit, "", err
		}
		if visit, err = visit.Accept(provider, c.clock.Now()); err != nil {
			return visit, "", refuse(Invalid, "%s", err)
		}
		return visit, "", nil
	})
}

func requireProvider(v View, id string) (string, error) {
	provider, err := providerNamed(v, id)
	if err == nil && provider == "" {
		err = refuse(Invalid, "provider_id is required: the id of a provider of this clinic")
	}
	return provider, err
}

// PickUpVisit starts a visit as its provider does. A visit without a provider gets the given one.
func (c *Clinic) PickUpVisit(ctx context.Context, id, provider string) (visits.Visit, error) {
	return c.stepByProvider(ctx, id, provider, func(tx Tx, visit visits.Visit, by string) error {
		return c.start(tx, visit, by, nil)
	})
}

// CancelVisit cancels a visit as its provider does, or the admin for a visit without a provider.
func (c *Clinic) CancelVisit(ctx context.Context, id, provider string) (visits.Visit, error) {
	return c.stepByProvider(ctx, id, provider, func(tx Tx, visit visits.Visit, by string) error {
		return c.cancel(tx, visit, by)
	})
}

// stepByProvider calls f with a visit and the user behind the step, and returns the visit after it.
func (c *Clinic) stepByProvider(
	ctx context.Context, id, named string, f func(tx Tx, visit visits.Visit, by string) error,
) (visits.Visit, error) {
	return updateAndWake(ctx, c, func(tx Tx) (visits.Visit, error) {
		visit, ok := tx.Visits().Get(id)
		if !ok {
			return visit, errNoVisit
		}
		provider, err := providerNamed(tx, named)
		if err != nil {
			return visit, err
		}
		if provider != "" && visit.HasProvider() && provider != visit.ProviderID {
			return visit, refuse(Invalid, "provider_id is not the provider of this visit: leave it out")
		}
		if provider != "" {
			visit.ProviderID = provider
		}
		if err := f(tx, visit, providerOrAdmin(visit)); err != nil {
			return visit, err
		}
		visit, _ = tx.Visits().Get(id)
		return visit, nil
	})
}
