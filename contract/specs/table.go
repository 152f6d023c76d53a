package specs

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
)

// cell returns the requirement of a table row for an operation. The title continues the operation's name.
func cell(group, row, title string, evidence requirement.Evidence, o operation) rule {
	return rule{
		ID: requirement.Cell(group, o.id, row), Title: o.id + " " + title, Operation: o.id, Effect: o.effect,
		Evidence: evidence.Weaker(o.evidence), Needs: slices.Clone(o.needs),
	}
}
