package specs

import (
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// scenarioSpecs adds a requirement for each scenario. Its id is SCEN- and the id of the scenario, its file's name: a
// renamed file is another scenario to the mock, the lists and the journal, too.
func scenarioSpecs(l *list) {
	for _, s := range l.stories {
		r := rule{
			ID: "SCEN-" + s.ID, Title: s.Title, Operation: "startEligibilityCheck", Evidence: documented,
			Labels: append([]string{"scenario"}, s.Labels...),
		}
		switch {
		case s.HasLabel(scenarios.MockOnly):
			r.Evidence = ours
		case s.Preview != nil:
			r.Evidence = inferred // the patients are published, and their results are not
		}
		switch {
		case len(s.HTTP) > 0 && s.HTTP[0].Operation != "":
			r.Operation = s.HTTP[0].Operation
		case s.Visit != nil:
			r.Operation = "addWalkIn"
		case s.HasLabel("claim"):
			r.Operation = "submitClaim"
		case s.HasLabel("webhook"):
			r.Operation = checkedEvent
		}
		if s.Preview == nil {
			r.Needs = []need{aMock}
		}
		l.require(r, func(t *trial) {
			of := s
			if !t.IsMock() {
				of.Patient = *s.Preview
			}
			playScenario(t, of)
		}, settingsOf(s))
		last := &l.all[len(l.all)-1]
		last.Scenario, last.Missing = &s, func(c config.Config) string { return notPlayable(c, s) }
	}
}

// notPlayable returns why a target cannot play a scenario, "" if it can.
func notPlayable(c config.Config, s scenarios.Scenario) string {
	switch {
	case c.IsMock():
		return ""
	case s.Preview == nil:
		return "only a mock can play this scenario: its file names no preview patient"
	case len(s.Calls) > 0 || s.When.IsTimed():
		return "only a mock's clock can be moved as this scenario needs it"
	case slices.ContainsFunc(s.Steps(), func(step scenarios.Step) bool { return step.Unsaid }):
		return "the file has no result for each check, and only a mock is known to answer by itself"
	}
	return ""
}

// oldSecret is a clinic's previous secret for the signatures of its events.
const oldSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

// settingsOf returns the settings of a mock's clinic for a scenario.
func settingsOf(s scenarios.Scenario) func(*controlapi.ClinicSettings) {
	return func(c *controlapi.ClinicSettings) {
		c.CronDelay = s.Clinic.CronDelay
		if !hasWebhook(s) {
			c.Webhook.URL = nil
		}
		if s.HasWebhook(func(m scenarios.Webhook) bool { return m.Signature == "old" }) {
			c.Webhook.PreviousSecret = new(oldSecret)
		}
		if len(s.HTTP) > 0 || s.Clinic.TokenLife != nil || s.Clinic.RateLimit != nil {
			c.Scenario, c.Seed = s.ID, new(uint64(7)) // the same faults in each run
		}
		if s.When.IsTimed() {
			at, _ := s.When.Next(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), true)
			c.Clock.Set = &at
		}
	}
}

func hasWebhook(s scenarios.Scenario) bool { return s.Clinic.Webhook == nil || *s.Clinic.Webhook }

// addsAField reports whether events of a webhook have a field missing from openapi.yaml.
func addsAField(m scenarios.Webhook) bool { return m.Altered || m.ExtraField }

// tokenLife is the lifetime of a user's token (seed, step 2).
const tokenLife = 86_400 * time.Second

// expires reports whether a token is of no use any more at an age.
func expires(s scenarios.Scenario, age time.Duration) bool {
	life := tokenLife
	if s.Clinic.TokenLife != nil {
		life = time.Duration(*s.Clinic.TokenLife)
	}
	return age >= life
}
