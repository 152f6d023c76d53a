package scenarios

import (
	"fmt"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// outcomes are what can become of a claim.
var outcomes = []string{Paid, PartlyPaid, Denied, Rejected, Silent}

// claims puts what becomes of claims into the form it is used in, and checks it.
func (s source) claims(c *Scenario) error {
	place := "$.claims"
	if c.Claim != nil {
		switch {
		case len(c.Claims) > 0:
			return s.at("$.claims", "claim and claims exclude each other", "keep claims, one for each claim in turn")
		case len(*c.Claim) > 1:
			return s.at("$.claim", "must be one outcome", "use claims for a list, one for each claim in turn")
		}
		place, c.Claims, c.Claim = "$.claim", *c.Claim, nil
	}
	for i := range c.Claims {
		at := place
		if place == "$.claims" {
			at = fmt.Sprintf("%s[%d]", place, i)
		}
		if err := s.claim(at, c.Claims[i]); err != nil {
			return err
		}
	}
	switch {
	case len(c.Claims) == 0:
		return nil
	case c.Answers.IsZero():
		return s.at(place, "claim without an answer does nothing", "write answer, which says how the check ends that the claim rests on")
	case c.Preview != nil:
		return s.at("$.preview", "a story with a claim has nobody on a real target", "VSee has not defined claims; remove preview, and label it mock-only")
	}
	return nil
}

func (s source) claim(place string, c Claim) error {
	if !slices.Contains(outcomes, string(c.Outcome)) {
		hint := "write paid, partly_paid, denied, rejected or silent"
		if near := suggest.Name(string(c.Outcome), outcomes); near != "" && c.Outcome != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return s.at(place+".outcome", "outcome must be paid, partly_paid, denied, rejected or silent", hint)
	}
	for _, field := range []struct {
		key   string
		said  bool
		among []Text
	}{
		{"status", c.Status != "", []Text{Rejected}},
		{"adjustments", len(c.Adjustments) > 0, []Text{PartlyPaid, Denied}},
		{"after", c.After != "", []Text{Silent}},
		{"pay_after", c.PayAfter != nil, []Text{Paid, PartlyPaid, Denied}},
	} {
		if field.said && !slices.Contains(field.among, c.Outcome) {
			return s.at(place+"."+field.key, fmt.Sprintf("%s says nothing of a claim that is %s", field.key, c.Outcome), "remove it, or change outcome")
		}
	}
	switch {
	case c.Status != "" && !rejection.MatchString(string(c.Status)):
		return s.at(place+".status", "status must be a category from A3 to A8 and a status code", "write A3:21")
	case !slices.Contains([]Text{"", Submitted, Acknowledged, Accepted}, c.After):
		return s.at(place+".after", "after must be submitted, acknowledged or accepted", "it is the last status that comes")
	}
	if err := s.stageTimes(place, c); err != nil {
		return err
	}
	for i, a := range c.Adjustments {
		if err := s.adjusts(fmt.Sprintf("%s.adjustments[%d]", place, i), c, a); err != nil {
			return err
		}
	}
	return nil
}

// stageTimes checks how long the stages take.
func (s source) stageTimes(place string, c Claim) error {
	for _, span := range []struct {
		key  string
		said *Duration
	}{{"acknowledge_after", c.AcknowledgeAfter}, {"accept_after", c.AcceptAfter}, {"pay_after", c.PayAfter}} {
		if span.said != nil && time.Duration(*span.said) > maxStage {
			return s.at(place+"."+span.key, span.key+" must be at most 8760h", "that is a year")
		}
	}
	return nil
}

// maxStage is how long a claim may take to its next status.
const maxStage = 8_760 * time.Hour

// adjusts checks an adjustment.
func (s source) adjusts(place string, c Claim, a Adjustment) error {
	switch {
	case !adjustment.MatchString(string(a.Code)):
		return s.at(place+".code", "code must be a group (CO, OA, PI or PR) and a reason code", "write CO-97 or PR-1")
	case a.Amount != "" && a.Percent != 0:
		return s.at(place+".percent", "amount and percent exclude each other", "keep one of them")
	case a.Amount != "" && !dollars.MatchString(string(a.Amount)):
		return s.at(place+".amount", "amount must be dollars with at most two decimals", "write 10 or 10.50")
	case a.Percent > 100:
		return s.at(place+".percent", "percent must be at most 100", "it is of the fee of the line")
	case a.Line > maxClaimLines:
		return s.at(place+".line", "line must be from 1 to 50", "leave it out for every line")
	case c.Outcome == Denied && (a.Amount != "" || a.Percent != 0):
		return s.at(place, "all of a denied claim is adjusted", "remove amount and percent, or write outcome: partly_paid")
	case c.Outcome == PartlyPaid && a.Line == 0 && a.Amount == "" && a.Percent == 0:
		return s.at(place, "nothing is left to be paid", "write amount or percent, or outcome: denied")
	}
	for i, code := range a.Remarks {
		if !remark.MatchString(string(code)) {
			return s.at(fmt.Sprintf("%s.remarks[%d]", place, i), "a remark is M, MA or N and up to three digits", "write N130")
		}
	}
	return nil
}

// maxClaimLines is how many lines a claim can have.
const maxClaimLines = 50
