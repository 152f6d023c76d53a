package clinic

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// FinishChecks ends the checks of the FinishWork items that are due by a time, up to a limit, in due order: it saves
// each text on the user's card, records the event, and makes its delivery due. It does not save the text if the card's
// policy or person has changed meanwhile (ours). It returns the checks, which must not be changed.
func (c *Clinic) FinishChecks(ctx context.Context, by time.Time, limit int) ([]*EligibilityCheck, error) {
	ending, err := update(ctx, c, func(tx Tx) (finishing, error) {
		f := finishing{now: c.clock.Now(), outbox: outboxView{tx}}
		items := tx.TakeWork(FinishWork, by, limit)
		rows := make([]EligibilityCheck, len(items)) // in one piece, for there are many
		for i, work := range items {
			if check := tx.Checks().Shared(work.Subject); check != nil {
				rows[i] = *check
				f.finish(tx, &rows[i])
			}
		}
		f.store(tx)
		for _, user := range f.users {
			if user.after != nil {
				tx.PutUser(user.after)
			}
		}
		return f, nil
	})
	if ending.recorded {
		c.wake()
	}
	return ending.ended, err
}

// finishing is the end of several checks in one update.
type finishing struct {
	now      time.Time
	outbox   outbox.View
	ended    []*EligibilityCheck
	stored   int // how many of them are in the store
	users    []changedUser
	places   map[string]int // of the users in the slice by their ids, when there are more than few
	recorded bool           // an event is not one of an UnsentEvent
}

// changedUser is a row of a user, and the row that takes its place at the end; nil for none.
type changedUser struct {
	id            string
	before, after *User
}

// few is the number of users that are found without a map: most clinics have few checks due at once.
const few = 8

// user returns the row of a user.
func (f *finishing) user(tx Tx, id string) *changedUser {
	at, known := f.places[id]
	if f.places == nil {
		at = slices.IndexFunc(f.users, func(u changedUser) bool { return u.id == id })
		known = at >= 0
	}
	if known {
		return &f.users[at]
	}
	at = len(f.users)
	f.users = append(f.users, changedUser{id: id, before: sharedUser(tx, id)})
	switch {
	case f.places != nil:
		f.places[id] = at
	case len(f.users) > few:
		f.places = map[string]int{}
		for i, user := range f.users {
			f.places[user.id] = i
		}
	}
	return &f.users[at]
}

// finish ends a check. Those without an event to send are stored together, in the order of their ends.
func (f *finishing) finish(tx Tx, check *EligibilityCheck) {
	f.saveAnswer(tx, check)
	check.Finished = MomentOf(f.now)
	if outbox.IsUnsent(f.outbox, check.Answer.Misbehaviour) {
		f.ended = append(f.ended, check)
		return
	}
	f.store(tx)
	check.EventNumber = tx.NextCounts(eventCounter, 1)
	tx.PutCheck(check)
	recordEvent(tx, check.event(), check.MemberID)
	f.ended = append(f.ended, check)
	f.stored, f.recorded = len(f.ended), true
}

// store stores the checks not stored yet.
func (f *finishing) store(tx Tx) {
	if rest := f.ended[f.stored:]; len(rest) > 0 {
		first := tx.NextCounts(eventCounter, len(rest))
		for i, check := range rest {
			check.EventNumber = first + uint64(i)
		}
		tx.PutUnsent(rest)
	}
	f.stored = len(f.ended)
}

// saveAnswer writes the answer to a check on the user's card.
func (f *finishing) saveAnswer(tx Tx, check *EligibilityCheck) {
	user := f.user(tx, check.MemberID)
	if check.User != user.before && !check.User.isSubjectOf(user.before) {
		started, now := check.User.subject(check.Order), user.before.subject(check.Order)
		if started != now {
			check.Changed = strings.Join(started.changes(now), " ")
			return
		}
	}
	if user.after == nil {
		user.after = new(*user.before)
		user.after.LastChecks = slices.Clone(user.before.LastChecks)
	}
	user.after.Responses[check.Order], user.after.Ours[check.Order] = check.Answer.Text, check.Answer.Ours
	user.after.setLastCheck(check.Carrier, check.ID)
}

// event returns the event of an ended check.
func (k *EligibilityCheck) event() outbox.Event {
	data := EligibilityCheckedData{k.ID, k.MemberID, k.Answer.Text, k.User.ExternalID}
	text, _ := data.MarshalJSON() // texts are valid JSON
	return outbox.Event{
		ID: k.EventID(), Type: EligibilityChecked, Created: k.Finished.Time(), Data: text, CheckID: k.ID,
		Misbehaviour: k.Answer.Misbehaviour,
	}
}

// UnsentEvent returns the event of an ended check for a store that got the check by PutUnsent.
func (k *EligibilityCheck) UnsentEvent() *outbox.Event {
	event := k.event()
	event.Status = outbox.Skipped
	return &event
}

// answers are the answers given to earlier checks, for checks with the same answer to share it.
type answers struct {
	mu    sync.Mutex
	known map[EligibilityAnswer]*EligibilityAnswer
}

// maxAnswers bounds them: there are few different answers.
const maxAnswers = 256

// sharedAnswer returns an answer, which must not be changed: the one of an earlier check, if they are equal.
func (c *Clinic) sharedAnswer(a EligibilityAnswer) *EligibilityAnswer {
	c.given.mu.Lock()
	defer c.given.mu.Unlock()
	if known := c.given.known[a]; known != nil {
		return known
	}
	if c.given.known == nil || len(c.given.known) == maxAnswers {
		c.given.known = map[EligibilityAnswer]*EligibilityAnswer{}
	}
	shared := new(a) // a itself stays on the stack, for the many that are known
	c.given.known[a] = shared
	return shared
}
