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

// cronDelay is how long after its start a check's cron job runs (seed, step 4).
const cronDelay = 10 * time.Second

// retries is how long after each refused attempt an event is sent again, as openapi.yaml says.
func retries() []time.Duration {
	return []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
}

// scenarioSpecs adds one spec for each story. A target that is not a mock is asked about the patient of `preview`.
func scenarioSpecs(t *target, stories scenarios.Set) {
	Describe("Scenario", func() {
		for _, s := range stories {
			It(s.Title+" ("+s.ID+")", Label(append([]string{"scenario"}, s.Labels...)...), func(ctx SpecContext) {
				who := s.Person()
				if !t.isMock() {
					if s.Preview == nil {
						Skip("only a mock can be told to tell this story: the file names no preview patient")
					}
					who = *s.Preview
				}
				play(t.enter(ctx), s, who)
			})
		}
	})
}

// play plays a story with a patient: every check of it, and what must come of each.
func play(w *world, s scenarios.Scenario, who scenarios.Patient) {
	who.CarrierCode = cmp.Or(who.CarrierCode, "car7556")
	who.Card = cmp.Or(who.Card, "primary")
	patient, card := w.insuredBy(who), string(who.Card)
	before := ""
	for _, step := range s.Steps() {
		told := len(w.events(patient))
		id := w.start(patient, string(who.CarrierCode))
		if step.Response == "" {
			neverEnds(w, patient, card, before)
			continue
		}
		ends(w, patient, card, before, step)
		if w.receiver != nil {
			isTold(w, patient, id, step, told)
		}
		before = step.Response
	}
}

// neverEnds requires that nothing comes of a check, for as long as anybody would wait.
func neverEnds(w *world, u user, card, before string) {
	GinkgoHelper()
	told := len(w.events(u))
	w.pass(12 * time.Hour)
	Expect(w.saved(u, card)).To(Equal(before), "half a day later, on the card")
	Expect(w.events(u)).To(HaveLen(told), "half a day later, at the webhook")
}

// ends requires that a check ends when it must, not before, and that its result is saved on the card.
func ends(w *world, u user, card, before string, step scenarios.Step) {
	GinkgoHelper()
	after := cronDelay
	if step.After != nil {
		after = *step.After
	}
	if after > 0 {
		w.pass(after - 1)
		Expect(w.saved(u, card)).To(Equal(before), "on the card before the answer is due")
		w.pass(1)
	}
	w.eventually("on the card when the answer is due", func() any { return w.saved(u, card) }, Equal(step.Response))
}

// isTold requires that the clinic's webhook is told once of a check, after the attempts that the story has refused.
func isTold(w *world, u user, id string, step scenarios.Step, told int) {
	GinkgoHelper()
	for _, wait := range retries()[:step.Refused] {
		Expect(w.events(u)).To(HaveLen(told), "before the webhook is no longer refused")
		w.pass(wait)
	}
	w.eventually("at the webhook", func() any { return len(w.events(u)) }, Equal(told+1))
	e := w.events(u)[told]
	Expect(e.Type).To(Equal("eligibility.checked"))
	Expect(e.Account).To(Equal(w.clinic.AccountCode))
	Expect(e.Data.CheckID).To(Equal(id))
	Expect(e.Data.Response).To(Equal(step.Response))
	if w.clinic.Webhook.Secret != "" {
		Expect(verify(e.Header, w.clinic.Webhook.Secret, e.Body)).To(Succeed(), "by the secret of "+EnvWebhookSecret)
	}
}

// patientOf returns the sign-on of a story's patient.
func patientOf(who scenarios.Patient) form {
	f := form{{"type", "200"}, {"code", unique()}, {"street_addr", "2868 Tully Street"}, {"city", "Detroit"}, {"state", "MI"}, {"zip", "48226"}}
	for _, field := range [][3]string{
		{"first_name", string(who.FirstName), "Contract"},
		{"last_name", string(who.LastName), "Patient"},
		{"dob", string(who.DOB), "1986-01-01"},
		{"gender", string(who.Gender), "1"},
	} {
		if !slices.Contains(who.Without, field[0]) {
			f = f.and(field[0], cmp.Or(field[1], field[2]))
		}
	}
	return f
}

// cardOf returns the update that stores the card of a story's patient.
func cardOf(who scenarios.Patient) form {
	card := "insurance." + cmp.Or(string(who.Card), "primary")
	f := form{{card + "_carrier_code", string(who.CarrierCode)}, {"insurance.respparty", "self"}}
	if !slices.Contains(who.Without, "subscriber_num") {
		f = f.and(card+"_subscriber_num", cmp.Or(string(who.SubscriberNum), "234234"))
	}
	if who.GroupNumber != "" {
		f = f.and(card+"_group_number", string(who.GroupNumber))
	}
	return f
}

// ok is the status of every success, creation included.
const ok = http.StatusOK
