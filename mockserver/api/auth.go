package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
)

// The headers that say who is calling (seed), and the security scheme of openapi.yaml that takes a key.
const (
	headerAccount = "X-AccountCode"
	headerToken   = "X-ApiToken"
	headerKey     = "X-ApiKey"
	headerSecret  = "X-ApiSecret"

	schemeKey = "ApiKey"
)

func unauthenticated(message string) error {
	return &clinic.Error{Kind: clinic.Unauthenticated, Message: message}
}

// account returns the account code that a request names, in its header or its host; "" when it names none.
func account(r *http.Request) (string, error) {
	header, host := r.Header.Get(headerAccount), hostAccount(r.Host)
	if header != "" && host != "" && header != host {
		return "", unauthenticated(headerAccount + " and the host name different clinics")
	}
	if header == "" {
		return host, nil
	}
	return header, nil
}

// authenticate finds the clinic that a request is for and, where the operation takes a token, returns that.
func (a *API) authenticate(r *http.Request, op *document.Operation) (c *clinic.Clinic, token string, err error) {
	code, err := account(r)
	if err != nil {
		return nil, "", err
	}
	if op.Needs(schemeKey) {
		c, err := a.byKey(r, code)
		return c, "", err
	}
	return a.byToken(r, code)
}

// byKey authenticates by the clinic's key and secret. The guide sends a token along; the key decides.
func (a *API) byKey(r *http.Request, code string) (*clinic.Clinic, error) {
	if code == "" {
		return nil, unauthenticated(headerAccount + " is required, or a host api-{account}")
	}
	c, err := a.clinic(r, code)
	if err != nil {
		return nil, err
	}
	return c, c.CheckKey(r.Context(), r.Header.Get(headerKey), r.Header.Get(headerSecret))
}

// byToken authenticates by a token, which alone names the clinic; an account code must agree with it.
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
		return nil, "", unauthenticated(headerToken + " is not of the clinic that " + headerAccount + " or the host names")
	}
	return c, token, c.Authenticate(r.Context(), token)
}

// clinic returns the clinic of an account code. With AutoClinics it makes one that takes the credentials sent.
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

// open makes a clinic, or returns the one that another request has made in the meantime.
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
