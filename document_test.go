package vseemock_test

import (
	"os"
	"slices"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// documents are the mock's two OpenAPI documents.
func documents(t *testing.T) map[string]*apispec.Spec {
	t.Helper()
	all := map[string]*apispec.Spec{}
	for _, path := range []string{"openapi.yaml", "mockserver/control/openapi.yaml"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		spec, err := apispec.Load(text)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = spec
	}
	return all
}

// Generators make a class or a file of a tag.
func TestEveryOperationHasOneDeclaredTag(t *testing.T) {
	t.Parallel()
	for path, spec := range documents(t) {
		for _, op := range spec.Operations {
			declared := func(name string) bool {
				return slices.ContainsFunc(spec.Document.Tags, func(tag *openapi3.Tag) bool { return tag.Name == name })
			}
			if tags := op.Declared.Tags; len(tags) != 1 || !declared(tags[0]) {
				t.Errorf("%s: %s has the tags %q", path, op.ID, tags)
			}
		}
	}
}

// A tool that compares paths literally finds the calls of the integration guide.
func TestThePathsAreSpelledAsTheGuidePrintsThem(t *testing.T) {
	t.Parallel()
	paths := documents(t)["openapi.yaml"].Document.Paths
	for path, ids := range map[string][]string{"/insurances/": {"listInsurers"}, "/me.json": {"getMe", "updateMe"},
		"/users/sso": {"signOn"}, "/users/{id}/{carrier_code}/eligibility": {"startEligibilityCheck"}} {
		var found []string
		for _, op := range paths.Value(path).Operations() {
			found = append(found, op.OperationID)
		}
		if slices.Sort(found); !slices.Equal(found, ids) {
			t.Errorf("%s has the operations %q, want %q", path, found, ids)
		}
	}
	for _, path := range paths.Keys() {
		if other := apispec.PlainPath(path); other != path && paths.Value(other) != nil {
			t.Errorf("%s has a second spelling, %s", path, other)
		}
	}
}
