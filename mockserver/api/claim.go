package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// SubmitClaim is step 6 of the guide. VSee has not defined it. All of it is ours, except submitting for a member_id
// (documented).
func (handlers) SubmitClaim(ctx context.Context, c call) (reply, error) {
	claim, err := c.submitClaim(ctx)
	var wrong claims.Problems
	if errors.As(err, &wrong) {
		err = problems(nil).and(wrong)
	}
	return reply{data: submittedClaimOf(claim), claim: claim.ID}, err
}

// submitClaim submits the claim in the body, with problems of it that are known already.
func (c call) submitClaim(ctx context.Context, known ...claims.Problem) (clinic.Claim, error) {
	request := claimRequestOf(c.body)
	request.Wrong = claims.Problems(known).And(request.Wrong...)
	return c.clinic.SubmitClaim(ctx, c.token, c.body.text("member_id"), request, c.scenario)
}

// withClaimProblems adds to the problems of an invalid claim those that the document cannot know, so that one refusal
// names all.
func withClaimProblems(ctx context.Context, c call, invalid error) error {
	var all problems
	var known, wrong claims.Problems
	errors.As(invalid, &all)
	for _, one := range all {
		var broken *document.Violation
		if errors.As(one, &broken) && broken.Field != "" {
			known = append(known, claims.Problem{Field: broken.Field, Rule: broken.Rule})
		}
	}
	if len(known) == 0 || len(known) < len(all) { // the body could not be decoded
		return invalid
	}
	if _, err := c.submitClaim(ctx, known...); errors.As(err, &wrong) {
		return all.and(wrong)
	}
	return invalid
}

// GetClaim returns a claim with its current status (ours).
func (handlers) GetClaim(ctx context.Context, c call) (reply, error) {
	found, err := c.clinic.Claim(ctx, c.token, c.params.Get("claim_id"))
	return reply{data: claimOf(found)}, err
}

// ListClaims returns a page of the claims of a member (ours).
func (handlers) ListClaims(ctx context.Context, c call) (reply, error) {
	member := cmp.Or(c.query.Get("member_id"), clinic.Self)
	start, limit := number(c.query, "start", 0), number(c.query, "limit", defaultLimit)
	found, total, err := c.clinic.MemberClaims(ctx, c.token, member, start, limit)
	var page struct {
		Claims []claim `json:"claims"`
	}
	page.Claims = make([]claim, 0, len(found))
	for _, one := range found {
		page.Claims = append(page.Claims, claimOf(one))
	}
	return reply{data: page, total: &total}, err
}

// claimRequestOf returns the claim in a body. The document does not validate the numbers, so this function does.
func claimRequestOf(body fields) claims.Request {
	r := claims.Request{
		Carrier: body.text("carrier_code"), Encounter: body.text("encounter_date"),
		Provider: body.text("rendering_provider"), Facility: body.text("facility_code"), Place: body.text("place_of_service"),
		Frequency: body.text("frequency_code"), Original: body.text("original_claim_id"),
	}
	for i := range body.items["lines"] {
		line, wrong := lineRequestOf(body, fmt.Sprintf("lines.%d.", i))
		r.Lines, r.Wrong = append(r.Lines, line), append(r.Wrong, wrong...)
	}
	r.Total = centsOf("total", body, &r.Wrong)
	for _, code := range list(body.value("diagnoses")) {
		r.Diagnoses = append(r.Diagnoses, textOf(code))
	}
	return r
}

// lineRequestOf reads the line at a place.
func lineRequestOf(body fields, at string) (line claims.LineRequest, wrong claims.Problems) {
	line.Procedure = body.text(at + "procedure_code")
	for _, modifier := range list(body.value(at + "modifiers")) {
		line.Modifiers = append(line.Modifiers, textOf(modifier))
	}
	if units := body.value(at + "units"); body.has(at + "units") {
		var whole bool
		if line.Units, whole = wholeOf(units); !whole || line.Units < 1 {
			wrong = append(wrong, claims.Problem{Field: at + "units", Rule: "must be a whole number from 1 to 999"})
		}
	}
	line.Fee = centsOf(at+"fee", body, &wrong)
	for i, pointer := range list(body.value(at + "diagnosis_pointers")) {
		n, whole := wholeOf(pointer)
		if !whole {
			field := fmt.Sprintf("%sdiagnosis_pointers.%d", at, i)
			wrong = append(wrong, claims.Problem{Field: field, Rule: "must be a whole number"})
		}
		line.Pointers = append(line.Pointers, n)
	}
	return line, wrong
}

// centsOf reads an amount, nil for one that was not sent or is wrong.
func centsOf(field string, body fields, wrong *claims.Problems) *claims.Cents {
	value := body.value(field)
	if !body.has(field) {
		return nil
	}
	amount, err := claims.ParseCents(textOf(value))
	if err != nil {
		*wrong = append(*wrong, claims.Problem{Field: field, Rule: err.Error()})
		return nil
	}
	return &amount
}

// wholeOf reads a whole number, also as VSee's claims settings write units: 1.0. It returns false for any other.
func wholeOf(value any) (int, bool) {
	n, err := strconv.ParseFloat(textOf(value), 64)
	return int(n), err == nil && n == math.Trunc(n) && math.Abs(n) < 1<<31
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}

// textOf returns a text, or a number as it was written.
func textOf(value any) string {
	if number, ok := value.(json.Number); ok {
		return number.String()
	}
	text, _ := value.(string)
	return text
}

type submittedClaim struct {
	ID       string `json:"claim_id"`
	MemberID string `json:"member_id"`
	Carrier  string `json:"carrier_code"`
	Status   string `json:"status"`
	Original string `json:"original_claim_id,omitempty"`
}

type claim struct {
	submittedClaim
	Frequency    string        `json:"frequency_code"`
	Encounter    string        `json:"encounter_date"`
	Provider     string        `json:"rendering_provider"`
	Facility     string        `json:"facility_code"`
	Relationship relationship  `json:"relationship"`
	Diagnoses    []string      `json:"diagnoses"`
	Lines        []claimLine   `json:"lines"`
	Currency     string        `json:"currency"`
	Billed       claims.Cents  `json:"billed_cents"`
	Paid         *claims.Cents `json:"paid_cents,omitempty"`
	Adjusted     *claims.Cents `json:"adjusted_cents,omitempty"`
	Patient      *claims.Cents `json:"patient_responsibility_cents,omitempty"`
	Submitted    int64         `json:"submitted"`
	History      []claimStage  `json:"history"`
}

type relationship struct {
	Respparty string `json:"respparty"`
	Standard  string `json:"standardrelationship"`
	HIPAA     string `json:"hipaarelationship"`
}

type claimLine struct {
	Line        int                  `json:"line"`
	Procedure   string               `json:"procedure_code"`
	Modifiers   []string             `json:"modifiers"`
	Units       int                  `json:"units"`
	Place       string               `json:"place_of_service"`
	Pointers    []int                `json:"diagnosis_pointers"`
	Billed      claims.Cents         `json:"billed_cents"`
	Paid        *claims.Cents        `json:"paid_cents,omitempty"`
	Adjustments *[]claims.Adjustment `json:"adjustments,omitempty"`
}

type claimStage struct {
	Status   string `json:"status"`
	Category string `json:"category_code,omitempty"`
	Code     string `json:"status_code,omitempty"`
	Text     string `json:"status_text,omitempty"`
	At       int64  `json:"created"`
}

func submittedClaimOf(c clinic.Claim) submittedClaim {
	return submittedClaim{c.ID, c.MemberID, c.Carrier, string(c.Status), c.Original}
}

func claimOf(c clinic.Claim) claim {
	sums := c.Totals()
	shape := claim{
		submittedClaim: submittedClaimOf(c),
		Frequency:      c.Frequency(), Encounter: c.Encounter, Provider: c.Provider, Facility: c.Facility,
		Relationship: relationship{c.Respparty, c.Relationship.Standard, c.Relationship.HIPAA},
		Diagnoses:    c.Diagnoses, Currency: claims.Currency, Billed: sums.Billed, Submitted: c.Submitted.Unix(),
		History: []claimStage{},
	}
	if c.Settled() {
		shape.Paid, shape.Adjusted, shape.Patient = &sums.Paid, &sums.Adjusted, &sums.Patient
	}
	for i, from := range c.Lines {
		line := claimLine{
			Line: i + 1, Procedure: from.Procedure, Modifiers: append([]string{}, from.Modifiers...), Units: from.Units,
			Place: from.Place, Pointers: from.Pointers, Billed: from.Fee,
		}
		if c.Settled() {
			adjustments := append([]claims.Adjustment{}, from.Adjustments...)
			line.Paid, line.Adjustments = &from.Paid, &adjustments
		}
		shape.Lines = append(shape.Lines, line)
	}
	for _, s := range c.History {
		stage := claimStage{string(s.Status), s.Category, s.Code, s.Text, s.At.Unix()}
		shape.History = append(shape.History, stage)
	}
	return shape
}
