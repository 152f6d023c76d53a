package contract

import (
	"slices"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
)

// cell returns the requirement of a table row for an operation.
func cell(group, row, title, evidence string, o operation) required {
	r := required{
		id: requirement.Cell(group, o.id, row), title: title + ": " + o.id,
		operation: o.id, effect: o.effect, evidence: weaker(evidence, o.evidence), needs: slices.Clone(o.needs),
	}
	r.level = levelOf(r.evidence)
	return r
}

// weaker returns the weaker of two grades of evidence.
func weaker(one, other string) string {
	grades := requirement.Grades()
	if slices.Index(grades, requirement.Evidence(one)) > slices.Index(grades, requirement.Evidence(other)) {
		return one
	}
	return other
}

// levelOf returns the level of a requirement with evidence of a grade.
func levelOf(evidence string) string {
	switch evidence {
	case seed, documented:
		return must
	case ours:
		return may
	}
	return should
}
