package vseemock_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/vsee-mock/vsee-mock/internal/apispec"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

const requestsFile = "docs/examples/requests.http"

// requestsHead is the beginning of the collection.
const requestsHead = `# Every call of the API, in an order that works on a new mock: start vsee-mock, and send them from
# the top. Values come from the examples in openapi.yaml. REST Client for VS Code takes ids and tokens from earlier
# replies. In JetBrains' HTTP Client, paste them into the variables below.
# "go test . -run Collection -update" writes this file.

@host = http://127.0.0.1:8080
@baseUrl = {{host}}/vc/dev/api_v3
@accountCode = vclinic
@apiKey = vclinic_api_key
@apiSecret = vclinic_api_secret
@apiToken = vclinic_api_token

# These come from replies.
@userId = {{signOn.response.body.$.data.id}}
@userToken = {{signOn.response.body.$.data.token.token}}
@claimId = {{submitClaim.response.body.$.data.claim_id}}
@loginToken = {{login.response.body.$.data.token.token}}
@loginRefreshToken = {{login.response.body.$.data.token.refresh_token.token}}
@fileId = {{uploadFile.response.body.$.data.id}}
@providerId = {{signOnProvider.response.body.$.data.id}}
@intakeId = {{createIntake.response.body.$.data.id}}
@visitId = {{addWalkIn.response.body.$.data.id}}
@appointmentId = {{addVisit.response.body.$.data.id}}
`

// values replace the examples of fields and parameters with these names: they must exist on a new mock.
var values = map[string]any{
	"account_code": "{{accountCode}}", "claim_id": "{{claimId}}", "file_id": "{{fileId}}", "intake_id": "{{intakeId}}",
	"member_id": "{{userId}}", "provider_id": "{{providerId}}", "refresh_token": "{{loginRefreshToken}}",
	"room_code": "vclinicroom", "target_id": "{{userId}}", "visit_id": "{{visitId}}",
}

// callers have the headers by which the callers of an operation are known. The rest send a token.
var callers = map[string][]string{
	"anybody": {}, "link": {}, "visitor": {"X-AccountCode: {{accountCode}}"}, "admin": {"X-ApiToken: {{apiToken}}"},
	"partner": {"X-AccountCode: {{accountCode}}", "X-ApiKey: {{apiKey}}", "X-ApiSecret: {{apiSecret}}"},
}

// sample is one request of the collection.
type sample struct {
	operation string         // its operationId, or a method and a path of the control API
	title     string         // the summary of the operation by default
	name      string         // of its reply, the operationId by default
	token     string         // its variable, userToken by default
	url       string         // by default that of the operation
	set       map[string]any // replaces examples and values; nil leaves a field out
}

// samples are the guide's seven steps, and the other operations.
var samples = []sample{
	{operation: "listInsurers", title: "Step 1: the insurers of the clinic", token: "apiToken"},
	{operation: "signOn", title: "Step 2: sign a patient on"},
	{operation: "updateMe", title: "Step 3: store the insurance"},
	{operation: "startEligibilityCheck", title: "Step 4: start a check"},
	{operation: "POST /_mock/clinics/{{accountCode}}/clock", title: "Step 5: move the mock's clock, or wait 10 seconds",
		set: map[string]any{"advance": "10s"}},
	{operation: "getUser", title: "Step 6: read the result"},
	{operation: "submitClaim", title: "Step 7: submit a claim (not defined by VSee)"},
	{operation: "getClaim"}, {operation: "listClaims"}, {operation: "getMe"}, {operation: "searchUsers"},
	{operation: "PUT /_mock/clinics/{{accountCode}}/users/{{userId}}/credentials",
		title: "Give the user a password on the mock", set: map[string]any{"password": "a made-up one"}},
	{operation: "login"}, {operation: "refreshToken"}, {operation: "logout", token: "loginToken"},
	{operation: "listInsurerOptions"}, {operation: "importCards"}, {operation: "saveCard"}, {operation: "listCards"},
	{operation: "deleteCard"},
	{operation: "uploadFile"}, {operation: "listFiles"}, {operation: "renameFile"},
	{operation: "getFile", url: "{{uploadFile.response.body.$.data.fullpath}}"}, {operation: "deleteFile"},
	{operation: "listAccounts"}, {operation: "getAccount", set: map[string]any{"code": "{{accountCode}}"}},
	{operation: "listRooms"}, {operation: "getRoom"}, {operation: "createRoom"},
	{operation: "signOn", title: "Sign a provider on", name: "signOnProvider", set: map[string]any{
		"type": 400, "first_name": "Dana", "code": "provider00102", "email": nil, "dob": nil, "gender": nil,
	}},
	{operation: "assignRooms", set: map[string]any{"id": "{{providerId}}"}},
	{operation: "listRoomProviders"}, {operation: "getRoomProvider"},
	{operation: "createIntake"}, {operation: "updateIntake"}, {operation: "getIntake"},
	{operation: "addWalkIn"}, {operation: "startVisit", set: map[string]any{"id": "{{visitId}}"}},
	{operation: "getCurrentVisit"}, {operation: "closeVisit", set: map[string]any{"id": "{{visitId}}"}},
	{operation: "getVisit"}, {operation: "getVisitSummary"},
	{operation: "getAvailability"}, {operation: "searchAvailability"}, {operation: "addVisit"},
	{operation: "updateVisit", set: map[string]any{"visit_id": "{{appointmentId}}"}}, {operation: "listVisits"},
	{operation: "deleteVisit", set: map[string]any{"id": "{{appointmentId}}"}}, {operation: "addEConsult"},
	{operation: "POST /_mock/clinics/{{accountCode}}/reset", title: "Empty the mock's clinic, to send them all again"},
}

func TestTheCollectionOfRequestsHasEveryOperationOfTheDocument(t *testing.T) {
	t.Parallel()
	spec, missing := documents(t)["openapi.yaml"], map[string]bool{}
	for _, id := range spec.IDs() {
		missing[id] = true
	}
	text := strings.Builder{}
	text.WriteString(requestsHead)
	for _, s := range samples {
		delete(missing, s.operation)
		text.WriteString(s.request(t, spec))
	}
	if len(missing) > 0 {
		t.Errorf("no request for %v", slices.Sorted(maps.Keys(missing)))
	}
	golden.Is(t, requestsFile, text.String())
}

// request returns the request in the format of the collection.
func (s sample) request(t *testing.T, spec *apispec.Spec) string {
	t.Helper()
	op, documented := spec.Operation(s.operation)
	if !documented {
		body := ""
		if s.set != nil {
			body = "Content-Type: application/json\n\n" + indented(t, s.set)
		}
		method, path, _ := strings.Cut(s.operation, " ")
		return fmt.Sprintf("\n### %s\n%s {{host}}%s\n%s", s.title, method, path, body)
	}
	headers, listed := callers[op.Caller]
	if !listed {
		headers = []string{"X-ApiToken: {{" + cmp.Or(s.token, "userToken") + "}}"}
	}
	text := fmt.Sprintf("\n### %s\n# @name %s\n%s %s\n", cmp.Or(s.title, op.Declared.Summary), cmp.Or(s.name, op.ID),
		op.Method, cmp.Or(s.url, s.address(op)))
	for _, header := range headers {
		text += header + "\n"
	}
	if op.TakesBody() {
		text += s.body(t, op.Declared.RequestBody.Value.Content)
	}
	return text
}

// value returns the value of a field or parameter, false to leave it out.
func (s sample) value(name string, example any) (any, bool) {
	for _, from := range []map[string]any{s.set, values} {
		if value, found := from[name]; found {
			return value, value != nil
		}
	}
	return example, example != nil
}

// address returns the URL with the parameters that have an example.
func (s sample) address(op apispec.Operation) string {
	path, separator := op.Path, "?"
	for _, p := range op.Declared.Parameters {
		name, example := p.Value.Name, p.Value.Example
		if p.Value.In == "path" && name == "id" {
			example = "{{userId}}"
		}
		value, found := s.value(name, example)
		switch {
		case p.Value.In == "path":
			path = strings.ReplaceAll(path, "{"+name+"}", fmt.Sprint(value))
		case found && p.Value.In == "query" && example != nil:
			path += fmt.Sprintf("%s%s=%v", separator, name, value)
			separator = "&"
		}
	}
	return "{{baseUrl}}" + path
}

// body returns the rest of a request: JSON, or a form with parts when the request has a file.
func (s sample) body(t *testing.T, content openapi3.Content) string {
	t.Helper()
	form := content.Get("multipart/form-data")
	declared := apispec.Properties(form.Schema.Value)
	parts, hasFile := "", false
	for _, name := range slices.Sorted(maps.Keys(form.Example.(map[string]any))) {
		isFile := declared[name] != nil && declared[name].Value.Format == "binary"
		parts += fmt.Sprintf("--part\nContent-Disposition: form-data; name=%q", name)
		if isFile {
			parts += "; filename=\"card.txt\"\nContent-Type: text/plain"
		}
		parts += fmt.Sprintf("\n\n%v\n", form.Example.(map[string]any)[name])
		hasFile = hasFile || isFile
	}
	if hasFile {
		return "Content-Type: multipart/form-data; boundary=part\n\n" + parts + "--part--\n"
	}
	fields := map[string]any{}
	for name, example := range content.Get("application/json").Example.(map[string]any) {
		if value, found := s.value(name, example); found {
			fields[name] = value
		}
	}
	return "Content-Type: application/json\n\n" + indented(t, fields)
}

func indented(t *testing.T, value any) string {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
