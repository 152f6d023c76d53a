package scenariocmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/ownmock"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// showCmd is `vsee-mock scenarios show`.
type showCmd struct {
	ID string `arg:"" help:"An id of scenarios list."`
	setting
	flags.ScenarioFiles
}

// Run prints the file as it stands, and its meaning.
func (c *showCmd) Run(a *command.App) error {
	s, set, data, err := find(c.ScenarioFiles, c.ID, a.Stderr)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(a.Stdout, "%s\n", strings.TrimRight(string(data), "\n"))
	_, _ = fmt.Fprintf(a.Stdout, "\n%s\n", invokedBy(s))
	lines, err := c.observe(a, s, set)
	if lines != nil {
		printLines(a.Stdout, s, lines)
	}
	return err
}

// explainCmd is `vsee-mock scenarios explain`.
type explainCmd struct {
	Scenario string `arg:"" name:"file|id" help:"A file, or an id of scenarios list."`
	Mermaid  bool   `help:"As a Mermaid sequence diagram."`
	setting
	flags.ScenarioFiles
}

// Run plays a scenario on a mock in memory and prints everything that happens. It fails when the scenario answers none
// of the checks.
func (c *explainCmd) Run(a *command.App) error {
	s, set, err := c.scenario(a.Stderr)
	if err != nil {
		return err
	}
	lines, err := c.observe(a, s, set)
	switch {
	case lines == nil:
	case c.Mermaid:
		diagram(a.Stdout, s, lines)
	default:
		_, _ = fmt.Fprintf(a.Stdout, "%s (%s)\n%s\n", output.Plain(s.Title), s.ID, invokedBy(s))
		printLines(a.Stdout, s, lines)
	}
	return err
}

// scenario returns the scenario, and those in force with it: of a file, it is alone.
func (c *explainCmd) scenario(warnings io.Writer) (scenarios.Scenario, scenarios.Set, error) {
	if filepath.Ext(c.Scenario) != ".yaml" { // an id may have slashes, too: that of a file in a subfolder
		s, set, _, err := find(c.ScenarioFiles, c.Scenario, warnings)
		return s, set, err
	}
	file := scenarios.ReadFile(c.Scenario)
	if errors.Is(file.Refused, fs.ErrNotExist) {
		return scenarios.Scenario{}, nil, command.Usage(
			fmt.Errorf("%s is no file that can be read; an id of scenarios list has no .yaml", c.Scenario))
	}
	if p := file.Problem(); p != nil {
		return scenarios.Scenario{}, nil, command.Usage(p)
	}
	s, err := scenarios.Load(c.Scenario, file.Data)
	if err != nil {
		return s, nil, command.Usage(err)
	}
	return s, scenarios.Set{s}, nil
}

// find returns a scenario by its id, the scenarios in force, and the text of its file.
func find(files flags.ScenarioFiles, id string, warnings io.Writer) (scenarios.Scenario, scenarios.Set, []byte, error) {
	set, err := files.Set(warnings)
	if err != nil {
		return scenarios.Scenario{}, nil, nil, err
	}
	s, ok := set.ByID(id)
	if !ok {
		return s, nil, nil, files.Unknown(strconv.Quote(id), id, set)
	}
	dirs := []fs.FS{scenarios.CatalogueFiles()}
	if files.Scenarios != "" {
		dirs = []fs.FS{bounded.Dir(files.Scenarios), scenarios.CatalogueFiles()}
	}
	for _, dir := range dirs {
		data, err := bounded.ReadFileFS(dir, s.File, boundedyaml.MaxSize)
		if !errors.Is(err, fs.ErrNotExist) {
			return s, set, data, err
		}
	}
	return s, nil, nil, fmt.Errorf("the file of %s is gone", id)
}

// setting has the flags of serve with an effect on the course of a scenario: they describe the clinic.
type setting struct {
	CronDelay scenarios.Range `default:"10s" help:"How long a check takes, and a claim to be acknowledged."`
	Schedule  flags.Schedule  `default:"standard" help:"Retried: standard, once, or 5s,1m,1h."`
}

// observe plays a scenario on a mock in memory.
func (s setting) observe(a *command.App, scenario scenarios.Scenario, set scenarios.Set) ([]line, error) {
	return observe(a.Ctx, ownmock.Options{
		Scenario: scenario, Scenarios: set, CronDelay: s.CronDelay, Schedule: s.Schedule.Waits, Version: a.Version,
	})
}

// invokedBy says in a sentence how a scenario is invoked.
func invokedBy(s scenarios.Scenario) string {
	what := strings.TrimPrefix(strings.TrimPrefix(invocation(s), "when: "), "patient: ")
	switch {
	case s.When.IsZero():
		return "No check invokes it. The mock answers by itself, for a patient with: " + output.Plain(what)
	case s.Answers.IsZero():
		return "The requests and visits of a patient invoke it if a check would have: " + output.Plain(what)
	}
	return "Each check invokes it that has: " + output.Plain(what)
}

// printLines prints the course of a scenario. Equal events in a row are one line with their number.
func printLines(w io.Writer, s scenarios.Scenario, all []line) {
	_, _ = fmt.Fprintln(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for len(all) > 0 {
		l, times := all[0], 1
		for l.to == receiver && times < len(all) && all[times] == l {
			times++
		}
		all = all[times:]
		parties := string(l.from)
		if l.to != none {
			parties += " > " + string(l.to)
		}
		if times > 1 {
			l.text += fmt.Sprintf(" (%d times)", times)
		}
		_, _ = fmt.Fprintf(table, "  %s\t%s\t%s\n", l.when(), parties, output.Plain(l.text))
	}
	_ = table.Flush() // the reader may have left
	_, _ = fmt.Fprintln(w, "\nTimes are from the start of the scenario, by the clinic's clock.")
	if s.IsByChance() {
		_, _ = fmt.Fprintln(w, chanceIsDrawn)
	}
	if s.Visit != nil {
		_, _ = fmt.Fprintln(w, visitsAreOurs)
	}
	if len(s.ClaimSteps()) > 0 {
		_, _ = fmt.Fprintln(w, claimsAreOurs)
	}
}

// chanceIsDrawn accompanies the events of a scenario with chance or with a range of times.
const chanceIsDrawn = "Chance and ranges of times are drawn from the clinic's seed: another clinic may draw otherwise."

// visitsAreOurs accompanies the events of a scenario with a visit.
const visitsAreOurs = "VSee publishes the steps of a visit alone: its course is vsee-mock's own."

// claimsAreOurs accompanies every output about scenarios with claims.
const claimsAreOurs = "VSee has not defined claims: their outcomes are vsee-mock's own."
