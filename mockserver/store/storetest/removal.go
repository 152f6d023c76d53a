package storetest

import (
	"errors"
	"fmt"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/visits"
)

// removeEven removes two of the rows with even ids from each table with any number of rows; they have six each.
func removeEven(tx clinic.Tx) [9]int {
	even := func(id string) bool { return (id[0]-'0')%2 == 0 }
	return [9]int{
		tx.RemoveOldestUsers(2, func(u *clinic.User) bool { return even(u.ID) }),
		tx.RemoveOldestTokens(2, func(k *clinic.Token) bool { return even(k.Text) }),
		tx.RemoveOldestChecks(2, func(k *clinic.EligibilityCheck) bool { return even(k.ID) }),
		tx.RemoveOldestClaims(2, func(k *clinic.Claim) bool { return even(k.ID) }),
		tx.RemoveOldestEvents(2, func(e *outbox.Event) bool { return even(e.ID) }),
		tx.RemoveOldestIntakes(2, func(i *visits.Intake) bool { return even(i.ID) }),
		tx.RemoveOldestVisits(2, func(v *visits.Visit) bool { return even(v.ID) }),
		tx.RemoveOldestBlocks(2, func(b *visits.Block) bool { return even(b.ID) }),
		tx.RemoveOldestTallies(2),
	}
}

// rowsLeft returns the ids of the rows of each table, the oldest first.
func rowsLeft(v clinic.View) map[string][]string {
	left := map[string][]string{}
	for row := range v.Users().All() {
		left["users"] = append(left["users"], row.ID)
	}
	if oldest := v.Users().Oldest(); oldest == nil || oldest.ID != left["users"][0] {
		left["oldest"] = []string{"another"}
	}
	for row := range v.Tokens().All() {
		left["tokens"] = append(left["tokens"], row.Text)
	}
	for row := range v.Checks().All() {
		left["checks"] = append(left["checks"], row.ID)
	}
	for row := range v.Claims().All() {
		left["claims"] = append(left["claims"], row.ID)
	}
	for row := range v.Events().All() {
		left["events"] = append(left["events"], row.ID)
	}
	for row := range v.Intakes().All() {
		left["intakes"] = append(left["intakes"], row.ID)
	}
	for row := range v.Visits().All() {
		left["visits"] = append(left["visits"], row.ID)
	}
	for row := range v.Blocks().All() {
		left["blocks"] = append(left["blocks"], row.ID)
	}
	return left
}

func testRemoval(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	update(t, s, a, func(tx clinic.Tx) {
		for i := range 6 {
			id := fmt.Sprint(i + 1)
			tx.PutUser(&clinic.User{ID: id, Code: "code " + id, FirstName: "Sample", LastName: "N" + id + id})
			tx.PutLastLogin(id, 7)
			tx.PutToken(clinic.Token{Text: id, Refresh: clinic.Refresh{Text: "refresh " + id}})
			tx.PutCheck(&clinic.EligibilityCheck{ID: id})
			tx.PutClaim(clinic.Claim{Claim: claims.Claim{ID: id}})
			tx.PutEvent(outbox.Event{ID: id})
			tx.PutIntake(visits.Intake{ID: id})
			tx.PutVisit(visits.Visit{ID: id})
			tx.PutBlock(visits.Block{ID: id})
			tx.Tally("tally " + id)
		}
	})
	all := func(ids ...string) map[string][]string {
		left := map[string][]string{}
		for _, table := range []string{"users", "tokens", "checks", "claims", "events", "intakes", "visits", "blocks"} {
			left[table] = ids
		}
		return left
	}
	failure := errors.New("no")
	err := s.Update(t.Context(), a, func(tx clinic.Tx) error {
		removeEven(tx)
		tx.PutUser(&clinic.User{ID: "7", Code: "code 2", FirstName: "Sample"})
		removeEven(tx)
		return failure
	})
	if !errors.Is(err, failure) {
		t.Fatal(err)
	}
	view(t, s, a, func(v clinic.View) {
		diff(t, "rows after a rollback", all("1", "2", "3", "4", "5", "6"), rowsLeft(v))
		diff(t, "of a name after a rollback", []string{"1", "2", "3", "4", "5", "6"}, idsWith(v, nil, "sample"))
		expectLookUps(t, s, v, a, "after a rollback", true)
		diff(t, "tallies after a rollback", 6, v.Sizes().Tallies)
	})
	update(t, s, a, func(tx clinic.Tx) {
		diff(t, "removed", [9]int{2, 2, 2, 2, 2, 2, 2, 2, 2}, removeEven(tx))
	})
	view(t, s, a, func(v clinic.View) {
		diff(t, "rows", all("1", "3", "5", "6"), rowsLeft(v))
		diff(t, "of a name", []string{"1", "3", "5", "6"}, idsWith(v, nil, "sample"))
		diff(t, "of one name", []string{"5"}, idsWith(v, nil, "n55"))
		expectLookUps(t, s, v, a, "after a removal", false)
		diff(t, "a page", []clinic.EligibilityCheck{{ID: "3"}, {ID: "1"}}, v.Checks().Newest("5", 2))
		diff(t, "tallies", 4, v.Sizes().Tallies)
	})
	update(t, s, a, func(tx clinic.Tx) {
		diff(t, "a tally that was removed", uint64(1), tx.Tally("tally 1"))
		diff(t, "another tally", uint64(2), tx.Tally("tally 6"))
		tx.PutUser(&clinic.User{ID: "8", Code: "code 2", FirstName: "Sample"})
		diff(t, "of a name, with a new one", []string{"1", "3", "5", "6", "8"}, idsWith(tx, nil, "sample"))
		diff(t, "removed again", 1, tx.RemoveOldestUsers(5, func(u *clinic.User) bool { return u.ID == "6" }))
		diff(t, "rows in the end", []string{"1", "3", "5", "8"}, rowsLeft(tx)["users"])
	})
}

// expectLookUps tests the look-ups that lead to the user 2 and the token 2.
func expectLookUps(t *testing.T, s clinic.Store, v clinic.View, a, when string, want bool) {
	t.Helper()
	_, byCode := v.UserByCode("code 2")
	_, byRefresh := v.TokenByRefresh("refresh 2")
	owner, err := s.ClinicOfToken(t.Context(), "2")
	diff(t, "look-ups "+when, [5]bool{want, want, want, want, want},
		[5]bool{byCode, byRefresh, owner == a && err == nil, v.Users().Shared("2") != nil, v.LastLogin("2") == 7})
}
