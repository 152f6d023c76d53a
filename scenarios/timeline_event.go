package scenarios

import (
	"fmt"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// record adds the moments of a check's event. It returns the time of the last certain one.
func (t *timeline) record(r result) instant {
	if has := t.story.Clinic.Webhook; has != nil && !*has {
		t.add(r.saved, Mock, "", "tells nobody: the clinic has no webhook")
		return r.saved
	}
	w, over, waited := r.webhook, r.saved, t.held
	t.held = nil
	switch {
	case w.Hold.Next && len(waited) == 0: // it must not be held itself: others wait for it
		t.held = append(t.held, r)
		t.add(r.saved, Mock, "", fmt.Sprintf("holds the event of check %d until the next event", r.check))
	case w.AfterRead:
		t.unread = append(t.unread, r)
		t.add(r.saved, Mock, "", fmt.Sprintf("holds the event of check %d until the result is read", r.check))
	default:
		if w.Hold.For > 0 {
			t.add(r.saved, Mock, "", fmt.Sprintf("holds the event of check %d for %s", r.check, scalar.Short(w.Hold.For)))
		}
		over = t.deliver(r, r.saved.after(w.Hold.For))
	}
	for _, before := range waited {
		t.deliver(before, over)
	}
	return over
}

// read sends the events of the results read at a time.
func (t *timeline) read(at instant) {
	var left []result
	for _, r := range t.unread {
		if r.saved.since == "" && r.saved.at <= at.at {
			t.deliver(r, at)
		} else {
			left = append(left, r)
		}
	}
	t.unread = left
}

// unheard adds the events held for something missing from the scenario.
func (t *timeline) unheard() {
	for _, r := range t.held {
		t.deliver(r, r.saved.once("the next event of the clinic"))
	}
	for _, r := range t.unread {
		t.deliver(r, r.saved.once("the reading of the result"))
	}
}

// deliver adds the attempts to deliver an event, the first of them at the given time. It returns the time of the last
// certain attempt.
func (t *timeline) deliver(r result, at instant) instant {
	w, event := r.webhook, fmt.Sprintf("the event of check %d", r.check)
	if w.Drop {
		t.add(at, Mock, "", "drops "+event+": it is never sent")
		return at
	}
	for n := range int(w.Refused) {
		t.add(at, Mock, "", fmt.Sprintf("counts attempt %d of %s as refused, and sends nothing", n+1, event))
		if n >= len(t.in.Retries) {
			return at
		}
		at = at.after(t.in.Retries[n])
	}
	t.add(at, Mock, Receiver, "sends "+event+words(w, int(w.Refused)+1))
	over := at
	for n := int(w.Refused); w.FailsVerification(n+1) && n < len(t.in.Retries); n++ {
		if w.Attempts == 0 {
			t.add(at.after(t.in.Retries[n]), Mock, Receiver, "sends it again likewise, and at each further time of the schedule, if that was refused")
			break
		}
		at = at.after(t.in.Retries[n])
		t.add(at, Mock, Receiver, "sends it again"+words(w, n+2)+", if that was refused")
	}
	return over
}

// words describes the errors in the request of an attempt, counted from 1, and the number of times it is sent.
func words(w Webhook, attempt int) string {
	text := ""
	if w.Burst > 1 && attempt == 1 {
		text += fmt.Sprintf(", as one of %d events at once, each with an id of its own", w.Burst)
	}
	if !w.Affects(attempt) {
		return text + " as it should be"
	}
	if w.Duplicate > 1 {
		text += fmt.Sprintf(", %d times under one id", w.Duplicate)
	}
	for _, phrase := range w.Phrases() {
		text += ", " + phrase
	}
	return text
}
