package scenarios

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/vsee-mock/vsee-mock/internal/scalar"
)

// Nots are conditions of which a check must match none. In a file they are one, or a list.
type Nots []When

// UnmarshalYAML reads one condition, or a list of them.
func (n *Nots) UnmarshalYAML(node ast.Node) error {
	items := []ast.Node{node}
	if list, ok := node.(*ast.SequenceNode); ok {
		items = list.Values
	}
	*n = nil
	for _, item := range items {
		if _, ok := item.(ast.MapNode); !ok {
			return scalar.NewMisfit(item, "must be fields of a check", "write not: {card: secondary}")
		}
		var w When
		if err := yaml.NodeToValue(item, &w, yaml.Strict()); err != nil {
			return err
		}
		*n = append(*n, w)
	}
	if len(*n) == 0 {
		return scalar.NewMisfit(node, "must not be an empty list", "write fields of a check, or remove the key")
	}
	return nil
}

// lacks reports whether a check has no value in the absent fields.
func (w *When) lacks(c *Check) bool {
	return !slices.ContainsFunc(w.Absent, func(name string) bool { return conditionOf(name).value(c) != "" })
}

// isLeftOut reports whether a check matches one of the conditions that leave checks out. They have the zone of w unless
// they name another.
func (w *When) isLeftOut(c *Check) bool {
	return slices.ContainsFunc(w.Not, func(n When) bool {
		if !n.TimeZone.IsZero() {
			return matches(&n, c)
		}
		return n.matchesLocal(c)
	})
}

// conditionOf returns the condition with a name.
func conditionOf(name string) *condition { return fieldsOf(name)[0] }

// absentable are the fields that a check may lack.
func absentable() []string {
	return []string{"subscriber_num", "group_number", "last_name", "dob", "email", "gender", "zip", "guarantor_name",
		"guarantor_dob"}
}

// allowsCard reports whether a check of a card can match.
func (w *When) allowsCard(card string) bool {
	return w.Card.matches(card, nil) && !slices.ContainsFunc(w.Not, func(n When) bool {
		is := n.Card.matches(card, nil)
		n.Card = nil
		return is && n.IsZero()
	})
}

// checkWhen checks the parts of a condition that the rows do not see.
func (s source) checkWhen(place string, w When) error {
	if err := s.checkRules(place, whenRules, w); err != nil {
		return err
	}
	for _, name := range w.Absent {
		if len(*conditionOf(name).wanted(&w)) > 0 {
			return s.problemAt(place+"."+name, "absent and "+name+" exclude each other", "keep one of them")
		}
	}
	for i, n := range w.Not {
		at := s.itemPlace(place+".not", i)
		if err := s.checkRules(at, notRules, n); err != nil {
			return err
		}
		if err := s.checkWhen(at, n); err != nil {
			return err
		}
	}
	return nil
}

// itemPlace returns the place of an item of a list, which a file may have as one value.
func (s source) itemPlace(list string, i int) string {
	if at := fmt.Sprintf("%s[%d]", list, i); i > 0 || s.nodeAt(at) != nil {
		return at
	}
	return list
}
