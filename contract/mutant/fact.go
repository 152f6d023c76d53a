package mutant

import (
	"net/http"
	"strconv"
	"strings"
)

// userMutants return replies with a valid shape, but with wrong facts about a user.
func userMutants() []Mutant {
	edited := func(operation, path string, e edit) func(*memory) lie {
		return success(operation, e, strings.Split(path, "/")...)
	}
	return []Mutant{
		{Name: "getUser/another user's data", Caught: by("USER-002"), Operation: "getUser", reply: othersData("getUser")},
		{Name: "getMe/another user's data", Caught: by("USER-001"), Operation: "getMe", reply: othersData("getMe")},
		{Name: "signOn/a new id each time", Caught: by("SIGN-001"), Operation: "signOn", reply: newIDs},
		{Name: "signOn/an earlier token is void", Caught: by("SIGN-002"), Operation: "signOn", reply: voidTokens},
		{Name: "signOn/a token for an hour", Caught: by("SIGN-005"), Operation: "signOn", Pointer: "/data/token/expiry", reply: edited("signOn", "data/token/expiry", add(-82_800))},
		{Name: "signOn/a refresh token for a day", Caught: by("SIGN-005"), Operation: "signOn", Pointer: "/data/token/refresh_token/expiry", reply: edited("signOn", "data/token/refresh_token/expiry", add(-2_505_600))},
		{Name: "signOn/the type is another", Caught: by("SIGN-008 SIGN-017"), Operation: "signOn", Pointer: "/data/token/user_type", reply: edited("signOn", "data/token/user_type", set(`"400"`))},
		{Name: "signOn/an id of VSee of another second", Caught: by("SIGN-006"), Operation: "signOn", Pointer: "/data/vseeid", reply: edited("signOn", "data/vseeid", set(`"ccpreview+00000001656449b8b5e73ad964457b1f"`))},
		{Name: "signOn/the names in the wrong order", Caught: by("SIGN-017"), Operation: "signOn", reply: edited("signOn", "data", swap("first_name", "last_name"))},
		{Name: "getMe/the names joined without a space", Caught: by("USER-001"), Operation: "getMe", Pointer: "/data/full_name", reply: edited("getMe", "data/full_name", put(func(v string) string { return strings.ReplaceAll(v, " ", "") }))},
		{Name: "getMe/another clinic's account code", Caught: by("USER-001"), Operation: "getMe", Pointer: "/data/account_code", reply: edited("getMe", "data/account_code", set(`"another"`))},
		{Name: "updateMe/the cards are swapped", Caught: by("BODY-001 BODY-010"), Operation: "updateMe", Pointer: "/data/insurance", reply: edited("updateMe", "data/insurance", swap("primary", "secondary"))},
		{Name: "getUser/the cards are swapped", Caught: by("USER-004"), Operation: "getUser", Pointer: "/data/insurance", reply: edited("getUser", "data/insurance", swap("primary", "secondary"))},
		{Name: "updateMe/nothing is updated", Caught: by("BODY-001 BODY-008 BODY-010 USER-003 USER-004"), Operation: "updateMe", reply: unchanged},
		{Name: "updateMe/a plus becomes a space", Caught: by("BODY-008"), Operation: "updateMe", Pointer: "/data/street_addr", reply: edited("updateMe", "data/street_addr", put(func(v string) string { return strings.ReplaceAll(v, "+", " ") }))},
		{Name: "signOn/a plus becomes a space", Caught: by("BODY-025"), Operation: "signOn", Pointer: "/data/street_addr", reply: edited("signOn", "data/street_addr", put(func(v string) string { return strings.ReplaceAll(v, "+", " ") }))},
		{Name: "signOn/quotes are cut off", Caught: by("BODY-027"), Operation: "signOn", Pointer: "/data/street_addr", reply: edited("signOn", "data/street_addr", put(func(v string) string { return strings.ReplaceAll(v, `\"`, "") }))},
		{Name: "updateMe/the same update adds", Caught: by("USER-006"), Operation: "updateMe", Pointer: "/data/city", reply: adds},
		{Name: "getMe/as they signed on", Caught: by("USER-003"), Operation: "getMe", reply: stale("getMe")},
		{Name: "getUser/as they signed on", Caught: by("ELIG-003 USER-004"), Operation: "getUser", reply: stale("getUser")},
		{Name: "getMe/an earlier second of creation", Caught: by("USER-001"), Operation: "getMe", Pointer: "/data/created", reply: edited("getMe", "data/created", add(-1))},
		{Name: "getUser/another code", Caught: by("USER-002"), Operation: "getUser", Pointer: "/data/code", reply: edited("getUser", "data/code", set(`"another"`))},
		{Name: "signOn/another clinic's account code", Caught: by("SIGN-017"), Operation: "signOn", Pointer: "/data/account_code", reply: edited("signOn", "data/account_code", set(`"another"`))},
		{Name: "signOn/a member of no clinic", Caught: by("SIGN-017"), Operation: "signOn", Pointer: "/data/clinics", reply: edited("signOn", "data/clinics", set("[]"))},
		{Name: "signOn/the other gender", Caught: by("SIGN-017"), Operation: "signOn", Pointer: "/data/gender", reply: edited("signOn", "data/gender", put(func(v string) string { return map[string]string{"1": "2", "2": "1"}[v] }))},
		{Name: "signOn/born a day later", Caught: by("SIGN-017"), Operation: "signOn", Pointer: "/data/dob", reply: edited("signOn", "data/dob", set(`"1986-01-02"`))},
		{Name: "signOn/inactive", Caught: by("SIGN-019 USER-001"), Operation: "signOn", Pointer: "/data/status", reply: edited("signOn", "data/status", set("10"))},
		{Name: "signOn/not active", Caught: by("SIGN-019"), Operation: "signOn", Pointer: "/data/active", reply: edited("signOn", "data/active", set("false"))},
		{Name: "signOn/the e-mail is not verified", Caught: by("SIGN-019"), Operation: "signOn", Pointer: "/data/email_verified", reply: edited("signOn", "data/email_verified", set("false"))},
		{Name: "signOn/another time zone", Caught: by("USER-001 USER-002"), Operation: "signOn", Pointer: "/data/timezone", reply: edited("signOn", "data/timezone", set(`"Asia/Singapore"`))},
		{Name: "signOn/another user's token", Caught: by("SIGN-018"), Operation: "signOn", Pointer: "/data/token/user_id", reply: edited("signOn", "data/token/user_id", set(`"1"`))},
		{Name: "signOn/one token for both", Caught: by("SIGN-018"), Operation: "signOn", Pointer: "/data/token/refresh_token/token", reply: sameToken},
		{Name: "signOn/what a later call sends is lost", Caught: by("SIGN-003"), Operation: "signOn", Pointer: "/data", reply: asFirstSent},
		{Name: "signOn/the room is lost", Caught: by("SIGN-031"), Operation: "signOn", Pointer: "/data/rooms", reply: edited("signOn", "data/rooms", set("[]"))},
		{Name: "getUser/no step of signing up", Caught: by("USER-010"), Operation: "getUser", Pointer: "/data/signup_step", reply: edited("getUser", "data/signup_step", drop)},
		{Name: "signOn/no VSee account", Caught: by("SIGN-007"), Operation: "signOn", Pointer: "/data/vsee", reply: edited("signOn", "data/vsee", drop)},
		{Name: "updateMe/a token", Breaks: []string{undeclared}, Operation: "updateMe", Pointer: "/data/token", reply: edited("updateMe", "data", insert(tokenOfReply()))},
		{
			Name: "updateMe/the group number is lost", Operation: "updateMe", Pointer: "/data/insurance", reply: withoutGroup,
			Survives: "The guide's own reply leaves out the group number of the primary card, which its request has sent.",
		},
		{Name: "updateMe/what is not sent is lost", Caught: by("BODY-010"), Operation: "updateMe", Pointer: "/data/dob", reply: edited("updateMe", "data/dob", drop)},
		{Name: "listInsurers/another clinic's insurers", Caught: by("INS-001"), Operation: "listInsurers", Pointer: "/data/insurers", reply: edited("listInsurers", "data/insurers", set(`[{"id":"car7414","name":"AETNA BETTER HEALTH OF ILLINOIS"}]`))},
		{Name: "listInsurers/another insurer's name", Caught: by("INS-001"), Operation: "listInsurers", Pointer: "/data/insurers/0/name", reply: edited("listInsurers", "data/insurers/0/name", set(`"AETNA BETTER HEALTH OF ILLINOIS"`))},
		{Name: "listInsurers/one twice", Caught: by("INS-001 INS-002"), Operation: "listInsurers", Pointer: "/data/insurers", reply: edited("listInsurers", "data/insurers", put(func(list string) string { return "[" + firstOf(list) + "," + list[1:] }))},
		{Name: "listInsurers/no insurer", Caught: by("INS-001 PATH-005 PATH-006"), Operation: "listInsurers", Pointer: "/data/insurers", reply: edited("listInsurers", "data/insurers", set("[]"))},
	}
}

// add adds to a whole number.
func add(n int64) edit {
	return put(func(value string) string {
		old, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return value
		}
		return strconv.FormatInt(old+n, 10)
	})
}

// othersData shows the first signed-on user to all, and the second user in place of the first.
func othersData(operation string) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err != nil || c.operation() != operation || r.status != http.StatusOK {
				return r, err
			}
			if other, ok := m.user(func(u signedOn) bool { return u.id != r.text("data", "id") }); ok {
				r.body = []byte(other.data)
			}
			return r, nil
		}
	}
}

// newIDs gives a user a new id at each sign-on but the first, and accepts this id in later calls.
func newIDs(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		if parts := c.segments(); len(parts) > 1 && parts[0] == "users" {
			if id := m.text("alias " + parts[1]); id != "" {
				c.path = strings.Replace(c.path, "/users/"+parts[1], "/users/"+id, 1)
			}
		}
		r, err := on(c)
		if err != nil || c.operation() != "signOn" || r.status != http.StatusOK {
			return r, err
		}
		id := r.text("data", "id")
		if n := m.count(id); n > 1 {
			alias := id + "0" + strconv.Itoa(n)
			m.first("alias "+alias, id)
			r.body, _ = set(strconv.Quote(alias))(r.body, "data", "id")
		}
		return r, nil
	}
}

// voidTokens refuses each token of a user but the last.
func voidTokens(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		token := c.header.Get(tokenHeader)
		old, known := m.user(func(u signedOn) bool { return u.token == token })
		later := false
		m.user(func(u signedOn) bool {
			if known && u.id == old.id {
				later = u.token != token // the user's last sign-on decides
			}
			return false
		})
		if c.operation() != "signOn" && later {
			c = c.with(tokenHeader, nobodysToken)
		}
		return on(c)
	}
}

// unchanged answers an update with the user as they are.
func unchanged(*memory) lie {
	return func(c call, on asks) (reply, error) {
		if c.operation() == "updateMe" {
			c = c.get("/me")
		}
		return on(c)
	}
}

// adds shows another change at each repetition of the same update, so that it is not idempotent.
func adds(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err != nil || c.operation() != "updateMe" || r.status != http.StatusOK {
			return r, err
		}
		if n := m.count(c.header.Get(tokenHeader) + string(c.body)); n > 1 {
			r.body, _ = set(strconv.Quote("Ann Arbor "+strconv.Itoa(n)))(r.body, "data", "city")
		}
		return r, nil
	}
}

// stale shows each user as they were when they signed on first.
func stale(operation string) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err != nil || c.operation() != operation || r.status != http.StatusOK {
				return r, err
			}
			if u, known := m.user(func(u signedOn) bool { return textAt([]byte(u.data), "data", "vseeid") == r.text("data", "vseeid") }); known {
				r.body = []byte(u.data)
			}
			return r, nil
		}
	}
}

// sameToken gives the access token for the refresh token too.
func sameToken(*memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && c.operation() == "signOn" && r.status == http.StatusOK {
			r.body, _ = set(strconv.Quote(r.text("data", "token", "token")))(r.body, "data", "token", "refresh_token", "token")
		}
		return r, err
	}
}

// asFirstSent shows a user who signs on again under the names of the first time.
func asFirstSent(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err != nil || c.operation() != "signOn" || r.status != http.StatusOK {
			return r, err
		}
		for _, name := range []string{"first_name", "full_name"} {
			first := m.first(name+" of "+r.text("data", "vseeid"), r.text("data", name))
			if first != r.text("data", name) {
				r.body, _ = set(strconv.Quote(first))(r.body, "data", name)
			}
		}
		return r, nil
	}
}

// firstOf returns the first element of an array, as it is written.
func firstOf(list string) string {
	at, ok := find([]byte(list), "0")
	if !ok {
		return "{}"
	}
	return string(at.Value.Raw)
}

// withoutGroup leaves out the group number of each card.
func withoutGroup(*memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && c.operation() == "updateMe" && r.status == http.StatusOK {
			for _, card := range []string{"primary", "secondary"} {
				r.body, _ = drop(r.body, "data", "insurance", card, "group_number")
			}
		}
		return r, err
	}
}
