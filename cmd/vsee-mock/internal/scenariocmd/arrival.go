package scenariocmd

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// news prints the new entries of the mock's log: the moves of the clock, then the events.
func (t *transcript) news(ctx context.Context) error {
	entries := t.mock.Since(t.read)
	if len(entries) == 0 {
		return nil
	}
	t.read += len(entries)
	t.came = map[string]bool{}
	moved := false
	var arrivals []*ownmock.Arrival
	for _, e := range entries {
		if e.Receipt != nil {
			if err := t.receipt(ctx, e.Receipt, e.By); err != nil {
				return err
			}
			moved = true
		} else {
			arrivals = append(arrivals, e.Arrival)
			t.came[e.Arrival.Subject()], t.came[""] = true, true // a check whose start got no reply has no id
		}
	}
	if len(arrivals) > 0 {
		t.heading(arrivals[0], moved)
		t.arrivals(arrivals)
	}
	return nil
}

func (t *transcript) heading(first *ownmock.Arrival, moved bool) {
	switch {
	case first.Data.Claim != "":
		t.say("\nStep 7. The webhook of the claim. VSee has not defined it either.")
	case first.Data.Visit != "":
		t.say("\nThe webhook of the visit.")
	case moved:
		t.say("\nStep 5. The webhook.")
	default:
		t.say("\nStep 5. The webhook. It came before the reply to the start.")
	}
}

// arrivals prints events, and counts those like one before them.
func (t *transcript) arrivals(all []*ownmock.Arrival) {
	full, ids := map[string]bool{}, map[string]bool{}
	for _, a := range all {
		ids[a.ID] = true
		like := fmt.Sprint(a.Type, a.Data, a.Status, a.Signed)
		if full[like] {
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
	if more := len(all) - len(full); more > 0 {
		t.say("  … and %d more like it, with %s in all", more, output.Count(len(ids), "id"))
	}
}

// remarks returns the remarks about an event.
func (t *transcript) remarks(a *ownmock.Arrival) []string {
	remarks := a.Faults()
	if a.Signed == ownmock.GoodSignature {
		remarks = slices.Insert(remarks, 0, a.Signed)
	}
	if t.scenario.HasWebhook(func(m scenarios.Webhook) bool { return m.Slow > 0 }) {
		remarks = append(remarks, fmt.Sprintf("its body took %s of real time to come", a.Took.Round(time.Millisecond)))
	}
	if a.Status != http.StatusOK {
		remarks = append(remarks, fmt.Sprintf("the receiver answers %d", a.Status))
	}
	if len(t.names) > 1 || t.names[a.Subject()] == "" {
		remarks = append(remarks, "it is of "+t.names.Of(a.Subject()))
	}
	return remarks
}
