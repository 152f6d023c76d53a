package clinic

import "context"

// Page is which rows of a list are wanted, newest first.
type Page struct {
	Limit int    // how many at most; 0 for DefaultLimit
	After string // only rows older than the one of this id; empty for all
}

// DefaultLimit is how many rows a page has when it does not say.
const DefaultLimit = 100

// Users returns users of the clinic, newest first.
func (c *Clinic) Users(ctx context.Context, p Page) ([]User, error) {
	return list(ctx, c, p, View.Users)
}

// Checks returns eligibility checks of the clinic, newest first.
func (c *Clinic) Checks(ctx context.Context, p Page) ([]Check, error) {
	return list(ctx, c, p, View.Checks)
}

// Events returns events of the clinic, newest first.
func (c *Clinic) Events(ctx context.Context, p Page) ([]Event, error) {
	return list(ctx, c, p, View.Events)
}

func list[T any](ctx context.Context, c *Clinic, p Page, table func(View) Rows[T]) ([]T, error) {
	if p.Limit == 0 {
		p.Limit = DefaultLimit
	}
	var rows []T
	err := c.store.View(ctx, c.id, func(v View) error {
		rows = table(v).Newest(p.After, p.Limit)
		return nil
	})
	return rows, err
}
