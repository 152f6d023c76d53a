package scenarios

import (
	"fmt"
	"time"
)

// record tells what becomes of the event of a check, and returns when it is over, as far as anybody can tell.
func (t *timeline) record(r result) instant {
	if has := t.story.Clinic.Webhook; has != nil && !*has {
		t.add(r.saved, Mock, "", "tells nobody: the clinic has no webhook")
		return r.saved
	}
	w, over, waited := r.webhook, r.saved, t.held
	t.held = nil
	switch {
	case w.Hold.Next && len(waited) == 0: // an event that others wait for is not held back itself
		t.held = append(t.held, r)
		t.add(r.saved, Mock, "", fmt.Sprintf("holds the event of check %d until the next event", r.check))
	case w.AfterRead:
		t.unread = append(t.unread, r)
		t.add(r.saved, Mock, "", fmt.Sprintf("holds the event of check %d until the result is read", r.check))
	default:
		if w.Hold.For > 0 {
			t.add(r.saved, Mock, "", fmt.Sprintf("holds the event of check %d for %s", r.check, span(w.Hold.For)))
		}
		over = t.deliver(r, r.saved.after(w.Hold.For))
	}
	for _, before := range waited {
		t.deliver(before, over)
	}
	return over
}

// read has the events sent of the results that are read at a time.
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

// unheard tells of the events that wait for something that the story does not have.
func (t *timeline) unheard() {
	for _, r := range t.held {
		t.deliver(r, r.saved.once("the next event of the clinic"))
	}
	for _, r := range t.unread {
		t.deliver(r, r.saved.once("the reading of the result"))
	}
}

// deliver tells of the attempts to deliver an event, the first of them at a time. It returns when the last one is that
// is certain.
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
	t.add(at, Mock, Receiver, "sends "+event+w.words(int(w.Refused)+1))
	over := at
	for n := int(w.Refused); w.doubtful(n+1) && n < len(t.in.Retries); n++ {
		if w.Attempts == 0 {
			t.add(at.after(t.in.Retries[n]), Mock, Receiver, "sends it again likewise, and at each further time of the schedule, if that was refused")
			break
		}
		at = at.after(t.in.Retries[n])
		t.add(at, Mock, Receiver, "sends it again"+w.words(n+2)+", if that was refused")
	}
	return over
}

// wrong reports whether an attempt, counted from 1, is one that goes wrong. Those that are not sent do not count.
func (w Webhook) wrong(attempt int) bool {
	return w.Attempts == 0 || attempt <= int(w.Refused+w.Attempts)
}

// doubtful reports whether a receiver that verifies signatures refuses an attempt.
func (w Webhook) doubtful(attempt int) bool {
	return w.wrong(attempt) && (w.Signature != "" || w.Timestamp != "" || w.Altered)
}

// words says what is wrong with what is sent in an attempt, and how often it is sent.
func (w Webhook) words(attempt int) string {
	text := ""
	if w.Burst > 1 && attempt == 1 {
		text += fmt.Sprintf(", as one of %d events at once, each with an id of its own", w.Burst)
	}
	if !w.wrong(attempt) {
		return text + " as it should be"
	}
	if w.Duplicate > 1 {
		text += fmt.Sprintf(", %d times under one id", w.Duplicate)
	}
	for _, flaw := range []struct {
		is   bool
		text string
	}{
		{w.Signature == "bad", "signed by a secret that nobody has"},
		{w.Signature == "old", "signed by the previous secret alone"},
		{w.Timestamp == "stale", "signed as of ten minutes ago"},
		{w.Timestamp == "future", "signed as of in ten minutes"},
		{w.Altered, "changed after it was signed"},
		{w.ExtraField, "with a field that VSee does not know"},
		{w.Slow > 0, "slowly, over " + span(time.Duration(w.Slow)) + " of real time"},
		{w.Gzip, "compressed"},
	} {
		if flaw.is {
			text += ", " + flaw.text
		}
	}
	return text
}
