package storetest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// idsWith returns the ids of the candidates with one of the texts; of all candidates without a text.
func idsWith(v clinic.View, texts ...string) []string {
	var ids []string
	for user := range v.SearchCandidates(texts...) {
		text := strings.ToLower(user.FullName() + "\x00" + user.Email)
		if len(texts) == 0 || slices.ContainsFunc(texts,
			func(part string) bool { return strings.Contains(text, strings.ToLower(part)) }) {
			ids = append(ids, user.ID)
		}
	}
	return ids
}

// testSearchCandidates puts, changes and clears users, and each time searches for the users with a text. A store may
// return other users as well, but must not omit a match.
func testSearchCandidates(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	users := []clinic.User{
		{ID: "1", Code: "1", FirstName: "Ada", LastName: "Sample", Email: "ada@example.com"},
		{ID: "2", Code: "2", FirstName: "Bob", LastName: "Ösample"},
		{ID: "3", Code: "3", FirstName: "Cyd", Email: "C.Sample@example.org"},
		{ID: "4", Code: "4"},
	}
	update(t, s, a, func(tx clinic.Tx) {
		for _, user := range users {
			tx.PutUser(&user)
		}
	})
	view(t, s, a, func(v clinic.View) {
		diff(t, "all", []string{"1", "2", "3", "4"}, idsWith(v))
		diff(t, "a part of a name or an address", []string{"1", "2", "3"}, idsWith(v, "sample"))
		diff(t, "upper case", []string{"2"}, idsWith(v, "ÖSA"))
		diff(t, "over the space in a name", []string{"1"}, idsWith(v, "a s"))
		diff(t, "two bytes", []string{"1", "3"}, idsWith(v, "a@", "c."))
		diff(t, "either text, each user once", []string{"1", "3"}, idsWith(v, "example", "ada"))
		diff(t, "a text of no user", []string(nil), idsWith(v, "nobody"))
	})
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutUser(&clinic.User{ID: "1", Code: "1", FirstName: "Zoe"})
		tx.PutUser(&clinic.User{ID: "5", Code: "5", FirstName: "Sample"})
		diff(t, "in the update", []string{"2", "3", "5"}, idsWith(tx, "sample"))
		return errors.New("no")
	})
	view(t, s, a, func(v clinic.View) {
		diff(t, "after a rollback", []string{"1", "2", "3"}, idsWith(v, "sample"))
		diff(t, "of the rollback", []string(nil), idsWith(v, "zoe"))
	})
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&clinic.User{ID: "1", Code: "1", FirstName: "Zoe"})
		tx.PutUser(&clinic.User{ID: "4", Code: "4", FirstName: "Resampled"})
	})
	view(t, s, a, func(v clinic.View) {
		diff(t, "after a change", []string{"2", "3", "4"}, idsWith(v, "sample"))
		diff(t, "by the new name", []string{"1"}, idsWith(v, "zoe"))
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	view(t, s, a, func(v clinic.View) { diff(t, "after it was cleared", []string(nil), idsWith(v, "sample")) })
}

func testRefreshTokens(t *testing.T, s clinic.Store) {
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
		diff(t, "token", token, got)
		for _, none := range []string{"", "t", "r2", "x"} {
			if _, found := v.TokenByRefresh(none); found {
				t.Errorf("%q is a refresh token", none)
			}
		}
	})
	if id, err := s.ClinicOfToken(t.Context(), "t"); id != a || err != nil {
		t.Errorf("after a rollback of a change the token is of %q, %v", id, err)
	}
	update(t, s, a, func(tx clinic.Tx) { tx.PutToken(used) })
	view(t, s, a, func(v clinic.View) {
		got, _ := v.TokenByRefresh("r")
		diff(t, "changed token", used, got)
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	view(t, s, a, func(v clinic.View) {
		if _, found := v.TokenByRefresh("r"); found {
			t.Error("it is there after a Clear")
		}
	})
}
