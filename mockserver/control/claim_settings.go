package control

import (
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// maxCronJobDelay is a year, in seconds. A larger value is a mistake, and may overflow a duration.
const maxCronJobDelay = 365 * 24 * 60 * 60

// cronDelayOf returns the delay of the clinic's cron job from the claims settings, nil for none.
func cronDelayOf(b *controlapi.ClaimSettings) *time.Duration {
	if b == nil || b.Default == nil || b.Default.CronDelay == nil {
		return nil
	}
	return new(time.Duration(*b.Default.CronDelay * float64(time.Second)))
}

// checkClaims refuses unreadable numbers, and a cron_delay in conflict with the claims settings beside it.
func checkClaims(b *controlapi.ClaimSettings, cronDelay *scenarios.Range) error {
	if b == nil {
		return nil
	}
	if delay := cronDelayOf(b); delay != nil {
		if s := *b.Default.CronDelay; !(s >= 0 && s <= maxCronJobDelay) {
			return badRequest("claims.default.cron_job_delay must be a number of seconds from 0 to %d", maxCronJobDelay)
		}
		if cronDelay != nil && *cronDelay != (scenarios.Range{From: *delay, To: *delay}) {
			return badRequest("cron_delay and claims.default.cron_job_delay are the same setting: send one")
		}
	}
	for _, sent := range b.Procedures {
		if _, err := procedureOf(sent); err != nil {
			return err
		}
	}
	return nil
}

// changeClaims changes the settings of claims to the sent ones, already checked.
func changeClaims(s *claims.Settings, b controlapi.ClaimSettings) {
	replace(&s.Enabled, b.Enabled)
	for _, table := range []struct {
		to   *map[string]string
		sent map[string]string
	}{{&s.Carriers, b.Carriers}, {&s.Diagnoses, b.Diagnoses}, {&s.Modifiers, b.Modifiers}, {&s.Facilities, b.Facilities}} {
		if table.sent != nil {
			*table.to = table.sent
		}
	}
	if b.Relationships != nil {
		s.Relationships = map[string]claims.Relationship{}
		for who, r := range b.Relationships {
			s.Relationships[who] = claims.Relationship(r)
		}
	}
	if b.Procedures != nil {
		s.Procedures = map[string]claims.Procedure{}
		for code, sent := range b.Procedures {
			s.Procedures[code], _ = procedureOf(sent)
		}
	}
	if d := b.Default; d != nil {
		replace(&s.Provider, d.Provider)
		replace(&s.Form.FinancialClass, d.FinancialClass)
		replace(&s.Form.Chart, d.Chart)
		replace(&s.Form.Coverage, d.Coverage)
		replace(&s.Form.ServiceType, d.ServiceType)
		replace(&s.Form.AccountType, d.AccountType)
	}
}

func procedureOf(p controlapi.ClaimProcedure) (claims.Procedure, error) {
	units, err := claims.ParseCents(p.Units)
	if err != nil || units%100 != 0 {
		return claims.Procedure{}, badRequest("claims.procedure_codes: units must be a whole number, such as 1 or 1.0")
	}
	fee, err := claims.ParseCents(p.Fee)
	if err != nil {
		return claims.Procedure{}, badRequest("claims.procedure_codes: fee %s", err)
	}
	return claims.Procedure{ID: p.ID, Units: int(units / 100), TOS: p.TOS, POS: p.POS, Fee: fee}, nil
}

// claimSettingsOf is the inverse of changeClaims.
func claimSettingsOf(of *clinic.Settings) controlapi.ClaimSettings {
	s := *of.Claims
	b := controlapi.ClaimSettings{
		Enabled: &s.Enabled, Carriers: of.ClaimCarriers(), Diagnoses: s.Diagnoses, Modifiers: s.Modifiers,
		Facilities:    s.Facilities,
		Relationships: map[string]controlapi.ClaimRelationship{}, Procedures: map[string]controlapi.ClaimProcedure{},
		Default: &controlapi.ClaimDefaults{
			Provider: &s.Provider, FinancialClass: &s.Form.FinancialClass, Chart: &s.Form.Chart, Coverage: &s.Form.Coverage,
			ServiceType: &s.Form.ServiceType, AccountType: &s.Form.AccountType, CronDelay: new(of.CronDelay.Seconds()),
		},
	}
	for who, r := range s.Relationships {
		b.Relationships[who] = controlapi.ClaimRelationship(r)
	}
	for code, p := range s.Procedures {
		b.Procedures[code] = controlapi.ClaimProcedure{
			ID: p.ID, Units: strconv.Itoa(p.Units) + ".0", TOS: p.TOS, POS: p.POS, Fee: strings.TrimSuffix(p.Fee.String(),
				".00"),
		}
	}
	return b
}
