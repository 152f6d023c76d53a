package scenarios_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

const tableHead = `# The catalogue

A patient whose card holds what stands here gets what stands beside it, on any mock that runs with the catalogue. The
links lead to the files; this page is made from them by ` + "`go test ./scenarios -update`" + `.
`

func TestTheTableIsThatOfTheFiles(t *testing.T) {
	t.Parallel()
	got := tableHead + scenarios.Table(catalogue(t))
	if *update {
		if err := os.WriteFile("README.md", []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("README.md (-file +made of the scenarios):\n%s", diff)
	}
}
