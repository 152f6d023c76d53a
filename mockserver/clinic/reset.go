package clinic

import (
	"context"
	"fmt"
)

// Reset empties the clinic and starts its clock and its counters anew; what it is set up with stays. Nothing of the
// clinic may be running meanwhile: the control API's reset sees to that.
func (c *Clinic) Reset(ctx context.Context) error {
	return c.reset(ctx, func(tx Tx) {
		tx.Clear()
		enrolAdmin(tx, c.clock.Now())
	})
}

// ResetKeepingUsers does as Reset, but every user stays, with their cards, images, credentials and assignments. Their
// tokens, checks, results and claims go.
//
// New ids are none that a user or a file has. They follow from what is kept alone, so that each reset of the same users
// is followed by the same ids.
func (c *Clinic) ResetKeepingUsers(ctx context.Context) error {
	return c.reset(ctx, func(tx Tx) {
		users := tx.Users().Newest("", tx.Users().Len())
		tx.ClearActivity(keptCounters(tx))
		for _, user := range users {
			user.Checked, user.Claims = nil, nil
			user.Responses, user.Ours = User{}.Responses, User{}.Ours
			tx.PutUser(user)
		}
	})
}

// keptCounters returns the counters of a clinic that keeps its users. Tokens begin where no token of users was drawn
// before: each user, and each token that one keeps, leaves four thousand million behind.
func keptCounters(v View) map[string]uint64 {
	kept := map[string]uint64{}
	for _, name := range []string{userCounter, vseeIDCounter, fileCounter, userTokenCounter} {
		kept[name] = v.Counted(name)
	}
	kept[tokenCounter] = (kept[userCounter] + kept[userTokenCounter]) << 32
	return kept
}

// reset changes the clinic by f, with its clock as it was at first.
func (c *Clinic) reset(ctx context.Context, f func(Tx)) error {
	err := c.store.Update(ctx, c.id, func(tx Tx) error {
		first := tx.Settings().Clock
		c.clock.Restart(first.Start, first.Frozen)
		f(tx)
		return nil
	})
	if err != nil {
		return fmt.Errorf("emptying a clinic: %w", err)
	}
	return nil
}
