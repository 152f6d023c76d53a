// Package mutant owns servers that are wrong in one way each: proof that the suite can see. A Mutant is a proxy in front
// of a correct server that changes one thing of what that says, in shape (a field is missing), or in fact while the shape
// is right (the data is another user's). What no requirement fails for, nobody would notice at a real target either.
//
// A mutant is caught when exactly those requirements fail that must. What they are, the proxy tells: it hears from the
// User-Agent which requirement asks, and notes to which of them it has told a lie. So
//
//   - each requirement that the mutant names has failed;
//   - no requirement has failed that was not lied to;
//   - if the lie is a reply that breaks openapi.yaml, each requirement that was lied to has failed: all of them look.
//
// A requirement that was told a lie about a fact may fail beside those that are named, for a patient who is somebody else
// is wrong in many ways. One to which the mutant said nothing untrue may not: a suite that fails at random would catch
// every mutant.
//
// A proxy changes bytes where they stand and leaves the others alone. What it keeps, it learns from what passes through
// it; it draws no random numbers and reads no clock, so that the same requests meet the same lies.
package mutant

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Mutant is one way of being wrong.
type Mutant struct {
	Name      string   // unique, such as getUser/data/id/dropped
	Operation string   // operationId of openapi.yaml, the type of an event, "" for what is neither
	Status    int      // of the replies that are changed; 0 when it may be any, anyFailure for 400 and above
	Breaks    []string // the rules of package strict that it breaks; nil when the shape is right
	Caught    []string // the ids of requirements that must fail for it
	Survives  string   // why no requirement can fail for it; "" for a mutant that must be caught
	Pointer   string   // JSON pointer to what is changed in a body; "" for the whole, or when it is not one place

	reply func(*memory) lie // of what the API says; nil for none
	event func(*memory) lie // of what the webhook is told; nil for none
}

// anyFailure is the Status of a Mutant that changes what is no success.
const anyFailure = -1

// All returns every mutant, each under a name of its own, in the same order each time.
func All() []Mutant {
	all := slices.Concat(
		fieldMutants(), valueMutants(), replyMutants(), errorMutants(), userMutants(), accessMutants(), acrossMutants(), doorMutants(), laxMutants(), checkMutants(),
		cardMutants(), searchMutants(), loginMutants(), accountMutants(), claimMutants(), eventMutants(),
	)
	for n, m := range all {
		if len(m.Caught) == 0 && m.Breaks != nil {
			all[n].Caught = witnesses(m.Operation)
		}
	}
	return all
}

// witnesses are requirements that must fail when a reply of an operation, or an event, breaks openapi.yaml. Each that sees
// such a reply must fail; those that are named make sure that there is one. All operations have theirs in tables.
func witnesses(operation string) []string {
	named, ok := map[string][]string{
		"listInsurers":          {"AUTH-001", "AUTH-002", "PATH-005", "PATH-006", "TYPE-003"},
		"signOn":                {"SIGN-001", "SIGN-004", "SIGN-005", "SIGN-008", "TYPE-001"},
		"getMe":                 {"PATH-001", "PATH-002", "TYPE-001"},
		"updateMe":              {"BODY-001", "TYPE-001"},
		"getUser":               {"AUTH-005", "AUTH-006", "PATH-003", "TYPE-001"},
		"startEligibilityCheck": {"BODY-009", "ELIG-002", "TYPE-002"},
		"listInsurerOptions":    {"CARD-004"},
		"listCards":             {"CARD-002", "CARD-006", "CARD-013"},
		"importCards":           {"CARD-002", "CARD-003", "CARD-005"},
		"saveCard":              {"CARD-008", "CARD-015", "CARD-021"},
		"deleteCard":            {"CARD-009"},
		"searchUsers":           {"FIND-001", "FIND-002", "FIND-004"},
		"login":                 {"LOGIN-002", "LOGIN-003", "LOGIN-007"},
		"refreshToken":          {"LOGIN-006"},
		"logout":                {"LOGIN-007"},
		"listAccounts":          {"ACCT-003"},
		"getAccount":            {"ACCT-001"},
		"submitClaim":           {"CLAIM-001", "CLAIM-003"},
		"listClaims":            {"CLAIM-012"},
		"getClaim":              {"CLAIM-010", "CLAIM-013"},
		Event:                   {"HOOK-001", "HOOK-003", "HOOK-006", "HOOK-009"},
		Claimed:                 {"CLAIM-014"},
		Created:                 {"MADE-001", "MADE-002"},
	}[operation]
	if !ok {
		return cells(operation, "PATH/json PATH/slash PATH/dev PATH/next PATH/stable")
	}
	return named
}

// by returns ids that are written with spaces between them.
func by(ids string) []string { return strings.Fields(ids) }

// Proxy returns a server that says what the target says, but for what the mutant changes. target is the URL of a mock
// or another server, without a path. The control API passes, with the webhook's URL replaced by one of the proxy. The
// zero Mutant changes nothing. Proxies share nothing.
func (m Mutant) Proxy(target string) (*Proxy, error) {
	to, err := url.Parse(strings.TrimSuffix(target, "/"))
	if err != nil {
		return nil, err
	}
	p := &Proxy{target: to, known: newMemory(), about: m.Operation, reply: honest, event: honest, transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	if m.reply != nil {
		p.reply = m.reply(p.known)
	}
	if m.event != nil {
		p.event = m.event(p.known)
	}
	return p, nil
}
