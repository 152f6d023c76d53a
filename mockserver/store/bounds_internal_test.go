package store

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// The page of the control API says for each part of a clinic's content how much of it is kept.
func TestEachKindOfRowHasItsBoundInTheDocumentation(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/control-api.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(page), "## What a clinic keeps\n")
	if !found {
		t.Fatal("the page has no section of the bounds")
	}
	table, _, _ = strings.Cut(table, "\n## ")
	documented := map[string]bool{}
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) > 2 {
			for name := range strings.SplitSeq(cells[1], ",") {
				documented[strings.Trim(name, " `")] = true
			}
		}
	}
	for field := range reflect.TypeFor[content]().Fields() {
		if name := field.Name; name != "stored" && !documented[name] { // stored counts the bytes of the files
			t.Errorf("the table has no row of %s", name)
		}
	}
}
