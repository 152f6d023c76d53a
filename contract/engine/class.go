package engine

import (
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// ClassOf returns the class of a cause: the one table of classes. required is whether the document requires the field
// or header of the cause; evidence is the grade of the broken statement.
func ClassOf(kind result.Kind, required bool, evidence requirement.Evidence) result.Class {
	switch {
	case kind == result.Undeclared, !required && (kind == result.Null || kind == result.Header):
		return result.Additive
	case kind == result.Enum, kind == result.Text, kind == result.Late,
		evidence == requirement.Inferred, evidence == requirement.Ours:
		return result.Unclear
	}
	return result.Breaking
}
