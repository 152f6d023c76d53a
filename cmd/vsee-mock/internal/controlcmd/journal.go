package controlcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Journal is `vsee-mock journal`.
type Journal struct {
	Follow bool     `short:"f" env:"-" help:"Print the newest changes, and each one as it happens."`
	Kinds  []string `env:"-" help:"With --follow, only exchange, check, claim, visit, event or delivery."`
	Limit  int      `default:"20" help:"Maximum number of entries from before."`
	remote.Flags
}

// Help is the text below the command's summary.
func (Journal) Help() string {
	return "A line has the clinic's time, the kind, the patient, and the change. Without --follow it lists the requests " +
		"to VSee's API. With --follow it prints checks, claims, visits, events and deliveries too, until Ctrl-C; with " +
		"--json, each as JSON on a line."
}

// Validate is called by kong.
func (j *Journal) Validate() error {
	switch {
	case j.Limit < 0:
		return errors.New("--limit must not be negative")
	case j.Limit == 0 && !j.Follow:
		return errors.New("--limit must be at least 1 without --follow")
	case len(j.Kinds) > 0 && !j.Follow:
		return errors.New("--kinds has no use without --follow")
	}
	for _, kind := range j.Kinds {
		if !slices.Contains(controlapi.Kinds(), kind) {
			return fmt.Errorf("--kinds must be some of %s", strings.Join(controlapi.Kinds(), ","))
		}
	}
	return nil
}

// Run prints the journal.
func (j *Journal) Run(a *command.App) error {
	c, err := j.Client()
	if err != nil {
		return err
	}
	if j.Follow {
		return j.follow(a, c)
	}
	page, err := c.ListJournal(a.Ctx, c.Clinic, controlapi.PageRequest{Limit: j.Limit})
	if err != nil {
		return err
	}
	return j.Print(a, c, func(w io.Writer) {
		if len(page.Data) == 0 {
			_, _ = fmt.Fprintf(w, "%s has had no requests\n", c.Clinic)
		}
		for _, e := range slices.Backward(page.Data) {
			printItem(w, controlapi.StreamItem{Kind: controlapi.KindExchange, At: e.At, MemberID: e.MemberID,
				Exchange: &e.ExchangeFacts})
		}
	})
}

// follow prints each change until the command is interrupted.
func (j *Journal) follow(a *command.App, c *remote.Client) error {
	from := controlapi.StreamRequest{Tail: &j.Limit, Kinds: j.Kinds}
	for item, err := range c.Stream(a.Ctx, c.Clinic, from) {
		if err != nil {
			return err
		}
		if !j.JSON {
			printItem(a.Stdout, item)
			continue
		}
		if err := json.NewEncoder(a.Stdout).Encode(item); err != nil {
			return fmt.Errorf("writing an item: %w", err)
		}
	}
	return nil
}

// eventID is the number of characters of an event's id that a line shows.
const eventID = 8

// textOf describes an item in a line.
func textOf(i controlapi.StreamItem) string {
	switch {
	case i.Exchange != nil:
		return exchangeText(*i.Exchange)
	case i.Check != nil:
		return strings.TrimSuffix(fmt.Sprintf("%s %s: %s", i.Check.ID, i.Check.Status, i.Check.Response), ": ")
	case i.Claim != nil:
		return i.Claim.ID + " " + i.Claim.Status
	case i.Visit != nil:
		return i.Visit.ID + " " + i.Visit.StatusWord
	case i.Event != nil:
		return fmt.Sprintf("%s %.*s %s%s", i.Event.Type, eventID, i.Event.ID, i.Event.Status, ahead(*i.Event))
	case i.Delivery != nil:
		d := i.Delivery
		return fmt.Sprintf("%s %.*s attempt %d: %s", d.Type, eventID, d.EventID, d.Attempt, d.Outcome())
	case i.Clock != nil:
		return clockText(i.Clock.Now, i.Clock.Frozen)
	case i.Dropped > 0:
		return output.Count(i.Dropped, "item") + " from before this are missing"
	case i.Kind == controlapi.KindReset:
		return "the clinic was emptied, or the mock was started anew"
	}
	return i.Reason
}

func exchangeText(e controlapi.ExchangeFacts) string {
	text := fmt.Sprintf("%s %s %d", e.Method, e.Path, e.Status)
	if e.Fault != "" {
		text += " fault: " + e.Fault
	}
	if len(e.Warnings) > 0 {
		text += " warning: " + strings.Join(e.Warnings, "; ")
	}
	return text
}
