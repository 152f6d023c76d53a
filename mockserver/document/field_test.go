package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// An operation may grade only its own fields one by one.
func TestGradedFieldsAreFieldsOfTheRequest(t *testing.T) {
	t.Parallel()
	d, graded := load(t), 0
	for path, item := range spec(t).Paths.Map() {
		if item.Post == nil || item.Post.RequestBody == nil {
			continue
		}
		op, _, err := d.Find("POST", path)
		if err != nil {
			t.Fatal(err)
		}
		entries, _ := item.Post.RequestBody.Value.Extensions["x-field-evidence"].([]any)
		for _, e := range entries {
			entry, _ := e.(map[string]any)
			grade, _ := entry["x-evidence"].(string)
			if source, _ := entry["x-source"].(string); !slices.Contains(grades, grade) || source == "" {
				t.Errorf("%s has fields with the evidence %q from %q", op.ID, grade, source)
			}
			names, _ := entry["fields"].([]any)
			for _, field := range names {
				name := fmt.Sprint(field)
				within := func(place string) bool { return place == name || strings.HasPrefix(place, name+".") }
				if !op.Body.IsFile(name) && !op.Body.IsGroup(name) && !slices.ContainsFunc(op.Body.Places(), within) {
					t.Errorf("%s grades %s, which it does not take", op.ID, name)
				}
				graded++
			}
		}
	}
	if graded == 0 {
		t.Error("no field of a request is graded")
	}
}
