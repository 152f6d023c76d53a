//go:build ignore

package contract

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
)

// choose returns the requirements selected by a configuration, in the order of the run: those that match each part
// of its selection, and failed in the run to repeat. An empty selection is an error, and so is a part of the
// selection without any match: it is misspelt.
func choose(ctx context.Context, c Config, all *requirement.Catalogue, specs []*spec) ([]*spec, error) {
	red, err := redOf(ctx, c)
	if err != nil {
		return nil, err
	}
	selected, err := all.Select(requirement.Selection{IDs: c.IDs, Levels: c.Levels, Labels: c.Labels, Needs: c.Needs, Without: c.Without})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNothing, err)
	}
	var chosen []*spec
	for _, s := range specs {
		if slices.ContainsFunc(selected, func(r requirement.Requirement) bool { return r.ID == s.id }) && (c.Rerun == "" || slices.Contains(red, s.id)) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("%w: no requirement of this selection was red in %s", ErrNothing, c.Rerun)
	}
	return chosen, nil
}

// redOf returns the ids of the requirements that failed in the run to repeat; none without such a run.
func redOf(ctx context.Context, c Config) ([]string, error) {
	if c.Rerun == "" {
		return nil, nil
	}
	data, err := bounded.ReadStream(ctx, c.Rerun, report.MaxSize)
	if err != nil {
		return nil, fmt.Errorf("reading the results to run again: %w", err)
	}
	run, err := report.Read(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Rerun, err)
	}
	var red []string
	for _, r := range run.Requirements {
		if r.State.Red() {
			red = append(red, r.ID)
		}
	}
	return red, nil
}
