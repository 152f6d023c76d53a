package requirement

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Selection says which requirements are meant: those that have one of the ids, one of the levels and one of the labels.
// A list that is empty leaves the choice to the others.
type Selection struct {
	IDs    []string
	Levels []string
	Labels []string // their own, or their evidence or effect
}

// ErrNone is the error of a selection that nothing fits.
var ErrNone = errors.New("no requirement fits the selection")

// Select returns the requirements that are meant, in the order of their ids; there is at least one. The error joins all
// that is wrong with a selection.
func (c *Catalogue) Select(s Selection) ([]Requirement, error) {
	labels := c.labels()
	var levels []string
	for _, level := range Levels() {
		levels = append(levels, string(level))
	}
	var wrong []error
	for _, id := range s.IDs {
		if nearest, ok := c.Known(id); !ok {
			hint := ""
			if nearest != "" {
				hint = fmt.Sprintf("; did you mean %s?", nearest)
			}
			wrong = append(wrong, fmt.Errorf("there is no requirement %q%s", id, hint))
		}
	}
	for _, level := range s.Levels {
		if !slices.Contains(levels, level) {
			wrong = append(wrong, fmt.Errorf("there is no level %q; it is %s", level, oneOf(levels)))
		}
	}
	for _, label := range s.Labels {
		if !slices.Contains(labels, label) {
			wrong = append(wrong, fmt.Errorf("no requirement has the label %q%s", label, meant(label, labels)))
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	selected := slices.DeleteFunc(c.All(), func(r Requirement) bool { return !s.fits(r) })
	if len(selected) == 0 {
		return nil, ErrNone
	}
	return selected, nil
}

func (s Selection) fits(r Requirement) bool {
	labelled := slices.ContainsFunc(r.labels(), func(label string) bool { return slices.Contains(s.Labels, label) })
	return (len(s.IDs) == 0 || slices.Contains(s.IDs, r.ID)) &&
		(len(s.Levels) == 0 || slices.Contains(s.Levels, string(r.Level))) &&
		(len(s.Labels) == 0 || labelled)
}

// labels returns all that a requirement can be selected by but its id and its level.
func (r Requirement) labels() []string {
	return append([]string{string(r.Evidence), string(r.Effect)}, r.Labels...)
}

// labels returns the labels that there are, in the order of the alphabet.
func (c *Catalogue) labels() []string {
	all := map[string]bool{}
	for _, r := range c.all {
		for _, label := range r.labels() {
			all[label] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
