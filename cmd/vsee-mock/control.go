package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// maxControl is the time limit for a call of the control API: sending an event waits for its receiver.
const maxControl = time.Minute

// account is the flags of commands for one clinic of a running mock.
type account struct {
	Clinic       string `default:"vclinic" help:"Account code of the clinic."`
	ControlToken string `help:"Bearer token of the mock's control API (none)."`
	NoProxy      bool   `help:"Ask the mock itself, not HTTP_PROXY."`
}

// control is a client of the control API of a running mock, for one clinic.
type control struct {
	account
	*controlapi.Client
	mock string // http://host:port
	raw  []byte // the last reply, unchanged, for a command with output to print
}

// of validates a mock's address and returns a client for a clinic of the mock.
func (a account) of(mock string) (*control, error) {
	u, err := url.Parse(mock)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" ||
		u.User != nil || u.RawQuery != "" {
		return nil, usage{errors.New("--mock must be the mock's address alone, such as http://127.0.0.1:8080")}
	}
	if a.Clinic == "" {
		return nil, usage{errors.New("--clinic must be the account code of a clinic, such as vclinic")}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if a.NoProxy {
		transport.Proxy = nil
	}
	c := &control{account: a, mock: u.Scheme + "://" + u.Host}
	c.Client = &controlapi.Client{
		URL: c.mock + controlapi.Prefix, Token: a.ControlToken, Transport: transport, Timeout: maxControl,
		Failure: advise,
	}
	return c, nil
}

// advise adds the helpful flag to an error of the control API.
func advise(err error) error {
	var failed *controlapi.Error
	switch {
	case !errors.As(err, &failed):
	case failed.Proxy != "":
		return fmt.Errorf("%w: %s is set; --no-proxy asks the mock itself, as does its host in NO_PROXY", err, failed.Proxy)
	case failed.Unreachable():
		return fmt.Errorf("%w: is it running there? --mock says where to ask", err)
	case errors.Is(err, bounded.ErrTooLarge):
		return fmt.Errorf("%w; a smaller --limit asks for less, and --mock says where to ask", err)
	case errors.Is(err, controlapi.ErrNotControlAPI):
		return fmt.Errorf("%w; --mock says where to ask", err)
	case failed.Status == http.StatusUnauthorized:
		return fmt.Errorf("%w: --control-token is what to send", err)
	}
	return err
}

// of returns the client. It keeps the client for its last reply: the command makes one call at a time.
func (r remote) of(mock string) (*control, error) {
	c, err := r.account.of(mock)
	if err == nil {
		c.Reply = func(text []byte) { c.raw = text }
	}
	return c, err
}

// print prints the last reply: unchanged with --json, otherwise through show.
func (r remote) print(a *app, c *control, show func(io.Writer)) error {
	if !r.JSON {
		show(a.stdout)
		return nil
	}
	if _, err := a.stdout.Write(c.raw); err != nil {
		return fmt.Errorf("writing the reply: %w", err)
	}
	return nil
}

// signingOf returns the signing settings for a clinic's events.
func signingOf(w controlapi.Webhook) webhook.Signing {
	s := webhook.Signing{Scheme: webhook.Scheme(w.Signature), Headers: webhook.Headers(w.Headers)}
	for _, secret := range []string{w.Secret, w.PreviousSecret} {
		if secret != "" {
			s.Secrets = append(s.Secrets, secret)
		}
	}
	return s
}

// webhook returns the clinic's webhook.
func (c *control) webhook(ctx context.Context) (controlapi.Webhook, error) {
	clinic, err := c.GetClinic(ctx, c.Clinic)
	return clinic.Webhook, err
}

// sendTo sets the clinic's webhook to a URL.
func (c *control) sendTo(ctx context.Context, address string) error {
	_, err := c.ChangeClinic(ctx, c.Clinic, controlapi.ClinicSettings{Webhook: &controlapi.WebhookSettings{URL: &address}})
	return err
}

// hasClaim reports whether the clinic has a claim with this id.
func (c *control) hasClaim(ctx context.Context, id string) bool {
	_, err := c.GetClaim(ctx, c.Clinic, id)
	return err == nil
}
