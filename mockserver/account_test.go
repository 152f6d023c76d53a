package mockserver_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
)

func TestGetAccountNeedsNoToken(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "north-clinic", Name: "North <Clinic>", Description: "All week"})
	want := `{"data":{"code":"north-clinic","name":"North <Clinic>","description":"All ` +
		`week","theme":{"name":"default"},` +
		`"payment":{"enabled":false},"eligibility":{"enabled":true}}}` + "\n"
	for _, path := range []string{"/accounts/north-clinic", "/accounts/north-clinic.json", "/accounts/north-clinic/"} {
		if diff := cmp.Diff(want, string(get(t, c.BaseURL+path).body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if got := get(t, c.BaseURL+"/accounts/vclinic").at(t, "data", "name"); got != "vclinic" {
		t.Errorf("a clinic without a name is called %v", got)
	}
	for path, want := range map[string]string{
		"/accounts/nobody":       "there is no clinic with this account code",
		"/accounts/NORTH-CLINIC": "there is no clinic with this account code",
		"/accounts/%2E%2E":       "there is no clinic with this account code",
		"/accounts/a/b":          "Sorry, this page is not available.",
	} {
		if got := get(t, c.BaseURL+path).message(t, 404); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	if got := post(t, c.BaseURL+"/accounts/vclinic", noBody).message(t, 405); got != "this path takes GET" {
		t.Errorf("a POST gets %q", got)
	}
	c.Control(t, http.MethodPatch, "", map[string]any{"name": "", "description": ""}, nil)
	if got := get(t, c.BaseURL+"/accounts/north-clinic").at(t, "data", "name"); got != "north-clinic" {
		t.Errorf("after its name was taken away it is called %v", got)
	}
}

func TestAllAccountsAreListed(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.AutoClinics = true })
	for _, code := range []string{"b", "a"} {
		mock.NewClinic(t, clinic.Settings{AccountCode: code})
	}
	codes := func(query string) (codes string, total int) {
		var page struct {
			Data  []struct{ Code string }
			Total int `json:"total_count"`
		}
		get(t, mock.URL+"/api_v3/accounts"+query).into(t, &page)
		for _, row := range page.Data {
			codes += row.Code + " "
		}
		return codes, page.Total
	}
	for query, want := range map[string]string{"": "a b vclinic ", "?limit=1": "a ", "?start=1&limit=1": "b ",
		"?start=9": "", "?other=1": "a b vclinic "} {
		if got, total := codes(query); got != want || total != 3 {
			t.Errorf("%s: %s of %d", query, got, total)
		}
	}
	for query, want := range map[string]string{
		"?start=-1":         "start must be a whole number from 0 to 1000000000",
		"?start=x":          "start must be a whole number from 0 to 1000000000",
		"?limit=0":          "limit must be a whole number from 1 to 100",
		"?limit=101":        "limit must be a whole number from 1 to 100",
		"?limit=1&limit=2":  "limit is sent more than once",
		"?limit=1&start=%z": "the query is not well encoded: write % as %25 and ; as %3B",
	} {
		if got := get(t, mock.URL+"/api_v3/accounts"+query).message(t, 400); got != want {
			t.Errorf("%s: %q", query, got)
		}
	}
	get(t, mock.URL+"/api_v3/accounts/made-up").message(t, 404) // reading an account makes no clinic
	if got, total := codes(""); total != 3 {
		t.Errorf("afterwards there are %s", got)
	}
}

// Public operations have deliberate failures too, like all others.
func TestAScenarioFailsALogin(t *testing.T) {
	t.Parallel()
	c, _ := clinicWithLogin(t)
	c.Control(t, http.MethodPut, "/scenarios", map[string]any{"files": map[string]string{
		"shut.yaml": "title: Edward cannot log in once\nwhen: {email: \"edward*\"}\nanswer: Success\nhttp: [{operation: " +
			"login, status: 503, times: 1}, {operation: refreshToken, status: 502, times: 1}]\n",
	}}, nil)
	c.Control(t, http.MethodPut, "/faults", []map[string]any{{"operation": "getAccount", "status": 500, "times": 1}}, nil)
	in := func(username string) int {
		return post(t, c.BaseURL+"/users/login", formBody(fields{{"username", username}, {"password", password}}),
			withAccountCode(c)).status
	}
	if got := [3]int{in("nobody"), in("edward+001.vclinic@vseelab.com"),
		in("edward+001.vclinic@vseelab.com")}; got != [3]int{401, 503, 200} {
		t.Errorf("logins are answered %v", got)
	}
	session := signOn(t, c, edward)
	if got := [2]int{refreshSession(t, c, session).status, refreshSession(t, c, session).status}; got != [2]int{502, 200} {
		t.Errorf("refreshes are answered %v", got)
	}
	if got := [2]int{get(t, c.BaseURL+"/accounts/door").status,
		get(t, c.BaseURL+"/accounts/door").status}; got != [2]int{500, 200} {
		t.Errorf("the account is answered %v", got)
	}
}

// deleting is a store whose clinic `gone` is deleted just before it is read.
type deleting struct {
	clinic.Store
	gone atomic.Value
}

// View implements clinic.Store.
func (s *deleting) View(ctx context.Context, id string, f func(clinic.View) error) error {
	if id == s.gone.Load() {
		return clinic.ErrUnknown
	}
	return s.Store.View(ctx, id, f)
}

func TestAPageOfAccountsIsFullThoughOneIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	kept := &deleting{Store: store.NewMemory()}
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.Store = kept })
	mock.NewClinic(t, clinic.Settings{AccountCode: "a"})
	found, _ := mock.Server.Clinics().Clinic("a")
	kept.gone.Store(found.ID())
	got := string(get(t, mock.URL+"/api_v3/accounts?limit=1").body)
	if !strings.HasPrefix(got, `{"data":[{"code":"vclinic",`) || !strings.HasSuffix(got, `}],"total_count":1}`+"\n") {
		t.Error(got)
	}
}
