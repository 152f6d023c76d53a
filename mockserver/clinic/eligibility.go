package clinic

import (
	"context"
	"iter"
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

// EligibilityCheck is an eligibility check of one card, pending or done. There may be millions of them, so it is small:
// the texts and the answer are shared with other rows.
type EligibilityCheck struct {
	ID       string // digits, given by the clinic
	MemberID string // the user's id
	Carrier  string
	Order    Order // the card the check is about
	// BeforeReply means: finish the check and send its event before the reply to the start.
	BeforeReply       bool
	Nth, NthOfPatient int32 // as in the query
	Started           Moment
	Due               Moment             // when the answer is due; 0 for none
	Finished          Moment             // 0 while pending
	Of                *Identity          // of the clinic
	User              *User              // as they were when the check was started; must not be changed
	Answer            *EligibilityAnswer // decided when the check was started; must not be changed
	EventNumber       uint64             // of the event with the result; 0 while pending
	// Changed names the data of the card and the patient that changed while the check was pending: the result is on no
	// card then. The names have spaces between them.
	Changed string
}

// Identity is the part of a clinic that its answers depend on. It never changes.
type Identity struct {
	ID      string // in the store
	Account string
	Seed    uint64
}

// Status returns the progress of the check.
func (k *EligibilityCheck) Status() CheckStatus {
	if k.Finished == 0 {
		return CheckPending
	}
	return CheckDone
}

// EventID returns the id of the event with the result, empty while the check is pending.
func (k *EligibilityCheck) EventID() string {
	if k.EventNumber == 0 || k.Of == nil {
		return ""
	}
	return idSource{k.Of.Account, k.Of.Seed}.uuid(eventCounter, k.EventNumber, k.Finished.Time())
}

// Query returns the query to the clearinghouse.
func (k *EligibilityCheck) Query() EligibilityQuery {
	q := EligibilityQuery{User: k.User, At: k.Started.Time(), Nth: int(k.Nth), NthOfPatient: int(k.NthOfPatient)}
	if k.Of != nil {
		q.Clinic, q.Account, q.Seed = k.Of.ID, k.Of.Account, k.Of.Seed
	}
	if k.Answer != nil {
		q.Scenario = k.Answer.Asked
	}
	return q.OfCard(k.Order)
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
	Asked    string         // the id of the scenario named by the request; empty for none

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
		order, carrier, err := cardToCheck(tx.Settings(), user.Insurance, carrier)
		if err != nil {
			return result{}, err
		}
		check := c.newCheck(tx, user, order, carrier, scenario)
		tx.PutCheck(check)
		isFirst := false
		if !check.Answer.Silent {
			id := tx.AddWork(FinishWork, check.Due.Time(), check.ID)
			first, _ := tx.NextWork(FinishWork)
			isFirst = first.ID == id
		}
		return result{check, isFirst}, nil
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
	at := carrierAt(s, named)
	if at < 0 {
		return 0, "", refuse(Invalid, "carrier_code is not one of the clinic's insurers: GET /insurances lists them")
	}
	order, ok := insurance.OrderForCarrier(named)
	if !ok {
		return 0, "", refuse(Invalid, "carrier_code is on neither of the user's insurance cards")
	}
	return order, s.Insurers[at].ID, nil // the named one is a part of the request, which would stay in memory with it
}

// carrierAt returns the place of an insurer in the list, -1 for none.
func carrierAt(s *Settings, carrier string) int {
	return slices.IndexFunc(s.Insurers, func(i Insurer) bool { return i.ID == carrier })
}

func supportsCarrier(s *Settings, carrier string) bool { return carrierAt(s, carrier) >= 0 }

// subscriberOf names the subscriber of a card, as the key to count checks and claims by. It is the subscriber number;
// every spelling gives the same key.
func subscriberOf(userID, number string) string {
	if number == "" {
		return "user " + userID
	}
	return memberid.Normal(number)
}

// withoutChecksOf returns the last checks of a user without those of one card.
func withoutChecksOf(v View, before []LastCheck, order Order) []LastCheck {
	return slices.DeleteFunc(slices.Clone(before), func(last LastCheck) bool {
		check, _ := v.Checks().Get(last.ID)
		return check.Order == order
	})
}

func newCheckID(tx Tx) string { return strconv.FormatUint(firstCheckID+tx.NextCount("check")-1, 10) }

func (c *Clinic) newCheck(tx Tx, user *User, order Order, carrier, scenario string) *EligibilityCheck {
	now := c.clock.Now()
	card := user.Insurance.card(order)
	check := &EligibilityCheck{
		MemberID: user.ID, Carrier: carrier, Order: order, Started: MomentOf(now), Of: c.identity, User: user,
		//nolint:gosec // a count of requests
		Nth: int32(tx.Tally("checks of " + carrier + " " + subscriberOf(user.ID, card.Subscriber))),
		//nolint:gosec // likewise
		NthOfPatient: int32(tx.Tally("checks of user " + user.ID + " " + order.String())),
	}
	query := check.Query()
	query.Scenario = scenario
	answer := c.answers.AnswerCheck(query)
	answer.Asked = scenario
	check.ID, check.Answer = newCheckID(tx), c.sharedAnswer(answer)
	if !answer.Silent {
		delay := tx.Settings().cronDelay(query.Draw())
		if answer.After != nil {
			delay = *answer.After
		}
		if check.BeforeReply = outbox.SendsBeforeReply(answer.Misbehaviour, &tx.Settings().Webhook); check.BeforeReply {
			delay = 0
		}
		check.Due = MomentOf(now.Add(delay))
	}
	return check
}
