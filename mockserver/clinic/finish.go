package clinic

import (
	"context"
	"maps"
	"strings"
	"sync"
)

// FinishChecks ends the checks of FinishWork items, in their order: it saves each text on the user's card, records the
// event, and makes its delivery due. It does not save the text if the card's policy or person has changed meanwhile
// (ours). It returns the checks, which must not be changed, without those of items no longer pending.
func (c *Clinic) FinishChecks(ctx context.Context, items ...Work) ([]*EligibilityCheck, error) {
	return updateAndWake(ctx, c, func(tx Tx) ([]*EligibilityCheck, error) {
		checks, users := make([]*EligibilityCheck, 0, len(items)), map[string]*User{}
		for _, work := range items {
			_, pending := tx.PendingWork(work.ID)
			check, found := tx.Checks().Get(work.Subject)
			if !pending || !found {
				continue
			}
			tx.RemoveWork(work.ID)
			if err := c.finishCheck(tx, &check, users); err != nil {
				return nil, err
			}
			checks = append(checks, &check)
		}
		for _, user := range users {
			tx.PutUser(user)
		}
		return checks, nil
	})
}

// finishCheck ends a check. The users it changes are added to users, to be stored with those of the checks before.
func (c *Clinic) finishCheck(tx Tx, check *EligibilityCheck, users map[string]*User) error {
	user := users[check.MemberID]
	if user == nil {
		user = sharedUser(tx, check.MemberID)
	}
	check.Changed = strings.Join(check.User.subject(check.Order).changes(user.subject(check.Order)), " ")
	if check.Changed == "" {
		if users[user.ID] == nil {
			after := *user
			user, users[user.ID] = &after, &after
			if user.LastChecks = maps.Clone(user.LastChecks); user.LastChecks == nil {
				user.LastChecks = map[string]string{}
			}
		}
		user.Responses[check.Order], user.Ours[check.Order] = check.Answer.Text, check.Answer.Ours
		user.LastChecks[check.Carrier] = check.ID
	}
	now := c.clock.Now()
	event, err := newEvent(tx, EligibilityChecked, now,
		EligibilityCheckedData{check.ID, user.ID, check.Answer.Text, user.ExternalID})
	if err != nil {
		return err
	}
	event.CheckID, event.Misbehaviour = check.ID, check.Answer.Misbehaviour
	check.Finished, check.EventID = MomentOf(now), event.ID
	tx.PutCheck(check)
	recordEvent(tx, event, user.ID)
	return nil
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
