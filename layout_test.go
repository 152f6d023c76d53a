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

// The allowed direct imports between our packages. A package missing from the list may import none of ours.
var arrows = map[string][]string{
	"cmd/vsee-bench": {
		"cmd/vsee-bench/internal/child", "cmd/vsee-bench/internal/measure", "cmd/vsee-bench/internal/report",
	},
	"cmd/vsee-bench/internal/inside": {
		"cmd/vsee-bench/internal/child", "cmd/vsee-bench/internal/server", "internal/logline", "internal/printable",
		"internal/receiver", "mockserver", "mockserver/clinic", "mockserver/outbox", "scenarios",
	},
	"cmd/vsee-bench/internal/load": {"cmd/vsee-bench/internal/child"},
	"cmd/vsee-bench/internal/measure": {
		"cmd/vsee-bench/internal/child", "cmd/vsee-bench/internal/inside", "cmd/vsee-bench/internal/load",
		"cmd/vsee-bench/internal/report", "cmd/vsee-bench/internal/server",
	},
	"cmd/vsee-bench/internal/plain":  {"cmd/vsee-bench/internal/child", "cmd/vsee-bench/internal/server"},
	"cmd/vsee-bench/internal/server": {"", "cmd/vsee-bench/internal/child", "internal/apispec"},
	"cmd/internal/contractcmd": {
		"contract/config", "contract/drift", "contract/known", "contract/mutant", "contract/report",
		"contract/result", "contract/session", "contract/specs", "internal/apispec/embedded", "internal/bounded",
		"internal/outfile", "internal/printable", "internal/redact",
	},
	"cmd/vsee-contract": {"cmd/internal/contractcmd"},
	"cmd/vsee-mock": {
		"cmd/internal/contractcmd", // one binary under two names is half as large as two
		"cmd/vsee-mock/internal/command", "cmd/vsee-mock/internal/controlcmd", "cmd/vsee-mock/internal/evidence",
		"cmd/vsee-mock/internal/gauntletcmd",
		"cmd/vsee-mock/internal/listen", "cmd/vsee-mock/internal/scenariocmd", "cmd/vsee-mock/internal/serve",
		"mockserver", // begun to load before the flags are parsed
	},
	"cmd/vsee-mock/internal/bind": {"cmd/vsee-mock/internal/command"},
	"cmd/vsee-mock/internal/cmdtest": {
		"cmd/vsee-mock/internal/command", "internal/fifo", "internal/printable", "mockserver/clinic",
		"mockserver/controlapi", "mockserver/mocktest", "mockserver/outbox",
	},
	"cmd/vsee-mock/internal/command": {"internal/printable", "internal/signature", "internal/suggest"},
	"cmd/vsee-mock/internal/controlcmd": {
		"cmd/vsee-mock/internal/command", "cmd/vsee-mock/internal/output", "cmd/vsee-mock/internal/remote",
		"internal/scalar", "mockserver/controlapi",
	},
	"cmd/vsee-mock/internal/evidence": {
		"cmd/vsee-mock/internal/command", "internal/apispec", "internal/apispec/embedded",
	},
	"cmd/vsee-mock/internal/flags": {
		"cmd/vsee-mock/internal/command", "internal/bounded", "mockserver/outbox", "scenarios",
	},
	"cmd/vsee-mock/internal/gauntletcmd": {
		"cmd/vsee-mock/internal/command", "internal/outfile", "mockserver/gauntlet", "mockserver/webhook",
	},
	"cmd/vsee-mock/internal/listen": {
		"cmd/vsee-mock/internal/bind", "cmd/vsee-mock/internal/command", "cmd/vsee-mock/internal/output",
		"cmd/vsee-mock/internal/remote", "internal/jsonscan", "internal/receiver", "mockserver/clock",
		"mockserver/controlapi", "mockserver/webhook",
	},
	"cmd/vsee-mock/internal/output": {"internal/jsonscan", "internal/printable"},
	"cmd/vsee-mock/internal/ownmock": {
		"cmd/vsee-mock/internal/bind", "internal/bounded", "internal/chance", "internal/receiver", "mockserver",
		"mockserver/claims", "mockserver/clearinghouse",
		"mockserver/clinic", "mockserver/clock", "mockserver/controlapi", "mockserver/outbox", "mockserver/webhook",
		"scenarios", "scenarios/play",
	},
	"cmd/vsee-mock/internal/remote": {
		"cmd/vsee-mock/internal/command", "internal/bounded", "internal/scalar", "mockserver/controlapi",
	},
	"cmd/vsee-mock/internal/scenariocmd": {
		"cmd/vsee-mock/internal/command", "cmd/vsee-mock/internal/flags", "cmd/vsee-mock/internal/output",
		"cmd/vsee-mock/internal/ownmock", "cmd/vsee-mock/internal/remote", "internal/bounded",
		"internal/boundedyaml", "internal/scalar", "internal/suggest", "mockserver/clock", "mockserver/controlapi",
		"scenarios", "scenarios/play",
	},
	"cmd/vsee-mock/internal/serve": {
		"cmd/vsee-mock/internal/bind", "cmd/vsee-mock/internal/command", "cmd/vsee-mock/internal/flags",
		"cmd/vsee-mock/internal/output", "internal/bounded", "internal/logline", "mockserver", "mockserver/clinic",
		"mockserver/clock", "mockserver/controlapi", "mockserver/webhook", "scenarios",
	},
	"contract": {"contract/config", "contract/engine", "contract/result", "contract/session"},
	"contract/config": {
		"contract/result", "internal/bounded", "internal/boundedyaml", "internal/printable", "internal/suggest",
	},
	"contract/coverage": {"contract/result", "contract/strict", "internal/apispec"},
	"contract/drift":    {"contract/report", "contract/result", "contract/strict", "internal/printable"},
	"contract/engine": {
		"contract/config", "contract/coverage", "contract/requirement", "contract/result",
		"contract/strict", "contract/wire", "internal/apispec", "internal/apispec/embedded", "internal/bounded",
		"internal/receiver", "internal/redact", "mockserver/controlapi", "scenarios",
	},
	"contract/known": {
		"contract/result", "internal/apispec/embedded", "internal/boundedyaml", "internal/printable",
		"internal/suggest",
	},
	"contract/mutant": {
		"contract/config", "contract/engine", "contract/requirement", "contract/result",
		"internal/apispec", "internal/apispec/embedded", "internal/bounded", "mockserver/controlapi", "scenarios",
	},
	"contract/report":      {"contract/result", "internal/junit", "internal/printable"},
	"contract/requirement": {"internal/suggest"},
	"contract/session": {
		"contract/config", "contract/coverage", "contract/engine", "contract/known", "contract/report",
		"contract/requirement", "contract/result", "contract/specs", "contract/wire", "internal/apispec/embedded",
		"internal/bounded", "internal/boundedyaml", "internal/outfile", "scenarios",
	},
	"contract/specs": {
		"contract/config", "contract/engine", "contract/requirement", "contract/result", "internal/apispec/embedded",
		"internal/chance", "mockserver/controlapi", "scenarios", "scenarios/play",
	},
	"contract/strict":           {"contract/result", "internal/apispec", "internal/jsonscan"},
	"contract/wire":             {"contract/result", "internal/jsonscan", "internal/redact"},
	"internal/apispec/embedded": {"", "internal/apispec"},
	"internal/misbehaviour":     {"internal/rule", "internal/scalar", "internal/signature"},
	"internal/redact":           {"internal/apispec", "internal/jsonscan"},
	"internal/rule":             {"internal/scalar"},
	"internal/signature":        {"internal/scalar"},
	"mockserver": {
		"", "internal/logline", "internal/requestid", "mockserver/api", "mockserver/clearinghouse",
		"mockserver/clinic", "mockserver/control", "mockserver/controlapi", "mockserver/cron", "mockserver/document",
		"mockserver/due", "mockserver/fault", "mockserver/feed", "mockserver/journal", "mockserver/mask",
		"mockserver/metrics",
		"mockserver/outbox", "mockserver/portal", "mockserver/store", "mockserver/ui", "mockserver/webhook", "scenarios",
	},
	"mockserver/api": {
		"internal/contenttype", "internal/jsonscan", "internal/logline", "internal/origin", "internal/requestid",
		"internal/vseehost",
		"mockserver/claims", "mockserver/clearinghouse", "mockserver/clinic", "mockserver/clock",
		"mockserver/document", "mockserver/fault", "mockserver/journal", "mockserver/mask", "mockserver/visits",
		"scenarios",
	},
	"mockserver/claims": {"mockserver/clock"},
	"mockserver/clearinghouse": {
		"internal/memberid", "mockserver/claims", "mockserver/clinic", "mockserver/clock", "mockserver/visits",
		"scenarios",
	},
	"mockserver/clinic": {
		"internal/chance", "internal/memberid", "internal/signature", "mockserver/claims", "mockserver/clock",
		"mockserver/outbox", "mockserver/visits",
	},
	"mockserver/control": {
		"internal/apispec", "internal/apispec/embedded", // the lines on which findings rest
		"internal/jsonscan", "internal/logline", "internal/origin", "internal/requestid", "internal/suggest",
		"mockserver/claims",
		"mockserver/clearinghouse", "mockserver/clinic", "mockserver/clock", "mockserver/controlapi",
		"mockserver/cron", "mockserver/due", "mockserver/fault", "mockserver/feed", "mockserver/journal",
		"mockserver/mask", "mockserver/outbox", "mockserver/visits", "scenarios",
	},
	"mockserver/controlapi": {"internal/bounded", "internal/scalar", "scenarios"},
	"mockserver/cron": {
		"internal/logline", "mockserver/clinic", "mockserver/clock", "mockserver/document", "mockserver/due",
		"mockserver/journal", "mockserver/outbox", "mockserver/visits", "mockserver/webhook",
	},
	"mockserver/document": {
		"internal/apispec", "internal/jsonscan", "internal/logline", "internal/scalar", "internal/suggest",
		"mockserver/fastcheck",
	},
	"mockserver/due":   {"mockserver/clock"},
	"mockserver/fault": {"internal/chance", "scenarios"},
	"mockserver/feed":  {"mockserver/clinic", "mockserver/clock", "mockserver/outbox", "mockserver/visits"},
	"mockserver/gauntlet": {
		"internal/junit", "internal/misbehaviour", "internal/signature", "mockserver/clock", "mockserver/webhook",
		"scenarios",
	},
	"mockserver/journal": {"internal/headerlines", "mockserver/mask"},
	"mockserver/mask":    {"internal/contenttype", "internal/jsonscan", "mockserver/document"},
	"mockserver/mocktest": {
		"internal/chance", "internal/receiver", "mockserver", "mockserver/clearinghouse", "mockserver/clinic",
		"mockserver/clock", "mockserver/controlapi", "mockserver/cron", "mockserver/outbox", "mockserver/webhook",
		"scenarios", "scenarios/play",
	},
	"mockserver/outbox": {"internal/misbehaviour", "internal/scalar", "internal/signature"},
	"mockserver/portal": {
		"internal/logline", "internal/origin", "internal/requestid", "internal/vseehost", "mockserver/clinic",
		"mockserver/clock",
		"mockserver/journal", "mockserver/visits",
	},
	"mockserver/store": {"mockserver/clinic", "mockserver/outbox", "mockserver/visits"},
	"mockserver/store/storetest": {
		"mockserver/claims", "mockserver/clinic", "mockserver/outbox", "mockserver/visits",
	},
	"mockserver/ui": { // it reads results of contract runs, too, and makes none
		"contract/report", "contract/result",
		"internal/apispec", "internal/apispec/embedded", "internal/bounded", "internal/chance", "internal/requestid",
		"mockserver/clock", "mockserver/controlapi", "mockserver/outbox", "scenarios", "scenarios/play",
	},
	"mockserver/webhook": {"internal/headerlines", "internal/misbehaviour", "internal/signature", "mockserver/clock"},
	"scenarios": {
		"internal/apispec/embedded", "internal/bounded", "internal/boundedyaml", "internal/chance", "internal/jsonscan",
		"internal/memberid", "internal/misbehaviour", "internal/rule", "internal/scalar", "internal/suggest",
	},
	"scenarios/play": {"internal/bounded", "internal/chance", "internal/memberid", "scenarios"},
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

// touch looks at every source file, so that go test knows the files these tests depend on. go test does not see the
// reads of go list, and would show a cached result.
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

// Ginkgo and Gomega are for package contract alone, which a suite of Ginkgo's imports: the command and the engine work
// without. The run must be able to test a real server, so of the mock it knows openapi.yaml, the scenarios, and the
// client of the control API.
func TestTheContractRunKnowsNoMoreOfTheMockThanItsControlAPI(t *testing.T) {
	t.Parallel()
	for _, row := range goList(t, "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./...") {
		path := strings.TrimPrefix(row[0], module)
		contract := strings.HasPrefix(path, "/contract") || path == "/cmd/vsee-contract" ||
			path == "/cmd/internal/contractcmd"
		for _, dep := range row[1:] {
			if strings.HasPrefix(dep, "github.com/onsi/") && path != "/contract" {
				t.Errorf("%s depends on %s", row[0], dep)
			}
			if strings.HasPrefix(dep, module+"/mockserver") && dep != module+"/mockserver/controlapi" && contract {
				t.Errorf("%s depends on %s", row[0], dep)
			}
		}
	}
}

// The packages for data, configuration and reports of the contract run can be used, and tested, without a mock. Those
// that make a run know the client of its control API.
func TestThePartsOfTheContractRunArePlain(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, row := range goList(t, "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./contract/...") {
		switch strings.TrimPrefix(row[0], module+"/contract") {
		case "", "/engine", "/specs", "/session", "/mutant":
			continue
		}
		seen++
		for _, dep := range row[1:] {
			if strings.HasPrefix(dep, module+"/mockserver") || dep == module+"/contract" {
				t.Errorf("%s depends on %s", row[0], dep)
			}
		}
	}
	if seen == 0 {
		t.Error("the contract run has no parts")
	}
}

// v1.8.1 answers 404 instead of 405, with sub-routers.
func TestGorillaMuxStaysAtV180(t *testing.T) {
	t.Parallel()
	for _, row := range goList(t, "-m", "github.com/gorilla/mux") {
		if row[1] != "v1.8.0" {
			t.Errorf("gorilla/mux is %s", row[1])
		}
	}
}

// The domain decides nothing by HTTP, so that it can be tested and kept without it.
func TestTheDomainKnowsNoHTTP(t *testing.T) {
	t.Parallel()
	for _, row := range goList(t, "-f", `{{.ImportPath}} {{join .Deps " "}}`, "./mockserver/clinic",
		"./mockserver/store") {
		if slices.Contains(row, "net/http") {
			t.Errorf("%s depends on net/http", row[0])
		}
	}
}
