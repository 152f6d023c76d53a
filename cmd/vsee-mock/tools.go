package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// versionCmd is `vsee-mock version`.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintln(a.stdout, "vsee-mock", version)
	return err
}

// healthcheck is `vsee-mock healthcheck`. In the image it is what HEALTHCHECK runs, so it reads the same --listen.
type healthcheck struct {
	Listen  string        `default:"127.0.0.1:8080" help:"Address of the mock, as it was given to serve."`
	Timeout time.Duration `default:"2s" help:"How long it may take to answer."`
}

// Run asks the mock whether it is ready.
func (h *healthcheck) Run(a *app) error {
	ctx, cancel := context.WithTimeout(a.ctx, h.Timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+reachable(h.Listen)+"/_mock/readyz", nil)
	if err != nil {
		return usage{fmt.Errorf("--listen must be host:port: %w", err)}
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no mock answers on %s: is it running there? --listen says where to ask", h.Listen)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return fmt.Errorf("the mock on %s is not ready: it answered %d", h.Listen, reply.StatusCode)
	}
	_, err = fmt.Fprintln(a.stdout, "ready")
	return err
}

// scenarioCmd is `vsee-mock scenarios`.
type scenarioCmd struct {
	List  listCmd  `cmd:"" help:"List the scenarios, and the card that invokes each."`
	Texts textsCmd `cmd:"" help:"List the texts of eligibility_response, with their codes."`
}

// listCmd is `vsee-mock scenarios list`.
type listCmd struct {
	Label string `help:"Only those with this label."`
	own
}

// Run prints the scenarios, in the order they are tried.
func (l *listCmd) Run(a *app) error {
	set, err := l.set()
	if err != nil {
		return err
	}
	found := false
	for _, s := range set {
		if l.Label != "" && !s.Is(l.Label) {
			continue
		}
		found = true
		_, _ = fmt.Fprintf(a.stdout, "%s\n    %s  [%s]\n    card: %s\n", s.ID, s.Title, strings.Join(s.Labels, " "), invocation(s))
	}
	if !found {
		return usage{errors.New("--label is that of no scenario: without it all are listed, with their labels")}
	}
	return nil
}

// invocation says what a patient's card must hold for a scenario.
func invocation(s scenarios.Scenario) string {
	var parts []string
	add := func(name string, value scenarios.Text) {
		if value != "" {
			parts = append(parts, fmt.Sprintf("%s=%s", name, value))
		}
	}
	who := s.Person()
	add("carrier_code", who.CarrierCode)
	add("subscriber_num", who.SubscriberNum)
	add("card", who.Card)
	for _, name := range who.Without {
		parts = append(parts, "no "+name)
	}
	return strings.Join(parts, " ")
}

// textsCmd is `vsee-mock scenarios texts`.
type textsCmd struct{}

// Run prints the texts.
func (textsCmd) Run(a *app) error {
	_, _ = fmt.Fprintf(a.stdout, "    %s\n", scenarios.Success)
	for _, r := range scenarios.Reasons() {
		if _, err := fmt.Fprintf(a.stdout, "%s  %s\n", r.Code, r.Text); err != nil {
			return err
		}
	}
	return nil
}
