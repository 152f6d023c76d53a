// Package storetest holds what every clinic.Store must do, as tests that any of them can run.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

var epoch = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// Exercise runs the tests against stores that newStore returns; each call must return an empty one.
func Exercise(t *testing.T, newStore func(testing.TB) clinic.Store) {
	for name, test := range map[string]func(*testing.T, clinic.Store){
		"clinics are created once and deleted":           clinics,
		"a token leads to its clinic":                    owners,
		"what is put is there":                           rows,
		"users are found by parts of their names":        parts,
		"a refresh token leads to its token":             refreshes,
		"lists go from the newest":                       pages,
		"an update that fails changes nothing":           rollBack,
		"work comes in due order":                        workOrder,
		"what is due at once comes in due order":         dueWork,
		"events wait until they are released":            waiting,
		"work is never given an id twice":                workIDs,
		"updates of one clinic do not lose each other":   concurrentUpdates,
		"a cleared clinic keeps its settings":            cleared,
		"files are kept, counted and removed":            files,
		"clinics share nothing":                          apart,
		"a clinic that does not exist cannot be changed": unknown,
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

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func clinics(t *testing.T, s clinic.Store) {
	a, b := create(t, s, "a"), create(t, s, "b")
	if _, err := s.Create(t.Context(), clinic.Settings{AccountCode: "c", AdminToken: "admin of a"}); !errors.Is(err, clinic.ErrExists) {
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

func owners(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) { tx.PutToken(clinic.Token{Text: "t"}) })
	for _, token := range []string{"t", "admin of a"} {
		if id, err := s.Owner(t.Context(), token); id != a || err != nil {
			t.Errorf("%s is of %q, %v", token, id, err)
		}
	}
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	if _, err := s.Owner(t.Context(), "t"); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("a token of a cleared clinic: %v", err)
	}
	if err := s.Delete(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Owner(t.Context(), "admin of a"); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("the admin token of a deleted clinic: %v", err)
	}
}

func rows(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	user := clinic.User{ID: "1", Code: "pat", FirstName: "Pat", Extra: map[string]any{"a": "b"}, Created: epoch}
	token := clinic.Token{Text: "t", UserID: "1", Expiry: epoch}
	check := clinic.Check{ID: "2", MemberID: "1", Due: epoch}
	event := clinic.Event{ID: "3", Data: []byte(`{}`)}
	claim := clinic.Claim{ID: "4", MemberID: "1", Due: epoch}
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(clinic.User{ID: "1", Code: "pat"})
		tx.PutUser(user) // replaces
		tx.PutToken(token)
		tx.PutCheck(check)
		tx.PutEvent(event)
		tx.PutClaim(claim)
		settings := tx.Settings()
		settings.Key = "k"
		tx.PutSettings(settings)
		if got, _ := tx.Users().Get("1"); got.FirstName != "Pat" {
			t.Error("an update does not see what it put")
		}
	})
	view(t, s, a, func(v clinic.View) {
		gotUser, _ := v.Users().Get("1")
		same(t, "user", user, gotUser)
		byCode, _ := v.UserByCode("pat")
		same(t, "user by code", user, byCode)
		gotToken, _ := v.Tokens().Get("t")
		same(t, "token", token, gotToken)
		gotCheck, _ := v.Checks().Get("2")
		same(t, "check", check, gotCheck)
		gotEvent, _ := v.Events().Get("3")
		same(t, "event", event, gotEvent)
		gotClaim, _ := v.Claims().Get("4")
		same(t, "claim", claim, gotClaim)
		same(t, "key", "k", v.Settings().Key)
		same(t, "users", [2]int{1, 1}, [2]int{count(v.Users()), v.Users().Len()})
		for what, found := range map[string]bool{
			"user": has(v.Users(), "9"), "token": has(v.Tokens(), "9"), "check": has(v.Checks(), "9"), "claim": has(v.Claims(), "9"), "event": has(v.Events(), "9"),
		} {
			if found {
				t.Errorf("a %s that was never put is there", what)
			}
		}
		if _, ok := v.UserByCode(""); ok {
			t.Error("somebody has the empty code")
		}
	})
}

func count[T any](r clinic.Rows[T]) int { return len(r.Newest("", 1_000)) }

func has[T any](r clinic.Rows[T], id string) bool {
	_, ok := r.Get(id)
	return ok
}

func pages(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for i := range 5 {
			tx.PutCheck(clinic.Check{ID: fmt.Sprint(i)})
		}
		tx.PutCheck(clinic.Check{ID: "1", MemberID: "changed"}) // stays where it was added
	})
	ids := func(rows []clinic.Check) []string {
		var ids []string
		for _, c := range rows {
			ids = append(ids, c.ID)
		}
		return ids
	}
	view(t, s, a, func(v clinic.View) {
		same(t, "the newest two", []string{"4", "3"}, ids(v.Checks().Newest("", 2)))
		same(t, "the next two", []string{"2", "1"}, ids(v.Checks().Newest("3", 2)))
		same(t, "the last", []string{"0"}, ids(v.Checks().Newest("1", 2)))
		same(t, "none after the last", []string(nil), ids(v.Checks().Newest("0", 2)))
		same(t, "how many there are", 5, v.Checks().Len())
		same(t, "none after an unknown one", []string(nil), ids(v.Checks().Newest("9", 2)))
	})
}

// parts puts, changes and clears users, and asks each time for who has a text: a store may offer others as well, but must
// leave out nobody.
func parts(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	who := func(v clinic.View, texts ...string) []string {
		var ids []string
		for user := range v.UsersWith(texts...) {
			text := strings.ToLower(user.FullName() + "\x00" + user.Email)
			if len(texts) == 0 || slices.ContainsFunc(texts, func(part string) bool { return strings.Contains(text, strings.ToLower(part)) }) {
				ids = append(ids, user.ID)
			}
		}
		return ids
	}
	people := []clinic.User{
		{ID: "1", Code: "1", FirstName: "Ada", LastName: "Sample", Email: "ada@example.com"},
		{ID: "2", Code: "2", FirstName: "Bob", LastName: "Ösample"},
		{ID: "3", Code: "3", FirstName: "Cyd", Email: "C.Sample@example.org"},
		{ID: "4", Code: "4"},
	}
	update(t, s, a, func(tx clinic.Tx) {
		for _, user := range people {
			tx.PutUser(user)
		}
	})
	view(t, s, a, func(v clinic.View) {
		same(t, "all", []string{"1", "2", "3", "4"}, who(v))
		same(t, "a part of a name or an address", []string{"1", "2", "3"}, who(v, "sample"))
		same(t, "upper case", []string{"2"}, who(v, "ÖSA"))
		same(t, "over the space in a name", []string{"1"}, who(v, "a s"))
		same(t, "two bytes", []string{"1", "3"}, who(v, "a@", "c."))
		same(t, "either text, each user once", []string{"1", "3"}, who(v, "example", "ada"))
		same(t, "no text of anybody", []string(nil), who(v, "nobody"))
	})
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutUser(clinic.User{ID: "1", Code: "1", FirstName: "Zoe"})
		tx.PutUser(clinic.User{ID: "5", Code: "5", FirstName: "Sample"})
		same(t, "in the update", []string{"2", "3", "5"}, who(tx, "sample"))
		return errors.New("no")
	})
	view(t, s, a, func(v clinic.View) {
		same(t, "after a rollback", []string{"1", "2", "3"}, who(v, "sample"))
		same(t, "of the rollback", []string(nil), who(v, "zoe"))
	})
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(clinic.User{ID: "1", Code: "1", FirstName: "Zoe"})
		tx.PutUser(clinic.User{ID: "4", Code: "4", FirstName: "Resampled"})
	})
	view(t, s, a, func(v clinic.View) {
		same(t, "after a change", []string{"2", "3", "4"}, who(v, "sample"))
		same(t, "by the new name", []string{"1"}, who(v, "zoe"))
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	view(t, s, a, func(v clinic.View) { same(t, "after it was cleared", []string(nil), who(v, "sample")) })
}

func refreshes(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	token := clinic.Token{Text: "t", Refresh: clinic.Refresh{Text: "r"}}
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutToken(clinic.Token{Text: "bare"})
		tx.PutToken(token)
	})
	used := token
	used.Refresh.Used = true
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutToken(used)
		tx.PutToken(clinic.Token{Text: "t2", Refresh: clinic.Refresh{Text: "r2"}})
		return errors.New("no")
	})
	view(t, s, a, func(v clinic.View) {
		got, _ := v.TokenByRefresh("r")
		same(t, "token", token, got)
		for _, none := range []string{"", "t", "r2", "x"} {
			if _, found := v.TokenByRefresh(none); found {
				t.Errorf("%q is a refresh token", none)
			}
		}
	})
	if id, err := s.Owner(t.Context(), "t"); id != a || err != nil {
		t.Errorf("after a rollback of a change the token is of %q, %v", id, err)
	}
	update(t, s, a, func(tx clinic.Tx) { tx.PutToken(used) })
	view(t, s, a, func(v clinic.View) {
		got, _ := v.TokenByRefresh("r")
		same(t, "changed token", used, got)
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	view(t, s, a, func(v clinic.View) {
		if _, found := v.TokenByRefresh("r"); found {
			t.Error("it is there after a Clear")
		}
	})
}

func rollBack(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	var kept uint64
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(clinic.User{ID: "1", Code: "pat", FirstName: "before"})
		tx.Count("n")
		kept = tx.AddWork(clinic.FinishWork, epoch, "kept")
	})
	failure := errors.New("no")
	err := s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutUser(clinic.User{ID: "1", Code: "pat", FirstName: "after"})
		tx.PutUser(clinic.User{ID: "2", Code: "new"})
		tx.PutToken(clinic.Token{Text: "t"})
		tx.PutCheck(clinic.Check{ID: "3"})
		tx.PutEvent(clinic.Event{ID: "4"})
		tx.PutClaim(clinic.Claim{ID: "5"})
		tx.PutSettings(clinic.Settings{AccountCode: "a", Key: "after"})
		tx.Count("n")
		tx.RemoveWork(kept)
		tx.AddWork(clinic.DeliverWork, epoch, "lost")
		tx.Clear()
		tx.PutUser(clinic.User{ID: "1", Code: "pat", FirstName: "anew"})
		return failure
	})
	if !errors.Is(err, failure) {
		t.Errorf("the error is %v", err)
	}
	if _, err := s.Owner(t.Context(), "t"); !errors.Is(err, clinic.ErrUnknown) {
		t.Errorf("the token of a failed update: %v", err)
	}
	update(t, s, a, func(tx clinic.Tx) {
		user, _ := tx.Users().Get("1")
		same(t, "user", "before", user.FirstName)
		_, found := tx.UserByCode("new")
		same(t, "new user", false, found)
		same(t, "rows", [5]int{1}, [5]int{count(tx.Users()), count(tx.Tokens()), count(tx.Checks()), count(tx.Events()), count(tx.Claims())})
		same(t, "key", "", tx.Settings().Key)
		same(t, "counter", uint64(2), tx.Count("n"))
		same(t, "pending", [2]int{1, 0}, [2]int{tx.Pending(clinic.FinishWork), tx.Pending(clinic.DeliverWork)})
		work, _ := tx.NextWork(clinic.FinishWork)
		same(t, "work", clinic.Work{ID: kept, Kind: clinic.FinishWork, Due: epoch, Subject: "kept"}, work)
	})
}

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

func concurrentUpdates(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	const workers, each = 16, 50
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			for range each {
				err := s.Update(context.Background(), a, func(tx clinic.Tx) error {
					user, _ := tx.Users().Get("1")
					tx.PutUser(clinic.User{ID: "1", Code: "c", Gender: user.Gender + 1})
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
		same(t, "updates", workers*each, user.Gender)
	})
}

func cleared(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(clinic.User{ID: "1", Code: "pat"})
		tx.PutCheck(clinic.Check{ID: "2"})
		tx.PutClaim(clinic.Claim{ID: "3"})
		tx.AddWork(clinic.FinishWork, epoch, "2")
		tx.Count("n")
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	update(t, s, a, func(tx clinic.Tx) {
		same(t, "settings", "admin of a", tx.Settings().AdminToken)
		same(t, "rows", [3]int{}, [3]int{count(tx.Users()), count(tx.Checks()), count(tx.Claims())})
		same(t, "pending", 0, tx.Pending(clinic.FinishWork))
		same(t, "counter", uint64(1), tx.Count("n"))
		_, found := tx.UserByCode("pat")
		same(t, "user by code", false, found)
	})
}

func files(t *testing.T, s clinic.Store) {
	a, b := create(t, s, "a"), create(t, s, "b")
	file := func(id, data string) clinic.File {
		return clinic.File{ID: id, UserID: "1", Image: clinic.Image{Type: "image/png", Data: []byte(data)}}
	}
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutFile(file("1", "one"))
		tx.PutFile(file("2", "before"))
		tx.PutFile(file("2", "two, longer")) // replaces
		tx.PutFile(file("3", "three"))
		tx.RemoveFile("3")
		tx.RemoveFile("9") // changes nothing
		tx.RemoveFile("")
	})
	as := func(v clinic.View, what string, stored int, want ...string) {
		t.Helper()
		var got []string
		for _, id := range []string{"1", "2", "3", "4"} {
			if f, ok := v.File(id); ok {
				same(t, what, file(id, string(f.Data)), f)
				got = append(got, string(f.Data))
			}
		}
		same(t, what, want, got)
		same(t, what+", bytes", stored, v.Stored())
	}
	view(t, s, a, func(v clinic.View) { as(v, "put", 14, "one", "two, longer") })
	view(t, s, b, func(v clinic.View) { as(v, "another clinic", 0) })
	failure := errors.New("no")
	err := s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutFile(file("1", "changed"))
		tx.PutFile(file("4", "four"))
		tx.RemoveFile("2")
		as(tx, "within an update", 11, "changed", "four")
		tx.Clear()
		tx.PutFile(file("3", "anew"))
		return failure
	})
	same(t, "error", true, errors.Is(err, failure))
	update(t, s, a, func(tx clinic.Tx) {
		as(tx, "rolled back", 14, "one", "two, longer")
		tx.Clear()
		as(tx, "cleared", 0)
	})
}

func apart(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	b := create(t, s, "b")
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(clinic.User{ID: "1", Code: "pat"})
		tx.AddWork(clinic.FinishWork, epoch, "x")
		tx.Count("n")
	})
	update(t, s, b, func(tx clinic.Tx) {
		same(t, "users", 0, count(tx.Users()))
		same(t, "pending", 0, tx.Pending(clinic.FinishWork))
		same(t, "counter", uint64(1), tx.Count("n"))
	})
}

func unknown(t *testing.T, s clinic.Store) {
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
