package contractcmd

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/mutant"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
)

// docs/contract.md has the numbers of requirements, operations and mutants of this version.
func TestThePageHasTheNumbersOfToday(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/contract.md")
	if err != nil {
		t.Fatal(err)
	}
	requirements, err := specs.All()
	if err != nil {
		t.Fatal(err)
	}
	operations, vsees, extras := embedded.Spec().Operations, 0, []string{}
	for _, o := range operations {
		if requirement.Evidence(o.Grade) != requirement.Ours {
			vsees++
		}
		if slices.Contains([]string{"file", "room", "visit"}, o.Declared.Tags[0]) {
			extras = append(extras, o.ID)
		}
	}
	mutants := mutant.All()
	rest := slices.DeleteFunc(slices.Clone(mutants), func(m mutant.Mutant) bool {
		return slices.Contains(extras, m.Operation) || strings.HasPrefix(m.Operation, "visit.")
	})
	for _, want := range []string{
		fmt.Sprintf(" of %d requirements tested, 23 of %d operations seen.\n", len(requirements), vsees),
		fmt.Sprintf("Of the %d operations in `openapi.yaml`, %d are VSee's.", len(operations), vsees),
		fmt.Sprintf("| `mock`, without files, rooms and visits | %d |", len(rest)),
		fmt.Sprintf("| `mock` | %d |", len(mutants)),
		fmt.Sprintf("| `mutating` | %d |", len(mutant.Faced(mutants, mutant.Mutating, 1))),
		fmt.Sprintf("| `read-only` | %d |", len(mutant.Faced(mutants, mutant.ReadOnly, 1))),
	} {
		if !strings.Contains(string(page), want) {
			t.Errorf("docs/contract.md must have %q", want)
		}
	}
}
