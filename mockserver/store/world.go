package store

import (
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// world is the complete state of one clinic. It is a clinic.View while its lock is held.
type world struct {
	id       string
	mu       sync.RWMutex
	gone     bool // deleted while another goroutine was waiting for the lock
	settings clinic.Settings
	lastWork uint64
	content
}

// content is the part removed by Clear.
type content struct {
	users  table[clinic.User]
	codes  map[string]string // the caller's code → user id
	index  index
	tokens table[clinic.Token]
	// refreshes maps each refresh token to the text of its access token.
	refreshes map[string]string
	checks    table[clinic.EligibilityCheck]
	claims    table[clinic.Claim]
	events    table[outbox.Event]
	files     map[string]clinic.File
	stored    int // bytes in them
	counts    map[string]uint64
	work      *[clinic.WorkKinds]queue
	waits     map[string][]string // reason to wait → ids of the waiting events
}

var _ clinic.View = (*world)(nil)

func nothing() content {
	return content{
		users:     newTable[clinic.User](),
		codes:     map[string]string{},
		index:     index{},
		tokens:    newTable[clinic.Token](),
		refreshes: map[string]string{},
		checks:    newTable[clinic.EligibilityCheck](),
		claims:    newTable[clinic.Claim](),
		events:    newTable[outbox.Event](),
		files:     map[string]clinic.File{},
		counts:    map[string]uint64{},
		work:      new([clinic.WorkKinds]queue),
		waits:     map[string][]string{},
	}
}

// Settings implements clinic.View.
func (w *world) Settings() clinic.Settings { return w.settings }

// Users implements clinic.View.
func (w *world) Users() clinic.Rows[clinic.User] { return w.users }

// Tokens implements clinic.View.
func (w *world) Tokens() clinic.Rows[clinic.Token] { return w.tokens }

// Checks implements clinic.View.
func (w *world) Checks() clinic.Rows[clinic.EligibilityCheck] { return w.checks }

// Claims implements clinic.View.
func (w *world) Claims() clinic.Rows[clinic.Claim] { return w.claims }

// Events implements clinic.View.
func (w *world) Events() clinic.Rows[outbox.Event] { return w.events }

// File implements clinic.View.
func (w *world) File(id string) (clinic.File, bool) {
	f, ok := w.files[id]
	return f, ok
}

// Stored implements clinic.View.
func (w *world) Stored() int { return w.stored }

// UserByCode implements clinic.View.
func (w *world) UserByCode(code string) (clinic.User, bool) {
	id, ok := w.codes[code]
	if !ok {
		return clinic.User{}, false
	}
	return w.users.Get(id)
}

// TokenByRefresh implements clinic.View.
func (w *world) TokenByRefresh(text string) (clinic.Token, bool) {
	return w.tokens.Get(w.refreshes[text])
}

// NextWork implements clinic.View.
func (w *world) NextWork(kind clinic.WorkKind) (clinic.Work, bool) { return w.work[kind].first() }

// DueWork implements clinic.View.
func (w *world) DueWork(kind clinic.WorkKind, at time.Time, limit int) []clinic.Work {
	return w.work[kind].due(at, limit)
}

// Waits implements clinic.View.
func (w *world) Waits(what string) bool { return len(w.waits[what]) > 0 }

// Waiting implements clinic.View.
func (w *world) Waiting() int {
	n := 0
	for _, ids := range w.waits {
		n += len(ids)
	}
	return n
}

// Counted implements clinic.View.
func (w *world) Counted(name string) uint64 { return w.counts[name] }

// Work implements clinic.View.
func (w *world) Work(id uint64) (clinic.Work, bool) {
	for kind := range w.work {
		if item, ok := w.work[kind].find(id); ok {
			return item, true
		}
	}
	return clinic.Work{}, false
}

// Pending implements clinic.View.
func (w *world) Pending(kind clinic.WorkKind) int { return len(w.work[kind].heap) }
