package clinic

import (
	"context"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// Page selects the rows of one page of a list, newest first.
type Page struct {
	Limit int    // the maximum number of rows; 0 for DefaultLimit
	After string // only rows older than the row with this id, which must exist; empty for all
}

// DefaultLimit is the maximum number of rows of a page without a limit.
const DefaultLimit = 100

// Users returns users of the clinic, newest first.
func (c *Clinic) Users(ctx context.Context, p Page) ([]User, error) {
	return listPage(ctx, c, p, View.Users)
}

// UserByID returns a user. It returns an Error when the clinic has none of this id.
func (c *Clinic) UserByID(ctx context.Context, id string) (User, error) {
	return getRow(ctx, c, id, View.Users, refuse(NotFound, "the clinic has no user with this id"))
}

// EligibilityChecks returns eligibility checks of the clinic, newest first.
func (c *Clinic) EligibilityChecks(ctx context.Context, p Page) ([]EligibilityCheck, error) {
	return listPage(ctx, c, p, View.Checks)
}

// Events returns events of the clinic, newest first.
func (c *Clinic) Events(ctx context.Context, p Page) ([]outbox.Event, error) {
	return listPage(ctx, c, p, View.Events)
}

// EligibilityCheck returns an eligibility check. It returns an Error when the clinic has none of this id.
func (c *Clinic) EligibilityCheck(ctx context.Context, id string) (EligibilityCheck, error) {
	return getRow(ctx, c, id, View.Checks, refuse(NotFound, "the clinic has no check with this id"))
}

// Event returns an event. It returns an Error when the clinic has none of this id.
func (c *Clinic) Event(ctx context.Context, id string) (outbox.Event, error) {
	return getRow(ctx, c, id, View.Events, errNoEvent)
}

func getRow[T any](ctx context.Context, c *Clinic, id string, table func(View) Rows[T], missing error) (T, error) {
	return view(ctx, c, func(v View) (T, error) {
		row, ok := table(v).Get(id)
		if !ok {
			return row, missing
		}
		return row, nil
	})
}

func listPage[T any](ctx context.Context, c *Clinic, p Page, table func(View) Rows[T]) ([]T, error) {
	if p.Limit == 0 {
		p.Limit = DefaultLimit
	}
	return view(ctx, c, func(v View) ([]T, error) {
		rows := table(v)
		if _, ok := rows.Get(p.After); p.After != "" && !ok {
			return nil, refuse(Invalid, "after must be the id of a row of this list: next of the page before")
		}
		return rows.Newest(p.After, p.Limit), nil
	})
}
