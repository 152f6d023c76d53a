// Package claims holds claims as pure values: the rules for a valid claim, and the stages of a claim. It knows no
// store, no token and no webhook. VSee has not defined claims (its guide, steps 6 and 7, is to be defined), so all of
// this is ours, except for the settings. VSee publishes those.
package claims

import (
	"slices"
	"time"
)

// Status is the progress of a claim.
type Status string

// The statuses of a claim. Rejected, paid, partly paid and denied are the last ones.
const (
	Submitted    Status = "submitted"    // the clinic has it
	Acknowledged Status = "acknowledged" // the clearinghouse has received it
	Accepted     Status = "accepted"     // the clearinghouse has passed it on to the insurer
	Rejected     Status = "rejected"     // the clearinghouse has rejected it: it never reaches the insurer
	Paid         Status = "paid"         // the insurer pays the billed amount
	PartlyPaid   Status = "partly_paid"  // the insurer pays some of it
	Denied       Status = "denied"       // the insurer pays nothing
)

// settled reports whether the insurer has decided.
func (s Status) settled() bool { return s == Paid || s == PartlyPaid || s == Denied }

// HasEvent reports whether an event is sent when a claim reaches the status.
func (s Status) HasEvent() bool {
	return s.settled() || s == Acknowledged || s == Accepted || s == Rejected
}

// Claim is a claim for the treatment of a patient.
type Claim struct {
	ID           string // digits, given by the clinic
	MemberID     string // the patient's user id
	Carrier      string
	Encounter    string // the date of the encounter: YYYY-MM-DD
	Provider     string // the profile of the rendering provider
	Facility     string // a facility code of the clinic
	Respparty    string // self, spouse, child or other, from the patient's insurance
	Relationship Relationship
	Original     string   // the id of the claim that it replaces; empty for a new claim
	Diagnoses    []string // in their normal form
	Lines        []Line
	Status       Status
	Submitted    time.Time
	Due          time.Time // when the next stage is due; zero when there is none
	History      []Stage   // past and current stages, oldest first, without the submission
	Decision     Decision  // made when the claim was submitted
}

// Line is one service of a claim.
type Line struct {
	Procedure   string
	Modifiers   []string
	Units       int
	Place       string // of service: two digits
	Fee         Cents  // of all of its units
	Pointers    []int  // to the diagnoses, counted from 1, the most important first
	Paid        Cents
	Adjustments []Adjustment // why the fee is not paid in full; Paid and the adjustments add up to Fee
}

// Adjustment is an unpaid part of a fee, in the form of events and replies.
type Adjustment struct {
	Group   string   `json:"group_code"`            // claim adjustment group code: CO, OA, PI, or PR (the patient owes it)
	Reason  string   `json:"reason_code"`           // a claim adjustment reason code (CARC)
	Text    string   `json:"reason_text,omitempty"` // its meaning, in words of ours; empty when there are none
	Amount  Cents    `json:"amount_cents"`          // more than nothing
	Remarks []Remark `json:"remarks,omitempty"`
}

// Remark is a remittance advice remark code (RARC).
type Remark struct {
	Code string `json:"code"`
	Text string `json:"text,omitempty"` // in words of ours; empty when there are none
}

// PatientsGroup is the group of adjustments owed by the patient.
const PatientsGroup = "PR"

// Stage is one status in the course of a claim.
type Stage struct {
	Status   Status
	After    *time.Duration // from the stage before, or from the submission; nil for the clinic's cron delay
	Category string         // of a 277CA claim status, such as A3; empty for a decision of the insurer
	Code     string         // the matching status code, such as 21
	Text     string         // the meaning of the two, in words of ours; empty when there are none
	At       time.Time      // zero while it is to come
	EventID  string         // the event of this stage; empty while the stage is to come
}

// Decision is the answer of the clearinghouse and the insurer to a claim, and the reason for it.
type Decision struct {
	Stages   []Stage // the stages to come, in order; a claim stays at the last one
	Lines    []Line  // as settled by the insurer; nil when it never settles them
	Rule     string  // the kind of the deciding rule: "scenario", "number" or "default"
	Scenario string  // the id of the deciding scenario, if there is one
	Rulebook uint64  // the number of the rules in force, for the clearinghouse to explain the answer by
	Why      string  // one sentence for people, without a value of the patient's
}

// Totals are the sums of a claim. Once it is settled, Billed is the sum of the others.
type Totals struct{ Billed, Paid, Adjusted, Patient Cents }

// Totals returns the sums of the claim's lines.
func (c Claim) Totals() Totals {
	var t Totals
	for _, line := range c.Lines {
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

// CurrentStage returns the current stage of the claim; false while the claim is only submitted.
func (c Claim) CurrentStage() (Stage, bool) {
	if len(c.History) == 0 {
		return Stage{}, false
	}
	return c.History[len(c.History)-1], true
}

// Reasons returns the codes of a rejection or a reduced payment, each once: A3:21, or CO-97.
func (c Claim) Reasons() []string {
	var reasons []string
	if stage, some := c.CurrentStage(); some && stage.Status == Rejected {
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
