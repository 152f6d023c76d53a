package clearinghouse

import (
	"fmt"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// PastCheck is a check with its result and its delivery.
type PastCheck struct {
	Check        clinic.EligibilityCheck
	CronDelay    time.Duration       // of the clinic
	Misbehaviour clinic.Misbehaviour // deliberate misbehaviour of its event
	Refused      int                 // attempts to deliver the event refused before the first accepted one
}

// maxRefused is the maximum number of refused attempts in a scenario.
const maxRefused = 9

// ReproduceCheck returns a scenario to repeat a check: its answer, with its delay, for a card like its own, and the
// same failures of its event. The names and birth dates of the patient and the guarantor are no part of it. A condition
// of the scenario that answered on the birth date stays.
func (c *Clearinghouse) ReproduceCheck(h PastCheck) scenarios.Scenario {
	k := h.Check
	answer := scenarios.Answer{Text: k.Answer.Text, Silent: k.Answer.Silent}
	answer.Undocumented = !answer.Silent && !scenarios.IsText(answer.Text)
	after := k.Due.Time().Sub(k.Started.Time())
	if !k.Answer.Silent && !h.Misbehaviour.BeforeReply && after != h.CronDelay {
		answer.After = &scenarios.Range{From: after, To: after}
	}
	h.Misbehaviour.Refused = min(max(h.Misbehaviour.Refused, scenarios.Count(h.Refused)), maxRefused)
	if h.Misbehaviour.Drop {
		h.Misbehaviour = clinic.Misbehaviour{Drop: true, BeforeReply: h.Misbehaviour.BeforeReply}
	}
	s := scenarios.Scenario{
		ID: "check-" + k.ID, Title: scenarioTitle(answer), When: scenarioConditions(k), Patient: scenarioPatient(k),
		Answers: scenarios.Answers{Both: []scenarios.Answer{answer}}, Webhook: h.Misbehaviour,
	}
	s.Labels = scenarioLabels(s, answer)
	if by := c.ExplainCheck(k).Scenario; by != nil && len(by.When.DOB) > 0 {
		s.When.DOB = by.When.DOB
	}
	return s
}

func scenarioTitle(a scenarios.Answer) string {
	switch {
	case a.Silent:
		return "Saved check: never answered"
	case a.After != nil:
		return fmt.Sprintf("Saved check: answered %s after %s", a.Text, a.After.From)
	}
	return "Saved check: answered " + a.Text
}

// scenarioConditions returns the distinguishing conditions of a check: its card's number, or else its user's identity.
func scenarioConditions(k clinic.EligibilityCheck) scenarios.When {
	w := scenarios.When{CarrierCode: exactMatch(k.Carrier), Card: exactMatch(k.Order.String())}
	query := k.Query()
	if number := query.Card().Subscriber; number != "" {
		w.SubscriberNum = exactMatch(number)
	} else {
		w.Code = exactMatch(k.User.Code)
	}
	return w
}

// exactMatch returns a match for exactly this text, even if the text contains wildcards.
func exactMatch(text string) scenarios.Match { return scenarios.Match{text} }

// scenarioPatient returns the data of the patient that a scenario may have: none that names a person.
func scenarioPatient(k clinic.EligibilityCheck) scenarios.Patient {
	query := k.Query()
	u, relation, card := k.User, query.Relation(), query.Card()
	p := scenarios.Patient{
		GroupNumber: scenarios.Text(card.Group), Respparty: scenarios.Text(relation.Respparty),
	}
	gender := ""
	if u.Gender != 0 {
		gender = strconv.Itoa(u.Gender)
	}
	if u.Gender == clinic.Male || u.Gender == clinic.Female { // no word for others: any set gender does
		p.Gender = scenarios.Text(gender)
	}
	for _, field := range []struct {
		name, value string
	}{{"subscriber_num", card.Subscriber}, {"dob", u.DOB}, {"gender", gender}} {
		if field.value == "" {
			p.Without = append(p.Without, field.name)
		}
	}
	return p
}

func scenarioLabels(s scenarios.Scenario, a scenarios.Answer) []string {
	label := "ineligible"
	switch a.Text {
	case scenarios.Success:
		label = "eligible"
	case "", "No response received by clearinghouse":
		label = "no-response"
	}
	labels := []string{label}
	if a.Silent || a.After != nil || s.Webhook != (scenarios.Webhook{}) {
		labels = append(labels, scenarios.MockOnly)
	}
	return labels
}
