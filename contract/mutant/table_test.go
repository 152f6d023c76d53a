package mutant_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/mutant"
)

// requirements are the ids of all requirements.
func requirements(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../requirements.md")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, row := range regexp.MustCompile(`(?m)^\| ([A-Z]+-\S+) \|`).FindAllSubmatch(text, -1) {
		ids = append(ids, string(row[1]))
	}
	return ids
}

func TestAMutantSaysWhoMustCatchItOrWhyNobodyCan(t *testing.T) {
	t.Parallel()
	ids := requirements(t)
	for _, m := range mutant.All() {
		if (len(m.Caught) > 0) == (m.Survives != "") {
			t.Errorf("%s must be caught by %q, and survives because %q", m.Name, m.Caught, m.Survives)
		}
		for _, id := range m.Caught {
			if !slices.Contains(ids, id) {
				t.Errorf("%s must be caught by %s, which there is not", m.Name, id)
			}
		}
	}
}

// A requirement that fails for no mutant may be unable to fail. Scenarios share their test code, so they are
// excepted.
func TestEachRequirementFailsForAMutant(t *testing.T) {
	t.Parallel()
	var named []string
	for _, m := range mutant.All() {
		named = append(named, m.Caught...)
	}
	for _, id := range requirements(t) {
		if !strings.HasPrefix(id, "SCEN-") && !slices.Contains(named, id) {
			t.Errorf("no mutant must be caught by %s", id)
		}
	}
}

// The published score lists the current mutants, and each had its expected outcome.
func TestTheTableHasEachMutant(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../mutants.md")
	if err != nil {
		t.Fatal(err)
	}
	var score mutant.Score
	for _, m := range mutant.All() {
		v := mutant.Verdict{Mutant: m}
		if m.Survives == "" {
			v.Failed, v.LiedTo = m.Caught, m.Caught
		}
		score = append(score, v)
	}
	var want strings.Builder
	if err := score.WriteMarkdown(&want); err != nil {
		t.Fatal(err)
	}
	if want.String() != string(text) {
		has, must := strings.Split(string(text), "\n"), strings.Split(want.String(), "\n")
		for _, row := range must {
			if !slices.Contains(has, row) {
				t.Errorf("it lacks %s", row)
			}
		}
		for _, row := range has {
			if !slices.Contains(must, row) {
				t.Errorf("it must not have %s", row)
			}
		}
		t.Error("CONTRIBUTING.md says how to write it")
	}
	page, err := os.ReadFile("../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	if told := fmt.Sprintf("Of %d mutants %d are caught, %d %%.", len(score), score.Count(mutant.Caught), score.Percent()); !strings.Contains(string(page), told) {
		t.Errorf("docs/contract.md does not say: %s", told)
	}
	if score.Percent() < 95 {
		t.Errorf("%d %% of the mutants are caught", score.Percent())
	}
}
