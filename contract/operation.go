package contract

// caller is how those who may call an operation say who they are.
type caller string

const (
	anybody caller = "anybody" // in no way
	visitor caller = "visitor" // by the account code, and in the body by what only they know
	partner caller = "partner" // by account code, key and secret
	anyUser caller = "user"    // by a token, whoever's of the clinic it is
	admin   caller = "admin"   // by the admin's token
	owner   caller = "owner"   // by the token of the user whom it is about, or the admin's
	self    caller = "self"    // by a token of the user whom it is about, since it is theirs
)

// operation is one of openapi.yaml's, as the tables of requirements have it.
type operation struct {
	id, evidence string // as openapi.yaml has them
	by           caller
	effect       string // of a call of it that goes through, and of what must be there before
	needs        []need // of such a call
	call         func(w *world) call
}

// operations are those of openapi.yaml.
func operations() []operation {
	mock := []need{aMock} // who can log in there, and what becomes of a claim, only a mock can be told
	return []operation{
		{"listInsurers", seed, anyUser, safe, nil, callListInsurers},
		{"listInsurerOptions", documented, anyUser, safe, nil, callListInsurerOptions},
		{"listCards", documented, owner, mutating, nil, callListCards},
		{"importCards", documented, owner, mutating, nil, callImportCards},
		{"saveCard", inferred, owner, mutating, nil, callSaveCard},
		{"deleteCard", inferred, owner, mutating, nil, callDeleteCard},
		{"getFile", ours, owner, mutating, nil, callGetFile},
		{"signOn", seed, partner, mutating, nil, callSignOn},
		{"getMe", documented, self, mutating, nil, callGetMe},
		{"updateMe", seed, self, mutating, nil, callUpdateMe},
		{"getUser", documented, owner, mutating, nil, callGetUser},
		{"searchUsers", documented, admin, safe, nil, callSearchUsers},
		{"login", documented, visitor, mutating, mock, callLogin},
		{"refreshToken", ours, visitor, mutating, mock, callRefreshToken},
		{"logout", ours, self, mutating, nil, callLogout},
		{"listAccounts", documented, anybody, safe, nil, callListAccounts},
		{"getAccount", documented, anybody, safe, nil, callGetAccount},
		{"startEligibilityCheck", seed, owner, mutating, nil, callStartEligibilityCheck},
		{"submitClaim", ours, owner, mutating, mock, callSubmitClaim},
		{"listClaims", ours, owner, mutating, mock, callListClaims},
		{"getClaim", ours, owner, mutating, mock, callGetClaim},
	}
}
