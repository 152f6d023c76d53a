package clearinghouse

import (
	"cmp"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// WithScenario returns the settings of a clinic, with those that a scenario has for it.
func WithScenario(c clinic.Settings, of scenarios.Clinic) clinic.Settings {
	if delay := of.CronDelay; delay != nil {
		c.CronDelay, c.MaxCronDelay = &delay.From, delay.To
	}
	c.TokenLife = cmp.Or((*time.Duration)(of.TokenLife), c.TokenLife)
	if of.Webhook != nil && !*of.Webhook {
		c.Webhook.URL = ""
	}
	if limit := of.RateLimit; limit != nil {
		c.RateLimit = clinic.RateLimit{Requests: int(limit.Requests), Per: limit.Window()}
	}
	return c
}
