package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/internal/boundedyaml"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// showCmd is `vsee-mock scenarios show`.
type showCmd struct {
	ID string `arg:"" help:"An id of scenarios list."`
	setting
	own
}

// Run prints the file as it stands, and its meaning.
func (c *showCmd) Run(a *app) error {
	s, data, err := c.find(c.ID, a.stderr)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(a.stdout, "%s\n", strings.TrimRight(string(data), "\n"))
	_, _ = fmt.Fprintf(a.stdout, "\n%s\n", invokedBy(s))
	tellTimeline(a.stdout, s, c.in())
	return nil
}

// timelineCmd is `vsee-mock scenarios explain`.
type timelineCmd struct {
	Story   string `arg:"" name:"file|id" help:"A file, or an id of scenarios list."`
	Mermaid bool   `help:"As a Mermaid sequence diagram."`
	setting
	own
}

// Run prints the course of a scenario.
func (c *timelineCmd) Run(a *app) error {
	s, err := c.story(a.stderr)
	if err != nil {
		return err
	}
	if c.Mermaid {
		diagram(a.stdout, s, c.in())
		return nil
	}
	_, _ = fmt.Fprintf(a.stdout, "%s (%s)\n%s\n", plain(s.Title), s.ID, invokedBy(s))
	tellTimeline(a.stdout, s, c.in())
	return nil
}

func (c *timelineCmd) story(warnings io.Writer) (scenarios.Scenario, error) {
	if filepath.Ext(c.Story) != ".yaml" && !strings.ContainsRune(c.Story, filepath.Separator) {
		s, _, err := c.find(c.Story, warnings)
		return s, err
	}
	file := scenarios.ReadFile(c.Story)
	if errors.Is(file.Refused, fs.ErrNotExist) {
		return scenarios.Scenario{}, usage{fmt.Errorf("%s is no file that can be read", c.Story)}
	}
	if p := file.Problem(); p != nil {
		return scenarios.Scenario{}, usage{p}
	}
	s, err := scenarios.Load(c.Story, file.Data)
	if err != nil {
		return s, usage{err}
	}
	return s, nil
}

// find returns a scenario by its id, and the text of its file.
func (o own) find(id string, warnings io.Writer) (scenarios.Scenario, []byte, error) {
	set, err := o.set(warnings)
	if err != nil {
		return scenarios.Scenario{}, nil, err
	}
	s, ok := set.ByID(id)
	if !ok {
		return s, nil, usage{fmt.Errorf("%q is not the id of a scenario: vsee-mock scenarios list shows them", id)}
	}
	dirs := []fs.FS{scenarios.CatalogueFiles()}
	if o.Scenarios != "" {
		dirs = []fs.FS{bounded.Dir(o.Scenarios), scenarios.CatalogueFiles()}
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
	CronDelay time.Duration `default:"10s" help:"How long a check takes, and a claim to be acknowledged."`
	Schedule  schedule      `default:"standard" help:"Retried: standard, once, or 5s,1m,1h."`
}

func (s setting) in() scenarios.Setting {
	return scenarios.Setting{CronDelay: s.CronDelay, Retries: s.Schedule.waits}
}

// invokedBy says in a sentence how a scenario is invoked.
func invokedBy(s scenarios.Scenario) string {
	what := strings.TrimPrefix(strings.TrimPrefix(invocation(s), "when: "), "patient: ")
	switch {
	case s.When.IsZero():
		return "No check invokes it. The mock answers by itself, for a patient with: " + plain(what)
	case s.Answers.IsZero():
		return "The requests of a patient invoke it whose check would have: " + plain(what)
	}
	return "Each check invokes it that has: " + plain(what)
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
		_, _ = fmt.Fprintf(lines, "  %s\t%s\t%s\n", m.When(), who, plain(m.What))
	}
	_ = lines.Flush() // the reader may have left
	_, _ = fmt.Fprintln(w, "\nTimes are from the start of the story, by the clinic's clock.")
	if len(s.ClaimSteps()) > 0 {
		_, _ = fmt.Fprintln(w, claimsAreOurs)
	}
}

// claimsAreOurs accompanies every output about scenarios with claims.
const claimsAreOurs = "VSee has not defined claims: what comes of them is vsee-mock's own."
