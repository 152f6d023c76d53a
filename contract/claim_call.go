package contract

import (
	"net/http"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// eligible signs the sample patient on, and returns them after a successful check.
func (w *world) eligible() user {
	GinkgoHelper()
	u := w.insured()
	w.start(u, w.carrier())
	w.pass(cronDelay)
	return u
}

// claimFor is a claim for a patient, dated with the clinic's current day.
func (w *world) claimFor(u user) payload {
	GinkgoHelper()
	return asJSON(scenarios.NewSampleClaim(u.id, w.carrier(), w.now().UTC().Format(time.DateOnly)))
}

// claimCalls are the sample calls of the operations on claims. Only on a mock can the suite
// choose the outcome of a claim.
func claimCalls() map[string]sampleCall {
	mock := []need{aMock}
	return map[string]sampleCall{
		"submitClaim": {callSubmitClaim, mock},
		"listClaims":  {callListClaims, mock},
		"getClaim":    {callGetClaim, mock},
	}
}

func callSubmitClaim(w *world) call {
	patient, header := w.patient(w.eligible)
	body := func() payload { return w.claimFor(patient()) }
	return call{method: http.MethodPost, path: always(claimPath), body: body, header: header, shows: showsText(always("submitted"), "status", "the status of the claim")}
}

// claimed returns a patient, their token in a header, and the id of a claim of theirs.
func (w *world) claimed() (patient func() user, header func() map[string]string, id func() string) {
	patient, header = w.patient(w.eligible)
	return patient, header, sync.OnceValue(func() string {
		r := w.send(http.MethodPost, claimPath, w.claimFor(patient()), header())
		isOK(r)
		return r.text("data", "claim_id")
	})
}

func callListClaims(w *world) call {
	patient, header, id := w.claimed()
	query := func() string { return "?member_id=" + patient().id }
	path := func() string { id(); return claimPath }
	return call{method: http.MethodGet, path: path, query: query, header: header, shows: func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.at("data", "claims")).To(ConsistOf(HaveKeyWithValue("claim_id", id())), "the claims of the patient")
	}}
}

func callGetClaim(w *world) call {
	_, header, id := w.claimed()
	path := func() string { return claimPath + "/" + id() }
	return call{method: http.MethodGet, path: path, header: header, shows: showsText(id, "claim_id", "the id of the claim")}
}
