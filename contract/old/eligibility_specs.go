//go:build ignore

package contract

import (
	"net/http"
	"time"

	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

func eligibilitySpecs(t *target) {
	t.in("Eligibility check", func() {
		t.require(required{
			id: "ELIG-001", title: "saves nothing before the cron job has run",
			level: should, operation: "startEligibilityCheck", effect: mutating, evidence: inferred,
		}, func(w *world) {
			u := w.insured()
			w.start(u, w.carrier())
			Expect(w.saved(u, "primary")).To(BeEmpty(), "the result on the card before the cron job has run, of which there must be none")
		})
		t.require(required{
			id: "ELIG-003", title: "saves its result on the card of its carrier and on no other",
			level: must, operation: "startEligibilityCheck", effect: mutating, evidence: seed,
		}, func(w *world) {
			who := w.sample
			who.Card = "secondary"
			u := w.insuredBy(who)
			w.update(u, asMultipart(form{{"insurance.primary_carrier_code", "car7551"}, {"insurance.primary_subscriber_num", "234234"}}))
			w.start(u, w.carrier())
			Expect(w.saved(u, "secondary")).To(BeEmpty(), "the result on the secondary card before the cron job has run, of which there must be none")
			w.pass(cronDelay)
			w.eventually("the result on the secondary card", func() any { return w.saved(u, "secondary") }, Not(BeEmpty()))
			Expect(w.saved(u, "primary")).To(BeEmpty(), "the result on the primary card, of which there must be none")
		})
		t.require(required{
			id: "ELIG-004", title: "does not wait for another: the last to end wins",
			level: may, operation: "startEligibilityCheck", effect: mutating, evidence: ours, needs: []need{aClock},
		}, func(w *world) {
			u := w.insuredBy(scenarios.Patient{CarrierCode: "car7556", SubscriberNum: "70000093"}) // no response at first, then eligible
			first := w.start(u, w.carrier())
			w.pass(cronDelay / 2)
			second := w.start(u, w.carrier())
			Expect(second).NotTo(Equal(first), "the id of another check")
			w.pass(cronDelay / 2)
			Expect(w.saved(u, "primary")).To(Equal("No response received by clearinghouse"), "the result on the card when the first check is due, which must be No response received by clearinghouse")
			w.pass(cronDelay / 2)
			Expect(w.saved(u, "primary")).To(Equal("Success"), "the result on the card when the second check is due, which must be Success")
		})
		t.require(required{
			id: "ELIG-005", title: "is answered with a reject reason when data is missing",
			level: must, operation: "startEligibilityCheck", effect: mutating, evidence: documented,
		}, func(w *world) {
			who := w.sample
			who.Without = []string{"subscriber_num"}
			u := w.insuredBy(who)
			w.start(u, w.carrier())
			Expect(w.saved(u, "primary")).To(BeEmpty(), "the result on the card before the cron job has run, of which there must be none")
			w.pass(cronDelay)
			w.eventually("the result on the card, which must be Invalid/Missing subscriber/insured ID", func() any { return w.saved(u, "primary") }, Equal("Invalid/Missing subscriber/insured ID"))
		})
		t.require(required{
			id: "ELIG-006", title: "is refused for a carrier that the clinic lacks",
			level: may, operation: "startEligibilityCheck", effect: mutating, evidence: ours,
		}, func(w *world) {
			u := w.insured()
			refused(w.send(http.MethodPost, checkPath(u.id, "nobody"), payload{}, byToken(u.token)), http.StatusBadRequest)
		})
		t.require(required{
			id: "ELIG-007", title: "is refused for a carrier on neither card",
			level: may, operation: "startEligibilityCheck", effect: mutating, evidence: ours,
		}, func(w *world) {
			u := w.insured()
			refused(w.send(http.MethodPost, checkPath(u.id, "car7551"), payload{}, byToken(u.token)), http.StatusBadRequest)
		})
		t.require(required{
			id: "ELIG-008", title: "is refused for an unknown user",
			level: may, operation: "startEligibilityCheck", effect: mutating, evidence: ours,
		}, func(w *world) {
			r := w.send(http.MethodPost, checkPath("999999999", w.carrier()), payload{}, byToken(w.clinic.AdminToken))
			refused(r, http.StatusNotFound)
		})
		t.require(required{
			id: "ELIG-009", title: "is refused with a token that has expired",
			level: must, operation: "startEligibilityCheck", effect: mutating, evidence: seed, needs: []need{aClock},
		}, func(w *world) {
			u := w.insured()
			w.pass(86_400 * time.Second)
			r := w.send(http.MethodPost, checkPath(u.id, w.carrier()), payload{}, byToken(u.token))
			refused(r, http.StatusUnauthorized)
		})
		t.require(required{
			id: "ELIG-010", title: "saves its result for its patient and for nobody else",
			level: must, operation: "startEligibilityCheck", effect: mutating, evidence: seed,
		}, func(w *world) {
			other, u := w.insured(), w.insured()
			id := w.start(u, w.carrier())
			w.pass(cronDelay)
			w.eventually("the result on the patient's card", func() any { return w.saved(u, "primary") }, Not(BeEmpty()))
			Expect(w.saved(other, "primary")).To(BeEmpty(), "the result on another patient's card, of which there must be none")
			Expect(w.start(other, w.carrier())).NotTo(Equal(id), "the id of another check")
		})
	})
}
