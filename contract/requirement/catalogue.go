package requirement

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// Catalogue is the requirements, each with an id of its own.
type Catalogue struct {
	operations []string
	all        []Requirement // in the order of their ids
}

// New returns an empty catalogue of requirements on these operations and events.
func New(operations []string) *Catalogue {
	return &Catalogue{operations: append(slices.Clone(operations), EveryOperation)}
}

// All returns the requirements in the order of their ids. The slice is the caller's own.
func (c *Catalogue) All() []Requirement { return slices.Clone(c.all) }

// Known reports whether there is a requirement of an id; when there is none, nearest is the id that was most likely
// meant, or empty.
func (c *Catalogue) Known(id string) (nearest string, ok bool) {
	if _, ok := c.find(id); ok {
		return "", true
	}
	ids := make([]string, 0, len(c.all))
	for _, r := range c.all {
		ids = append(ids, r.ID)
	}
	return suggest.Name(id, ids), false
}

func (c *Catalogue) find(id string) (int, bool) {
	return slices.BinarySearchFunc(c.all, id, func(r Requirement, id string) int { return strings.Compare(r.ID, id) })
}

// Add adds requirements. The error joins all that is wrong with them; those that are right have been added.
func (c *Catalogue) Add(requirements ...Requirement) error {
	var wrong []error
	for _, r := range requirements {
		i, twice := c.find(r.ID)
		found := c.check(r)
		if twice {
			found = append(found, "there is one of that id already")
		}
		for _, rule := range found {
			wrong = append(wrong, fmt.Errorf("requirement %q: %s", r.ID, rule))
		}
		if len(found) == 0 {
			c.all = slices.Insert(c.all, i, r)
		}
	}
	return errors.Join(wrong...)
}

var idForm = regexp.MustCompile(`^[A-Z]{2,6}-([0-9]{3}|[a-z][a-z0-9]*(-[a-z0-9]+)*)$`)

// check returns what is wrong with a requirement.
func (c *Catalogue) check(r Requirement) []string {
	var wrong []string
	hold := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	hold(idForm.MatchString(r.ID), "an id is 2 to 6 capital letters, a hyphen and 3 digits, or a name")
	hold(strings.TrimSpace(r.Title) != "", "it has no title")
	hold(!strings.ContainsAny(r.Title, "\r\n"), "the title has several lines")
	hold(slices.Contains(Levels(), r.Level), "the level is %s", oneOf(Levels()))
	hold(slices.Contains(Effects(), r.Effect), "the effect is %s", oneOf(Effects()))
	hold(slices.Contains(Grades(), r.Evidence), "the evidence is %s", oneOf(Grades()))
	switch {
	case r.Operation == "":
		hold(false, "it has no operation; one that is about none in particular has %q", EveryOperation)
	case !slices.Contains(c.operations, r.Operation):
		hold(false, "there is no operation %q%s", r.Operation, meant(r.Operation, c.operations))
	}
	for i, need := range r.Needs {
		hold(slices.Contains(Capabilities(), need), "there is no capability %q; it is %s", need, oneOf(Capabilities()))
		hold(!slices.Contains(r.Needs[:i], need), "it needs %q twice", need)
	}
	for _, label := range r.Labels {
		hold(label != "" && !strings.ContainsAny(label, " ,\t\r\n"), "a label is one word")
	}
	return wrong
}

func oneOf[T ~string](words []T) string {
	text := ""
	for i, word := range words {
		switch {
		case i == 0:
		case i == len(words)-1:
			text += " or "
		default:
			text += ", "
		}
		text += string(word)
	}
	return text
}

// meant asks whether another word was meant, when there is one that looks like it.
func meant(word string, candidates []string) string {
	if nearest := suggest.Name(word, candidates); nearest != "" {
		return fmt.Sprintf("; did you mean %q?", nearest)
	}
	return ""
}
