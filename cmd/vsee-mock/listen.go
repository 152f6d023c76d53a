package main

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

	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// listenCmd is `vsee-mock listen`. VSEE_MOCK_LISTEN is the address of the mock, so the address of listen has another
// name.
type listenCmd struct {
	Listen    string `default:"localhost:9000" env:"VSEE_MOCK_RECEIVER_LISTEN" help:"Address to listen on; as a variable, VSEE_MOCK_RECEIVER_LISTEN."`
	Signature string `enum:"${schemes}" default:"standard" help:"${scheme_choices}."`
	Secret    string `help:"What events are signed with (they are not verified)."`
	Status    int    `placeholder:"CODE" help:"Answer with this status, whatever comes."`
	Times     int    `placeholder:"N" help:"Only to the first N events (all)."`
	ForwardTo string `placeholder:"URL" help:"Pass events on; answer what is answered there."`
	Mock      string `placeholder:"URL" help:"Have this running mock send its events here."`
	PublicURL string `name:"public-url" placeholder:"URL" help:"Where that mock reaches this command."`
	account
	JSON bool `name:"json" help:"Print one JSON object a line, and all else to stderr."`
}

// Help returns the text below the command's summary.
func (listenCmd) Help() string {
	return "Events are answered 200; with a wrong signature 401, unless --status says otherwise. With --forward-to, " +
		"wrong ones are passed on as well: the answer is your own. With --mock, signature and secret are the clinic's, " +
		"and its webhook's URL is put back at the end."
}

// Validate is called by kong: it reports contradictory flags.
func (l *listenCmd) Validate() error {
	switch {
	case l.Secret != "" && l.Mock != "":
		return errors.New("--secret has no use with --mock, which takes the clinic's: leave one out")
	case l.Secret != "" && l.Signature == string(webhook.Unsigned):
		return errors.New("--secret has no use with --signature none: leave one out")
	case l.Status != 0 && l.ForwardTo != "":
		return errors.New("--status and --forward-to contradict each other: the answer is one or the other's")
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
func (l *listenCmd) signing() webhook.Signing {
	s := webhook.Signing{Scheme: webhook.Scheme(l.Signature)}
	if l.Secret != "" {
		s.Secrets = []string{l.Secret}
	}
	return s
}

// listening is a running `vsee-mock listen`.
type listening struct {
	*listenCmd
	control *control   // nil without --mock
	forward *forwarder // nil without --forward-to
	events  io.Writer
	words   io.Writer

	mu      sync.Mutex // guards all fields below, and the output
	signing webhook.Signing
	seen    map[string]int // number of arrivals of each event, by its id
	tally   struct{ events, verified, refused int }
}

// Run receives until the context ends, or nobody reads the output.
func (l *listenCmd) Run(a *app) error {
	ctx, cancel := context.WithCancel(a.ctx)
	defer cancel()
	defer surviveBrokenPipes()()
	a = &app{ctx, a.person, &watched{a.stdout, cancel}, a.stderr}
	running := &listening{listenCmd: l, events: a.stdout, words: a.stdout, signing: l.signing(), seen: map[string]int{}}
	if l.JSON {
		running.words = a.stderr
	}
	if l.ForwardTo != "" {
		running.forward = newForwarder(l.ForwardTo)
	}
	var before controlapi.Webhook
	if l.Mock != "" {
		var err error
		if running.control, err = l.of(l.Mock); err != nil {
			return err
		}
		if before, err = running.control.webhook(a.ctx); err != nil {
			return err
		}
		running.signing = signingOf(before)
	}
	hook, err := receive(a.ctx, l.Listen, running.take)
	if err != nil {
		return err
	}
	restore, err := running.begin(a.ctx, hook.base, before)
	if err != nil {
		hook.Close(maxClosing)
		return err
	}
	<-a.ctx.Done()
	err = restore()
	hook.Close(maxClosing)
	running.mu.Lock()
	defer running.mu.Unlock()
	_, _ = fmt.Fprintf(running.words, "vsee-mock has stopped listening: %s, %d verified, %d refused\n",
		count(running.tally.events, "event"), running.tally.verified, running.tally.refused)
	return err
}

// maxClosing is how long the end of a receiver waits for requests in progress.
const maxClosing = 3 * time.Second

// hook is a running webhook receiver.
type hook struct {
	*receiver.Receiver
	base string // http://host:port
}

func receive(ctx context.Context, address string, take receiver.Handle) (hook, error) {
	on, err := listen(ctx, address)
	if err != nil {
		return hook{}, err
	}
	return hook{receiver.Start(clock.Wall, take, on.listeners...), on.base()}, nil
}

// begin registers the receiver and greets, before anything that comes in is printed.
func (l *listening) begin(ctx context.Context, base string, before controlapi.Webhook) (restore func() error, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	restore = func() error { return nil }
	if l.control != nil {
		if restore, err = l.register(ctx, base+"/hook", before); err != nil {
			return nil, err
		}
	}
	l.greet(base)
	return restore, nil
}

// greet prints the address of the receiver and its treatment of requests.
func (l *listening) greet(base string) {
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
		answers = "what " + l.forward.shown() + " answers"
	case l.Status != 0 && l.Times != 0:
		answers = fmt.Sprintf("%d to the first %s, then %s", l.Status, strings.TrimPrefix(count(l.Times, "event"), "1 "), answers)
	case l.Status != 0:
		answers = fmt.Sprint(l.Status)
	}
	sender := "none yet: --mock has one send its events here, as does\n" +
		"              vsee-mock serve --webhook-url " + base + "/hook"
	if l.control != nil {
		sender = fmt.Sprintf("%s on %s, until this ends", l.Clinic, l.control.mock)
	}
	_, _ = fmt.Fprintf(l.words, `vsee-mock %s listens for events on %s, on every path

  signature   %s
  answers     %s
  clinic      %s

`, version, base, signature, answers, sender)
}
