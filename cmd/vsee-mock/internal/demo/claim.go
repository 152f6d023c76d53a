package demo

import (
	"net/http"
	"net/url"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// withClaim returns a scenario where the client submits a claim: at the end, unless the scenario has a claim already.
func withClaim(s scenarios.Scenario) scenarios.Scenario {
	if len(s.ClaimSteps()) == 0 {
		s.Calls = append(append([]scenarios.Call(nil), s.Script()...), scenarios.Call{Claim: scenarios.NewClaim})
	}
	return s
}

// demoClaims returns the claims settings of a story's clinic: the published ones, with the carriers of the story.
func demoClaims(carriers map[string]string) *claims.Settings {
	settings := claims.DefaultSettings()
	for _, carrier := range carriers {
		settings.Carriers[carrier] = carrier
	}
	return &settings
}

// claimed is the state of a scenario's claims.
type claimed struct {
	steps []scenarios.ClaimStep // the steps still to come
	days  int                   // number of claims with a day of their own
	last  scenarios.SampleClaim // the last one submitted
}

// submits plays steps 6 and 7 once.
func (p *player) submits() {
	step := p.claims.steps[0]
	p.claims.steps = p.claims.steps[1:]
	if !step.Again || p.claims.days == 0 {
		day := p.in.now().UTC().AddDate(0, 0, -p.claims.days).Format(time.DateOnly)
		p.claims.last = scenarios.NewSampleClaim(p.patient.id, p.carriers[step.Card], day)
		p.claims.days++
	}
	again := ""
	if step.Again {
		again = ", the same one once more"
	}
	p.say("\nStep 6. Submit a claim%s. VSee has not defined this step: what is told of it is vsee-mock's own.", again)
	var submitted struct {
		Data struct {
			ID string `json:"claim_id"`
		} `json:"data"`
	}
	p.refusal = step.Refused != ""
	defer func() { p.refusal = false }()
	if !p.ask(p.patient, call{http.MethodPost, apiBase + "/insurance/claims", nil, p.claims.last}, &submitted) || submitted.Data.ID == "" {
		p.say("  The client has no claim to wait for: nothing more comes of this one.")
		return
	}
	p.follows(step.Claim, submitted.Data.ID)
}

// follows moves the clock until a claim is finished, and shows its events and its final state.
func (p *player) follows(c scenarios.Claim, id string) {
	wait := c.Takes(cronDelay(p.clinic))
	if c.Outcome == scenarios.Silent {
		wait += 30 * 24 * time.Hour // long enough to show that nothing comes
	}
	p.pass(wait)
	p.say("\nStep 7. The webhook of the claim. VSee has not defined it either.")
	if some, _ := p.shows(""); !some && p.clinic.Webhook.URL == "" {
		p.say("  none came: the clinic has no webhook")
	} else if !some {
		p.say("  none came")
	}
	if c.Outcome == scenarios.Silent {
		p.say("\nNothing more comes. The claim stays where it is.")
	} else {
		p.say("\nThe claim says the same, and all of what was submitted.")
	}
	p.ask(p.patient, call{http.MethodGet, apiBase + "/insurance/claims/" + url.PathEscape(id), nil, nil}, nil)
}
