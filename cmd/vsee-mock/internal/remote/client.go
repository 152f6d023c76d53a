// Package remote has the client of a running mock, and the flags for it.
package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// maxControl is the time limit for a call of the control API: sending an event waits for its receiver.
const maxControl = time.Minute

// Account has the flags of commands for one clinic of a running mock.
type Account struct {
	Clinic       string       `default:"vclinic" help:"Account code of the clinic."`
	ControlToken command.Text `help:"Bearer token of the mock's control API (none)."`
	NoProxy      bool         `help:"Ignore HTTP_PROXY."`

	// Named is set where an argument, or nothing, takes the place of the flag for the clinic.
	Named bool `kong:"-"`
}

// Flags has the flags of commands for a running mock.
type Flags struct {
	Mock string `default:"http://127.0.0.1:8080" help:"Address of the mock."`
	Account
	JSON bool `name:"json" help:"Print the reply of the control API unchanged."`
}

// Client is a client of the control API of a running mock, for one clinic.
type Client struct {
	Account
	*controlapi.Client
	Mock string // http://host:port
	raw  []byte // the last reply, unchanged, for a command with output to print
}

// At validates a mock's address and returns a client for a clinic of the mock.
func (a Account) At(mock string) (*Client, error) {
	u, err := url.Parse(mock)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" ||
		u.User != nil || u.RawQuery != "" {
		return nil, command.Usage(errors.New("--mock must be the mock's address alone, such as http://127.0.0.1:8080"))
	}
	if a.Clinic == "" {
		return nil, command.Usage(errors.New("--clinic must be the account code of a clinic, such as vclinic"))
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if a.NoProxy {
		transport.Proxy = nil
	}
	c := &Client{Account: a, Mock: u.Scheme + "://" + u.Host}
	c.Client = &controlapi.Client{
		URL: c.Mock + controlapi.Prefix, Token: string(a.ControlToken), Transport: transport, Timeout: maxControl,
		Failure: a.advise,
	}
	return c, nil
}

// inCommands puts the command in the place of a call of the control API that a refusal recommends.
var inCommands = strings.NewReplacer(
	"POST …/reset", "vsee-mock reset",
	"GET …/users lists them", "vsee-mock journal shows the ids of users",
	"GET /_mock/clinics lists", "vsee-mock clinics lists",
	"GET /_mock/scenarios lists", "vsee-mock scenarios list shows",
	"no event with this id", "no event with this id: vsee-mock events list shows the ids",
)

// advise adds the helpful flag to an error of the control API.
func (a Account) advise(err error) error {
	var failed *controlapi.Error
	if !errors.As(err, &failed) {
		return err
	}
	if text := inCommands.Replace(failed.Message); text != failed.Message {
		refusal := *failed
		refusal.Message = text
		err = &refusal
	}
	switch {
	case failed.Proxy != "":
		return fmt.Errorf("%w: %s is set; use --no-proxy, or add the mock's host to NO_PROXY", err, failed.Proxy)
	case failed.Unreachable():
		return fmt.Errorf("%w: start it, or give its address with --mock", err)
	case errors.Is(err, bounded.ErrTooLarge):
		return fmt.Errorf("%w; ask for less with --limit, or correct --mock", err)
	case errors.Is(err, controlapi.ErrNotControlAPI):
		return fmt.Errorf("%w; correct --mock", err)
	case failed.Status == http.StatusNotFound && !a.Named:
		return fmt.Errorf("%w; --clinic says which clinic to ask", err)
	case failed.Status == http.StatusUnauthorized && a.ControlToken == "":
		return fmt.Errorf("%w: give the token with --control-token", err)
	case failed.Status == http.StatusUnauthorized:
		return fmt.Errorf("%w: the given --control-token is another one", err)
	}
	return err
}

// Client returns the client. It keeps the client for its last reply: the command makes one call at a time.
func (f Flags) Client() (*Client, error) {
	c, err := f.At(f.Mock)
	if err == nil {
		c.Reply = func(text []byte) { c.raw = text }
	}
	return c, err
}

// Print prints the last reply: unchanged with --json, otherwise through show.
func (f Flags) Print(a *command.App, c *Client, show func(io.Writer)) error {
	if !f.JSON {
		show(a.Stdout)
		return nil
	}
	if _, err := a.Stdout.Write(c.raw); err != nil {
		return fmt.Errorf("writing the reply: %w", err)
	}
	return nil
}

// HasVisit reports whether the clinic has a visit with this id.
func (c *Client) HasVisit(ctx context.Context, id string) bool {
	_, err := c.GetVisit(ctx, c.Clinic, id)
	return err == nil
}

// HasClaim reports whether the clinic has a claim with this id.
func (c *Client) HasClaim(ctx context.Context, id string) bool {
	_, err := c.GetClaim(ctx, c.Clinic, id)
	return err == nil
}

// UnknownID completes the error for an id that is none of these kinds' with the command that shows the ids.
func UnknownID(err error, kinds ...string) error {
	var failed *controlapi.Error
	if !errors.As(err, &failed) || failed.Status != http.StatusNotFound ||
		!strings.HasSuffix(failed.Message, "with this id") {
		return err
	}
	return fmt.Errorf("the clinic has no %s with this id; vsee-mock journal --follow --kinds %s shows the last ids; "+
		"--clinic says which clinic to ask", scalar.JoinOr(kinds), strings.Join(kinds, ","))
}
