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
	return fmt.Sprintf("%s, after %s%s", e.Status, output.Count(e.Attempts, "attempt"), ahead(e))
}

// ahead says when an event is sent again, or what its first attempt waits for; empty for neither.
func ahead(e controlapi.Event) string {
	switch next := nextOf(e); {
	case next == "" || e.WaitsFor == "" && e.Attempts == 0:
		return ""
	case e.WaitsFor != "":
		return ", " + next
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
		attempt := fmt.Sprintf("attempt %d", d.Attempt)
		if copies[d.Attempt]++; copies[d.Attempt] > 1 {
			attempt += fmt.Sprintf(", copy %d,", copies[d.Attempt])
		}
		line := fmt.Sprintf("%s at %s: %s", attempt, d.At.Format(time.RFC3339), d.Outcome())
		if d.Detail != "" {
			line += ": " + d.Detail
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

// failedAttempts is attemptLines for the events of a claim or a visit: nil for one that was delivered at once.
func failedAttempts(e controlapi.Event, all []controlapi.Delivery) []string {
	for _, d := range all {
		if d.EventID == e.ID && d.Reason != "" {
			return attemptLines(e.ID, all)
		}
	}
	return nil
}
