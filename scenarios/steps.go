package scenarios

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Step is one check of a scenario and its required result.
type Step struct {
	Card     string         // primary or secondary
	Response string         // the text; empty when the check must not end, or when Unsaid
	After    *time.Duration // from the start of the check; nil for the clinic's cron delay
	Until    *time.Duration // the longest time, if it is still to be drawn
	Chance   []Chance       // the answers of which one is still to be drawn
	At       string         // a time, as in an Answer; empty when After has it
	Zone     Zone           // of that time
	Webhook  Webhook        // the deliberate errors of its event
	ByItself bool           // no answer is for it: the mock answers by itself, and nothing goes wrong with the event
	Unsaid   bool           // nor does the scenario expect anything: it is Success for a patient with complete data
}

// Delay returns the duration of a check with this start, in a clinic with a cron delay.
func (s Step) Delay(start time.Time, cronDelay time.Duration) time.Duration {
	if s.Webhook.BeforeReply {
		return 0
	}
	answer := Answer{At: Text(s.At), TimeZone: s.Zone}
	if s.After != nil {
		answer.After = new(scalar.Fixed(*s.After))
	}
	due, _ := answer.Due(start, cronDelay)
	return due.Sub(start)
}

// Steps returns the checks of the scenario, in order. It counts the checks of each card and number by themselves, while
// the mock counts by carrier and subscriber number. Both counts are the same if a patient's cards have different
// carriers; Carriers makes sure of it.
func (s Scenario) Steps() []Step {
	var steps []Step
	nth, carriers, changed := map[string]int{}, s.Carriers(s.Person()), map[string]CardChange{}
	for _, call := range s.Script() {
		if call.Card != nil {
			now := changed[call.Card.Of()]
			now.SubscriberNum = cmp.Or(call.Card.SubscriberNum, now.SubscriberNum)
			now.GroupNumber = cmp.Or(call.Card.GroupNumber, now.GroupNumber)
			changed[call.Card.Of()] = now
		}
		if call.Check == "" {
			continue
		}
		card := changed[call.Check]
		key := call.Check
		if s.CountBy != CountByPatient {
			key += " " + memberid.Normal(string(cmp.Or(card.SubscriberNum, s.Person().SubscriberNum)))
		}
		nth[key]++
		step := s.step(call.Check, carriers[call.Check], nth[key])
		if !card.meets(s.When) {
			step = Step{Card: call.Check, ByItself: true, Unsaid: true}
		}
		if n := len(steps); n < len(s.Expect) {
			step.Unsaid, step.Response = false, s.Expect[n]
			if step.Response == NoAnswer {
				step.Response = ""
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// meets reports whether a changed card has the numbers that a scenario wants.
func (c CardChange) meets(w When) bool {
	return (c.SubscriberNum == "" || w.SubscriberNum.matches(string(c.SubscriberNum), memberid.Normal)) &&
		(c.GroupNumber == "" || w.GroupNumber.matches(string(c.GroupNumber), memberid.Normal))
}

// step returns the answer of the scenario to the nth check of a card.
func (s Scenario) step(card, carrier string, nth int) Step {
	a, said := s.Answers.Nth(card, nth)
	w := s.When
	switch {
	case !said || !w.allowsCard(card) || !w.CarrierCode.matches(carrier, nil) ||
		!w.Nth.matches(strconv.Itoa(nth), nil), s.leavesOut(card, carrier, nth):
		return Step{Card: card, ByItself: true, Unsaid: true}
	case a.Silent:
		return Step{Card: card, Webhook: s.WebhookOf(a)}
	}
	step := Step{
		Card: card, Response: a.Text, At: string(a.At), Zone: a.TimeZone, Webhook: s.WebhookOf(a), Chance: a.Chance,
	}
	if a.After != nil {
		if step.After = &a.After.From; !a.After.IsFixed() {
			step.Until = &a.After.To
		}
	}
	return step
}

// leavesOut reports whether `not` leaves out the nth check of the patient's card by its number.
func (s Scenario) leavesOut(card, carrier string, nth int) bool {
	if !slices.ContainsFunc(s.When.Not, func(n When) bool { return len(n.Nth) > 0 }) {
		return false
	}
	who := s.Person()
	c := who.check()
	c.Card, c.CarrierCode, c.Nth = card, carrier, nth
	return slices.ContainsFunc(s.When.Not, func(n When) bool {
		return len(n.Nth) > 0 && !n.IsTimed() && n.matchesLocal(c)
	})
}

// Script returns the calls of the patient's client, in turn. These are the calls of the scenario, or else a check for
// each answer and each expectation, but at least one, and enough to reach the highest wanted nth. If each card has
// answers, the client checks both each time, the primary one first. A visit follows if the scenario has one, and then a
// claim for each outcome of a claim.
func (s Scenario) Script() []Call {
	if len(s.Calls) > 0 {
		return s.Calls
	}
	cards, last := s.checked(), s.When.lastNth()
	most := last
	for _, card := range cards {
		most = max(most, len(s.Answers.ForCard(card)))
	}
	var calls []Call
	for n := 1; n <= most || len(calls) < len(s.Expect); n++ {
		for _, card := range cards {
			if n <= max(last, len(s.Answers.ForCard(card))) || n > most {
				calls = append(calls, Call{Check: card})
			}
		}
	}
	if s.Visit != nil {
		calls = append(calls, Call{Visit: true})
	}
	for range s.Claims {
		calls = append(calls, Call{Claim: NewClaim})
	}
	return calls
}

// lastNth returns the highest wanted number of a check; 1 when the scenario wants none.
func (w When) lastNth() int {
	last := 1
	for _, nth := range w.Nth {
		n, _ := strconv.Atoi(nth) // a number, or else the file is refused
		last = max(last, n)
	}
	for _, not := range w.Not { // a check after those that it leaves out
		if len(not.Nth) > 0 && len(w.Nth) == 0 {
			last = max(last, not.lastNth()+1)
		}
	}
	return last
}

// checked returns the cards for the checks when the scenario does not name them.
func (s Scenario) checked() []string {
	if card := string(s.Person().Card); card != "" {
		return []string{card}
	}
	if len(s.Answers.Both) == 0 && !s.Answers.IsZero() {
		return s.concerned()
	}
	return []string{primary}
}

// concerned returns the possible cards of the scenario.
func (s Scenario) concerned() []string {
	return slices.DeleteFunc([]string{primary, secondary}, func(card string) bool {
		return !s.answersCard(card) && (!s.Answers.IsZero() || !s.When.allowsCard(card))
	})
}

// The carriers of cards without one in the scenario. Every clinic of the guide supports them.
var carriers = []string{"car7556", "car7551"}

// Carriers returns the carriers of a patient's checked cards, by card. Two cards have different carriers, both of them
// from `when`, if it names two.
func (s Scenario) Carriers(who Patient) map[string]string {
	first := cmp.Or(string(who.Card), s.checked()[0])
	by := map[string]string{first: cmp.Or(string(who.CarrierCode), carriers[0])}
	for _, call := range s.Script() {
		if call.Check != "" && by[call.Check] == "" {
			by[call.Check] = s.carrierBeside(by[first])
		}
	}
	return by
}

// carrierBeside returns the carrier of the other card of a patient.
func (s Scenario) carrierBeside(first string) string {
	others := slices.DeleteFunc(slices.Concat(s.When.CarrierCode, carriers[1:], carriers[:1]), func(carrier string) bool {
		return carrier == first || !Match{carrier}.exact()
	})
	wanted := slices.IndexFunc(others, func(carrier string) bool { return s.When.CarrierCode.matches(carrier, nil) })
	return others[max(wanted, 0)]
}
