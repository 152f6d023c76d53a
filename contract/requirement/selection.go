package requirement

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Selection selects the requirements that match each of its lists. An empty list matches every requirement.
type Selection struct {
	IDs     []string // has one of these ids, or matches a pattern such as AUTH-*
	Levels  []string // has one of these levels
	Labels  []string // has one of these among its Tags
	Needs   []string // needs one of these capabilities
	Without []string // needs none of these capabilities
}

// ErrNone is the error of a valid selection without a match.
var ErrNone = errors.New("no requirement matches all of the selected ids, labels, levels and needs")

// Select returns the matching requirements, sorted by id. There is at least one; without a match the error is ErrNone.
// Select returns an error for each id, level, label and capability that does not exist, since it is probably misspelt.
func (c *Catalogue) Select(s Selection) ([]Requirement, error) {
	labels := c.labels()
	var wrong []error
	for _, id := range s.IDs {
		if !slices.ContainsFunc(c.all, func(r Requirement) bool { return matchesID(id, r.ID) }) {
			wrong = append(wrong, fmt.Errorf("there is no requirement %q; %s", id, c.hint(id)))
		}
	}
	for _, level := range s.Levels {
		if !slices.Contains(Levels(), Level(level)) {
			wrong = append(wrong, fmt.Errorf("there is no level %q; it is %s", level, oneOf(Levels())))
		}
	}
	for _, label := range s.Labels {
		if !slices.Contains(labels, label) {
			wrong = append(wrong, fmt.Errorf("no requirement has the label %q%s", label, didYouMean(label, labels)))
		}
	}
	for _, capability := range slices.Concat(s.Needs, s.Without) {
		if !slices.Contains(Capabilities(), Capability(capability)) {
			wrong = append(wrong, fmt.Errorf("there is no capability %q; it is %s", capability, oneOf(Capabilities())))
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	selected := slices.DeleteFunc(c.All(), func(r Requirement) bool { return !s.matches(r) })
	if len(selected) == 0 {
		return nil, ErrNone
	}
	return selected, nil
}

// hint returns a better text for an id without a requirement: the pattern of all ids with this beginning, or the
// nearest id.
func (c *Catalogue) hint(id string) string {
	for _, pattern := range []string{strings.TrimSuffix(id, "-") + "-*", id + "*"} {
		if id != "" && slices.ContainsFunc(c.all, func(r Requirement) bool { return matchesID(pattern, r.ID) }) {
			return fmt.Sprintf("did you mean '%s'?", pattern)
		}
	}
	if nearest, _ := c.Known(id); nearest != "" {
		return fmt.Sprintf("did you mean %s?", nearest)
	}
	return "vsee-contract list shows all"
}

func (s Selection) matches(r Requirement) bool {
	needs := func(capability string) bool { return slices.Contains(r.Requires(), Capability(capability)) }
	return (len(s.IDs) == 0 || slices.ContainsFunc(s.IDs,
		func(pattern string) bool { return matchesID(pattern, r.ID) })) &&
		(len(s.Levels) == 0 || slices.Contains(s.Levels, string(r.Level))) &&
		(len(s.Labels) == 0 || slices.ContainsFunc(r.Tags(),
			func(tag string) bool { return slices.Contains(s.Labels, tag) })) &&
		(len(s.Needs) == 0 || slices.ContainsFunc(s.Needs, needs)) &&
		!slices.ContainsFunc(s.Without, needs)
}

func matchesID(pattern, id string) bool {
	matched, err := path.Match(pattern, id)
	return err == nil && matched
}

// labels returns every tag of every requirement, sorted.
func (c *Catalogue) labels() []string {
	all := map[string]bool{}
	for _, r := range c.all {
		for _, tag := range r.Tags() {
			all[tag] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
