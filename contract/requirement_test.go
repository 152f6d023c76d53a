//go:build ignore

package contract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func allSpecs(t *testing.T) []*spec {
	t.Helper()
	stories, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	specs, err := specsOf(&target{}, stories)
	if err != nil {
		t.Fatal(err)
	}
	return specs
}

// The published list of requirements matches the catalogue.
func TestTheListOfRequirementsIsThatOfTheCatalogue(t *testing.T) {
	t.Parallel()
	c, err := catalogueOf(allSpecs(t))
	if err != nil {
		t.Fatal(err)
	}
	golden.Is(t, "requirements.md", listOf(c.All()))
}

const preface = `# Requirements

This file is generated from the catalogue of the contract run. Ids never change: files of known differences use them.
`

// listOf returns the list of the requirements in Markdown, a table for each prefix of their ids.
func listOf(requirements []requirement.Requirement) string {
	var b strings.Builder
	b.WriteString(preface)
	last := ""
	for _, r := range requirements {
		if prefix, _, _ := strings.Cut(r.ID, "-"); prefix != last {
			last = prefix
			fmt.Fprintf(&b, "\n## %s\n\n| id | requirement | level | operation | effect | needs | evidence |\n| --- | --- | --- | --- | --- | --- | --- |\n", prefix)
		}
		needs := make([]string, 0, len(r.Needs))
		for _, need := range r.Needs {
			needs = append(needs, string(need))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n",
			r.ID, inCell(r.Title), r.Level, inCell(r.Operation), r.Effect, strings.Join(needs, ", "), r.Evidence)
	}
	return b.String()
}

// inCell escapes the characters that would end a table cell. Other markup in the text is intended.
func inCell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// Other people have these ids in their reports and known differences.
func TestARequirementKeepsItsID(t *testing.T) {
	t.Parallel()
	titles := map[string]string{}
	for _, s := range allSpecs(t) {
		titles[s.id] = s.sentence()
	}
	for id, want := range map[string]string{
		"AUTH-001":         "Authentication takes a token alone, without an account code: listInsurers",
		"AUTH-012":         "Authentication refuses another patient's token: getUser",
		"SIGN-001":         "Sign-on is idempotent: the same code is the same user",
		"SIGN-016":         "Sign-on refuses a field whose name is mistyped, as the mock does",
		"PATH-005":         "Paths has /insurances",
		"PATH-012":         "Paths answers an unknown user with 404",
		"BODY-001":         "Bodies may spell nested fields with the guide's dots in multipart",
		"BODY-021":         "Bodies are refused when one with text where an object goes comes",
		"CARD-001":         "Insurance cards are an empty list when there are none",
		"CARD-021":         "Insurance cards have images, for who may read the card",
		"ELIG-003":         "Eligibility check saves its result on the card of its carrier and on no other",
		"ELIG-009":         "Eligibility check is refused with a token that has expired",
		"FIND-001":         "Users are found by e-mail address, with email, id and full_name",
		"LOGIN-007":        "Login ends with a logout, and its refresh token with it",
		"ACCT-001":         "Account is shown to who has no token",
		"HOOK-006":         "Webhook is told of each check by itself",
		"SCEN-no-response": "Scenario The insurer did not answer the clearinghouse (no-response)",
	} {
		if titles[id] != want {
			t.Errorf("%s is %q, want %q", id, titles[id], want)
		}
	}
}

// A rule said or shown by VSee is a must; a server may differ from a decision of this project.
func TestALevelFollowsFromTheEvidence(t *testing.T) {
	t.Parallel()
	for _, s := range allSpecs(t) {
		if (s.evidence == ours) && s.level != may || s.evidence == seed && s.level != must {
			t.Errorf("%s is %s, by evidence %q", s.id, s.level, s.evidence)
		}
	}
}

func TestASpecWithoutAnIDIsRefused(t *testing.T) {
	t.Parallel()
	specs := allSpecs(t)
	refuses := refuseUnknown(specs)
	right := specs[0].tags()
	for _, tc := range []struct {
		what string
		kind types.NodeType
		args []any
		want string // "" when it is taken
	}{
		{"a container", types.NodeTypeContainer, nil, ""},
		{"a requirement", types.NodeTypeIt, []any{ginkgo.Label(right...)}, ""},
		{"no label", types.NodeTypeIt, nil, `the spec "x" has no id: add it with require`},
		{"no id", types.NodeTypeIt, []any{ginkgo.Label(right[1:]...)}, `the spec "x" has no id`},
		{"another id", types.NodeTypeIt, []any{ginkgo.Label("id:NONE-001")}, `are not those of the requirement NONE-001`},
		{"no level", types.NodeTypeIt, []any{ginkgo.Label(slices.Delete(slices.Clone(right), 1, 2)...)}, "are not those of the requirement"},
	} {
		_, _, wrong := refuses(tc.kind, ginkgo.Offset(0), "x", tc.args)
		switch {
		case tc.want == "" && len(wrong) > 0:
			t.Errorf("%s: %v", tc.what, wrong)
		case tc.want != "" && (len(wrong) != 1 || !strings.Contains(wrong[0].Error(), tc.want)):
			t.Errorf("%s: %v, want %s", tc.what, wrong, tc.want)
		}
	}
}

func TestARequirementSaysAllThatItMust(t *testing.T) {
	t.Parallel()
	r := required{id: "X-001", title: "x", level: must, effect: safe, evidence: seed}
	if err := r.check(); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(*required){
		"id":       func(r *required) { r.id = "" },
		"title":    func(r *required) { r.title = "" },
		"level":    func(r *required) { r.level = "shall" },
		"effect":   func(r *required) { r.effect = "" },
		"evidence": func(r *required) { r.evidence = "hearsay" },
	} {
		wrong := r
		change(&wrong)
		if err := wrong.check(); err == nil || !strings.Contains(err.Error(), "has no "+what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	twice := &target{}
	stories, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	twice.require(required{id: "AUTH-001", title: "x", level: must, effect: safe, evidence: seed}, nil)
	if _, err := specsOf(twice, stories); err == nil || !strings.Contains(err.Error(), "two requirements have the id AUTH-001") {
		t.Errorf("an id that is given twice: %v", err)
	}
}
