package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

func dueWork(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for _, after := range []time.Duration{5, 1, 3, 1, 9, 2, 2} {
			tx.AddWork(clinic.DeliverWork, epoch.Add(after), "")
		}
	})
	view(t, s, a, func(v clinic.View) {
		for _, tc := range []struct {
			at    time.Duration
			limit int
			want  []uint64
		}{{0, 9, nil}, {1, 9, []uint64{2, 4}}, {3, 9, []uint64{2, 4, 6, 7, 3}}, {3, 3, []uint64{2, 4, 6}}, {9, 99, []uint64{2, 4, 6, 7, 3, 1, 5}}} {
			var ids []uint64
			for _, w := range v.DueWork(clinic.DeliverWork, epoch.Add(tc.at), tc.limit) {
				ids = append(ids, w.ID)
			}
			same(t, fmt.Sprintf("due at %d, up to %d", tc.at, tc.limit), tc.want, ids)
		}
		same(t, "of another kind", 0, len(v.DueWork(clinic.FinishWork, epoch.Add(9), 9)))
		same(t, "still pending", 7, v.Pending(clinic.DeliverWork))
	})
}

func waiting(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		tx.Wait("one", "1")
		tx.Wait("one", "2")
		tx.Wait("other", "3")
	})
	failure := errors.New("no")
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.Wait("one", "4")
		tx.Wait("new", "5")
		tx.Release("one")
		return failure
	})
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.Release("one")
		tx.Unwait("other", "3")
		return failure
	})
	update(t, s, a, func(tx clinic.Tx) {
		tx.Wait("one", "6")
		tx.Unwait("one", "6")
		tx.Unwait("one", "7") // changes nothing
		tx.Unwait("nothing", "1")
		same(t, "how many wait", 3, tx.Waiting())
		same(t, "waiting", [3]bool{true, true, false}, [3]bool{tx.Waits("one"), tx.Waits("other"), tx.Waits("new")})
		same(t, "released", []string{"1", "2"}, tx.Release("one"))
		same(t, "released again", []string(nil), tx.Release("one"))
		same(t, "waiting after", [2]bool{false, true}, [2]bool{tx.Waits("one"), tx.Waits("other")})
		tx.Clear()
		same(t, "cleared", false, tx.Waits("other"))
	})
}

func workOrder(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for _, w := range []struct {
			kind  clinic.WorkKind
			after time.Duration
		}{{0, 3}, {0, 1}, {1, 2}, {0, 1}, {0, 2}} {
			tx.AddWork(w.kind, epoch.Add(w.after), fmt.Sprint(int64(w.after)))
		}
	})
	var order []uint64
	update(t, s, a, func(tx clinic.Tx) {
		for {
			work, ok := tx.NextWork(clinic.FinishWork)
			if !ok {
				break
			}
			order = append(order, work.ID)
			tx.RemoveWork(work.ID)
			if _, pending := tx.Work(work.ID); pending {
				t.Error("removed work is pending")
			}
		}
		tx.RemoveWork(99) // changes nothing
		same(t, "other kind", 1, tx.Pending(clinic.DeliverWork))
	})
	same(t, "order", []uint64{2, 4, 5, 1}, order)
}

func workIDs(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	seen := map[uint64]bool{}
	add := func() {
		update(t, s, a, func(tx clinic.Tx) {
			id := tx.AddWork(clinic.FinishWork, epoch, "x")
			if seen[id] {
				t.Errorf("the id %d is given twice", id)
			}
			seen[id] = true
			tx.RemoveWork(id)
		})
	}
	add()
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		seen[tx.AddWork(clinic.FinishWork, epoch, "x")] = true
		return errors.New("no")
	})
	add()
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	add()
}
