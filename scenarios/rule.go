package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/rule"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// finish puts a scenario into its final form, and checks the rules not covered by its types.
func (s source) finish(c *Scenario) error {
	wrong := []error{s.checkRules("$", scenarioRules, *c)}
	place := "$.answers"
	switch {
	case c.Answer != nil:
		place, c.Answers, c.Answer = "$.answer", *c.Answer, nil
	case len(c.Chance) > 0:
		place, c.Answers.Both, c.Chance = "$", []Answer{{Chance: c.Chance, Line: s.problemAt("$.chance", "", "").Line}}, nil
	}
	_ = c.Answers.each(place, func(place string, a *Answer) error { // the problems of all, not the first
		wrong = append(wrong, s.finishAnswer(place, a))
		return nil
	})
	wrong = append(wrong, s.finishClaims(c), s.checkParts(c))
	if err := errors.Join(wrong...); err != nil || len(s.dropped) > 0 {
		return err
	}
	return s.checkWhole(c)
}

// checkWhole checks that the parts make sense together, once each is right by itself.
func (s source) checkWhole(c *Scenario) error {
	if err := s.checkBeforeReply(c); err != nil {
		return err
	}
	if err := s.checkCards(c); err != nil {
		return err
	}
	if err := s.checkCorrections(c); err != nil {
		return err
	}
	return s.checkExpectations(c)
}

// checkParts checks the parts of a scenario, each by itself.
func (s source) checkParts(c *Scenario) error {
	type part struct {
		place string
		rules rule.Set
		value any
	}
	parts := []part{
		{"$.webhook", webhookRules, c.Webhook}, {"$.claim_webhook", claimWebhookRules,
			c.ClaimWebhook},
		{"$.claim_webhook", webhookRules, c.ClaimWebhook}, {"$.clinic", clinicRules, c.Clinic}, {"$.patient", patientRules,
			c.Patient},
	}
	if c.Visit != nil {
		parts = append(parts, part{"$.visit", visitRules, *c.Visit})
	}
	if c.Preview != nil {
		parts = append(parts, part{"$.preview", patientRules, *c.Preview})
	}
	if c.Clinic.RateLimit != nil {
		parts = append(parts, part{"$.clinic.rate_limit", rateLimitRules, *c.Clinic.RateLimit})
	}
	for i, fault := range c.HTTP {
		parts = append(parts, part{fmt.Sprintf("$.http[%d]", i), faultRules(), fault})
	}
	for i, call := range c.Calls {
		parts = append(parts, part{fmt.Sprintf("$.calls[%d]", i), callRules, call})
		if call.Card != nil {
			parts = append(parts, part{fmt.Sprintf("$.calls[%d].card", i), cardChangeRules, *call.Card})
		}
	}
	wrong := []error{s.checkWhen("$.when", c.When)}
	for _, one := range parts {
		wrong = append(wrong, s.checkRules(one.place, one.rules, one.value))
	}
	return errors.Join(wrong...)
}

// checkBeforeReply checks for a contradiction: an answer before the reply must not have a time of its own.
func (s source) checkBeforeReply(c *Scenario) error {
	return c.Answers.each("$.answers", func(place string, a *Answer) error {
		if c.WebhookOf(*a).BeforeReply && (a.After != nil || a.At != "") {
			if !a.Webhook.BeforeReply {
				place = "$"
			}
			return s.problemAt(place+".webhook.before_reply", "before_reply has the check end at once, and an answer has a time",
				"remove before_reply, or after and at")
		}
		return nil
	})
}

// checkCorrections checks that the insurer decides each claim that is corrected.
func (s source) checkCorrections(c *Scenario) error {
	steps := c.ClaimSteps()
	for i, call := range c.Calls {
		if call.Claim == "" {
			continue
		}
		if steps[0].Refused == NotDecided {
			return s.problemAt(fmt.Sprintf("$.calls[%d].claim", i), "there is no decided claim to correct",
				"submit a claim that is paid, partly_paid or denied before it, to the same insurer")
		}
		steps = steps[1:]
	}
	return nil
}

// checkCards checks that a card of the scenario has an answer, and that the patient's card, if named, is one of these.
func (s source) checkCards(c *Scenario) error {
	cards := c.concerned()
	switch {
	case len(cards) == 0:
		return s.problemAt("$.when.card", "there is no answer for this card",
			"write an answer for it, or leave card out")
	case c.Patient.Card != "" && len(c.Calls) == 0 && !slices.Contains(cards, string(c.Patient.Card)):
		return s.problemAt("$.patient.card", "the scenario answers no check of this card",
			"write the card that is answered, or leave card out")
	}
	return nil
}

// checkExpectations reports an expected text that contradicts the answers.
func (s source) checkExpectations(c *Scenario) error {
	for i, text := range c.Expect {
		if err := s.finishExpected(fmt.Sprintf("$.expect[%d]", i), text, &c.Expect[i]); err != nil {
			return err
		}
	}
	if c.Answers.IsZero() {
		return nil
	}
	said := *c
	said.Calls, said.Expect = c.Script(), nil // the same checks, with the texts of the answers
	answered := said.Steps()
	for i, text := range c.Expect {
		if i < len(answered) && !answered[i].ByItself &&
			(len(answered[i].Chance) > 0 || text != expectedText(answered[i])) {
			return s.problemAt(fmt.Sprintf("$.expect[%d]", i), "expect contradicts the answer",
				"remove expect: the answers are expected without it")
		}
	}
	return nil
}

// expectedText is the text that expect must have for a check.
func expectedText(step Step) string {
	if step.Response == "" {
		return NoAnswer
	}
	return step.Response
}

func (s source) finishAnswer(place string, a *Answer) error {
	if list, isFirst := strings.CutSuffix(place, "[0]"); isFirst {
		place = s.itemPlace(list, 0)
	}
	if err := s.checkRules(place+".webhook", webhookRules, a.Webhook); err != nil {
		return err
	}
	if err := s.checkRules(place, answerRules, *a); err != nil || a.Silent || a.Undocumented {
		return err
	}
	for i := range a.Chance {
		at := fmt.Sprintf("%s.chance[%d]", place, i)
		if err := s.checkRules(at, chanceRules, a.Chance[i]); err != nil {
			return err
		}
		if err := s.finishAnswer(at+".answer", &a.Chance[i].Answer); err != nil {
			return err
		}
	}
	if len(a.Chance) > 0 {
		return nil
	}
	return s.finishText(place, a.Text, &a.Text, &a.Code, silent)
}

func (s source) finishExpected(place, text string, into *string) error {
	if text == NoAnswer {
		return nil
	}
	var code string
	return s.finishText(place, text, into, &code, NoAnswer)
}

// finishText sets the text and the code from a value in a file; the value may be either. never is how this place writes
// a check without an answer.
func (s source) finishText(place, said string, text, code *string, never string) error {
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
	const asItIs = "; to send it as it is, write {text: …, undocumented: true}"
	hint := "`vsee-mock scenarios texts` lists them" + asItIs
	if near := suggest.Name(said, texts); said == silent || said == NoAnswer {
		hint = "write `" + never + "` alone for a check that never ends"
	} else if near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if never == NoAnswer {
		hint = strings.TrimSuffix(hint, asItIs)
	}
	return s.problemAt(place, fmt.Sprintf("%q is neither a text of eligibility_response nor a code", said), hint)
}
