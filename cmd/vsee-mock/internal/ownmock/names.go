package ownmock

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// Names are names for people of the checks, visits and claims of a play, by their ids.
type Names map[string]string

// Add names the check, visit or claim started by a request.
func (n Names) Add(x play.Exchange) {
	var body struct {
		Data struct {
			Check string `json:"eligibility_id"`
			Claim string `json:"claim_id"`
			ID    string `json:"id"` // of a visit
		} `json:"data"`
	}
	_ = json.Unmarshal(x.Reply.Body, &body) // other replies have no id
	name := Name(x.Check, x.Visit, x.Claim)
	switch id := cmp.Or(body.Data.Check, body.Data.Claim); {
	case id != "":
		n[id] = name
	case x.Act == play.Book && body.Data.ID != "":
		n[body.Data.ID] = "the appointment of " + name
	case x.Act == play.WalkIn && body.Data.ID != "":
		n[body.Data.ID] = name
	}
}

// Of returns the name of a check, a visit or a claim; all but one of the ids are empty.
func (n Names) Of(ids ...string) string {
	return cmp.Or(n[cmp.Or(ids...)], "a check whose start got no reply")
}

// OtherCheck is the name of a check of another patient, which the scenario is not about.
const OtherCheck = "the other patient's check"

// Name names a check, a visit or a claim; the others are nil.
func Name(check *play.Check, visit *play.Visit, claim *play.Claim) string {
	switch {
	case claim != nil:
		return fmt.Sprintf("claim %d", claim.N)
	case visit != nil:
		return fmt.Sprintf("visit %d", visit.N)
	case check == nil:
		return ""
	case check.N == 0:
		return OtherCheck
	}
	return fmt.Sprintf("check %d", check.N)
}

// State describes a visit: its status, its note and its invoice.
func State(v controlapi.Visit) string {
	text := fmt.Sprintf("%d %s", v.Status, v.StatusWord)
	if v.Note != "" {
		text += ", note " + v.Note
	}
	if v.Invoice != nil {
		text += ", invoice " + v.Invoice.Status
	}
	return text
}
