package vseemock_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/docrun"
	"github.com/vsee-mock/vsee-mock/internal/gobuild"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// notRun are the beginnings of commands shown on pages and skipped by this test, each with the reason.
var notRun = map[string]string{
	"docker ":                            "needs Docker; .ci/image builds the image and runs it",
	"gh ":                                "needs GitHub and its secrets",
	"git clone":                          "needs the network; CI runs in a fresh clone",
	"cd ":                                "is of the clone",
	"go install ":                        "changes the reader's computer; the test builds the same commands",
	"go run ./cmd/vsee-mock ":            "runs until it is ended; the pages start the same binary",
	"go run ./cmd/vsee-bench":            "takes three minutes; .ci/run has a quick run",
	"go test ./...":                      "is this test",
	"go build ":                          "has a target of the reader's; the test builds the same command",
	"cp ":                                "is of the reader's own folder",
	"VSEE_MOCK=":                         "needs pytest; .ci/run runs the example",
	"go mod ":                            "is of the reader's own module",
	"vsee-contract run --target preview": "needs VSee's preview environment and credentials",
	"vsee-contract run --rerun":          "needs the results of the command before it",
	"vsee-contract mutants":              "takes some minutes; .ci/run faces the mutants",
}

// In a block without a test, every command is in the list above, with a reason.
func TestEachCommandThatIsNotRunHasAReason(t *testing.T) {
	t.Parallel()
	for _, name := range pages(t) {
		for _, part := range strings.Split(page(t, name), "```sh\n")[1:] {
			code, _, _ := strings.Cut(part, "```")
			for command := range strings.SplitSeq(strings.ReplaceAll(code, "\\\n", " "), "\n") {
				if command != "" && !hasReason(command) {
					t.Errorf("%s: %s is not run, and has no reason: make its block a console block", name, command)
				}
			}
		}
	}
}

func hasReason(command string) bool {
	for start := range notRun {
		if strings.HasPrefix(command, start) {
			return true
		}
	}
	return false
}

// Every command in a console block of the README and of the pages in docs prints the output shown on the page. Each
// page has a mock of its own: the one it starts, or one running already.
func TestThePagesCommandsDoWhatThePagesShow(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves the commands of the pages out")
	}
	programs := build(t)
	for _, name := range pages(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runner := docrun.Runner{Programs: programs, Skipped: notRun}
			text := page(t, name)
			if !strings.Contains(text, "\n$ vsee-mock\n") && strings.Contains(text, "```console\n") {
				text = "```console\n$ vsee-mock\nvsee-mock dev is listening on ...\n...\n```\n" + text
			}
			runner.Page(t, text)
		})
	}
}

// build builds the programs used by pages, and returns their paths by the names used on the pages.
func build(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir() + "/"
	if err := gobuild.Into(t.Context(), dir, "./cmd/vsee-mock", "./cmd/vsee-contract",
		"./mockserver/gauntlet/examples/go"); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"vsee-mock": dir + "vsee-mock", "./cmd/vsee-mock": dir + "vsee-mock", "vsee-contract": dir + "vsee-contract",
		"./mockserver/gauntlet/examples/go": dir + "go",
	}
}

func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pages returns the names of all pages.
func pages(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("docs/*.md")
	if err != nil || len(names) < 8 {
		t.Fatalf("docs has the pages %v, %v", names, err)
	}
	return append([]string{"README.md"}, names...)
}

// blocks returns the code of one language in a page.
func blocks(t *testing.T, name, language string) []string {
	t.Helper()
	var found []string
	for _, part := range strings.Split(page(t, name), "```"+language+"\n")[1:] {
		code, _, _ := strings.Cut(part, "```")
		found = append(found, code)
	}
	if len(found) == 0 {
		t.Fatalf("%s has no %s", name, language)
	}
	return found
}

func TestTheReadmeFitsOnAFewScreens(t *testing.T) {
	t.Parallel()
	if n := len(page(t, "README.md")); n > 8<<10 {
		t.Errorf("README.md has %d bytes; at most 8 KiB belong there, the rest into docs", n)
	}
}

// Other main packages are tools of the project.
func TestTheReadmeInstallsTheTwoCommandsAlone(t *testing.T) {
	t.Parallel()
	_, rest, _ := strings.Cut(page(t, "README.md"), "\ngo install ")
	line, _, _ := strings.Cut(rest, "#")
	if got := strings.Fields(line); !slices.Equal(got, []string{"./cmd/vsee-mock", "./cmd/vsee-contract"}) {
		t.Errorf("the README installs %q", got)
	}
}

// A link of a page leads to an existing file or heading.
func TestThePagesLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, name := range pages(t) {
		for _, part := range strings.Split(page(t, name), "](")[1:] {
			target, _, _ := strings.Cut(part, ")")
			if strings.Contains(target, "://") {
				continue
			}
			file, anchor, _ := strings.Cut(target, "#")
			path := cmp.Or(file, filepath.Base(name))
			text, err := os.ReadFile(filepath.Join(filepath.Dir(name), path))
			if err != nil {
				t.Errorf("%s: the link to %s: %s", name, target, err)
			} else if anchor != "" && !slices.ContainsFunc(strings.Split(string(text), "\n"), func(line string) bool {
				heading, is := strings.CutPrefix(strings.TrimLeft(line, "#"), " ")
				return is && strings.HasPrefix(line, "#") && anchorOf(heading) == anchor
			}) {
				t.Errorf("%s: %s has no heading for #%s", name, path, anchor)
			}
		}
	}
}

// anchorOf returns the anchor of a heading, as GitHub makes it.
func anchorOf(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z':
			return r
		}
		return -1
	}, strings.ToLower(heading))
}

// docs/api.md lists every operation of openapi.yaml with its evidence.
func TestThePageOfEndpointsHasEveryOperation(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			paths := "`" + path + "`"
			also, _ := op.Extensions["x-also-paths"].([]any)
			for _, other := range also {
				paths += fmt.Sprintf(", `%s`", other.(map[string]any)["path"])
			}
			rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |\n", paths, method, op.Summary, op.Extensions["x-evidence"]))
		}
	}
	slices.Sort(rows)
	const begin, end = "| path | method | does | evidence |\n| --- | --- | --- | --- |\n", "\n## Addresses\n"
	text := page(t, "docs/api.md")
	head, rest, ok := strings.Cut(text, begin)
	_, tail, alsoOK := strings.Cut(rest, end)
	if !ok || !alsoOK {
		t.Fatal("docs/api.md has no table of endpoints before its section Addresses")
	}
	golden.Is(t, "docs/api.md", head+begin+strings.Join(rows, "")+end+tail)
}
