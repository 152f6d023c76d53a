package specs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

func all(t testing.TB) []engine.Requirement {
	t.Helper()
	all, err := specs.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The published list of requirements matches the catalogue.
func TestTheListOfRequirementsIsThatOfTheCatalogue(t *testing.T) {
	t.Parallel()
	c, err := specs.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	golden.Is(t, "../requirements.md", listOf(c.All()))
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
			fmt.Fprintf(&b, "\n## %s\n\n| id | requirement | level | operation | effect | needs | evidence |\n| --- | --- | "+
				"--- | --- | --- | --- | --- |\n", prefix)
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
	ids := map[string]string{}
	for _, r := range all(t) {
		ids[r.ID] = r.Operation
	}
	for id, want := range map[string]string{
		"AUTH-001": "listInsurers", "AUTH-012": "getUser", "USER-001": "getMe", "USER-006": "updateMe",
		"SHAPE-get-user": "getUser",
	} {
		if ids[id] != want {
			t.Errorf("%s is of %q, want %q", id, ids[id], want)
		}
	}
}

// A shape requirement sends no requests, so `explain` selects it with others of its operation.
func TestAShapeHasARequirementBesideIt(t *testing.T) {
	t.Parallel()
	beside := map[string]int{}
	for _, r := range all(t) {
		beside[r.Operation]++
	}
	for _, r := range engine.Shapes() {
		if beside[r.Operation] < 2 {
			t.Errorf("%s has no other requirement of %s beside it", r.ID, r.Operation)
		}
	}
}

// A rule said or shown by VSee is a must; a server may differ from a decision of this project.
func TestALevelFollowsFromTheEvidence(t *testing.T) {
	t.Parallel()
	for _, r := range all(t) {
		if strings.HasPrefix(r.ID, "SHAPE-") {
			continue // its causes have evidence of their own
		}
		if r.Evidence == requirement.Ours && r.Level != requirement.May || r.Evidence == requirement.Seed &&
			r.Level != requirement.Must {
			t.Errorf("%s is %s, by evidence %q", r.ID, r.Level, r.Evidence)
		}
	}
}
