// Package ownmock runs a mock for one scenario, with a clinic, a webhook receiver and a client of their own. The clock
// stands still between the moves of a play, so each run gives the same requests and events.
package ownmock

import (
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Options say which mock to run.
type Options struct {
	Scenario  scenarios.Scenario // the one to play
	Scenarios scenarios.Set      // those in force, in the order of trial
	CronDelay time.Duration      // without one in the scenario; 10s when 0
	Schedule  []time.Duration    // the waits between attempts to deliver an event; the standard schedule when nil
	Version   string             // of the mock
	Network   Network            // nil for one in memory
}

// Network opens listeners and connections to them.
type Network interface {
	// Listen opens listeners on a new address, and returns its URL.
	Listen(ctx context.Context) (on []net.Listener, url string, err error)
	// Dial connects to an address.
	Dial(ctx context.Context, network, address string) (net.Conn, error)
}

// Mock is a running mock. It is a play.Client.
type Mock struct {
	// URL is that of the mock.
	URL string
	// Settings are those of its clinic.
	Settings clinic.Settings

	scenario scenarios.Scenario
	schedule []time.Duration
	client   *http.Client
	control  *controlapi.Client
	made     *clinic.Clinic
	log      log
	receiver *receiver.Receiver
	stop     func()
}

// The clinic is the documentation's own, at the time of the guide's examples.
const (
	secret         = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw=="
	previousSecret = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LW9sZA=="
	// start is the time the guide's patient was created, in Unix seconds.
	start = 1649934637
)

// ReceiverPath is the path of the clinic's webhook.
const ReceiverPath = "/vsee-webhook"

// maxClosing is how long the end of the receiver waits for requests in progress.
const maxClosing = 3 * time.Second

// Start runs a mock until Close. Its requests end with ctx.
func Start(ctx context.Context, o Options) (*Mock, error) {
	if o.Network == nil {
		o.Network = &memory{}
	}
	if o.Schedule == nil {
		o.Schedule = outbox.StandardSchedule()
	}
	m := &Mock{scenario: o.Scenario, schedule: o.Schedule}
	on, url, err := o.Network.Listen(ctx)
	if err != nil {
		return nil, err
	}
	m.receiver = receiver.Start(clock.Wall, m.take, on...)
	m.Settings = settings(o, url+ReceiverPath)
	if err := m.serve(ctx, o); err != nil {
		m.receiver.Close(0)
		return nil, err
	}
	return m, nil
}

// Close stops the mock and its receiver.
func (m *Mock) Close() {
	m.stop()
	m.receiver.Close(maxClosing)
}

func (m *Mock) serve(ctx context.Context, o Options) error {
	server, err := mockserver.New(mockserver.Options{
		Version: o.Version, Scenarios: o.Scenarios, Clinics: []clinic.Settings{m.Settings}, WebhookDial: o.Network.Dial,
	})
	if err != nil {
		return err
	}
	m.made, _ = server.Clinics().Clinic(m.Settings.AccountCode)
	on, url, err := o.Network.Listen(ctx)
	if err != nil {
		return err
	}
	// A new connection for each request: net/http repeats some requests over an old one by itself.
	transport := &http.Transport{DisableKeepAlives: true, DialContext: o.Network.Dial}
	m.URL, m.client = url, &http.Client{Transport: transport}
	m.control = &controlapi.Client{URL: url + controlapi.Prefix, Transport: transport}
	// Only the handler is served, without server.Run: nothing happens between the moves of the clock.
	api := &http.Server{Handler: server, ReadHeaderTimeout: maxReply}
	var serving sync.WaitGroup
	for _, l := range on {
		serving.Go(func() { _ = api.Serve(l) }) // ends by Close; the requests of the play will show a failure
	}
	m.stop = func() {
		_ = api.Close()
		serving.Wait()
		over, cancel := context.WithCancel(ctx)
		cancel()
		server.Run(over) // it closes the connections to the receiver, and runs nothing any more
	}
	return nil
}

// settings returns the clinic for a scenario. Its clock stands still, at a time within the scenario.
func settings(o Options, webhook string) clinic.Settings {
	s, c := o.Scenario, mockserver.DefaultClinic()
	c.CronDelay, c.TokenLife = (*time.Duration)(s.Clinic.CronDelay), (*time.Duration)(s.Clinic.TokenLife)
	if c.CronDelay == nil && o.CronDelay != 0 {
		c.CronDelay = &o.CronDelay
	}
	if s.Clinic.Webhook == nil || *s.Clinic.Webhook {
		c.Webhook = clinic.Webhook{URL: webhook, Secret: secret, Schedule: o.Schedule, Timestamp: outbox.TimestampClinic}
	}
	if s.Webhook.Signature == "old" || s.ClaimWebhook.Signature == "old" {
		c.Webhook.PreviousSecret = previousSecret
	}
	if len(s.When.AccountCode) > 0 {
		c.AccountCode = s.When.AccountCode.Example()
	}
	billing := claims.DefaultSettings()
	c.Insurers, c.Claims = clinic.DefaultInsurers(), &billing
	for _, carrier := range s.Carriers(s.Person()) {
		billing.Carriers[carrier] = carrier
		if !slices.ContainsFunc(c.Insurers, func(i clinic.Insurer) bool { return i.ID == carrier }) {
			c.Insurers = append(c.Insurers, clinic.Insurer{ID: carrier, Name: carrier})
		}
	}
	c.Clock = clinic.ClockSettings{Start: time.Unix(start, 0), Frozen: true}
	for _, from := range []time.Time{c.Clock.Start, clock.Earliest} {
		if at, found := s.When.Next(from, true); found {
			c.Clock.Start = at
			break
		}
	}
	return c
}
