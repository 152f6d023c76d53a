package controlcmd

import (
	"fmt"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// became says what became of an event so far, and when it is sent again.
func became(e controlapi.Event) string {
	switch {
	case e.Detail != "":
		return e.Status + ": " + e.Detail
	case e.Attempts > 0:
		return fmt.Sprintf("%s, after %s%s", e.Status, output.Count(e.Attempts, "attempt"), ahead(e))
	}
	return e.Status + ", without an attempt" + ahead(e)
}

// ahead says when an event is sent again, or what its first attempt waits for; empty for neither.
func ahead(e controlapi.Event) string {
	switch next := nextOf(e); {
	case e.WaitsFor != "":
		return ", " + next
	case e.Next.IsZero() || e.Attempts == 0 && !e.Next.After(e.Created):
		return ""
	case e.Attempts == 0:
		return ", first attempt at " + next
	default:
		return ", next attempt at " + next
	}
}

// maxAnswer is the limit in bytes for a receiver's answer in an explanation: events show prints all of it.
const maxAnswer = 300

// attemptLines describes the attempts to deliver an event, each with the receiver's words and the probable cause unless
// the attempt before had the same.
func attemptLines(event string, all []controlapi.Delivery) []string {
	var lines []string
	var last controlapi.Delivery
	copies := map[int]int{} // of an attempt
	for _, d := range all {
		if d.EventID != event {
			continue
		}
		line := fmt.Sprintf("%s at %s: %s", attemptName(d, copies), d.At.Format(time.RFC3339), d.Outcome())
		if d.Detail != "" {
			line += ": " + d.Detail
		}
		if d.ByRetryAfter {
			line += ", next attempt" + nextAttempt(d)
		}
		lines = append(lines, line)
		if answer := strings.TrimSpace(d.Answer); d.Reason != "" && answer != "" && d.Answer != last.Answer {
			lines = append(lines, "its answer: "+strings.ToValidUTF8(answer[:min(len(answer), maxAnswer)], ""))
		}
		if d.Hint != "" && d.Hint != last.Hint {
			lines = append(lines, "hint: "+d.Hint)
		}
		last = d
	}
	return lines
}

// attemptName names an attempt and its copy; copies counts those so far.
func attemptName(d controlapi.Delivery, copies map[int]int) string {
	if !d.IsAttempt() {
		return "not sent"
	}
	if copies[d.Attempt]++; copies[d.Attempt] > 1 {
		return fmt.Sprintf("attempt %d, copy %d,", d.Attempt, copies[d.Attempt])
	}
	return fmt.Sprintf("attempt %d", d.Attempt)
}

// nextAttempt says when the next attempt is due, and whether the receiver asked for that time.
func nextAttempt(d controlapi.Delivery) string {
	text := " at " + d.Next.Format(time.RFC3339)
	if d.ByRetryAfter {
		text += " (Retry-After)"
	}
	return text
}

// failedAttempts is attemptLines for the events of a claim or a visit: nil for one that was delivered at once.
func failedAttempts(e controlapi.Event, all []controlapi.Delivery) []string {
	for _, d := range all {
		if d.EventID == e.ID && d.Reason != "" {
			return attemptLines(e.ID, all)
		}
	}
	return nil
}
