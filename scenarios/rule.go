package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// finish puts a scenario into the form it is used in, and checks the rules that its types do not.
func (s source) finish(c *Scenario) error {
	if strings.TrimSpace(c.Title) == "" {
		return s.at("$.title", "title is missing", "say in one sentence what the patient or the integrator sees")
	}
	if c.Answer != nil && c.Answers != nil {
		return s.at("$.answers", "answer and answers exclude each other", "keep answers, one for each check in turn")
	}
	if c.Answer != nil {
		if err := s.answer("$.answer", c.Answer); err != nil {
			return err
		}
		c.Answers, c.Answer = []Answer{*c.Answer}, nil
	} else {
		for i := range c.Answers {
			if err := s.answer(fmt.Sprintf("$.answers[%d]", i), &c.Answers[i]); err != nil {
				return err
			}
		}
	}
	return s.story(c)
}

// story checks that the parts of a scenario make sense together.
func (s source) story(c *Scenario) error {
	if len(c.Answers) == 0 && len(c.Expect) == 0 {
		return s.at("$", "nothing is said about the outcome", "write answer, or expect for what the mock answers by itself")
	}
	if len(c.Answers) > 0 && c.When == (When{}) {
		return s.at("$.when", "when must name at least one of carrier_code, subscriber_num and card", "a subscriber_num that no other scenario has is best")
	}
	if len(c.Answers) == 0 && c.When != (When{}) {
		return s.at("$.when", "when without an answer does nothing", "write answer, or say under patient who is checked")
	}
	if key, rule, hint := c.Webhook.check(); rule != "" {
		return s.at(strings.TrimSuffix("$.webhook."+key, "."), rule, hint)
	}
	for i, text := range c.Expect {
		place := fmt.Sprintf("$.expect[%d]", i)
		if err := s.expected(place, text, &c.Expect[i]); err != nil {
			return err
		}
		if i < len(c.Answers) && c.Expect[i] != c.Answers[i].outcome() {
			return s.at(place, "expect contradicts the answer", "remove expect: what the answers say is expected without it")
		}
	}
	if err := s.card("$.when.card", c.When.Card); err != nil {
		return err
	}
	if err := s.patient("$.patient", c.Patient); err != nil {
		return err
	}
	if c.Preview != nil {
		if c.Is(MockOnly) {
			return s.at("$.preview", "a mock-only story has nobody on a real target", "remove preview, or the label mock-only")
		}
		return s.patient("$.preview", *c.Preview)
	}
	return nil
}

// outcome is what must be expected of an answer.
func (a Answer) outcome() string {
	if a.Silent {
		return NoAnswer
	}
	return a.Text
}

func (s source) answer(place string, a *Answer) error {
	switch {
	case a.Silent && (a.Text != "" || a.After != nil):
		return s.at(place, "a silent answer has no text and no time", "remove silent, or the rest")
	case a.Silent:
		return nil
	case a.Text == "":
		return s.at(place, "an answer needs a text", "write a text of eligibility_response, its code, or silent")
	}
	return s.text(place, a.Text, &a.Text, &a.Code)
}

func (s source) expected(place, text string, into *string) error {
	if text == NoAnswer {
		return nil
	}
	var code string
	return s.text(place, text, into, &code)
}

// text puts the text and the code for what a file says, which may be either.
func (s source) text(place, said string, text, code *string) error {
	if said == Success {
		return nil
	}
	if r, ok := ReasonOf(said); ok {
		*text, *code = r.Text, r.Code
		return nil
	}
	texts := []string{Success, silent, NoAnswer}
	for _, r := range Reasons() {
		texts = append(texts, r.Text)
	}
	hint := "`vsee-mock scenarios texts` lists them"
	if near := nearest(said, texts); near != "" {
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
