package contract

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// What the tables know of operations is what openapi.yaml says of them: none is left out, nor surer than there.
func TestTheTablesHaveEachOperation(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]operation{}
	for _, o := range operations() {
		tables[o.id] = o
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			o, ok := tables[op.OperationID]
			delete(tables, op.OperationID)
			if !ok || op.Extensions["x-evidence"] != o.evidence {
				t.Errorf("%s: known: %t, by evidence %q, want %q", op.OperationID, ok, o.evidence, op.Extensions["x-evidence"])
			}
			if o.effect == safe && method != "GET" {
				t.Errorf("%s is safe, and a %s", op.OperationID, method)
			}
			if aboutSomebody := strings.HasPrefix(path, "/users/{id}"); aboutSomebody && o.by != owner {
				t.Errorf("%s of a user is for %s", op.OperationID, o.by)
			}
		}
	}
	for id := range tables {
		t.Errorf("openapi.yaml has no %s", id)
	}
}

// Each failure that openapi.yaml has at an operation is required of it.
func TestEachDocumentedFailureIsRequired(t *testing.T) {
	t.Parallel()
	doc, err := openapi3.NewLoader().LoadFromData(vseemock.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	stories, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	target := &target{Config: Config{}.WithDefaults()}
	specs, err := specsOf(target, stories)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			for status := range op.Responses.Map() {
				id := requirement.Cell("FAIL", op.OperationID, status)
				has := slices.ContainsFunc(specs, func(s *spec) bool { return s.id == id && s.operation == op.OperationID })
				if want := status != "200" && op.OperationID != "listAccounts"; has != want {
					t.Errorf("%s: %t, want %t", id, has, want)
				}
				if number, err := strconv.Atoi(status); err == nil && number >= 400 {
					seen++
				}
			}
		}
	}
	if seen < 190 {
		t.Errorf("openapi.yaml has %d failures", seen)
	}
}
