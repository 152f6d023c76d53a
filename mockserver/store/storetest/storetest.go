// Package storetest has the tests common to all implementations of clinic.Store.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// Exercise runs the tests against the stores newStore returns; each call must return an empty one.
func Exercise(t *testing.T, newStore func(testing.TB) clinic.Store) {
	for name, test := range map[string]func(*testing.T, clinic.Store){
		"clinics are created once and deleted":           testClinics,
		"a token leads to its clinic":                    testTokens,
		"a stored row is there":                          testRows,
		"users are found by parts of their names":        testSearchByText,
		"users are found by their marks":                 testSearchByMarks,
		"a refresh token leads to its token":             testRefreshTokens,
		"lists go from the newest":                       testPages,
		"an update that fails changes nothing":           testRollBack,
		"work comes in due order":                        testWorkOrder,
		"work due at once comes in due order":            testDueWork,
		"work is taken in due order":                     testTakenWork,
		"an unsent event is a row like others":           testUnsentEvents,
		"events wait until they are released":            testWaitingEvents,
		"work is never given an id twice":                testWorkIDs,
		"updates of one clinic do not lose each other":   testConcurrentUpdates,
		"a cleared clinic keeps its settings":            testClear,
		"a clinic without activity keeps its users":      testClearActivity,
		"the oldest rows are removed":                    testRemoval,
		"files are kept, counted and removed":            testFiles,
		"clinics share nothing":                          testClinicsAreSeparate,
		"a clinic that does not exist cannot be changed": testUnknownClinic,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newStore(t))
		})
	}
}

// create makes a clinic and returns its id.
func create(t *testing.T, s clinic.Store, account string) string {
	t.Helper()
	id, err := s.Create(t.Context(), clinic.Settings{AccountCode: account, AdminToken: "admin of " + account})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func update(t *testing.T, s clinic.Store, account string, f func(clinic.Tx)) {
	t.Helper()
	if err := s.Update(t.Context(), account, func(tx clinic.Tx) error { f(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s clinic.Store, account string, f func(clinic.View)) {
	t.Helper()
	if err := s.View(t.Context(), account, func(v clinic.View) error { f(v); return nil }); err != nil {
		t.Fatal(err)
	}
}

func diff(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func testClinics(t *testing.T, s clinic.Store) {
	a, b := create(t, s, "a"), create(t, s, "b")
	if _, err := s.Create(t.Context(), clinic.Settings{AccountCode: "c", AdminToken: "admin of a"}); !errors.Is(err,
		clinic.ErrExists) {
		t.Errorf("the same admin token again: %v", err)
	}
	if err := s.Delete(t.Context(), a); err != nil {
		t.Error(err)
	}
	again := create(t, s, "a") // the admin token is free again
	if again == a || again == b {
		t.Errorf("the id %s is given twice", again)
	}
	for what, err := range map[string]error{
		"view":   s.View(t.Context(), a, func(clinic.View) error { return nil }),
		"update": s.Update(t.Context(), a, func(clinic.Tx) error { return nil }),
		"delete": s.Delete(t.Context(), a),
	} {
		if !errors.Is(err, clinic.ErrUnknown) {
			t.Errorf("%s of a deleted clinic: %v", what, err)
		}
	}
}

func testTokens(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) { tx.PutToken(clinic.Token{Text: "t"}) })
	for _, token := range []string{"t", "admin of a"} {
		if id, err := s.ClinicOfToken(t.Context(), token); id != a || err != nil {
			t.Errorf("%s is of %q, %v", token, id, err)
		}
	}
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	if _, err := s.ClinicOfToken(t.Context(), "t"); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("a token of a cleared clinic: %v", err)
	}
	if err := s.Delete(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ClinicOfToken(t.Context(), "admin of a"); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("the admin token of a deleted clinic: %v", err)
	}
}

func testRows(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	user := clinic.User{ID: "1", Code: "pat", FirstName: "Pat", Extra: map[string]any{"a": "b"}, Created: epoch}
	token := clinic.Token{Text: "t", UserID: "1", Expiry: clinic.MomentOf(epoch)}
	check := clinic.EligibilityCheck{ID: "2", MemberID: "1", Due: clinic.MomentOf(epoch)}
	event := outbox.Event{ID: "3", Data: []byte(`{}`)}
	claim := clinic.Claim{Claim: claims.Claim{ID: "4", MemberID: "1", Due: epoch}}
	intake, room := visits.Intake{ID: "5", Custom: map[string]any{"a": "b"}}, visits.Room{Code: "6", ID: "7"}
	visit, block := visits.Visit{ID: "8", Start: epoch}, visits.Block{ID: "9", Start: epoch}
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&clinic.User{ID: "1", Code: "pat"})
		tx.PutUser(&user) // replaces
		tx.PutToken(token)
		tx.PutCheck(&check)
		tx.PutEvent(event)
		tx.PutClaim(claim)
		tx.PutIntake(intake)
		tx.PutRoom(room)
		tx.PutVisit(visit)
		tx.PutBlock(block)
		settings := *tx.Settings()
		settings.Key = "k"
		tx.PutSettings(settings)
		if got, _ := tx.Users().Get("1"); got.FirstName != "Pat" {
			t.Error("an update does not see its own changes")
		}
	})
	view(t, s, a, func(v clinic.View) {
		gotUser, _ := v.Users().Get("1")
		diff(t, "user", user, gotUser)
		byCode, _ := v.UserByCode("pat")
		diff(t, "user by code", &user, byCode)
		diff(t, "shared user", &user, v.Users().Shared("1"))
		gotToken, _ := v.Tokens().Get("t")
		diff(t, "token", token, gotToken)
		gotCheck, _ := v.Checks().Get("2")
		diff(t, "check", check, gotCheck)
		gotEvent, _ := v.Events().Get("3")
		diff(t, "event", event, gotEvent)
		gotClaim, _ := v.Claims().Get("4")
		diff(t, "claim", claim, gotClaim)
		gotIntake, _ := v.Intakes().Get("5")
		diff(t, "intake", intake, gotIntake)
		gotRoom, _ := v.Rooms().Get("6")
		diff(t, "room by its code", room, gotRoom)
		gotVisit, _ := v.Visits().Get("8")
		diff(t, "visit", visit, gotVisit)
		gotBlock, _ := v.Blocks().Get("9")
		diff(t, "block", block, gotBlock)
		diff(t, "key", "k", v.Settings().Key)
		diff(t, "users", [2]int{1, 1}, [2]int{countRows(v.Users()), v.Users().Len()})
		for what, found := range map[string]bool{
			"user": hasRow(v.Users(), "9"), "shared user": v.Users().Shared("9") != nil,
			"token": hasRow(v.Tokens(), "9"), "check": hasRow(v.Checks(), "9"),
			"claim": hasRow(v.Claims(), "9"), "event": hasRow(v.Events(), "9"),
		} {
			if found {
				t.Errorf("a %s that was never put is there", what)
			}
		}
		if _, ok := v.UserByCode(""); ok {
			t.Error("a user has the empty code")
		}
	})
}

// putVisits puts a row into each of the tables of visits.
func putVisits(tx clinic.Tx) {
	tx.PutIntake(visits.Intake{ID: "1"})
	tx.PutRoom(visits.Room{Code: "1"})
	tx.PutVisit(visits.Visit{ID: "1"})
	tx.PutBlock(visits.Block{ID: "1"})
}

// visitRows returns the number of intakes, rooms, visits and blocks.
func visitRows(v clinic.View) [4]int {
	return [4]int{v.Intakes().Len(), v.Rooms().Len(), v.Visits().Len(), v.Blocks().Len()}
}

func countRows[T any](r clinic.Rows[T]) int { return len(r.Newest("", 1_000)) }

func hasRow[T any](r clinic.Rows[T], id string) bool {
	_, ok := r.Get(id)
	return ok
}

func testPages(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for i := range 5 {
			tx.PutCheck(&clinic.EligibilityCheck{ID: fmt.Sprint(i)})
		}
		tx.PutCheck(&clinic.EligibilityCheck{ID: "1", MemberID: "changed"}) // stays where it was added
	})
	ids := func(rows []clinic.EligibilityCheck) []string {
		var ids []string
		for _, c := range rows {
			ids = append(ids, c.ID)
		}
		return ids
	}
	view(t, s, a, func(v clinic.View) {
		diff(t, "the newest two", []string{"4", "3"}, ids(v.Checks().Newest("", 2)))
		diff(t, "the next two", []string{"2", "1"}, ids(v.Checks().Newest("3", 2)))
		diff(t, "the last", []string{"0"}, ids(v.Checks().Newest("1", 2)))
		diff(t, "none after the last", []string(nil), ids(v.Checks().Newest("0", 2)))
		diff(t, "how many there are", 5, v.Checks().Len())
		diff(t, "none after an unknown one", []string(nil), ids(v.Checks().Newest("9", 2)))
	})
}

func testRollBack(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	var kept uint64
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&clinic.User{ID: "1", Code: "pat", FirstName: "before"})
		tx.NextCount("n")
		kept = tx.AddWork(clinic.FinishWork, epoch, "kept")
	})
	failure := errors.New("no")
	err := s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutUser(&clinic.User{ID: "1", Code: "pat", FirstName: "after"})
		tx.PutUser(&clinic.User{ID: "2", Code: "new"})
		tx.PutToken(clinic.Token{Text: "t"})
		tx.PutCheck(&clinic.EligibilityCheck{ID: "3"})
		tx.PutEvent(outbox.Event{ID: "4"})
		tx.PutClaim(clinic.Claim{Claim: claims.Claim{ID: "5"}})
		putVisits(tx)
		tx.PutSettings(clinic.Settings{AccountCode: "a", Key: "after"})
		tx.NextCount("n")
		tx.RemoveWork(clinic.Work{ID: kept, Due: epoch})
		tx.AddWork(clinic.DeliverWork, epoch, "lost")
		tx.Clear()
		tx.PutUser(&clinic.User{ID: "1", Code: "pat", FirstName: "anew"})
		return failure
	})
	if !errors.Is(err, failure) {
		t.Errorf("the error is %v", err)
	}
	if _, err := s.ClinicOfToken(t.Context(), "t"); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("the token of a failed update: %v", err)
	}
	update(t, s, a, func(tx clinic.Tx) {
		user, _ := tx.Users().Get("1")
		diff(t, "user", "before", user.FirstName)
		_, found := tx.UserByCode("new")
		diff(t, "new user", false, found)
		diff(t, "rows", [5]int{1}, [5]int{countRows(tx.Users()), countRows(tx.Tokens()), countRows(tx.Checks()),
			countRows(tx.Events()), countRows(tx.Claims())})
		diff(t, "rows of visits", [4]int{}, visitRows(tx))
		diff(t, "key", "", tx.Settings().Key)
		diff(t, "counter", uint64(2), tx.NextCount("n"))
		diff(t, "pending", [2]int{1, 0}, [2]int{tx.PendingCount(clinic.FinishWork), tx.PendingCount(clinic.DeliverWork)})
		work, _ := tx.NextWork(clinic.FinishWork)
		diff(t, "work", clinic.Work{ID: kept, Kind: clinic.FinishWork, Due: epoch, Subject: "kept"}, work)
	})
}

func testConcurrentUpdates(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	const workers, each = 16, 50
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			for range each {
				err := s.Update(context.Background(), a, func(tx clinic.Tx) error {
					user, _ := tx.Users().Get("1")
					tx.PutUser(&clinic.User{ID: "1", Code: "c", Gender: user.Gender + 1})
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	view(t, s, a, func(v clinic.View) {
		user, _ := v.Users().Get("1")
		diff(t, "updates", workers*each, user.Gender)
	})
}

func testClear(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&clinic.User{ID: "1", Code: "pat"})
		tx.PutCheck(&clinic.EligibilityCheck{ID: "2"})
		tx.PutClaim(clinic.Claim{Claim: claims.Claim{ID: "3"}})
		putVisits(tx)
		tx.AddWork(clinic.FinishWork, epoch, "2")
		tx.NextCount("n")
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	update(t, s, a, func(tx clinic.Tx) {
		diff(t, "settings", "admin of a", tx.Settings().AdminToken)
		diff(t, "rows", [3]int{}, [3]int{countRows(tx.Users()), countRows(tx.Checks()), countRows(tx.Claims())})
		diff(t, "rows of visits", [4]int{}, visitRows(tx))
		diff(t, "pending", 0, tx.PendingCount(clinic.FinishWork))
		diff(t, "counter", uint64(1), tx.NextCount("n"))
		_, found := tx.UserByCode("pat")
		diff(t, "user by code", false, found)
	})
}

func testClinicsAreSeparate(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	b := create(t, s, "b")
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&clinic.User{ID: "1", Code: "pat"})
		tx.AddWork(clinic.FinishWork, epoch, "x")
		tx.NextCount("n")
	})
	update(t, s, b, func(tx clinic.Tx) {
		diff(t, "users", 0, countRows(tx.Users()))
		diff(t, "pending", 0, tx.PendingCount(clinic.FinishWork))
		diff(t, "counter", uint64(1), tx.NextCount("n"))
	})
}

func testUnknownClinic(t *testing.T, s clinic.Store) {
	for what, err := range map[string]error{
		"view":   s.View(t.Context(), "x", func(clinic.View) error { return nil }),
		"update": s.Update(t.Context(), "x", func(clinic.Tx) error { return nil }),
		"delete": s.Delete(t.Context(), "x"),
	} {
		if !errors.Is(err, clinic.ErrUnknown) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
