package clinic

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/internal/memberid"
	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// CheckStatus is the progress of a check.
type CheckStatus string

// The statuses of a check.
const (
	CheckPending CheckStatus = "pending"
	CheckDone    CheckStatus = "done"
)

// EligibilityCheck is an eligibility check of one card, pending or done.
type EligibilityCheck struct {
	ID       string // digits, given by the clinic
	MemberID string // the user's id
	Carrier  string
	Order    Order // the card the check is about
	Status   CheckStatus
	Started  time.Time
	Due      time.Time         // when the answer is due; zero for none
	Finished time.Time         // zero while pending
	Query    *EligibilityQuery // the query to the clearinghouse
	Answer   EligibilityAnswer // decided when the check was started
	EventID  string            // the event with the result; empty while pending
	// Changed names the data of the card and the patient that changed while the check was pending: the result is on no
	// card then. Empty for none.
	Changed []string

	// BeforeReply means: finish the check and send its event before the reply to the start.
	BeforeReply bool
}

// Success is the text of an answer for an eligible patient; every other text is a reject reason (seed).
const Success = "Success"

// EligibilityAnswer is the clearinghouse's answer to a check, and the reason for it.
type EligibilityAnswer struct {
	Text     string         // one of the texts of eligibility_response; Success is eligible
	Code     string         // the reject reason code of the text; empty for Success
	Silent   bool           // no answer ever comes
	After    *time.Duration // from the start of the check to the answer; nil for the clinic's cron delay
	Rule     string         // the deciding rule: "scenario", "number", "missing data", "impossible data" or "default"
	Scenario string         // the id of the deciding scenario, if there is one
	Rulebook uint64         // the number of the rules in force, for the clearinghouse to explain the answer by
	Why      string         // one sentence for people, without a value of the patient's
	Ours     bool           // the deciding rule is this project's own: VSee has none like it

	Misbehaviour *Misbehaviour // the deliberate failure of the event; nil for none
}

// EligibilityQuery is a question to the clearinghouse about one card.
type EligibilityQuery struct {
	Clinic  string // the clinic's id
	Account string // its account code
	User    *User  // as they were when the check was started; must not be changed
	Order   Order
	Carrier string // the insurer's id; empty when the card has none
	Nth     int    // 1 for the first check of this subscriber with this insurer in the clinic
	// NthOfPatient is 1 for the first check of this card of the user, with any number and insurer.
	NthOfPatient int
	At           time.Time // when the check is started

	// Scenario is the id of the scenario to answer the check with; empty for any.
	Scenario string

	Seed uint64 // the clinic's
}

// Draw returns the draw for an answer by chance. It depends on the check alone: on the insurer, the subscriber and Nth.
func (q EligibilityQuery) Draw() chance.Draw {
	source := chance.Source{Account: q.Account, Seed: q.Seed}
	return source.OfCheck(q.Carrier, subscriberOf(q.User.ID, q.Card().Subscriber), q.Nth)
}

// OfCards returns the query for each card of the user, or one without a card if there is none.
func (q *EligibilityQuery) OfCards() iter.Seq[EligibilityQuery] {
	return func(yield func(EligibilityQuery) bool) {
		some := false
		for _, order := range Orders() {
			if q.User.Insurance.card(order).IsSet() {
				if some = true; !yield(q.OfCard(order)) {
					return
				}
			}
		}
		if !some {
			yield(*q)
		}
	}
}

// OfCard returns the query for a card of the user.
func (q EligibilityQuery) OfCard(order Order) EligibilityQuery {
	q.Order = order
	q.Carrier = q.Card().Carrier
	return q
}

// noCard is the card of a query without an order.
var noCard Card

// Card returns the card that the query is about, which must not be changed.
func (q *EligibilityQuery) Card() *Card {
	if q.Order == 0 {
		return &noCard
	}
	return q.User.Insurance.card(q.Order)
}

// Relation returns the relation on the card. Without a card, it is the one written for the first card to come.
func (q *EligibilityQuery) Relation() Relation {
	if q.Order == 0 {
		return q.User.Insurance.Relation()
	}
	return q.Card().Relation
}

// Clearinghouse answers checks, and decides the outcome of claims. It must give the same answer to the same query.
type Clearinghouse interface {
	AnswerCheck(EligibilityQuery) EligibilityAnswer
	// Adjudicate returns the decision on a claim, and the misbehaviour of its events, nil for none.
	Adjudicate(ClaimQuery) (claims.Decision, *Misbehaviour)
	// PlanVisit returns the plan for a new visit of the user of a query without a card, the id of its scenario, and the
	// number of the rules in force.
	PlanVisit(EligibilityQuery, visits.Kind) (scenario string, rulebook uint64, plan []visits.Stage)
	// DecisionWithStatus returns a decision for a claim of these lines with the given final status, other than
	// claims.Submitted.
	DecisionWithStatus(status claims.Status, lines []claims.Line) claims.Decision
}

// StartCheck starts an eligibility check of a user with a carrier (seed, step 4). It checks the card with the carrier;
// it refuses an unknown carrier, and a carrier on neither card (ours). It accepts missing data of the patient: the
// clearinghouse answers it later (documented). Without a carrier, it checks the primary card, and refuses a user
// without one (ours). The scenario with the given id answers the check, unless the id is empty. The check must not be
// changed.
func (c *Clinic) StartCheck(ctx context.Context, token, userID, carrier, scenario string) (*EligibilityCheck, error) {
	type result struct {
		check   *EligibilityCheck
		isFirst bool // no check ends before it
	}
	started, err := update(ctx, c, func(tx Tx) (result, error) {
		user, err := c.authorizedUser(tx, token, userID)
		if err != nil {
			return result{}, err
		}
		order, carrier, err := cardToCheck(tx.Settings(), &user.Insurance, carrier)
		if err != nil {
			return result{}, err
		}
		check := c.newCheck(tx, user, order, carrier, scenario)
		tx.PutCheck(check)
		isFirst := false
		if !check.Answer.Silent {
			id := tx.AddWork(FinishWork, check.Due, check.ID)
			first, _ := tx.NextWork(FinishWork)
			isFirst = first.ID == id
		}
		return result{tx.Checks().Shared(check.ID), isFirst}, nil
	})
	if started.isFirst {
		c.wake()
	}
	return started.check, err
}

// cardToCheck returns the card for a check with a carrier, and the carrier. Without a named carrier, it returns the
// primary card and the carrier on it.
func cardToCheck(s *Settings, insurance *Insurance, named string) (Order, string, error) {
	if named == "" {
		switch carrier := insurance.Primary.Carrier; {
		case carrier == "":
			return 0, "", refuse(Invalid, "the user's primary insurance card has no carrier_code: store one with POST /me, "+
				"or name a carrier in the path")
		case !supportsCarrier(s, carrier):
			return 0, "", refuse(Invalid, "the carrier_code of the user's primary insurance card is not one of the clinic's "+
				"insurers: GET /insurances lists them")
		default:
			return Primary, carrier, nil
		}
	}
	if !supportsCarrier(s, named) {
		return 0, "", refuse(Invalid, "carrier_code is not one of the clinic's insurers: GET /insurances lists them")
	}
	order, ok := insurance.OrderForCarrier(named)
	if !ok {
		return 0, "", refuse(Invalid, "carrier_code is on neither of the user's insurance cards")
	}
	return order, named, nil
}

func supportsCarrier(s *Settings, carrier string) bool {
	return slices.ContainsFunc(s.Insurers, func(i Insurer) bool { return i.ID == carrier })
}

// subscriberOf names the subscriber of a card, as the key to count checks and claims by. It is the subscriber number;
// every spelling gives the same key.
func subscriberOf(userID, number string) string {
	if number == "" {
		return "user " + userID
	}
	return memberid.Normal(number)
}

// withCheck returns the last checks of a user by carrier, including a newly finished one.
func withCheck(before map[string]string, check EligibilityCheck) map[string]string {
	after := map[string]string{}
	maps.Copy(after, before)
	after[check.Carrier] = check.ID
	return after
}

// withoutChecksOf returns the last checks of a user by carrier, without those of one card.
func withoutChecksOf(v View, before map[string]string, order Order) map[string]string {
	after := maps.Clone(before)
	maps.DeleteFunc(after, func(_, id string) bool {
		check, _ := v.Checks().Get(id)
		return check.Order == order
	})
	return after
}

func newCheckID(tx Tx) string { return strconv.FormatUint(firstCheckID+tx.NextCount("check")-1, 10) }

func (c *Clinic) newCheck(tx Tx, user *User, order Order, carrier, scenario string) EligibilityCheck {
	now := c.clock.Now()
	card := user.Insurance.card(order)
	query := EligibilityQuery{
		Clinic: c.id, Account: c.account, User: user, Order: order, Carrier: card.Carrier, At: now,
		Scenario: scenario, Seed: tx.Settings().Seed,
		//nolint:gosec // a count of requests
		Nth: int(tx.NextCount("checks of " + carrier + " " + subscriberOf(user.ID, card.Subscriber))),
		//nolint:gosec // likewise
		NthOfPatient: int(tx.NextCount("checks of user " + user.ID + " " + order.String())),
	}
	answer := c.answers.AnswerCheck(query)
	check := EligibilityCheck{
		ID: newCheckID(tx), MemberID: user.ID, Carrier: carrier, Order: order,
		Status: CheckPending, Started: now, Query: &query, Answer: answer,
	}
	if !answer.Silent {
		delay := tx.Settings().cronDelay(query.Draw())
		if answer.After != nil {
			delay = *answer.After
		}
		if check.BeforeReply = outbox.SendsBeforeReply(answer.Misbehaviour, tx.Settings().Webhook); check.BeforeReply {
			delay = 0
		}
		check.Due = now.Add(delay)
	}
	return check
}

// FinishCheck ends the check of a FinishWork item: it saves the text on the user's card, records the event, and makes
// its delivery due. It does not save the text if the card's policy or person has changed meanwhile (ours). It returns
// false when the item is no longer pending.
func (c *Clinic) FinishCheck(ctx context.Context, work Work) (EligibilityCheck, bool, error) {
	check, err := updateAndWake(ctx, c, func(tx Tx) (EligibilityCheck, error) {
		_, pending := tx.PendingWork(work.ID)
		check, found := tx.Checks().Get(work.Subject)
		if !pending || !found {
			return EligibilityCheck{}, nil
		}
		tx.RemoveWork(work.ID)
		user, _ := tx.Users().Get(check.MemberID)
		check.Changed = check.Query.User.subject(check.Order).changes(user.subject(check.Order))
		if len(check.Changed) == 0 {
			user.Responses[check.Order], user.Ours[check.Order] = check.Answer.Text, check.Answer.Ours
			user.LastChecks = withCheck(user.LastChecks, check)
			tx.PutUser(&user)
		}

		now := c.clock.Now()
		event, err := newEvent(tx, EligibilityChecked, now,
			EligibilityCheckedData{check.ID, user.ID, check.Answer.Text, user.ExternalID})
		if err != nil {
			return check, err
		}
		event.CheckID, event.Misbehaviour = check.ID, check.Answer.Misbehaviour
		recordEvent(tx, event, user.ID)
		check.Status, check.Finished, check.EventID = CheckDone, now, event.ID
		tx.PutCheck(check)
		return check, nil
	})
	return check, check.ID != "", err
}
