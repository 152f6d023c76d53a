package contract

import (
	"time"

	. "github.com/onsi/ginkgo/v2"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// scenarioSpecs adds one spec for each story. A target that is not a mock is asked about the patient of `preview`.
func scenarioSpecs(t *target, stories scenarios.Set) {
	Describe("Scenario", func() {
		for _, s := range stories {
			It(s.Title+" ("+s.ID+")", Label(append([]string{"scenario"}, s.Labels...)...), func(ctx SpecContext) {
				if reason := t.cannotTell(s); reason != "" {
					Skip(reason)
				}
				who := s.Person()
				if !t.isMock() {
					who = *s.Preview
				}
				play(t.enter(ctx, stage(s)), s, who)
			})
		}
	})
}

// cannotTell says why a target cannot be made to tell a story, "" when it can.
func (t *target) cannotTell(s scenarios.Scenario) string {
	switch {
	case t.isMock():
		return ""
	case s.Preview == nil:
		return "only a mock can be told to tell this story: the file names no preview patient"
	case len(s.Calls) > 0 || isTimed(s):
		return "only a mock's clock can be moved as this story has it"
	}
	return ""
}

func needsFaults(s scenarios.Scenario) bool { return len(s.HTTP) > 0 || s.Clinic.TokenLife != nil }

// oldSecret is what a clinic signed its events with before.
const oldSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

// chance is the seed of clinics in which something goes wrong by chance, so that it does so in every run alike.
const chance = 7

// stage sets a clinic up for a story.
func stage(s scenarios.Scenario) func(*clinicSettings) {
	return func(c *clinicSettings) {
		c.CronDelay = s.Clinic.CronDelay
		if noWebhook(s) {
			c.Webhook.URL = ""
		}
		if s.Webhook.Signature == "old" {
			c.Webhook.PreviousSecret = oldSecret
		}
		if needsFaults(s) {
			seed := uint64(chance)
			c.Scenario, c.Seed = s.ID, &seed
		}
		if isTimed(s) {
			c.Clock.Set = next(s, time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), true)
		}
	}
}

func noWebhook(s scenarios.Scenario) bool { return s.Clinic.Webhook != nil && !*s.Clinic.Webhook }

// isTimed reports whether a story is about checks at certain times alone.
func isTimed(s scenarios.Scenario) bool {
	return len(s.When.Weekday)+len(s.When.Date)+len(s.When.Time) > 0
}

// next returns the first quarter of an hour from a time on at which a story is told, or is not; the zero time when
// there is none within two years.
func next(s scenarios.Scenario, from time.Time, told bool) time.Time {
	s.When = scenarios.When{Weekday: s.When.Weekday, Date: s.When.Date, Time: s.When.Time}
	x := scenarios.Set{s}.Index()
	const quarter = 15 * time.Minute
	for at := from.Truncate(quarter); at.Before(from.AddDate(2, 0, 0)); at = at.Add(quarter) {
		if _, found := x.Find(scenarios.Check{Card: "primary", At: at}); found == told && !at.Before(from) {
			return at
		}
	}
	return time.Time{}
}
