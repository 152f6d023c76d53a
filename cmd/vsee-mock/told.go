package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/printable"
)

// show prints an event and every attempt.
func (t told) show(w io.Writer) {
	t.Event.show(w)
	_, _ = fmt.Fprintln(w, "\nHow events are delivered is vsee-mock's own: VSee publishes the payload alone.")
	if kept := len(t.Deliveries); kept < t.Event.Attempts && kept > 0 {
		_, _ = fmt.Fprintf(w, "The journal has kept the last %s.\n", count(kept, "attempt"))
	}
	for _, a := range t.Deliveries {
		a.show(w)
	}
}

// showLast prints an event and what has come of sending it.
func (t told) showLast(w io.Writer) {
	t.Event.show(w)
	if last := t.last(); last != nil {
		last.show(w)
	}
}

// last returns the last attempt; nil when none was made, or is to come.
func (t told) last() *attempt {
	if len(t.Deliveries) == 0 || t.Event.WaitsFor != "" {
		return nil
	}
	return &t.Deliveries[len(t.Deliveries)-1]
}

// failure returns what went wrong with the last attempt.
func (t told) failure() error {
	if last := t.last(); last != nil && last.Reason != "" {
		return errors.New("the attempt has failed: " + plain(last.Detail))
	}
	return nil
}

func (e event) show(w io.Writer) {
	line := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(w, "  %-9s %s\n", name, plain(fmt.Sprintf(format, args...)))
	}
	_, _ = fmt.Fprintf(w, "%s %s\n", plain(e.Type), plain(e.ID))
	line("created", "%s by the clinic's clock", e.Created.Format(time.RFC3339))
	line("status", "%s, after %s", e.Status, count(e.Attempts, "attempt"))
	if next := e.next(); next != "" {
		line("next", "%s", next)
	}
	if len(e.Misbehaviour) > 0 {
		line("scenario", "has this go wrong: %s", compact(e.Misbehaviour, "", lineWidth))
	}
	const indent = "            "
	_, _ = fmt.Fprintf(w, "  %-9s %s\n", "data", compact(e.Data, indent, lineWidth))
}

func (a attempt) show(w io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	say("\nAttempt %d at %s by the clinic's clock, %s in real time", a.Attempt,
		a.At.Format(time.RFC3339), a.RealAt.Format(time.RFC3339))
	if len(a.Headers) > 0 {
		say("  > POST %s", plain(a.URL))
		message(w, "  > ", a.Headers, a.Body)
	}
	if len(a.Misbehaviour) > 0 {
		say("  on purpose: %s", plain(strings.Join(a.Misbehaviour, ", ")))
	}
	if a.Status != 0 {
		say("  < %d %s, in %s", a.Status, http.StatusText(a.Status), a.Duration)
		message(w, "  < ", a.Answered, a.Answer)
	}
	if a.Reason != "" {
		say("  failed: %s: %s", a.Reason, plain(a.Detail))
	}
	if a.Hint != "" {
		say("  hint: %s", plain(a.Hint))
	}
	if a.Next != nil {
		say("  next attempt at %s", a.Next.Format(time.RFC3339))
	}
}

// message prints headers and a body, as they were sent.
func message(w io.Writer, prefix string, header http.Header, body string) {
	for _, name := range sortedKeys(header) {
		for _, value := range header[name] {
			_, _ = fmt.Fprintf(w, "%s%s: %s\n", prefix, plain(name), plain(value))
		}
	}
	if body = strings.TrimRight(body, "\n"); body == "" {
		return
	}
	for line := range strings.SplitSeq(body, "\n") {
		_, _ = fmt.Fprintf(w, "%s%s\n", prefix, plain(line))
	}
}

// plain returns a text of others' on one line, without what would move a terminal's cursor, or colour it.
func plain(text string) string { return printable.Line(text) }
