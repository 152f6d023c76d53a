package claims

import (
	"slices"
	"time"
)

// UpdatedEvent is the type of the event for each new status of a claim. All statuses share one type, with the status in
// the data, as in VSee's visit.updated. So a receiver needs one handler, and new statuses do not break it.
const UpdatedEvent = "claim.updated"

// UpdatedData is the data of an UpdatedEvent.
type UpdatedData struct {
	ClaimID          string        `json:"claim_id"`
	OriginalClaimID  string        `json:"original_claim_id,omitempty"`
	MemberID         string        `json:"member_id"`
	ExternalMemberID string        `json:"external_member_id"`
	CarrierCode      string        `json:"carrier_code"`
	Status           Status        `json:"status"`
	Category         string        `json:"category_code,omitempty"`
	Code             string        `json:"status_code,omitempty"`
	Text             string        `json:"status_text,omitempty"`
	Currency         string        `json:"currency"`
	Billed           Cents         `json:"billed_cents"`
	Paid             *Cents        `json:"paid_cents,omitempty"`
	Adjusted         *Cents        `json:"adjusted_cents,omitempty"`
	Patient          *Cents        `json:"patient_responsibility_cents,omitempty"`
	Lines            []LinePayment `json:"lines,omitempty"`
}

// LinePayment is the insurer's decision on a line of a claim.
type LinePayment struct {
	Line        int          `json:"line"` // counted from 1
	Procedure   string       `json:"procedure_code"`
	Billed      Cents        `json:"billed_cents"`
	Paid        Cents        `json:"paid_cents"`
	Adjustments []Adjustment `json:"adjustments"`
}

// WithNextDue returns the claim with the time of its next stage. delay applies to a stage without a time of its own.
// Due is zero when the claim has no next stage.
func (c Claim) WithNextDue(delay time.Duration) Claim {
	if c.Due = (time.Time{}); len(c.History) >= len(c.Decision.Stages) {
		return c
	}
	since := c.Submitted
	if last, some := c.CurrentStage(); some {
		since = last.At
	}
	if after := c.Decision.Stages[len(c.History)].After; after != nil {
		delay = *after
	}
	c.Due = since.Add(delay)
	return c
}

// Next returns the claim at its next stage, reached at now; it returns the claim unchanged when there is none.
func (c Claim) Next(now time.Time) Claim {
	if len(c.History) >= len(c.Decision.Stages) {
		return c
	}
	stage := c.Decision.Stages[len(c.History)]
	stage.At = now
	c.History = append(slices.Clip(c.History), stage)
	return c.withStatus(stage.Status)
}

// withStatus returns the claim at a status, with the lines as they are then.
func (c Claim) withStatus(status Status) Claim {
	if c.Status = status; c.Settled() {
		c.Lines = c.Decision.Lines
	}
	return c
}

// WithForcedStatus returns the claim at a given status. If the claim's own stages never lead there, ending returns
// other stages for its lines; the last of those has the status.
func (c Claim) WithForcedStatus(status Status, ending func(Status, []Line) Decision) Claim {
	last := slices.IndexFunc(c.Decision.Stages, func(s Stage) bool { return s.Status == status })
	if last < 0 {
		c.Decision = ending(status, c.Lines)
		last = len(c.Decision.Stages) - 1
	}
	c.History = c.Decision.Stages[:last+1]
	return c.withStatus(status)
}

// EventData returns the data of the event for the claim as it stands; externalID is the member's.
func (c Claim) EventData(externalID string) UpdatedData {
	sums := c.Totals()
	data := UpdatedData{
		ClaimID: c.ID, OriginalClaimID: c.Original, MemberID: c.MemberID, ExternalMemberID: externalID,
		CarrierCode: c.Carrier,
		Status:      c.Status,
		Currency:    Currency, Billed: sums.Billed,
	}
	if stage, some := c.CurrentStage(); some {
		data.Category, data.Code, data.Text = stage.Category, stage.Code, stage.Text
	}
	if !c.Settled() {
		return data
	}
	data.Paid, data.Adjusted, data.Patient = &sums.Paid, &sums.Adjusted, &sums.Patient
	for i, line := range c.Lines {
		data.Lines = append(data.Lines, LinePayment{i + 1, line.Procedure, line.Fee, line.Paid,
			append([]Adjustment{}, line.Adjustments...)})
	}
	return data
}
