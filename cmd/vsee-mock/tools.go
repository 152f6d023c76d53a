package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
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
	mock := controlapi.Client{URL: "http://" + reachable(h.Listen) + controlapi.Prefix, Transport: client.Transport, Timeout: h.Timeout}
	_, err := mock.Ready(a.ctx)
	var failed *controlapi.Error
	switch {
	case errors.As(err, &failed) && failed.Status != 0:
		return fmt.Errorf("the mock on %s is not ready: it answered %d", h.Listen, failed.Status)
	case failed != nil:
		return fmt.Errorf("no mock answers on %s: is it running there? --listen says where to ask", h.Listen)
	case err != nil:
		return usage{errors.New("--listen must be host:port")}
	}
	_, err = fmt.Fprintln(a.stdout, "ready")
	return err
}
