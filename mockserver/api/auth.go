package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/vsee-mock/vsee-mock/internal/vseehost"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// The headers with the caller's identity (seed), and the security scheme of openapi.yaml for a key.
const (
	headerAccount = "X-AccountCode"
	headerToken   = "X-ApiToken"
	headerKey     = "X-ApiKey"
	headerSecret  = "X-ApiSecret"

	schemeKey     = "ApiKey"
	schemeToken   = "ApiToken"
	schemeAccount = "AccountCode"
)

// otherClinic refuses a token and an account code of different clinics.
const otherClinic = headerToken + " is not of the clinic that " + headerAccount + " or the host names"

func unauthenticated(message string) error {
	return &clinic.Error{Kind: clinic.Unauthenticated, Message: message}
}

// accountNamed returns the account code in a request's header or host; "" if there is none.
func accountNamed(r *http.Request) (string, error) {
	header := r.Header.Get(headerAccount)
	host, isAPI := vseehost.Account(r.Host)
	if !isAPI {
		host = ""
	}
	if header != "" && host != "" && header != host {
		return "", unauthenticated(headerAccount + " and the host name different clinics")
	}
	if header == "" {
		return host, nil
	}
	return header, nil
}

// authenticate finds the clinic of a request. If the operation takes a token, authenticate returns the token too.
func (a *API) authenticate(r *http.Request, op *document.Operation, params map[string]string) (c *clinic.Clinic, token string, err error) {
	code, err := accountNamed(r)
	if err != nil {
		return nil, "", err
	}
	switch {
	case op.Needs(schemeKey):
		c, err = a.byKey(r, code)
	case op.Needs(schemeAccount):
		c, err = a.byAccount(r, code)
	case op.Needs(schemeToken):
		return a.byToken(r, code)
	default:
		c, err = a.byPath(r, code, params)
	}
	return c, "", err
}

// byAccount finds the clinic of a caller without a token. A refresh may send the old token instead of the account
// code: even an expired token names its clinic.
func (a *API) byAccount(r *http.Request, code string) (*clinic.Clinic, error) {
	if code != "" {
		return a.clinic(r, code)
	}
	if c, ok := a.Clinics.ByToken(r.Context(), r.Header.Get(headerToken)); ok {
		return c, nil
	}
	return nil, unauthenticated(headerAccount + " is required, or a host api-{account}")
}

// current in a path stands for the caller's own clinic, in place of an account code (documented).
const current = "-"

// byPath finds the clinic that a public operation is about, nil for none. named is the account code from the header
// or the host.
func (a *API) byPath(r *http.Request, named string, params map[string]string) (*clinic.Clinic, error) {
	code, ok := params["code"]
	switch {
	case !ok:
		return nil, nil
	case code == current:
		return a.current(r, named)
	}
	c, ok := a.Clinics.Clinic(code)
	if !ok {
		return nil, &clinic.Error{Kind: clinic.NotFound, Message: "there is no clinic with this account code"}
	}
	return c, nil
}

// current finds the caller's clinic: the clinic of the token, even an expired one, or else the named clinic
// (documented). A token is optional here, so an unknown token counts as none. A token of another clinic than the
// named one is refused, here as elsewhere.
func (a *API) current(r *http.Request, named string) (*clinic.Clinic, error) {
	c, ok := a.Clinics.ByToken(r.Context(), r.Header.Get(headerToken))
	switch {
	case ok && named != "" && named != c.Account():
		return nil, unauthenticated(otherClinic)
	case ok:
		return c, nil
	case named == "":
		return nil, &clinic.Error{Kind: clinic.NotFound, Message: "there is no current account: send a valid " + headerToken +
			", or " + headerAccount + ", or call a host api-{account}"}
	}
	if c, ok = a.Clinics.Clinic(named); !ok {
		return nil, &clinic.Error{Kind: clinic.NotFound, Message: headerAccount + " or the host names no clinic of this server"}
	}
	return c, nil
}

// byKey authenticates by the clinic's key and secret. The guide sends a token too; the key decides.
func (a *API) byKey(r *http.Request, code string) (*clinic.Clinic, error) {
	if code == "" {
		return nil, unauthenticated(headerAccount + " is required, or a host api-{account}")
	}
	c, err := a.clinic(r, code)
	if err != nil {
		return nil, err
	}
	return c, c.VerifyKey(r.Context(), r.Header.Get(headerKey), r.Header.Get(headerSecret))
}

// byToken authenticates by a token. The token alone names the clinic; an account code must agree with it.
func (a *API) byToken(r *http.Request, code string) (*clinic.Clinic, string, error) {
	token := r.Header.Get(headerToken)
	if token == "" {
		return nil, "", unauthenticated(headerToken + " is required")
	}
	if code != "" {
		if _, err := a.clinic(r, code); err != nil {
			return nil, "", err
		}
	}
	c, ok := a.Clinics.ByToken(r.Context(), token)
	if !ok {
		return nil, "", unauthenticated(headerToken + " is not known")
	}
	if code != "" && code != c.Account() {
		return nil, "", unauthenticated(otherClinic)
	}
	return c, token, c.Authenticate(r.Context(), token)
}

// clinic returns the clinic of an account code. With AutoClinics it makes a missing one, with the credentials sent.
func (a *API) clinic(r *http.Request, code string) (*clinic.Clinic, error) {
	if c, ok := a.Clinics.Clinic(code); ok {
		return c, nil
	}
	if !a.AutoClinics {
		return nil, unauthenticated(headerAccount + " names no clinic of this server")
	}
	settings := clinic.Settings{
		AccountCode: code,
		Key:         r.Header.Get(headerKey),
		Secret:      r.Header.Get(headerSecret),
	}
	if token := r.Header.Get(headerToken); token != "" {
		if _, taken := a.Clinics.ByToken(r.Context(), token); !taken {
			settings.AdminToken = token
		}
	}
	return a.open(r.Context(), settings)
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
