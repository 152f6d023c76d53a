package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/origin"
	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func (c *Control) clinicRoutes() []clinicRoute {
	return []clinicRoute{
		{"getClinic", http.MethodGet, "", c.getClinic},
		{"changeClinic", http.MethodPatch, "", bodyHandler(c.changeClinic)},
		{"deleteClinic", http.MethodDelete, "", c.deleteClinic},
		{"reset", http.MethodPost, "/reset", bodyHandler(c.reset)},
	}
}

func clinicOf(r *http.Request, one *clinic.Clinic) (controlapi.Clinic, error) {
	s, err := one.Settings(r.Context())
	if err != nil {
		return controlapi.Clinic{}, err
	}
	pending, err := one.PendingCounts(r.Context())
	if err != nil {
		return controlapi.Clinic{}, err
	}
	reply := controlapi.Clinic{
		AccountCode: s.AccountCode, Name: s.Name, Description: s.Description, BaseURL: origin.Of(r) + "/api_v3",
		APIKey: s.Key, APISecret: s.Secret, AdminToken: s.AdminToken, Webhook: webhookOf(s.Webhook),
		CronDelay: scenarios.Range{From: *s.CronDelay, To: max(*s.CronDelay, s.MaxCronDelay)},
		TokenLife: controlapi.Span(*s.TokenLife), History: *s.History, Insurers: []controlapi.Insurer{},
		Claims: claimSettingsOf(s), Seed: s.Seed, Clock: clockOf(one), UnknownFields: string(s.UnknownFields),
		Pending: controlapi.Pending{
			Checks: pending[clinic.FinishWork], Claims: pending[clinic.ClaimWork], Visits: pending[clinic.VisitWork],
			Deliveries: pending[clinic.DeliverWork],
		}, NextDue: nextDue(one), AcceptGender3And4: s.AcceptGender3And4,
	}
	if limit := s.RateLimit; limit.Requests > 0 {
		reply.RateLimit = &controlapi.RateLimit{Requests: limit.Requests, Per: new(controlapi.Span(limit.Per))}
	}
	for _, i := range s.Insurers {
		reply.Insurers = append(reply.Insurers, controlapi.Insurer(i))
	}
	return reply, nil
}

// applySettings returns settings with the fields of the request applied.
func applySettings(s clinic.Settings, b controlapi.ClinicSettings) clinic.Settings {
	replace(&s.Name, b.Name)
	replace(&s.Description, b.Description)
	replace(&s.AcceptGender3And4, b.AcceptGender3And4)
	if b.CronDelay != nil {
		s.CronDelay, s.MaxCronDelay = &b.CronDelay.From, b.CronDelay.To
	} else if delay := cronDelayOf(b.Claims); delay != nil {
		s.CronDelay, s.MaxCronDelay = delay, 0
	}
	if b.TokenLife != nil {
		s.TokenLife = (*time.Duration)(b.TokenLife)
	}
	if b.History != nil {
		s.History = b.History
	}
	if b.Insurers != nil {
		s.Insurers = make([]clinic.Insurer, 0, len(b.Insurers))
		for _, i := range b.Insurers {
			s.Insurers = append(s.Insurers, clinic.Insurer(i))
		}
	}
	if b.Claims != nil {
		settings := claims.DefaultSettings()
		if s.Claims != nil {
			settings = *s.Claims
		}
		changeClaims(&settings, *b.Claims)
		s.Claims = &settings
	}
	if b.RateLimit != nil {
		s.RateLimit = clinic.RateLimit{Requests: b.RateLimit.Requests, Per: time.Minute}
		replace(&s.RateLimit.Per, (*time.Duration)(b.RateLimit.Per))
	}
	replace(&s.UnknownFields, (*clinic.UnknownFields)(b.UnknownFields))
	if b.Webhook != nil {
		changeWebhook(&s.Webhook, *b.Webhook)
	}
	return s
}

// listClinics answers with a page of the clinics, by account code. They are few enough to walk them all for each
// page.
func (c *Control) listClinics(r *http.Request) (any, error) {
	p, err := readPage(r)
	if err != nil {
		return nil, err
	}
	reply := controlapi.Page[controlapi.Clinic]{Data: []controlapi.Clinic{}}
	for _, one := range c.Clinics.Clinics() {
		if one.Account() <= p.After {
			continue
		}
		if len(reply.Data) == p.Limit {
			reply.Next = reply.Data[p.Limit-1].AccountCode
			break
		}
		row, err := clinicOf(r, one)
		switch {
		case errors.Is(err, clinic.ErrUnknown) || errors.Is(err, due.ErrUnknown): // deleted meanwhile
		case err != nil:
			return nil, err
		default:
			reply.Data = append(reply.Data, row)
		}
	}
	return reply, nil
}

// withCredentials returns settings with the credentials from the request. Missing ones are generated.
func withCredentials(s clinic.Settings, b controlapi.ClinicSettings) (clinic.Settings, error) {
	for _, chosen := range []struct {
		name        string
		sent, field *string
	}{{"api_key", b.APIKey, &s.Key}, {"api_secret", b.APISecret, &s.Secret}, {"admin_token", b.AdminToken,
		&s.AdminToken}} {
		if chosen.sent == nil {
			continue
		}
		if *chosen.sent == "" {
			return s, badRequest("%s must not be empty: leave it out for a generated one", chosen.name)
		}
		*chosen.field = *chosen.sent
	}
	return s, nil
}

// firstVisitID returns the id of the first visit of a clinic; 0 when the request does not say. An id has 64 bits at
// most.
func firstVisitID(b controlapi.ClinicSettings) (uint64, error) {
	const most = 1<<63 - 1<<20 // room to count
	if b.FirstVisitID == nil {
		return 0, nil
	}
	if *b.FirstVisitID < 1 || *b.FirstVisitID > most {
		return 0, badRequest("first_visit_id must be a whole number from 1 to %d", uint64(most))
	}
	return *b.FirstVisitID, nil
}

// clockSettings returns the initial time of a clinic's clock.
func clockSettings(b controlapi.ClinicSettings) (clinic.ClockSettings, error) {
	if b.Clock == nil {
		return clinic.ClockSettings{}, nil
	}
	settings := clinic.ClockSettings{Frozen: b.Clock.Freeze}
	if set := b.Clock.Set; set != nil {
		if set.Before(clock.Earliest) || set.After(clock.Latest) {
			return settings, badRequest("clock.set must be a time from %d to %d", clock.Earliest.Year(), clock.Latest.Year())
		}
		settings.Start = *set
	}
	return settings, nil
}

func (c *Control) createClinic(r *http.Request) (any, error) {
	var body controlapi.ClinicSettings
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if err := checkClaims(body.Claims, body.CronDelay); err != nil {
		return nil, err
	}
	said, err := c.scenarioSettings(body)
	if err != nil {
		return nil, err
	}
	settings, err := withCredentials(applySettings(said, body), body)
	if err != nil {
		return nil, err
	}
	settings.AccountCode = body.AccountCode
	settings.Seed = clinic.RandomSeed()
	if body.Seed != nil {
		settings.Seed = *body.Seed
	}
	if settings.FirstVisitID, err = firstVisitID(body); err != nil {
		return nil, err
	}
	if settings.Clock, err = clockSettings(body); err != nil {
		return nil, err
	}
	created, err := c.create(r.Context(), settings)
	if err != nil {
		return nil, err
	}
	return clinicOf(r, created)
}

// scenarioSettings returns the settings for the scenario named in a body. Other fields of the body override them,
// except for a webhook where the scenario has none: with a webhook it would be a different scenario.
func (c *Control) scenarioSettings(body controlapi.ClinicSettings) (clinic.Settings, error) {
	if body.Scenario == "" {
		return clinic.Settings{}, nil
	}
	set := c.Clearinghouse.ScenariosInForce(sharedScenarios)
	scenario, ok := set.ByID(body.Scenario)
	if !ok {
		return clinic.Settings{}, badRequest("scenario must be the id of one in force: GET /_mock/scenarios lists them%s",
			set.DidYouMean(body.Scenario))
	}
	none := scenario.Clinic.Webhook != nil && !*scenario.Clinic.Webhook
	if none && body.Webhook != nil && body.Webhook.URL != nil && *body.Webhook.URL != "" {
		return clinic.Settings{}, badRequest("webhook.url and scenario exclude each other: the clinic of this scenario " +
			"has no webhook")
	}
	return clearinghouse.WithScenario(clinic.Settings{}, scenario.Clinic), nil
}

// create makes a clinic. If the settings have no account code, it picks a free one and tries again when another
// request takes it first.
func (c *Control) create(ctx context.Context, settings clinic.Settings) (*clinic.Clinic, error) {
	if settings.AccountCode != "" {
		return c.Clinics.Create(ctx, settings)
	}
	for {
		settings.AccountCode = c.freeCode()
		created, err := c.Clinics.Create(ctx, settings)
		if _, taken := c.Clinics.Clinic(settings.AccountCode); err == nil || !taken || ctx.Err() != nil {
			return created, err
		}
	}
}

// freeCode returns an account code not in use by any clinic.
func (c *Control) freeCode() string {
	for n := 1; ; n++ {
		code := fmt.Sprintf("clinic-%d", n)
		if _, taken := c.Clinics.Clinic(code); !taken {
			return code
		}
	}
}

func (c *Control) getClinic(r *http.Request, one *clinic.Clinic) (any, error) {
	return clinicOf(r, one)
}

func (c *Control) changeClinic(r *http.Request, one *clinic.Clinic, body controlapi.ClinicSettings) (any, error) {
	if err := checkClaims(body.Claims, body.CronDelay); err != nil {
		return nil, err
	}
	if body.APIKey != nil || body.APISecret != nil || body.AdminToken != nil {
		return nil, badRequest("api_key, api_secret and admin_token are set when a clinic is created, and stay")
	}
	if body.AccountCode != "" || body.Scenario != "" || body.Seed != nil || body.Clock != nil ||
		body.FirstVisitID != nil {
		return nil, badRequest("account_code, scenario, seed, clock and first_visit_id are set when a clinic is created; " +
			"POST …/clock moves the clock")
	}
	if _, err := one.Configure(r.Context(), func(s clinic.Settings) clinic.Settings {
		return applySettings(s,
			body)
	}); err != nil {
		return nil, err
	}
	return clinicOf(r, one)
}

func (c *Control) deleteClinic(r *http.Request, one *clinic.Clinic) (any, error) {
	return nil, c.Clinics.Delete(r.Context(), one.Account())
}

func (c *Control) reset(r *http.Request, one *clinic.Clinic, body controlapi.ResetOptions) (any, error) {
	empty := one.Reset
	if body.Keep != nil {
		if *body.Keep != controlapi.KeepPatients {
			return nil, badRequest("keep must be %s, or left out: then nothing is kept", controlapi.KeepPatients)
		}
		empty = one.ResetKeepingUsers
	}
	err := c.Loop.RunExclusively(r.Context(), one.ID(), func() error {
		if err := empty(r.Context()); err != nil {
			return err
		}
		if kept := c.Journal(one); kept != nil {
			kept.Clear()
		}
		if kept := c.Faults(one); kept != nil {
			kept.Restart()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return clinicOf(r, one)
}
