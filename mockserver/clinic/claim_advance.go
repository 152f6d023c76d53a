package clinic

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// ClaimUpdated is the type of the event that tells of each status that a claim comes to. VSee has not said how the
// result of a claim is told (its guide, step 7, is to be defined). It is one type for all statuses, with the status in
// its data, as VSee's visit.updated is: a receiver needs one handler, and takes a status that it does not know.
const ClaimUpdated = "claim.updated"

// ClaimUpdatedData is the data of a ClaimUpdated event.
type ClaimUpdatedData struct {
	ClaimID          string       `json:"claim_id"`
	MemberID         string       `json:"member_id"`
	ExternalMemberID string       `json:"external_member_id"`
	CarrierCode      string       `json:"carrier_code"`
	Status           ClaimStatus  `json:"status"`
	Category         string       `json:"category_code,omitempty"`
	Code             string       `json:"status_code,omitempty"`
	Text             string       `json:"status_text,omitempty"`
	Currency         string       `json:"currency"`
	Billed           Cents        `json:"billed_cents"`
	Paid             *Cents       `json:"paid_cents,omitempty"`
	Adjusted         *Cents       `json:"adjusted_cents,omitempty"`
	Patient          *Cents       `json:"patient_responsibility_cents,omitempty"`
	Lines            []PaidOfLine `json:"lines,omitempty"`
}

// PaidOfLine is what the insurer says of a line of a claim.
type PaidOfLine struct {
	Line        int          `json:"line"` // counted from 1
	Procedure   string       `json:"procedure_code"`
	Billed      Cents        `json:"billed_cents"`
	Paid        Cents        `json:"paid_cents"`
	Adjustments []Adjustment `json:"adjustments"`
}

// schedule adds the item of the stage that comes next, unless the claim stays where it is.
func (c *Claim) schedule(tx Tx) {
	if len(c.History) == len(c.Answer.Stages) {
		c.Due = time.Time{}
		return
	}
	since := c.Submitted
	if last, some := c.Stage(); some {
		since = last.At
	}
	wait := *tx.Settings().CronDelay
	if said := c.Answer.Stages[len(c.History)].After; said != nil {
		wait = *said
	}
	c.Due = since.Add(wait)
	tx.AddWork(ClaimWork, c.Due, c.ID)
}

// AdvanceClaim brings the claim that an item of ClaimWork is about to its next stage: the event is recorded, its
// delivery becomes due, and so does the stage after. It returns false when the item is no longer pending.
func (c *Clinic) AdvanceClaim(ctx context.Context, work Work) (Claim, bool, error) {
	claim, err := updateAndWake(ctx, c, func(tx Tx) (Claim, error) {
		if _, pending := tx.Work(work.ID); !pending {
			return Claim{}, nil
		}
		tx.RemoveWork(work.ID)
		claim, _ := tx.Claims().Get(work.Subject)
		member, _ := tx.Users().Get(claim.MemberID)
		now := c.clock.Now()
		stage := claim.Answer.Stages[len(claim.History)]
		stage.At = now
		claim.Status = stage.Status
		if claim.Settled() {
			claim.Lines = claim.Answer.Lines
		}
		claim.History = append(slices.Clip(claim.History), stage)
		event, err := newEvent(tx, ClaimUpdated, now, claim.told(member))
		if err != nil {
			return claim, err
		}
		event.ClaimID, event.Misbehaviour = claim.ID, claim.Answer.Misbehaviour
		claim.History[len(claim.History)-1].EventID = event.ID
		happened(tx, event, member.ID, now)
		claim.schedule(tx)
		tx.PutClaim(claim)
		return claim, nil
	})
	return claim, claim.ID != "", err
}

// told returns what an event says of the claim as it stands.
func (c Claim) told(member User) ClaimUpdatedData {
	sums := c.Totals()
	data := ClaimUpdatedData{
		ClaimID: c.ID, MemberID: c.MemberID, ExternalMemberID: member.ExternalID, CarrierCode: c.Carrier, Status: c.Status,
		Currency: Currency, Billed: sums.Billed,
	}
	if stage, some := c.Stage(); some {
		data.Category, data.Code, data.Text = stage.Category, stage.Code, stage.Text
	}
	if !c.Settled() {
		return data
	}
	data.Paid, data.Adjusted, data.Patient = &sums.Paid, &sums.Adjusted, &sums.Patient
	for i, line := range c.Lines {
		data.Lines = append(data.Lines, PaidOfLine{i + 1, line.Procedure, line.Fee, line.Paid, append([]Adjustment{}, line.Adjustments...)})
	}
	return data
}

// lastClaim returns the last claim of a user, one that is made up when there is none, as it stands at a status: that at
// which it does when this is none of those that events tell of, and acknowledged before there is one.
func (c *Clinic) lastClaim(v View, user User, status ClaimStatus) Claim {
	claim := Claim{
		ID: fmt.Sprint(firstClaimID), MemberID: user.ID, Carrier: v.Settings().claimed(), Status: ClaimSubmitted,
		Lines: []ClaimLine{{Procedure: "99211", Units: 1, Fee: 28_00}}, // of the published settings
	}
	if n := len(user.Claims); n > 0 {
		claim, _ = v.Claims().Get(user.Claims[n-1])
	}
	if !status.isTold() {
		status = claim.Status
	}
	if !status.isTold() {
		status = ClaimAcknowledged
	}
	answer := claim.Answer
	at := slices.IndexFunc(answer.Stages, func(s ClaimStage) bool { return s.Status == status })
	if at < 0 { // it does not come to that
		answer = c.answers.Ending(status, claim.Lines)
		at = len(answer.Stages) - 1
	}
	claim.Status, claim.History = status, answer.Stages[:at+1]
	if claim.Settled() {
		claim.Lines = answer.Lines
	}
	return claim
}

// claimed returns the first of the clinic's insurers that claims are submitted to; the first of all when there is none.
func (s Settings) claimed() string {
	for _, insurer := range s.Insurers {
		if s.Claims.claims(insurer.ID) {
			return insurer.ID
		}
	}
	return s.Insurers[0].ID
}
