package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/vseehost"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// The headers with the caller's identity (seed), and the security schemes of openapi.yaml.
const (
	headerAccount = "X-AccountCode"
	headerToken   = "X-ApiToken"
	headerKey     = "X-ApiKey"
	headerSecret  = "X-ApiSecret"

	// Their names in an http.Header, for first.
	accountName = "X-Accountcode"
	tokenName   = "X-Apitoken"
	keyName     = "X-Apikey"
	secretName  = "X-Apisecret"

	schemeKey     = "ApiKey"
	schemeToken   = "ApiToken"
	schemeAccount = "AccountCode"
	schemeLink    = "AuthCode"
)

// caller is the sender of a request. Each exchange resolves it once.
type caller struct {
	clinic *clinic.Clinic // nil for an operation about none
	// settings are those of the clinic at the time of the authentication; nil without a clinic, and after an error.
	settings *clinic.Settings
	scheme   string       // the security scheme that names the clinic; empty for a public operation
	user     *clinic.User // the token's owner, the clinic's admin for the admin token; one without an id for other schemes

	// token is set for schemeToken only. Each store call of the domain checks the token again, because a logout or a
	// reset may come in between.
	token string
}

// identity is the identity in a request's headers and host, before authentication.
type identity struct {
	request *http.Request
	account string // the account code
	token   string
	owner   *clinic.Clinic // of the token, even an expired one; nil for an unknown token
}

// otherClinic refuses a token and an account code of different clinics.
const otherClinic = headerToken + " is of another clinic than " + headerAccount + " or the host: " +
	"send a token of that clinic"

// noClinic refuses an account code without a clinic.
const noClinic = headerAccount + " or the host must name a clinic of this server"

func unauthenticated(message string) error {
	return &clinic.Error{Kind: clinic.Unauthenticated, Message: message}
}

// first returns the first value of a header, "" for none. The name must be as an http.Header has it, so that a look-up
// need not make it.
func first(header http.Header, name string) string {
	if values := header[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// accountNamed returns the account code in a request's header or host; "" if there is none.
func accountNamed(r *http.Request) (string, error) {
	header := first(r.Header, accountName)
	host, isAPI := vseehost.Account(r.Host)
	if !isAPI {
		host = ""
	}
	if header != "" && host != "" && header != host {
		return "", unauthenticated(headerAccount + " and the host name different clinics: send one account code")
	}
	if header == "" {
		return host, nil
	}
	return header, nil
}

// noUser is the user of a caller without a token.
var noUser = &clinic.User{Insurance: &clinic.Insurance{}}

// authenticate finds the caller of a request. With an error, the caller may have a clinic already: its journal gets the
// exchange.
func (a *API) authenticate(x *exchange) (caller, error) {
	found, err := a.byScheme(x)
	found.user = cmp.Or(found.user, noUser)
	if err == nil && found.clinic != nil && found.settings == nil {
		found.settings, err = found.clinic.Settings(x.request.Context())
	}
	return found, err
}

// byScheme finds the caller by the security scheme of the operation.
func (a *API) byScheme(x *exchange) (caller, error) {
	account, err := accountNamed(x.request)
	if err != nil {
		return caller{}, err
	}
	id := identity{request: x.request, account: account, token: first(x.request.Header, tokenName)}
	if id.token != "" {
		id.owner, _ = a.Clinics.ByToken(x.request.Context(), id.token)
	}
	switch {
	case x.op.Needs(schemeKey) && x.op.Needs(schemeToken) && id.token != "":
		return a.byToken(id)
	case x.op.Needs(schemeKey) && x.op.Needs(schemeToken):
		return a.byKeyAndSecret(id)
	case x.op.Needs(schemeKey):
		return a.byKey(id)
	case x.op.Needs(schemeAccount):
		return a.byAccount(id)
	case x.op.Needs(schemeLink):
		return a.byLink(x, id)
	case x.op.Needs(schemeToken):
		return a.byToken(id)
	}
	c, err := a.byPath(id, x.call.params)
	return caller{clinic: c}, err
}

// byAccount finds the clinic of a caller without a token. A refresh may send the old token instead of the account
// code: even an expired token names its clinic.
func (a *API) byAccount(id identity) (caller, error) {
	c := caller{clinic: id.owner, scheme: schemeAccount}
	if id.account != "" {
		var err error
		c.clinic, err = a.clinic(id)
		return c, err
	}
	if c.clinic == nil {
		return c, unauthenticated(headerAccount + " is required, or a host api-{account}")
	}
	return c, nil
}

// byLink finds the clinic of a file: the auth_code of its link decides, and the handler checks it. Below the API, a
// token does in place of a link (ours).
func (a *API) byLink(x *exchange, id identity) (caller, error) {
	if id.token != "" && !x.request.URL.Query().Has("auth_code") && !strings.HasPrefix(x.op.Path, viewPath) {
		return a.byToken(id)
	}
	c, ok := a.Clinics.ByFile(x.request.Context(), x.call.params.Get("file_id"))
	if named, known := a.Clinics.Clinic(id.account); known && named != c {
		c, ok = named, false
	}
	if !ok {
		return caller{clinic: c}, &clinic.Error{Kind: clinic.NotFound, Message: "there is no file with this id"}
	}
	return caller{clinic: c, scheme: schemeLink}, nil
}

// current in a path stands for the caller's own clinic, in place of an account code (documented).
const current = "-"

// byPath finds the clinic of a public operation, nil for none.
func (a *API) byPath(id identity, params document.Params) (*clinic.Clinic, error) {
	code, ok := params.Lookup("code")
	switch {
	case !ok:
		return nil, nil
	case code == current:
		return a.current(id)
	}
	c, ok := a.Clinics.Clinic(code)
	if !ok {
		return nil, &clinic.Error{Kind: clinic.NotFound, Message: "there is no clinic with this account code"}
	}
	return c, nil
}

// current finds the caller's clinic: the clinic of the token, even an expired one, or else the clinic of the account
// code (documented). A token is optional here, so an unknown token counts as none. A token of another clinic is
// refused, here as elsewhere.
func (a *API) current(id identity) (*clinic.Clinic, error) {
	switch {
	case id.owner != nil && id.account != "" && id.account != id.owner.Account():
		return nil, unauthenticated(otherClinic)
	case id.owner != nil:
		return id.owner, nil
	case id.account == "":
		return nil, &clinic.Error{Kind: clinic.NotFound, Message: "there is no current account: send a valid " + headerToken +
			", or " + headerAccount + ", or call a host api-{account}"}
	}
	c, ok := a.Clinics.Clinic(id.account)
	if !ok {
		return nil, &clinic.Error{Kind: clinic.NotFound, Message: noClinic}
	}
	return c, nil
}

// byKey authenticates by the clinic's key and secret. The guide sends a token too; the key decides.
func (a *API) byKey(id identity) (caller, error) {
	if id.account == "" {
		return caller{}, unauthenticated(headerAccount + " is required, or a host api-{account}")
	}
	c, err := a.clinic(id)
	if err != nil {
		return caller{}, err
	}
	settings, err := c.Settings(id.request.Context())
	if err == nil {
		header := id.request.Header
		err = settings.VerifyKey(first(header, keyName), first(header, secretName))
	}
	return caller{clinic: c, settings: settings, scheme: schemeKey}, err
}

// byKeyAndSecret authenticates a caller without a token in a call that takes one: the secret is required (documented).
func (a *API) byKeyAndSecret(id identity) (caller, error) {
	c, err := a.byKey(id)
	if err == nil && first(id.request.Header, secretName) == "" {
		err = unauthenticated(headerSecret + " is required without " + headerToken)
	}
	return c, err
}

// instead names the header in which a caller has probably sent the token; empty for none.
func instead(header http.Header) string {
	for _, name := range []string{"Authorization", "X-Api-Token", "X-Auth-Token", "X-Token", "ApiToken"} {
		if header.Get(name) != "" {
			return ": send in it the token that " + name + " has"
		}
	}
	return ""
}

// byToken authenticates by a token. The token alone names the clinic; an account code must agree with it.
func (a *API) byToken(id identity) (caller, error) {
	if id.token == "" {
		return caller{}, unauthenticated(headerToken + " is required" + instead(id.request.Header))
	}
	if id.account != "" {
		named, err := a.clinic(id)
		if err != nil {
			return caller{}, err
		}
		if id.owner == nil && a.AutoClinics { // made for this request, or for another one at the same time
			id.owner = named
		}
	}
	if id.owner == nil {
		return caller{}, unauthenticated(headerToken + " is not known")
	}
	if id.account != "" && id.account != id.owner.Account() {
		return caller{}, unauthenticated(otherClinic)
	}
	user, settings, err := id.owner.Authenticate(id.request.Context(), id.token)
	return caller{clinic: id.owner, settings: settings, scheme: schemeToken, user: user, token: id.token}, err
}

// clinic returns the clinic of the account code. With AutoClinics it makes a missing one, with the credentials sent.
func (a *API) clinic(id identity) (*clinic.Clinic, error) {
	if c, ok := a.Clinics.Clinic(id.account); ok {
		return c, nil
	}
	if !a.AutoClinics {
		return nil, unauthenticated(noClinic)
	}
	settings := clinic.Settings{
		AccountCode: id.account,
		Key:         first(id.request.Header, keyName),
		Secret:      first(id.request.Header, secretName),
	}
	if id.owner == nil {
		settings.AdminToken = id.token
	}
	return a.open(id.request.Context(), settings)
}

// open makes a clinic. If another request has just made it, open returns that one.
func (a *API) open(ctx context.Context, settings clinic.Settings) (*clinic.Clinic, error) {
	c, err := a.Clinics.Create(ctx, settings)
	var refused *clinic.Error
	if errors.As(err, &refused) {
		if c, ok := a.Clinics.Clinic(settings.AccountCode); ok {
			return c, nil
		}
		return nil, unauthenticated("no clinic can be made for this request: " + refused.Message)
	}
	return c, err
}
