package scenarios_test

import (
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

const tableHead = `# The catalogue

A patient whose card holds what stands here gets what stands beside it, on any mock that runs with the catalogue. The
links lead to the files; this page is made from them by ` + "`go test ./scenarios -update`" + `.
`

func TestTheTableIsThatOfTheFiles(t *testing.T) {
	t.Parallel()
	got := tableHead + scenarios.Table(catalogue(t))
	golden.Is(t, "README.md", got)
}
