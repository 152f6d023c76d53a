package clinic_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// dueAttempt returns the due attempt.
func dueAttempt(t *testing.T, c *clinic.Clinic) outbox.Attempt {
	t.Helper()
	due, err := c.DueAttempts(t.Context())
	if err != nil || len(due) != 1 {
		t.Fatalf("due are %+v, %v", due, err)
	}
	return due[0]
}

func isStillDue(t *testing.T, c *clinic.Clinic, a outbox.Attempt) bool {
	t.Helper()
	due, err := c.IsAttemptStillDue(t.Context(), &a)
	if err != nil {
		t.Fatal(err)
	}
	return due
}

// State and the work it causes change together, and finished work is not repeated.
func TestWorkIsDoneOnce(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	startCheck(t, c, signOn(t, c).Token.Text)
	finishCheck(t, c)
	if again, err := c.FinishChecks(t.Context(), anyTime, 1); len(again) > 0 || err != nil {
		t.Errorf("the check ends again: %v, %v", again, err)
	}
	deliver, ok, err := c.NextWork(t.Context(), clinic.DeliverWork)
	if !ok || err != nil || !deliver.Due.Equal(epoch) {
		t.Fatalf("delivery %+v, %t, %v", deliver, ok, err)
	}
	d := dueAttempt(t, c)
	if d.Number != 1 {
		t.Fatalf("%+v", d)
	}
	event, ok, err := c.RecordOutcome(t.Context(), &d, outbox.Outcome{Ended: epoch})
	if !ok || err != nil || event.Status != outbox.Pending || !event.Next.Equal(epoch.Add(5*time.Second)) {
		t.Errorf("after a failure: %+v, %t, %v", event, ok, err)
	}
	if _, ok, _ := c.RecordOutcome(t.Context(), &d, outbox.Outcome{Success: true}); ok {
		t.Error("one attempt is recorded twice")
	}
	if pending, _ := c.PendingCounts(t.Context()); pending != [clinic.WorkKinds]int{0, 1} {
		t.Errorf("pending = %v", pending)
	}
}

func TestAnAttemptFromBeforeAResetIsNotRecorded(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	startCheck(t, c, signOn(t, c).Token.Text)
	finishCheck(t, c)
	underWay := dueAttempt(t, c)
	if err := c.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	startCheck(t, c, signOn(t, c).Token.Text)
	finishCheck(t, c)
	if _, ok, _ := c.RecordOutcome(t.Context(), &underWay, outbox.Outcome{Success: true}); ok {
		t.Error("a delivery of before the reset is recorded after it")
	}
	if pending, _ := c.PendingCounts(t.Context()); pending[clinic.DeliverWork] != 1 {
		t.Errorf("pending = %v", pending)
	}
}

// The record of an obsolete attempt changes nothing.
func TestAnObsoleteAttemptChangesNothing(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	startCheck(t, c, signOn(t, c).Token.Text)
	finishCheck(t, c)
	before := dueAttempt(t, c)
	if !isStillDue(t, c, before) {
		t.Error("an attempt that is due is not wanted")
	}
	if _, _, err := c.RecordOutcome(t.Context(), &before, outbox.Outcome{Success: true, Ended: epoch}); err != nil {
		t.Fatal(err)
	}
	after, err := c.Event(t.Context(), before.Event.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok, err := c.RecordOutcome(t.Context(), &before, outbox.Outcome{Gone: true, Ended: epoch}); ok || err != nil {
		t.Errorf("it is recorded: %t, %v", ok, err)
	}
	if err := c.SkipEvent(t.Context(), &before); err != nil {
		t.Error(err)
	}
	again, _ := c.Event(t.Context(), before.Event.ID)
	settings, _ := c.Settings(t.Context())
	if diff := cmp.Diff(after, again); diff != "" || settings.Webhook.Disabled || isStillDue(t, c, before) {
		t.Errorf("disabled: %t; the event (-before +after):\n%s", settings.Webhook.Disabled, diff)
	}
}

// A receiver with the reply 410 Gone disables its own URL, not a URL set meanwhile.
func TestA410DisablesOnlyTheURLThatAnsweredIt(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	startCheck(t, c, signOn(t, c).Token.Text)
	finishCheck(t, c)
	underWay := dueAttempt(t, c)
	_, err := c.Configure(t.Context(), func(s clinic.Settings) clinic.Settings {
		s.Webhook.URL = "http://127.0.0.1:2"
		return s
	})
	if err != nil {
		t.Fatal(err)
	}
	if isStillDue(t, c, underWay) {
		t.Error("an attempt at a URL that was replaced is wanted")
	}
	if _, _, err := c.RecordOutcome(t.Context(), &underWay, outbox.Outcome{Gone: true, Ended: epoch}); err != nil {
		t.Fatal(err)
	}
	if settings, _ := c.Settings(t.Context()); settings.Webhook.Disabled {
		t.Error("the new URL is disabled")
	}
}

// An event sent by hand is about the last finished check, not about a pending one.
func TestAFiredEventHasTheDataOfTheLastFinishedCheck(t *testing.T) {
	t.Parallel()
	c := newClinic(t, clinic.Settings{Webhook: clinic.Webhook{URL: "http://127.0.0.1:1"}})
	user := signOn(t, c)
	work := startCheck(t, c, user.Token.Text)
	finishCheck(t, c)
	startCheck(t, c, user.Token.Text)
	event, err := c.FireEvent(t.Context(), clinic.EligibilityChecked, user.User.ID, nil,
		func(outbox.Event, clinic.Webhook) error { return nil })
	if err != nil || !strings.Contains(string(event.Data), `"eligibility_id":"`+work.Subject+`"`) {
		t.Errorf("%s, %v", event.Data, err)
	}
}
