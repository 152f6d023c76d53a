package storetest

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// idsWith returns the ids of the users with one mark of each filter and, if there are texts, with one of them. A store
// may return other users without a text, but must not omit a match.
func idsWith(v clinic.View, filters [][]clinic.Mark, texts ...string) []string {
	var ids []string
	users := v.FindUsers(filters, texts)
	for n := range users.Len() {
		user := users.At(n)
		text := strings.ToLower(user.FullName() + "\x00" + user.Email)
		if len(texts) == 0 || slices.ContainsFunc(texts,
			func(part string) bool { return strings.Contains(text, strings.ToLower(part)) }) {
			ids = append(ids, user.ID)
		}
	}
	return ids
}

// testSearchByText puts, changes and clears users, and each time searches for the users with a text.
func testSearchByText(t *testing.T, s clinic.Store) {
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
		diff(t, "all", []string{"1", "2", "3", "4"}, idsWith(v, nil))
		diff(t, "a part of a name or an address", []string{"1", "2", "3"}, idsWith(v, nil, "sample"))
		diff(t, "upper case", []string{"2"}, idsWith(v, nil, "ÖSA"))
		diff(t, "over the space in a name", []string{"1"}, idsWith(v, nil, "a s"))
		diff(t, "two bytes", []string{"1", "3"}, idsWith(v, nil, "a@", "c."))
		diff(t, "either text, each user once", []string{"1", "3"}, idsWith(v, nil, "example", "ada"))
		diff(t, "a text of no user", []string(nil), idsWith(v, nil, "nobody"))
	})
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutUser(&clinic.User{ID: "1", Code: "1", FirstName: "Zoe"})
		tx.PutUser(&clinic.User{ID: "5", Code: "5", FirstName: "Sample"})
		diff(t, "in the update", []string{"2", "3", "5"}, idsWith(tx, nil, "sample"))
		return errors.New("no")
	})
	view(t, s, a, func(v clinic.View) {
		diff(t, "after a rollback", []string{"1", "2", "3"}, idsWith(v, nil, "sample"))
		diff(t, "of the rollback", []string(nil), idsWith(v, nil, "zoe"))
	})
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&clinic.User{ID: "1", Code: "1", FirstName: "Zoe"})
		tx.PutUser(&clinic.User{ID: "4", Code: "4", FirstName: "Resampled"})
	})
	view(t, s, a, func(v clinic.View) {
		diff(t, "after a change", []string{"2", "3", "4"}, idsWith(v, nil, "sample"))
		diff(t, "by the new name", []string{"1"}, idsWith(v, nil, "zoe"))
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	view(t, s, a, func(v clinic.View) { diff(t, "after it was cleared", []string(nil), idsWith(v, nil, "sample")) })
}

// testSearchByMarks does the same with filters.
func testSearchByMarks(t *testing.T, s clinic.Store) {
	a := create(t, s, "a")
	mark := func(kind clinic.MarkKind, value string) clinic.Mark { return clinic.Mark{Kind: kind, Value: value} }
	member, nurse, night := mark(clinic.MarkType, "200"), mark(clinic.MarkRole, "nurse"), mark(clinic.MarkGroup, "night")
	last := mark(clinic.MarkID, "69")
	with := func(v clinic.View, filters ...[]clinic.Mark) string { return strings.Join(idsWith(v, filters), " ") }
	night65 := clinic.User{ID: "65", Code: "65", Type: clinic.Provider, Assigned: clinic.Assignments{
		Roles: []string{"nurse", "nurse"}, Groups: []string{"day", "night"}}}
	update(t, s, a, func(tx clinic.Tx) {
		for n := range 70 {
			id := strconv.Itoa(n)
			tx.PutUser(&clinic.User{ID: id, Code: id, Type: clinic.Provider})
		}
		tx.PutUser(&clinic.User{ID: "3", Type: clinic.Member, Assigned: clinic.Assignments{Rooms: []string{"nurse"}}})
		tx.PutUser(&clinic.User{ID: "4", Type: clinic.Member, Assigned: clinic.Assignments{Groups: []string{"night"}}})
		tx.PutUser(&clinic.User{ID: "5", Type: clinic.Admin, Assigned: clinic.Assignments{Providers: []string{"3"}}})
		tx.PutUser(&night65)
	})
	_ = s.Update(t.Context(), a, func(tx clinic.Tx) error {
		tx.PutUser(&clinic.User{ID: "65", Type: clinic.Guest})
		tx.PutUser(&clinic.User{ID: "70", Code: "70", Type: clinic.Member})
		diff(t, "in the update", "3 4 70", with(tx, []clinic.Mark{member}))
		diff(t, "a mark that was removed", "", with(tx, []clinic.Mark{nurse}))
		return errors.New("no")
	})
	check := func(v clinic.View) {
		diff(t, "all", 70, len(idsWith(v, nil)))
		diff(t, "a type", "3 4", with(v, []clinic.Mark{member}))
		diff(t, "another type", 67, len(idsWith(v, [][]clinic.Mark{{mark(clinic.MarkType, "400")}})))
		diff(t, "a role", "65", with(v, []clinic.Mark{nurse}))
		diff(t, "the admin's role", "5", with(v, []clinic.Mark{mark(clinic.MarkRole, clinic.ClinicAdmin)}))
		diff(t, "a room", "3", with(v, []clinic.Mark{mark(clinic.MarkRoom, "nurse")}))
		diff(t, "a provider", "5", with(v, []clinic.Mark{mark(clinic.MarkProvider, "3")}))
		diff(t, "one of two marks", "4 65 69", with(v, []clinic.Mark{last, night}))
		diff(t, "two filters", "4", with(v, []clinic.Mark{night}, []clinic.Mark{last, member}))
		diff(t, "filters without a user in common", "", with(v, []clinic.Mark{nurse}, []clinic.Mark{member}))
		diff(t, "an unknown id", "", with(v, []clinic.Mark{mark(clinic.MarkID, "x")}))
	}
	view(t, s, a, check)
	update(t, s, a, func(tx clinic.Tx) { tx.ClearActivity(nil) })
	view(t, s, a, check)
	update(t, s, a, func(tx clinic.Tx) {
		tx.PutUser(&clinic.User{ID: "65", FirstName: "Sample", Type: clinic.Guest, Assigned: night65.Assigned})
		diff(t, "after a change", "65", with(tx, []clinic.Mark{mark(clinic.MarkType, "600")}))
		diff(t, "a filter and a text", []string{"65"}, idsWith(tx, [][]clinic.Mark{{night}}, "samp"))
		diff(t, "a filter without the text", []string(nil), idsWith(tx, [][]clinic.Mark{{member}}, "samp"))
	})
	update(t, s, a, func(tx clinic.Tx) { tx.Clear() })
	view(t, s, a, func(v clinic.View) { diff(t, "after it was cleared", "", with(v, []clinic.Mark{nurse})) })
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
