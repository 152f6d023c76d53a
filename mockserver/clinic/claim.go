package clinic

import (
	"context"
	"slices"
	"time"
)

// ClaimStatus is how far a claim has come. VSee has not defined claims; all of this is ours.
type ClaimStatus string

// The statuses of a claim. Rejected, paid, partly paid and denied are the last ones.
const (
	ClaimSubmitted    ClaimStatus = "submitted"    // the clinic has it
	ClaimAcknowledged ClaimStatus = "acknowledged" // the clearinghouse has received it
	ClaimAccepted     ClaimStatus = "accepted"     // the clearinghouse has passed it on to the insurer
	ClaimRejected     ClaimStatus = "rejected"     // the clearinghouse has not: it never reaches the insurer
	ClaimPaid         ClaimStatus = "paid"         // the insurer pays what was billed
	ClaimPartlyPaid   ClaimStatus = "partly_paid"  // the insurer pays some of it
	ClaimDenied       ClaimStatus = "denied"       // the insurer pays nothing
)

// settled reports whether the insurer has decided.
func (s ClaimStatus) settled() bool {
	return s == ClaimPaid || s == ClaimPartlyPaid || s == ClaimDenied
}

// isTold reports whether there is an event that tells of the status.
func (s ClaimStatus) isTold() bool {
	return s.settled() || s == ClaimAcknowledged || s == ClaimAccepted || s == ClaimRejected
}

// Claim is a claim for what a patient was treated for.
type Claim struct {
	ID           string // digits, given by the clinic
	MemberID     string // the patient's user id
	Carrier      string
	Order        Order // the card that names the carrier
	CheckID      string
	Encounter    string // the date of the encounter: YYYY-MM-DD
	Provider     string // the profile of the rendering provider
	Facility     string // a facility code of the clinic
	Respparty    string // self, spouse, child or other, from the patient's insurance
	Relationship Relationship
	Diagnoses    []string // in their normal form
	Lines        []ClaimLine
	Status       ClaimStatus
	Submitted    time.Time
	Due          time.Time    // when the next stage comes; zero when none does
	History      []ClaimStage // the stages that it has come to, oldest first, without the submission
	Query        *ClaimQuery  // what the clearinghouse was asked
	Answer       ClaimAnswer  // decided when the claim was submitted
}

// ClaimLine is one service of a claim.
type ClaimLine struct {
	Procedure   string
	Modifiers   []string
	Units       int
	Place       string // of service: two digits
	Fee         Cents  // of all of its units
	Pointers    []int  // to the diagnoses, counted from 1, the most important first
	Paid        Cents
	Adjustments []Adjustment // why not all of the fee is paid; with what is paid they add up to it
}

// Adjustment is a part of a fee that is not paid, as events and replies tell of it.
type Adjustment struct {
	Group   string   `json:"group_code"`            // a claim adjustment group code: CO, OA, PI, or PR, which the patient owes
	Reason  string   `json:"reason_code"`           // a claim adjustment reason code (CARC)
	Text    string   `json:"reason_text,omitempty"` // what that says, in words of ours; empty when there are none
	Amount  Cents    `json:"amount_cents"`          // more than nothing
	Remarks []Remark `json:"remarks,omitempty"`
}

// Remark is a remittance advice remark code (RARC).
type Remark struct {
	Code string `json:"code"`
	Text string `json:"text,omitempty"` // in words of ours; empty when there are none
}

// PatientsGroup is the group of adjustments that the patient owes.
const PatientsGroup = "PR"

// ClaimStage is a status that a claim comes to.
type ClaimStage struct {
	Status   ClaimStatus
	After    *time.Duration // from the stage before, or from the submission; nil for the clinic's cron delay
	Category string         // of a 277CA claim status, such as A3; empty for what the insurer decides
	Code     string         // the status code that goes with it, such as 21
	Text     string         // what the two say, in words of ours; empty when there are none
	At       time.Time      // zero while it is to come
	EventID  string         // the event that told of it; empty while it is to come
}

// ClaimQuery is what the clearinghouse is asked about a claim.
type ClaimQuery struct {
	Check Query // of the check that the claim rests on, with the patient, the card and the time as they are now
	Nth   int   // 1 for the first claim of this subscriber with this insurer in the clinic
	Lines []ClaimLine
}

// ClaimAnswer is what becomes of a claim, and why.
type ClaimAnswer struct {
	Stages   []ClaimStage // those to come, in order; a claim stays where they end
	Lines    []ClaimLine  // as the insurer has settled them; nil when it never does
	Rule     string       // what decided: "scenario", "number" or "default"
	Scenario string       // the id of the scenario that decided, if one did
	Rulebook uint64       // the number of what was in force, for the clearinghouse to explain the answer by
	Why      string       // one sentence for people, without a value of the patient's

	Misbehaviour *Misbehaviour // what goes wrong with each of its events on purpose; nil for nothing
}

// Totals are the sums of a claim. Billed is what is paid, adjusted and left to the patient, once it is settled.
type Totals struct{ Billed, Paid, Adjusted, Patient Cents }

// Totals returns the sums of the claim's lines.
func (c Claim) Totals() Totals { return totals(c.Lines) }

func totals(lines []ClaimLine) Totals {
	var t Totals
	for _, line := range lines {
		t.Billed += line.Fee
		t.Paid += line.Paid
		for _, a := range line.Adjustments {
			if a.Group == PatientsGroup {
				t.Patient += a.Amount
			} else {
				t.Adjusted += a.Amount
			}
		}
	}
	return t
}

// Settled reports whether the insurer has decided.
func (c Claim) Settled() bool { return c.Status.settled() }

// Stage returns the stage that the claim has come to last, false while it is only submitted.
func (c Claim) Stage() (ClaimStage, bool) {
	if len(c.History) == 0 {
		return ClaimStage{}, false
	}
	return c.History[len(c.History)-1], true
}

// Claims returns claims of the clinic, newest first.
func (c *Clinic) Claims(ctx context.Context, p Page) ([]Claim, error) {
	return list(ctx, c, p, View.Claims)
}

var errNoClaim = refuse(NotFound, "the clinic has no claim with this id")

// AnyClaim returns a claim, whoever's it is. It returns an Error when the clinic has none of this id.
func (c *Clinic) AnyClaim(ctx context.Context, id string) (Claim, error) {
	return one(ctx, c, id, View.Claims, errNoClaim)
}

// Claim returns a claim that the owner of a token may see: their own, or any for the admin.
func (c *Clinic) Claim(ctx context.Context, token, id string) (Claim, error) {
	return view(ctx, c, func(v View) (Claim, error) {
		caller, err := c.whose(v, token)
		if err != nil {
			return Claim{}, err
		}
		claim, ok := v.Claims().Get(id)
		if !ok {
			return Claim{}, errNoClaim
		}
		if !caller.admin && claim.MemberID != caller.user.ID {
			return Claim{}, refuse(Forbidden, "the claim is another user's: this token may only see and submit those of its own user")
		}
		return claim, nil
	})
}

// ClaimsOf returns claims of a member whom the owner of a token may see, newest first, and how many there are in all:
// start are left out from the beginning, and at most limit returned. Self is the owner.
func (c *Clinic) ClaimsOf(ctx context.Context, token, memberID string, start, limit int) ([]Claim, int, error) {
	var total int
	claims, err := view(ctx, c, func(v View) ([]Claim, error) {
		member, err := c.member(v, token, memberID)
		if err != nil {
			return nil, err
		}
		var claims []Claim
		total = len(member.Claims)
		first := max(total-start, 0)
		for _, id := range slices.Backward(member.Claims[max(first-limit, 0):first]) {
			claim, _ := v.Claims().Get(id)
			claims = append(claims, claim)
		}
		return claims, nil
	})
	return claims, total, err
}

// Reasons returns the codes that say why the claim was rejected, or not paid in full, each once: A3:21, or CO-97.
func (c Claim) Reasons() []string {
	var reasons []string
	if stage, some := c.Stage(); some && stage.Status == ClaimRejected {
		reasons = append(reasons, stage.Category+":"+stage.Code)
	}
	for _, line := range c.Lines {
		for _, a := range line.Adjustments {
			if reason := a.Group + "-" + a.Reason; !slices.Contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		}
	}
	return reasons
}
