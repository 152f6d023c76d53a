package contract

import (
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// scenarioSpecs adds one spec for each scenario. A target other than a mock is asked about the patient of
// `preview`.
//
// The id is SCEN- and the id of the scenario, which is its file name. The mock, the lists and the journal already
// use this name, and it stays when files are added. A renamed file is another scenario to all of them.
func scenarioSpecs(t *target, stories scenarios.Set) {
	for _, s := range stories {
		r := required{
			id: "SCEN-" + s.ID, title: s.Title + " (" + s.ID + ")",
			level: must, operation: "startEligibilityCheck", effect: mutating, evidence: documented,
		}
		if s.HasLabel(scenarios.MockOnly) {
			r.level, r.evidence = may, ours
		}
		switch {
		case len(s.HTTP) > 0 && s.HTTP[0].Operation != "":
			r.operation = s.HTTP[0].Operation
		case s.HasLabel("webhook"):
			r.operation = "eligibility.checked"
		}
		switch {
		case s.Preview == nil:
			r.needs = []need{aMock}
		case len(s.Calls) > 0 || s.When.IsTimed():
			r.needs = []need{aClock}
		}
		t.specs = append(t.specs, &spec{
			required: r, group: "Scenario", labels: append([]string{"scenario"}, s.Labels...), story: &s,
			missing: func() string { return t.cannotTell(s) },
			setUp:   []func(*controlapi.ClinicSettings){stage(s)},
			body: func(w *world) {
				who := s.Person()
				if !t.isMock() {
					who = *s.Preview
				}
				play(w, s, who)
			},
		})
	}
}

// cannotTell returns the reason that a target cannot play a scenario, "" when it can.
func (t *target) cannotTell(s scenarios.Scenario) string {
	switch {
	case t.isMock():
		return ""
	case s.Preview == nil:
		return "only a mock can be told to tell this story: the file names no preview patient"
	case len(s.Calls) > 0 || s.When.IsTimed():
		return "only a mock's clock can be moved as this story has it"
	case slices.ContainsFunc(s.Steps(), func(step scenarios.Step) bool { return step.Unsaid }):
		return "the file does not say what comes of each check, and only a mock is known to answer by itself"
	}
	return ""
}

func needsFaults(s scenarios.Scenario) bool { return len(s.HTTP) > 0 || s.Clinic.TokenLife != nil }

// oldSecret is a clinic's previous secret for the signatures of its events.
const oldSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

// chance is the seed of clinics with random faults, so that every run has the same faults.
const chance = 7

// stage sets a clinic up for a story.
func stage(s scenarios.Scenario) func(*controlapi.ClinicSettings) {
	return func(c *controlapi.ClinicSettings) {
		c.CronDelay = (*controlapi.Span)(s.Clinic.CronDelay)
		if noWebhook(s) {
			c.Webhook.URL = nil
		}
		if s.Webhook.Signature == "old" || s.ClaimWebhook.Signature == "old" {
			c.Webhook.PreviousSecret = new(oldSecret)
		}
		if needsFaults(s) {
			c.Scenario, c.Seed = s.ID, new(uint64(chance))
		}
		if s.When.IsTimed() {
			at, _ := s.When.Next(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), true)
			c.Clock.Set = &at
		}
	}
}

func noWebhook(s scenarios.Scenario) bool { return s.Clinic.Webhook != nil && !*s.Clinic.Webhook }
