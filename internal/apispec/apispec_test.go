package apispec_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/internal/apispec"
)

// loaded returns openapi.yaml. Loading takes a while, so it happens once.
var loaded = sync.OnceValues(func() (*apispec.Spec, error) { return apispec.Load(vseemock.OpenAPI()) })

func load(t *testing.T) *apispec.Spec {
	t.Helper()
	spec, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestOperationsAndEventsComeInTheOrderOfTheDocument(t *testing.T) {
	t.Parallel()
	spec := load(t)
	text := string(vseemock.OpenAPI())
	var places []int
	for _, id := range spec.IDs() {
		places = append(places, strings.Index(text, "operationId: "+id+"\n"))
	}
	if len(places) < 25 || !slices.IsSorted(places) || places[0] < 0 {
		t.Errorf("the operations are %v, at %v", spec.IDs(), places)
	}
	if diff := cmp.Diff([]string{"user.created", "eligibility.checked", "visit.created",
		"visit.invoice.processed", "visit.updated", "visit.ended",
		"visit.note.signed_and_sent", "claim.updated",
	}, spec.Types()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestEachOperationSaysWhoMayCallIt(t *testing.T) {
	t.Parallel()
	for _, op := range load(t).Operations {
		if !slices.Contains([]string{"anybody", "visitor", "partner", "user", "admin", "owner", "self", "link"}, op.Caller) {
			t.Errorf("%s has the x-caller %q", op.ID, op.Caller)
		}
		if anonymous := op.Declared.Security != nil &&
			len(*op.Declared.Security) == 0; anonymous != (op.Caller == "anybody") {
			t.Errorf("%s is for %s; without credentials: %t", op.ID, op.Caller, anonymous)
		}
	}
}

func TestEveryJSONReplyToACallHasAnExample(t *testing.T) {
	t.Parallel()
	for _, op := range load(t).Operations {
		examples := op.Examples(200)
		if op.ID == "getFile" { // not JSON
			continue
		}
		if len(examples) == 0 || !json.Valid(examples[0]) {
			t.Errorf("%s has the examples %q", op.ID, examples)
		}
	}
}

func TestOperationsAreFoundByTheirPaths(t *testing.T) {
	t.Parallel()
	spec := load(t)
	for path, want := range map[string]string{
		"GET /me": "getMe", "GET /me.json": "getMe", "GET /me/": "getMe", "POST /me": "updateMe",
		"GET /users/132407": "getUser", "POST /users/sso?fields=vsee": "signOn",
		"GET /users/sso": "getUser", "POST /users/1/%28sandbox%29%20HUMANA/eligibility": "startEligibilityCheck",
		"GET /users/": "searchUsers", "GET /users//": "", "DELETE /me": "", "GET /x": "",
	} {
		method, path, _ := strings.Cut(path, " ")
		if got, ok := spec.Find(method, path); got.ID != want || ok != (want != "") {
			t.Errorf("%s %s leads to %q, want %q", method, path, got.ID, want)
		}
	}
}

func TestARequiredFieldIsInEachReply(t *testing.T) {
	t.Parallel()
	spec, err := apispec.Load([]byte(`openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /x:
    get:
      operationId: x
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                allOf:
                  - type: object
                    required: [data]
                    properties:
                      data: {type: object, required: [id], properties: {id: {type: string}, name: {type: string}}}
                  - type: object
                    required: [list]
                    properties:
                      list: {type: array, items: {type: object, required: [n], properties: {n: {type: integer}}}}
                      perhaps: {type: object, required: [never], properties: {never: {type: string}}}
        '204': {description: nothing}
`))
	if err != nil {
		t.Fatal(err)
	}
	op, _ := spec.Operation("x")
	var fields []string
	for _, f := range op.Fields(200) {
		line := strings.Join(f.Path, "/") + " " + strings.Join(f.Schemas[0].Type.Slice(), "")
		if f.Required {
			line += ", required"
		}
		fields = append(fields, line)
	}
	want := []string{
		"data object, required", "data/id string, required", "data/name string",
		"list array, required", "list/0/n integer, required", "perhaps object", "perhaps/never string",
	}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, status := range []int{204, 404} {
		if fields := op.Fields(status); fields != nil {
			t.Errorf("%d has %v", status, fields)
		}
	}
}

// The form of a sign-on has the image of a card as text, and the multipart form has it as a file.
func TestTheLaterPartOfAnAllOfWins(t *testing.T) {
	t.Parallel()
	op, _ := load(t).Operation("signOn")
	form := op.Declared.RequestBody.Value.Content.Get("multipart/form-data").Schema.Value
	if got := apispec.Properties(form)["insurance.card_front"].Value.Format; got != "binary" {
		t.Errorf("insurance.card_front has the format %q", got)
	}
}
