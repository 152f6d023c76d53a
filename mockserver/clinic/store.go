package clinic

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// Store keeps the clinics. For each clinic it keeps the settings, users, tokens, checks, claims, events, files, pending
// work and counters. Its arguments and results are values; a map or a slice in them must not change afterwards.
//
// The store gives each clinic an id and never reuses it. Another clinic may get the account code of a deleted one, and
// code with the old id must not reach the new clinic.
type Store interface {
	// Create makes an empty clinic and returns its id, or ErrExists when the admin token is another clinic's.
	Create(ctx context.Context, settings Settings) (id string, err error)
	// Delete removes a clinic and all of its data.
	Delete(ctx context.Context, id string) error
	// ClinicOfToken returns the id of the clinic of a token, including an admin token.
	ClinicOfToken(ctx context.Context, token string) (id string, err error)
	// ClinicOfFile returns the id of the clinic with a file.
	ClinicOfFile(ctx context.Context, file string) (id string, err error)
	// View calls f with a clinic as it is; nothing changes while f runs.
	View(ctx context.Context, id string, f func(View) error) error
	// Update calls f with a clinic that f may change. All changes take effect, or none if f or the store fails. It may
	// call f more than once: only the changes of the last call take effect. So f must change nothing but the Tx, and
	// its result must depend only on its reads through the Tx.
	Update(ctx context.Context, id string, f func(Tx) error) error
}

// The errors of a Store.
var (
	ErrUnknown = errors.New("there is no such clinic")
	ErrExists  = errors.New("the admin token belongs to another clinic")
)

// View is a consistent, read-only view of one clinic. Reads return no errors: a store remembers the first error and
// returns nothing from later reads. View or Update then returns that error, regardless of the result of f. So f must
// expect any row to be missing.
type View interface {
	// Settings returns the settings; they must not be changed. A store reads them before it calls f, so they are always
	// present.
	Settings() *Settings
	Users() Rows[User]
	Tokens() Rows[Token]
	Checks() Rows[EligibilityCheck]
	Claims() Rows[Claim]
	Events() Rows[outbox.Event]
	Intakes() Rows[visits.Intake]
	// Rooms returns the rooms by their codes.
	Rooms() Rows[visits.Room]
	Visits() Rows[visits.Visit]
	Blocks() Rows[visits.Block]
	// File returns a file of the clinic.
	File(id string) (File, bool)
	// Files returns all files, in any order.
	Files() iter.Seq[File]
	// FileCount returns the number of the clinic's files.
	FileCount() int
	// FileBytes returns the total size of the clinic's files.
	FileBytes() int
	// UserByCode returns the user with the caller's own code, who must not be changed; no user matches an empty code.
	UserByCode(code string) (*User, bool)
	// LastLogin returns the time of a user's last sign-on or login; 0 for none.
	LastLogin(userID string) Moment
	// TokenByRefresh returns the token issued with a refresh token; no token matches an empty one.
	TokenByRefresh(text string) (Token, bool)
	// FindUsers returns the users with one mark of each filter. With texts, they include each of these users with one of
	// the texts in the full name or e-mail address, regardless of case, and may include others of them.
	FindUsers(filters [][]Mark, texts []string) UserList
	// NextWork returns the pending item of a kind with the earliest due time; of two equal ones, the one added first.
	NextWork(kind WorkKind) (Work, bool)
	// DueWork returns up to limit pending items of a kind due at a time, in the order of NextWork.
	DueWork(kind WorkKind, at time.Time, limit int) []Work
	// IsPending reports whether an item is pending.
	IsPending(Work) bool
	// PendingCount returns the number of pending items of a kind.
	PendingCount(kind WorkKind) int
	// HasWaiting reports whether an event waits for a reason.
	HasWaiting(reason string) bool
	// WaitingCount returns the number of waiting events.
	WaitingCount() int
	// Counter returns the value of a counter, without adding to it: 0 before the first time.
	Counter(name string) uint64
	// Sizes returns the numbers of rows.
	Sizes() Sizes
}

// Sizes are the numbers of rows of a clinic. Those of checks, claims and events leave out the pending ones.
type Sizes struct{ Users, Tokens, Checks, Claims, Events, Intakes, Visits, Blocks, Tallies int }

// Rows is a table of a View.
type Rows[T any] interface {
	Get(id string) (T, bool)
	// Shared returns the row itself, which must not be changed; nil when there is none. A row never changes: a new one
	// takes its place.
	Shared(id string) *T
	// Len returns the number of rows.
	Len() int
	// Oldest returns the row that was added first, which must not be changed; nil when there is none.
	Oldest() *T
	// All returns the rows themselves, the one added first comes first. They must not be changed.
	All() iter.Seq[*T]
	// Newest returns up to limit rows, the one added last first, from the one added before the row `after`; from the
	// newest when after is empty. It returns none when there is no such row.
	Newest(after string, limit int) []T
}

// Tx is one clinic while it is changed.
type Tx interface {
	View
	// PutSettings replaces the settings. The account code and the admin token never change.
	PutSettings(Settings)
	// PutUser keeps the user as the row: it must not be changed afterwards.
	PutUser(*User)
	PutLastLogin(userID string, at Moment)
	PutToken(Token)
	// PutCheck keeps the check as the row: it must not be changed afterwards.
	PutCheck(*EligibilityCheck)
	// PutUnsent keeps ended checks as the rows of checks that are there already, and their UnsentEvents as new rows.
	// The store may make these events when they are read.
	PutUnsent(ended []*EligibilityCheck)
	PutClaim(Claim)
	PutEvent(outbox.Event)
	PutIntake(visits.Intake)
	PutRoom(visits.Room)
	PutVisit(visits.Visit)
	PutBlock(visits.Block)
	PutFile(File)
	// RemoveFile removes a file. A missing file or an empty id changes nothing.
	RemoveFile(id string)
	// AddWork adds an item under a new id, and returns the id. It is never 0, and never the id of an earlier item.
	AddWork(kind WorkKind, due time.Time, subject string) uint64
	// RemoveWork removes an item; one that is not pending changes nothing.
	RemoveWork(Work)
	// TakeWork removes the items due by a time, in the order of NextWork and up to a limit, and returns them.
	TakeWork(kind WorkKind, by time.Time, limit int) []Work
	// AddWaiting makes an event wait for a reason, behind the events already waiting for it.
	AddWaiting(reason, eventID string)
	// RemoveWaiting removes an event from those waiting for a reason.
	RemoveWaiting(reason, eventID string)
	// ReleaseWaiting returns the events waiting for a reason, in order, and clears the list.
	ReleaseWaiting(reason string) []string
	// NextCount adds one to a counter of the clinic and returns it: 1 the first time.
	NextCount(name string) uint64
	// NextCounts does the same n times, and returns the first result.
	NextCounts(name string, n int) uint64
	// Tally does the same for one of any number of counters.
	Tally(name string) uint64
	// RemoveOldestChecks and the others remove up to n of the rows accepted by goes, the one added first comes first.
	// They return the number of removed rows. Nothing else changes: a reference to a removed row leads nowhere. Events
	// of PutUnsent may go without a call of goes.
	RemoveOldestChecks(n int, goes func(*EligibilityCheck) bool) int
	RemoveOldestClaims(n int, goes func(*Claim) bool) int
	RemoveOldestEvents(n int, goes func(*outbox.Event) bool) int
	RemoveOldestIntakes(n int, goes func(*visits.Intake) bool) int
	RemoveOldestVisits(n int, goes func(*visits.Visit) bool) int
	RemoveOldestBlocks(n int, goes func(*visits.Block) bool) int
	RemoveOldestUsers(n int, goes func(*User) bool) int
	RemoveOldestTokens(n int, goes func(*Token) bool) int
	RemoveOldestTallies(n int) int
	// Clear removes all of the clinic but its settings. Counters start anew; ids of work are not used again.
	Clear()
	// ClearActivity removes tokens, checks, claims, visits, intakes, blocks, events, pending work, and the list of
	// waiting events. Settings, users, rooms and files stay. The given counters take the given values, the others
	// restart; ids of work are not used again.
	ClearActivity(counters map[string]uint64)
}

// view returns the result of f on a read-only view of the clinic; the zero value with an error. A store may call f more
// than once: only the last call counts, so f must not set variables outside.
func view[T any](ctx context.Context, c *Clinic, f func(View) (T, error)) (T, error) {
	var result, none T
	err := c.store.View(ctx, c.id, func(v View) (err error) {
		result, err = f(v)
		return err
	})
	if err != nil {
		return none, err
	}
	return result, nil
}

// update returns the result of f likewise, and f may change the clinic. What the clinic no longer keeps goes with it.
func update[T any](ctx context.Context, c *Clinic, f func(Tx) (T, error)) (T, error) {
	var result, none T
	err := c.store.Update(ctx, c.id, func(tx Tx) (err error) {
		before := tx.Sizes()
		if result, err = f(tx); err == nil {
			c.prune(tx, before)
		}
		return err
	})
	if err != nil {
		return none, err
	}
	return result, nil
}

// updateAndWake is update for a change that may create work.
func updateAndWake[T any](ctx context.Context, c *Clinic, f func(Tx) (T, error)) (T, error) {
	result, err := update(ctx, c, f)
	if err == nil {
		c.wake()
	}
	return result, err
}
