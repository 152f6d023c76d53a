package contract

import (
	"fmt"
	"os"
	"path"
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/report"
)

// choose returns the requirements that a configuration selects: those that have one of each of ids, labels and levels
// that is not empty, and were red in the run that is to be run again. None at all is an error, and so is a part of the
// selection that stands for nothing: it is misspelt.
func choose(c Config, specs []*spec) ([]*spec, error) {
	red, err := redOf(c)
	if err != nil {
		return nil, err
	}
	for _, pattern := range c.IDs {
		if _, err := path.Match(pattern, ""); err != nil || !slices.ContainsFunc(specs, func(s *spec) bool { return like(pattern, s.id) }) {
			return nil, fmt.Errorf("%w: there is no requirement %q; vsee-contract list shows all", ErrNothing, pattern)
		}
	}
	for _, label := range c.Labels {
		if !slices.ContainsFunc(specs, func(s *spec) bool { return slices.Contains(s.tags(), label) }) {
			return nil, fmt.Errorf("%w: no requirement has the label %q", ErrNothing, label)
		}
	}
	var chosen []*spec
	for _, s := range specs {
		if (c.Rerun == "" || slices.Contains(red, s.id)) &&
			(len(c.IDs) == 0 || slices.ContainsFunc(c.IDs, func(pattern string) bool { return like(pattern, s.id) })) &&
			(len(c.Labels) == 0 || slices.ContainsFunc(c.Labels, func(label string) bool { return slices.Contains(s.tags(), label) })) &&
			(len(c.Levels) == 0 || slices.Contains(c.Levels, s.level)) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		if c.Rerun != "" {
			return nil, fmt.Errorf("%w: no requirement of this selection was red in %s", ErrNothing, c.Rerun)
		}
		return nil, fmt.Errorf("%w: no requirement has an id, a label and a level that are selected", ErrNothing)
	}
	return chosen, nil
}

func like(pattern, id string) bool {
	matched, err := path.Match(pattern, id)
	return err == nil && matched
}

// redOf returns the ids of what was red in the run that is to be run again; none when there is no such run.
func redOf(c Config) ([]string, error) {
	if c.Rerun == "" {
		return nil, nil
	}
	file, err := os.Open(c.Rerun)
	if err != nil {
		return nil, fmt.Errorf("reading the results to run again: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	run, err := report.Read(file)
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
