package demo

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// maxAlike is the number of repeats to list for an event already shown in full.
const maxAlike = 19

// news prints the new entries of the mock's log: the moves of the clock, then the events.
func (t *Transcript) news() {
	entries := t.mock.Since(t.read)
	if len(entries) == 0 {
		return
	}
	t.read += len(entries)
	t.came = map[string]bool{}
	moved := false
	var arrivals []*ownmock.Arrival
	for _, e := range entries {
		if e.Receipt != nil {
			t.receipt(e.Receipt, e.By)
			moved = true
		} else {
			arrivals = append(arrivals, e.Arrival)
			for _, id := range []string{e.Arrival.Data.Check, e.Arrival.Data.Claim} {
				t.came[id], t.heard[id] = true, true
			}
		}
	}
	if len(arrivals) > 0 {
		t.heading(arrivals[0], moved)
		t.arrivals(arrivals)
	}
}

func (t *Transcript) heading(first *ownmock.Arrival, moved bool) {
	switch {
	case first.Data.Claim != "":
		t.say("\nStep 7. The webhook of the claim. VSee has not defined it either.")
	case moved:
		t.say("\nStep 5. The webhook.")
	default:
		t.say("\nStep 5. The webhook. It came before the reply to the start.")
	}
}

// arrivals prints events, and those like one before them in short.
func (t *Transcript) arrivals(all []*ownmock.Arrival) {
	alike, full := 0, map[string]bool{}
	for _, a := range all {
		like := fmt.Sprint(a.Data, a.Status, a.Signed)
		if full[like] {
			nth := "by an id of its own"
			if a.Nth > 1 {
				nth = "for the " + ownmock.Ordinal(a.Nth) + " time"
			}
			if alike++; alike <= maxAlike {
				t.say("  < POST %s, webhook-id %s: the same, %s", a.Path, a.Header.Get("webhook-id"), nth)
			}
			continue
		}
		full[like] = true
		t.say("  < POST %s", a.Path)
		for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
			t.say("  <   %s: %s", name, a.Header.Get(name))
		}
		t.pretty(a.Body)
		for _, remark := range t.remarks(a) {
			t.say("  %s", remark)
		}
	}
	if alike > maxAlike {
		t.say("  … and %d more like it", alike-maxAlike)
	}
}

// remarks returns the remarks about an event.
func (t *Transcript) remarks(a *ownmock.Arrival) []string {
	remarks := a.Faults()
	if a.Signed == ownmock.Current {
		remarks = slices.Insert(remarks, 0, "the signature is that of the body, by the clinic's secret")
	}
	if t.scenario.Webhook.Slow > 0 || t.scenario.ClaimWebhook.Slow > 0 {
		remarks = append(remarks, fmt.Sprintf("its body took %s of real time to come", a.Took.Round(time.Millisecond)))
	}
	if a.Status != http.StatusOK {
		remarks = append(remarks, fmt.Sprintf("the receiver answers %d", a.Status))
	}
	if about := t.about(a.Data.Check); about != "" {
		remarks = append(remarks, about)
	}
	return remarks
}

// about names the check of an event, unless there is only one.
func (t *Transcript) about(id string) string {
	i := slices.IndexFunc(t.checks, func(c *play.Check) bool { return c.ID == id })
	switch {
	case id == "":
		return ""
	case i < 0:
		return fmt.Sprintf("it is of check %s: the client has never got a reply to its start", id)
	case t.checks[i].N == 0:
		return "it is of the other patient"
	case len(t.checks) > 1:
		return fmt.Sprintf("it is of check %d", t.checks[i].N)
	}
	return ""
}
