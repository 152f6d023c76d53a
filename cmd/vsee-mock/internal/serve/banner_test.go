package serve

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// The commands in the banner of serve list the scenarios of this mock.
func TestTheGreetingNamesTheFlagsOfItsScenarios(t *testing.T) {
	t.Parallel()
	for want, mine := range map[string]flags.ScenarioFiles{
		"": {}, " --scenarios mine": {Scenarios: "mine"}, " --scenarios mine --no-catalogue": {Scenarios: "mine",
			NoCatalogue: true},
	} {
		if got := mine.CommandLine(); got != want {
			t.Errorf("%+v: %q", mine, got)
		}
	}
}

func TestTheGreetingDescribesTheClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	const frozen = ", frozen: nothing happens until it is moved; a check takes 10s"
	for want, c := range map[string]clinic.ClockSettings{
		"real time; a check takes 10s":                 {},
		"from 2026-01-31T09:00:00Z; a check takes 10s": {Start: at},
		"from 2026-01-31T09:00:00Z" + frozen:           {Start: at, Frozen: true},
		"from now" + frozen:                            {Frozen: true},
	} {
		if got := clockOf(clinic.Settings{Clock: c, CronDelay: new(10 * time.Second)}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
