package controlcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Explain is `vsee-mock explain`.
type Explain struct {
	ID    string `arg:"" name:"id" optional:"" help:"Id of a check, a claim or a visit (the clinic's last check)."`
	Claim bool   `xor:"kind" help:"The id is a claim's; without an id, the clinic's last claim."`
	Visit bool   `xor:"kind" help:"The id is a visit's; without an id, the clinic's last visit."`
	remote.Flags
}

// Run prints the reason for the answer to a check, the outcome of a claim or the course of a visit, and the result.
func (e *Explain) Run(a *command.App) error {
	c, err := e.Client()
	if err != nil {
		return err
	}
	switch {
	case e.Claim:
		return e.claim(a, c)
	case e.Visit:
		return e.visit(a, c)
	}
	id := e.ID
	if id == "" {
		last, err := first(controlapi.All(a.Ctx, c.Clinic, 1, c.ListChecks),
			"the clinic has no checks yet; --clinic says which clinic to ask")
		if err != nil {
			return err
		}
		id = last.ID
	}
	why, err := c.ExplainCheck(a.Ctx, c.Clinic, id)
	switch {
	case err == nil:
		return e.Print(a, c, func(w io.Writer) { printExplanation(w, why) })
	case e.ID != "" && c.HasClaim(a.Ctx, id):
		return e.claim(a, c)
	case e.ID != "" && c.HasVisit(a.Ctx, id):
		return e.visit(a, c)
	case e.ID != "":
		return remote.UnknownID(err, "check", "claim", "visit")
	}
	return err
}

// claim prints the reason for the outcome of a claim.
func (e *Explain) claim(a *command.App, c *remote.Client) error {
	id := e.ID
	if id == "" {
		last, err := first(controlapi.All(a.Ctx, c.Clinic, 1, c.ListClaims),
			"the clinic has no claims yet; --clinic says which clinic to ask")
		if err != nil {
			return err
		}
		id = last.ID
	}
	why, err := c.ExplainClaim(a.Ctx, c.Clinic, id)
	if err != nil {
		return remote.UnknownID(err, "claim")
	}
	return e.Print(a, c, func(w io.Writer) { printClaimExplanation(w, why) })
}

// visit prints the reason for the course of a visit.
func (e *Explain) visit(a *command.App, c *remote.Client) error {
	id := e.ID
	if id == "" {
		last, err := first(controlapi.All(a.Ctx, c.Clinic, 1, c.ListVisits),
			"the clinic has no visits yet; --clinic says which clinic to ask")
		if err != nil {
			return err
		}
		id = last.ID
	}
	why, err := c.ExplainVisit(a.Ctx, c.Clinic, id)
	if err != nil {
		return remote.UnknownID(err, "visit")
	}
	return e.Print(a, c, func(w io.Writer) { printVisitExplanation(w, why) })
}

// first returns the first row of a list, or an error for an empty list.
func first[T any](rows iter.Seq2[T, error], none string) (T, error) {
	for row, err := range rows {
		return row, err
	}
	return *new(T), errors.New(none)
}

func printExplanation(w io.Writer, e controlapi.Explanation) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintln(w, output.Plain(fmt.Sprintf(format, args...))) }
	outcome := e.Check.Response
	switch {
	case e.Check.Due.IsZero():
		outcome = "no answer ever comes"
	case e.Check.Finished.IsZero():
		outcome = "no answer before " + e.Check.Due.Format(time.RFC3339)
	}
	say("check %s of user %s, %s card, carrier %s: %s", e.Check.ID, e.Check.MemberID, e.Check.Card, e.Check.Carrier,
		outcome)
	say("  because  %s", e.Because)
	if e.Scenario != nil {
		say("  written  %s:%d  %s", e.Scenario.File, e.Scenario.Line, e.Scenario.Title)
	}
	say("  in force %s", output.Count(e.Tried, "scenario"))
	for _, miss := range e.Misses {
		say("           %s:%d matches in %s, but not in %s", miss.File, miss.Line, output.Count(miss.Matched, "field"),
			miss.Difference())
	}
	say("  asked    %s", askedFor(members(e.Asked)))
	say("  started  %s by the clinic's clock", e.Check.Started.Format(time.RFC3339))
	if !e.Check.Finished.IsZero() {
		say("  ended    %s, %s later", e.Check.Finished.Format(time.RFC3339), e.Check.Finished.Sub(e.Check.Started))
	}
	if len(e.Check.Changed) > 0 {
		say("  result   on no card, because this changed while the check was pending: %s; check again",
			strings.Join(e.Check.Changed, ", "))
	}
	if e.Event == nil {
		return
	}
	say("  event    %s: %s", e.Event.ID, became(*e.Event))
	for _, line := range attemptLines(e.Event.ID, e.Deliveries) {
		say("           %s", line)
	}
}

// members returns the members of the JSON object for a value.
func members(v any) map[string]json.RawMessage {
	text, _ := json.Marshal(v) // texts, numbers and times
	var all map[string]json.RawMessage
	_ = json.Unmarshal(text, &all)
	return all
}

// askedFor returns the input of the check, in the order of the scenario language, without empty values.
func askedFor(asked map[string]json.RawMessage) string {
	text := ""
	for _, name := range []string{
		"carrier_code", "subscriber_num", "group_number", "card", "respparty", "first_name", "last_name", "dob",
		"code", "email",
		"account_code", "nth", "at",
	} {
		if value := inWords(asked[name]); value != "" && value != "nothing" {
			text += " " + name + "=" + value
		}
	}
	return text[min(1, len(text)):]
}

// inWords returns a JSON value as words: for a text, without its quotation marks.
func inWords(value json.RawMessage) string {
	var text string
	if err := json.Unmarshal(value, &text); err == nil {
		if text == "" {
			return "nothing"
		}
		return text
	}
	if len(value) == 0 {
		return "nothing"
	}
	return string(value)
}
