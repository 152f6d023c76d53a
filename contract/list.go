//go:build ignore

package contract

import (
	"context"
	"fmt"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Listed is one requirement of the catalogue.
type Listed struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Level       string   `json:"level"`
	Operation   string   `json:"operation,omitempty"`
	Effect      string   `json:"effect"`
	Evidence    string   `json:"evidence"`
	Needs       []string `json:"needs,omitempty"`        // clock, webhook, mutating, mock; implied ones too
	Labels      []string `json:"labels"`                 // usable in a selection
	NotTestable string   `json:"not_testable,omitempty"` // why, on the configured target; "" if testable or no target

	Scenario *scenarios.Scenario `json:"-"` // nil for a requirement without a scenario
}

// List returns the requirements that a configuration selects, in the order of their ids. It sends no request, and
// the configuration may be without a target. Reading the results to run again ends with ctx.
func List(ctx context.Context, cfg Config) ([]Listed, error) {
	stories, err := scenarios.Catalogue()
	if err != nil {
		return nil, fmt.Errorf("loading the scenarios: %w", err)
	}
	t := &target{Config: cfg.WithDefaults()}
	specs, err := specsOf(t, stories)
	if err != nil {
		return nil, err
	}
	all, err := catalogueOf(specs)
	if err != nil {
		return nil, err
	}
	if specs, err = choose(ctx, t.Config, all, specs); err != nil {
		return nil, err
	}
	var entries []Listed
	for _, s := range byID(specs) {
		e := Listed{
			ID: s.id, Title: s.sentence(), Level: s.level, Operation: s.operation, Effect: s.effect, Evidence: s.evidence,
			Labels: s.tags(), Scenario: s.story,
		}
		for _, n := range s.data().Requires() {
			e.Needs = append(e.Needs, string(n))
		}
		if t.BaseURL != "" {
			e.NotTestable = t.lacks(s)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
