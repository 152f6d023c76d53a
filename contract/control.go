package contract

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/redact"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// control is the control API of a mock, as far as the suite uses it. Its errors are redacted.
type control struct{ api *controlapi.Client }

// answers returns an error when no mock answers.
func (c control) answers(ctx context.Context) error {
	_, err := c.api.ListClinics(ctx, controlapi.PageRequest{Limit: 1})
	return redacted(err)
}

// create makes a clinic. Its unknown fields are treated as the requirements want it, whatever the mock was started with.
func (c control) create(ctx context.Context, settings controlapi.ClinicSettings) (controlapi.Clinic, error) {
	settings.UnknownFields = new("typos")
	made, err := c.api.CreateClinic(ctx, settings)
	return made, redacted(err)
}

// remove deletes a clinic.
func (c control) remove(ctx context.Context, account string) error {
	return redacted(c.api.DeleteClinic(ctx, account))
}

// advance moves a clinic's clock and returns when all that falls due on the way is done.
func (c control) advance(ctx context.Context, account string, by time.Duration) error {
	_, err := c.api.Advance(ctx, account, by)
	return redacted(err)
}

// fail makes requests to a clinic fail on purpose, in no other way than these.
func (c control) fail(ctx context.Context, account string, faults []scenarios.Fault) error {
	_, err := c.api.SetFaults(ctx, account, faults)
	return redacted(err)
}

// now returns what a clinic's clock shows.
func (c control) now(ctx context.Context, account string) (time.Time, error) {
	clock, err := c.api.GetClock(ctx, account)
	return clock.Now, redacted(err)
}

// redacted returns an error of the control API without anything of a reply, which may be anybody's, and without the
// account code.
func redacted(err error) error {
	var failed *controlapi.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &failed):
		return errors.New("making a request to the mock")
	case failed.Proxy != "" && failed.Status == 0:
		return fmt.Errorf("asking the mock by the proxy that %s names: put the mock's host into NO_PROXY: %w", failed.Proxy, redact.Error(failed.Err))
	case failed.Proxy != "":
		return fmt.Errorf("a proxy answered %d instead of the mock: %s is set, so put the mock's host into NO_PROXY", failed.Status, failed.Proxy)
	case failed.Status == 0:
		return fmt.Errorf("asking the mock: %w", redact.Error(failed.Err))
	case errors.Is(err, bounded.ErrTooLarge):
		return fmt.Errorf("reading the mock's reply to %s: %w; --control-url may lead to something other than a mock", failed.Operation, failed.Err)
	case failed.Status > 299:
		return fmt.Errorf("the mock refuses %s with %d", failed.Operation, failed.Status)
	}
	return fmt.Errorf("reading the mock's reply to %s: %w", failed.Operation, redact.Error(failed.Err))
}
