package storetest

import (
	"errors"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// testClearActivity tests Counted, and ClearActivity: settings, users, rooms and files stay.
func testClearActivity(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	user := clinic.User{ID: "1", Code: "pat", FirstName: "Pat", LastName: "Sample"}
	file := clinic.File{ID: "7", UserID: "1", Upload: clinic.Upload{Type: "image/png", Data: []byte("data")}}
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&user)
		tx.PutUser(&clinic.User{ID: "2", Code: "sam", FirstName: "Sam", LastName: "Roe"})
		tx.PutLastLogin("1", 7)
		tx.PutFile(file)
		tx.PutToken(clinic.Token{Text: "t", UserID: "1", Refresh: clinic.Refresh{Text: "r"}})
		tx.PutCheck(&clinic.EligibilityCheck{ID: "3"})
		tx.PutClaim(clinic.Claim{Claim: claims.Claim{ID: "4"}})
		tx.PutEvent(outbox.Event{ID: "5"})
		putVisits(tx)
		tx.AddWork(clinic.FinishWork, epoch, "3")
		tx.AddWaiting("a reader", "5")
		for range 3 {
			tx.NextCount("kept")
			tx.NextCount("anew")
		}
		diff(t, "a counter that is read", [3]uint64{3, 3, 0},
			[3]uint64{tx.Counter("kept"), tx.Counter("kept"), tx.Counter("never")})
	})
	failure := errors.New("no")
	err := s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.ClearActivity(map[string]uint64{"kept": 99})
		tx.PutUser(&clinic.User{ID: "1", Code: "pat", FirstName: "Lost"})
		tx.PutUser(&clinic.User{ID: "9", Code: "lost"})
		tx.PutLastLogin("1", 8)
		tx.PutLastLogin("9", 9)
		tx.PutFile(clinic.File{ID: "8", Upload: clinic.Upload{Data: []byte("lost")}})
		tx.PutToken(clinic.Token{Text: "lost"})
		tx.NextCount("anew")
		return failure
	})
	diff(t, "error", true, errors.Is(err, failure))
	view(t, s, a, func(v clinic.View) {
		kept, _ := v.Users().Get("1")
		diff(t, "user after a failure", user, kept)
		diff(t, "logins after a failure", [2]clinic.Moment{7, 0}, [2]clinic.Moment{v.LastLogin("1"), v.LastLogin("9")})
		diff(t, "rows after a failure", [5]int{2, 1, 1, 1, 1},
			[5]int{countRows(v.Users()), countRows(v.Tokens()), countRows(v.Checks()), countRows(v.Claims()),
				countRows(v.Events())})
		diff(t, "rows of visits after a failure", [4]int{1, 1, 1, 1}, visitRows(v))
		diff(t, "pending after a failure", 1, v.PendingCount(clinic.FinishWork))
		diff(t, "counters after a failure", [2]uint64{3, 3}, [2]uint64{v.Counter("kept"), v.Counter("anew")})
		diff(t, "bytes after a failure", 4, v.FileBytes())
	})
	if id, err := s.ClinicOfToken(t.Context(), "t"); id != a || err != nil {
		t.Errorf("the token after a failure is of %q, %v", id, err)
	}
	var work uint64
	update(t, s, a, func(tx clinic.Tx) {
		work = tx.AddWork(clinic.DeliverWork, epoch, "5")
		tx.ClearActivity(map[string]uint64{"kept": 1 << 40})
	})
	for _, token := range []string{"t", "lost"} {
		if _, err := s.ClinicOfToken(t.Context(), token); !errors.Is(err, clinic.ErrUnknown) {
			t.Errorf("the token %s: %v", token, err)
		}
	}
	update(t, s, a, func(tx clinic.Tx) {
		diff(t, "settings", "admin of a", tx.Settings().AdminToken)
		kept, _ := tx.Users().Get("1")
		diff(t, "user", user, kept)
		diff(t, "last login", clinic.Moment(7), tx.LastLogin("1"))
		diff(t, "rows of visits", [4]int{0, 1, 0, 0}, visitRows(tx))
		byCode, _ := tx.UserByCode("sam")
		diff(t, "user by code", "2", byCode.ID)
		diff(t, "users found by their names", []string{"1"}, idsWith(tx, nil, "samp"))
		image, _ := tx.File("7")
		diff(t, "file", file, image)
		diff(t, "bytes", 4, tx.FileBytes())
		diff(t, "rows", [5]int{2}, [5]int{countRows(tx.Users()), countRows(tx.Tokens()), countRows(tx.Checks()),
			countRows(tx.Claims()), countRows(tx.Events())})
		_, refreshed := tx.TokenByRefresh("r")
		diff(t, "token by refresh", false, refreshed)
		diff(t, "pending and waiting", [3]int{},
			[3]int{tx.PendingCount(clinic.FinishWork), tx.PendingCount(clinic.DeliverWork), tx.WaitingCount()})
		diff(t, "counters", [2]uint64{1<<40 + 1, 1}, [2]uint64{tx.NextCount("kept"), tx.NextCount("anew")})
		if next := tx.AddWork(clinic.FinishWork, epoch, "6"); next == work {
			t.Errorf("work is given the id %d again", next)
		}
	})
}
