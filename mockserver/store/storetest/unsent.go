package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// endedChecks returns checks with the numbers from first to last, as they are at their end.
func endedChecks(first, last uint64) []*clinic.EligibilityCheck {
	var ended []*clinic.EligibilityCheck
	for n := first; n <= last; n++ {
		ended = append(ended, &clinic.EligibilityCheck{
			ID: fmt.Sprint(n), Of: &clinic.Identity{Account: "a"}, User: &clinic.User{ExternalID: "x"},
			Answer: &clinic.EligibilityAnswer{Text: clinic.Success}, Finished: clinic.MomentOf(epoch), EventNumber: n,
		})
	}
	return ended
}

// expectUnsent checks that a clinic has the events of checks, oldest first, and no others.
func expectUnsent(t *testing.T, what string, v clinic.View, checks []*clinic.EligibilityCheck) {
	t.Helper()
	var want, got []outbox.Event
	for _, check := range checks {
		event := check.UnsentEvent()
		want = append(want, *event)
		byID, _ := v.Events().Get(event.ID)
		diff(t, what+": one", *event, byID)
	}
	for event := range v.Events().All() {
		got = append(got, *event)
	}
	diff(t, what, want, got)
	diff(t, what+": number", len(want), v.Events().Len())
	if n := len(want); n > 1 {
		diff(t, what+": page", want[n-2:n-1], v.Events().Newest(want[n-1].ID, 1))
	}
}

func testUnsentEvents(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	checks := endedChecks(1, 6)
	update(t, s, a, func(tx clinic.Tx) {
		for _, check := range checks {
			tx.PutCheck(&clinic.EligibilityCheck{ID: check.ID})
		}
		tx.PutUnsent(checks[:2])
	})
	for _, isRead := range []bool{false, true} {
		_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
			tx.RemoveOldestEvents(1, func(*outbox.Event) bool { return true })
			tx.PutUnsent(checks[2:4])
			if isRead {
				expectUnsent(t, "in a failed update", tx, checks[1:4])
			}
			tx.PutUnsent(checks[4:])
			return errors.New("no")
		})
	}
	view(t, s, a, func(v clinic.View) {
		expectUnsent(t, "after a rollback", v, checks[:2])
		row, _ := v.Checks().Get("3")
		diff(t, "a check after a rollback", clinic.EligibilityCheck{ID: "3"}, row)
	})
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUnsent(checks[2:])
		diff(t, "removed", 4, tx.RemoveOldestEvents(4, func(*outbox.Event) bool { return true }))
	})
	view(t, s, a, func(v clinic.View) {
		expectUnsent(t, "after a removal", v, checks[4:])
		diff(t, "a check", checks[5], v.Checks().Shared("6"))
	})
}
