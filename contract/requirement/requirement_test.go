package requirement_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
)

func some() []requirement.Requirement {
	return []requirement.Requirement{
		{
			ID: "HOOK-001", Title: "an event is signed", Level: requirement.Must, Operation: "eligibility.checked",
			Effect: requirement.Changes,
			Needs:  []requirement.Capability{requirement.Webhook, requirement.Clock}, Evidence: requirement.Ours,
			Labels: []string{"webhook"},
		},
		{
			ID: "ELIG-010", Title: "a check is `new` | `done`", Level: requirement.May, Operation: "startEligibilityCheck",
			Effect: requirement.Changes, Evidence: requirement.Seed, Labels: []string{"slow"},
		},
		{
			ID: "ELIG-002", Title: "a check has an id", Level: requirement.Must, Operation: "startEligibilityCheck",
			Effect: requirement.Changes, Evidence: requirement.Seed,
		},
		{
			ID: "AUTH-001", Title: "a request without a token is refused", Level: requirement.Should,
			Operation: requirement.EveryOperation, Effect: requirement.Safe, Evidence: requirement.Documented,
		},
	}
}

func catalogue(t *testing.T) *requirement.Catalogue {
	t.Helper()
	c := requirement.New([]string{"startEligibilityCheck", "signOn", "eligibility.checked"})
	if err := c.Add(some()...); err != nil {
		t.Fatal(err)
	}
	return c
}

func ids(requirements []requirement.Requirement) string {
	var all []string
	for _, r := range requirements {
		all = append(all, r.ID)
	}
	return strings.Join(all, " ")
}

func TestRequirementsAreSortedByID(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	if got := ids(c.All()); got != "AUTH-001 ELIG-002 ELIG-010 HOOK-001" {
		t.Error(got)
	}
	if r := c.All()[1]; r.Title != "a check has an id" {
		t.Errorf("%+v", r)
	}
}

func TestAnInvalidRequirementIsNotAdded(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(r *requirement.Requirement)
		want   string
	}{
		"twice": {func(r *requirement.Requirement) { r.ID = "ELIG-002" },
			`requirement "ELIG-002": the id is taken by another requirement`},
		"no id": {func(r *requirement.Requirement) { r.ID = "" },
			`requirement "": the id must be 2 to 6 capital letters, a hyphen, and 3 digits or a name`},
		"small id": {func(r *requirement.Requirement) { r.ID = "elig-003" },
			`requirement "elig-003": the id must be 2 to 6 capital letters, a hyphen, and 3 digits or a name`},
		"long id": {func(r *requirement.Requirement) { r.ID = "ELIG-0031" },
			`requirement "ELIG-0031": the id must be 2 to 6 capital letters, a hyphen, and 3 digits or a name`},
		"no title": {func(r *requirement.Requirement) { r.Title = " " },
			`requirement "ELIG-003": the title must not be empty`},
		"two lines": {func(r *requirement.Requirement) { r.Title = "a\nb" },
			`requirement "ELIG-003": the title must be one line`},
		"no level": {func(r *requirement.Requirement) { r.Level = "" },
			`requirement "ELIG-003": the level must be must, should or may`},
		"no effect": {func(r *requirement.Requirement) { r.Effect = "" },
			`requirement "ELIG-003": the effect must be safe or mutating`},
		"no evidence": {func(r *requirement.Requirement) { r.Evidence = "hearsay" },
			`requirement "ELIG-003": the evidence must be seed, documented, observed, inferred or ours`},
		"no operation": {func(r *requirement.Requirement) { r.Operation = "" },
			`requirement "ELIG-003": the operation must not be empty; if it concerns them all, write "every operation"`},
		"mistyped operation": {func(r *requirement.Requirement) { r.Operation = "signon" },
			`requirement "ELIG-003": there is no operation "signon"; did you mean "signOn"?`},
		"unknown operation": {func(r *requirement.Requirement) { r.Operation = "fly" },
			`requirement "ELIG-003": there is no operation "fly"`},
		"unknown capability": {func(r *requirement.Requirement) { r.Needs = []requirement.Capability{"luck"} },
			`requirement "ELIG-003": there is no capability "luck"; it is clock, webhook, mutating, visits, member or mock`},
		"capability twice": {func(r *requirement.Requirement) { r.Needs = []requirement.Capability{"clock", "clock"} },
			`requirement "ELIG-003": the needs have "clock" twice`},
		"label of two words": {func(r *requirement.Requirement) { r.Labels = []string{"a b"} },
			`requirement "ELIG-003": a label must be one word`},
		"two mistakes at once": {func(r *requirement.Requirement) { r.Title, r.Level = "", "" },
			"requirement \"ELIG-003\": the title must not be empty\nrequirement \"ELIG-003\": the level must be must, should " +
				"or may"},
	} {
		c, r := catalogue(t), some()[2]
		r.ID = "ELIG-003"
		tc.change(&r)
		if err := c.Add(r); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", name, err)
		}
		if len(c.All()) != len(some()) {
			t.Errorf("%s: it was added", name)
		}
	}
}

func TestRequirementsAreSelected(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		want string
		s    requirement.Selection
	}{
		{"AUTH-001 ELIG-002 ELIG-010 HOOK-001", requirement.Selection{}},
		{"ELIG-002 HOOK-001", requirement.Selection{Levels: []string{"must"}}},
		{"AUTH-001 ELIG-010", requirement.Selection{Levels: []string{"may", "should"}}},
		{"ELIG-010 HOOK-001", requirement.Selection{Labels: []string{"slow", "webhook"}}},
		{"ELIG-002 ELIG-010", requirement.Selection{Labels: []string{"evidence:seed"}}},
		{"AUTH-001", requirement.Selection{Labels: []string{"effect:safe", "id:AUTH-001"}}},
		{"ELIG-010", requirement.Selection{
			IDs:    []string{"ELIG-010", "ELIG-010", "AUTH-001"},
			Labels: []string{"effect:mutating"},
		}},
		{"ELIG-002 ELIG-010", requirement.Selection{IDs: []string{"ELIG-0*"}}},
		{"HOOK-001", requirement.Selection{Needs: []string{"clock"}}},
		{"HOOK-001", requirement.Selection{Needs: []string{"mock", "webhook"}}},
		{"ELIG-002 ELIG-010 HOOK-001", requirement.Selection{Needs: []string{"mutating"}}},
		{"AUTH-001 ELIG-002 ELIG-010", requirement.Selection{Without: []string{"clock"}}},
		{"AUTH-001", requirement.Selection{Without: []string{"webhook", "mutating"}}},
		{"ELIG-002 ELIG-010", requirement.Selection{Needs: []string{"mutating"}, Without: []string{"clock"}}},
	} {
		got, err := catalogue(t).Select(tc.s)
		if err != nil || ids(got) != tc.want {
			t.Errorf("%+v: %s, %v, want %s", tc.s, ids(got), err, tc.want)
		}
	}
}

func TestAMisspeltSelectionIsRefused(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]requirement.Selection{
		`there is no requirement "ELIG-10"; did you mean ELIG-010?`:          {IDs: []string{"ELIG-10"}},
		`there is no requirement "elig-002"; did you mean ELIG-002?`:         {IDs: []string{"elig-002"}},
		`there is no requirement "everything"; vsee-contract list shows all`: {IDs: []string{"ELIG-002", "everything"}},
		"there is no level \"musst\"; it is must, should or may\nno requirement has the label \"sloow\"; did you mean " +
			"\"slow\"?": {
			Levels: []string{"musst"}, Labels: []string{"sloow"},
		},
		`there is no requirement "HOOK-[]"; vsee-contract list shows all`: {IDs: []string{"HOOK-[]"}},
		"there is no capability \"clokc\"; it is clock, webhook, mutating, visits, member or mock\nthere is no capability " +
			"\"luck\"; it is clock, webhook, mutating, visits, member or mock": {
			Needs: []string{"clokc"}, Without: []string{"luck"},
		},
	} {
		if got, err := catalogue(t).Select(s); err == nil || err.Error() != want || got != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for _, s := range []requirement.Selection{
		{IDs: []string{"AUTH-001"}, Levels: []string{"must"}},
		{IDs: []string{"AUTH-001"}, Needs: []string{"clock"}},
		{Needs: []string{"clock"}, Without: []string{"clock"}},
	} {
		if _, err := catalogue(t).Select(s); !errors.Is(err, requirement.ErrNone) {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestMissingCapabilitiesAreListed(t *testing.T) {
	t.Parallel()
	lacks := map[string][]requirement.Capability{
		"AUTH-001": nil,
		"ELIG-002": {requirement.Mutating},
		"HOOK-001": {requirement.Mock, requirement.Webhook, requirement.Clock, requirement.Mutating},
	}
	for _, r := range catalogue(t).All() {
		want, ok := lacks[r.ID]
		if !ok {
			continue
		}
		if diff := cmp.Diff(want, r.Lacks(func(requirement.Capability) bool { return false })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", r.ID, diff)
		}
		if got := r.Lacks(func(requirement.Capability) bool { return true }); len(got) > 0 {
			t.Errorf("%s: %v", r.ID, got)
		}
	}
}

// A cell with a number from before the tables keeps it. Every other id names the operation and the row.
func TestACellOfATableHasAnID(t *testing.T) {
	t.Parallel()
	for _, tc := range [][4]string{
		{"AUTH", "startEligibilityCheck", "other-code", "AUTH-start-eligibility-check-other-code"},
		{"FAIL", "login", "429", "FAIL-login-429"},
		{"AUTH", "listInsurers", "token", "AUTH-001"},
		{"PATH", "getMe", "stable", "PATH-009"},
	} {
		if got := requirement.Cell(tc[0], tc[1], tc[2]); got != tc[3] {
			t.Errorf("%s of %s in %s is %s, want %s", tc[2], tc[1], tc[0], got, tc[3])
		}
	}
}
