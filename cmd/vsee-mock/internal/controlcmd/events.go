package controlcmd

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Events is `vsee-mock events`.
type Events struct {
	List   listEvents  `cmd:"" help:"List a clinic's events, newest first."`
	Show   showEvent   `cmd:"" help:"Show an event and every attempt to deliver it."`
	Resend resendEvent `cmd:"" help:"Send an event again; exit 1 when that fails."`
	Send   sendEvent   `cmd:"" help:"Send an event of your own; exit 1 when that fails."`
}

// pageSize is the page size for a search through all events.
const pageSize = 1_000

// listEvents is `vsee-mock events list`.
type listEvents struct {
	Limit  int    `default:"20" help:"Maximum number of events."`
	Status string `enum:"${states}," default:"" placeholder:"STATUS" env:"VSEE_MOCK_EVENT_STATUS" help:"Only ${states}."`
	remote.Flags
}

// Help is the text below the command's summary.
func (listEvents) Help() string { return "The variable of --status is VSEE_MOCK_EVENT_STATUS." }

// Validate is called by kong.
func (l *listEvents) Validate() error {
	if l.Limit < 1 {
		return errors.New("--limit must be at least 1")
	}
	return nil
}

// Run prints a line for each event.
func (l *listEvents) Run(a *command.App) error {
	c, err := l.Client()
	if err != nil {
		return err
	}
	if l.JSON && l.Status == "" {
		if _, err := c.ListEvents(a.Ctx, c.Clinic, controlapi.PageRequest{Limit: l.Limit}); err != nil {
			return err
		}
		return l.Print(a, c, nil)
	}
	found := []controlapi.Event{}
	size := min(l.Limit, pageSize)
	if l.Status != "" {
		size = pageSize // the search covers all events
	}
	for e, err := range controlapi.All(a.Ctx, c.Clinic, size, c.ListEvents) {
		if err != nil {
			return err
		}
		if l.Status == "" || l.Status == e.Status {
			found = append(found, e)
		}
		if len(found) == l.Limit {
			break
		}
	}
	if l.JSON {
		encoder := json.NewEncoder(a.Stdout)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(controlapi.Page[controlapi.Event]{Data: found})
	}
	return l.table(a.Stdout, found)
}

// table prints events in columns.
func (l *listEvents) table(w io.Writer, found []controlapi.Event) error {
	if len(found) == 0 {
		_, err := fmt.Fprintf(w, "%s has no %s\n", l.Clinic, strings.TrimSpace(l.Status+" events"))
		return err
	}
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(columns, "CREATED\tID\tTYPE\tMEMBER\tRESPONSE\tSTATUS\tATTEMPTS\tNEXT")
	for _, e := range found {
		var data struct {
			Member   any `json:"member_id"`
			Response any `json:"eligibility_response"`
			Claim    any `json:"status"`
		}
		_ = json.Unmarshal(e.Data, &data) // for anything but an object, both stay empty
		row := []string{
			e.Created.Format(time.RFC3339), e.ID, e.Type, valueText(data.Member),
			valueText(cmp.Or(data.Response, data.Claim)), e.Status, fmt.Sprint(e.Attempts), nextOf(e),
		}
		for i := range row {
			row[i] = output.Plain(row[i])
		}
		_, _ = fmt.Fprintln(columns, strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	return columns.Flush()
}

// textOf returns a value of an event's data as text; "-" for none.
func valueText(value any) string {
	if value == nil || value == "" {
		return "-"
	}
	return fmt.Sprint(value)
}

// nextOf returns the time of the next attempt, the reason for waiting or that for none at all; "" for neither.
func nextOf(e controlapi.Event) string {
	switch {
	case e.WaitsFor != "":
		return "waits for " + e.WaitsFor
	case !e.Next.IsZero():
		return e.Next.Format(time.RFC3339)
	}
	reason, _, _ := strings.Cut(e.Detail, ": ") // events show has the rest
	return reason
}

const (
	idLength  = 36 // of a UUID
	minPrefix = 4
)

// find returns the id of the event with this prefix.
func find(ctx context.Context, c *remote.Client, prefix string) (string, error) {
	prefix = strings.ToLower(prefix)
	if len(prefix) < minPrefix {
		return "", command.Usage(fmt.Errorf(
			"the id of an event needs at least its first %d characters: vsee-mock events list shows the ids", minPrefix))
	}
	if len(prefix) >= idLength {
		return prefix, nil // a complete id: the clinic reports an unknown one
	}
	var ids []string
	for e, err := range controlapi.All(ctx, c.Clinic, pageSize, c.ListEvents) {
		if err != nil {
			return "", err
		}
		if strings.HasPrefix(e.ID, prefix) {
			ids = append(ids, e.ID)
		}
	}
	switch {
	case len(ids) == 0:
		return "", errors.New("the clinic has no event with an id that begins like this: " +
			"vsee-mock events list shows the ids; --clinic says which clinic to ask")
	case len(ids) > 1:
		shown := ids[:min(len(ids), 3)]
		return "", fmt.Errorf("%d events have ids that begin like this, such as %s: give more characters", len(ids),
			strings.Join(shown, " and "))
	}
	return ids[0], nil
}

// showEvent is `vsee-mock events show`.
type showEvent struct {
	ID string `arg:"" help:"Id of the event, or at least its first 4 characters."`
	remote.Flags
}

// Run prints an event and its attempts.
func (s *showEvent) Run(a *command.App) error {
	c, err := s.Client()
	if err != nil {
		return err
	}
	id, err := find(a.Ctx, c, s.ID)
	if err != nil {
		return err
	}
	found, err := c.GetEvent(a.Ctx, c.Clinic, id)
	if err != nil {
		return err
	}
	return s.Print(a, c, func(w io.Writer) { printReport(w, found) })
}

// resendEvent is `vsee-mock events resend`.
type resendEvent struct {
	ID string `arg:"" help:"Id of the event, or at least its first 4 characters."`
	remote.Flags
}

// Run resends an event and prints the result.
func (r *resendEvent) Run(a *command.App) error {
	c, err := r.Client()
	if err != nil {
		return err
	}
	id, err := find(a.Ctx, c, r.ID)
	if err != nil {
		return err
	}
	sent, err := c.ResendEvent(a.Ctx, c.Clinic, id)
	if err != nil {
		return err
	}
	return printSent(a, r.Flags, c, sent)
}

// printSent prints an event just sent, and returns the reason if sending failed.
func printSent(a *command.App, f remote.Flags, c *remote.Client, report controlapi.EventReport) error {
	if err := f.Print(a, c, func(w io.Writer) { printLast(w, report) }); err != nil {
		return err
	}
	for _, warning := range report.Warnings {
		command.Notices{W: a.Stderr}.Say(slog.LevelWarn, output.Plain(warning))
	}
	return failureOf(report)
}
