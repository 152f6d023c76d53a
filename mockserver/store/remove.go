package store

import (
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// removeOldest removes rows of a table, and returns how many.
func removeOldest[T any](t *tx, rows *table[T], n int, goes func(*T) bool) int {
	r := rows.removeOldest(n, goes)
	t.onRollBack(r.undo)
	return len(r.removed)
}

// RemoveOldestChecks implements clinic.Tx.
func (t *tx) RemoveOldestChecks(n int, goes func(*clinic.EligibilityCheck) bool) int {
	return removeOldest(t, t.checks, n, goes)
}

// RemoveOldestClaims implements clinic.Tx.
func (t *tx) RemoveOldestClaims(n int, goes func(*clinic.Claim) bool) int {
	return removeOldest(t, t.claims, n, goes)
}

// RemoveOldestEvents implements clinic.Tx.
func (t *tx) RemoveOldestEvents(n int, goes func(*outbox.Event) bool) int {
	made := removeOldest(t, t.events.made, n, goes)
	unsent, undo := t.events.removeUnsent(n - made)
	t.onRollBack(undo)
	return made + unsent
}

// RemoveOldestIntakes implements clinic.Tx.
func (t *tx) RemoveOldestIntakes(n int, goes func(*visits.Intake) bool) int {
	return removeOldest(t, t.intakes, n, goes)
}

// RemoveOldestVisits implements clinic.Tx.
func (t *tx) RemoveOldestVisits(n int, goes func(*visits.Visit) bool) int {
	return removeOldest(t, t.visits, n, goes)
}

// RemoveOldestBlocks implements clinic.Tx.
func (t *tx) RemoveOldestBlocks(n int, goes func(*visits.Block) bool) int {
	return removeOldest(t, t.blocks, n, goes)
}

// RemoveOldestTallies implements clinic.Tx.
func (t *tx) RemoveOldestTallies(n int) int {
	return removeOldest(t, t.tallies, n, func(*tally) bool { return true })
}

// RemoveOldestTokens implements clinic.Tx.
func (t *tx) RemoveOldestTokens(n int, goes func(*clinic.Token) bool) int {
	r := t.tokens.removeOldest(n, goes)
	for _, k := range r.removed {
		t.memory.tokens.remove(k.Text)
		delete(t.refreshes, k.Refresh.Text)
	}
	t.onRollBack(func() {
		r.undo()
		for _, k := range r.removed {
			t.keepToken(k)
		}
	})
	return len(r.removed)
}

// RemoveOldestUsers implements clinic.Tx.
func (t *tx) RemoveOldestUsers(n int, goes func(*clinic.User) bool) int {
	first, before := t.users.first, t.index
	r := t.users.removeOldest(n, goes)
	if len(r.removed) == 0 {
		return 0
	}
	t.index = before.without(r, first)
	logins := make([]clinic.Moment, len(r.removed))
	for i, user := range r.removed {
		logins[i] = t.logins[user.ID]
		delete(t.codes, user.Code)
		delete(t.logins, user.ID)
	}
	t.onRollBack(func() {
		r.undo()
		t.index = before
		for i, user := range r.removed {
			t.codes[user.Code], t.logins[user.ID] = user.ID, logins[i]
		}
	})
	return len(r.removed)
}
