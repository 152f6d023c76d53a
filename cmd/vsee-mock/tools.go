package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// versionCmd is `vsee-mock version`.
type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintln(a.stdout, "vsee-mock", version)
	return err
}

// healthcheck is `vsee-mock healthcheck`. In the image HEALTHCHECK runs it, so it reads the same --listen.
type healthcheck struct {
	Listen  string        `default:"localhost:8080" help:"Address of the mock, as it was given to serve."`
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
	reply, err := client.Do(request)
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
