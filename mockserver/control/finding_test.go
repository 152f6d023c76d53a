package control_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// shown is a finding, with the line of the document in place of its number.
func shown(f controlapi.Finding) string {
	line := strings.Split(string(vseemock.OpenAPI()), "\n")[f.Place.Line-1]
	line, _, _ = strings.Cut(strings.TrimSpace(line), ":")
	return fmt.Sprintf("%s, %s: %s.%s.%s at %s", f.Kind, f.Place.Evidence, f.Place.Name, f.Place.Part, f.Place.Field, line)
}

func TestTheFindingsOfAnExchangeNameTheLinesTheyRestOn(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	one := mock.Clinic(t, "vclinic")
	for _, call := range []struct {
		token, path string
		form        url.Values
		want        []string
	}{
		{one.AdminToken, "/me", url.Values{"dob": {"1986-13-01"}, "gender": {"9"}}, []string{
			"refusal, documented: updateMe.request.dob at dob", "refusal, documented: updateMe.request.gender at gender"}},
		{one.AdminToken, "/users/999999/car7556/eligibility", nil, []string{
			"refusal, documented: startEligibilityCheck.404. at NotFound"}},
		{one.AdminToken, "/me", url.Values{"colour": {"red"}}, []string{"warning, seed: updateMe.request. at requestBody"}},
		{one.AdminToken, "/me", url.Values{"city": {"Detroit"}}, nil},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, one.BaseURL+call.path,
			strings.NewReader(call.form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"X-Apitoken": {call.token}, "X-Accountcode": {"vclinic"},
			"Content-Type": {"application/x-www-form-urlencoded"}}
		reply, err := mocktest.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		reply.Body.Close()
		var page controlapi.Page[controlapi.Exchange]
		c.ok("GET", "/clinics/vclinic/journal?limit=1", "", &page)
		var got []string
		for _, f := range page.Data[0].Findings {
			got = append(got, shown(f))
		}
		if diff := cmp.Diff(call.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", call.form, diff)
		}
	}
}

func TestARefusedEventNamesTheLineItBreaksAndAPartOfAnObjectCanBeSet(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	receiver := mocktest.NewReceiver(t, nil)
	mock.NewClinic(t, clinic.Settings{AccountCode: "north",
		Webhook: clinic.Webhook{URL: receiver.URL, Envelope: "2.0"}})
	user := patientOf(t, c, mock.Clinic(t, "north"))
	var refusal controlapi.InvalidEvent
	fire := `{"type": "visit.note.signed_and_sent", "member_id": "` + user + `", "data": {"note": {"status": %q}}}`
	status, text := c.do("POST", "/clinics/north/events", fmt.Sprintf(fire, "lost"))
	err := json.Unmarshal([]byte(text), &refusal)
	if err != nil || status != http.StatusBadRequest || refusal.Place == nil {
		t.Fatalf("%d %s", status, text)
	}
	if got := shown(controlapi.Finding{Place: *refusal.Place}); !strings.HasSuffix(got,
		"visit.note.signed_and_sent.payload 2.0.data.note.status at status") {
		t.Errorf("the refusal rests on %s", got)
	}
	var report controlapi.EventReport
	c.ok("POST", "/clinics/north/events", fmt.Sprintf(fire, "draft"), &report)
	body := report.Deliveries[0].Body
	if !strings.Contains(body, `"status":"draft"`) || !strings.Contains(body, `"note":{"id":`) {
		t.Errorf("a part of the note was changed, and the rest is lost: %s", body)
	}
}

// patientOf signs a patient on, and returns the id.
func patientOf(t *testing.T, c *client, one *mocktest.Clinic) string {
	t.Helper()
	signOn(t, one.BaseURL, one.AccountCode, one.Key, one.Secret)
	var users controlapi.Page[controlapi.User]
	c.ok("GET", "/clinics/"+one.AccountCode+"/users?limit=1", "", &users)
	return users.Data[0].ID
}

func TestTheTokensOfAUserAreListed(t *testing.T) {
	t.Parallel()
	mock, c := start(t)
	user := patientOf(t, c, mock.Clinic(t, "vclinic"))
	var tokens controlapi.Tokens
	c.ok("GET", "/clinics/vclinic/users/"+user+"/tokens", "", &tokens)
	if len(tokens.Data) != 1 || len(tokens.Data[0].Token) != 32 || tokens.Data[0].Status != "valid" {
		t.Fatalf("the tokens are %+v", tokens)
	}
	c.ok("POST", "/clinics/vclinic/clock", `{"advance": "25h"}`, nil)
	c.ok("GET", "/clinics/vclinic/users/"+user+"/tokens", "", &tokens)
	if tokens.Data[0].Status != "expired" || tokens.Data[0].RefreshUsed {
		t.Errorf("a day later: %+v", tokens)
	}
	c.refused("GET", "/clinics/vclinic/users/none/tokens", "", http.StatusNotFound,
		"the clinic has no user with this id")
}
