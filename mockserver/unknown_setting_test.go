package mockserver_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

func TestAClinicsModeIsSetShownAndChanged(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.UnknownFields, o.AutoClinics = clinic.RefuseUnknown, true })
	mode := func(c *mocktest.Clinic) string {
		var shown struct {
			Mode string `json:"unknown_fields"`
		}
		c.Control(t, http.MethodGet, "", nil, &shown)
		return shown.Mode
	}
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "set"})
	for _, one := range []*mocktest.Clinic{c, mock.Clinic(t, "vclinic")} {
		if got := mode(one); got != "refuse" {
			t.Errorf("%s has the mode %s, want the server's", one.AccountCode, got)
		}
	}
	if got := get(t, mock.URL+"/api_v3/insurances", with("X-AccountCode", "auto"),
		with("X-ApiToken", "t")); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if got := mode(mock.Clinic(t, "auto")); got != "refuse" {
		t.Errorf("a clinic that a request made has the mode %s", got)
	}
	if got := mode(mock.NewClinic(t, clinic.Settings{AccountCode: "own",
		UnknownFields: clinic.IgnoreUnknown})); got != "ignore" {
		t.Errorf("a clinic with a mode of its own has %s", got)
	}
	_, token := patient(t, c, "pat", "123")
	for _, step := range []struct {
		mode   string
		status int
	}{{"refuse", 400}, {"typos", 200}, {"ignore", 200}, {"refuse", 400}, {"", 400}} {
		c.Control(t, http.MethodPatch, "", map[string]any{"unknown_fields": step.mode}, nil)
		if got := post(t, c.BaseURL+"/me", formBody(fields{{"colour", "x"}}), byToken(token)); got.status != step.status {
			t.Errorf("in the mode %q a request is answered %d", step.mode, got.status)
		}
	}
	for method, path := range map[string]string{http.MethodPatch: "/clinics/set", http.MethodPost: "/clinics"} {
		got := send(t, method, mock.URL+"/_mock"+path, jsonBody(`{"unknown_fields": "warn"}`))
		if got.status != 400 || !strings.Contains(string(got.body), "unknown_fields must be typos, refuse or ignore") {
			t.Errorf("%s: %d %s", method, got.status, got.body)
		}
	}
	if _, err := mockserver.New(mockserver.Options{UnknownFields: "warn"}); err == nil ||
		!strings.Contains(err.Error(), "unknown_fields must be typos, refuse or ignore") {
		t.Errorf("the server's mode: %v", err)
	}
}
