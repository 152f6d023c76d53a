package ownmock

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// Names are names for people of the checks and claims of a play, by their ids.
type Names map[string]string

// Add names the check or claim started by a request.
func (n Names) Add(x play.Exchange) {
	var body struct {
		Data struct {
			Check string `json:"eligibility_id"`
			Claim string `json:"claim_id"`
		} `json:"data"`
	}
	_ = json.Unmarshal(x.Reply.Body, &body) // other replies have no id
	if id := cmp.Or(body.Data.Check, body.Data.Claim); id != "" {
		n[id] = Name(x.Check, x.Claim)
	}
}

// Of returns the name of a check or a claim; one of the ids is empty.
func (n Names) Of(check, claim string) string {
	return cmp.Or(n[cmp.Or(check, claim)], "a check whose start got no reply")
}

// Name names a check or a claim; the other one is nil.
func Name(check *play.Check, claim *play.Claim) string {
	switch {
	case claim != nil:
		return fmt.Sprintf("claim %d", claim.N)
	case check == nil:
		return ""
	case check.N == 0:
		return "the other patient's check"
	}
	return fmt.Sprintf("check %d", check.N)
}
