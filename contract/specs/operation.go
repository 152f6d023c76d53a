package specs

import (
	"maps"
	"net/http"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// caller is the kind of caller allowed at an operation: x-caller of openapi.yaml.
type caller string

const (
	anybody caller = "anybody" // without credentials
	visitor caller = "visitor" // by the account code, and by a secret in the body
	partner caller = "partner" // by account code, key and secret
	anyUser caller = "user"    // by the token of any user of the clinic
	admin   caller = "admin"   // by the admin's token
	owner   caller = "owner"   // by the token of the user in the call, or the admin's
	self    caller = "self"    // by the token of the user in the call
	link    caller = "link"    // by the code in a link, or the token of the owner of what it leads to
)

// sampleCall is the suite's way to call an operation.
type sampleCall struct {
	call  func(t *trial) call // a successful call
	needs []need              // of such a call
}

// operation is an operation of openapi.yaml in the tables of requirements.
type operation struct {
	sampleCall
	id       string
	evidence requirement.Evidence
	by       caller
	body     bool               // whether it accepts a body
	effect   requirement.Effect // of a successful call and its preparation
}

// operations returns the operations of openapi.yaml with a sample call in the suite, in the order of the document.
func operations() []operation {
	calls := map[string]sampleCall{}
	for _, some := range []map[string]sampleCall{
		userCalls(), cardCalls(), fileCalls(), claimCalls(), visitCalls(), roomCalls(),
	} {
		maps.Copy(calls, some)
	}
	var all []operation
	for _, o := range embedded.Spec().Operations {
		if s, ok := calls[o.ID]; ok {
			effect := requirement.Changes
			isOpen := slices.Contains([]caller{anybody, visitor, anyUser, admin},
				caller(o.Caller)) // no user is signed on for it
			if o.Method == http.MethodGet && (isOpen || slices.Contains(s.needs, aMember)) {
				effect = safe
			}
			all = append(all, operation{s, o.ID, requirement.Evidence(o.Grade), caller(o.Caller), o.TakesBody(), effect})
		}
	}
	return all
}
