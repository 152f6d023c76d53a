package controlcmd

import (
	"fmt"
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

var kinds = map[int]string{1: "walk-in", 2: "appointment", 3: "e-consult"}

func printVisitExplanation(w io.Writer, e controlapi.VisitExplanation) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintln(w, output.Plain(fmt.Sprintf(format, args...))) }
	v := e.Visit
	say("visit %s of user %s, %s in room %s: %d %s", v.ID, v.MemberID, kinds[v.Type], v.RoomCode, v.Status, v.StatusWord)
	say("  because  %s", e.Because)
	if e.Scenario != nil {
		say("  written  %s:%d  %s", e.Scenario.File, e.Scenario.Line, e.Scenario.Title)
	}
	say("  in force %s", output.Count(e.Tried, "scenario"))
	if related := v.AppointmentID + v.WalkInID; related != "" {
		say("  related  visit %s", related)
	}
	head := "course"
	for _, step := range e.History {
		say("  %-6s   %s %d %s, by user %s; event %s %s: %s", head, step.At.Format(time.RFC3339), step.Status,
			step.StatusWord, step.By, step.Event.Type, step.Event.ID, became(step.Event))
		for _, line := range failedAttempts(step.Event, e.Deliveries) {
			say("             %s", line)
		}
		head = ""
	}
	head = "next"
	for _, step := range e.Plan {
		say("  %-6s   %s %s", head, step.Due.Format(time.RFC3339), step.Action)
		head = ""
	}
	say("VSee publishes the steps of a visit alone: its course is vsee-mock's own.")
}
