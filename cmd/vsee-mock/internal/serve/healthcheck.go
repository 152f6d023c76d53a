package serve

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/bind"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// Healthcheck is `vsee-mock healthcheck`. In the image HEALTHCHECK runs it, so it reads the same --listen.
type Healthcheck struct {
	Listen  string        `default:"localhost:8080" help:"Address of the mock, as it was given to serve."`
	Timeout time.Duration `default:"2s" help:"How long it may take to answer."`
}

// Run asks the mock whether it is ready.
func (h *Healthcheck) Run(a *command.App) error {
	mock := controlapi.Client{URL: "http://" + bind.Reachable(h.Listen) + controlapi.Prefix, Transport: &http.Transport{DisableKeepAlives: true}, Timeout: h.Timeout}
	_, err := mock.Ready(a.Ctx)
	var failed *controlapi.Error
	switch {
	case errors.As(err, &failed) && failed.Status != 0:
		return fmt.Errorf("the mock on %s is not ready: it answered %d", h.Listen, failed.Status)
	case failed != nil:
		return fmt.Errorf("no mock answers on %s: is it running there? --listen says where to ask", h.Listen)
	case err != nil:
		return command.Usage(errors.New("--listen must be host:port"))
	}
	_, err = fmt.Fprintln(a.Stdout, "ready")
	return err
}
