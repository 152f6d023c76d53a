package vseemock_test

import (
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// documents are the mock's two OpenAPI documents.
func documents(t *testing.T) map[string]*apispec.Spec {
	t.Helper()
	all, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// loaded reads the documents. It takes a while, so it happens once.
var loaded = sync.OnceValues(func() (map[string]*apispec.Spec, error) {
	all := map[string]*apispec.Spec{}
	for _, path := range []string{"openapi.yaml", "mockserver/control/openapi.yaml"} {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if all[path], err = apispec.Load(text); err != nil {
			return nil, err
		}
	}
	return all, nil
})

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

// places calls f with each schema of a document, and with its place. A schema with a name has its place by the name.
func places(doc *openapi3.T, f func(place string, ref *openapi3.SchemaRef)) {
	var visit func(place string, ref *openapi3.SchemaRef)
	visit = func(place string, ref *openapi3.SchemaRef) {
		if f(place, ref); ref.Ref != "" {
			return
		}
		for name, property := range ref.Value.Properties {
			visit(place+"."+name, property)
		}
		for _, parts := range []openapi3.SchemaRefs{ref.Value.AllOf, ref.Value.AnyOf, ref.Value.OneOf} {
			for _, part := range parts {
				visit(place, part)
			}
		}
		for _, within := range []*openapi3.SchemaRef{ref.Value.Items, ref.Value.AdditionalProperties.Schema} {
			if within != nil {
				visit(place+"[]", within)
			}
		}
	}
	for name, schema := range doc.Components.Schemas {
		visit(name, schema)
	}
}

func TestEveryPropertyHasADescription(t *testing.T) {
	t.Parallel()
	places(documents(t)["openapi.yaml"].Document, func(place string, ref *openapi3.SchemaRef) {
		for name, property := range ref.Value.Properties {
			if property.Value.Description == "" {
				t.Errorf("%s.%s has no description", place, name)
			}
		}
	})
}

// A generator makes an awkward union of two types, or gives up. Only the envelopes of an event are alternatives.
func TestNoSchemaIsOfTwoTypes(t *testing.T) {
	t.Parallel()
	places(documents(t)["openapi.yaml"].Document, func(place string, ref *openapi3.SchemaRef) {
		if s := ref.Value; len(s.AnyOf)+len(s.OneOf) > 0 || len(s.Type.Slice()) > 1 {
			t.Errorf("%s has alternatives", place)
		}
	})
}

func TestNoSchemaShadowsAGlobalOfTypeScript(t *testing.T) {
	t.Parallel()
	globals := []string{
		"Array", "Blob", "Boolean", "Cache", "Date", "Document", "Element", "Error", "Event", "File", "FormData",
		"Function", "Headers", "History", "Image", "Location", "Lock", "Map", "Node", "Notification", "Number", "Object",
		"Option", "Partial", "Pick", "Plugin", "Promise", "Range", "Record", "Request", "Required", "Response", "Screen",
		"Selection", "Set", "Storage", "String", "Symbol", "Text", "Touch", "URL", "Window", "Worker",
	}
	for name := range documents(t)["openapi.yaml"].Document.Components.Schemas {
		if slices.Contains(globals, name) {
			t.Errorf("the schema %s shadows a global", name)
		}
	}
}

func TestEveryOperationHasADefaultFailureAndExamplesOfItsBody(t *testing.T) {
	t.Parallel()
	for _, op := range documents(t)["openapi.yaml"].Operations {
		if failure := op.Declared.Responses.Value("default"); failure == nil ||
			failure.Value.Content["application/json"].Schema.Ref != "#/components/schemas/Failure" {
			t.Errorf("%s has no default failure", op.ID)
		}
		if op.TakesBody() {
			for kind, media := range op.Declared.RequestBody.Value.Content {
				if media.Example == nil && len(media.Examples) == 0 {
					t.Errorf("%s has no example of %s", op.ID, kind)
				}
			}
		}
	}
}

func TestAFormOfCardsRequiresNoMoreThanItsDescriptionSays(t *testing.T) {
	t.Parallel()
	form := documents(t)["openapi.yaml"].Document.Components.Schemas["ImportCardsForm"].Value
	if len(form.Required) > 0 || form.Properties["insurances"] == nil {
		t.Errorf("ImportCardsForm requires %q", form.Required)
	}
}
