package clinic

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// FinishChecks ends the checks of the first FinishWork item and of those due with it or by now, up to limit in all, in
// due order: it saves each text on the user's card, records the event, and makes its delivery due. It does not save the
// text if the card's policy or person has changed meanwhile (ours). It returns the checks, which must not be changed.
func (c *Clinic) FinishChecks(ctx context.Context, limit int) ([]*EligibilityCheck, error) {
	ending, err := update(ctx, c, func(tx Tx) (finishing, error) {
		f := finishing{now: c.clock.Now(), users: map[string]changedUser{}, outbox: outboxView{tx}}
		items := tx.TakeWork(FinishWork, f.now, limit)
		rows := make([]EligibilityCheck, len(items)) // in one piece, for there are many
		for i, work := range items {
			if check := tx.Checks().Shared(work.Subject); check != nil {
				rows[i] = *check
				f.finish(tx, &rows[i])
			}
		}
		f.store(tx)
		for _, user := range f.users {
			tx.PutUser(user.after)
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
	users    map[string]changedUser
	recorded bool // an event is not one of an UnsentEvent
}

// changedUser is a row of a user, and the row that takes its place at the end.
type changedUser struct{ before, after *User }

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
	user := f.users[check.MemberID]
	if user.before == nil {
		user.before = sharedUser(tx, check.MemberID)
	}
	if check.User != user.before {
		now := user.before.subject(check.Order)
		if check.Changed = strings.Join(check.User.subject(check.Order).changes(now), " "); check.Changed != "" {
			return
		}
	}
	if user.after == nil {
		user.after = new(*user.before)
		user.after.LastChecks = slices.Clone(user.before.LastChecks)
		f.users[check.MemberID] = user
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
