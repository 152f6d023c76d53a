package store

import (
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// tx is a world while it is changed. It changes the world at once and remembers how to take each change back.
type tx struct {
	*world
	owners *sync.Map
	undo   []func()
}

var _ clinic.Tx = (*tx)(nil)

func (t *tx) rollBack() {
	for i := len(t.undo) - 1; i >= 0; i-- {
		t.undo[i]()
	}
}

func (t *tx) did(undo func()) { t.undo = append(t.undo, undo) }

// PutSettings implements clinic.Tx.
func (t *tx) PutSettings(s clinic.Settings) {
	before := t.settings
	t.settings = s
	t.did(func() { t.settings = before })
}

// PutUser implements clinic.Tx.
func (t *tx) PutUser(u clinic.User) {
	t.did(t.users.put(u.ID, u))
	if _, known := t.codes[u.Code]; !known {
		t.codes[u.Code] = u.ID
		t.did(func() { delete(t.codes, u.Code) })
	}
}

// PutToken implements clinic.Tx.
func (t *tx) PutToken(k clinic.Token) {
	t.did(t.tokens.put(k.Text, k))
	t.owners.Store(k.Text, t.id)
	t.did(func() { t.owners.Delete(k.Text) })
}

// PutCheck implements clinic.Tx.
func (t *tx) PutCheck(c clinic.Check) { t.did(t.checks.put(c.ID, c)) }

// PutClaim implements clinic.Tx.
func (t *tx) PutClaim(c clinic.Claim) { t.did(t.claims.put(c.ID, c)) }

// PutEvent implements clinic.Tx.
func (t *tx) PutEvent(e clinic.Event) { t.did(t.events.put(e.ID, e)) }

// AddWork implements clinic.Tx. The numbers go on after a rollback and after the clinic was emptied, so that none is
// used again.
func (t *tx) AddWork(kind clinic.WorkKind, due time.Time, subject string) uint64 {
	t.lastWork++
	w := clinic.Work{ID: t.lastWork, Kind: kind, Due: due, Subject: subject}
	t.work[kind].add(w)
	t.did(func() { t.work[kind].remove(w.ID) })
	return w.ID
}

// RemoveWork implements clinic.Tx.
func (t *tx) RemoveWork(id uint64) {
	for kind := range t.work {
		if w, ok := t.work[kind].remove(id); ok {
			t.did(func() { t.work[kind].add(w) })
			return
		}
	}
}

// Wait implements clinic.Tx.
func (t *tx) Wait(what, eventID string) {
	before := t.waits[what]
	t.waits[what] = append(before, eventID)
	t.did(func() { t.waits[what] = before })
}

// Unwait implements clinic.Tx.
func (t *tx) Unwait(what, eventID string) {
	before, waits := t.waits[what]
	if !waits {
		return
	}
	after := slices.DeleteFunc(slices.Clone(before), func(id string) bool { return id == eventID })
	if t.waits[what] = after; len(after) == 0 {
		delete(t.waits, what)
	}
	t.did(func() { t.waits[what] = before })
}

// Release implements clinic.Tx.
func (t *tx) Release(what string) []string {
	waiting, some := t.waits[what]
	if some {
		delete(t.waits, what)
		t.did(func() { t.waits[what] = waiting })
	}
	return waiting
}

// Count implements clinic.Tx.
func (t *tx) Count(name string) uint64 {
	t.counts[name]++
	t.did(func() { t.counts[name]-- })
	return t.counts[name]
}

// Clear implements clinic.Tx.
func (t *tx) Clear() {
	before := t.content
	t.content = nothing()
	for token := range before.tokens.rows {
		t.owners.Delete(token)
	}
	t.did(func() {
		t.content = before
		for token := range before.tokens.rows {
			t.owners.Store(token, t.id)
		}
	})
}
