//go:build ignore

package contract

import (
	"fmt"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claimSpecs adds the requirements of claims. VSee has not defined claims: all of it is ours, and for a mock
// alone.
func claimSpecs(t *target) {
	for _, s := range t.specs {
		if s.story != nil && len(s.story.ClaimSteps()) > 0 {
			s.operation = "submitClaim"
		}
	}
	// eligible signs a patient on and runs their check: a success, unless their number stands for another result.
	eligible := func(w *world, number scenarios.Text) user {
		GinkgoHelper()
		u := w.insuredBy(scenarios.Patient{CarrierCode: "car7556", SubscriberNum: number})
		w.start(u, "car7556")
		w.pass(cronDelay)
		return u
	}
	sample := func(w *world, u user) scenarios.SampleClaim {
		GinkgoHelper()
		return scenarios.NewSampleClaim(u.id, "car7556", w.now().UTC().Format(time.DateOnly))
	}
	submit := func(w *world, claim scenarios.SampleClaim, token string) response {
		GinkgoHelper()
		return w.send(http.MethodPost, claimPath, asJSON(claim), byToken(token))
	}
	taken := func(w *world, claim scenarios.SampleClaim, token string) string {
		GinkgoHelper()
		r := submit(w, claim, token)
		Expect(r.Status).To(Equal(ok), "the status of the submission")
		return r.text("data", "claim_id")
	}
	t.in("Claim, undefined by VSee,", func() {
		add := func(id, title, operation string, body func(w *world)) {
			t.require(required{
				id: id, title: title, level: may, operation: operation, effect: mutating, evidence: ours, needs: []need{aMock},
			}, body)
		}
		add("CLAIM-001", "is submitted for a member whose check was a success", "submitClaim", func(w *world) {
			u := eligible(w, "234234")
			r := submit(w, sample(w, u), u.token)
			Expect(r.Status).To(Equal(ok), "the status of the reply")
			Expect(r.text("data", "member_id")).To(Equal(u.id), "the member of the claim")
			Expect(r.text("data", "carrier_code")).To(Equal("car7556"), "the carrier of the claim")
			Expect(r.text("data", "status")).To(Equal("submitted"), "the status of the claim")
			Expect(r.Header.Get("X-Mock-Evidence")).To(Equal(ours), "the evidence that the mock gives")
		})
		add("CLAIM-003", "is refused for a member without a check that has ended", "submitClaim", func(w *world) {
			u := w.insured()
			refused(submit(w, sample(w, u), u.token), http.StatusBadRequest)
			w.start(u, w.carrier())
			refused(submit(w, sample(w, u), u.token), http.StatusBadRequest)
			w.pass(cronDelay)
			taken(w, sample(w, u), u.token)
		})
		add("CLAIM-004", "is refused for a member whose last check was not a success", "submitClaim", func(w *world) {
			u := eligible(w, "11000075")
			refused(submit(w, sample(w, u), u.token), http.StatusBadRequest)
		})
		add("CLAIM-006", "is refused for a member whom the clinic lacks", "submitClaim", func(w *world) {
			refused(submit(w, sample(w, user{id: "999999999"}), w.clinic.AdminToken), http.StatusNotFound)
		})
		add("CLAIM-007", "is refused when it is a duplicate", "submitClaim", func(w *world) {
			u := eligible(w, "234234")
			claim := sample(w, u)
			taken(w, claim, u.token)
			claim.Lines[0], claim.Lines[1] = claim.Lines[1], claim.Lines[0]
			refused(submit(w, claim, u.token), http.StatusBadRequest)
			claim.Lines[0].Units = 2
			taken(w, claim, u.token)
		})
		add("CLAIM-008", "may be submitted again once the clearinghouse has rejected it", "submitClaim", func(w *world) {
			u := eligible(w, "12200021")
			claim := sample(w, u)
			id := taken(w, claim, u.token)
			w.pass(time.Hour)
			Expect(w.claim(u, id).text("data", "status")).To(Equal("rejected"), "the status of the claim")
			taken(w, claim, u.token)
		})
		add("CLAIM-009", "is refused when it breaks a rule that a real one has", "submitClaim", func(w *world) {
			u := eligible(w, "234234")
			for _, change := range []func(*scenarios.SampleClaim){
				func(c *scenarios.SampleClaim) { c.Total = "58.01" },
				func(c *scenarios.SampleClaim) { c.Lines[0].Pointers = []int{3} },
				func(c *scenarios.SampleClaim) { c.Lines[0].Procedure = "00000" },
				func(c *scenarios.SampleClaim) { c.Diagnoses = nil },
				func(c *scenarios.SampleClaim) { c.Diagnoses[0] = "A00.0" },
				func(c *scenarios.SampleClaim) { c.Facility = "none" },
				func(c *scenarios.SampleClaim) { c.Encounter = "2999-01-01" },
			} {
				claim := sample(w, u)
				change(&claim)
				refused(submit(w, claim, u.token), http.StatusBadRequest)
			}
			taken(w, sample(w, u), u.token)
		})
		add("CLAIM-010", "shows its diagnoses with a dot, and the relationship from respparty", "getClaim", func(w *world) {
			u := w.insuredBy(scenarios.Patient{
				CarrierCode: "car7556", SubscriberNum: "234234", Respparty: "child", GuarantorName: "Sam Sample", GuarantorDOB: "1960-01-01",
			})
			w.start(u, "car7556")
			w.pass(cronDelay)
			r := w.claim(u, taken(w, sample(w, u), u.token))
			Expect(r.at("data", "diagnoses")).To(Equal([]any{"R05.9", "Z20.822"}), "the diagnoses of the claim")
			Expect(r.text("data", "relationship", "standardrelationship")).To(Equal("3"), "the standard relationship code")
			Expect(r.text("data", "relationship", "hipaarelationship")).To(Equal("19"), "the relationship code of HIPAA")
		})
		add("CLAIM-011", "is shown to nobody but its member and the admin", "getClaim", func(w *world) {
			u, other := eligible(w, "234234"), w.insured()
			path := claimPath + "/" + taken(w, sample(w, u), u.token)
			refused(w.send(http.MethodGet, path, payload{}, byToken(other.token)), http.StatusForbidden)
			Expect(w.send(http.MethodGet, path, payload{}, byToken(w.clinic.AdminToken)).Status).To(Equal(ok), "the status of what the admin reads")
			refused(w.send(http.MethodGet, claimPath+"/1", payload{}, byToken(u.token)), http.StatusNotFound)
		})
		add("CLAIM-012", "is listed with the others of its member, the newest first", "listClaims", func(w *world) {
			u, other := eligible(w, "234234"), w.insured()
			claim := sample(w, u)
			first := taken(w, claim, u.token)
			claim.Encounter = "2001-02-03"
			second := taken(w, claim, u.token)
			for _, token := range []string{u.token, w.clinic.AdminToken} {
				r := w.send(http.MethodGet, claimPath+"?member_id="+u.id, payload{}, byToken(token))
				rows, _ := r.at("data", "claims").([]any)
				Expect(rows).To(HaveLen(2), "the claims of the member")
				Expect(rows[0]).To(HaveKeyWithValue("claim_id", second), "the claim that was submitted last")
				Expect(rows[1]).To(HaveKeyWithValue("claim_id", first), "the claim that was submitted first")
				for start, id := range []string{second, first} {
					r := w.send(http.MethodGet, fmt.Sprintf("%s?member_id=%s&limit=1&start=%d", claimPath, u.id, start), payload{}, byToken(token))
					rows, _ := r.at("data", "claims").([]any)
					Expect(rows).To(HaveExactElements(HaveKeyWithValue("claim_id", id)), "the claims of a page of one")
					Expect(r.at("total_count")).To(BeEquivalentTo(2), "how many claims the member has, on every page")
				}
			}
			refused(w.send(http.MethodGet, claimPath+"?member_id="+u.id, payload{}, byToken(other.token)), http.StatusForbidden)
		})
		add("CLAIM-013", "has amounts that add up, whatever is paid of it", "getClaim", func(w *world) {
			for _, of := range []struct {
				number scenarios.Text
				status string
			}{{"234234", "paid"}, {"12100001", "partly_paid"}, {"12000097", "denied"}} {
				u := eligible(w, of.number)
				id := taken(w, sample(w, u), u.token)
				w.pass(time.Hour)
				r := w.claim(u, id)
				Expect(r.text("data", "status")).To(Equal(of.status), "the status of the claim")
				addsUp(r)
			}
		})
		add("CLAIM-014", "is told to the webhook at each of its statuses", "claim.updated", func(w *world) {
			u := eligible(w, "12000097")
			id := taken(w, sample(w, u), u.token)
			w.pass(time.Hour)
			var told []string
			for _, e := range w.events(u)[1:] {
				Expect(e.Type).To(Equal("claim.updated"), "the type of the event")
				Expect(e.Data.ClaimID).To(Equal(id), "the claim that the event tells of")
				told = append(told, e.Data.ClaimStatus)
			}
			Expect(told).To(Equal([]string{"acknowledged", "accepted", "denied"}), "what the events tell, one after the other")
		})
		add("CLAIM-015", "is refused when another person is meant than was checked", "submitClaim", func(w *world) {
			u := eligible(w, "234234")
			claim := sample(w, u)
			taken(w, claim, u.token)
			claim.Encounter = "2001-02-03"
			w.update(u, asURLEncoded(form{{"first_name", "Somebody"}, {"last_name", "Else"}}))
			refused(submit(w, claim, u.token), http.StatusBadRequest)
		})
	})
}
