package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/internal/golden"
)

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
		preset := ""
		if flag.HasDefault {
			preset = "`" + flag.Default + "`"
		}
		fmt.Fprintf(&rows, "| `%s` | %s | %s |\n", flag.Envs[0], preset, strings.ReplaceAll(flag.Help, "|", `\|`))
	}
	golden.Is(t, page, before+head+rows.String()+end+after)
}
