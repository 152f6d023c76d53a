package ownmock

import (
	"context"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// APIBase is the base path of VSee's API.
const APIBase = "/vc/dev/api_v3"

var _ play.Client = (*Mock)(nil)

// Clinic implements play.Client.
func (m *Mock) Clinic() play.Clinic {
	return play.Clinic{
		CronDelay: scenarios.Range{From: *m.Settings.CronDelay, To: m.Settings.MaxCronDelay},
		Chance:    chance.Source{Account: m.Settings.AccountCode, Seed: m.Settings.Seed},
		Retries:   m.Settings.Webhook.Schedule, Webhook: m.Settings.Webhook.URL != "",
		Patient: scenarios.Patient{Email: "edward+001.vclinic@vseelab.com"},
	}
}

// Now implements play.Client.
func (m *Mock) Now(context.Context) (time.Time, error) { return m.clock.Now(), nil }

// Advance implements play.Client. It logs the receipt. The clock stops at the latest time of a clock: an answer may be
// due beyond it.
func (m *Mock) Advance(ctx context.Context, by time.Duration) error {
	by = min(by, clock.Latest.Sub(m.clock.Now()))
	r, err := m.control.Advance(ctx, m.Settings.AccountCode, by)
	if err == nil {
		m.log.add(Entry{Receipt: &r, By: by})
	}
	return err
}

// Events returns the events of the clinic, the newest first.
func (m *Mock) Events(ctx context.Context) ([]controlapi.Event, error) {
	page, err := m.control.ListEvents(ctx, m.Settings.AccountCode, controlapi.PageRequest{Limit: 10_000}) // the most
	return page.Data, err
}
