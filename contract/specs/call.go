package specs

import (
	"context"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// call is a call of an operation that succeeds. Its request is made only when the call is, with all it needs, such as a
// patient.
type call struct {
	request func() engine.Request
	shows   func(r reply) // asserts the expected reply
}

// to returns the request with a suffix added to its path, in front of the query.
func to(q engine.Request, suffix string) engine.Request {
	path, query, has := strings.Cut(q.Path, "?")
	if q.Path = path + suffix; has {
		q.Path += "?" + query
	}
	return q
}

// userCalls are the sample calls of all operations except those on cards and claims.
func userCalls() map[string]sampleCall {
	mock := []need{aMock} // only on a mock can the suite set a password
	member := []need{aMember}
	return map[string]sampleCall{
		"listInsurers":          {call: callListInsurers},
		"listInsurerOptions":    {call: callListInsurerOptions},
		"signOn":                {call: callSignOn},
		"getMe":                 {callGetMe, member},
		"updateMe":              {call: callUpdateMe},
		"getUser":               {callGetUser, member},
		"searchUsers":           {call: callSearchUsers},
		"login":                 {callLogin, mock},
		"refreshToken":          {callRefreshToken, mock},
		"logout":                {call: callLogout},
		"listAccounts":          {call: callListAccounts},
		"getAccount":            {call: callGetAccount},
		"startEligibilityCheck": {call: callStartEligibilityCheck},
	}
}

// once returns a call with a request for its first use.
func once(request func() engine.Request, shows func(r reply)) call {
	return call{sync.OnceValue(request), shows}
}

// present asserts a success with a value at a pointer.
func present(pointer, rule string) func(r reply) {
	return func(r reply) {
		r.Expected()
		r.Present(pointer, rule)
	}
}

// shown asserts a success with the wanted value at a pointer.
func shown(pointer string, want func() any, rule string) func(r reply) {
	return func(r reply) {
		r.Expected()
		r.Equal(pointer, want(), rule)
	}
}

// showsUser asserts that a reply is about a user.
func showsUser(id func() user) func(r reply) {
	return shown("/data/id", func() any { return id().ID }, "the reply must show the user of the request")
}

func callListInsurers(t *trial) call {
	return once(func() engine.Request { return t.byAdmin(engine.Get("/insurances")) },
		present("/data/insurers", "a clinic has insurers"))
}

func callListInsurerOptions(t *trial) call {
	return once(func() engine.Request { return t.byAdmin(engine.Get("/insurances/list/insurers")) },
		present("/data", "a clinic has insurers"))
}

func callSignOn(t *trial) call {
	return once(func() engine.Request { return t.sso(patientForm()) }, func(r reply) {
		t.hideTokens(r)
		present("/data/token/token", "a sign-on returns a token")(r)
	})
}

func callGetMe(t *trial) call {
	u := sync.OnceValue(t.patient)
	return once(func() engine.Request { return engine.Get("/me").By(u()) }, showsUser(u))
}

func callUpdateMe(t *trial) call {
	u := sync.OnceValue(t.newPatient)
	return once(func() engine.Request {
		return engine.Post("/me", engine.Multipart(form{{"city", "Ann Arbor"}})).By(u())
	}, showsUser(u))
}

func callGetUser(t *trial) call {
	u := sync.OnceValue(t.patient)
	return once(func() engine.Request { return engine.Get("/users/" + u().ID).By(u()) }, showsUser(u))
}

func callSearchUsers(t *trial) call {
	return once(func() engine.Request { return t.byAdmin(engine.Get("/users?limit=1")) },
		present("/data", "the admin is a user"))
}

// password is the password of users with a login.
const password = "contract-password"

// member signs a user with a login on, and returns them and their e-mail address, which is their username.
func (t *trial) member() (u user, email string) {
	f, email := reachable(engine.Unique(), "Contract")
	u = t.signOn(f)
	t.credentials(u, password)
	return u, email
}

// credentials gives a user a password, which is the e-mail token, too.
func (t *trial) credentials(u user, secret string) {
	login := controlapi.Credentials{Password: &secret, EmailToken: &secret}
	t.Control("giving the user a password and an e-mail token",
		func(ctx context.Context, c *controlapi.Client, account string) error {
			return c.SetCredentials(ctx, account, u.ID, login)
		})
}

// reachable returns the form of a user with an e-mail address, and the address.
func reachable(mark, firstName string) (form, string) {
	email := mark + "-" + strings.ToLower(firstName) + "@example.com"
	return patientForm().With("first_name", firstName).And("email", email), email
}

// session asserts that the reply to a login is about a user, and hides its tokens.
func (t *trial) session(u func() user) func(r reply) {
	return func(r reply) {
		t.hideTokens(r)
		showsUser(u)(r)
	}
}

// byVisitor returns a request with the account code alone.
func (t *trial) byVisitor(q engine.Request) engine.Request {
	return q.Set(engine.AccountHeader, t.Clinic.AccountCode)
}

func callLogin(t *trial) call {
	member := sync.OnceValues(t.member)
	return once(func() engine.Request {
		u, email := member()
		f := form{{"username", email}, {"password", password}}
		return t.byVisitor(engine.Post("/users/login", engine.Multipart(f))).About(u)
	}, t.session(func() user { u, _ := member(); return u }))
}

func callRefreshToken(t *trial) call {
	f := patientForm()
	signedOn := sync.OnceValue(func() reply { return t.Send(t.sso(f)) })
	u := sync.OnceValue(func() user { return t.signedOn(f, signedOn()) })
	return once(func() engine.Request {
		f := form{{"refresh_token", signedOn().NeedText("/data/token/refresh_token/token")}}
		return t.byVisitor(engine.Post("/users/refresh_token", engine.Multipart(f))).About(u())
	}, t.session(u))
}

func callLogout(t *trial) call {
	u := sync.OnceValue(t.newPatient)
	return once(func() engine.Request { return engine.Post("/users/logout", payload{}).By(u()) },
		shown("/data/user_id", func() any { return u().ID }, "the reply must be about the user of the token"))
}

func callListAccounts(*trial) call {
	return once(func() engine.Request { return engine.Get("/accounts?limit=1") }, func(r reply) {
		r.Expected()
		r.Value("/data", len(r.List("/data"))).Equal(1, "a page of one has one account")
	})
}

func callGetAccount(t *trial) call {
	return once(func() engine.Request { return engine.Get("/accounts/" + t.Clinic.AccountCode) },
		shown("/data/code", func() any { return t.Clinic.AccountCode }, "the account must be the one in the path"))
}

func callStartEligibilityCheck(t *trial) call {
	u := sync.OnceValue(t.newInsured)
	return once(func() engine.Request { return engine.Post(checkPath(u().ID, t.carrier()), payload{}).By(u()) },
		func(r reply) {
			shown("/data/carrier_code", func() any { return t.carrier() }, "the check must be with the carrier in the path")(r)
			t.Started(r.Text("/data/eligibility_id"), u())
		})
}
