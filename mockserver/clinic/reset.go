package clinic

import (
	"context"
	"fmt"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clock"
)

// Reset empties the clinic, creates its admin again, and restarts its clock and counters. The settings stay. No other
// call on the clinic may run at the same time: the control API's reset ensures this.
func (c *Clinic) Reset(ctx context.Context) error {
	return c.resetBy(ctx, func(tx Tx, now time.Time) {
		tx.Clear()
		createAdmin(tx, now)
		createFirstRoom(tx, now)
	})
}

// ResetKeepingUsers restarts the clock but keeps the rooms and every user, with cards, images, credentials and
// assignments. It removes the users' tokens, checks, results, claims, intakes and visits. The counters for the ids of
// users, files and rooms keep their values.
//
// New ids never equal those of a user or a file. They depend only on the kept data, so each reset of the same users
// leads to the same ids.
func (c *Clinic) ResetKeepingUsers(ctx context.Context) error {
	return c.resetBy(ctx, func(tx Tx, _ time.Time) {
		users := tx.Users().Newest("", tx.Users().Len())
		tx.ClearActivity(keptCounters(tx))
		for _, user := range users {
			user.LastChecks, user.Claims = nil, nil
			user.Responses, user.Ours = User{}.Responses, User{}.Ours
			tx.PutUser(&user)
		}
	})
}

// keptCounters returns the counters for a reset that keeps the users. The token counter starts above every earlier
// token: each user and each permanent token raises the start by 1<<32.
func keptCounters(v View) map[string]uint64 {
	kept := map[string]uint64{}
	for _, name := range []string{
		userCounter, vseeIDCounter, fileCounter, userTokenCounter, roomCounter, roomCodeCounter,
	} {
		kept[name] = v.Counter(name)
	}
	kept[tokenCounter] = (kept[userCounter] + kept[userTokenCounter]) << 32
	return kept
}

// resetBy calls f in a transaction, with the time at which the clinic's clock starts. It restarts the clock after the
// commit.
func (c *Clinic) resetBy(ctx context.Context, f func(tx Tx, now time.Time)) error {
	first, err := update(ctx, c, func(tx Tx) (ClockSettings, error) {
		first := tx.Settings().Clock
		f(tx, clock.New(first.Start, first.Frozen).Now())
		return first, nil
	})
	if err != nil {
		return fmt.Errorf("emptying a clinic: %w", err)
	}
	c.clock.Restart(first.Start, first.Frozen)
	return nil
}
