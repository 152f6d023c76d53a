package specs

import (
	"fmt"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claimEvent is the type of the event at each status of a claim.
const claimEvent = "claim.updated"

// claimSpecs adds the requirements of claims. VSee has not defined claims: all of it is ours, and for a mock alone.
func claimSpecs(l *list) {
	ask := func(id, title, operation string, body func(t *trial)) {
		l.require(rule{ID: id, Title: title, Operation: operation, Evidence: ours, Needs: []need{aMock}}, body)
	}
	submissionSpecs(ask)
	claimRefusalSpecs(ask)
	claimReadingSpecs(ask)
	amountSpecs(ask)
	claimReadBackSpecs(ask)
	ask("CLAIM-014", "Each status of a claim has an event", claimEvent, func(t *trial) {
		u := t.eligibleAs("12000097")
		id := t.submitted(t.sampleClaim(u), u)
		t.Pass(time.Hour)
		statuses := []any{}
		for _, e := range t.NeedEvents(u, claimEvent, 3) {
			e.Equal("/data/claim_id", id, "the event must be about the claim")
			statuses = append(statuses, e.Data.ClaimStatus)
		}
		events := t.Events(u)
		events[len(events)-1].Value("/data/status", statuses).Equal([]any{"acknowledged", "accepted", "denied"},
			"the events must have each status, in order")
	})
}

// eligibleAs signs a patient with a subscriber number on, and runs their check: it is a success, unless the number
// stands for another result.
func (t *trial) eligibleAs(number scenarios.Text) user {
	u := t.insuredAs(scenarios.Patient{CarrierCode: "car7556", SubscriberNum: number})
	t.startCheck(u, "car7556")
	t.Pass(cronDelay)
	return u
}

// eligible signs a patient on whose check was a success.
func (t *trial) eligible() user { return t.eligibleAs("234234") }

// sampleClaim returns a claim of a patient, dated with the clinic's current day.
func (t *trial) sampleClaim(u user) scenarios.SampleClaim {
	return scenarios.NewSampleClaim(u.ID, "car7556", t.Now().UTC().Format(time.DateOnly))
}

// claimRequest returns the request of a user to submit a claim.
func claimRequest(claim scenarios.SampleClaim, u user) engine.Request {
	return engine.Post(claimPath, engine.JSON(claim)).By(u)
}

// submitted submits a claim and returns its id.
func (t *trial) submitted(claim scenarios.SampleClaim, u user) string {
	return t.Send(claimRequest(claim, u)).NeedText("/data/claim_id")
}

// claim reads a claim by its member's token.
func (t *trial) claim(u user, id string) reply {
	return t.Send(engine.Get(claimPath + "/" + id).By(u))
}

// submissionSpecs cover the accepted claims.
func submissionSpecs(ask func(id, title, operation string, body func(t *trial))) {
	const submit = "submitClaim"
	ask("CLAIM-001",
		"POST /insurance/claims accepts a claim of a patient whose check was a success", submit, func(t *trial) {
			u := t.eligible()
			r := t.Send(claimRequest(t.sampleClaim(u), u))
			r.Equal("/data/member_id", u.ID, "the claim must be of the patient")
			r.Equal("/data/carrier_code", "car7556", "the claim must be to the carrier sent")
			r.Equal("/data/status", "submitted", "a new claim is submitted")
			r.Value("X-Mock-Evidence", r.Header.Get("X-Mock-Evidence")).Equal(string(ours),
				"the mock must say that VSee has no claims")
		})
	ask("CLAIM-008",
		"POST /insurance/claims accepts a claim again once the clearinghouse has rejected it", submit, func(t *trial) {
			u := t.eligibleAs("12200021")
			claim := t.sampleClaim(u)
			id := t.submitted(claim, u)
			t.Pass(time.Hour)
			t.claim(u, id).Equal("/data/status", "rejected", "the claim must be rejected")
			t.submitted(claim, u)
		})
	ask("CLAIM-020", "POST /insurance/claims takes the correction of a denied claim, once", submit, func(t *trial) {
		u := t.eligibleAs("12000097")
		claim := t.sampleClaim(u)
		original := t.submitted(claim, u)
		t.Pass(time.Hour)
		corrected := claim.Corrected(original)
		r := t.Send(claimRequest(corrected, u))
		id := r.NeedText("/data/claim_id")
		r.Value("/data/original_claim_id").Sent(original, "the correction must name its original")
		t.Pass(time.Hour)
		get, list := t.claim(u, id), t.Send(engine.Get(claimPath+"?member_id="+u.ID).By(u))
		for _, one := range []engine.Subject{get.Value("/data/original_claim_id"),
			list.Value("/data/claims/0/original_claim_id"), t.NeedEvents(u, claimEvent, 6)[5].Value("/data/original_claim_id")} {
			one.Equal(original, "the correction must name its original")
		}
		get.Equal("/data/frequency_code", "7", "a correction has the code of a replacement")
		t.claim(u, original).Absent("/data/original_claim_id", "the original corrects no claim")
		t.Send(claimRequest(corrected, u).As(result.BadField).Tests("/original_claim_id")).Refused()
	})
}

// claimRefusalSpecs cover the refused claims.
func claimRefusalSpecs(ask func(id, title, operation string, body func(t *trial))) {
	const submit = "submitClaim"
	refused := func(t *trial, claim scenarios.SampleClaim, u user, field string) {
		t.Send(claimRequest(claim, u).As(result.BadField).Tests(field)).Refused()
	}
	ask("CLAIM-003",
		"POST /insurance/claims refuses a claim of a patient without a check that has ended", submit, func(t *trial) {
			u := t.newInsured()
			refused(t, t.sampleClaim(u), u, "/member_id")
			t.startCheck(u, t.carrier())
			refused(t, t.sampleClaim(u), u, "/member_id")
			t.Pass(cronDelay)
			t.submitted(t.sampleClaim(u), u)
		})
	ask("CLAIM-004",
		"POST /insurance/claims refuses a claim of a patient whose last check was not a success", submit, func(t *trial) {
			u := t.eligibleAs("11000075")
			refused(t, t.sampleClaim(u), u, "/member_id")
		})
	ask("CLAIM-006", "POST /insurance/claims refuses a claim of a patient that the clinic lacks", submit, func(t *trial) {
		t.Send(t.byAdmin(claimRequest(t.sampleClaim(user{ID: "999999999"}), user{})).As(result.UnknownID)).Refused()
	})
	ask("CLAIM-007",
		"POST /insurance/claims refuses a duplicate, also with its lines in another order", submit, func(t *trial) {
			u := t.eligible()
			claim := t.sampleClaim(u)
			t.submitted(claim, u)
			claim.Lines[0], claim.Lines[1] = claim.Lines[1], claim.Lines[0]
			refused(t, claim, u, "")
			claim.Lines[0].Units = 2
			t.submitted(claim, u)
		})
	ask("CLAIM-009", "POST /insurance/claims refuses a claim that breaks a rule of real claims", submit, func(t *trial) {
		u := t.eligible()
		for _, c := range []struct {
			field  string
			change func(*scenarios.SampleClaim)
		}{
			{"/total", func(c *scenarios.SampleClaim) { c.Total = "58.01" }},
			{"/lines/*/diagnosis_pointers", func(c *scenarios.SampleClaim) { c.Lines[0].Pointers = []int{3} }},
			{"/lines/*/procedure_code", func(c *scenarios.SampleClaim) { c.Lines[0].Procedure = "00000" }},
			{"/diagnoses", func(c *scenarios.SampleClaim) { c.Diagnoses = nil }},
			{"/diagnoses/*", func(c *scenarios.SampleClaim) { c.Diagnoses[0] = "A00.0" }},
			{"/facility_code", func(c *scenarios.SampleClaim) { c.Facility = "none" }},
			{"/encounter_date", func(c *scenarios.SampleClaim) { c.Encounter = "2999-01-01" }},
		} {
			claim := t.sampleClaim(u)
			c.change(&claim)
			refused(t, claim, u, c.field)
		}
		t.submitted(t.sampleClaim(u), u)
	})
	ask("CLAIM-015",
		"POST /insurance/claims refuses a claim when another person is meant than was checked", submit, func(t *trial) {
			u := t.eligible()
			claim := t.sampleClaim(u)
			t.submitted(claim, u)
			claim.Encounter = "2001-02-03"
			t.update(u, engine.URLEncoded(form{{"first_name", "Another"}, {"last_name", "Person"}}))
			refused(t, claim, u, "/member_id")
		})
}

// claimReadingSpecs cover a claim when it is read.
func claimReadingSpecs(ask func(id, title, operation string, body func(t *trial))) {
	ask("CLAIM-010",
		"GET /insurance/claims/{claim_id} shows diagnoses with a dot, and the relationship from respparty", "getClaim",
		func(t *trial) {
			u := t.insuredAs(scenarios.Patient{
				CarrierCode: "car7556", SubscriberNum: "234234", Respparty: "child",
				GuarantorName: "Sam Sample", GuarantorDOB: "1960-01-01",
			})
			t.startCheck(u, "car7556")
			t.Pass(cronDelay)
			saved := t.read(u)
			const patient = "/data/insurance/patient"
			if saved.Text(patient+"/respparty") != "child" || saved.Text(patient+"/guarantor_dob") == "" {
				return // the card has another cause
			}
			r := t.claim(u, t.submitted(t.sampleClaim(u), u))
			r.Equal("/data/diagnoses", []any{"R05.9", "Z20.822"}, "the diagnoses must have a dot")
			r.Equal("/data/relationship/standardrelationship", "3", "the code must be that of a child")
			r.Equal("/data/relationship/hipaarelationship", "19", "the code must be that of a child")
		})
	ask("CLAIM-011",
		"GET /insurance/claims/{claim_id} shows a claim to its patient and the admin alone", "getClaim", func(t *trial) {
			u, other := t.eligible(), t.newInsured()
			q := engine.Get(claimPath + "/" + t.submitted(t.sampleClaim(u), u))
			t.Send(q.Token(other.Token).As(result.OtherUser)).Refused()
			t.Send(t.byAdmin(q).About(u)).Expected()
			t.Send(engine.Get(claimPath + "/1").By(u).As(result.UnknownID)).Refused()
		})
	ask("CLAIM-012",
		"GET /insurance/claims lists the claims of a patient, the newest first", "listClaims", func(t *trial) {
			u, other := t.eligible(), t.newInsured()
			claim := t.sampleClaim(u)
			first := t.submitted(claim, u)
			claim.Encounter = "2001-02-03"
			second := t.submitted(claim, u)
			q := engine.Get(claimPath + "?member_id=" + u.ID)
			for _, token := range []string{u.Token, t.Clinic.AdminToken} {
				r := t.Send(q.Token(token).About(u))
				r.Value("/data/claims", r.Column("/data/claims", "claim_id")).Equal([]any{second, first},
					"the newest claim must be the first")
				for start, id := range []string{second, first} {
					page := engine.Get(fmt.Sprintf("%s?member_id=%s&limit=1&start=%d", claimPath, u.ID, start))
					r := t.Send(page.Token(token).About(u))
					if r.Value("/data/claims", r.Column("/data/claims", "claim_id")).Equal([]any{id},
						"a page of one must have the claim at its start") {
						r.Equal("/total_count", 2, "the count must be that of all pages")
					}
				}
			}
			t.Send(q.Token(other.Token).As(result.OtherUser)).Refused()
			t.Send(t.byAdmin(engine.Get(claimPath + "?member_id=999999999")).As(result.UnknownID)).Refused()
		})
}

// amountSpecs cover the amounts of a decided claim.
func amountSpecs(ask func(id, title, operation string, body func(t *trial))) {
	ask("CLAIM-013",
		"GET /insurance/claims/{claim_id} has amounts that add up, for each decision", "getClaim", func(t *trial) {
			for _, of := range []struct {
				number scenarios.Text
				status string
			}{{"234234", "paid"}, {"12100001", "partly_paid"}, {"12000097", "denied"}} {
				u := t.eligibleAs(of.number)
				id := t.submitted(t.sampleClaim(u), u)
				t.Pass(time.Hour)
				r := t.claim(u, id)
				r.Equal("/data/status", of.status, "the claim must have the decision that its number stands for")
				addsUp(r)
			}
		})
}

// addsUp asserts the sums of a claim: it is billed for the sum of the paid, adjusted and patient
// amounts, and each line for the sum of its paid amount and its adjustments.
func addsUp(r reply) {
	sum, of := 0.0, inData([]string{"paid_cents", "adjusted_cents", "patient_responsibility_cents"})
	for _, pointer := range of {
		sum += r.Number(pointer)
	}
	r.Value("/data/billed_cents", sum).From(of...).Equal(r.At("/data/billed_cents"),
		"a claim must be billed for what is paid, adjusted and left to the patient")
	r.Present("/data/lines", "a claim must have lines")
	for i := range r.List("/data/lines") {
		line := "/data/lines/" + strconv.Itoa(i)
		sum := r.Number(line + "/paid_cents")
		for _, amount := range r.Column(line+"/adjustments", "amount_cents") {
			cents, _ := amount.(float64)
			sum += cents
		}
		r.Value(line+"/billed_cents", sum).From(line+"/paid_cents", line+"/adjustments").Equal(r.At(line+"/billed_cents"),
			"a line must be billed for what is paid and adjusted")
	}
}
