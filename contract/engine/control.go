package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// ControlFailure returns an error of the control API without anything of a reply, which may be anybody's, and without
// the account code. It is a config.SettingError if the control token is missing or another one.
func ControlFailure(err error) error {
	var failed *controlapi.Error
	switch {
	case !errors.As(err, &failed):
		return errors.New("making a request to the mock")
	case failed.Proxy != "" && failed.Status == 0:
		return fmt.Errorf("asking the mock by the proxy that %s names: put the mock's host into NO_PROXY: %w", failed.Proxy,
			redact.Error(failed.Err))
	case failed.Proxy != "":
		return fmt.Errorf("a proxy answered %d instead of the mock: %s is set, so put the mock's host into NO_PROXY",
			failed.Status, failed.Proxy)
	case failed.Status == 0:
		return fmt.Errorf("asking the mock: %w", redact.Error(failed.Err))
	case errors.Is(err, bounded.ErrTooLarge):
		return fmt.Errorf("reading the mock's reply to %s: %w; --control-url may lead to something other than a mock",
			failed.Operation, failed.Err)
	case failed.Status == http.StatusUnauthorized && failed.Message != "":
		return config.SettingError{Err: fmt.Errorf("the mock's control API answers 401: set %s to the mock's --control-token",
			config.EnvControlToken)}
	case failed.Status == http.StatusConflict:
		return fmt.Errorf("the mock refuses %s with 409: %w", failed.Operation, errBusy)
	case failed.Status > 299:
		return fmt.Errorf("the mock refuses %s with %d", failed.Operation, failed.Status)
	}
	return fmt.Errorf("reading the mock's reply to %s: %w", failed.Operation, redact.Error(failed.Err))
}

// errBusy is a mock's refusal to do a thing while it waits for a receiver.
var errBusy = errors.New("the clinic waits for the answer of a receiver")

// busyTries is how often a move is tried. A refused one has moved nothing, after seconds of patience in the mock. The
// receiver is the run's own, so only a busy computer keeps it from answering.
const busyTries = 5

// advance moves a clinic's clock.
func advance(ctx context.Context, c *controlapi.Client, account string, by time.Duration) (err error) {
	for range busyTries {
		if _, err = c.Advance(ctx, account, by); !errors.Is(err, errBusy) {
			return err
		}
	}
	return err
}
