package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"
)

// eventsCmd is `vsee-mock events`.
type eventsCmd struct {
	List   listEvents  `cmd:"" help:"List a clinic's events, newest first."`
	Show   showEvent   `cmd:"" help:"Show an event, and each attempt to deliver it."`
	Resend resendEvent `cmd:"" help:"Send an event again; exit 1 when that fails."`
	Send   sendEvent   `cmd:"" help:"Send an event that nothing has caused; exit 1 when that fails."`
}

// remote is the flags of commands that ask a running mock.
type remote struct {
	Mock string `default:"http://127.0.0.1:8080" help:"Where the mock is."`
	account
	JSON bool `name:"json" help:"Print the control API's reply as it is."`
}

// pageSize is how many events are asked for at once when any of them may be the one.
const pageSize = 1_000

// listEvents is `vsee-mock events list`.
type listEvents struct {
	Limit  int    `default:"20" help:"How many at most."`
	Status string `enum:"pending,delivered,failed,dropped,skipped," default:"" placeholder:"STATUS" env:"VSEE_MOCK_EVENT_STATUS" help:"Only pending, delivered, failed, dropped or skipped; as a variable, VSEE_MOCK_EVENT_STATUS."`
	remote
}

// Validate is called by kong.
func (l *listEvents) Validate() error {
	if l.Limit < 1 {
		return errors.New("--limit must be at least 1")
	}
	return nil
}

// Run prints a line for each event.
func (l *listEvents) Run(a *app) error {
	c, err := l.of(l.Mock)
	if err != nil {
		return err
	}
	if l.JSON && l.Status == "" {
		_, raw, err := c.events(a.ctx, l.Limit, "")
		if err != nil {
			return err
		}
		_, err = a.stdout.Write(raw)
		return err
	}
	var found []event
	raws := []json.RawMessage{}
	err = c.eachEvent(a.ctx, l.page(), func(e event, raw json.RawMessage) bool {
		if l.Status == "" || l.Status == e.Status {
			found, raws = append(found, e), append(raws, raw)
		}
		return len(found) < l.Limit
	})
	if err != nil {
		return err
	}
	if l.JSON {
		text, err := json.MarshalIndent(map[string]any{"data": raws}, "", "  ")
		if err != nil {
			return fmt.Errorf("writing the events: %w", err)
		}
		_, err = fmt.Fprintf(a.stdout, "%s\n", text)
		return err
	}
	return l.table(a.stdout, found)
}

// page is how many events to ask for at once: a status is looked for in all of them.
func (l *listEvents) page() int {
	if l.Status != "" {
		return pageSize
	}
	return min(l.Limit, pageSize)
}

// table prints events in columns.
func (l *listEvents) table(w io.Writer, found []event) error {
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
		_ = json.Unmarshal(e.Data, &data) // what is no object has neither
		row := []string{
			e.Created.Format(time.RFC3339), e.ID, e.Type, word(data.Member), word(cmp.Or(data.Response, data.Claim)), e.Status,
			fmt.Sprint(e.Attempts), e.next(),
		}
		for i := range row {
			row[i] = plain(row[i])
		}
		_, _ = fmt.Fprintln(columns, strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	return columns.Flush()
}

// word returns a value of an event's data as text; "-" for none.
func word(value any) string {
	if value == nil || value == "" {
		return "-"
	}
	return fmt.Sprint(value)
}

// next says when the next attempt is due, or what it waits for; nothing when there is none.
func (e event) next() string {
	switch {
	case e.WaitsFor != "":
		return "waits for " + e.WaitsFor
	case e.Next != nil:
		return e.Next.Format(time.RFC3339)
	}
	return ""
}

// eachEvent calls f with the clinic's events, newest first, until it returns false.
func (c *control) eachEvent(ctx context.Context, size int, f func(event, json.RawMessage) bool) error {
	for after := ""; ; {
		page, _, err := c.events(ctx, size, after)
		if err != nil {
			return err
		}
		for _, raw := range page.Data {
			var e event
			if err := json.Unmarshal(raw, &e); err != nil {
				return c.stranger(http.StatusOK)
			}
			if !f(e, raw) {
				return nil
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

const (
	idLength  = 36 // of a UUID
	minPrefix = 4
)

// find returns the id of the event whose id begins so.
func (c *control) find(ctx context.Context, prefix string) (string, error) {
	prefix = strings.ToLower(prefix)
	if len(prefix) < minPrefix {
		return "", usage{fmt.Errorf("the id of an event must be given with its first %d characters at least: vsee-mock events list shows them", minPrefix)}
	}
	if len(prefix) >= idLength {
		return prefix, nil // the clinic says whether it has it
	}
	var ids []string
	err := c.eachEvent(ctx, pageSize, func(e event, _ json.RawMessage) bool {
		if strings.HasPrefix(e.ID, prefix) {
			ids = append(ids, e.ID)
		}
		return true
	})
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", errors.New("the clinic has no event whose id begins so: vsee-mock events list shows them")
	case len(ids) > 1:
		shown := ids[:min(len(ids), 3)]
		return "", fmt.Errorf("the ids of %d events begin so, %s among them: give more of it", len(ids), strings.Join(shown, " and "))
	}
	return ids[0], nil
}

// showEvent is `vsee-mock events show`.
type showEvent struct {
	ID string `arg:"" help:"The event's id, or how it begins: 4 characters at least."`
	remote
}

// Run prints an event and its attempts.
func (s *showEvent) Run(a *app) error {
	c, err := s.of(s.Mock)
	if err != nil {
		return err
	}
	id, err := c.find(a.ctx, s.ID)
	if err != nil {
		return err
	}
	found, raw, err := c.told(a.ctx, http.MethodGet, "/events/"+url.PathEscape(id), nil)
	if err != nil {
		return err
	}
	if s.JSON {
		_, err = a.stdout.Write(raw)
		return err
	}
	found.show(a.stdout)
	return nil
}

// resendEvent is `vsee-mock events resend`.
type resendEvent struct {
	ID string `arg:"" help:"The event's id, or how it begins: 4 characters at least."`
	remote
}

// Run sends an event again and prints what has come of it.
func (r *resendEvent) Run(a *app) error {
	c, err := r.of(r.Mock)
	if err != nil {
		return err
	}
	id, err := c.find(a.ctx, r.ID)
	if err != nil {
		return err
	}
	return r.send(a, c, "/events/"+url.PathEscape(id)+"/resend", nil)
}

// send has an event sent and prints what has come of it.
func (r remote) send(a *app, c *control, path string, body any) error {
	sent, raw, err := c.told(a.ctx, http.MethodPost, path, body)
	if err != nil {
		return err
	}
	if r.JSON {
		if _, err := a.stdout.Write(raw); err != nil {
			return fmt.Errorf("writing the reply: %w", err)
		}
	} else {
		sent.showLast(a.stdout)
	}
	return sent.failure()
}

// told asks for an event, or has one sent.
func (c *control) told(ctx context.Context, method, path string, body any) (told, []byte, error) {
	var reply told
	raw, err := c.call(ctx, method, path, body, &reply)
	return reply, raw, err
}
