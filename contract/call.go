package contract

import (
	"net/http"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// call is a call of an operation that succeeds. Its parts are functions, so that its patient is signed on only
// when the call is made.
type call struct {
	method string
	path   func() string
	query  func() string // with its question mark; nil for none
	body   func() payload
	header func() map[string]string
	shows  func(r response) // requires the expected reply
}

// send sends the call below a root, with a suffix added to its path, and with these headers; nil for its own.
func (c call) send(w *world, root, end string, header map[string]string) response {
	GinkgoHelper()
	path := c.path() + end
	if c.query != nil {
		path += c.query()
	}
	var body payload
	if c.body != nil {
		body = c.body()
	}
	if header == nil {
		header = c.header()
	}
	return w.sendTo(root, c.method, path, body, header)
}

// prepare makes all parts of the call.
func (c call) prepare() {
	GinkgoHelper()
	c.path()
	c.header()
	if c.query != nil {
		c.query()
	}
	if c.body != nil {
		c.body()
	}
}

// userCalls are the sample calls of all operations except those on cards and claims.
func userCalls() map[string]sampleCall {
	mock := []need{aMock} // only on a mock can the suite set a password
	return map[string]sampleCall{
		"listInsurers":          {call: callListInsurers},
		"listInsurerOptions":    {call: callListInsurerOptions},
		"signOn":                {call: callSignOn},
		"getMe":                 {call: callGetMe},
		"updateMe":              {call: callUpdateMe},
		"getUser":               {call: callGetUser},
		"searchUsers":           {call: callSearchUsers},
		"login":                 {callLogin, mock},
		"refreshToken":          {callRefreshToken, mock},
		"logout":                {call: callLogout},
		"listAccounts":          {call: callListAccounts},
		"getAccount":            {call: callGetAccount},
		"startEligibilityCheck": {call: callStartEligibilityCheck},
	}
}

// showsText requires that a reply is a success, with a text in its data.
func showsText(want func() string, name, what string) func(r response) {
	return func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.text("data", name)).To(Equal(want()), what)
	}
}

// isOK requires that a reply is a success.
func isOK(r response) {
	GinkgoHelper()
	Expect(r.Status).To(Equal(ok), "the status")
}

func always(text string) func() string { return func() string { return text } }

// patient returns a patient, signed on at first use, and a function for the header with their token.
func (w *world) patient(signOn func() user) (patient func() user, header func() map[string]string) {
	patient = sync.OnceValue(signOn)
	return patient, func() map[string]string { return byToken(patient().token) }
}

func (w *world) anybody() user { return w.signOn(somebody()) }

func (w *world) asAdmin() map[string]string { return byToken(w.clinic.AdminToken) }

func (w *world) asVisitor() map[string]string {
	return map[string]string{"X-AccountCode": w.clinic.AccountCode}
}

func callListInsurers(w *world) call {
	return call{method: http.MethodGet, path: always("/insurances"), header: w.asAdmin, shows: func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.at("data", "insurers")).NotTo(BeEmpty(), "the list of insurers")
	}}
}

func callListInsurerOptions(w *world) call {
	return call{method: http.MethodGet, path: always("/insurances/list/insurers"), header: w.asAdmin, shows: func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.at("data")).NotTo(BeEmpty(), "the insurers for a form")
	}}
}

func callSignOn(w *world) call {
	f := somebody()
	again := sync.OnceValue(func() user { return w.signOn(f) })
	body := func() payload { return asMultipart(f) }
	return call{method: http.MethodPost, path: always("/users/sso"), body: body, header: w.byKey, shows: func(r response) {
		GinkgoHelper()
		isOK(r)
		w.redactor.Hide(r.text("data", "token", "token"))
		Expect(r.text("data", "id")).To(Equal(again().id), "the id of the patient")
	}}
}

// showsUser requires that a reply is about the patient.
func showsUser(patient func() user) func(r response) {
	return showsText(func() string { return patient().id }, "id", "the id of the patient")
}

func callGetMe(w *world) call {
	patient, header := w.patient(w.anybody)
	return call{method: http.MethodGet, path: always("/me"), header: header, shows: showsUser(patient)}
}

func callUpdateMe(w *world) call {
	patient, header := w.patient(w.anybody)
	body := func() payload { return asMultipart(form{{"city", "Ann Arbor"}}) }
	return call{method: http.MethodPost, path: always("/me"), body: body, header: header, shows: showsUser(patient)}
}

func callGetUser(w *world) call {
	patient, header := w.patient(w.anybody)
	path := func() string { return "/users/" + patient().id }
	return call{method: http.MethodGet, path: path, header: header, shows: showsUser(patient)}
}

func callSearchUsers(w *world) call {
	return call{method: http.MethodGet, path: always("/users"), query: always("?limit=1"), header: w.asAdmin, shows: func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.at("data")).To(BeAssignableToTypeOf([]any{}), "the list of users")
	}}
}

// password is the password of users with a login.
const password = "contract-password"

// member signs a user with a login on, and returns their id and e-mail address, which is their username.
func (w *world) member() (id, email string) {
	GinkgoHelper()
	f, email := reachable(unique(), "Contract")
	u := w.signOn(f)
	login := controlapi.Credentials{Password: new(password), EmailToken: new(password)}
	Expect(w.control.SetCredentials(w.ctx, w.clinic.AccountCode, u.id, login)).To(Succeed(), "giving the user a password and an e-mail token")
	return u.id, email
}

// session hides the tokens in the reply to a login and requires that the reply is about the expected user.
func (w *world) session(who func() string) func(r response) {
	shows := showsText(who, "id", "the id of the user")
	return func(r response) {
		GinkgoHelper()
		w.redactor.Hide(r.text("data", "token", "token"), r.text("data", "token", "refresh_token", "token"))
		shows(r)
	}
}

func callLogin(w *world) call {
	member := sync.OnceValues(w.member)
	body := func() payload {
		_, email := member()
		return asMultipart(form{{"username", email}, {"password", password}})
	}
	who := func() string { id, _ := member(); return id }
	return call{method: http.MethodPost, path: always("/users/login"), body: body, header: w.asVisitor, shows: w.session(who)}
}

func callRefreshToken(w *world) call {
	f := somebody()
	in := sync.OnceValue(func() response {
		r := w.send(http.MethodPost, "/users/sso", asMultipart(f), w.byKey())
		isOK(r)
		w.redactor.Hide(r.text("data", "token", "token"), r.text("data", "token", "refresh_token", "token"))
		return r
	})
	body := func() payload {
		return asMultipart(form{{"refresh_token", in().text("data", "token", "refresh_token", "token")}})
	}
	who := func() string { return in().text("data", "id") }
	return call{method: http.MethodPost, path: always("/users/refresh_token"), body: body, header: w.asVisitor, shows: w.session(who)}
}

func callLogout(w *world) call {
	patient, header := w.patient(w.anybody)
	who := func() string { return patient().id }
	return call{method: http.MethodPost, path: always("/users/logout"), header: header, shows: showsText(who, "user_id", "the id of the user")}
}

// asNobody returns no headers: the caller stays unknown.
func asNobody() map[string]string { return map[string]string{} }

func callListAccounts(*world) call {
	return call{method: http.MethodGet, path: always("/accounts"), query: always("?limit=1"), header: asNobody, shows: func(r response) {
		GinkgoHelper()
		isOK(r)
		Expect(r.at("data")).To(HaveLen(1), "the first page of accounts")
	}}
}

func callGetAccount(w *world) call {
	code := w.clinic.AccountCode
	return call{method: http.MethodGet, path: always("/accounts/" + code), header: asNobody, shows: showsText(always(code), "code", "the account code")}
}

func callStartEligibilityCheck(w *world) call {
	patient, header := w.patient(w.insured)
	path := func() string { return checkPath(patient().id, w.carrier()) }
	return call{method: http.MethodPost, path: path, header: header, shows: showsText(w.carrier, "carrier_code", "the carrier of the check")}
}
