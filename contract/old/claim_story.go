//go:build ignore

package contract

import (
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claiming is the state of a scenario's claims.
type claiming struct {
	days int                   // number of claims with a day of service of their own
	last scenarios.SampleClaim // the latest submitted claim
}

// claimPath is the path to submit and to list claims.
const claimPath = "/insurance/claims"

// claims submits a claim as the patient's client, and verifies its outcome.
func (s *story) claims(step scenarios.ClaimStep) {
	GinkgoHelper()
	s.renew()
	if !step.Again || s.claiming.days == 0 {
		day := s.now().UTC().AddDate(0, 0, -s.claiming.days).Format(time.DateOnly)
		s.claiming.last = scenarios.NewSampleClaim(s.patient.id, s.carriers[step.Card], day)
		s.claiming.days++
	}
	told := len(s.told())
	r := s.send(http.MethodPost, claimPath, asJSON(s.claiming.last), byToken(s.patient.token))
	if step.Refused != "" {
		refused(r, http.StatusBadRequest)
		s.staysQuiet(12*time.Hour, told)
		return
	}
	Expect(r.Status).To(Equal(ok), "the status of the submission")
	Expect(r.text("data", "status")).To(Equal(scenarios.Submitted), "the status of the claim")
	s.goesOn(r.text("data", "claim_id"), step.Claim, told)
}

// goesOn requires that a claim gets each of its statuses at the due time, not before, and no other status.
func (s *story) goesOn(id string, c scenarios.Claim, told int) {
	GinkgoHelper()
	status := scenarios.Submitted
	s.prepares(s.tale.ClaimWebhook)
	for _, stage := range c.Stages() {
		wait := cronDelay
		if said := s.tale.Clinic.CronDelay; said != nil {
			wait = time.Duration(*said)
		}
		if stage.After != nil {
			wait = *stage.After
		}
		if wait > 0 {
			s.pass(wait - 1)
			Expect(s.submitted(id).text("data", "status")).To(Equal(status), "the status of the claim before it is "+stage.Status)
			wait = 1
		}
		s.pass(wait)
		status = stage.Status
		Expect(s.submitted(id).text("data", "status")).To(Equal(status), "the status of the claim, which must now be "+status)
		told = s.isToldOfClaim(id, status, told)
	}
	s.pass(12 * time.Hour)
	r := s.submitted(id)
	Expect(r.text("data", "status")).To(Equal(status), "the status of the claim half a day later, which must be "+status)
	Expect(s.told()).To(HaveLen(told), "the events half a day later")
	if stages := c.Stages(); len(stages) > 0 && stages[len(stages)-1].Category == "" {
		addsUp(r)
	}
}

// isToldOfClaim requires an event about a claim's status at the clinic's webhook, and returns the number of events
// by then.
func (s *story) isToldOfClaim(id, status string, told int) int {
	GinkgoHelper()
	m := s.tale.ClaimWebhook
	if s.receiver == nil || noWebhook(s.tale) || m.Drop {
		return told
	}
	all := told + copies(m)
	s.eventually("how many events have come", func() any { return len(s.told()) }, Equal(all))
	ids := map[string]bool{}
	for _, e := range s.told()[told:] {
		ids[e.ID] = true
		Expect(e.Type).To(Equal("claim.updated"), "the type of the last event")
		Expect(e.Data.ClaimID).To(Equal(id), "the claim that the last event tells of")
		Expect(e.Data.ClaimStatus).To(Equal(status), "the status that the last event tells of, which must be "+status)
		s.hasBody(e, m)
		s.isSigned(e, m)
	}
	Expect(ids).To(HaveLen(max(int(m.Burst), 1)), "the events that have come")
	return all
}

// submitted returns a claim of the scenario. It uses the patient's token, or the clinic's after the patient's has
// expired.
func (s *story) submitted(id string) response {
	GinkgoHelper()
	if s.tokenIsOld() {
		return s.claim(user{s.patient.id, s.clinic.AdminToken}, id)
	}
	return s.claim(s.patient, id)
}

// claim returns a claim by its member's token.
func (w *world) claim(u user, id string) response {
	GinkgoHelper()
	r := w.send(http.MethodGet, claimPath+"/"+id, payload{}, byToken(u.token))
	Expect(r.Status).To(Equal(ok), "the status of the claim")
	return r
}

// addsUp requires that the amounts add up: a claim is billed for the sum of the paid, adjusted and patient amounts, and
// each line for the sum of its paid amount and its adjustments.
func addsUp(r response) {
	GinkgoHelper()
	cents := func(of any, name string) float64 {
		object, _ := of.(map[string]any)
		amount, _ := object[name].(float64)
		return amount
	}
	claim := r.at("data")
	Expect(cents(claim, "paid_cents")+cents(claim, "adjusted_cents")+cents(claim, "patient_responsibility_cents")).
		To(Equal(cents(claim, "billed_cents")), "what is paid, adjusted and left to the patient")
	lines, _ := r.at("data", "lines").([]any)
	Expect(lines).NotTo(BeEmpty(), "the lines of the claim")
	for _, line := range lines {
		sum := cents(line, "paid_cents")
		object, _ := line.(map[string]any)
		adjustments, _ := object["adjustments"].([]any)
		for _, a := range adjustments {
			sum += cents(a, "amount_cents")
		}
		Expect(sum).To(Equal(cents(line, "billed_cents")), "what is paid and adjusted of a line")
	}
}
