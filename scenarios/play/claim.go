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
	if err := p.awaitResults(ctx); err != nil {
		return err
	}
	c := &Claim{N: 1, Step: p.claims[0]}
	p.claims = p.claims[1:]
	if p.claim != nil {
		c.N, c.Sample = p.claim.N+1, p.claim.Sample
	}
	if !c.Step.Again || p.claim == nil {
		day := p.now.UTC().AddDate(0, 0, -p.days).Format(time.DateOnly)
		c.Sample = scenarios.NewSampleClaim(p.patient.id, p.carriers[c.Step.Card], day)
		p.days++
	}
	p.claim = c
	if err := p.observer.Observe(ctx, Call{Act: SubmitClaim, At: p.now, Claim: c}); err != nil {
		return err
	}
	var reply struct {
		Data struct {
			ID string `json:"claim_id"`
		} `json:"data"`
	}
	x := Exchange{Act: SubmitClaim, Claim: c, Refused: c.Step.Refused != "", Request: Request{
		Operation: "submitClaim", Method: http.MethodPost, Path: "/insurance/claims", JSON: c.Sample,
	}}
	if _, err := p.ask(ctx, x, p.patient, &reply); err != nil || reply.Data.ID == "" {
		return err
	}
	c.ID = reply.Data.ID
	p.planStages(c)
	if err := p.finish(ctx); err != nil {
		return err
	}
	return p.readClaim(ctx, c)
}

// planStages plans the statuses of a claim.
func (p *player) planStages(c *Claim) {
	at, stages := p.now, c.Step.Claim.Stages()
	for _, stage := range stages {
		wait := p.clinic.CronDelay
		if stage.After != nil {
			wait = *stage.After
		}
		at = at.Add(wait)
		p.plan(Due{At: at, Kind: Status, Claim: c, Status: stage.Status, Attempt: 1, Webhook: p.scenario.ClaimWebhook, Last: true})
	}
	if c.Step.Claim.Outcome == scenarios.Silent {
		p.plan(Due{At: at.Add(ClaimQuiet), Kind: Silence, Claim: c})
	}
}

func (p *player) readClaim(ctx context.Context, c *Claim) error {
	if err := p.observer.Observe(ctx, Call{Act: ReadClaim, At: p.now, Claim: c}); err != nil {
		return err
	}
	request := Request{Operation: "getClaim", Method: http.MethodGet, Path: "/insurance/claims/" + url.PathEscape(c.ID)}
	_, err := p.ask(ctx, Exchange{Act: ReadClaim, Claim: c, Request: request}, p.patient, nil)
	return err
}
