package specs

import (
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/engine"
)

// claimPath is the path to submit and to list claims.
const claimPath = "/insurance/claims"

// submitClaim returns the request of a patient to submit a claim, dated with the clinic's current day.
func (t *trial) submitClaim(u user) engine.Request {
	return claimRequest(t.sampleClaim(u), u)
}

// claimCalls are the sample calls of the operations on claims. Only on a mock can the suite choose the outcome of a
// claim.
func claimCalls() map[string]sampleCall {
	mock := []need{aMock}
	return map[string]sampleCall{
		"submitClaim": {callSubmitClaim, mock},
		"listClaims":  {callListClaims, mock},
		"getClaim":    {callGetClaim, mock},
	}
}

func callSubmitClaim(t *trial) call {
	u := sync.OnceValue(t.eligible)
	return once(func() engine.Request { return t.submitClaim(u()) },
		shown("/data/status", func() any { return "submitted" }, "a new claim is submitted"))
}

// claimed returns a patient and the id of a claim of theirs.
func (t *trial) claimed() (u user, id string) {
	u = t.eligible()
	return u, t.Send(t.submitClaim(u)).NeedText("/data/claim_id")
}

func callListClaims(t *trial) call {
	claim := sync.OnceValues(t.claimed)
	return once(func() engine.Request {
		u, _ := claim()
		return engine.Get(claimPath + "?member_id=" + u.ID).By(u)
	}, func(r reply) {
		_, id := claim()
		r.Expected()
		r.Value("/data/claims", r.Column("/data/claims", "claim_id")).Equal([]any{id},
			"the list must have the patient's claim alone")
	})
}

func callGetClaim(t *trial) call {
	claim := sync.OnceValues(t.claimed)
	return once(func() engine.Request {
		u, id := claim()
		return engine.Get(claimPath + "/" + id).By(u)
	}, shown("/data/claim_id", func() any { _, id := claim(); return id }, "the claim must be the one in the path"))
}
