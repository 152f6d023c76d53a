package engine

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// A cause folds into the one that explains it, and no further.
func TestACauseFoldsIntoTheOneThatExplainsIt(t *testing.T) {
	t.Parallel()
	at := func(kind result.Kind, operation, pointer, expected, got string) result.Key {
		return result.Key{Kind: kind, Operation: operation, Case: result.OK, Pointer: pointer, Expected: expected, Got: got}
	}
	const read, list, event = "getMe", "listCards", "eligibility.checked"
	const city, text = "/data/city", "/data/user_data/primary"
	lost := at(result.LostWrite, read, city, result.AsSent, result.ChangedCase)
	other := at(result.Owner, list, "/data/*", ofRequest, ofAnother)
	stale := at(result.LostWrite, read, "/data", result.AsSent, result.Stale)
	gone := at(result.Value, read, "/data/user_data", result.AsDerived, result.Absent)
	wording := at(result.Text, "getUser", text, "a documented text", "Fine")
	for name, tc := range map[string]struct{ cause, of, into result.Key }{
		"another comparison of a lost value": {
			lost, at(result.Value, read, city, result.AsDerived, result.ChangedOther),
			lost,
		},
		"a late value that is lost":      {lost, at(result.Late, read, city, result.Present, result.Absent), lost},
		"a value of another user's card": {other, at(result.Value, list, "/data/*/consent", "true", "false"), other},
		"a value of a stale reply": {
			stale, at(result.Value, read, city, result.AsDerived, result.ChangedOther),
			stale,
		},
		"a value of a missing object": {gone, at(result.Missing, read, text, result.Present, result.Absent), gone},
		"a changed value of a missing object": {
			gone, at(result.Value, read, text, result.AsDerived, result.ChangedOther),
			result.Key{},
		},
		"a value of another operation": {
			lost, at(result.Value, "getUser", city, result.AsDerived, result.ChangedOther),
			result.Key{},
		},
		"a value of another place": {
			lost, at(result.Value, read, "/data/cit", result.AsDerived, result.ChangedOther),
			result.Key{},
		},
		"a missing event when another is late": {at(result.Late, event, "", result.Present, result.Absent),
			at(result.EventMissing, event, "", result.Present, result.Absent),
			at(result.Late, event, "", result.Present, result.Absent)},
		"a field that must be absent, and is not declared": {at(result.Value, read, city, result.Absent, result.Present),
			at(result.Undeclared, read, city, result.Absent, result.Present),
			at(result.Value, read, city, result.Absent, result.Present)},
		"a wording in the reply to an update": {
			wording, at(result.Text, "updateMe", text, "a documented text", "Fine"),
			wording,
		},
		"another wording": {
			wording, at(result.Text, "updateMe", text, "a documented text", "Good"),
			result.Key{},
		},
	} {
		c := newCollector()
		for _, key := range []result.Key{tc.cause, tc.of} {
			c.add(finding{Key: key, evidence: requirement.Documented})
		}
		if tc.into == (result.Key{}) {
			tc.into = tc.of // its own cause
		}
		if into := c.folded(); into[tc.of] != tc.into || into[tc.cause] != tc.cause {
			t.Errorf("%s: %+v, and the cause %+v", name, into[tc.of], into[tc.cause])
		}
	}
}

// The grade of a cause is that of its rule, in whichever order the findings come.
func TestACauseHasTheRuleOfItsGrade(t *testing.T) {
	t.Parallel()
	sure := finding{evidence: requirement.Documented, rule: "as documented", line: 7}
	unsure := finding{evidence: requirement.Ours, rule: "as decided"}
	for _, order := range [][]finding{{sure, unsure}, {unsure, sure}} {
		c := newCollector()
		for _, f := range order {
			c.add(f)
		}
		got := c.causes[sure.Key]
		if got.Rule != sure.rule || got.Evidence != string(sure.evidence) || got.Line != sure.line {
			t.Errorf("%+v", got)
		}
	}
}
