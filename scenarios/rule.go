package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// finish puts a scenario into the form it is used in, and checks the rules that its types do not.
func (s source) finish(c *Scenario) error {
	if c.Version != "" && c.Version != Version1 {
		return s.at("$.version", "version must be "+Version1, "it is that of the language; leave it out")
	}
	if strings.TrimSpace(c.Title) == "" {
		return s.at("$.title", "title is missing", "say in one sentence what the patient or the integrator sees")
	}
	place := "$.answers"
	if c.Answer != nil {
		if !c.Answers.IsZero() {
			return s.at("$.answers", "answer and answers exclude each other", "keep answers, one for each check in turn")
		}
		if len(c.Answer.Both) > 1 || len(c.Answer.Primary) > 1 || len(c.Answer.Secondary) > 1 {
			return s.at("$.answer", "must be one answer", "use answers for a list, one for each check in turn")
		}
		place, c.Answers, c.Answer = "$.answer", *c.Answer, nil
	}
	if err := c.Answers.each(place, s.answer); err != nil {
		return err
	}
	if err := s.claims(c); err != nil {
		return err
	}
	return s.story(c)
}

// story checks that the parts of a scenario make sense together.
func (s source) story(c *Scenario) error {
	switch {
	case c.Answers.IsZero() && len(c.Expect) == 0 && len(c.HTTP) == 0:
		return s.at("$", "nothing is said about the outcome", "write answer, or expect for what the mock answers by itself")
	case (!c.Answers.IsZero() || len(c.HTTP) > 0) && c.When.IsZero():
		return s.at("$.when", "when must name at least one field", "a subscriber_num that no other scenario has is best")
	case c.Answers.IsZero() && len(c.HTTP) == 0 && !c.When.IsZero():
		return s.at("$.when", "when without an answer does nothing", "write answer, or say under patient who is checked")
	case c.Answers.IsZero() && c.Webhook != (Webhook{}):
		return s.at("$.webhook", "webhook without an answer does nothing", "write answer, which says what the event tells of")
	}
	if field, rule, hint := c.When.check(); rule != "" {
		return s.at("$.when."+field, rule, hint)
	}
	if key, rule, hint := c.Webhook.check(); rule != "" {
		return s.at(strings.TrimSuffix("$.webhook."+key, "."), rule, hint)
	}
	if key, rule, hint := c.claimWebhook(); rule != "" {
		return s.at(strings.TrimSuffix("$.claim_webhook."+key, "."), rule, hint)
	}
	if err := s.faults(c.HTTP); err != nil {
		return err
	}
	if err := s.clinic(c.Clinic); err != nil {
		return err
	}
	if err := s.early(c); err != nil {
		return err
	}
	if err := s.calls(c.Calls); err != nil {
		return err
	}
	if err := s.people(c); err != nil {
		return err
	}
	if err := s.cards(c); err != nil {
		return err
	}
	return s.expectations(c)
}

// faults checks what goes wrong with the patient's requests.
func (s source) faults(faults []Fault) error {
	if len(faults) > maxFaults {
		return s.at("$.http", fmt.Sprintf("a story has at most %d faults", maxFaults), "times and from say of one how often it comes")
	}
	for i, fault := range faults {
		place := fmt.Sprintf("$.http[%d]", i)
		if fault.Operation != "" && !slices.Contains(Operations(), fault.Operation) {
			hint := "they are " + strings.Join(Operations(), ", ")
			if near := suggest.Name(fault.Operation, Operations()); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			return s.at(place+".operation", fmt.Sprintf("%q is no operation of VSee's that the mock knows", fault.Operation), hint)
		}
		if key, rule, hint := fault.check(); rule != "" {
			return s.at(strings.TrimSuffix(place+"."+key, "."), rule, hint)
		}
	}
	return nil
}

// clinic checks how the clinic is set up.
func (s source) clinic(c Clinic) error {
	for _, span := range []struct {
		key  string
		said *Duration
	}{{"cron_delay", c.CronDelay}, {"token_life", c.TokenLife}} {
		if d := span.said; d != nil && (*d <= 0 || time.Duration(*d) > maxHold) {
			return s.at("$.clinic."+span.key, span.key+" must be more than 0s and at most 720h", "leave it out for what VSee's clinics have")
		}
	}
	return nil
}

// early checks that an answer that comes before the reply has no time of its own.
func (s source) early(c *Scenario) error {
	if !c.Webhook.BeforeReply {
		return nil
	}
	return c.Answers.each("", func(_ string, a *Answer) error {
		if a.After != nil || a.At != "" {
			return s.at("$.webhook.before_reply", "before_reply has the check end at once, and an answer has a time", "remove before_reply, or after and at")
		}
		return nil
	})
}

// cards checks that there is an answer for the cards that the story is about.
func (s source) cards(c *Scenario) error {
	cards := c.concerned()
	switch {
	case len(cards) == 0:
		return s.at("$.when.card", "there is no answer for this card", "write answer: {"+c.When.Card[0]+": …}, or leave card out")
	case c.Patient.Card != "" && len(c.Calls) == 0 && !slices.Contains(cards, string(c.Patient.Card)):
		return s.at("$.patient.card", "the story answers no check of this card", "write the card that is answered, or leave card out")
	}
	return nil
}

// expectations checks what is expected against what is answered.
func (s source) expectations(c *Scenario) error {
	for i, text := range c.Expect {
		if err := s.expected(fmt.Sprintf("$.expect[%d]", i), text, &c.Expect[i]); err != nil {
			return err
		}
	}
	if c.Answers.IsZero() {
		return nil
	}
	said := *c
	said.Calls, said.Expect = c.Script(), nil // the same checks, and what the answers say of them
	answered := said.Steps()
	for i, text := range c.Expect {
		if i < len(answered) && !answered[i].ByItself && text != outcome(answered[i]) {
			return s.at(fmt.Sprintf("$.expect[%d]", i), "expect contradicts the answer", "remove expect: what the answers say is expected without it")
		}
	}
	return nil
}

// calls checks what the patient's client does.
func (s source) calls(calls []Call) error {
	for i, call := range calls {
		place, said := fmt.Sprintf("$.calls[%d]", i), 0
		for _, is := range []bool{call.Check != "", call.Wait != nil, call.Read, call.Claim != ""} {
			if is {
				said++
			}
		}
		switch {
		case said != 1:
			return s.at(place, "a call is one of check, claim, read and wait", "write one item for each")
		case call.Check != "" && call.Check != primary && call.Check != secondary:
			return s.at(place+".check", "check must be primary or secondary", "it is the card that is checked")
		case call.Claim != "" && call.Claim != NewClaim && call.Claim != ClaimAgain:
			return s.at(place+".claim", "claim must be new or again", "again is the last claim once more")
		}
	}
	return nil
}

// people checks whom the story is about.
func (s source) people(c *Scenario) error {
	if err := s.patient("$.patient", c.Patient); err != nil {
		return err
	}
	if c.Preview == nil {
		return nil
	}
	if c.Is(MockOnly) {
		return s.at("$.preview", "a mock-only story has nobody on a real target", "remove preview, or the label mock-only")
	}
	return s.patient("$.preview", *c.Preview)
}

// outcome is what must be expected of a check.
func outcome(step Step) string {
	if step.Response == "" {
		return NoAnswer
	}
	return step.Response
}

func (s source) answer(place string, a *Answer) error {
	switch {
	case a.Silent && (a.Text != "" || a.After != nil || a.At != ""):
		return s.at(place, "a silent answer has no text and no time", "remove silent, or the rest")
	case a.Silent:
		return nil
	case a.After != nil && a.At != "":
		return s.at(place, "after and at exclude each other", "after is from the start of the check, at is a time")
	case a.At != "" && !isTime(string(a.At)):
		return s.at(place+".at", "at must be a time in UTC", "write 17:30, or 2026-01-31T17:30:00Z")
	case a.Text == "":
		return s.at(place, "an answer needs a text", "write a text of eligibility_response, its code, or silent")
	}
	return s.text(place, a.Text, &a.Text, &a.Code, silent)
}

func (s source) expected(place, text string, into *string) error {
	if text == NoAnswer {
		return nil
	}
	var code string
	return s.text(place, text, into, &code, NoAnswer)
}

// text puts the text and the code for what a file says, which may be either. never is how its place says that no answer
// comes.
func (s source) text(place, said string, text, code *string, never string) error {
	if said == Success {
		return nil
	}
	if r, ok := ReasonOf(said); ok {
		*text, *code = r.Text, r.Code
		return nil
	}
	texts := []string{Success, never}
	for _, r := range Reasons() {
		texts = append(texts, r.Text)
	}
	hint := "`vsee-mock scenarios texts` lists them"
	if near := suggest.Name(said, texts); said == silent || said == NoAnswer {
		hint = "write `" + never + "` alone for a check that never ends"
	} else if near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return s.at(place, fmt.Sprintf("%q is neither a text of eligibility_response nor a code", said), hint)
}

func (s source) card(place string, card Text) error {
	if card == "" || card == "primary" || card == "secondary" {
		return nil
	}
	return s.at(place, "card must be primary or secondary", "leave it out for either, and for the primary card of a patient")
}

func (s source) patient(place string, p Patient) error {
	if err := s.card(place+".card", p.Card); err != nil {
		return err
	}
	if p.DOB != "" {
		if _, err := time.Parse(time.DateOnly, string(p.DOB)); err != nil {
			return s.at(place+".dob", "dob must be a date that exists", "write YYYY-MM-DD")
		}
	}
	if p.GuarantorDOB != "" && !isDate(string(p.GuarantorDOB)) {
		return s.at(place+".guarantor_dob", "guarantor_dob must be a date that exists", "write YYYY-MM-DD")
	}
	if !slices.Contains([]Text{"", "self", "child", "spouse", "other"}, p.Respparty) {
		return s.at(place+".respparty", "respparty must be self, child, spouse or other", "leave it out for self")
	}
	if !slices.Contains([]Text{"", "1", "2", "male", "female"}, p.Gender) {
		return s.at(place+".gender", "gender must be 1 or male, 2 or female", "to leave it out, write without: [gender]")
	}
	for i, name := range p.Without {
		if !slices.Contains([]string{"subscriber_num", "dob", "gender"}, name) {
			return s.at(fmt.Sprintf("%s.without[%d]", place, i), "without takes subscriber_num, dob and gender", "the other fields are there when they are named")
		}
	}
	return nil
}
