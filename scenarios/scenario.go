// Package scenarios has the language in which QA writes the answers of a clearinghouse, and a catalogue to start from.
// Each file is one scenario. The same file controls the mock and gives the contract suite its expectations of a target.
//
// A file of three lines is a whole scenario:
//
//	title: The insurer does not know the subscriber
//	when: {subscriber_num: "70000075"}
//	answer: Subscriber/Insured not found
package scenarios

import (
	"cmp"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Scenario is one story.
type Scenario struct {
	ID      string   `yaml:"-"`                   // the file's name without .yaml
	File    string   `yaml:"-"`                   // the file's name, as it was loaded
	Line    int      `yaml:"-"`                   // of `when`, or the first line without it
	Idle    []string `yaml:"-" json:",omitempty"` // keys of misbehaviours with a value without effect: "attempts: 0"
	Version string   `yaml:"version,omitempty"`   // of the language: v1, also when it is left out
	Title   string   `yaml:"title"`               // one sentence: the view of the patient or the integrator
	Labels  []string `yaml:"labels,omitempty"`    // words to select by in lists and suites
	When    When     `yaml:"when,omitempty"`      // the checks it answers
	// the checks and claims whose number counts: of a subscriber with an insurer when left out, or of a patient
	CountBy Text     `yaml:"count_by,omitempty"`
	Answer  *Answers `yaml:"answer,omitempty"` // short for answers with one in it; nil once loaded
	Answers Answers  `yaml:"answers,omitempty"`
	Chance  []Chance `yaml:"chance,omitempty"` // short for an answer with chance; nil once loaded
	// short for claims with one in it, which VSee has not defined; nil once loaded
	Claim   *Claims `yaml:"claim,omitempty"`
	Claims  Claims  `yaml:"claims,omitempty"` // the outcomes of the claims of the subscriber; VSee has not defined claims
	Visit   *Visit  `yaml:"visit,omitempty"`  // the course of each visit of the patient; nil: nothing happens by itself
	Webhook Webhook `yaml:"webhook,omitempty"`
	// ClaimWebhook is what goes wrong with telling of each status of those claims, which VSee has not defined, in the
	// words of webhook, of which it has those that say how often an event is sent and what is.
	ClaimWebhook Webhook `yaml:"claim_webhook,omitempty"`
	HTTP         []Fault `yaml:"http,omitempty"`   // the faults of the patient's requests
	Clinic       Clinic  `yaml:"clinic,omitempty"` // how the clinic is set up in which the story is played
	// the calls of the patient's client, where only wait lets time pass; one check for each answer, in turn, when left out
	Calls   []Call   `yaml:"calls,omitempty"`
	Patient Patient  `yaml:"patient,omitempty"`
	Expect  Expect   `yaml:"expect,omitempty"`
	Preview *Patient `yaml:"preview,omitempty"` // the patient for this scenario on a real target; nil for none
}

// CountByPatient is a CountBy: the checks of each card of a patient are counted, and the patient's claims, with any
// number and insurer.
const CountByPatient = "patient"

// Nth returns the number of a check or claim that counts, of the two.
func (s Scenario) Nth(ofSubscriber, ofPatient int) int {
	if s.CountBy == CountByPatient {
		return ofPatient
	}
	return ofSubscriber
}

// Version1 is the version of the language.
const Version1 = "v1"

// MockOnly is the label of a scenario that no real target can be made to show.
const MockOnly = "mock-only"

// Clinic is how a clinic is set up for a story, where it matters.
type Clinic struct {
	// how long after its start a check's cron job runs; of a range, by the clinic's seed
	CronDelay *Range    `yaml:"cron_delay,omitempty" json:"cron_delay,omitempty"`
	TokenLife *Duration `yaml:"token_life,omitempty" json:"token_life,omitempty"` // how long a user's token lives
	Webhook   *bool     `yaml:"webhook,omitempty" json:"webhook,omitempty"`       // false: the clinic has none
	// how many requests with one token are answered; the others get 429 and a Retry-After
	RateLimit *RateLimit `yaml:"rate_limit,omitempty" json:"rate_limit,omitempty"`
}

// RateLimit is how many requests are answered in a time.
type RateLimit struct {
	Requests Count `yaml:"requests" json:"requests"` // from 1 to 1000
	// on the clinic's clock, from the first of them; 1m when left out
	Per *Duration `yaml:"per,omitempty" json:"per,omitempty"`
}

// Window returns the time over which requests are counted.
func (l RateLimit) Window() time.Duration { return *durationOr(l.Per, time.Minute) }

// Call is one thing that a patient's client does.
type Call struct {
	Check string    `yaml:"check,omitempty" json:"check,omitempty"` // starts a check of this card: primary or secondary
	Wait  *Duration `yaml:"wait,omitempty" json:"wait,omitempty"`   // on the clinic's clock
	Read  bool      `yaml:"read,omitempty" json:"read,omitempty"`   // reads the patient, and so the results
	// fills in an intake, and walks in or books an appointment
	Visit bool `yaml:"visit,omitempty" json:"visit,omitempty"`
	// submits a claim, which VSee has not defined, to the insurer that was checked last: new, again for the last one
	// once more, or corrected for one in place of the last one; primary and secondary are new ones to that card's insurer
	Claim Text `yaml:"claim,omitempty" json:"claim,omitempty"`
	// changes the patient's card, as when they correct a number or change their plan; its result goes
	Card *CardChange `yaml:"card,omitempty" json:"card,omitempty"`
}

// CardChange is a change of a patient's card with the same insurer.
type CardChange struct {
	Card          Text `yaml:"card,omitempty" json:"card,omitempty"` // primary or secondary; primary when left out
	SubscriberNum Text `yaml:"subscriber_num,omitempty" json:"subscriber_num,omitempty"`
	GroupNumber   Text `yaml:"group_number,omitempty" json:"group_number,omitempty"`
}

// Of returns the changed card: primary or secondary.
func (c CardChange) Of() string { return cmp.Or(string(c.Card), primary) }

// Patient is the patient of a suite, as far as they differ from a complete patient with the carrier and number of
// `when`.
type Patient struct {
	CarrierCode   Text `yaml:"carrier_code,omitempty" json:"carrier_code,omitempty"`
	SubscriberNum Text `yaml:"subscriber_num,omitempty" json:"subscriber_num,omitempty"`
	GroupNumber   Text `yaml:"group_number,omitempty" json:"group_number,omitempty"`
	Card          Text `yaml:"card,omitempty" json:"card,omitempty"`
	Respparty     Text `yaml:"respparty,omitempty" json:"respparty,omitempty"`
	GuarantorName Text `yaml:"guarantor_name,omitempty" json:"guarantor_name,omitempty"`
	GuarantorDOB  Text `yaml:"guarantor_dob,omitempty" json:"guarantor_dob,omitempty"`
	FirstName     Text `yaml:"first_name,omitempty" json:"first_name,omitempty"`
	LastName      Text `yaml:"last_name,omitempty" json:"last_name,omitempty"`
	DOB           Text `yaml:"dob,omitempty" json:"dob,omitempty"`
	Gender        Text `yaml:"gender,omitempty" json:"gender,omitempty"`
	Zip           Text `yaml:"zip,omitempty" json:"zip,omitempty"`
	Code          Text `yaml:"code,omitempty" json:"code,omitempty"`
	Email         Text `yaml:"email,omitempty" json:"email,omitempty"`
	// Without names the missing data of the patient: subscriber_num, dob or gender.
	Without []string `yaml:"without,omitempty" json:"without,omitempty"`
}

// Expect lists the results that a target must show, one text for each check in turn; NoAnswer for a check that must not
// end. Without it, the texts of the answers are expected. Write it only for checks the mock answers by itself.
type Expect []string

// NoAnswer in Expect means a check that must not end.
const NoAnswer = "no answer"

// Text is a YAML scalar as written: 0012 is the text 0012, although YAML reads it as the number ten.
type Text = scalar.Text

// Count is how many of something, from 0 to 1000.
type Count = scalar.Count

// Duration is a time span: 10s, 5m, 1h30m, or with whole days: 60d, 1d12h.
type Duration = scalar.Duration

// Range is a time span, or all between two: 10s, or 5s..20s.
type Range = scalar.Range

// HasLabel reports whether the scenario has a label.
func (s Scenario) HasLabel(label string) bool { return slices.Contains(s.Labels, label) }
