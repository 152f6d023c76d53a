package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// claimExplanation is why a claim was decided so, as the control API says it.
type claimExplanation struct {
	Claim struct {
		ID        string     `json:"id"`
		Card      string     `json:"card"`
		Carrier   string     `json:"carrier_code"`
		Member    string     `json:"member_id"`
		Check     string     `json:"check_id"`
		Status    string     `json:"status"`
		Submitted time.Time  `json:"submitted"`
		Due       *time.Time `json:"due"`
		Currency  string     `json:"currency"`
		Billed    int64      `json:"billed_cents"`
		Paid      *int64     `json:"paid_cents"`
		Adjusted  int64      `json:"adjusted_cents"`
		Patient   int64      `json:"patient_responsibility_cents"`
		Reasons   []string   `json:"reasons"`
		History   []struct {
			Status string    `json:"status"`
			At     time.Time `json:"at"`
			Code   string    `json:"code"`
			Text   string    `json:"text"`
			Event  string    `json:"event_id"`
		} `json:"history"`
	} `json:"claim"`
	Because  string  `json:"because"`
	Scenario *place  `json:"scenario"`
	Tried    int     `json:"tried"`
	Events   []event `json:"events"`
}

func (e claimExplanation) show(w io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintln(w, plain(fmt.Sprintf(format, args...))) }
	c := e.Claim
	outcome := c.Status
	if len(c.Reasons) > 0 {
		outcome += " (" + strings.Join(c.Reasons, ", ") + ")"
	}
	say("claim %s of user %s, %s card, carrier %s: %s", c.ID, c.Member, c.Card, c.Carrier, outcome)
	say("  because  %s", e.Because)
	if e.Scenario != nil {
		say("  written  %s:%d  %s", e.Scenario.File, e.Scenario.Line, e.Scenario.Title)
	}
	say("  tried    %s", count(e.Tried, "scenario"))
	say("  rests on check %s", c.Check)
	say("  billed   %s %s", money(c.Billed), c.Currency)
	if c.Paid != nil {
		say("  paid     %s, adjusted %s, left to the patient %s", money(*c.Paid), money(c.Adjusted), money(c.Patient))
	}
	say("  came     %s submitted", c.Submitted.Format(time.RFC3339))
	for i, stage := range c.History {
		told := ""
		if i < len(e.Events) {
			told = fmt.Sprintf("; event %s: %s, after %s", stage.Event, e.Events[i].Status, count(e.Events[i].Attempts, "attempt"))
		}
		say("           %s %s%s", stage.At.Format(time.RFC3339),
			strings.TrimSpace(stage.Status+" "+stage.Code+" "+stage.Text), told)
	}
	switch {
	case c.Due != nil:
		say("  next     %s", c.Due.Format(time.RFC3339))
	case c.Paid == nil && c.Status != "rejected":
		say("  next     nothing: no answer ever comes")
	}
	say("VSee has not defined claims: all of this is vsee-mock's own.")
}

// money writes cents as dollars.
func money(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }
