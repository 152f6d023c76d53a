package scenariocmd

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/mockserver/clock"
	"github.com/vsee-mock/vsee-mock/scenarios"
	"github.com/vsee-mock/vsee-mock/scenarios/play"
)

// Demo is `vsee-mock demo`.
type Demo struct {
	Scenario string `placeholder:"ID" help:"Scenario to play, of scenarios list (eligible, or as the flags below ask)."`
	Visits   bool   `help:"Play a visit as well: an intake, a walk-in, and the steps to its end."`
	Claims   bool   `help:"Play steps 6 and 7 as well, which VSee has not defined: submit a claim."`
	flags.ScenarioFiles
}

// Run plays the guide's steps 1 to 5, and steps 6 and 7 for a scenario with claims.
func (d *Demo) Run(a *command.App) error {
	set, err := d.Set(a.Stderr)
	if err != nil {
		return err
	}
	preset := "eligible"
	switch {
	case d.Visits:
		preset = "visit-completed"
	case d.Claims:
		preset = "claim-paid"
	}
	s, ok := set.ByID(cmp.Or(d.Scenario, preset))
	if !ok {
		return d.Unknown("--scenario", d.Scenario, set)
	}
	if d.Visits {
		s = withVisit(s)
		set = scenarios.Set{s}.Before(set)
	}
	if d.Claims {
		s = withClaim(s)
	}
	mock, err := ownmock.Start(a.Ctx, ownmock.Options{Scenario: s, Scenarios: set, Version: a.Version, Loopback: true})
	if err != nil {
		return err
	}
	defer mock.Close()
	t := newTranscript(a.Stdout, mock, s)
	started := clock.Wall()
	t.begin()
	err = play.Play(a.Ctx, s, mock, t)
	if errors.Is(err, play.ErrGaveUp) {
		t.say("\nThe scenario ends here: %s.", nothingChecked)
		err = nil
	}
	if err != nil {
		return err
	}
	t.say("\nPlayed in %s of real time.", clock.Since(started).Round(time.Millisecond))
	return mock.Answered(a.Ctx, s)
}

// nothingChecked is why a scenario ends when the client gives up before its first check.
const nothingChecked = "nothing can be checked without that, and no event came"

// withVisit returns a scenario in which the client makes a visit, unless it makes one already.
func withVisit(s scenarios.Scenario) scenarios.Scenario {
	if s.Visit == nil {
		s.Visit = &scenarios.Visit{Outcome: scenarios.Completed}
	}
	if len(s.Calls) > 0 && !slices.ContainsFunc(s.Calls, func(c scenarios.Call) bool { return c.Visit }) {
		s.Calls = append(slices.Clone(s.Calls), scenarios.Call{Visit: true})
	}
	return s
}

// withClaim returns a scenario in which the client submits a claim at the end, unless it submits one already.
func withClaim(s scenarios.Scenario) scenarios.Scenario {
	switch {
	case len(s.ClaimSteps()) > 0:
	case len(s.Calls) > 0:
		s.Calls = append(slices.Clone(s.Calls), scenarios.Call{Claim: scenarios.NewClaim})
	default:
		s.Claims = scenarios.Claims{{Outcome: scenarios.Paid}}
	}
	return s
}

// begin prints the head of a transcript: the scenario, and how its clinic differs from the documentation's.
func (t *transcript) begin() {
	steps := "1 to 5"
	if len(t.scenario.ClaimSteps()) > 0 {
		steps = "1 to 7"
	}
	t.say("VSee's integration guide, steps %s, against a mock of its own on %s", steps, t.mock.URL)
	if steps == "1 to 7" {
		t.say("VSee has not defined steps 6 and 7, claims: all of them is vsee-mock's own.")
	}
	if t.scenario.Visit != nil {
		t.say("Behind step 5 comes a visit. VSee publishes its steps alone: its course is vsee-mock's own.")
	}
	t.say("The scenario: %s (%s)", output.Plain(t.scenario.Title), t.scenario.ID)
	if c := t.scenario.Clinic; c != (scenarios.Clinic{}) {
		text, _ := json.Marshal(c) // times and a bool
		t.say("Its clinic: %s", text)
	}
	if t.scenario.IsByChance() {
		t.say("Its chance and its ranges of times are drawn from the clinic's seed, %d here.", t.mock.Settings.Seed)
	}
	if t.scenario.When.IsTimed() {
		t.say("Its time: the clinic's clock begins at %s.", t.mock.Settings.Clock.Start.UTC().Format("Mon "+time.DateTime))
	}
}
