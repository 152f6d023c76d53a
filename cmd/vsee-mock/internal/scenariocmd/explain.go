package scenariocmd

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/flags"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/output"
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
	s, data, err := find(c.ScenarioFiles, c.ID, a.Stderr)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(a.Stdout, "%s\n", strings.TrimRight(string(data), "\n"))
	_, _ = fmt.Fprintf(a.Stdout, "\n%s\n", invokedBy(s))
	tellTimeline(a.Stdout, s, c.in())
	return nil
}

// timelineCmd is `vsee-mock scenarios explain`.
type timelineCmd struct {
	Story   string `arg:"" name:"file|id" help:"A file, or an id of scenarios list."`
	Mermaid bool   `help:"As a Mermaid sequence diagram."`
	setting
	flags.ScenarioFiles
}

// Run prints the course of a scenario.
func (c *timelineCmd) Run(a *command.App) error {
	s, err := c.story(a.Stderr)
	if err != nil {
		return err
	}
	if c.Mermaid {
		diagram(a.Stdout, s, c.in())
		return nil
	}
	_, _ = fmt.Fprintf(a.Stdout, "%s (%s)\n%s\n", output.Plain(s.Title), s.ID, invokedBy(s))
	tellTimeline(a.Stdout, s, c.in())
	return nil
}

func (c *timelineCmd) story(warnings io.Writer) (scenarios.Scenario, error) {
	if filepath.Ext(c.Story) != ".yaml" && !strings.ContainsRune(c.Story, filepath.Separator) {
		s, _, err := find(c.ScenarioFiles, c.Story, warnings)
		return s, err
	}
	file := scenarios.ReadFile(c.Story)
	if errors.Is(file.Refused, fs.ErrNotExist) {
		return scenarios.Scenario{}, command.Usage(fmt.Errorf("%s is no file that can be read", c.Story))
	}
	if p := file.Problem(); p != nil {
		return scenarios.Scenario{}, command.Usage(p)
	}
	s, err := scenarios.Load(c.Story, file.Data)
	if err != nil {
		return s, command.Usage(err)
	}
	return s, nil
}

// find returns a scenario by its id, and the text of its file.
func find(files flags.ScenarioFiles, id string, warnings io.Writer) (scenarios.Scenario, []byte, error) {
	set, err := files.Set(warnings)
	if err != nil {
		return scenarios.Scenario{}, nil, err
	}
	s, ok := set.ByID(id)
	if !ok {
		return s, nil, command.Usage(fmt.Errorf("%q is not the id of a scenario: vsee-mock scenarios list shows them", id))
	}
	dirs := []fs.FS{scenarios.CatalogueFiles()}
	if files.Scenarios != "" {
		dirs = []fs.FS{bounded.Dir(files.Scenarios), scenarios.CatalogueFiles()}
	}
	for _, dir := range dirs {
		data, err := bounded.ReadFileFS(dir, s.File, boundedyaml.MaxSize)
		if !errors.Is(err, fs.ErrNotExist) {
			return s, data, err
		}
	}
	return s, nil, fmt.Errorf("the file of %s is gone", id)
}

// setting has the flags of serve with an effect on a timeline: they describe the clinic.
type setting struct {
	CronDelay time.Duration  `default:"10s" help:"How long a check takes, and a claim to be acknowledged."`
	Schedule  flags.Schedule `default:"standard" help:"Retried: standard, once, or 5s,1m,1h."`
}

func (s setting) in() scenarios.Setting {
	return scenarios.Setting{CronDelay: s.CronDelay, Retries: s.Schedule.Waits}
}

// invokedBy says in a sentence how a scenario is invoked.
func invokedBy(s scenarios.Scenario) string {
	what := strings.TrimPrefix(strings.TrimPrefix(invocation(s), "when: "), "patient: ")
	switch {
	case s.When.IsZero():
		return "No check invokes it. The mock answers by itself, for a patient with: " + output.Plain(what)
	case s.Answers.IsZero():
		return "The requests of a patient invoke it whose check would have: " + output.Plain(what)
	}
	return "Each check invokes it that has: " + output.Plain(what)
}

// tellTimeline prints the events of a scenario, a line for each moment.
func tellTimeline(w io.Writer, s scenarios.Scenario, in scenarios.Setting) {
	_, _ = fmt.Fprintln(w)
	lines := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range s.Timeline(in) {
		who := string(m.Who)
		if m.Whom != "" {
			who += " > " + string(m.Whom)
		}
		_, _ = fmt.Fprintf(lines, "  %s\t%s\t%s\n", m.When(), who, output.Plain(m.What))
	}
	_ = lines.Flush() // the reader may have left
	_, _ = fmt.Fprintln(w, "\nTimes are from the start of the story, by the clinic's clock.")
	if len(s.ClaimSteps()) > 0 {
		_, _ = fmt.Fprintln(w, claimsAreOurs)
	}
}

// claimsAreOurs accompanies every output about scenarios with claims.
const claimsAreOurs = "VSee has not defined claims: what comes of them is vsee-mock's own."
