package controlapi

import (
	"context"
	"time"
)

// Claim is an insurance claim. VSee has not defined claims; all of this is the mock's own.
type Claim struct {
	// ID is the claim_id.
	ID string `json:"id"`
	// OriginalClaimID is the id of the claim that it replaces; empty for a new claim.
	OriginalClaimID string `json:"original_claim_id,omitempty"`
	// MemberID is the id of the patient.
	MemberID string `json:"member_id"`
	// Carrier is the code of the insurer.
	Carrier string `json:"carrier_code"`
	// Card is primary or secondary.
	Card string `json:"card"`
	// CheckID is the id of the check before the claim.
	CheckID string `json:"check_id"`
	// EncounterDate is the day of the visit, YYYY-MM-DD.
	EncounterDate string `json:"encounter_date"`
	// Status is submitted, acknowledged, accepted, rejected, paid, partly_paid or denied.
	Status string `json:"status"`
	// Submitted is when it was submitted.
	Submitted time.Time `json:"submitted"`
	// Due is when the next status comes; zero when none does.
	Due time.Time `json:"due,omitzero"`
	// Currency is USD.
	Currency string `json:"currency"`
	// Billed is the sum of the lines, in cents.
	Billed int64 `json:"billed_cents"`
	// Paid is the insurer's part, in cents; nil until the insurer has decided.
	Paid *int64 `json:"paid_cents,omitempty"`
	// Adjusted is the amount written off, in cents; nil until the insurer has decided.
	Adjusted *int64 `json:"adjusted_cents,omitempty"`
	// Patient is the patient's part, in cents; nil until the insurer has decided.
	Patient *int64 `json:"patient_responsibility_cents,omitempty"`
	// Reasons are the codes why it was rejected, or not paid in full, each once: A3:21, or CO-97.
	Reasons []string `json:"reasons,omitempty"`
	// History has the statuses after the submission, in order.
	History []ClaimStage `json:"history"`
	// Rule names the basis of the decision: scenario, number or default.
	Rule string `json:"rule"`
	// Scenario is the id of the scenario that decided; empty for none.
	Scenario string `json:"scenario,omitempty"`
	// Why is the reason, as a part of a sentence.
	Why string `json:"why"`
}

// ClaimStage is a status in the history of a claim.
type ClaimStage struct {
	// Status is the status.
	Status string `json:"status"`
	// At is when it came.
	At time.Time `json:"at"`
	// Code is category and status of a 277CA, such as A3:21; empty when the insurer pays or denies.
	Code string `json:"code,omitempty"`
	// Text is the mock's own text for that code; empty for none.
	Text string `json:"text,omitempty"`
	// EventID is the id of the event about it.
	EventID string `json:"event_id"`
}

// ClaimExplanation gives the reason for the decision on a claim, and the deliveries of its events.
type ClaimExplanation struct {
	// Claim is the claim.
	Claim Claim `json:"claim"`
	// Because is the reason, in one sentence.
	Because string `json:"because"`
	// Scenario is the scenario that decided; nil when none did.
	Scenario *ScenarioPlace `json:"scenario,omitempty"`
	// Tried is how many scenarios were in force.
	Tried int `json:"tried"`
	// Nth counts the claims of this subscriber with this insurer, from 1.
	Nth int `json:"nth"`
	// Events has the event of each stage of Claim.History, in order.
	Events []Event `json:"events"`
	// Deliveries are the attempts to deliver those events, in that order, as far as the journal keeps them.
	Deliveries []Delivery `json:"deliveries"`
}

// ClaimSettings has the codes and prices for a clinic's claims. VSee publishes this form, and the defaults. A nil keeps
// a value; a table is replaced as a whole. Every field is set in a reply.
type ClaimSettings struct {
	// Enabled allows claims.
	Enabled *bool `json:"enabled,omitempty"`
	// Carriers has the codes of insurers as claims spell them, by the clinic's names of them.
	Carriers map[string]string `json:"carrier,omitempty"`
	// Relationships are codes by respparty: self, spouse, child and other.
	Relationships map[string]ClaimRelationship `json:"relationship,omitempty"`
	// Procedures are the billable procedures, by procedure code.
	Procedures map[string]ClaimProcedure `json:"procedure_codes,omitempty"`
	// Diagnoses are the clinic's ids of ICD-10 codes, by code, with - or with a dot.
	Diagnoses map[string]string `json:"diagnosis_codes,omitempty"`
	// Modifiers are the clinic's ids of modifiers of procedures, by modifier.
	Modifiers map[string]string `json:"proc_code_modifiers,omitempty"`
	// Facilities are the clinic's ids of facilities, by code.
	Facilities map[string]string `json:"facility_code,omitempty"`
	// Default has the values for fields missing from a claim.
	Default *ClaimDefaults `json:"default,omitempty"`
}

// ClaimRelationship is how a patient relates to the insured.
type ClaimRelationship struct {
	// Standard is the code of the billing system.
	Standard string `json:"standardrelationship"`
	// HIPAA is the code of X12.
	HIPAA string `json:"hipaarelationship"`
}

// ClaimProcedure is a billable procedure.
type ClaimProcedure struct {
	// ID is the clinic's id of it.
	ID string `json:"id"`
	// Units is the default number of units of a line: a whole number, spelled as VSee does, such as 1.0.
	Units string `json:"units"`
	// TOS is the type of service.
	TOS string `json:"tos"`
	// POS is the place of service, two digits.
	POS string `json:"pos"`
	// Fee is the price of one unit, in dollars, such as 28 or 28.50.
	Fee string `json:"fee"`
}

// ClaimDefaults has the values for fields missing from a claim. VSee has not documented FinancialClass, Chart,
// Coverage, ServiceType and AccountType: the mock stores them, and nothing depends on them.
type ClaimDefaults struct {
	// Provider is the rendering provider.
	Provider *string `json:"provider_profile,omitempty"`
	// FinancialClass is stored only.
	FinancialClass *string `json:"finclass,omitempty"`
	// Chart is stored only.
	Chart *string `json:"chart,omitempty"`
	// Coverage is stored only.
	Coverage *string `json:"coverage,omitempty"`
	// ServiceType is stored only.
	ServiceType *string `json:"eligibilitystc,omitempty"`
	// AccountType is stored only.
	AccountType *string `json:"accttype,omitempty"`
	// CronDelay is ClinicSettings.CronDelay in seconds, spelled as VSee does; up to a year.
	CronDelay *float64 `json:"cron_job_delay,omitempty"`
}

// ListClaims returns a page of a clinic's claims, newest first.
func (c *Client) ListClaims(ctx context.Context, account string, page PageRequest) (Page[Claim], error) {
	return call[Page[Claim]](ctx, c, "GET /clinics/{account}/claims"+page.query(), nil, account)
}

// GetClaim returns a claim.
func (c *Client) GetClaim(ctx context.Context, account, id string) (Claim, error) {
	return call[Claim](ctx, c, "GET /clinics/{account}/claims/{id}", nil, account, id)
}

// ExplainClaim says why a claim was decided as it was.
func (c *Client) ExplainClaim(ctx context.Context, account, id string) (ClaimExplanation, error) {
	return call[ClaimExplanation](ctx, c, "GET /clinics/{account}/claims/{id}/explain", nil, account, id)
}

// SaveClaim returns a scenario that repeats the statuses of a claim and their webhooks.
func (c *Client) SaveClaim(ctx context.Context, account, id string) (SavedScenario, error) {
	return call[SavedScenario](ctx, c, "GET /clinics/{account}/claims/{id}/scenario", nil, account, id)
}
