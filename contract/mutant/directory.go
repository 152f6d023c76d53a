package mutant

import (
	"net/http"
	"strings"
)

// searchMutants find users other than the requested ones.
func searchMutants() []Mutant {
	const search = "searchUsers"
	all := []Mutant{
		{Name: search + "/nobody is found", Caught: by("FIND-001 FIND-002 FIND-004 FIND-005 FIND-006 FIND-007 FIND-008"), Operation: search, Pointer: "/data", reply: success(search, set("[]"), "data")},
		{Name: search + "/one more is counted", Caught: by("FIND-001 FIND-003 FIND-009"), Operation: search, Pointer: "/total_count", reply: success(search, add(1), "total_count")},
		{Name: search + "/a field that nobody asked for", Caught: by("FIND-001 FIND-005"), Operation: search, Pointer: "/data/0", reply: success(search, insert(`"subtype":""`), "data", "0")},
		{Name: search + "/without the name", Caught: by("FIND-001"), Operation: search, Pointer: "/data/0/full_name", reply: success(search, drop, "data", "0", "full_name")},
		{Name: search + "/another user's address", Caught: by("FIND-001"), Operation: search, Pointer: "/data/0/email", reply: success(search, set(`"nobody@example.com"`), "data", "0", "email")},
		{Name: "getUser/without the clinic's own fields", Caught: by("FIND-010"), Operation: "getUser", Pointer: "/data/extra", reply: success("getUser", drop, "data", "extra")},
	}
	for _, m := range []struct{ name, caught, from, to string }{
		{"the e-mail address is left aside", "FIND-001", "email=", ""},
		{"the text is left aside", "FIND-002 FIND-013", "q=", ""},
		{"the type is left aside", "FIND-009 FIND-016", "type=", ""},
		{"the order is left aside", "FIND-004 FIND-017", "sort=", ""},
		{"the fields are left aside", "FIND-005", "fields=", ""},
		{"the start is left aside", "FIND-003", "start=", ""},
		{"the size of a page is left aside", "FIND-003 FIND-018", "limit=", ""},
		{"the role is left aside", "FIND-019", "role=", ""},
		{"the room is left aside", "FIND-020", "room_code=", ""},
		{"the group is left aside", "FIND-021", "group=", ""},
		{"whose patients are left aside", "FIND-022 FIND-023 FIND-024", "ex_filter=", ""},
		{"what is mistyped is left aside", "FIND-015", "emial=", ""},
		{"sorted the other way", "FIND-004", "full_name.asc", "full_name.desc"},
		{"a type is another", "FIND-006 FIND-007", "type=200", "type=600"},
		{"no list with commas", "FIND-007", "type=200%2C400", "type=200-400"},
		{"no array", "FIND-008", "type%5B%5D=", "types="},
		{"another page", "FIND-003", "start=1", "start=2"},
	} {
		all = append(all, Mutant{Name: search + "/" + m.name, Caught: by(m.caught), Operation: search, reply: detour(search, anything, asking(m.from, m.to))})
	}
	return all
}

// asking returns a change of a search that replaces a part of the query; with an empty replacement it leaves the
// parameter out.
func asking(from, to string) func(call) call {
	return func(c call) call {
		var kept []string
		for part := range strings.SplitSeq(c.query, "&") {
			if to != "" || !strings.HasPrefix(part, from) {
				kept = append(kept, strings.Replace(part, from, to, 1))
			}
		}
		c.query = strings.Join(kept, "&")
		return c
	}
}

// loginMutants let in callers they should refuse, by a password or a refresh token, or the other way round.
func loginMutants() []Mutant {
	var all []Mutant
	for _, m := range []struct {
		name, caught string
		reply        func(*memory) lie
	}{
		{"login/whoever comes is taken", "LOGIN-001 LOGIN-004", madeUp("login", http.StatusUnauthorized, anything)},
		{"login/no password is taken", "LOGIN-005", madeUp("login", http.StatusBadRequest, anything)},
		{"login/it says who is unknown", "LOGIN-004", saysWho},
		{"login/a token that does not work", "LOGIN-002 LOGIN-003 LOGIN-007", success("login", set(`"`+nobodysToken+`"`), "data", "token", "token")},
		{"login/a refresh token that does not work", "LOGIN-006", success("login", set(`"`+nobodysToken+`"`), "data", "token", "refresh_token", "token")},
		{"refreshToken/works twice", "LOGIN-006 LOGIN-007", madeUp("refreshToken", http.StatusUnauthorized, anything)},
		{"refreshToken/a token that does not work", "LOGIN-006", success("refreshToken", set(`"`+nobodysToken+`"`), "data", "token", "token")},
		{"logout/nothing ends", "LOGIN-007", instead("logout")},
	} {
		operation, _, _ := strings.Cut(m.name, "/")
		all = append(all, Mutant{Name: m.name, Operation: operation, Caught: by(m.caught), reply: m.reply})
	}
	return all
}

// saysWho reveals in a refusal whether the user exists.
func saysWho(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && c.operation() == "login" && r.status == http.StatusUnauthorized {
			_, known := m.user(func(u signedOn) bool {
				email := textAt([]byte(u.data), "data", "email")
				return email != "" && strings.Contains(string(c.body), email)
			})
			if !known {
				r.body, _ = set(`"nobody has this username"`)(r.body, "message")
			}
		}
		return r, err
	}
}

// accountMutants show clinics other than the existing ones.
func accountMutants() []Mutant {
	return []Mutant{
		{Name: "getAccount/another clinic", Caught: by("ACCT-001"), Operation: "getAccount", Pointer: "/data/code", reply: success("getAccount", set(`"another"`), "data", "code")},
		{Name: "getAccount/one that is not there", Caught: by("ACCT-002"), Operation: "getAccount", reply: madeUp("getAccount", http.StatusNotFound, anything)},
		{Name: "listAccounts/none is listed", Caught: by("ACCT-003"), Operation: "listAccounts", Pointer: "/data", reply: success("listAccounts", set("[]"), "data")},
		{Name: "listAccounts/none is counted", Caught: by("ACCT-003"), Operation: "listAccounts", Pointer: "/total_count", reply: success("listAccounts", set("0"), "total_count")},
		{Name: "listAccounts/more than was asked for", Caught: by("ACCT-003"), Operation: "listAccounts", Pointer: "/data", reply: success("listAccounts", put(func(list string) string { return "[" + firstOf(list) + "," + list[1:] }), "data")},
	}
}
