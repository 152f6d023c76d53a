// Package scenarios is the language in which QA writes what a clearinghouse says, and the catalogue it starts from:
// one story a file. The same file tells the mock what to do and the contract suite what any target must show.
//
// A file of four lines is a whole scenario:
//
//	title: The insurer does not know the subscriber
//	labels: [ineligible]
//	when: {subscriber_num: "70000075"}
//	answer: Subscriber/Insured not found
package scenarios

import "time"

// Scenario is one story.
type Scenario struct {
	ID      string   `yaml:"-"`                // the file's name without .yaml
	Title   string   `yaml:"title"`            // one sentence: what the patient or the integrator sees
	Labels  []string `yaml:"labels,omitempty"` // what `scenarios list` and the suite select by
	When    When     `yaml:"when,omitempty"`   // the checks it answers
	Answer  *Answer  `yaml:"answer,omitempty"` // short for answers with one in it; nil once loaded
	Answers []Answer `yaml:"answers,omitempty"`
	Webhook Webhook  `yaml:"webhook,omitempty"`
	Patient Patient  `yaml:"patient,omitempty"`
	Expect  Expect   `yaml:"expect,omitempty"`
	Preview *Patient `yaml:"preview,omitempty"` // who stands for this story on a real target; nil: nobody can
}

// MockOnly is the label of a story that no real target can be made to show.
const MockOnly = "mock-only"

// When says which checks a scenario answers: those that match every field that is set.
type When struct {
	CarrierCode   Text `yaml:"carrier_code,omitempty"`
	SubscriberNum Text `yaml:"subscriber_num,omitempty"`
	Card          Text `yaml:"card,omitempty"` // primary or secondary
}

// Answer is what the clearinghouse says to one check. The first check of a subscriber gets the first answer of a
// scenario, the next one the next, and the last answer stays.
type Answer struct {
	Text   string    `yaml:"text,omitempty"`   // a text of eligibility_response, or its code; the text once loaded
	Code   string    `yaml:"-"`                // the code of the text; empty for Success
	Silent bool      `yaml:"silent,omitempty"` // no answer ever comes
	After  *Duration `yaml:"after,omitempty"`  // from the start of the check; nil: when the clinic's cron job runs
}

// Patient is who a suite checks: what differs from a complete patient with the carrier and number of `when`.
type Patient struct {
	CarrierCode   Text `yaml:"carrier_code,omitempty"`
	SubscriberNum Text `yaml:"subscriber_num,omitempty"`
	GroupNumber   Text `yaml:"group_number,omitempty"`
	Card          Text `yaml:"card,omitempty"`
	FirstName     Text `yaml:"first_name,omitempty"`
	LastName      Text `yaml:"last_name,omitempty"`
	DOB           Text `yaml:"dob,omitempty"`
	Gender        Text `yaml:"gender,omitempty"`
	// Without names what the patient does not have: subscriber_num, dob or gender.
	Without []string `yaml:"without,omitempty"`
}

// Expect is what a target must show, one text for each check in turn; NoAnswer for a check that must not end. What the
// answers say is expected without it, so it is for stories that the mock answers by itself.
type Expect []string

// NoAnswer stands in Expect for a check that must not end.
const NoAnswer = "no answer"

// Text is a YAML scalar taken as it is written: 0012 is the text 0012, where YAML reads the number ten.
type Text string

// Count is how many of something, from 0 to 1000.
type Count int

// Duration is a time span, written as Go writes it: 10s, 5m, 1h30m.
type Duration time.Duration

// Step is one check of a story and what must come of it.
type Step struct {
	Response string         // the text; empty when the check must not end
	After    *time.Duration // from the start of the check; nil for the clinic's cron delay
	Refused  int            // how many attempts of the webhook are refused before one is delivered
}

// Steps returns the checks of the story, in order.
func (s Scenario) Steps() []Step {
	steps := make([]Step, 0, max(len(s.Answers), len(s.Expect)))
	for _, a := range s.Answers {
		step := Step{Refused: int(s.Webhook.Refused)}
		if !a.Silent {
			step.Response = a.Text
			step.After = (*time.Duration)(a.After)
		}
		steps = append(steps, step)
	}
	for i, text := range s.Expect {
		if i == len(steps) {
			steps = append(steps, Step{Refused: int(s.Webhook.Refused)})
		}
		steps[i].Response = text
		if text == NoAnswer {
			steps[i].Response = ""
		}
	}
	return steps
}

// Is reports whether the scenario has a label.
func (s Scenario) Is(label string) bool {
	for _, l := range s.Labels {
		if l == label {
			return true
		}
	}
	return false
}

// Person returns whom the story is about: what `when` and `patient` say of the patient and their card, nothing else.
func (s Scenario) Person() Patient {
	p := s.Patient
	fill(&p.CarrierCode, s.When.CarrierCode)
	fill(&p.SubscriberNum, s.When.SubscriberNum)
	fill(&p.Card, s.When.Card)
	return p
}

func fill(t *Text, with Text) {
	if *t == "" {
		*t = with
	}
}
