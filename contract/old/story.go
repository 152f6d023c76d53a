//go:build ignore

package contract

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// cronDelay is the time between the start of a check and its cron job (seed, step 4).
const cronDelay = 10 * time.Second

// tokenLife is the lifetime of a user's token (seed, step 2).
const tokenLife = 86_400 * time.Second

const (
	primary   = "primary"
	secondary = "secondary"
)

// story is a scenario being played with a patient.
type story struct {
	*world
	tale     scenarios.Scenario
	patient  user
	form     form              // the patient's sign-on form
	signedOn time.Duration     // time of the sign-on, on the world's count
	expired  int               // how many of the patient's tokens have expired
	carriers map[string]string // by card
	saved    map[string]string // the text that must be saved on each card
	started  []string          // the ids of the checks
	requests map[string]int    // number of requests by operation
	claiming claiming
	faults   []int // how often each fault of the scenario occurred
}

// play plays a scenario: it makes each call of the patient's client in turn, and verifies the outcome of each.
func play(w *world, tale scenarios.Scenario, who scenarios.Patient) {
	s := enact(w, tale, who)
	steps, claims := tale.Steps(), tale.ClaimSteps()
	for _, call := range tale.Script() {
		switch {
		case call.Wait != nil:
			s.pass(time.Duration(*call.Wait))
		case call.Claim != "":
			s.claims(claims[0])
			claims = claims[1:]
		case call.Read:
			s.reads()
		default:
			s.checks(steps[0])
			steps = steps[1:]
		}
	}
	if tale.Clinic.TokenLife != nil {
		Expect(s.expired).To(BeNumerically(">", 0), "tokens that have expired in the course of the story")
	}
	s.wentWrong()
	if w.isMock() && tale.When.IsTimed() {
		s.isOver()
	}
}

// enact signs the scenario's patient on and stores the scenario's cards. Two cards have different carriers, and
// the same number.
func enact(w *world, tale scenarios.Scenario, who scenarios.Patient) *story {
	GinkgoHelper()
	s := &story{
		world: w, tale: tale, form: patientOf(who), signedOn: w.passed, carriers: tale.Carriers(who),
		saved: map[string]string{}, requests: map[string]int{}, faults: make([]int, len(tale.HTTP)),
	}
	w.spoiled = slices.ContainsFunc(tale.Steps(), func(step scenarios.Step) bool { return step.Webhook.Altered || step.Webhook.ExtraField }) ||
		tale.ClaimWebhook.Altered || tale.ClaimWebhook.ExtraField
	s.patient = w.signOn(s.form)
	for _, card := range []string{primary, secondary} {
		if carrier := s.carriers[card]; carrier != "" {
			who.Card, who.CarrierCode = scenarios.Text(card), scenarios.Text(carrier)
			w.update(s.patient, asMultipart(cardOf(who)))
		}
	}
	return s
}

// checks starts a check as the patient's client and verifies its outcome.
func (s *story) checks(step scenarios.Step) {
	GinkgoHelper()
	s.awaits()
	s.renew()
	told := len(s.told())
	s.prepares(step.Webhook)
	started := s.now()
	id := s.starts(step.Card)
	if step.Unsaid {
		step.Response = scenarios.Success
	}
	if step.Response == "" {
		s.neverEnds(step.Card, told)
		return
	}
	s.ends(step, started, told)
	if s.receiver != nil {
		s.isTold(id, step, told)
	}
}

// awaits waits for a time at which the scenario applies, unless the scenario says how long its client waits.
func (s *story) awaits() {
	GinkgoHelper()
	if s.isMock() && s.tale.When.IsTimed() && len(s.tale.Calls) == 0 {
		now := s.now()
		s.pass(s.next(now, true).Sub(now))
	}
}

// next returns the first time, starting with from, at which the scenario applies, or with told false, does not.
func (s *story) next(from time.Time, told bool) time.Time {
	GinkgoHelper()
	at, found := s.tale.When.Next(from, told)
	Expect(found).To(BeTrue(), "there is a time")
	return at
}

// renew signs the patient on again after their token has expired. A scenario about expiry must show the refusal
// first.
func (s *story) renew() {
	GinkgoHelper()
	if !s.tokenIsOld() {
		return
	}
	refused(s.send(http.MethodGet, "/users/"+s.patient.id, payload{}, byToken(s.patient.token)), http.StatusUnauthorized)
	before := s.patient.id
	s.patient, s.signedOn = s.signOn(s.form), s.passed
	Expect(s.patient.id).To(Equal(before), "the patient's id after another sign-on")
	s.expired++
}

func (s *story) tokenIsOld() bool {
	life := tokenLife
	if said := s.tale.Clinic.TokenLife; said != nil {
		life = time.Duration(*said)
	}
	return s.passed-s.signedOn >= life
}

// reads asks for the patient as the patient's client and requires that the results are there.
func (s *story) reads() {
	GinkgoHelper()
	s.renew()
	for card, response := range s.saved {
		Expect(s.look(card)).To(Equal(response), "what the client reads")
	}
}

// look returns the text saved on a card. It uses the patient's token, or the clinic's after the patient's has
// expired.
func (s *story) look(card string) string {
	GinkgoHelper()
	header := byToken(s.patient.token)
	if s.tokenIsOld() {
		header = byToken(s.clinic.AdminToken)
	}
	r := s.ask("getUser", http.MethodGet, "/users/"+s.patient.id, header)
	Expect(r.Status).To(Equal(ok), "the status of the user")
	return r.text("data", "user_data", card, "eligibility_response")
}

// starts begins a check of a card, and returns its id.
func (s *story) starts(card string) string {
	GinkgoHelper()
	header := byToken(s.patient.token)
	header["X-AccountCode"] = s.clinic.AccountCode
	r := s.ask("startEligibilityCheck", http.MethodPost, checkPath(s.patient.id, s.carriers[card]), header)
	id := s.world.started(s.patient, s.carriers[card], r)
	s.started = append(s.started, id)
	return id
}

// neverEnds requires that a check has no outcome for as long as any client would wait.
func (s *story) neverEnds(card string, told int) {
	GinkgoHelper()
	s.pass(12 * time.Hour)
	Expect(s.look(card)).To(Equal(s.saved[card]), "the result on the card half a day later")
	Expect(s.told()).To(HaveLen(told), "the events half a day later")
}

// ends requires that a check ends at its due time, not before, and that its result is saved on its card alone.
func (s *story) ends(step scenarios.Step, started time.Time, told int) {
	GinkgoHelper()
	before := s.saved[step.Card]
	s.saved[step.Card] = step.Response
	if step.Webhook.BeforeReply {
		Expect(s.told()).NotTo(HaveLen(told), "the events when the start is answered")
		Expect(s.look(step.Card)).To(Equal(step.Response), "the result on the card when the start is answered, which must be "+step.Response)
		return
	}
	if after := s.delay(step, started); after > 0 {
		s.pass(after - 1)
		Expect(s.look(step.Card)).To(Equal(before), "the result on the card before the answer is due")
		s.pass(1)
	} else {
		s.pass(0)
	}
	if step.Webhook.AfterRead {
		s.staysQuiet(time.Hour, told)
	}
	due := "the result on the card when the answer is due, which must be " + step.Response
	var saved string
	s.eventually(due, func() any { // any answer belongs to this check: no other can arrive
		saved = s.look(step.Card)
		return saved
	}, Or(Equal(step.Response), Not(Equal(before))))
	Expect(saved).To(Equal(step.Response), due)
	for card, response := range s.saved {
		if card != step.Card {
			Expect(s.look(card)).To(Equal(response), "the result on the other card")
		}
	}
}

// delay returns the time between the start and the end of a check.
func (s *story) delay(step scenarios.Step, started time.Time) time.Duration {
	delay := cronDelay
	if said := s.tale.Clinic.CronDelay; said != nil {
		delay = time.Duration(*said)
	}
	return step.Delay(started, delay)
}

// isOver requires that a scenario for certain times does not apply at other times. The patient has no other problem,
// so the result then is eligible, ten seconds after the start.
func (s *story) isOver() {
	GinkgoHelper()
	now := s.now()
	s.pass(s.next(now, false).Sub(now))
	s.renew()
	told, card := len(s.told()), cmp.Or(string(s.tale.Person().Card), primary)
	id := s.starts(card)
	s.pass(cronDelay - 1)
	Expect(s.told()).To(HaveLen(told), "the events before the answer is due, at another time")
	s.pass(1)
	Expect(s.look(card)).To(Equal(scenarios.Success), "the result at another time, which must be "+scenarios.Success)
	s.arrives(id, scenarios.Success, told, scenarios.Webhook{})
}
