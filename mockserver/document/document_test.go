package document_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/document"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Loading takes a while, so it happens once.
var (
	loaded = sync.OnceValues(func() (*document.Document, error) { return document.Load(vseemock.OpenAPI()) })
	parsed = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(vseemock.OpenAPI()) })
)

func load(t testing.TB) *document.Document {
	t.Helper()
	d, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func spec(t testing.TB) *openapi3.T {
	t.Helper()
	s, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every example in the document, including the guide's, passes the same strict validation as the mock's own replies
// and events.
func TestTheExamplesAreValid(t *testing.T) {
	t.Parallel()
	d, s := load(t), spec(t)
	checked := 0
	for path, item := range s.Paths.Map() {
		for method, op := range item.Operations() {
			operation, _, err := d.Find(method, strings.NewReplacer("{id}", "1", "{carrier_code}", "c").Replace(path))
			if err != nil {
				t.Fatal(err)
			}
			for status, response := range op.Responses.Map() {
				media := response.Value.Content.Get("application/json")
				if media == nil { // a file
					continue
				}
				examples := []any{media.Example}
				for _, e := range media.Examples {
					examples = append(examples, e.Value.Value)
				}
				for _, example := range examples {
					if example == nil || status == "default" {
						continue
					}
					text, _ := json.Marshal(example)
					var code int
					_ = json.Unmarshal([]byte(status), &code)
					if err := operation.CheckReply(code, "application/json", text); err != nil {
						t.Errorf("%s %s: %s", op.OperationID, status, err)
					}
					checked++
				}
			}
			if op.RequestBody == nil {
				continue
			}
			for name, media := range op.RequestBody.Value.Content {
				form, _ := media.Example.(map[string]any)
				for field := range form {
					if _, err := operation.Body.Place(field); err != nil && !operation.Body.IsList(field) &&
						!operation.Body.IsFile(field) && !operation.Body.IsGroup(field) {
						t.Errorf("%s %s: %s", op.OperationID, name, err)
					}
					checked++
				}
			}
		}
	}
	for kind, e := range events(s) {
		example, _ := json.Marshal(e.RequestBody.Value.Content.Get("application/json").Example)
		if err := d.CheckEvent(kind, "unversioned", example); err != nil {
			t.Errorf("the event %s: %s", kind, err)
		}
	}
	if checked < 40 {
		t.Errorf("only %d examples were checked", checked)
	}
}

// events returns the deliveries of events by their types.
func events(s *openapi3.T) map[string]*openapi3.Operation {
	found := map[string]*openapi3.Operation{}
	for _, item := range s.Paths.Map() {
		for _, op := range item.Operations() {
			for _, callback := range op.Callbacks {
				for _, delivery := range callback.Value.Map() {
					found[fmt.Sprint(delivery.Post.Extensions["x-event"])] = delivery.Post
				}
			}
		}
	}
	return found
}

var grades = []string{"seed", "documented", "observed", "inferred", "ours"}

// Each operation, event, error and security scheme has its evidence: a grade and a source. So does each field with
// another grade.
func TestEverythingCarriesItsEvidence(t *testing.T) {
	t.Parallel()
	s := spec(t)
	graded := func(what string, extensions map[string]any) {
		t.Helper()
		grade, _ := extensions["x-evidence"].(string)
		source, _ := extensions["x-source"].(string)
		if !slices.Contains(grades, grade) || source == "" {
			t.Errorf("%s has the evidence %q from %q", what, grade, source)
		}
	}
	for _, item := range s.Paths.Map() {
		for _, op := range item.Operations() {
			graded(op.OperationID, op.Extensions)
			if op.Security == nil && s.Security == nil {
				t.Errorf("%s says nothing about who may call it", op.OperationID)
			}
		}
	}
	for kind, e := range events(s) {
		graded(kind, e.Extensions)
		for _, header := range e.Parameters {
			graded("header "+header.Value.Name+" of "+kind, header.Value.Extensions)
		}
	}
	for name, response := range s.Components.Responses {
		if name != "OneUser" && name != "Cards" { // all but errors have their operation's grade
			graded(name, response.Value.Extensions)
		}
	}
	for name, scheme := range s.Components.SecuritySchemes {
		graded(name, scheme.Value.Extensions)
	}
	fields := 0
	for name, schema := range s.Components.Schemas {
		for field, property := range schema.Value.Properties {
			if property.Value.Extensions["x-evidence"] != nil {
				graded(name+"."+field, property.Value.Extensions)
				fields++
			}
		}
	}
	if fields == 0 {
		t.Error("no field has a grade of its own")
	}
}

// VSee documents its statuses of failure for every operation, and a fault can have each status of the mock's
// deliberate failures.
func TestEveryOperationHasTheStatusesThatVSeeDocuments(t *testing.T) {
	t.Parallel()
	d := load(t)
	for path, item := range spec(t).Paths.Map() {
		for method := range item.Operations() {
			operation, _, err := d.Find(method, strings.NewReplacer("{id}", "1", "{carrier_code}", "c").Replace(path))
			if err != nil {
				t.Fatal(err)
			}
			for _, status := range scenarios.Statuses() {
				failure := fmt.Appendf(nil, `{"code": %d, "message": "on purpose"}`, status)
				if err := operation.CheckReply(status, "application/json", failure); err != nil {
					t.Errorf("%s: %s", operation.ID, err)
				}
			}
		}
	}
}

// The fields of a request are the fields of the guide's own call, unless the operation grades them otherwise.
func TestTheFieldsOfARequestCarryTheirEvidence(t *testing.T) {
	t.Parallel()
	s, d := spec(t), load(t)
	for path, op := range map[string]*openapi3.Operation{"/users/sso": s.Paths.Value("/users/sso").Post,
		"/me.json": s.Paths.Value("/me.json").Post} {
		body := op.RequestBody.Value
		call, _, err := d.Find("POST", path)
		if err != nil {
			t.Fatal(err)
		}
		places := call.Body.Places()
		var otherwise []string
		entries, _ := body.Extensions["x-field-evidence"].([]any)
		for _, e := range entries {
			entry, _ := e.(map[string]any)
			grade, _ := entry["x-evidence"].(string)
			if source, _ := entry["x-source"].(string); !slices.Contains(grades, grade) ||
				grade == op.Extensions["x-evidence"] || source == "" {
				t.Errorf("%s has fields with the evidence %q from %q", path, grade, source)
			}
			names, _ := entry["fields"].([]any)
			for _, name := range names {
				within := slices.DeleteFunc(slices.Clone(places), func(place string) bool {
					return place != name && !strings.HasPrefix(place, fmt.Sprint(name)+".")
				})
				if len(within) == 0 && name != "extra" {
					t.Errorf("%s grades %v, which it does not take", path, name)
				}
				otherwise = append(otherwise, within...)
			}
		}
		var guide []string
		example, _ := body.Content.Get("multipart/form-data").Example.(map[string]any)
		for name := range example {
			place, err := call.Body.Place(name)
			if err != nil {
				t.Error(err)
			}
			guide = append(guide, place)
		}
		slices.Sort(guide)
		rest := slices.DeleteFunc(places, func(place string) bool { return slices.Contains(otherwise, place) })
		if diff := cmp.Diff(guide, rest); diff != "" {
			t.Errorf("%s, fields of the operation's own grade (-the guide's +the document's):\n%s", path, diff)
		}
	}
}

// The texts of the document are the texts of the scenario language, each with its code.
func TestTheTextsAreThoseOfTheScenarioLanguage(t *testing.T) {
	t.Parallel()
	schema := spec(t).Components.Schemas["EligibilityResponse"].Value
	texts := []any{scenarios.Success, "Success / Reject reason not found"}
	codes := map[string]any{}
	for _, r := range scenarios.Reasons() {
		texts = append(texts, r.Text)
		codes[r.Code] = r.Text
	}
	if diff := cmp.Diff(texts, schema.Enum); diff != "" {
		t.Errorf("texts (-language +document):\n%s", diff)
	}
	if diff := cmp.Diff(codes, schema.Extensions["x-codes"]); diff != "" {
		t.Errorf("codes (-language +document):\n%s", diff)
	}
}

// A refusal names the field and the rule. It never repeats the value, which may be a patient's.
func TestViolationsNeverCarryTheValue(t *testing.T) {
	t.Parallel()
	const canary = "c0ffee"
	op, _, err := load(t).Find("POST", "/users/sso")
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"type", "dob", "gender", "email", "disable_emails", "timezone", "first_name"} {
		for _, value := range []any{canary + "?", []any{canary}, map[string]any{canary: canary}, nil, 3.5} {
			body := map[string]any{"first_name": "a", "last_name": "b", field: value}
			broken := op.Body.Check(body)
			if text, ok := value.(string); ok && field == "first_name" {
				if len(broken) > 0 {
					t.Errorf("%s %q: %s", field, text, broken)
				}
				continue
			}
			if len(broken) != 1 || broken[0].Field != field || strings.Contains(broken.Error(), canary) {
				t.Errorf("%s %v: %v", field, value, broken)
			}
		}
	}
	if _, _, broken := op.Query("fields=" + canary); len(broken) != 1 || strings.Contains(broken.Error(), canary) {
		t.Errorf("query: %v", broken)
	}
}

func TestWhatIsNoDocumentIsNotLoaded(t *testing.T) {
	t.Parallel()
	text := string(vseemock.OpenAPI())
	for name, tc := range map[string]struct{ document, want string }{
		"nothing": {"", "reading the OpenAPI document"},
		"no YAML": {"a: [", "reading the OpenAPI document"},
		"a false example": {strings.Replace(text, "{id: car7551, name: AETNA}", "{id: 7551, name: AETNA}", 1),
			"checking the OpenAPI document"},
		"no error schema": {strings.ReplaceAll(strings.ReplaceAll(text, "    Failure:\n", "    Error:\n"), "schemas/Failure'",
			"schemas/Error'"), "it has no schema named Failure"},
		"no form": {strings.Replace(text, "          application/x-www-form-urlencoded:\n            schema: "+
			"{$ref: '#/components/schemas/SignOnForm'}\n", "          text/plain:\n            schema: {type: object}\n", 1),
			"it has no application/x-www-form-urlencoded"},
		"no envelope": {strings.Replace(text, "      x-envelope: unversioned\n", "", 1),
			"a payload of callback userCreated has no x-envelope"},
		"another's path": {strings.Replace(text, "- path: /users/{id}/eligibility", "- path: /users/{id}", 1),
			"x-also-paths of startEligibilityCheck has the path of another operation"},
		"an unsure path": {strings.Replace(text, "- path: /users/{id}/eligibility\n          x-evidence: documented",
			"- path: /users/{id}/eligibility", 1), "x-also-paths of startEligibilityCheck has no path"},
		"an unnamed event": {strings.Replace(text, "              x-event: eligibility.checked\n", "", 1),
			"has no x-event or no JSON body"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := document.Load([]byte(tc.document)); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}

func TestAnUnknownEventIsNoEventOfTheDocument(t *testing.T) {
	t.Parallel()
	for _, e := range [][2]string{{"visit.created", "unversioned"}, {"eligibility.checked", "3.0"}} {
		if err := load(t).CheckEvent(e[0], e[1], []byte(`{}`)); err == nil {
			t.Errorf("%s is valid", e)
		}
	}
}
