// Package demo has the command that plays a scenario against a mock of its own.
package demo

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Command is `vsee-mock demo`.
type Command struct {
	Scenario string `placeholder:"ID" help:"The story to play: an id of scenarios list (eligible; with --claims, claim-paid)."`
	Claims   bool   `help:"Play steps 6 and 7 as well, which VSee has not defined: submit a claim."`
	flags.ScenarioFiles
}

// The demo's clinic is the documentation's own, at the time of the guide's examples.
const (
	demoSecret    = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw=="
	demoOldSecret = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LW9sZA=="
)

var demoSigning = webhook.Signing{Scheme: webhook.Standard, Secrets: []string{demoSecret}}

// maxClosing is how long the end of the receiver waits for requests in progress.
const maxClosing = 3 * time.Second

// demoStart is the time the guide's patient was created, in Unix seconds.
const demoStart = 1649934637

// Run plays the guide's steps 1 to 5, and steps 6 and 7 for a scenario with claims.
func (d *Command) Run(a *command.App) error {
	set, err := d.Set(a.Stderr)
	if err != nil {
		return err
	}
	id := cmp.Or(d.Scenario, "eligible")
	if d.Claims {
		id = cmp.Or(d.Scenario, "claim-paid")
	}
	story, ok := set.ByID(id)
	if !ok {
		return command.Usage(errors.New("--scenario is not the id of a scenario: vsee-mock scenarios list shows them"))
	}
	if d.Claims {
		story = withClaim(story)
	}
	started := clock.Wall()
	in := &inbox{}
	on, err := bind.Listen(a.Ctx, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer receiver.Start(clock.Wall, in.take, on.Listeners...).Close(maxClosing)
	settings := demoClinic(story, on.Base()+"/vsee-webhook")
	base, stop, err := demoMock(a, set, settings, in)
	if err != nil {
		return err
	}
	defer stop()
	p := newPlayer(&teller{ctx: a.Ctx, w: a.Stdout, base: base}, story, settings, in)
	if len(p.claims.steps) == 0 {
		p.say("VSee's integration guide, steps 1 to 5, against a mock of its own on %s", base)
	} else {
		p.say("VSee's integration guide, steps 1 to 7, against a mock of its own on %s", base)
		p.say("Steps 6 and 7, claims, VSee has not defined: what is told of them is vsee-mock's own.")
	}
	p.say("The story: %s (%s)", output.Plain(story.Title), story.ID)
	if err := p.play(); err != nil {
		return err
	}
	p.say("\nPlayed in %s of real time.", clock.Since(started).Round(time.Millisecond))
	return nil
}

// demoClinic returns the clinic for a scenario. Its clock stands still, at a time within the scenario.
func demoClinic(s scenarios.Scenario, receiver string) clinic.Settings {
	c := mockserver.DefaultClinic()
	c.CronDelay, c.TokenLife = (*time.Duration)(s.Clinic.CronDelay), (*time.Duration)(s.Clinic.TokenLife)
	if s.Clinic.Webhook == nil || *s.Clinic.Webhook {
		c.Webhook = clinic.Webhook{URL: receiver, Secret: demoSecret, Timestamp: outbox.TimestampClinic} // so that each run prints the same
	}
	if s.Webhook.Signature == "old" || s.ClaimWebhook.Signature == "old" {
		c.Webhook.PreviousSecret = demoOldSecret
	}
	if len(s.When.AccountCode) > 0 {
		c.AccountCode = s.When.AccountCode.Example()
	}
	c.Insurers, c.Claims = clinic.DefaultInsurers(), demoClaims(s.Carriers(s.Person()))
	for _, carrier := range s.Carriers(s.Person()) {
		if !slices.ContainsFunc(c.Insurers, func(i clinic.Insurer) bool { return i.ID == carrier }) {
			c.Insurers = append(c.Insurers, clinic.Insurer{ID: carrier, Name: carrier})
		}
	}
	c.Clock = clinic.ClockSettings{Start: time.Unix(demoStart, 0), Frozen: true}
	for _, from := range []time.Time{c.Clock.Start, clock.Earliest} {
		if at, told := s.When.Next(from, true); told {
			c.Clock.Start = at
			break
		}
	}
	return c
}

// demoMock serves a mock with one clinic, and gives the clinic's clock to the receiver.
func demoMock(a *command.App, set scenarios.Set, c clinic.Settings, in *inbox) (base string, stop func(), err error) {
	server, err := mockserver.New(mockserver.Options{Version: a.Version, Scenarios: set, Clinics: []clinic.Settings{c}})
	if err != nil {
		return "", nil, err
	}
	made, _ := server.Clinics().Clinic(c.AccountCode)
	in.now = made.Clock().Now
	on, err := bind.Listen(a.Ctx, "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	serving, cancel := context.WithCancel(a.Ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(serving, on.Listeners...) // the requests of the scenario will show a failure
	}()
	return on.Base(), func() { cancel(); <-ended }, nil
}

// cronDelay returns the time from the start of a check to its cron job in a clinic.
func cronDelay(c clinic.Settings) time.Duration {
	if c.CronDelay == nil {
		return clinic.DefaultCronDelay
	}
	return *c.CronDelay
}
