package vseemock_test

import (
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/vsee-mock/vsee-mock"

// Who may import whom of our packages, directly. A package that is not listed may import nothing of ours.
var arrows = map[string][]string{
	"scenarios":                  {"internal/bounded", "internal/boundedyaml", "internal/memberid"},
	"mockserver/due":             {"mockserver/clock"},
	"mockserver/clinic":          {"internal/memberid", "mockserver/clock"},
	"mockserver/store":           {"mockserver/clinic"},
	"mockserver/store/storetest": {"mockserver/clinic"},
	"mockserver/webhook":         {"mockserver/clock"},
	"mockserver/gauntlet":        {"contract/junit", "mockserver/clock", "mockserver/webhook", "scenarios"},
	"mockserver/clearinghouse":   {"internal/memberid", "mockserver/clinic", "scenarios"},
	"mockserver/fault":           {"scenarios"},
	"mockserver/cron":            {"internal/logline", "mockserver/clinic", "mockserver/clock", "mockserver/document", "mockserver/due", "mockserver/journal", "mockserver/webhook"},
	"mockserver/mask":            {"mockserver/document"},
	"mockserver/journal":         {"mockserver/mask"},
	"mockserver/portal":          {"internal/logline", "internal/requestid", "mockserver/clinic", "mockserver/clock", "mockserver/journal"},
	"mockserver/api":             {"internal/logline", "internal/requestid", "mockserver/clearinghouse", "mockserver/clinic", "mockserver/clock", "mockserver/document", "mockserver/fault", "mockserver/journal", "mockserver/mask"},
	"mockserver/controlapi":      {"internal/bounded", "scenarios"},
	"mockserver/control":         {"internal/jsonscan", "internal/logline", "internal/requestid", "internal/suggest", "mockserver/clearinghouse", "mockserver/clinic", "mockserver/clock", "mockserver/controlapi", "mockserver/cron", "mockserver/due", "mockserver/fault", "mockserver/journal", "mockserver/mask", "scenarios"},
	"mockserver": {
		"", "internal/logline", "internal/requestid", "mockserver/api", "mockserver/clearinghouse", "mockserver/clinic", "mockserver/control", "mockserver/controlapi", "mockserver/cron",
		"mockserver/document", "mockserver/due", "mockserver/fault", "mockserver/journal", "mockserver/mask", "mockserver/portal", "mockserver/store", "mockserver/webhook", "scenarios",
	},
	"mockserver/mocktest": {"mockserver", "mockserver/clinic", "mockserver/controlapi"},
	"contract":            {"", "contract/config", "contract/coverage", "contract/document", "contract/ledger", "contract/redact", "contract/report", "contract/requirement", "contract/result", "contract/strict", "contract/wire", "internal/bounded", "internal/boundedyaml", "internal/outfile", "mockserver/controlapi", "scenarios"},
	"contract/coverage":   {"contract/strict"},
	"contract/config":     {"internal/bounded", "internal/boundedyaml", "internal/printable"},
	"contract/ledger":     {"contract/result", "internal/boundedyaml"},
	"contract/mutant":     {"contract/requirement", "contract/result", "internal/bounded", "scenarios"},
	"contract/report":     {"contract/coverage", "contract/junit", "contract/result", "internal/printable"},
	"contract/strict":     {"contract/result"},
	"contract/wire":       {"contract/redact", "contract/result"},
	"cmd/vsee-contract":   {"", "contract", "contract/config", "contract/coverage", "contract/ledger", "contract/mutant", "contract/report", "contract/requirement", "contract/result", "internal/bounded", "internal/outfile", "internal/printable", "scenarios"},
	"cmd/vsee-mock":       {"", "internal/bounded", "internal/boundedyaml", "internal/logline", "internal/outfile", "internal/printable", "mockserver", "mockserver/clinic", "mockserver/clock", "mockserver/controlapi", "mockserver/document", "mockserver/gauntlet", "mockserver/webhook", "scenarios"},
}

func goList(t *testing.T, args ...string) [][]string {
	t.Helper()
	touch(t)
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.Lines(string(out)) {
		rows = append(rows, strings.Fields(line))
	}
	return rows
}

// touch looks at every source file, so that go test knows what these tests depend on: it does not see what go list
// reads, and would show an old result.
func touch(t *testing.T) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && (strings.HasSuffix(path, ".go") || path == "go.mod") {
			_, err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPackagesImportWhatTheLayoutLetsThem(t *testing.T) {
	t.Parallel()
	for _, row := range goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		from := strings.TrimPrefix(strings.TrimPrefix(row[0], module), "/")
		for _, imported := range row[1:] {
			to, ours := strings.CutPrefix(imported, module)
			if to = strings.TrimPrefix(to, "/"); ours && !slices.Contains(arrows[from], to) {
				t.Errorf("%s imports %s", row[0], imported)
			}
		}
	}
}

// Ginkgo and Gomega are for the contract run alone. The run must be able to test a real server, so of the mock it knows
// openapi.yaml, the scenarios, and the client of the control API.
func TestTheContractRunKnowsNoMoreOfTheMockThanItsControlAPI(t *testing.T) {
	t.Parallel()
	for _, row := range goList(t, "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./...") {
		path := strings.TrimPrefix(row[0], module)
		contract := strings.HasPrefix(path, "/contract") || path == "/cmd/vsee-contract"
		for _, dep := range row[1:] {
			if strings.HasPrefix(dep, "github.com/onsi/") && !contract {
				t.Errorf("%s depends on %s", row[0], dep)
			}
			if strings.HasPrefix(dep, module+"/mockserver") && dep != module+"/mockserver/controlapi" && contract {
				t.Errorf("%s depends on %s", row[0], dep)
			}
		}
	}
}

// What of the contract run is data, configuration and reports can be used, and tested, without a suite that runs; only
// its tests know a mock.
func TestThePartsOfTheContractRunArePlain(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, row := range goList(t, "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./contract/...") {
		if row[0] == module+"/contract" {
			continue
		}
		seen++
		for _, dep := range row[1:] {
			if strings.HasPrefix(dep, "github.com/onsi/") || strings.HasPrefix(dep, module+"/mockserver") || dep == module+"/contract" {
				t.Errorf("%s depends on %s", row[0], dep)
			}
		}
	}
	if seen == 0 {
		t.Error("the contract run has no parts")
	}
}

// v1.8.1 answers 404 where 405 is right, with sub-routers.
func TestGorillaMuxStaysAtV180(t *testing.T) {
	t.Parallel()
	for _, row := range goList(t, "-m", "github.com/gorilla/mux") {
		if row[1] != "v1.8.0" {
			t.Errorf("gorilla/mux is %s", row[1])
		}
	}
}
