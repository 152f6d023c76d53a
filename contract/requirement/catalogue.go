package requirement

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// Catalogue is a set of requirements with distinct ids.
type Catalogue struct {
	operations []string
	all        []Requirement // sorted by id
}

// New returns an empty catalogue. Its requirements may only name these operations and events.
func New(operations []string) *Catalogue {
	return &Catalogue{operations: append(slices.Clone(operations), EveryOperation)}
}

// All returns the requirements, sorted by id. The caller may change the slice.
func (c *Catalogue) All() []Requirement { return slices.Clone(c.all) }

// Known reports whether a requirement with the id exists. If it does not, nearest is the most similar id, or empty.
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

// Add adds requirements. The error joins every mistake in them. Requirements without a mistake are added all the same.
func (c *Catalogue) Add(requirements ...Requirement) error {
	var wrong []error
	for _, r := range requirements {
		i, twice := c.find(r.ID)
		found := c.check(r)
		if twice {
			found = append(found, "the id is taken by another requirement")
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

// check returns the rules that a requirement breaks.
func (c *Catalogue) check(r Requirement) []string {
	var wrong []string
	require := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	require(idForm.MatchString(r.ID), "the id must be 2 to 6 capital letters, a hyphen, and 3 digits or a name")
	require(strings.TrimSpace(r.Title) != "", "the title must not be empty")
	require(!strings.ContainsAny(r.Title, "\r\n"), "the title must be one line")
	require(slices.Contains(Levels(), r.Level), "the level must be %s", oneOf(Levels()))
	require(slices.Contains(Effects(), r.Effect), "the effect must be %s", oneOf(Effects()))
	require(slices.Contains(Grades(), r.Evidence), "the evidence must be %s", oneOf(Grades()))
	switch {
	case r.Operation == "":
		require(false, "the operation must not be empty; if it concerns them all, write %q", EveryOperation)
	case !slices.Contains(c.operations, r.Operation):
		require(false, "there is no operation %q%s", r.Operation, didYouMean(r.Operation, c.operations))
	}
	for i, need := range r.Needs {
		require(slices.Contains(Capabilities(), need), "there is no capability %q; it is %s", need, oneOf(Capabilities()))
		require(!slices.Contains(r.Needs[:i], need), "the needs have %q twice", need)
	}
	for _, label := range r.Labels {
		require(label != "" && !strings.ContainsAny(label, " ,\t\r\n"), "a label must be one word")
	}
	return wrong
}

// oneOf joins words: "must, should or may".
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

// didYouMean returns a hint with the most similar candidate, or "" if none is similar.
func didYouMean(word string, candidates []string) string {
	if nearest := suggest.Name(word, candidates); nearest != "" {
		return fmt.Sprintf("; did you mean %q?", nearest)
	}
	return ""
}
