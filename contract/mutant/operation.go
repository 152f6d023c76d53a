package mutant

import (
	"slices"
	"strings"
)

// The Operations of Mutants that lie to the webhook: the types of events.
const (
	Event   = "eligibility.checked"
	Claimed = "claim.updated"
	Created = "user.created"
)

// IsEvent reports whether an Operation is the type of an event.
func IsEvent(operation string) bool {
	return slices.Contains([]string{Event, Claimed, Created}, operation)
}

// eventOf returns the type of an event; Event for one that names none of these.
func eventOf(body []byte) string {
	if kind := textAt(body, "type"); IsEvent(kind) {
		return kind
	}
	return Event
}

// paths are those of openapi.yaml: the method, what stands below the prefix, * for what differs, and the operationId. The
// first that fits is meant.
var paths = [][3]string{
	{"GET", "insurances", "listInsurers"},
	{"GET", "insurances/list/insurers", "listInsurerOptions"},
	{"GET", "users/*/insurances", "listCards"},
	{"POST", "users/*/insurances/import", "importCards"},
	{"POST", "users/*/insurances/*", "saveCard"},
	{"DELETE", "users/*/insurances/*", "deleteCard"},
	{"GET", "files/*", "getFile"},
	{"POST", "users/sso", "signOn"},
	{"POST", "users/login", "login"},
	{"POST", "users/refresh_token", "refreshToken"},
	{"POST", "users/logout", "logout"},
	{"GET", "me", "getMe"},
	{"POST", "me", "updateMe"},
	{"GET", "users", "searchUsers"},
	{"GET", "users/*", "getUser"},
	{"GET", "accounts", "listAccounts"},
	{"GET", "accounts/*", "getAccount"},
	{"POST", "users/*/*/eligibility", "startEligibilityCheck"},
	{"POST", "insurance/claims", "submitClaim"},
	{"GET", "insurance/claims", "listClaims"},
	{"GET", "insurance/claims/*", "getClaim"},
}

// operation returns the operationId of a call, "" when openapi.yaml has none for it.
func (c call) operation() string {
	parts := c.segments()
	for _, p := range paths {
		pattern := strings.Split(p[1], "/")
		if p[0] == c.method && slices.EqualFunc(pattern, parts, func(name, part string) bool { return name == part || name == "*" && part != "" }) {
			return p[2]
		}
	}
	return ""
}
