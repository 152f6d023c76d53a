package serve

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
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
