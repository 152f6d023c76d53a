package mutant

import (
	"net/http"
	"strconv"
	"strings"
)

// across is a mutant of each operation that has ids.
type across struct {
	name   string
	status int // as a Mutant's
	caught [6]string
	reply  func(operation string) func(*memory) lie
}

// acrossMutants are those that are wrong in the same way at one operation after the other.
func acrossMutants() []Mutant {
	var all []Mutant
	for _, a := range append(append(entryMutants(), trespassMutants()...), failureMutants()...) {
		for n, operation := range [6]string{"listInsurers", "getMe", "updateMe", "getUser", "startEligibilityCheck", "signOn"} {
			if a.caught[n] != "" {
				all = append(all, Mutant{Name: operation + "/" + a.name, Operation: operation, Status: a.status, Caught: by(a.caught[n]), reply: a.reply(operation)})
			}
		}
	}
	return all
}

// entryMutants keep out whom they should let in, or do not know a path.
func entryMutants() []across {
	door := func(fits func(call) bool, instead func(call) call) func(string) func(*memory) lie {
		return func(operation string) func(*memory) lie { return detour(operation, fits, instead) }
	}
	return []across{
		{"a token alone is refused", 0, [6]string{"AUTH-001", "AUTH-014", "AUTH-013", "AUTH-015", "AUTH-016", ""}, door(hasHeader(accountHeader, false), nobodys)},
		{"a token with the account code is refused", 0, [6]string{"AUTH-002", "AUTH-018", "AUTH-019", "AUTH-020", "AUTH-017", ""}, door(hasHeader(accountHeader, true), nobodys)},
		{"no .json", 0, [6]string{"PATH-013", "PATH-002", "PATH-014", "PATH-004 PATH-015", "PATH-016", "PATH-017"}, door(ending(".json"), nowhere)},
		{"no slash at the end", 0, [6]string{"PATH-006", "PATH-018", "PATH-019", "PATH-020", "PATH-021", "PATH-022"}, door(ending("/"), nowhere)},
		{"no dev", 0, [6]string{"PATH-023", "PATH-007", "PATH-024", "PATH-025", "PATH-026", "PATH-027"}, door(under("/vc/dev/"), nowhere)},
		{"no next", 0, [6]string{"PATH-028", "PATH-008", "PATH-029", "PATH-030", "PATH-031", "PATH-032"}, door(under("/vc/next/"), nowhere)},
		{"no stable", 0, [6]string{"PATH-033", "PATH-009", "PATH-034", "PATH-035", "PATH-036", "PATH-037"}, door(under("/vc/stable/"), nowhere)},
	}
}

// trespassMutants let in whom they should not.
func trespassMutants() []across {
	const unauthorized = http.StatusUnauthorized
	open := func(fits func(call) bool) func(string) func(*memory) lie {
		return func(operation string) func(*memory) lie { return madeUp(operation, unauthorized, fits) }
	}
	noToken, noKey := hasHeader(tokenHeader, false), hasHeader(keyHeader, false)
	return []across{
		{"another account code is taken", unauthorized, [6]string{"AUTH-022 AUTH-027", "AUTH-023 AUTH-028", "AUTH-024 AUTH-029", "AUTH-025 AUTH-030", "AUTH-026 AUTH-031", ""}, open(both(hasHeader(accountHeader, true), not(noToken)))},
		{"key and secret are taken in place of a token", unauthorized, [6]string{"AUTH-032", "AUTH-033", "AUTH-034", "AUTH-035", "AUTH-036", ""}, open(both(not(noKey), noToken))},
		{"open to all", unauthorized, [6]string{"AUTH-007 AUTH-041", "AUTH-037 AUTH-042", "AUTH-038 AUTH-043", "AUTH-039 AUTH-044", "AUTH-040 AUTH-045", "AUTH-052 AUTH-054"}, open(both(noKey, noToken))},
		{"nobody's token is taken", unauthorized, [6]string{"AUTH-046", "AUTH-008", "AUTH-047", "AUTH-048", "AUTH-049", ""}, open(says(tokenHeader, nobodysToken))},
		{"a token is taken in place of a key", unauthorized, [6]string{5: "AUTH-055 AUTH-056"}, open(both(noKey, not(noToken)))},
		{"no account code is needed", unauthorized, [6]string{5: "AUTH-053"}, open(both(hasHeader(accountHeader, false), not(noKey)))},
	}
}

// failureMutants fail otherwise than they say.
func failureMutants() []across {
	large := http.StatusRequestEntityTooLarge
	all := []across{{"a large body is taken", large, [6]string{2: "FAIL-031", 5: "FAIL-032"}, func(operation string) func(*memory) lie { return madeUp(operation, large, anything) }}}
	for n, status := range []int{
		http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
	} {
		var ids [6]string
		for column := range ids {
			number := strconv.Itoa(n*len(ids) + column + 1)
			ids[column] = "FAIL-" + strings.Repeat("0", 3-len(number)) + number
		}
		text := strconv.Itoa(status)
		all = append(all,
			across{text + "/another failure", status, ids, func(operation string) func(*memory) lie { return failsOtherwise(operation, status) }},
			across{text + "/for good", status, ids, func(operation string) func(*memory) lie { return staysDown(operation, status) }},
		)
	}
	return all
}

// detour leads the calls of an operation that fit somewhere else.
func detour(operation string, fits func(call) bool, instead func(call) call) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			if c.operation() == operation && fits(c) {
				c = instead(c)
			}
			return on(c)
		}
	}
}

// failsOtherwise tells of a failure as another one.
func failsOtherwise(operation string, status int) func(*memory) lie {
	other := http.StatusInternalServerError
	if status == other {
		other = http.StatusBadGateway
	}
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err == nil && c.operation() == operation && r.status == status {
				r.status = other
				r.body, _ = set(strconv.Itoa(other))(r.body, "code")
			}
			return r, err
		}
	}
}

// staysDown fails again, for the same caller, where it has failed once.
func staysDown(operation string, status int) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			caller := "down for " + c.header.Get(tokenHeader) + " " + c.header.Get(accountHeader)
			if c.operation() == operation && m.text(caller) != "" {
				return reply{status, http.Header{"Content-Type": {"application/json"}}, []byte(m.text(caller))}, nil
			}
			r, err := on(c)
			if err == nil && c.operation() == operation && r.status == status {
				m.first(caller, string(r.body))
			}
			return r, err
		}
	}
}
