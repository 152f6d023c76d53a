package controlcmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// printReport prints an event and every attempt.
func printReport(w io.Writer, r controlapi.EventReport) {
	printEvent(w, r.Event)
	_, _ = fmt.Fprintln(w, "\nHow events are delivered is vsee-mock's own: VSee publishes the payload alone.")
	if kept := len(r.Deliveries); kept < r.Event.Attempts && kept > 0 {
		_, _ = fmt.Fprintf(w, "The journal has kept the last %s.\n", output.Count(kept, "attempt"))
	}
	for _, d := range r.Deliveries {
		printDelivery(w, d)
	}
}

// printLast prints an event and the last attempt to send it.
func printLast(w io.Writer, r controlapi.EventReport) {
	printEvent(w, r.Event)
	if last := lastOf(r); last != nil {
		printDelivery(w, *last)
	}
}

// lastOf returns the last attempt; nil when none was made, or one is still to come.
func lastOf(r controlapi.EventReport) *controlapi.Delivery {
	if len(r.Deliveries) == 0 || r.Event.WaitsFor != "" {
		return nil
	}
	return &r.Deliveries[len(r.Deliveries)-1]
}

// failureOf returns the reason why the last attempt failed; nil when it succeeded.
func failureOf(r controlapi.EventReport) error {
	if last := lastOf(r); last != nil && last.Reason != "" {
		return errors.New("the attempt has failed: " + output.Plain(last.Detail))
	}
	return nil
}

func printEvent(w io.Writer, e controlapi.Event) {
	line := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(w, "  %-9s %s\n", name, output.Plain(fmt.Sprintf(format, args...)))
	}
	_, _ = fmt.Fprintf(w, "%s %s\n", output.Plain(e.Type), output.Plain(e.ID))
	line("created", "%s by the clinic's clock", e.Created.Format(time.RFC3339))
	line("status", "%s", became(e))
	if next := nextOf(e); next != "" && e.Detail == "" {
		line("next", "%s", next)
	}
	if e.Misbehaviour != nil {
		text, _ := json.Marshal(e.Misbehaviour) // texts and numbers
		line("scenario", "has this go wrong: %s", output.Compact(text, "", output.LineWidth))
	}
	const indent = "            "
	_, _ = fmt.Fprintf(w, "  %-9s %s\n", "data", output.Compact(e.Data, indent, output.LineWidth))
}

func printDelivery(w io.Writer, d controlapi.Delivery) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format+"\n", args...) }
	name := "Not sent"
	if d.IsAttempt() {
		name = fmt.Sprintf("Attempt %d", d.Attempt)
	}
	say("\n%s at %s by the clinic's clock, %s in real time", name,
		d.At.Format(time.RFC3339), d.RealAt.Format(time.RFC3339))
	if len(d.Headers) > 0 {
		say("  > POST %s", output.Plain(d.URL))
		message(w, "  > ", d.Headers, d.Body)
	}
	if len(d.Misbehaviour) > 0 {
		say("  on purpose: %s", output.Plain(strings.Join(d.Misbehaviour, ", ")))
	}
	if d.Status != 0 {
		say("  < %d %s, in %s", d.Status, http.StatusText(d.Status), d.Duration)
		message(w, "  < ", d.Answered, d.Answer)
	}
	if d.Reason != "" {
		say("  %s: %s", d.Outcome(), output.Plain(d.Detail))
	}
	if d.Hint != "" {
		say("  hint: %s", output.Plain(d.Hint))
	}
	if !d.Next.IsZero() {
		say("  next attempt%s", nextAttempt(d))
	}
}

// message prints headers and a body, unchanged.
func message(w io.Writer, prefix string, header http.Header, body string) {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			_, _ = fmt.Fprintf(w, "%s%s: %s\n", prefix, output.Plain(name), output.Plain(value))
		}
	}
	if body = strings.TrimRight(body, "\n"); body == "" {
		return
	}
	for line := range strings.SplitSeq(body, "\n") {
		_, _ = fmt.Fprintf(w, "%s%s\n", prefix, output.Plain(line))
	}
}
