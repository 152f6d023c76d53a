package mockserver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// complaints is a testing.TB for tests of failing tests. It collects the failures.
type complaints struct {
	testing.TB
	cleanups []func()
	errors   []string
}

func (c *complaints) Helper()          {}
func (c *complaints) Cleanup(f func()) { c.cleanups = append(c.cleanups, f) }
func (c *complaints) Errorf(format string, args ...any) {
	c.errors = append(c.errors, fmt.Sprintf(format, args...))
}

// end runs the clean-ups, as at the end of a test.
func (c *complaints) end() string {
	for i := len(c.cleanups) - 1; i >= 0; i-- {
		c.cleanups[i]()
	}
	return strings.Join(c.errors, "\n")
}

// withDocument runs a mock on openapi.yaml with one text replaced, as though the mock's replies had drifted from it.
func withDocument(t *testing.T, before, after string) func(*mockserver.Options) {
	t.Helper()
	text := string(vseemock.OpenAPI())
	if !strings.Contains(text, before) {
		t.Fatalf("openapi.yaml does not contain %q", before)
	}
	return func(o *mockserver.Options) { o.Document = []byte(strings.Replace(text, before, after, 1)) }
}

// A reply in breach of openapi.yaml is not sent, and fails the test using the mock.
func TestAReplyThatBreaksTheDocumentFailsTheTest(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		before, after string
		want          string
	}{
		"a list is too long": {
			"              items: {$ref: '#/components/schemas/Insurer'}",
			"              maxItems: 6\n              items: {$ref: '#/components/schemas/Insurer'}",
			"data.insurers breaks the rule maxItems",
		},
		"a field is not declared": {
			"        name:\n          description: 'The insurer''s name.'\n          type: string\n          minLength: 1\n" +
				"    SignOnReply:",
			"        title:\n          type: string\n    SignOnReply:",
			"data.insurers[0].name is not declared",
		},
		"a value has another form": {
			"          description: The `carrier_code` of the later steps.",
			"          pattern: '^car'\n          description: The `carrier_code` of the later steps.",
			"data.insurers.7.id must match ^car",
		},
		"the status is not declared": {
			"        '200':\n          description: The clinic's insurers",
			"        '201':\n          description: The clinic's insurers",
			"listInsurers does not answer 200",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := withDocument(t, tc.before, tc.after)
			inner := &complaints{TB: t}
			mock := mocktest.Start(inner, broken)
			got := get(t, mock.URL+"/api_v3/insurances", byToken("vclinic_api_token"))
			if message := got.message(t, 500); message != "the mock's reply breaks openapi.yaml: see its log" {
				t.Errorf("message = %q", message)
			}
			journal := listOf(t, mock.Clinic(t, "vclinic"), "/journal")
			if violation, _ := journal[0]["violation"].(string); !strings.Contains(violation, tc.want) {
				t.Errorf("the journal says %q", violation)
			}
			if failed := inner.end(); !strings.Contains(failed, tc.want) {
				t.Errorf("the test that uses the mock fails with %q", failed)
			}
		})
	}
}

// The same for the payload of an event: it is not sent, and not tried again.
func TestAnEventThatBreaksTheDocumentIsNotSent(t *testing.T) {
	t.Parallel()
	inner := &complaints{TB: t}
	mock := mocktest.Start(inner, withDocument(t,
		"        account_code: {type: string, description: The account code of the clinic.}\n        data: {$ref: "+
			"'#/components/schemas/EligibilityChecked'}",
		"        account_code: {type: string, enum: [vclinic]}\n        data: {$ref: "+
			"'#/components/schemas/EligibilityChecked'}"))
	receiver := mocktest.NewReceiver(t, nil)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "broken", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	receipt := c.Advance(t, time.Hour)
	if len(receiver.Received()) != 0 {
		t.Error("the event was sent")
	}
	if len(receipt.Deliveries) != 1 || receipt.Deliveries[0].Reason != "contract" {
		t.Errorf("deliveries = %+v", receipt.Deliveries)
	}
	if failed := inner.end(); !strings.Contains(failed, `account_code must be one of ["vclinic"]`) {
		t.Errorf("the test that uses the mock fails with %q", failed)
	}
}

// The document is the route table: an operation without a function, or a function without an operation, stops the
// start.
func TestEveryOperationHasAFunctionAndEveryFunctionAnOperation(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ before, after, want string }{
		"an operation is renamed": {
			"operationId: getMe", "operationId: getMyself",
			"operation getMyself of openapi.yaml has no function\nfunction getMe has no operation in openapi.yaml",
		},
		"an operation has no id": {"      operationId: getMe\n", "", "checking GET /me.json: it has no operationId"},
		"an operation has no evidence": {
			"      x-evidence: documented\n      x-source: User API, GET /me\n", "", "getMe has no x-evidence or no x-source",
		},
		"a form field has no place": {
			"x-field: insurance.secondary.group_number, description: The number",
			"x-field: insurance.secondary.group, description: The number",
			"insurance.secondary_group_number has no place in the JSON schema",
		},
		"a place has no form field": {
			"        insurance.secondary_group_number: {type: string, x-field: insurance.secondary.group_number, " +
				"description: The number of the group at the secondary insurer.}\n", "",
			"insurance.secondary.group_number of the JSON schema has no field",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var o mockserver.Options
			withDocument(t, tc.before, tc.after)(&o)
			if _, err := mockserver.New(o); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}
