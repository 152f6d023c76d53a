package mockserver_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// clinicWithVisit returns a mock's URL, a clinic of it with a patient who waits, and the tokens of the patient and of a
// provider of the room.
func clinicWithVisit(t *testing.T) (root string, c *mocktest.Clinic, patient, provider, visit string) {
	t.Helper()
	mock := mocktest.Start(t)
	c = mock.NewClinic(t, clinic.Settings{AccountCode: "ward"})
	token := func(f fields) string {
		text, _ := signOn(t, c, f).at(t, "data", "token", "token").(string)
		return text
	}
	patient = token(fields{{"first_name", "<b>Nora</b>"}, {"last_name", "Lind"}, {"code", "nora"}, {"type", "200"}})
	provider = token(fields{{"first_name", "Paul"}, {"last_name", "Mercer"}, {"code", "paul"}, {"type", "400"},
		{"room_code", "vclinicroom"}})
	return mock.URL, c, patient, provider, walkIn(t, c, patient)
}

func cookieOf(token string) func(*http.Request) { return with("Cookie", "vsee_mock_portal="+token) }

// The pages behind the redirects of clients name the people of a visit and their place.
func TestAPageOfThePortalSaysWhoIsWhere(t *testing.T) {
	t.Parallel()
	root, c, patient, provider, visit := clinicWithVisit(t)
	member, _ := get(t, c.BaseURL+"/me", byToken(patient)).at(t, "data", "id").(string)
	for _, tc := range []struct{ token, path, want string }{
		{patient, "/visits/start/" + visit, "<h1>&lt;b&gt;Nora&lt;/b&gt; Lind waits in "},
		{patient, "/vc/stable/visits/start/" + visit + "/", "<dd>pending</dd>"},
		{patient, "/u/clinic", "Lind waits since "},
		{provider, "/u/vclinicroom", "(visit " + visit + ")"},
		{provider, "/providers/patient/" + member, "<li>Visit " + visit + " of "},
		{provider, "/providers/dashboard", "<h1>Dashboard of Paul Mercer</h1>"},
		{patient, "/members/appointment/" + visit, "<dd>none</dd>"},
	} {
		got := browse(t, root+tc.path, cookieOf(tc.token))
		if got.status != 200 || !strings.Contains(string(got.body), tc.want) ||
			!strings.Contains(string(got.body), "This is a mock of VSee") || strings.Contains(string(got.body), "<b>Nora") {
			t.Errorf("%s: %d, want %s: %s", tc.path, got.status, tc.want, got.body)
		}
	}
	step(t, c, patient, "inprogress", visit)
	got := browse(t, root+"/visits/start/"+visit, cookieOf(patient))
	if !strings.Contains(string(got.body), "Lind is in a call</h1>") {
		t.Errorf("%s", got.body)
	}
}

// A page of another patient, of nobody or without a sign-on is refused, with the way out.
func TestAPageOfThePortalIsForItsUser(t *testing.T) {
	t.Parallel()
	root, c, patient, _, visit := clinicWithVisit(t)
	other, _ := signOn(t, c, edward).at(t, "data", "token", "token").(string)
	member, _ := get(t, c.BaseURL+"/me", byToken(patient)).at(t, "data", "id").(string)
	for _, tc := range []struct {
		path   string
		token  string
		status int
		want   string
	}{
		{"/visits/start/" + visit, "", 401, "this browser has no signed-on user: sign on with /auth first"},
		{"/visits/start/" + visit, other, 403, "the visit is another user&#39;s"},
		{"/visits/start/1", patient, 404, "the clinic has no visit with this id"},
		{"/u/nowhere", patient, 404, "the clinic has no room"},
		{"/providers/patient/" + member, other, 403, "only a provider may open the page of another user"},
		{"/members/appointment/" + visit + "?token=wrong", "", 403, "this link opens no appointment"},
		{"/members/appointment/" + visit, "", 401, "this browser has no signed-on user"},
		{"/visits/exports/0123", "", 404, "no completed visit has this summary"},
	} {
		change := func(*http.Request) {}
		if tc.token != "" {
			change = cookieOf(tc.token)
		}
		got := browse(t, root+tc.path, change)
		if got.status != tc.status || !strings.Contains(string(got.body), tc.want) {
			t.Errorf("%s: %d, want %d and %s: %s", tc.path, got.status, tc.status, tc.want, got.body)
		}
	}
}

// The link of an appointment opens it without a sign-on (documented).
func TestTheLinkOfAnAppointmentNeedsNoSignOn(t *testing.T) {
	t.Parallel()
	root, c, patient, _, _ := clinicWithVisit(t)
	made := book(t, c, patient, 1893499200, 1893500100)
	id, _ := made.at(t, "data", "id").(string)
	link, _ := made.at(t, "data", "one_time_link_token").(string)
	got := browse(t, root+"/members/appointment/"+id+"?token="+link)
	if got.status != 200 || !strings.Contains(string(got.body), "Lind has an appointment</h1>") {
		t.Errorf("%d: %s", got.status, got.body)
	}
	if got := browse(t, root+"/members/appointment/"+id+"?token="+link, withHost("desk.localhost")); got.status != 403 {
		t.Errorf("at another clinic's host: %d", got.status)
	}
}

// The address of a visit's summary is a PDF.
func TestTheSummaryOfAVisitIsAPDF(t *testing.T) {
	t.Parallel()
	root, c, patient, _, visit := clinicWithVisit(t)
	step(t, c, patient, "inprogress", visit)
	step(t, c, patient, "close", visit)
	shown := get(t, c.BaseURL+"/visits/"+visit+"/exports/visit_summary", byToken(patient))
	address, _ := shown.at(t, "data", "url").(string)
	if !strings.HasPrefix(address, root+"/visits/exports/") {
		t.Fatalf("the summary is at %s", address)
	}
	got := browse(t, address)
	if got.status != 200 || got.header.Get("Content-Type") != "application/pdf" ||
		!bytes.HasPrefix(got.body, []byte("%PDF-1.4\n")) || !bytes.Contains(got.body, []byte("Status: completed")) {
		t.Errorf("%d, %s: %s", got.status, got.header.Get("Content-Type"), got.body)
	}
}
