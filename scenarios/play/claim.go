package play

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// submit submits a claim once each check has its result, waits for its end and reads it.
func (p *player) submit(ctx context.Context) error {
	if err := p.finish(ctx, Result); err != nil {
		return err
	}
	p.claim.N++
	p.claim.Step, p.claims = p.claims[0], p.claims[1:]
	switch {
	case p.claim.Step.Corrects && p.claim.ID != "":
		p.claim.Sample = p.claim.Sample.Corrected(p.claim.ID)
	case !p.claim.Step.Again || p.days == 0:
		day := p.now.UTC().AddDate(0, 0, -p.days).Format(time.DateOnly)
		p.claim.Sample = scenarios.NewSampleClaim(p.patient.id, p.carriers[p.claim.Step.Card], day)
		p.days++
	}
	c := p.claim // of its own: an observer may keep it
	c.ID = ""
	var reply struct {
		Data struct {
			ID string `json:"claim_id"`
		} `json:"data"`
	}
	r := Request{
		Operation: "submitClaim", Method: http.MethodPost, Path: "/insurance/claims",
		JSON: c.Sample, patient: p.patient,
	}
	if ok, err := p.call(ctx, Call{Act: SubmitClaim, Claim: &c}, r, &reply); !ok {
		return err
	}
	c.ID, p.claim.ID = reply.Data.ID, reply.Data.ID
	p.planStages(&c)
	if err := p.finish(ctx); err != nil {
		return err
	}
	r = Request{
		Operation: "getClaim", Method: http.MethodGet, Path: "/insurance/claims/" + url.PathEscape(c.ID),
		patient: p.patient,
	}
	_, err := p.call(ctx, Call{Act: ReadClaim, Claim: &c}, r, nil)
	return err
}

// planStages plans the statuses of a claim.
func (p *player) planStages(c *Claim) {
	at, stages := p.now, c.Step.Claim.Stages()
	for i, stage := range stages {
		wait := p.cronDelay(p.clinic.Chance.OfClaim(c.ID, i))
		if stage.After != nil {
			wait = *stage.After
		}
		at = at.Add(wait)
		p.plan(Due{
			At: at, Kind: Status, Claim: c, Status: stage.Status,
			Attempt: 1, Webhook: p.scenario.ClaimWebhook, Last: true,
		})
	}
	if c.Step.Claim.Outcome == scenarios.Silent {
		p.plan(Due{At: at.Add(ClaimQuiet), Kind: Silence, Claim: c})
	}
}
