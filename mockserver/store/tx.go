package store

import (
	"maps"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// tx is the state of a clinic during an update. It changes the state at once and remembers how to undo each change.
type tx struct {
	*clinicState
	memory *Memory
	undo   []undo // its space is that of the update before
}

// undo undoes one change: it calls f or, without one, takes n from a counter.
type undo struct {
	f       func()
	counter string
	n       uint64
}

var _ clinic.Tx = (*tx)(nil)

func (t *tx) rollBack() {
	for _, one := range slices.Backward(t.undo) {
		if one.f == nil {
			t.counts[one.counter] -= one.n
			continue
		}
		one.f()
	}
}

func (t *tx) onRollBack(f func()) { t.undo = append(t.undo, undo{f: f}) }

// PutSettings implements clinic.Tx.
func (t *tx) PutSettings(s clinic.Settings) {
	before := t.settings
	t.settings = &s
	t.onRollBack(func() { t.settings = before })
}

// PutUser implements clinic.Tx.
func (t *tx) PutUser(u *clinic.User) {
	before := t.users.Shared(u.ID)
	t.onRollBack(t.users.put(u))
	if before == nil {
		before = &clinic.User{}
	}
	if place := t.placeOf(u.ID); t.index.update(place, before, u) {
		t.onRollBack(func() { t.index.update(place, u, before) })
	}
	if _, known := t.codes[u.Code]; !known {
		t.codes[u.Code] = u.ID
		t.onRollBack(func() { delete(t.codes, u.Code) })
	}
}

// PutLastLogin implements clinic.Tx.
func (t *tx) PutLastLogin(userID string, at clinic.Moment) {
	before, some := t.logins[userID]
	t.logins[userID] = at
	t.onRollBack(func() {
		if t.logins[userID] = before; !some {
			delete(t.logins, userID)
		}
	})
}

// PutToken implements clinic.Tx.
func (t *tx) PutToken(k clinic.Token) {
	known := t.tokens.Shared(k.Text) != nil
	unput := t.tokens.put(&k)
	if known {
		t.onRollBack(unput)
		return
	}
	t.keepToken(&k)
	t.onRollBack(func() {
		unput()
		t.memory.tokens.remove(k.Text)
		delete(t.refreshes, k.Refresh.Text)
	})
}

// keepToken makes a token lead to the clinic, and its refresh token to it.
func (t *tx) keepToken(k *clinic.Token) {
	t.memory.tokens.put(k.Text, t.id)
	if k.Refresh.Text != "" {
		t.refreshes[k.Refresh.Text] = k.Text
	}
}

// PutCheck implements clinic.Tx.
func (t *tx) PutCheck(c *clinic.EligibilityCheck) { t.onRollBack(t.checks.put(c)) }

// PutUnsent implements clinic.Tx.
func (t *tx) PutUnsent(ended []*clinic.EligibilityCheck) {
	before := t.checks.replace(ended)
	unput := t.events.putUnsent(ended)
	t.onRollBack(func() {
		unput()
		t.checks.replace(before)
	})
}

// PutClaim implements clinic.Tx.
func (t *tx) PutClaim(c clinic.Claim) { t.onRollBack(t.claims.put(&c)) }

// PutIntake implements clinic.Tx.
func (t *tx) PutIntake(i visits.Intake) { t.onRollBack(t.intakes.put(&i)) }

// PutRoom implements clinic.Tx.
func (t *tx) PutRoom(r visits.Room) { t.onRollBack(t.rooms.put(&r)) }

// PutVisit implements clinic.Tx.
func (t *tx) PutVisit(v visits.Visit) { t.onRollBack(t.visits.put(&v)) }

// PutBlock implements clinic.Tx.
func (t *tx) PutBlock(b visits.Block) { t.onRollBack(t.blocks.put(&b)) }

// PutEvent implements clinic.Tx.
func (t *tx) PutEvent(e outbox.Event) { t.onRollBack(t.events.all().put(&e)) }

// PutFile implements clinic.Tx.
func (t *tx) PutFile(f clinic.File) {
	t.RemoveFile(f.ID)
	t.addFile(f)
	t.onRollBack(func() { t.dropFile(f) })
}

// RemoveFile implements clinic.Tx.
func (t *tx) RemoveFile(id string) {
	f, ok := t.files[id]
	if !ok {
		return
	}
	t.dropFile(f)
	t.onRollBack(func() { t.addFile(f) })
}

func (t *tx) addFile(f clinic.File) {
	t.files[f.ID] = f
	t.stored += len(f.Data)
	t.memory.files.put(f.ID, t.id)
}

func (t *tx) dropFile(f clinic.File) {
	delete(t.files, f.ID)
	t.stored -= len(f.Data)
	t.memory.files.remove(f.ID)
}

// AddWork implements clinic.Tx. The numbers continue after a rollback and after the clinic was emptied, so none is
// used twice.
func (t *tx) AddWork(kind clinic.WorkKind, due time.Time, subject string) uint64 {
	t.lastWork++
	w := clinic.Work{ID: t.lastWork, Kind: kind, Due: due, Subject: subject}
	t.work[kind].add(w)
	t.onRollBack(func() { t.work[kind].remove(w) })
	return w.ID
}

// TakeWork implements clinic.Tx.
func (t *tx) TakeWork(kind clinic.WorkKind, by time.Time, limit int) []clinic.Work {
	taken := t.work[kind].take(by, limit)
	t.onRollBack(func() {
		for _, w := range taken {
			t.work[kind].add(w)
		}
	})
	return taken
}

// RemoveWork implements clinic.Tx.
func (t *tx) RemoveWork(w clinic.Work) {
	if w, ok := t.work[w.Kind].remove(w); ok {
		t.onRollBack(func() { t.work[w.Kind].add(w) })
	}
}

// AddWaiting implements clinic.Tx.
func (t *tx) AddWaiting(reason, eventID string) {
	before := t.waits[reason]
	t.waits[reason] = append(before, eventID)
	t.onRollBack(func() { t.waits[reason] = before })
}

// RemoveWaiting implements clinic.Tx.
func (t *tx) RemoveWaiting(reason, eventID string) {
	before, waits := t.waits[reason]
	if !waits {
		return
	}
	after := slices.DeleteFunc(slices.Clone(before), func(id string) bool { return id == eventID })
	if t.waits[reason] = after; len(after) == 0 {
		delete(t.waits, reason)
	}
	t.onRollBack(func() { t.waits[reason] = before })
}

// ReleaseWaiting implements clinic.Tx.
func (t *tx) ReleaseWaiting(reason string) []string {
	waiting, some := t.waits[reason]
	if some {
		delete(t.waits, reason)
		t.onRollBack(func() { t.waits[reason] = waiting })
	}
	return waiting
}

// NextCount implements clinic.Tx.
func (t *tx) NextCount(name string) uint64 { return t.NextCounts(name, 1) }

// NextCounts implements clinic.Tx.
func (t *tx) NextCounts(name string, n int) uint64 {
	more := uint64(n) //nolint:gosec // a number of counts
	t.undo = append(t.undo, undo{counter: name, n: more})
	before := t.counts[name]
	t.counts[name] = before + more
	return before + 1
}

// Tally implements clinic.Tx.
func (t *tx) Tally(name string) uint64 {
	next := tally{name, 1}
	if before := t.tallies.Shared(name); before != nil {
		next.n += before.n
	}
	t.onRollBack(t.tallies.put(&next))
	return next.n
}

// Clear implements clinic.Tx.
func (t *tx) Clear() { t.replace(emptyContent()) }

// ClearActivity implements clinic.Tx.
func (t *tx) ClearActivity(counters map[string]uint64) {
	after := emptyContent()
	after.users, after.codes, after.index, after.logins = t.users, t.codes, t.index, t.logins
	after.files, after.stored, after.rooms = t.files, t.stored, t.rooms
	maps.Copy(after.counts, counters)
	t.replace(after)
}

// replace replaces all content with other content, which must have no tokens.
func (t *tx) replace(after content) {
	before := t.content
	t.content = after
	t.disown(before)
	t.own(after)
	t.onRollBack(func() {
		t.disown(t.content)
		t.content = before
		t.own(before)
	})
}

// own makes the tokens and files of a content lead to the clinic.
func (t *tx) own(c content) {
	for token := range c.tokens.places {
		t.memory.tokens.put(token, t.id)
	}
	for file := range c.files {
		t.memory.files.put(file, t.id)
	}
}

func (t *tx) disown(c content) {
	for token := range c.tokens.places {
		t.memory.tokens.remove(token)
	}
	for file := range c.files {
		t.memory.files.remove(file)
	}
}
