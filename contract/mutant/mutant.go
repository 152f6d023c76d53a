// Package mutant owns deliberately broken servers, each wrong in one way. They measure the suite: does it notice?
// A Mutant is a proxy in front of a correct server. It changes one thing in the server's replies or events: the
// shape (a field is missing), or a fact while the shape is right (the data is another user's). A fault that no
// requirement fails for would pass unnoticed at a real target too.
//
// A mutant is killed when exactly the right requirements fail. The proxy knows them: it reads from the User-Agent
// which requirement is asking, and records the requirements it has lied to. So
//
//   - each requirement that the mutant names has failed;
//   - no requirement has failed without a lie;
//   - if the lie is a reply that breaks openapi.yaml, each requirement that was lied to has failed: all of them look.
//
// A requirement with a lie about a fact may fail beside the named ones, because another user's data is wrong in
// many ways. A requirement without a lie must not fail: otherwise a suite with random failures would kill every
// mutant.
//
// A proxy changes bytes in place and leaves all others alone. Its state comes from the traffic alone: it draws no
// random numbers and reads no clock, so that the same requests get the same lies.
package mutant

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Mutant is one deliberate fault of a server.
type Mutant struct {
	Name      string   // unique, such as getUser/data/id/dropped
	Operation string   // operationId of openapi.yaml, the type of an event, "" for neither
	Status    int      // of the changed replies; 0 for any, anyFailure for 400 and above
	Breaks    []string // the broken rules of package strict; nil when the shape is right
	Caught    []string // the ids of requirements that must fail for it
	Survives  string   // why no requirement can fail for it; "" for a mutant that must be killed
	Pointer   string   // JSON pointer to the changed part of a body; "" for the whole, or for several places

	reply func(*memory) lie // about replies of the API; nil for none
	event func(*memory) lie // about events to the webhook; nil for none
}

// anyFailure is the Status of a Mutant that changes every unsuccessful reply.
const anyFailure = -1

// All returns every mutant, each with a unique name, in the same order each time.
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

// witnesses are requirements that must fail when a reply of an operation, or an event, breaks openapi.yaml. Every
// requirement that sees such a reply must fail; the witnesses ensure that at least one sees it. All operations
// also have table rows.
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

// by splits ids at the spaces between them.
func by(ids string) []string { return strings.Fields(ids) }

// Proxy returns a server that behaves like the target, except for the mutant's change. target is the URL of a mock
// or another server, without a path. The control API passes through, with a URL of the proxy in place of the
// webhook's. The zero Mutant changes nothing. Proxies share nothing.
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
