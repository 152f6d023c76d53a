package store

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// tx is a world during an update. It changes the world at once and remembers how to undo each change.
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
	before, _ := t.users.Get(u.ID)
	t.did(t.users.put(u.ID, u))
	t.reindex(u.ID, before, u)
	if _, known := t.codes[u.Code]; !known {
		t.codes[u.Code] = u.ID
		t.did(func() { delete(t.codes, u.Code) })
	}
}

// reindex updates the index with the user's current names and e-mail address.
func (t *tx) reindex(id string, before, after clinic.User) {
	if before.FirstName == after.FirstName && before.LastName == after.LastName && before.Email == after.Email {
		return
	}
	place := int32(t.users.rows[id].place) //nolint:gosec // a clinic in memory has fewer users
	was, is := textOf(before), textOf(after)
	t.index.replace(place, was, is)
	t.did(func() { t.index.replace(place, is, was) })
}

// PutToken implements clinic.Tx.
func (t *tx) PutToken(k clinic.Token) {
	_, known := t.tokens.Get(k.Text)
	t.did(t.tokens.put(k.Text, k))
	if known {
		return
	}
	t.owners.Store(k.Text, t.id)
	t.did(func() { t.owners.Delete(k.Text) })
	if refresh := k.Refresh.Text; refresh != "" {
		t.refreshes[refresh] = k.Text
		t.did(func() { delete(t.refreshes, refresh) })
	}
}

// PutCheck implements clinic.Tx.
func (t *tx) PutCheck(c clinic.EligibilityCheck) { t.did(t.checks.put(c.ID, c)) }

// PutClaim implements clinic.Tx.
func (t *tx) PutClaim(c clinic.Claim) { t.did(t.claims.put(c.ID, c)) }

// PutEvent implements clinic.Tx.
func (t *tx) PutEvent(e outbox.Event) { t.did(t.events.put(e.ID, e)) }

// PutFile implements clinic.Tx.
func (t *tx) PutFile(f clinic.File) {
	t.RemoveFile(f.ID)
	t.files[f.ID] = f
	t.stored += len(f.Data)
	t.did(func() {
		delete(t.files, f.ID)
		t.stored -= len(f.Data)
	})
}

// RemoveFile implements clinic.Tx.
func (t *tx) RemoveFile(id string) {
	f, ok := t.files[id]
	if !ok {
		return
	}
	delete(t.files, id)
	t.stored -= len(f.Data)
	t.did(func() {
		t.files[id] = f
		t.stored += len(f.Data)
	})
}

// AddWork implements clinic.Tx. The numbers continue after a rollback and after the clinic was emptied, so none is
// used twice.
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

// AddWaiting implements clinic.Tx.
func (t *tx) AddWaiting(what, eventID string) {
	before := t.waits[what]
	t.waits[what] = append(before, eventID)
	t.did(func() { t.waits[what] = before })
}

// RemoveWaiting implements clinic.Tx.
func (t *tx) RemoveWaiting(what, eventID string) {
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

// ReleaseWaiting implements clinic.Tx.
func (t *tx) ReleaseWaiting(what string) []string {
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
func (t *tx) Clear() { t.replace(nothing()) }

// ClearActivity implements clinic.Tx.
func (t *tx) ClearActivity(counters map[string]uint64) {
	after := nothing()
	after.users, after.codes, after.index = t.users, t.codes, t.index
	after.files, after.stored = t.files, t.stored
	maps.Copy(after.counts, counters)
	t.replace(after)
}

// replace replaces all content with other content, which must have no tokens.
func (t *tx) replace(after content) {
	before := t.content
	t.content = after
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
