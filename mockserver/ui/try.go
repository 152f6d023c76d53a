package ui

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/chance"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// maxPlay limits the time of a play, in real time: each attempt to reach a receiver may take long.
const maxPlay = time.Minute

// tryScenario plays a scenario in the clinic, and shows the row of its patient. The settings that it needs are in force
// until its end.
func (u *UI) tryScenario(c *call) (answer, error) {
	one, err := c.findScenario()
	if err != nil {
		return answer{}, err
	}
	before, err := c.client.GetClinic(c.Context(), c.account)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(c.Context(), maxPlay)
	defer cancel()
	s := loaded(one)
	during, after := settingsOf(s.Clinic, before)
	now, err := c.client.ChangeClinic(ctx, c.account, during)
	if err != nil {
		return answer{}, err
	}
	p := &player{HTTP: play.HTTP{
		BaseURL: now.BaseURL, Account: now.AccountCode, Key: now.APIKey, Secret: now.APISecret, AdminToken: now.AdminToken,
		Client: &http.Client{Transport: inProcess{u.Mock}}, RealTime: clock.Wall,
	}, clinic: now, client: c.client}
	if start, end, needed := s.FreeTime(now.Clock.Now); needed {
		_, err = c.client.AddBlock(ctx, c.account, controlapi.NewBlock{RoomCode: firstRoom, Start: start, End: end})
	}
	if err == nil {
		err = play.Play(ctx, s, p, p)
	}
	if _, restoring := c.client.ChangeClinic(c.Context(), c.account, after); err == nil {
		err = restoring
	}
	if err != nil {
		return answer{}, fmt.Errorf("playing %s: %w", s.ID, err)
	}
	return c.redirect("?q=" + url.QueryEscape(p.member)), nil
}

// settingsOf returns the settings that a scenario needs in a clinic, and those that undo them.
func settingsOf(wanted scenarios.Clinic, now controlapi.Clinic) (during, after controlapi.ClinicSettings) {
	if wanted.CronDelay != nil {
		during.CronDelay, after.CronDelay = wanted.CronDelay, &now.CronDelay
	}
	if wanted.TokenLife != nil {
		during.TokenLife, after.TokenLife = (*controlapi.Span)(wanted.TokenLife), &now.TokenLife
	}
	if wanted.Webhook != nil && !*wanted.Webhook {
		during.Webhook = &controlapi.WebhookSettings{URL: new("")}
		after.Webhook = &controlapi.WebhookSettings{URL: &now.Webhook.URL}
	}
	return during, after
}

// player is the play.Client and the play.Observer of a clinic.
type player struct {
	play.HTTP
	clinic controlapi.Clinic
	client *controlapi.Client
	member string
}

// Clinic implements play.Client.
func (p *player) Clinic() play.Clinic {
	var retries []time.Duration
	for _, after := range p.clinic.Webhook.Schedule.Waits {
		retries = append(retries, time.Duration(after))
	}
	if p.clinic.Webhook.Schedule.Name == controlapi.ScheduleStandard {
		retries = outbox.StandardSchedule()
	}
	return play.Clinic{
		CronDelay: p.clinic.CronDelay, Chance: chance.Source{Account: p.clinic.AccountCode, Seed: p.clinic.Seed},
		Retries: retries, Webhook: p.clinic.Webhook.URL != "",
		Patient: scenarios.Patient{Code: scenarios.Text("patient-" + rand.Text())},
	}
}

// Now implements play.Client.
func (p *player) Now(ctx context.Context) (time.Time, error) {
	now, err := p.client.GetClock(ctx, p.clinic.AccountCode)
	return now.Now, err
}

// Advance implements play.Client. The clock stops at the latest time of a clock: an answer may be due beyond it.
func (p *player) Advance(ctx context.Context, by time.Duration) error {
	now, err := p.Now(ctx)
	if err == nil {
		_, err = p.client.Advance(ctx, p.clinic.AccountCode, min(by, clock.Latest.Sub(now)))
	}
	return err
}

// Observe implements play.Observer. It keeps the id of the patient.
func (p *player) Observe(_ context.Context, m play.Moment) error {
	is, ok := m.(play.Exchange)
	if !ok || is.Act != play.SignOn || is.Other || is.Failure != "" {
		return nil
	}
	var reply struct{ Data struct{ ID string } }
	err := json.Unmarshal(is.Reply.Body, &reply)
	p.member = reply.Data.ID
	return err
}
