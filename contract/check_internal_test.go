//go:build ignore

package contract

import (
	"net/http"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/strict"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/redact"
)

// checking returns a client for validation alone: it sends nothing.
func checking(t *testing.T) *client {
	t.Helper()
	spec := embedded.Spec()
	return &client{checker: strict.New(spec), redactor: redact.New(make([]byte, 32), redact.FromDocument(spec.Document))}
}

const checked = `"type": "eligibility.checked", "created": 1649949363, "id": "62583ab3-8cfc-4a47-b6c9-272850e631f8",
	"data": {"eligibility_id": "2505464", "member_id": "132407", "eligibility_response": "Success", "external_member_id": "5991794"}}`

// An event in the wrong envelope has one finding, instead of one for each unexpected or missing name.
func TestAnEventInAnotherEnvelopeIsFoundForWhatItIs(t *testing.T) {
	t.Parallel()
	const plain, second = `{"account_code": "vclinic", ` + checked, `{"version": "2.0", "clinic_code": "vclinic", ` + checked
	for _, tc := range []struct{ name, body, envelope, want string }{
		{"as it must be", plain, "unversioned", ""},
		{"the clinic is not known", second, "", ""},
		{"switched", second, "unversioned", "the envelope must be unversioned, which the clinic is set to, and is 2.0"},
		{"switched back", plain, "2.0", "the envelope must be 2.0, which the clinic is set to, and is unversioned"},
	} {
		c := checking(t)
		_, err := c.event(delivery{Header: http.Header{}, Body: []byte(tc.body), Status: ok}, tc.envelope, false)
		if (err == nil) != (tc.want == "") || err != nil && err.Error() != "the event breaks openapi.yaml: "+tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err != nil && (len(c.last.Findings) != 1 || c.last.Findings[0].Operation != "eligibility.checked" || c.last.Shown == nil) {
			t.Errorf("%s: %+v", tc.name, c.last)
		}
	}
}

// An event about another patient is reported as such, and not as a missing event.
func TestAnEventAboutAnotherPatientIsFoundForWhatItIs(t *testing.T) {
	t.Parallel()
	c := checking(t)
	e := event{Type: "eligibility.checked"}
	e.Data.MemberID = "132407"
	if err := c.about(e, "132407"); err != nil {
		t.Error(err)
	}
	if err := c.about(e, "132408"); err == nil {
		t.Error("another patient's event is taken")
	}
	want := result.Finding{Operation: "eligibility.checked", Pointer: "/data/member_id", Rule: "must be the patient whose check it is, and is another"}
	if len(c.last.Findings) != 1 || c.last.Findings[0] != want {
		t.Errorf("%+v", c.last.Findings)
	}
}
