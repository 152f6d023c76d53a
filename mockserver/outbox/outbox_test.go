package outbox_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

var epoch = time.Unix(1649934637, 0).UTC()

// memoryOutbox is an outbox in memory.
type memoryOutbox struct {
	webhook *outbox.Webhook
	events  map[string]outbox.Event
	pending map[uint64]time.Time
	waiting map[string][]string
	lastID  int
}

func newMemoryOutbox(w outbox.Webhook) *memoryOutbox {
	w.URL = "http://127.0.0.1:1"
	w = w.WithDefaults("whsec_x")
	return &memoryOutbox{
		webhook: &w, events: map[string]outbox.Event{}, pending: map[uint64]time.Time{},
		waiting: map[string][]string{},
	}
}

func (b *memoryOutbox) Webhook() *outbox.Webhook { return b.webhook }

func (b *memoryOutbox) Event(id string) (outbox.Event, bool) {
	e, ok := b.events[id]
	return e, ok
}

func (b *memoryOutbox) DueEvents(at time.Time, limit int) []*outbox.Event {
	var due []*outbox.Event
	for _, e := range b.events {
		if when, pending := b.pending[e.Work]; pending && !when.After(at) {
			due = append(due, &e)
		}
	}
	slices.SortFunc(due, func(a, b *outbox.Event) int { return int(a.Work) - int(b.Work) })
	return due[:min(limit, len(due))]
}

func (b *memoryOutbox) HasDelivery(e *outbox.Event) bool { _, ok := b.pending[e.Work]; return ok }

func (b *memoryOutbox) WaitingCount() int { return len(b.waiting) }

func (b *memoryOutbox) PutEvent(e outbox.Event) { b.events[e.ID] = e }

func (b *memoryOutbox) NewEventID(time.Time) string {
	b.lastID++
	return fmt.Sprint("copy ", b.lastID)
}

func (b *memoryOutbox) Jitter(string, int) float64 { return -1 }

func (b *memoryOutbox) AddDelivery(due time.Time, _ string) uint64 {
	b.lastID++
	b.pending[uint64(b.lastID)] = due
	return uint64(b.lastID)
}

func (b *memoryOutbox) RemoveDelivery(e *outbox.Event) { delete(b.pending, e.Work) }

func (b *memoryOutbox) AddWaiting(reason, id string) {
	b.waiting[reason] = append(b.waiting[reason], id)
}

func (b *memoryOutbox) RemoveWaiting(reason, id string) {
	b.waiting[reason] = slices.DeleteFunc(b.waiting[reason], func(other string) bool { return other == id })
}

func (b *memoryOutbox) ReleaseWaiting(reason string) []string {
	ids := b.waiting[reason]
	delete(b.waiting, reason)
	return ids
}

func (b *memoryOutbox) DisableWebhook() { b.webhook.Disabled = true }

func dueAttempts(b *memoryOutbox, at time.Time) []string {
	var ids []string
	for _, d := range outbox.DueAttempts(b, at) {
		ids = append(ids, fmt.Sprint(d.Event.ID, " ", d.Number))
	}
	return ids
}

func TestAFailedAttemptIsMadeAgainByTheSchedule(t *testing.T) {
	t.Parallel()
	b := newMemoryOutbox(outbox.Webhook{Schedule: []time.Duration{10 * time.Second, time.Minute}, Jitter: 0.5})
	outbox.RecordEvent(b, outbox.Event{ID: "e"}, "1", epoch)
	now := epoch
	after := 40 * time.Second
	for i, want := range []struct {
		outcome outbox.Outcome
		status  outbox.Status
		next    time.Duration
	}{
		{outbox.Outcome{}, outbox.Pending, 5 * time.Second}, // less the jitter
		{outbox.Outcome{RetryAfter: &after}, outbox.Pending, after},
		{outbox.Outcome{}, outbox.Failed, 0},
	} {
		if diff := cmp.Diff([]string{fmt.Sprint("e ", i+1)}, dueAttempts(b, now)); diff != "" {
			t.Fatalf("due (-want +got):\n%s", diff)
		}
		want.outcome.Ended = now
		event, ok := outbox.DueAttempts(b, now)[0].RecordOutcome(b, want.outcome)
		if !ok || event.Status != want.status || event.Attempts != i+1 {
			t.Errorf("attempt %d: %+v, %t", i+1, event, ok)
		}
		if !event.Next.IsZero() && event.Next.Sub(now) != want.next {
			t.Errorf("attempt %d: the next one comes after %s, want %s", i+1, event.Next.Sub(now), want.next)
		}
		now = event.Next
	}
	if left := dueAttempts(b, epoch.Add(time.Hour)); left != nil {
		t.Errorf("%v are due after the last attempt", left)
	}
	event := outbox.ResendEvent(b, b.events["e"], epoch)
	if event.Status != outbox.Pending || event.AttemptsBeforeResend != 3 ||
		!slices.Equal(dueAttempts(b, epoch), []string{"e 4"}) {
		t.Errorf("sent again: %+v, due are %v", event, dueAttempts(b, epoch))
	}
}

func TestAnAttemptIsRecordedOnce(t *testing.T) {
	t.Parallel()
	b := newMemoryOutbox(outbox.Webhook{})
	outbox.RecordEvent(b, outbox.Event{ID: "e"}, "1", epoch)
	d := outbox.DueAttempts(b, epoch)[0]
	if event, ok := d.RecordOutcome(b, outbox.Outcome{Success: true, Ended: epoch}); !ok ||
		event.Status != outbox.Delivered {
		t.Fatalf("%+v, %t", event, ok)
	}
	if event, ok := d.RecordOutcome(b, outbox.Outcome{Gone: true, Ended: epoch}); ok || event.ID != "" ||
		b.webhook.Disabled {
		t.Errorf("again: %+v, %t, disabled %t", event, ok, b.webhook.Disabled)
	}
	if d.SkipEvent(b, epoch); b.events["e"].Status != outbox.Delivered || d.IsStillDue(b) {
		t.Errorf("skipped: %+v", b.events["e"])
	}
}

func TestA410DisablesTheWebhook(t *testing.T) {
	t.Parallel()
	b := newMemoryOutbox(outbox.Webhook{})
	outbox.RecordEvent(b, outbox.Event{ID: "e"}, "1", epoch)
	event, _ := outbox.DueAttempts(b, epoch)[0].RecordOutcome(b, outbox.Outcome{Gone: true, Ended: epoch})
	if event.Status != outbox.Failed || !b.webhook.Disabled {
		t.Errorf("%s, disabled %t", event.Status, b.webhook.Disabled)
	}
}

// An event held until the next one comes after it; a burst comes at once, without other events.
func TestEventsWaitAndBurst(t *testing.T) {
	t.Parallel()
	b := newMemoryOutbox(outbox.Webhook{})
	outbox.RecordEvent(b, outbox.Event{ID: "held",
		Misbehaviour: &outbox.Misbehaviour{Hold: misbehaviour.Hold{Next: true}}}, "1", epoch)
	outbox.RecordEvent(b, outbox.Event{ID: "read", Misbehaviour: &outbox.Misbehaviour{AfterRead: true}}, "1", epoch)
	if got := dueAttempts(b, epoch); got != nil {
		t.Errorf("%v are due", got)
	}
	outbox.ReleaseEvents(b, outbox.ReadingOfUser("1"), epoch)
	if diff := cmp.Diff([]string{"read 1"}, dueAttempts(b, epoch)); diff != "" {
		t.Errorf("after the reading (-want +got):\n%s", diff)
	}
	outbox.DueAttempts(b, epoch)[0].RecordOutcome(b, outbox.Outcome{Success: true, Ended: epoch})
	if diff := cmp.Diff([]string{"held 1"}, dueAttempts(b, epoch)); diff != "" {
		t.Errorf("after the next event (-want +got):\n%s", diff)
	}
	outbox.DueAttempts(b, epoch)[0].RecordOutcome(b, outbox.Outcome{Success: true, Ended: epoch})
	outbox.RecordEvent(b, outbox.Event{ID: "burst", Misbehaviour: &outbox.Misbehaviour{Burst: 3}}, "1", epoch)
	outbox.RecordEvent(b, outbox.Event{ID: "alone"}, "1", epoch)
	if got := dueAttempts(b, epoch); len(got) != 3 || slices.Contains(got, "alone 1") {
		t.Errorf("in the burst are %v", got)
	}
}
