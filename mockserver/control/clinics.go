package control

import (
	"fmt"
	"net/http"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// clinicBody is what a clinic is created with, or changed by. A field that is not sent keeps its value, or takes the
// default.
type clinicBody struct {
	AccountCode string       `json:"account_code"`
	Webhook     *webhookBody `json:"webhook"`
	CronDelay   *span        `json:"cron_delay"`
	Insurers    []insurer    `json:"insurers"`
	Seed        *uint64      `json:"seed"`
	Clock       *struct {
		Set    time.Time `json:"set"`
		Freeze bool      `json:"freeze"`
	} `json:"clock"`
}

// apply returns settings with what the body says about them.
func (b clinicBody) apply(s clinic.Settings) clinic.Settings {
	if b.CronDelay != nil {
		s.CronDelay = (*time.Duration)(b.CronDelay)
	}
	if b.Insurers != nil {
		s.Insurers = make([]clinic.Insurer, 0, len(b.Insurers))
		for _, i := range b.Insurers {
			s.Insurers = append(s.Insurers, clinic.Insurer(i))
		}
	}
	if b.Webhook != nil {
		s.Webhook = b.Webhook.apply(s.Webhook)
	}
	return s
}

func (c *Control) listClinics(r *http.Request) (any, error) {
	reply := rows[clinicReply]{Data: []clinicReply{}}
	for _, one := range c.Clinics.Clinics() {
		row, err := clinicOf(r, one)
		if err != nil {
			return nil, err
		}
		reply.Data = append(reply.Data, row)
	}
	return reply, nil
}

func (c *Control) createClinic(r *http.Request) (any, error) {
	var body clinicBody
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	settings := body.apply(clinic.Settings{AccountCode: body.AccountCode})
	settings.Seed = clinic.RandomSeed()
	if body.Seed != nil {
		settings.Seed = *body.Seed
	}
	if body.Clock != nil {
		settings.Clock = clinic.ClockSettings{Start: body.Clock.Set, Frozen: body.Clock.Freeze}
	}
	if settings.AccountCode == "" {
		settings.AccountCode = c.freeCode()
	}
	created, err := c.Clinics.Create(r.Context(), settings)
	if err != nil {
		return nil, err
	}
	return clinicOf(r, created)
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
	if body.AccountCode != "" || body.Seed != nil || body.Clock != nil {
		return nil, bad("account_code, seed and clock are set when a clinic is created; POST …/clock moves the clock")
	}
	if _, err := one.Configure(r.Context(), body.apply); err != nil {
		return nil, err
	}
	return clinicOf(r, one)
}

func (c *Control) deleteClinic(r *http.Request, one *clinic.Clinic) (any, error) {
	return nil, c.Clinics.Delete(r.Context(), one.Account())
}

func (c *Control) reset(r *http.Request, one *clinic.Clinic) (any, error) {
	err := c.Loop.Alone(r.Context(), one.ID(), func() error {
		if err := one.Reset(r.Context()); err != nil {
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
