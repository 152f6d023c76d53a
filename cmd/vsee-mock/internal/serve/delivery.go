// Package serve has the commands that run a mock and ask whether it is ready.
package serve

import (
	"fmt"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// deliveryFlags are the flags of serve for the sending of events.
type deliveryFlags struct {
	WebhookTimestamp string `enum:"real,clinic" default:"real" placeholder:"TIME" help:"Clock of signatures: real or clinic (real)."`
	WebhookProxy     string `placeholder:"URL" help:"Proxy for events (none)."`
}

// check returns the errors in the flags.
func (d *deliveryFlags) check() error {
	if _, err := webhook.ParseProxy(d.WebhookProxy); err != nil {
		return fmt.Errorf("--webhook-proxy: %w", err)
	}
	return nil
}
