package apispec_test

import (
	"slices"
	"strings"
	"testing"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// The descriptions of a graded document end with the grades, and nothing else of it is changed.
func TestTheEvidenceGradeStandsInEachDescription(t *testing.T) {
	t.Parallel()
	text, err := apispec.Graded(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	spec, err := apispec.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	grade := func(place, description, want string) {
		t.Helper()
		if !strings.HasSuffix(strings.TrimSpace(description), "Evidence: `"+want+"`.") {
			t.Errorf("%s is %q, want the grade %s", place, description, want)
		}
	}
	for _, op := range spec.Operations {
		grade(op.ID, op.Declared.Description, op.Grade)
		for _, p := range op.Declared.Parameters {
			if own, ok := apispec.EvidenceOf(p.Value.Extensions); ok {
				grade(op.ID+" "+p.Value.Name, p.Value.Description, own.Grade)
			}
		}
	}
	for _, event := range spec.Events {
		grade(event.Type, event.Declared.Description, event.Grade)
	}
	parts := spec.Document.Components
	for name, response := range parts.Responses {
		if own, ok := apispec.EvidenceOf(response.Value.Extensions); ok {
			grade(name, *response.Value.Description, own.Grade)
		}
	}
	for name, schema := range parts.Schemas {
		for field, property := range schema.Value.Properties {
			if !strings.Contains(property.Value.Description, "Evidence: `") {
				t.Errorf("%s.%s has no grade: %q", name, field, property.Value.Description)
			}
		}
	}
	user := parts.Schemas["User"].Value.Properties
	grade("User.phone", user["phone"].Value.Description, "inferred")
	grade("User.first_name", user["first_name"].Value.Description, "seed`, `documented`, `ours")
	before, _ := apispec.Load(vseemock.OpenAPI())
	if got := spec.IDs(); !slices.Equal(got, before.IDs()) {
		t.Errorf("the operations are %q", got)
	}
}
