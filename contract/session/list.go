package session

import (
	"context"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/specs"
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

	IsShape  bool                `json:"-"` // whether it checks the messages of other requirements
	Scenario *scenarios.Scenario `json:"-"` // nil for a requirement without a scenario
}

// List returns the requirements that a configuration selects, in the order of their ids. It sends no request, and
// the configuration may be without a target. Reading the results to run again ends with ctx.
func List(ctx context.Context, cfg config.Config) ([]Listed, error) {
	all, err := specs.All()
	if err != nil {
		return nil, err
	}
	chosen, _, err := choose(ctx, cfg, all)
	if err != nil {
		return nil, err
	}
	var entries []Listed
	for _, r := range chosen {
		e := Listed{
			ID: r.ID, Title: r.Title, Level: string(r.Level), Operation: r.Operation, Effect: string(r.Effect),
			Evidence: string(r.Evidence),
			Labels:   r.Tags(), IsShape: r.Body == nil, Scenario: r.Scenario,
		}
		if r.Operation == requirement.EveryOperation {
			e.Operation = ""
		}
		for _, n := range r.Requires() {
			e.Needs = append(e.Needs, string(n))
		}
		if cfg.BaseURL != "" {
			e.NotTestable = engine.Lacks(cfg.WithDefaults(), r)
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b Listed) int { return strings.Compare(a.ID, b.ID) })
	return entries, nil
}
