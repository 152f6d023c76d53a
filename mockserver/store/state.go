package store

import (
	"iter"
	"maps"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// clinicState is the complete state of one clinic. It is a clinic.View while its lock is held.
type clinicState struct {
	id       string
	mu       sync.RWMutex
	gone     bool             // deleted while another goroutine was waiting for the lock
	settings *clinic.Settings // replaced, never changed
	lastWork uint64
	tx       tx // the update, one at a time
	content
}

// content is the part removed by Clear.
type content struct {
	users  *table[clinic.User]
	codes  map[string]string        // the caller's code → user id
	logins map[string]clinic.Moment // user id → the last sign-on or login
	index  index
	tokens *table[clinic.Token]
	// refreshes maps each refresh token to the text of its access token.
	refreshes map[string]string
	checks    *table[clinic.EligibilityCheck]
	claims    *table[clinic.Claim]
	events    *eventTable
	intakes   *table[visits.Intake]
	rooms     *table[visits.Room]
	visits    *table[visits.Visit]
	blocks    *table[visits.Block]
	files     map[string]clinic.File
	stored    int // bytes in them
	counts    map[string]uint64
	tallies   *table[tally]
	work      *[clinic.WorkKinds]queue
	waits     map[string][]string // reason to wait → ids of the waiting events
}

// tally is a counter of a kind with any number of counters.
type tally struct {
	name string
	n    uint64
}

var _ clinic.View = (*clinicState)(nil)

func emptyContent() content {
	return content{
		users:     newTable(func(row *clinic.User) string { return row.ID }),
		codes:     map[string]string{},
		logins:    map[string]clinic.Moment{},
		index:     newIndex(),
		tokens:    newTable(func(row *clinic.Token) string { return row.Text }),
		refreshes: map[string]string{},
		checks:    newTable(func(row *clinic.EligibilityCheck) string { return row.ID }),
		claims:    newTable(func(row *clinic.Claim) string { return row.ID }),
		events:    newEventTable(),
		intakes:   newTable(func(row *visits.Intake) string { return row.ID }),
		rooms:     newTable(func(row *visits.Room) string { return row.Code }),
		visits:    newTable(func(row *visits.Visit) string { return row.ID }),
		blocks:    newTable(func(row *visits.Block) string { return row.ID }),
		files:     map[string]clinic.File{},
		counts:    map[string]uint64{},
		tallies:   newTable(func(row *tally) string { return row.name }),
		work:      newQueues(),
		waits:     map[string][]string{},
	}
}

// Settings implements clinic.View.
func (s *clinicState) Settings() *clinic.Settings { return s.settings }

// Users implements clinic.View.
func (s *clinicState) Users() clinic.Rows[clinic.User] { return s.users }

// Tokens implements clinic.View.
func (s *clinicState) Tokens() clinic.Rows[clinic.Token] { return s.tokens }

// Checks implements clinic.View.
func (s *clinicState) Checks() clinic.Rows[clinic.EligibilityCheck] { return s.checks }

// Claims implements clinic.View.
func (s *clinicState) Claims() clinic.Rows[clinic.Claim] { return s.claims }

// Events implements clinic.View.
func (s *clinicState) Events() clinic.Rows[outbox.Event] { return s.events }

// Intakes implements clinic.View.
func (s *clinicState) Intakes() clinic.Rows[visits.Intake] { return s.intakes }

// Rooms implements clinic.View.
func (s *clinicState) Rooms() clinic.Rows[visits.Room] { return s.rooms }

// Visits implements clinic.View.
func (s *clinicState) Visits() clinic.Rows[visits.Visit] { return s.visits }

// Blocks implements clinic.View.
func (s *clinicState) Blocks() clinic.Rows[visits.Block] { return s.blocks }

// File implements clinic.View.
func (s *clinicState) File(id string) (clinic.File, bool) {
	f, ok := s.files[id]
	return f, ok
}

// Files implements clinic.View.
func (s *clinicState) Files() iter.Seq[clinic.File] { return maps.Values(s.files) }

// FileCount implements clinic.View.
func (s *clinicState) FileCount() int { return len(s.files) }

// FileBytes implements clinic.View.
func (s *clinicState) FileBytes() int { return s.stored }

// UserByCode implements clinic.View.
func (s *clinicState) UserByCode(code string) (*clinic.User, bool) {
	user := s.users.Shared(s.codes[code])
	return user, user != nil
}

// LastLogin implements clinic.View.
func (s *clinicState) LastLogin(userID string) clinic.Moment { return s.logins[userID] }

// TokenByRefresh implements clinic.View.
func (s *clinicState) TokenByRefresh(text string) (clinic.Token, bool) {
	return s.tokens.Get(s.refreshes[text])
}

// NextWork implements clinic.View.
func (s *clinicState) NextWork(kind clinic.WorkKind) (clinic.Work, bool) { return s.work[kind].first() }

// DueWork implements clinic.View.
func (s *clinicState) DueWork(kind clinic.WorkKind, at time.Time, limit int) []clinic.Work {
	return s.work[kind].due(at, limit)
}

// HasWaiting implements clinic.View.
func (s *clinicState) HasWaiting(reason string) bool { return len(s.waits[reason]) > 0 }

// WaitingCount implements clinic.View.
func (s *clinicState) WaitingCount() int {
	n := 0
	for _, ids := range s.waits {
		n += len(ids)
	}
	return n
}

// Counter implements clinic.View.
func (s *clinicState) Counter(name string) uint64 { return s.counts[name] }

// Sizes implements clinic.View.
func (s *clinicState) Sizes() clinic.Sizes {
	return clinic.Sizes{
		Users: s.users.Len(), Tokens: s.tokens.Len(),
		Checks: s.checks.Len() - s.PendingCount(clinic.FinishWork),
		Claims: s.claims.Len() - s.PendingCount(clinic.ClaimWork),
		Events: s.events.Len() - s.PendingCount(clinic.DeliverWork), Intakes: s.intakes.Len(), Visits: s.visits.Len(),
		Blocks: s.blocks.Len(), Tallies: s.tallies.Len(),
	}
}

// IsPending implements clinic.View.
func (s *clinicState) IsPending(w clinic.Work) bool {
	wanted := itemOf(w)
	return s.work[w.Kind].find(&wanted, 0) >= 0
}

// PendingCount implements clinic.View.
func (s *clinicState) PendingCount(kind clinic.WorkKind) int { return len(s.work[kind].items) }
