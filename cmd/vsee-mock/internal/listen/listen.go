// Package listen has the command that receives the events of a mock, prints them, and passes them on.
package listen

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/remote"
	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Command is `vsee-mock listen`. VSEE_MOCK_LISTEN is the address of the mock, so the address of listen has another
// name.
type Command struct {
	Listen    string `default:"localhost:9000" env:"VSEE_MOCK_RECEIVER_LISTEN" help:"HOST:PORT to listen on."`
	Signature string `enum:"${schemes}" default:"standard" help:"Scheme: ${scheme_choices}."`
	Secret    string `help:"Secret to verify signatures with (without it, nothing is verified)."`
	Status    int    `placeholder:"CODE" help:"Answer every delivery with this status."`
	Times     int    `placeholder:"N" help:"Apply --status to the first N deliveries only."`
	ForwardTo string `placeholder:"URL" help:"Pass events on to this URL, and its answers back."`
	Mock      string `placeholder:"URL" help:"Make this running mock send its events here."`
	PublicURL string `name:"public-url" placeholder:"URL" help:"URL at which that mock reaches this command."`
	remote.Account
	JSON bool `name:"json" help:"Print one JSON object per line; messages go to stderr."`
}

// Help returns the text below the command's summary.
func (Command) Help() string {
	return "The answer is 200, or 401 for a wrong signature, unless --status is given. --forward-to passes every event " +
		"on to your receiver and returns its answer. With --mock, scheme and secret are the clinic's; at the end, the URL " +
		"of its webhook is restored. The variable of --listen is VSEE_MOCK_RECEIVER_LISTEN."
}

// Validate is called by kong: it reports contradictory flags.
func (l *Command) Validate() error {
	switch {
	case l.Secret != "" && l.Mock != "":
		return errors.New("--secret has no use with --mock: the clinic has the secret, so leave one out")
	case l.Secret != "" && l.Signature == string(webhook.Unsigned):
		return errors.New("--secret has no use with --signature none: leave one out")
	case l.Status != 0 && l.ForwardTo != "":
		return errors.New("--status and --forward-to exclude each other: leave one out")
	case l.Status != 0 && (l.Status < 200 || l.Status > 599):
		return errors.New("--status must be from 200 to 599")
	case l.Times != 0 && l.Status == 0:
		return errors.New("--times has no use without --status")
	case l.Times < 0:
		return errors.New("--times must not be negative")
	case l.PublicURL != "" && l.Mock == "":
		return errors.New("--public-url has no use without --mock")
	}
	for name, address := range map[string]string{"--forward-to": l.ForwardTo, "--public-url": l.PublicURL} {
		u, err := url.Parse(address)
		if address != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("%s must be an http or https URL with a host", name)
		}
	}
	if l.Secret == "" {
		return nil
	}
	if err := l.signing().Sign(http.Header{}, "id", time.Unix(0, 0), nil); err != nil {
		return fmt.Errorf("--secret: %w", err)
	}
	return nil
}

// signing returns the signature settings from the flags.
func (l *Command) signing() webhook.Signing {
	s := webhook.Signing{Scheme: webhook.Scheme(l.Signature)}
	if l.Secret != "" {
		s.Secrets = []string{l.Secret}
	}
	return s
}

// listening is a running `vsee-mock listen`.
type listening struct {
	*Command
	control  *remote.Client // nil without --mock
	forward  *forwarder     // nil without --forward-to
	events   io.Writer
	messages io.Writer

	mu      sync.Mutex // guards all fields below, and the output
	signing webhook.Signing
	seen    map[string]int // number of arrivals of each event, by its id
	tally   struct{ deliveries, verified, refused int }
}

// Run receives until the context ends, or nobody reads the output.
func (l *Command) Run(a *command.App) error {
	ctx, cancel := context.WithCancel(a.Ctx)
	defer cancel()
	defer surviveBrokenPipes()()
	stdout := &watched{a.Stdout, cancel}
	running := &listening{Command: l, events: stdout, messages: stdout, signing: l.signing(), seen: map[string]int{}}
	if l.JSON {
		running.messages = a.Stderr
	}
	if l.ForwardTo != "" {
		running.forward = newForwarder(l.ForwardTo)
	}
	var before controlapi.Webhook
	if l.Mock != "" {
		var err error
		if running.control, err = l.At(l.Mock); err != nil {
			return err
		}
		if before, err = webhookOf(ctx, running.control); err != nil {
			return err
		}
		running.signing = signingOf(before)
	}
	on, err := bind.Listen(ctx, "--listen", l.Listen)
	if err != nil {
		return err
	}
	hook := receiver.Start(clock.Wall, running.handle, on.Listeners...)
	restore, err := running.begin(ctx, a.Version, on.Base(), before)
	if err != nil {
		hook.Close(maxClosing)
		return err
	}
	<-ctx.Done()
	err = restore()
	hook.Close(maxClosing)
	running.mu.Lock()
	defer running.mu.Unlock()
	_, _ = fmt.Fprintf(running.messages, "vsee-mock has stopped listening: %s, %d verified, %d refused\n",
		output.Count(running.tally.deliveries, "delivery"), running.tally.verified, running.tally.refused)
	return err
}

// maxClosing is how long the end of a receiver waits for requests in progress.
const maxClosing = 3 * time.Second

// begin registers the receiver and greets, before anything that comes in is printed.
func (l *listening) begin(ctx context.Context, version, base string, before controlapi.Webhook) (restore func() error,
	err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	restore = func() error { return nil }
	if l.control != nil {
		if restore, err = l.register(ctx, base+"/hook", before); err != nil {
			return nil, err
		}
	}
	l.printBanner(version, base)
	return restore, nil
}

// printBanner prints the address of the receiver and its treatment of requests.
func (l *listening) printBanner(version, base string) {
	signature := string(l.signing.Scheme)
	switch {
	case l.signing.Scheme == webhook.Unsigned:
		signature = "none: nothing is verified"
	case len(l.signing.Secrets) == 0:
		signature += "; not verified: no --secret"
	}
	answers := "200"
	if l.signing.Scheme != webhook.Unsigned && len(l.signing.Secrets) > 0 {
		answers = "200; 401 when the signature is wrong"
	}
	switch {
	case l.forward != nil:
		answers = "the answer of " + l.forward.shown()
	case l.Status != 0 && l.Times != 0 && fmt.Sprint(l.Status) != answers:
		answers = fmt.Sprintf("%d to the first %s, then %s", l.Status,
			strings.TrimPrefix(output.Count(l.Times, "delivery"), "1 "), answers)
	case l.Status != 0:
		answers = fmt.Sprint(l.Status)
	}
	sender := "none yet: use --mock for a running mock, or start one with\n" +
		"              vsee-mock serve --webhook-url " + base + "/hook"
	if l.control != nil {
		sender = fmt.Sprintf("%s on %s, until this ends", l.Clinic, l.control.Mock)
	}
	_, _ = fmt.Fprintf(l.messages, `vsee-mock %s listens for events on %s, on every path

  signature   %s
  answers     %s
  clinic      %s

`, version, base, signature, answers, sender)
}
