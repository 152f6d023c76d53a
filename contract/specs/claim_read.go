package specs

import (
	"slices"
	"strconv"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// claimReadBackSpecs cover a claim as a whole: as it was sent, and the same in each reply and event.
func claimReadBackSpecs(ask func(id, title, operation string, body func(t *trial))) {
	ask("CLAIM-016", "POST /insurance/claims stores each field of a claim", "submitClaim", func(t *trial) {
		u := t.eligible()
		claim := t.sampleClaim(u)
		claim.Lines[0].Units, claim.Lines[0].Modifiers = 3, []string{"F1", "20"}
		t.claimReadBack(u, claim, engine.JSON(claim))
	})
	ask("CLAIM-017", "A claim is the same in GET /insurance/claims/{claim_id}, GET /insurance/claims and its events",
		claimEvent,
		func(t *trial) {
			for _, number := range []scenarios.Text{"234234", "12100001", "70000703", "12200021"} {
				u := t.eligibleAs(number)
				id := t.submitted(t.sampleClaim(u), u)
				t.Pass(time.Hour)
				t.sameClaim(u, id)
			}
		})
	ask("CLAIM-019", "An event of a claim comes again when the receiver refuses it", claimEvent, func(t *trial) {
		u := t.eligible()
		t.NeedEvents(u, checkedEvent, 1)
		t.Refuse(1)
		t.submitted(t.sampleClaim(u), u)
		t.Pass(time.Hour)
		t.NeedEvents(u, claimEvent, 4)
	})
	ask("CLAIM-018", "The events of a claim are signed, and have the patient's external_member_id", claimEvent,
		func(t *trial) {
			u := t.eligible()
			t.submitted(t.sampleClaim(u), u)
			t.Pass(time.Hour)
			checked := t.NeedEvents(u, checkedEvent, 1)[0]
			for _, e := range t.NeedEvents(u, claimEvent, 3) {
				t.signed(e, "the signature must be that of the id, the timestamp and the body")
				identified(e)
				idBegins(e)
				if checked.Text("/data/external_member_id") != "" {
					e.Value("/data/external_member_id").Same(checked.Value("/data/external_member_id"),
						"the external_member_id must be that of the patient's other events")
				}
			}
		})
}

// claimReadBack submits a claim and compares it as sent with each way of reading it.
func (t *trial) claimReadBack(u user, claim scenarios.SampleClaim, body payload) {
	write := t.Send(engine.Post(claimPath, body).By(u))
	fields := append(claimFields(claim), engine.Field{
		Pointer: "/data/submitted", Want: t.Now().Unix(), Rule: "the claim must have the second of its submission",
	})
	t.ReadBack(write, []engine.Way{
		{Request: engine.Get(claimPath + "/" + write.NeedText("/data/claim_id")).By(u)},
		{Request: engine.Get(claimPath + "?member_id=" + u.ID).By(u), At: func(r reply, pointer string) any {
			return r.At(inClaims(pointer))
		}, Pointer: func(_ reply, pointer string) string { return inClaims(pointer) }},
	}, fields...)
}

// inClaims returns the pointer of a claim's field in a list with this claim alone.
func inClaims(pointer string) string { return "/data/claims/0" + pointer[len("/data"):] }

// claimFields are the fields of a reply about a claim as it was sent.
func claimFields(claim scenarios.SampleClaim) []engine.Field {
	fields := []engine.Field{
		sentAt("/data/member_id", claim.MemberID), sentAt("/data/carrier_code", claim.Carrier),
		sentAt("/data/encounter_date", claim.Encounter), sentAt("/data/rendering_provider", claim.Provider),
		sentAt("/data/facility_code", claim.Facility), sentAt("/data/relationship/respparty", "self"),
		sentAt("/data/relationship/standardrelationship", "1"), sentAt("/data/relationship/hipaarelationship", "18"),
		sentAt("/data/diagnoses", []string{"R05.9", "Z20.822"}),
		sentAt("/data/currency", "USD"), sentAt("/data/billed_cents", 5800),
	}
	for i, cents := range []int{2800, 3000} {
		line, at := claim.Lines[i], "/data/lines/"+strconv.Itoa(i)
		fields = append(fields,
			sentAt(at+"/line", i+1), sentAt(at+"/procedure_code", line.Procedure), sentAt(at+"/units", line.Units),
			sentAt(at+"/place_of_service", claim.Place), sentAt(at+"/billed_cents", cents),
			sentAt(at+"/modifiers", append([]string{}, line.Modifiers...)), sentAt(at+"/diagnosis_pointers", line.Pointers),
		)
	}
	return fields
}

// sameClaim compares a decided claim in both operations that read it, and in its events.
func (t *trial) sameClaim(u user, id string) {
	const rule = "a claim must be the same in each reply and event"
	get, list := t.claim(u, id), t.Send(engine.Get(claimPath+"?member_id="+u.ID).By(u))
	get.Need(get.Trusted(), "", "the events are as many as the claim's statuses")
	events := t.NeedEvents(u, claimEvent, len(get.List("/data/history")))
	if len(events) == 0 || len(get.List("/data/history")) != len(list.List("/data/claims/0/history")) {
		get.Value("/data/history").Present("a decided claim must have a history")
		list.Value("/data/claims/0/history").Same(get.Value("/data/history"), rule)
		return
	}
	for _, e := range events {
		_, isObject := e.At("/data").(map[string]any)
		e.Need(isObject, "/data", "the events are compared")
	}
	last := events[len(events)-1]
	lines := last.List("/data/lines")
	if slices.Contains([]string{"paid", "partly_paid", "denied"}, get.Text("/data/status")) {
		lines = get.List("/data/lines") // an event of a decision has them
	}
	agree(rule, []string{
		"/claim_id", "/member_id", "/carrier_code", "/status", "/currency", "/billed_cents", "/paid_cents", "/adjusted_cents",
		"/patient_responsibility_cents",
	}, place{in: last, at: "/data"}, place{in: list, at: "/data/claims/0"}, place{in: get, at: "/data"})
	for i := range lines {
		line := "/lines/" + strconv.Itoa(i)
		agree(rule, []string{line + "/line", line + "/procedure_code", line + "/billed_cents", line + "/paid_cents"},
			place{in: last, at: "/data"}, place{in: list, at: "/data/claims/0"}, place{in: get, at: "/data"})
		if len(last.List("/data"+line+"/adjustments")) > 0 {
			agree(rule, []string{line + "/adjustments"}, place{in: last, at: "/data"}, place{in: list, at: "/data/claims/0"},
				place{in: get, at: "/data"})
		}
	}
	for i, e := range events {
		stage := "/history/" + strconv.Itoa(i)
		shown := []place{{in: list, at: "/data/claims/0" + stage}, {in: get, at: "/data" + stage}}
		agree(rule, []string{"/status", "/category_code", "/status_code", "/status_text"},
			append(shown, place{in: e, at: "/data"})...)
		agree(rule, []string{"/created"}, append(shown, place{in: e, at: ""})...)
	}
}
