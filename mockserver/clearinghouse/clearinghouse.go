// Package clearinghouse decides the answer to a check, its time and its reason. The first matching scenario decides.
// Without one, these decide in order: a reject code in a subscriber number of the form 110000NN, missing patient
// data, a birth date in the future. Otherwise the answer is Success. Claims work the same way: the scenario of the
// check decides, then subscriber numbers reserved for claims; VSee has not defined claims. All of it is ours, except
// for the texts and one documented rule: missing data is answered rather than refused.
package clearinghouse

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// The names of the rules behind an answer.
const (
	RuleScenario   = "scenario"
	RuleNumber     = "number"
	RuleMissing    = "missing data"
	RuleImpossible = "impossible data"
	RuleDefault    = "default"
)

// Clearinghouse answers checks and decides claims by the scenarios in force, which can change. It implements
// clinic.Clearinghouse and is safe for concurrent use.
type Clearinghouse struct{ books *rulebooks }

var _ clinic.Clearinghouse = (*Clearinghouse)(nil)

// New returns a clearinghouse with these scenarios in force.
func New(set scenarios.Set) *Clearinghouse { return &Clearinghouse{books: newRulebooks(set)} }

// AnswerCheck implements clinic.Clearinghouse.
func (c *Clearinghouse) AnswerCheck(q clinic.EligibilityQuery) clinic.EligibilityAnswer {
	book := c.books.inForce(q.Clinic)
	answer, ok := answerByScenario(book, q)
	if !ok {
		answer = answerByPatientData(q)
	}
	answer.Rulebook = book.number
	return answer
}

// answerByPatientData answers from the patient's own data.
func answerByPatientData(q clinic.EligibilityQuery) clinic.EligibilityAnswer {
	if reason, ok := reasonByNumber(q.Card().Subscriber); ok {
		answer := rejection(reason, RuleNumber, "the subscriber number asks for reject code "+reason.Code)
		answer.Ours = true
		return answer
	}
	if code, field := missingData(q); code != "" {
		reason, _ := scenarios.ReasonOf(code)
		return rejection(reason, RuleMissing, field+" is missing")
	}
	if field := futureBirthDate(q); field != "" {
		reason, _ := scenarios.ReasonOf(birthDateCode)
		return rejection(reason, RuleImpossible, field+" is in the future")
	}
	why := "nothing speaks against it, so the default stands"
	if strings.HasPrefix(memberid.Normal(q.Card().Subscriber), rejectNumberPrefix) {
		why = "the subscriber number ends with no reject code, and nothing else speaks against it, so the default stands"
	}
	return clinic.EligibilityAnswer{Text: scenarios.Success, Rule: RuleDefault, Why: why}
}

func answerByScenario(book *rulebook, q clinic.EligibilityQuery) (clinic.EligibilityAnswer, bool) {
	s, ok := book.scenarioFor(q)
	if !ok {
		return clinic.EligibilityAnswer{}, false
	}
	nth := s.Nth(q.Nth, q.NthOfPatient)
	scripted, ok := s.Answers.Nth(q.Order.String(), nth)
	if !ok {
		return clinic.EligibilityAnswer{}, false
	}
	scripted, drawn := scripted.Drawn(q.Draw())
	answer := clinic.EligibilityAnswer{
		Text:     scripted.Text,
		Code:     scripted.Code,
		Silent:   scripted.Silent,
		Rule:     RuleScenario,
		Scenario: s.ID,
		Ours:     s.HasLabel(scenarios.MockOnly) || scripted.Undocumented,
		Why:      fmt.Sprintf("%s (check %d of this %s%s)", s.Title, nth, countedBy(s), remarks(scripted, drawn)),
	}
	if scripted.After != nil {
		answer.After = &scripted.After.From
	}
	if scripted.At != "" {
		due, _ := scripted.Due(q.At, 0)
		after := due.Sub(q.At)
		answer.After = &after
	}
	if m := s.WebhookOf(scripted); m != (scenarios.Webhook{}) {
		answer.Misbehaviour = &m
	}
	return answer, true
}

// countedBy names the owner of the checks that a scenario counts.
func countedBy(s *scenarios.Scenario) string { return string(cmp.Or(s.CountBy, "subscriber")) }

// remarks returns more about an answer for people: its draw, and a text that VSee does not list.
func remarks(a scenarios.Answer, drawn string) string {
	text := ""
	if drawn != "" {
		text += "; drawn from the clinic's seed: " + drawn
	}
	if a.Undocumented {
		text += "; VSee does not list this text"
	}
	return text
}

// scenarioFor returns the scenario for a check, which must not be changed: the named one if it has an answer, otherwise
// the first match.
func (b *rulebook) scenarioFor(q clinic.EligibilityQuery) (*scenarios.Scenario, bool) {
	if q.Scenario != "" {
		if s, ok := b.index.Set().ByID(q.Scenario); ok && len(s.Answers.ForCard(q.Order.String())) > 0 {
			return &s, true
		}
	}
	return b.index.Find(scenarioCheck(&q))
}

// scenarioCheck returns the parts of a query on which scenarios can match.
func scenarioCheck(q *clinic.EligibilityQuery) scenarios.Check {
	card, relation := q.Card(), q.Relation()
	gender := ""
	if q.User.Gender != 0 {
		gender = strconv.Itoa(q.User.Gender)
	}
	return scenarios.Check{
		Gender: gender, Zip: q.User.Zip,
		GuarantorName: relation.Guarantor.Name, GuarantorDOB: relation.Guarantor.DOB,
		CarrierCode: q.Carrier, SubscriberNum: card.Subscriber, GroupNumber: card.Group, Card: q.Order.String(),
		Respparty: cmp.Or(relation.Respparty, "self"),
		FirstName: q.User.FirstName, LastName: q.User.LastName, DOB: q.User.DOB,
		Code: q.User.Code, Email: q.User.Email, AccountCode: q.Account, Nth: q.Nth,
		NthOfPatient: q.NthOfPatient, At: q.At,
	}
}

// numbers matches subscriber numbers with a reject code in their last two characters, in any spelling. The published
// sandbox patients 11000022 and 11000023 are of this form too; 22 and 23 are no codes, so they stay eligible.
const rejectNumberPrefix = "110000"

func reasonByNumber(subscriber string) (scenarios.Reason, bool) {
	code, ok := strings.CutPrefix(memberid.Normal(subscriber), rejectNumberPrefix)
	if !ok || len(code) != 2 {
		return scenarios.Reason{}, false
	}
	return scenarios.ReasonOf(code)
}

// missingData returns the reject code for the first required field without a value, and a name for the field; "" when
// nothing is missing. The subscriber is the patient, or the guarantor of a patient not insured in their own name.
func missingData(q clinic.EligibilityQuery) (code, name string) {
	u, relation := q.User, q.Relation()
	self := relation.IsSelf()
	guarantor := relation.Guarantor
	for _, field := range []struct {
		empty      bool
		code, name string
	}{
		{q.Carrier == "", "T4", "the card's carrier"},
		{q.Card().Subscriber == "", "72", "the card's subscriber number"},
		{self && (u.FirstName == "" || u.LastName == ""), "73", "the subscriber's name"},
		{!self && guarantor.Name == "", "73", "the guarantor's name"},
		{!self && (u.FirstName == "" || u.LastName == ""), "65", "the patient's name"},
		{u.DOB == "", "58", "the patient's birth date"},
		{!self && guarantor.DOB == "", "58", "the guarantor's birth date"},
		{self && u.Gender == 0, "74", "the subscriber's gender"},
		{!self && u.Gender == 0, "66", "the patient's gender"},
	} {
		if field.empty {
			return field.code, field.name
		}
	}
	return "", ""
}

// followsService is the reject code of a birth date after the date of service, here the date of the check.
const birthDateCode = "60"

// futureBirthDate returns a name for a birth date in the future; "" for none. The guarantor's counts when they are the
// insured.
func futureBirthDate(q clinic.EligibilityQuery) string {
	switch relation := q.Relation(); {
	case !clock.HasBegun(q.User.DOB, q.At):
		return "the patient's birth date"
	case !relation.IsSelf() && !clock.HasBegun(relation.Guarantor.DOB, q.At):
		return "the guarantor's birth date"
	}
	return ""
}

func rejection(r scenarios.Reason, rule, why string) clinic.EligibilityAnswer {
	return clinic.EligibilityAnswer{Text: r.Text, Code: r.Code, Rule: rule, Why: why}
}
