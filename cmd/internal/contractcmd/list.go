package contractcmd

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/session"
)

// listCmd is `vsee-contract list`.
type listCmd struct {
	config.Options
	AsJSON bool `name:"json" help:"As JSON, with every detail."`
}

// Run lists the requirements.
func (l *listCmd) Run(a *app) error {
	loaded, err := a.load(l.Options)
	if err != nil {
		return err
	}
	entries, err := session.List(a.ctx, loaded.Config)
	if err != nil {
		return err
	}
	if l.AsJSON {
		out := json.NewEncoder(a.stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(entries)
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		// the effect already says mutating
		needs := slices.DeleteFunc(e.Needs, func(need string) bool { return need == e.Effect })
		// Flush returns the error
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.Level, e.Effect, cmp.Or(e.Operation, "-"),
			cmp.Or(strings.Join(needs, ","), "-"), e.Title)
	}
	return table.Flush()
}

// explainCmd is `vsee-contract explain`.
type explainCmd struct {
	config.Options
	ID string `arg:"" help:"Id of a requirement, from vsee-contract list."`
}

// Run explains a requirement.
func (e *explainCmd) Run(a *app) error {
	loaded, err := a.load(e.Options)
	if err != nil {
		return err
	}
	c := loaded.Config
	c.IDs, c.Labels, c.Levels, c.Needs, c.Without, c.Rerun = []string{e.ID}, nil, nil, nil, nil, ""
	entries, err := session.List(a.ctx, c)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, entry := range entries {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", entry.ID, entry.Title) // Flush returns the error
		for _, row := range explanation(entry, c) {
			_, _ = fmt.Fprintf(table, "  %s\t%s\n", row[0], row[1])
		}
	}
	return table.Flush()
}

// explanation returns the rows of `explain`: name and text.
func explanation(e session.Listed, c config.Config) [][2]string {
	rows := [][2]string{
		{"level", map[string]string{
			"must":   "must: VSee documents it, or every client relies on it",
			"should": "should: it was observed, or follows from observations",
			"may":    "may: VSee's documents do not require it",
		}[e.Level]},
		{"operation", cmp.Or(e.Operation, "none: it concerns paths outside openapi.yaml")},
		{"effect", map[string]string{"safe": "safe: the test only reads", "mutating": "mutating: the test writes, or " +
			"tries to"}[e.Effect]},
		{"evidence", e.Evidence},
		{"needs", cmp.Or(strings.Join(e.Needs, ", "), "only the target")},
		{"labels", strings.Join(e.Labels, ", ")},
	}
	if s := e.Scenario; s != nil {
		rows = append(rows, [2]string{"scenario", s.File + ", for " + cmp.Or(s.When.String(), "its patient")})
	}
	switch {
	case c.BaseURL == "":
		rows = append(rows, [2]string{"testable", "no target is configured"})
	case e.NotTestable != "":
		rows = append(rows, [2]string{"testable", "not with " + c.Name() + ": " + e.NotTestable})
	default:
		rows = append(rows, [2]string{"testable", "with " + c.Name()})
	}
	alone := "--id " + e.ID
	if e.IsShape { // it sends no requests itself
		alone = "--label op:" + e.Operation
	}
	return append(rows, [2]string{"alone", "vsee-contract run " + alone})
}
