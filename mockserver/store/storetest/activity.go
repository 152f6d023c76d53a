package storetest

import (
	"errors"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// withoutActivity tests Counted, and ClearActivity: settings, users and files stay.
func withoutActivity(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	user := clinic.User{ID: "1", Code: "pat", FirstName: "Pat", LastName: "Sample"}
	file := clinic.File{ID: "7", UserID: "1", Image: clinic.Image{Type: "image/png", Data: []byte("data")}}
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(user)
		tx.PutUser(clinic.User{ID: "2", Code: "sam", FirstName: "Sam", LastName: "Roe"})
		tx.PutFile(file)
		tx.PutToken(clinic.Token{Text: "t", UserID: "1", Refresh: clinic.Refresh{Text: "r"}})
		tx.PutCheck(clinic.EligibilityCheck{ID: "3"})
		tx.PutClaim(clinic.Claim{Claim: claims.Claim{ID: "4"}})
		tx.PutEvent(outbox.Event{ID: "5"})
		tx.AddWork(clinic.FinishWork, epoch, "3")
		tx.AddWaiting("a reader", "5")
		for range 3 {
			tx.Count("kept")
			tx.Count("anew")
		}
		same(t, "a counter that is read", [3]uint64{3, 3, 0}, [3]uint64{tx.Counted("kept"), tx.Counted("kept"), tx.Counted("never")})
	})
	failure := errors.New("no")
	err := s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.ClearActivity(map[string]uint64{"kept": 99})
		tx.PutUser(clinic.User{ID: "1", Code: "pat", FirstName: "Lost"})
		tx.PutUser(clinic.User{ID: "9", Code: "lost"})
		tx.PutFile(clinic.File{ID: "8", Image: clinic.Image{Data: []byte("lost")}})
		tx.PutToken(clinic.Token{Text: "lost"})
		tx.Count("anew")
		return failure
	})
	same(t, "error", true, errors.Is(err, failure))
	view(t, s, a, func(v clinic.View) {
		kept, _ := v.Users().Get("1")
		same(t, "user after a failure", user, kept)
		same(t, "rows after a failure", [5]int{2, 1, 1, 1, 1},
			[5]int{count(v.Users()), count(v.Tokens()), count(v.Checks()), count(v.Claims()), count(v.Events())})
		same(t, "pending after a failure", 1, v.Pending(clinic.FinishWork))
		same(t, "counters after a failure", [2]uint64{3, 3}, [2]uint64{v.Counted("kept"), v.Counted("anew")})
		same(t, "bytes after a failure", 4, v.Stored())
	})
	if id, err := s.Owner(t.Context(), "t"); id != a || err != nil {
		t.Errorf("the token after a failure is of %q, %v", id, err)
	}
	var work uint64
	update(t, s, a, func(tx clinic.Tx) {
		work = tx.AddWork(clinic.DeliverWork, epoch, "5")
		tx.ClearActivity(map[string]uint64{"kept": 1 << 40})
	})
	for _, token := range []string{"t", "lost"} {
		if _, err := s.Owner(t.Context(), token); !errors.Is(err, clinic.ErrUnknown) {
			t.Errorf("the token %s: %v", token, err)
		}
	}
	update(t, s, a, func(tx clinic.Tx) {
		same(t, "settings", "admin of a", tx.Settings().AdminToken)
		kept, _ := tx.Users().Get("1")
		same(t, "user", user, kept)
		byCode, _ := tx.UserByCode("sam")
		same(t, "user by code", "2", byCode.ID)
		found := 0
		for u := range tx.UsersWith("samp") {
			if u.ID == "1" {
				found++
			}
		}
		same(t, "users found by their names", 1, found)
		image, _ := tx.File("7")
		same(t, "file", file, image)
		same(t, "bytes", 4, tx.Stored())
		same(t, "rows", [5]int{2}, [5]int{count(tx.Users()), count(tx.Tokens()), count(tx.Checks()), count(tx.Claims()), count(tx.Events())})
		_, refreshed := tx.TokenByRefresh("r")
		same(t, "token by refresh", false, refreshed)
		same(t, "pending and waiting", [3]int{}, [3]int{tx.Pending(clinic.FinishWork), tx.Pending(clinic.DeliverWork), tx.Waiting()})
		same(t, "counters", [2]uint64{1<<40 + 1, 1}, [2]uint64{tx.Count("kept"), tx.Count("anew")})
		if next := tx.AddWork(clinic.FinishWork, epoch, "6"); next == work {
			t.Errorf("work is given the id %d again", next)
		}
	})
}
