package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/vsee-mock/vsee-mock/contract"
)

// listCmd is `vsee-contract list`.
type listCmd struct {
	source
	selection
	Rerun string `placeholder:"FILE" help:"Only what was red in these results."`
	JSON  bool   `name:"json" help:"As JSON, with all that is known of each."`
}

// Run lists the requirements.
func (l *listCmd) Run(a *app) error {
	entries, err := a.entries()
	if err != nil {
		return err
	}
	if l.JSON {
		out := json.NewEncoder(a.stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(entries)
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, e := range entries {
		needs := slices.DeleteFunc(e.Needs, func(need string) bool { return need == e.Effect })                                                                  // mutating has been said
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, e.Level, e.Effect, cmp.Or(e.Operation, "-"), cmp.Or(strings.Join(needs, ","), "-"), e.Title) // Flush tells
	}
	return table.Flush()
}

// entries returns the requirements that are selected.
func (a *app) entries() ([]contract.Listed, error) {
	delete(a.flags, "json") // it is the form of the list here
	loaded, err := a.load()
	if err != nil {
		return nil, err
	}
	return contract.List(a.ctx, loaded.Config)
}

// explainCmd is `vsee-contract explain`.
type explainCmd struct {
	source
	ID string `arg:"" help:"Such as AUTH-001; vsee-contract list shows all."`
}

// Run explains a requirement.
func (e *explainCmd) Run(a *app) error {
	loaded, err := a.load()
	if err != nil {
		return err
	}
	c := loaded.Config
	c.IDs, c.Labels, c.Levels, c.Needs, c.Without, c.Rerun = []string{e.ID}, nil, nil, nil, nil, ""
	entries, err := contract.List(a.ctx, c)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	for _, entry := range entries {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", entry.ID, entry.Title) // Flush tells
		for _, row := range about(entry, c) {
			_, _ = fmt.Fprintf(table, "  %s\t%s\n", row[0], row[1])
		}
	}
	return table.Flush()
}

// about returns what is to be said of a requirement.
func about(e contract.Listed, c contract.Config) [][2]string {
	rows := [][2]string{
		{"level", map[string]string{
			"must": "must: VSee has written it, or every client relies on it", "should": "should: it was seen, or follows from what was",
			"may": "may: a target that does otherwise breaks nothing that VSee has said",
		}[e.Level]},
		{"operation", cmp.Or(e.Operation, "none: it is about what openapi.yaml does not have")},
		{"effect", map[string]string{"safe": "safe: it reads", "mutating": "mutating: it writes, or would if it were not refused"}[e.Effect]},
		{"evidence", e.Evidence},
		{"needs", cmp.Or(strings.Join(e.Needs, ", "), "nothing but the target")},
		{"labels", strings.Join(e.Labels, ", ")},
	}
	if s := e.Scenario; s != nil {
		rows = append(rows, [2]string{"scenario", s.File + ", invoked by " + cmp.Or(s.Invocation(), "anybody")})
	}
	switch {
	case c.BaseURL == "":
		rows = append(rows, [2]string{"testable", "no target is configured"})
	case e.NotTestable != "":
		rows = append(rows, [2]string{"testable", "not with " + c.Name() + ": " + e.NotTestable})
	default:
		rows = append(rows, [2]string{"testable", "with " + c.Name()})
	}
	return append(rows, [2]string{"alone", "vsee-contract run --id " + e.ID})
}
