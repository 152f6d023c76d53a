package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// explainCmd is `vsee-mock explain`.
type explainCmd struct {
	ID    string `arg:"" name:"id" optional:"" help:"The eligibility_id of a check or the claim_id of a claim; the clinic's last check when left out."`
	Claim bool   `help:"It is a claim; the clinic's last one when the id is left out."`
	remote
}

// explanation is why a check was answered so, as the control API says it.
type explanation struct {
	Check struct {
		ID       string     `json:"id"`
		Card     string     `json:"card"`
		Carrier  string     `json:"carrier_code"`
		Member   string     `json:"member_id"`
		Started  time.Time  `json:"started"`
		Due      *time.Time `json:"due"`
		Finished *time.Time `json:"finished"`
		Response string     `json:"eligibility_response"`
	} `json:"check"`
	Because  string `json:"because"`
	Scenario *place `json:"scenario"`
	Misses   []struct {
		place
		When    map[string]json.RawMessage `json:"when"`
		Differs string                     `json:"differs_in"`
		Matched int                        `json:"matched"`
	} `json:"near_misses"`
	Tried int                        `json:"tried"`
	Asked map[string]json.RawMessage `json:"asked"`
	Event *event                     `json:"event"`

	Deliveries []attempt `json:"deliveries"`
}

type place struct {
	Title string `json:"title"`
	File  string `json:"file"`
	Line  int    `json:"line"`
}

// Run prints why a check was answered so, or a claim decided so, and what became of it.
func (e *explainCmd) Run(a *app) error {
	c, err := e.of(e.Mock)
	if err != nil {
		return err
	}
	what := "checks"
	if e.Claim {
		what = "claims"
	}
	id := e.ID
	if id == "" {
		if id, err = c.last(a.ctx, what); err != nil {
			return err
		}
	}
	if !e.Claim {
		var why explanation
		raw, err := c.explain(a.ctx, what, id, &why)
		if err == nil {
			return e.print(a.stdout, raw, why.show)
		}
		if e.ID == "" || !c.has(a.ctx, id) {
			return err
		}
	}
	var why claimExplanation
	raw, err := c.explain(a.ctx, "claims", id, &why)
	if err != nil {
		return err
	}
	return e.print(a.stdout, raw, why.show)
}

// print prints an explanation: as it came, or for people.
func (e *explainCmd) print(w io.Writer, raw []byte, show func(io.Writer)) error {
	if e.JSON {
		_, err := w.Write(raw)
		return err
	}
	show(w)
	return nil
}

// explain asks why a check was answered, or a claim decided, as it was.
func (c *control) explain(ctx context.Context, what, id string, why any) ([]byte, error) {
	return c.call(ctx, http.MethodGet, "/"+what+"/"+url.PathEscape(id)+"/explain", nil, why)
}

// has reports whether the clinic has a claim of this id.
func (c *control) has(ctx context.Context, id string) bool {
	_, err := c.call(ctx, http.MethodGet, "/claims/"+url.PathEscape(id), nil, &struct{}{})
	return err == nil
}

// last returns the id of the clinic's last check or claim.
func (c *control) last(ctx context.Context, what string) (string, error) {
	var page struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if _, err := c.call(ctx, http.MethodGet, "/"+what+"?limit=1", nil, &page); err != nil {
		return "", err
	}
	if len(page.Data) == 0 {
		return "", errors.New("the clinic has no " + what + " yet")
	}
	return page.Data[0].ID, nil
}

func (e explanation) show(w io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintln(w, plain(fmt.Sprintf(format, args...))) }
	outcome := e.Check.Response
	switch {
	case e.Check.Due == nil:
		outcome = "no answer ever comes"
	case e.Check.Finished == nil:
		outcome = "no answer before " + e.Check.Due.Format(time.RFC3339)
	}
	say("check %s of user %s, %s card, carrier %s: %s", e.Check.ID, e.Check.Member, e.Check.Card, e.Check.Carrier, outcome)
	say("  because  %s", e.Because)
	if e.Scenario != nil {
		say("  written  %s:%d  %s", e.Scenario.File, e.Scenario.Line, e.Scenario.Title)
	}
	say("  tried    %s", count(e.Tried, "scenario"))
	for _, miss := range e.Misses {
		say("           %s:%d matches in %s, but not in %s: it wants %s, and the check has %s",
			miss.File, miss.Line, count(miss.Matched, "field"), miss.Differs, worded(miss.When[miss.Differs]), e.had(miss.Differs))
	}
	say("  asked    %s", e.asked())
	say("  started  %s by the clinic's clock", e.Check.Started.Format(time.RFC3339))
	if e.Check.Finished != nil {
		say("  ended    %s, %s later", e.Check.Finished.Format(time.RFC3339), e.Check.Finished.Sub(e.Check.Started))
	}
	if e.Event == nil {
		return
	}
	say("  event    %s: %s, after %s", e.Event.ID, e.Event.Status, count(e.Event.Attempts, "attempt"))
	for _, d := range e.Deliveries {
		outcome := fmt.Sprintf("answered %d", d.Status)
		if d.Reason != "" {
			outcome = d.Reason + ": " + d.Detail
		}
		say("           attempt %d at %s %s", d.Attempt, d.At.Format(time.RFC3339), outcome)
	}
}

// had returns what a check had for a field of the language.
func (e explanation) had(field string) string {
	if value, ok := e.Asked[field]; ok {
		return worded(value)
	}
	return worded(e.Asked["at"]) // weekday, date and time are about that
}

// asked returns what the check was made with, in the order of the language, without what is empty.
func (e explanation) asked() string {
	text := ""
	for _, name := range []string{
		"carrier_code", "subscriber_num", "group_number", "card", "respparty", "first_name", "last_name", "dob", "code", "email",
		"account_code", "nth", "at",
	} {
		if value := worded(e.Asked[name]); value != "" && value != "nothing" {
			text += " " + name + "=" + value
		}
	}
	return text[min(1, len(text)):]
}

// worded returns a JSON value as words: a text without its quotation marks.
func worded(value json.RawMessage) string {
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
