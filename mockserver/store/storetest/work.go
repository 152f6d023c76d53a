package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

func testDueWork(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for i, after := range []time.Duration{5, 1, 3, 1, 9, 2, 2} {
			tx.AddWork(clinic.DeliverWork, epoch.Add(after), fmt.Sprint(i+1))
		}
	})
	view(t, s, a, func(v clinic.View) {
		for _, tc := range []struct {
			at    time.Duration
			limit int
			want  string
		}{{0, 9, ""}, {1, 9, "24"}, {3, 9, "24673"}, {3, 3, "246"}, {9, 99, "2467315"}} {
			got := ""
			for _, w := range v.DueWork(clinic.DeliverWork, epoch.Add(tc.at), tc.limit) {
				got += w.Subject
			}
			diff(t, fmt.Sprintf("due at %d, up to %d", tc.at, tc.limit), tc.want, got)
		}
		diff(t, "of another kind", 0, len(v.DueWork(clinic.FinishWork, epoch.Add(9), 9)))
		diff(t, "still pending", 7, v.PendingCount(clinic.DeliverWork))
	})
}

func testTakenWork(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for i, after := range []time.Duration{5, 1, 3, 1, 9, 2, 2} {
			tx.AddWork(clinic.FinishWork, epoch.Add(after), fmt.Sprint(i+1))
		}
	})
	take := func(tx clinic.Tx, by time.Duration, limit int) string {
		got := ""
		for _, w := range tx.TakeWork(clinic.FinishWork, epoch.Add(by), limit) {
			got += w.Subject
			if tx.IsPending(w) {
				t.Error("taken work is pending")
			}
		}
		return got
	}
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		diff(t, "taken in a failed update", "2467315", take(tx, 9, 99))
		return errors.New("no")
	})
	update(t, s, a, func(tx clinic.Tx) {
		diff(t, "before the first is due", "", take(tx, 0, 9))
		diff(t, "those due in one instant", "24", take(tx, 1, 9))
		diff(t, "those due by a time, up to the limit", "67", take(tx, 3, 2))
		diff(t, "the rest", "315", take(tx, 9, 9))
		diff(t, "of nothing", "", take(tx, 9, 9))
	})
}

func testWaitingEvents(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		tx.AddWaiting("one", "1")
		tx.AddWaiting("one", "2")
		tx.AddWaiting("other", "3")
	})
	failure := errors.New("no")
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.AddWaiting("one", "4")
		tx.AddWaiting("new", "5")
		tx.ReleaseWaiting("one")
		return failure
	})
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.ReleaseWaiting("one")
		tx.RemoveWaiting("other", "3")
		return failure
	})
	update(t, s, a, func(tx clinic.Tx) {
		tx.AddWaiting("one", "6")
		tx.RemoveWaiting("one", "6")
		tx.RemoveWaiting("one", "7") // changes nothing
		tx.RemoveWaiting("nothing", "1")
		diff(t, "how many wait", 3, tx.WaitingCount())
		diff(t, "waiting", [3]bool{true, true, false},
			[3]bool{tx.HasWaiting("one"), tx.HasWaiting("other"), tx.HasWaiting("new")})
		diff(t, "released", []string{"1", "2"}, tx.ReleaseWaiting("one"))
		diff(t, "released again", []string(nil), tx.ReleaseWaiting("one"))
		diff(t, "waiting after", [2]bool{false, true}, [2]bool{tx.HasWaiting("one"), tx.HasWaiting("other")})
		tx.Clear()
		diff(t, "cleared", false, tx.HasWaiting("other"))
	})
}

func testWorkOrder(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for i, w := range []struct {
			kind  clinic.WorkKind
			after time.Duration
		}{{0, 3}, {0, 1}, {1, 2}, {0, 1}, {0, 2}} {
			tx.AddWork(w.kind, epoch.Add(w.after), fmt.Sprint(i+1))
		}
	})
	update(t, s, a, func(tx clinic.Tx) {
		order := ""
		for {
			work, ok := tx.NextWork(clinic.FinishWork)
			if !ok {
				break
			}
			order += work.Subject
			tx.RemoveWork(work)
			if tx.IsPending(work) {
				t.Error("removed work is pending")
			}
		}
		diff(t, "order", "2451", order)
		tx.RemoveWork(clinic.Work{ID: 1 << 40}) // changes nothing
		diff(t, "other kind", 1, tx.PendingCount(clinic.DeliverWork))
	})
}

func testWorkIDs(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	seen := map[uint64]bool{}
	add := func() {
		var id uint64
		update(t, s, a, func(tx clinic.Tx) {
			id = tx.AddWork(clinic.FinishWork, epoch, "x")
			tx.RemoveWork(clinic.Work{ID: id, Due: epoch})
		})
		if id == 0 || seen[id] {
			t.Errorf("the id %d is 0, or given twice", id)
		}
		seen[id] = true
	}
	add()
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.AddWork(clinic.FinishWork, epoch, "x") // an id never returned to a caller may be used again
		return errors.New("no")
	})
	add()
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	add()
}
