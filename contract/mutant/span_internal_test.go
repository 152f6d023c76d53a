package mutant

import (
	"encoding/json"
	"testing"
)

// Editing ends for every body, and valid JSON stays valid JSON.
func FuzzEdit(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a": 1}`, ` { "b" : [ {"a" : "x,}" } , 2 ] , "a" : {} }`, `[{"a":1}`, `{"a":1}x`, `{"\u0061": 1}`, `<br>`, ``} {
		f.Add(seed)
	}
	edits := []edit{drop, rename("b"), insert(`"c":1`), twice, set("null"), retyped("digits"), swap("a", "b"), add(1), give("1")}
	f.Fuzz(func(t *testing.T, body string) {
		for n, e := range edits {
			for _, path := range [][]string{{"a"}, {"b", "0", "a"}, nil} {
				edited, ok := e([]byte(body), path...)
				if !ok && string(edited) != body {
					t.Errorf("edit %d of %q says that it did nothing, and makes %q of it", n, body, edited)
				}
				if digits := n == 5; json.Valid([]byte(body)) && !digits && !json.Valid(edited) {
					t.Errorf("edit %d of %q makes %q of it", n, body, edited)
				}
			}
		}
	})
}
