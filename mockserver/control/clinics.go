package control

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/mockserver/due"
)

// clinicBody is what a clinic is created with, or changed by. A field that is not sent keeps its value, or takes the
// default.
type clinicBody struct {
	AccountCode string       `json:"account_code"`
	APIKey      *string      `json:"api_key"`
	APISecret   *string      `json:"api_secret"`
	AdminToken  *string      `json:"admin_token"`
	Name        *string      `json:"name"`
	Description *string      `json:"description"`
	Webhook     *webhookBody `json:"webhook"`
	CronDelay   *span        `json:"cron_delay"`
	TokenLife   *span        `json:"token_life"`
	Insurers    []insurer    `json:"insurers"`
	Claims      *claimsBody  `json:"claims"`
	Scenario    string       `json:"scenario"`
	Seed        *uint64      `json:"seed"`
	Unknown     *string      `json:"unknown_fields"`
	Clock       *struct {
		Set    *time.Time `json:"set"`
		Freeze bool       `json:"freeze"`
	} `json:"clock"`

	AcceptGender3And4 *bool `json:"accept_gender_3_and_4"`
}

// apply returns settings with what the body says about them.
func (b clinicBody) apply(s clinic.Settings) clinic.Settings {
	replace(&s.Name, b.Name)
	replace(&s.Description, b.Description)
	replace(&s.AcceptGender3And4, b.AcceptGender3And4)
	if b.CronDelay != nil {
		s.CronDelay = (*time.Duration)(b.CronDelay)
	} else if delay := b.Claims.delay(); delay != nil {
		s.CronDelay = delay
	}
	if b.TokenLife != nil {
		s.TokenLife = (*time.Duration)(b.TokenLife)
	}
	if b.Insurers != nil {
		s.Insurers = make([]clinic.Insurer, 0, len(b.Insurers))
		for _, i := range b.Insurers {
			s.Insurers = append(s.Insurers, clinic.Insurer(i))
		}
	}
	if b.Claims != nil {
		before := claims.DefaultSettings()
		if s.Claims != nil {
			before = *s.Claims
		}
		after := b.Claims.apply(before)
		s.Claims = &after
	}
	if b.Unknown != nil {
		s.UnknownFields = clinic.UnknownFields(*b.Unknown)
	}
	if b.Webhook != nil {
		s.Webhook = b.Webhook.apply(s.Webhook)
	}
	return s
}

// listClinics answers with a page of the clinics, by account code. They are few enough to be walked for each page.
func (c *Control) listClinics(r *http.Request) (any, error) {
	p, err := page(r)
	if err != nil {
		return nil, err
	}
	reply := rows[clinicReply]{Data: []clinicReply{}}
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

// credentials returns settings with the credentials that the body chooses. What is left out is made up.
func (b clinicBody) credentials(s clinic.Settings) (clinic.Settings, error) {
	for _, chosen := range []struct {
		name  string
		sent  *string
		field *string
	}{{"api_key", b.APIKey, &s.Key}, {"api_secret", b.APISecret, &s.Secret}, {"admin_token", b.AdminToken, &s.AdminToken}} {
		if chosen.sent == nil {
			continue
		}
		if *chosen.sent == "" {
			return s, bad("%s must not be empty: leave it out to have one made up", chosen.name)
		}
		*chosen.field = *chosen.sent
	}
	return s, nil
}

// startsAt returns what a clinic's clock is to show at first.
func (b clinicBody) startsAt() (clinic.ClockSettings, error) {
	if b.Clock == nil {
		return clinic.ClockSettings{}, nil
	}
	settings := clinic.ClockSettings{Frozen: b.Clock.Freeze}
	if set := b.Clock.Set; set != nil {
		if set.Before(clock.Earliest) || set.After(clock.Latest) {
			return settings, bad("clock.set must be a time from %d to %d", clock.Earliest.Year(), clock.Latest.Year())
		}
		settings.Start = *set
	}
	return settings, nil
}

func (c *Control) createClinic(r *http.Request) (any, error) {
	var body clinicBody
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if err := body.Claims.check(body.CronDelay); err != nil {
		return nil, err
	}
	said, err := c.played(body)
	if err != nil {
		return nil, err
	}
	settings, err := body.credentials(body.apply(said))
	if err != nil {
		return nil, err
	}
	settings.AccountCode = body.AccountCode
	settings.Seed = clinic.RandomSeed()
	if body.Seed != nil {
		settings.Seed = *body.Seed
	}
	if settings.Clock, err = body.startsAt(); err != nil {
		return nil, err
	}
	created, err := c.create(r.Context(), settings)
	if err != nil {
		return nil, err
	}
	return clinicOf(r, created)
}

// played returns the settings with which a clinic is set up for the scenario that a body names. What else the body says
// goes over them, but for a webhook where the story has none: with one it would be another story.
func (c *Control) played(body clinicBody) (clinic.Settings, error) {
	if body.Scenario == "" {
		return clinic.Settings{}, nil
	}
	story, ok := c.House.InForce(everywhere).ByID(body.Scenario)
	if !ok {
		return clinic.Settings{}, bad("scenario must be the id of one in force: GET /_mock/scenarios lists them")
	}
	none := story.Clinic.Webhook != nil && !*story.Clinic.Webhook
	if none && body.Webhook != nil && body.Webhook.URL != nil && *body.Webhook.URL != "" {
		return clinic.Settings{}, bad("webhook.url and scenario exclude each other: the clinic of this scenario has no webhook")
	}
	return clinic.Settings{
		CronDelay: (*time.Duration)(story.Clinic.CronDelay), TokenLife: (*time.Duration)(story.Clinic.TokenLife),
	}, nil
}

// create makes a clinic, under a code that is free when the settings have none: somebody else may take that first.
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

// freeCode returns an account code that no clinic has.
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

func (c *Control) changeClinic(r *http.Request, one *clinic.Clinic) (any, error) {
	var body clinicBody
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	if err := body.Claims.check(body.CronDelay); err != nil {
		return nil, err
	}
	if body.APIKey != nil || body.APISecret != nil || body.AdminToken != nil {
		return nil, bad("api_key, api_secret and admin_token are set when a clinic is created, and stay")
	}
	if body.AccountCode != "" || body.Scenario != "" || body.Seed != nil || body.Clock != nil {
		return nil, bad("account_code, scenario, seed and clock are set when a clinic is created; POST …/clock moves the clock")
	}
	if _, err := one.Configure(r.Context(), body.apply); err != nil {
		return nil, err
	}
	return clinicOf(r, one)
}

func (c *Control) deleteClinic(r *http.Request, one *clinic.Clinic) (any, error) {
	return nil, c.Clinics.Delete(r.Context(), one.Account())
}

// keepPatients is what a reset can keep.
const keepPatients = "patients"

func (c *Control) reset(r *http.Request, one *clinic.Clinic) (any, error) {
	var body struct {
		Keep *string `json:"keep"`
	}
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	empty := one.Reset
	if body.Keep != nil {
		if *body.Keep != keepPatients {
			return nil, bad("keep must be %s, or left out: then nothing is kept", keepPatients)
		}
		empty = one.ResetKeepingUsers
	}
	err := c.Loop.Alone(r.Context(), one.ID(), func() error {
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
