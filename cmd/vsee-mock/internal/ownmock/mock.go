// Package ownmock runs a mock for one scenario, with a clinic, a webhook receiver and a client of their own. The clock
// stands still between the moves of a play, so each run gives the same requests and events.
package ownmock

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/internal/receiver"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// Options say which mock to run.
type Options struct {
	Scenario  scenarios.Scenario // the one to play
	Scenarios scenarios.Set      // those in force, in the order of trial
	CronDelay scenarios.Range    // without one in the scenario; 10s when 0
	Schedule  []time.Duration    // the waits between attempts to deliver an event; the standard schedule when nil
	Version   string             // of the mock
	Loopback  bool               // use this computer's network, and otherwise none
}

// Mock is a running mock. It is a play.Client.
type Mock struct {
	// URL is that of the mock.
	URL string
	// Settings are those of its clinic.
	Settings clinic.Settings

	play.HTTP

	control *controlapi.Client
	clock   *clock.Clock
	log     log
	stop    func()
}

// The clinic is the documentation's own, at the time of the guide's examples.
const (
	secret         = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw=="
	previousSecret = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LW9sZA=="
	// start is the time the guide's patient was created, in Unix seconds.
	start = 1649934637
)

// ReceiverPath is the path of the clinic's webhook. The receiver is on the same address as the mock.
const ReceiverPath = "/vsee-webhook"

// Start runs a mock until Close. Nothing happens in it between the moves of its clock.
func Start(ctx context.Context, o Options) (*Mock, error) {
	memory := newMemory()
	on, url, dial := []net.Listener{memory}, "http://memory", memory.Dial
	if o.Loopback {
		bound, err := bind.Listen(ctx, "--listen", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		on, url, dial = bound.Listeners, bound.Base(), new(net.Dialer).DialContext
	}
	m := &Mock{URL: url, Settings: settings(o, url+ReceiverPath)}
	server, err := mockserver.New(mockserver.Options{
		Version: o.Version, Scenarios: o.Scenarios, Clinics: []clinic.Settings{m.Settings}, WebhookDial: dial,
	})
	if err != nil {
		return nil, err
	}
	made, _ := server.Clinics().Clinic(m.Settings.AccountCode)
	m.clock = made.Clock()
	if start, end, needed := o.Scenario.FreeTime(m.clock.Now()); needed {
		block := clinic.NewBlock{Room: clinic.FirstRoom, Start: start, End: end, Minutes: 15, Places: 1}
		if _, err := made.AddBlock(ctx, block); err != nil {
			return nil, err
		}
	}
	// A new connection for each request: net/http repeats some requests over an old one by itself.
	transport := &http.Transport{DisableKeepAlives: true, DialContext: dial}
	m.HTTP = play.HTTP{
		BaseURL: url + APIBase, Account: m.Settings.AccountCode, Key: m.Settings.Key, Secret: m.Settings.Secret,
		AdminToken: m.Settings.AdminToken, Client: &http.Client{Transport: transport}, RealTime: clock.Wall,
	}
	m.control = &controlapi.Client{URL: url + controlapi.Prefix, Transport: transport}
	hook := receiver.Handler(clock.Wall, m.take)
	m.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == ReceiverPath {
			hook.ServeHTTP(w, r)
		} else {
			server.ServeHTTP(w, r) // the handler alone: server.Run would do due work by itself
		}
	}), on)
	return m, nil
}

func (m *Mock) serve(handler http.Handler, on []net.Listener) {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	var serving sync.WaitGroup
	for _, l := range on {
		serving.Go(func() { _ = server.Serve(l) }) // ends by Close; the requests of the play will show a failure
	}
	m.stop = func() {
		_ = server.Close()
		serving.Wait()
	}
}

// Close stops the mock and its receiver.
func (m *Mock) Close() { m.stop() }

// Answered returns an error when the scenario answered none of the checks so far, with the reason for the first one.
func (m *Mock) Answered(ctx context.Context, s scenarios.Scenario) error {
	var first controlapi.Check
	for check, err := range controlapi.All(ctx, m.Account, 100, m.control.ListChecks) {
		if err != nil || check.Scenario == s.ID {
			return err
		}
		first = check
	}
	if s.Answers.IsZero() || first.ID == "" {
		return nil
	}
	reason, err := m.OtherReason(ctx, s, first)
	if err != nil {
		return err
	}
	return fmt.Errorf("the scenario answered none of these checks; of the first, %s", reason)
}

// OtherReason says why something else than a scenario with answers answered a check, and what; empty when the scenario
// did.
func (m *Mock) OtherReason(ctx context.Context, s scenarios.Scenario, check controlapi.Check) (string, error) {
	if s.Answers.IsZero() || check.Scenario == s.ID {
		return "", nil
	}
	why, err := m.control.ExplainCheck(ctx, m.Account, check.ID)
	if err != nil {
		return "", err
	}
	for _, miss := range why.Misses {
		if miss.ID == s.ID {
			return why.Because + "; this scenario differs in " + miss.Difference(), nil
		}
	}
	return why.Because + "; this scenario does not", nil
}

// OtherClaimReason says why something else than a scenario with claims decides a claim; empty when the scenario does,
// and from the claim's second status on.
func OtherClaimReason(s scenarios.Scenario, claim controlapi.Claim) string {
	if len(s.Claims) == 0 || claim.Scenario == s.ID || len(claim.History) > 1 {
		return ""
	}
	by := "no scenario decides it"
	if claim.Scenario != "" {
		by = "the scenario " + claim.Scenario + " decides it"
	}
	return by + ": " + claim.Why
}

// settings returns the clinic for a scenario. Its clock stands still, at a time within the scenario.
func settings(o Options, webhook string) clinic.Settings {
	s, c := o.Scenario, mockserver.DefaultClinic()
	usual := scenarios.Range{From: clinic.DefaultCronDelay, To: clinic.DefaultCronDelay}
	delay := cmp.Or(o.CronDelay, usual)
	c.CronDelay, c.MaxCronDelay = &delay.From, delay.To
	if o.Schedule == nil {
		o.Schedule = outbox.StandardSchedule()
	}
	c.Webhook = clinic.Webhook{URL: webhook, Secret: secret, Schedule: o.Schedule, Timestamp: outbox.TimestampClinic}
	c = clearinghouse.WithScenario(c, s.Clinic)
	if s.HasWebhook(func(m scenarios.Webhook) bool { return m.Signature == "old" }) {
		c.Webhook.PreviousSecret = previousSecret
	}
	if len(s.When.AccountCode) > 0 {
		c.AccountCode = s.When.AccountCode.Example()
	}
	c.Insurers = clinic.DefaultInsurers()
	c.AcceptGender3And4 = s.Person().Gender == "3" || s.Person().Gender == "4"
	for _, carrier := range s.Carriers(s.Person()) {
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
