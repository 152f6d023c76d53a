package mutant

import (
	"net/http"
	"strconv"
)

// nobodysToken is a token that no user has.
const nobodysToken = "00000000000000000000000000000000"

const (
	tokenHeader  = "X-ApiToken"
	secretHeader = "X-ApiSecret"
	keyHeader    = "X-ApiKey"

	accountHeader = "X-AccountCode"
)

// accessMutants get access to the API wrong: they let in callers they should refuse, or refuse callers they should
// let in.
func accessMutants() []Mutant {
	return []Mutant{
		{Name: "getMe/a token never expires", Caught: by("USER-005"), Operation: "getMe", reply: immortal("getMe")},
		{Name: "startEligibilityCheck/a token never expires", Caught: by("ELIG-009"), Operation: "startEligibilityCheck", reply: immortal("startEligibilityCheck")},
		{Name: "getMe/a token expires at once", Caught: by("PATH-001 SIGN-002 USER-005"), Operation: "getMe", reply: closed("getMe", true)},
		{Name: "updateMe/a token expires at once", Caught: by("BODY-001 BODY-010"), Operation: "updateMe", reply: closed("updateMe", true)},
		{Name: "signOn/a wrong secret is taken", Caught: by("AUTH-010"), Operation: "signOn", reply: again("signOn", http.StatusUnauthorized, func(c call) call { return c.with(secretHeader, "") })},
		{Name: "signOn/a wrong key is taken", Caught: by("AUTH-009"), Operation: "signOn", reply: madeUp("signOn", http.StatusUnauthorized, says(keyHeader, "wrong"))},
		{Name: "signOn/an unknown account code is taken", Caught: by("AUTH-011 AUTH-017"), Operation: "signOn", reply: madeUp("signOn", http.StatusUnauthorized, both(both(hasHeader(accountHeader, true), hasHeader(keyHeader, true)), both(not(says(keyHeader, "wrong")), not(says(secretHeader, "wrong")))))},
		{Name: "startEligibilityCheck/429/without Retry-After", Caught: by("SCEN-http-too-many-requests"), Operation: "startEligibilityCheck", Status: http.StatusTooManyRequests, reply: atOncePlease},
		{Name: "getUser/a foreign user is shown", Caught: by("AUTH-012"), Operation: "getUser", reply: foreign},
	}
}

// again repeats an operation's earlier reply of a status, for a changed call.
func again(operation string, status int, change func(call) call) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err == nil && r.status == status && c.operation() == operation {
				return on(change(c))
			}
			return r, err
		}
	}
}

// immortal accepts each token that a user has ever had.
func immortal(operation string) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			u, known := m.user(func(u signedOn) bool { return u.token == c.header.Get(tokenHeader) })
			if err != nil || !known || r.status != http.StatusUnauthorized || c.operation() != operation {
				return r, err
			}
			fresh, err := on(u.by)
			if err != nil {
				return fresh, err
			}
			return on(c.with(tokenHeader, fresh.text("data", "token", "token")))
		}
	}
}

// closed refuses the tokens returned by a sign-on, or with toUsers false all other tokens.
func closed(operation string, toUsers bool) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			_, known := m.user(func(u signedOn) bool { return u.token == c.header.Get(tokenHeader) })
			if known == toUsers && c.operation() == operation {
				c = c.with(tokenHeader, nobodysToken)
			}
			return on(c)
		}
	}
}

// foreign shows each user to all others: as they signed on, or the caller when the requested user is unknown.
func foreign(m *memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err != nil || c.operation() != "getUser" || r.status != http.StatusForbidden {
			return r, err
		}
		id := c.segments()[1]
		if u, known := m.user(func(u signedOn) bool { return u.id == id }); known {
			return on(c.with(tokenHeader, u.token))
		}
		r, err = on(c.get("/me"))
		r.body, _ = set(strconv.Quote(id))(r.body, "data", "id")
		return r, err
	}
}

// atOncePlease leaves out the Retry-After header when there are too many requests.
func atOncePlease(*memory) lie {
	return func(c call, on asks) (reply, error) {
		r, err := on(c)
		if err == nil && r.status == http.StatusTooManyRequests {
			header("Retry-After", "")(&r)
		}
		return r, err
	}
}
