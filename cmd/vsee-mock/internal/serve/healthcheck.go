package serve

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Healthcheck is `vsee-mock healthcheck`. In the image HEALTHCHECK runs it, so it reads the same --listen.
type Healthcheck struct {
	Listen  string        `default:"localhost:8080" help:"HOST:PORT of the mock, as given to serve."`
	Timeout time.Duration `default:"2s" help:"Time limit for the answer."`
}

// Run asks the mock whether it is ready.
func (h *Healthcheck) Run(a *command.App) error {
	if _, _, err := net.SplitHostPort(h.Listen); err != nil {
		return bind.AddressError("--listen")
	}
	mock := controlapi.Client{
		URL: "http://" + bind.Reachable(h.Listen) + controlapi.Prefix, Timeout: h.Timeout,
		Transport: &http.Transport{DisableKeepAlives: true},
	}
	_, err := mock.Ready(a.Ctx)
	var failed *controlapi.Error
	switch {
	case errors.As(err, &failed) && failed.Status != 0:
		return fmt.Errorf("the mock on %s is not ready: it answered %d", h.Listen, failed.Status)
	case failed != nil:
		return fmt.Errorf("no mock answers on %s: start it, or give its address with --listen", h.Listen)
	case err != nil:
		return bind.AddressError("--listen")
	}
	_, err = fmt.Fprintln(a.Stdout, "ready")
	return err
}
