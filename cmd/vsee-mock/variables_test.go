package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/golden"
)

// defaultInHelp matches a help that ends with the default in brackets.
var defaultInHelp = regexp.MustCompile(`^(.*) \(([^()]+)\)\.$`)

// The table comes from kong's model of the flags. -update writes it.
func TestThePageOfContainersHasEveryVariableOfServe(t *testing.T) {
	t.Parallel()
	const page = "../../docs/docker.md"
	const head, end = "| variable | without it | sets |\n| --- | --- | --- |\n", "\nA boolean"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), head)
	_, after, alsoOK := strings.Cut(rest, end)
	if !ok || !alsoOK {
		t.Fatalf("%s has no table of variables", page)
	}
	var rows strings.Builder
	for _, flag := range serveFlags(t, silentParser()) {
		help, preset := strings.ReplaceAll(flag.Help, "|", `\|`), ""
		if found := defaultInHelp.FindStringSubmatch(help); found != nil {
			help, preset = found[1]+".", found[2]
		}
		if flag.HasDefault {
			preset = "`" + flag.Default + "`"
		}
		fmt.Fprintf(&rows, "| `%s` | %s | %s |\n", flag.Envs[0], preset, help)
	}
	golden.Is(t, page, before+head+rows.String()+end+after)
}
