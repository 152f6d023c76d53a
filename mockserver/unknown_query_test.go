package mockserver_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// Parameters of a filtering query are treated like fields; other queries take any parameter.
func TestUnknownParametersOfAQueryAreTreatedAlike(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query   string
		typo    bool
		ignored string
		refused string
	}{
		"another name": {"colour=red", false, "colour", "colour is not a parameter of this request"},
		"a typo": {"emial=ada", true, "emial (did you mean email?)",
			"emial is not a parameter of this request (did you mean email?)"},
		"an array":  {"limit[]=1", true, "limit%5B%5D (did you mean limit?)", "limit must be one value, not a list"},
		"a value":   {"Pat%20Sample", false, "Pat%20Sample", "the query has a parameter with an invalid name"},
		"a cache's": {"_=1700000000", false, "_", "_ is not a parameter of this request"},
	} {
		for _, mode := range []clinic.UnknownFields{clinic.RefuseTypos, clinic.RefuseUnknown, clinic.IgnoreUnknown} {
			t.Run(fmt.Sprintf("%s/%s", name, mode), func(t *testing.T) {
				t.Parallel()
				c := unknownFields(t, mode)
				got := get(t, c.BaseURL+"/users?"+tc.query, byToken(c.AdminToken))
				if mode == clinic.RefuseUnknown || mode == clinic.RefuseTypos && tc.typo {
					if diff := cmp.Diff(tc.refused, got.message(t, 400)); diff != "" {
						t.Errorf("message (-want +got):\n%s", diff)
					}
				} else if want := fmt.Sprintf("unknown query parameters were ignored (unknown_fields: %s): %s", mode,
					tc.ignored); !slices.Equal(warnings(got), []string{want}) || got.status != 200 {
					t.Errorf("%d, warnings %q; want %s", got.status, warnings(got), want)
				}
				open := get(t, c.BaseURL+"/me?"+tc.query, byToken(c.AdminToken))
				if open.status != 200 || len(warnings(open)) != 1 {
					t.Errorf("of another operation: %d %s, warnings %q", open.status, open.body, warnings(open))
				}
			})
		}
	}
}

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
