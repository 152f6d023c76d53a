package controlcmd

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

func printClaimExplanation(w io.Writer, e controlapi.ClaimExplanation) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintln(w, output.Plain(fmt.Sprintf(format, args...))) }
	c := e.Claim
	outcome := c.Status
	if len(c.Reasons) > 0 {
		outcome += " (" + strings.Join(c.Reasons, ", ") + ")"
	}
	say("claim %s of user %s, %s card, carrier %s: %s", c.ID, c.MemberID, c.Card, c.Carrier, outcome)
	say("  because  %s", e.Because)
	if e.Scenario != nil {
		say("  written  %s:%d  %s", e.Scenario.File, e.Scenario.Line, e.Scenario.Title)
	}
	say("  in force %s", output.Count(e.Tried, "scenario"))
	say("  rests on check %s", c.CheckID)
	say("  billed   %s %s", money(c.Billed), c.Currency)
	if c.Paid != nil && c.Adjusted != nil && c.Patient != nil {
		say("  paid     %s, adjusted %s, left to the patient %s", money(*c.Paid), money(*c.Adjusted), money(*c.Patient))
	}
	say("  came     %s submitted", c.Submitted.Format(time.RFC3339))
	for i, stage := range c.History {
		event := controlapi.Event{}
		text := ""
		if i < len(e.Events) {
			event = e.Events[i]
			text = fmt.Sprintf("; event %s: %s", stage.EventID, became(event))
		}
		say("           %s %s%s", stage.At.Format(time.RFC3339),
			strings.TrimSpace(stage.Status+" "+stage.Code+" "+stage.Text), text)
		for _, line := range failedAttempts(event, e.Deliveries) {
			say("             %s", line)
		}
	}
	switch {
	case !c.Due.IsZero():
		say("  next     %s", c.Due.Format(time.RFC3339))
	case c.Paid == nil && c.Status != "rejected":
		say("  next     nothing: no answer ever comes")
	}
	say("VSee has not defined claims: all of this is vsee-mock's own.")
}

// money writes cents as dollars.
func money(cents int64) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }
