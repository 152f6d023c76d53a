package mutant

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// across is one mutant for each of some operations. It must be killed by the requirements that table rows add for
// the operation, and for some operations by further ones, in beside.
type across struct {
	name   string
	status int      // as a Mutant's
	rows   string   // such as AUTH/nothing
	of     []string // operations
	beside map[string]string
	reply  func(operation string) func(*memory) lie
}

// acrossMutants are wrong in the same way at one operation after the other.
func acrossMutants() []Mutant {
	var all []Mutant
	for _, a := range slices.Concat(entryMutants(), trespassMutants(), failureMutants()) {
		for _, operation := range a.of {
			all = append(all, Mutant{
				Name: operation + "/" + a.name, Operation: operation, Status: a.status, reply: a.reply(operation),
				Caught: append(cells(operation, a.rows), by(a.beside[operation])...),
			})
		}
	}
	return all
}

// cells returns the ids of the requirements that table rows add for an operation.
func cells(operation, rows string) []string {
	var ids []string
	for _, row := range by(rows) {
		group, name, _ := strings.Cut(row, "/")
		ids = append(ids, requirement.Cell(group, operation, name))
	}
	return ids
}

// every returns all operations, owned those about one user, and tokens those that take a token.
func every() []string  { return embedded.Spec().IDs() }
func owned() []string  { return callableBy("owner") }
func tokens() []string { return callableBy("owner", "user", "admin", "self") }

// entryMutants refuse callers they should let in, or do not know a path.
func entryMutants() []across {
	door := func(fits func(call) bool, instead func(call) call) func(string) func(*memory) lie {
		return func(operation string) func(*memory) lie { return detour(operation, fits, instead) }
	}
	shut := func(toUsers bool) func(string) func(*memory) lie {
		return func(operation string) func(*memory) lie { return closed(operation, toUsers) }
	}
	ownerless := map[string]string{"getUser": "PATH-004"}
	admins := map[string]string{
		"getUser": "PATH-012 USER-002", "startEligibilityCheck": "ELIG-008", "listCards": "CARD-006", "importCards": "CARD-006",
		"submitClaim": "CLAIM-006", "listClaims": "CLAIM-012", "getClaim": "CLAIM-011",
	}
	return []across{
		{"a token alone is refused", 0, "AUTH/token", tokens(), nil, door(hasHeader(accountHeader, false), nobodys)},
		{"a token with the account code is refused", 0, "AUTH/own-code", tokens(), nil, door(hasHeader(accountHeader, true), nobodys)},
		{"a patient is refused", 0, "AUTH/patient", callableBy("user"), nil, shut(true)},
		{"the admin is refused", 0, "AUTH/admin", owned(), admins, shut(false)},
		{"not open", 0, "AUTH/open", callableBy("anybody"), map[string]string{"getAccount": "ACCT-001", "listAccounts": "ACCT-003"}, door(anything, nowhere)},
		{"no .json", 0, "PATH/json", every(), ownerless, door(ending(".json"), nowhere)},
		{"no slash at the end", 0, "PATH/slash", every(), nil, door(ending("/"), nowhere)},
		{"no dev", 0, "PATH/dev", every(), nil, door(under("/vc/dev/"), nowhere)},
		{"no next", 0, "PATH/next", every(), nil, door(under("/vc/next/"), nowhere)},
		{"no stable", 0, "PATH/stable", every(), nil, door(under("/vc/stable/"), nowhere)},
	}
}

// trespassMutants let in callers they should refuse.
func trespassMutants() []across {
	const unauthorized = http.StatusUnauthorized
	open := func(status int, fits func(call) bool) func(string) func(*memory) lie {
		return func(operation string) func(*memory) lie { return madeUp(operation, status, fits) }
	}
	noToken, noKey := hasHeader(tokenHeader, false), hasHeader(keyHeader, false)
	noCode := hasHeader(accountHeader, false)
	foreigners := map[string]string{"listClaims": "CLAIM-012", "getClaim": "CLAIM-011", "getFile": "CARD-021"}
	strangers := slices.DeleteFunc(callableBy("owner", "admin"), func(o string) bool { return o == "getUser" }) // see foreign
	return []across{
		{"another account code is taken", unauthorized, "AUTH/other-code AUTH/nobodys-code", tokens(), nil, open(unauthorized, both(not(noCode), not(noToken)))},
		{"key and secret are taken in place of a token", unauthorized, "AUTH/key", tokens(), nil, open(unauthorized, both(not(noKey), noToken))},
		{"open to all", unauthorized, "AUTH/nothing AUTH/empty-token", tokens(), nil, open(unauthorized, both(noKey, noToken))},
		{"nobody's token is taken", unauthorized, "AUTH/unknown-token", tokens(), nil, open(unauthorized, says(tokenHeader, nobodysToken))},
		{"another patient's token is taken", http.StatusForbidden, "AUTH/patient", strangers, foreigners, open(http.StatusForbidden, anything)},
		{"no account code is needed", unauthorized, "AUTH/no-code", callableBy("visitor"), nil, open(unauthorized, noCode)},
		{"no account code is needed", unauthorized, "AUTH/no-code", callableBy("partner"), nil, open(unauthorized, both(noCode, not(noKey)))},
		{"any account code is taken", unauthorized, "AUTH/unknown-code", callableBy("visitor"), nil, open(unauthorized, not(noCode))},
		{"open to all", unauthorized, "", by("signOn"), map[string]string{"signOn": "AUTH-013 AUTH-014"}, open(unauthorized, both(noKey, noToken))},
		{"a token is taken in place of a key", unauthorized, "", by("signOn"), map[string]string{"signOn": "AUTH-015 AUTH-016"}, open(unauthorized, both(noKey, not(noToken)))},
	}
}

// failureMutants get deliberate failures wrong: another status, no failure for a large body, or a failure forever.
func failureMutants() []across {
	const large = http.StatusRequestEntityTooLarge
	withBody := operations(apispec.Operation.TakesBody)
	clinics := slices.DeleteFunc(every(), func(o string) bool { return o == "listAccounts" })
	var rows []string
	for _, status := range scenarios.Statuses() {
		rows = append(rows, "FAIL/"+strconv.Itoa(status))
	}
	each := strings.Join(rows, " ")
	return []across{
		{"a large body is taken", large, "FAIL/413", withBody, nil, func(operation string) func(*memory) lie { return madeUp(operation, large, anything) }},
		{"a failure is told of as another", anyFailure, each, clinics, nil, failsOtherwise},
		{"a failure is for good", anyFailure, each, clinics, nil, staysDown},
	}
}

// detour redirects the matching calls of an operation to another call.
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

// failsOtherwise replaces each failure with another one.
func failsOtherwise(operation string) func(*memory) lie {
	return func(*memory) lie {
		return func(c call, on asks) (reply, error) {
			r, err := on(c)
			if err == nil && c.operation() == operation && r.status >= http.StatusBadRequest {
				other := http.StatusInternalServerError
				if r.status == other {
					other = http.StatusBadGateway
				}
				r.status = other
				r.body, _ = set(strconv.Itoa(other))(r.body, "code")
			}
			return r, err
		}
	}
}

// staysDown repeats a failure for the same caller forever, after it has occurred once.
func staysDown(operation string) func(*memory) lie {
	return func(m *memory) lie {
		return func(c call, on asks) (reply, error) {
			caller := "down for " + c.header.Get(tokenHeader) + " " + c.header.Get(accountHeader)
			if c.operation() == operation && m.text(caller) != "" {
				return read(m.text(caller)), nil
			}
			r, err := on(c)
			if err == nil && c.operation() == operation && r.status >= http.StatusBadRequest {
				m.first(caller, strconv.Itoa(r.status)+" "+string(r.body))
			}
			return r, err
		}
	}
}

// read parses a reply kept as its status, a space and its body.
func read(text string) reply {
	status, body, _ := strings.Cut(text, " ")
	number, _ := strconv.Atoi(status)
	return reply{number, http.Header{"Content-Type": {"application/json"}}, []byte(body)}
}
