package mockserver_test

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/store"
)

// A mock that runs for months holds as many rows of each kind in the end as in the middle.
func TestAMockThatRunsForMonthsStaysFlat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kept := store.NewMemory()
		mock, err := mockserver.New(mockserver.Options{Store: kept, History: 5, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := mock.Clinics().Clinic("vclinic")
		largest := make([]map[string]int, 2)
		for day := range 120 {
			oneDay(t, mock, c, day)
			half := day / 60
			largest[half] = maxOf(largest[half], sizesOf(t, kept, c.ID()))
		}
		if diff := cmp.Diff(largest[0], largest[1]); diff != "" {
			t.Errorf("the most rows of the first two months and of the next two differ:\n%s", diff)
		}
		for kind, n := range largest[1] {
			if n == 0 || n > 100 { // ten times the history, and the open ones
				t.Errorf("there are up to %d %s", n, kind)
			}
		}
	})
}

// oneDay is the traffic of one day: new patients with a check, a claim, a visit and a file, and one who comes again.
func oneDay(t *testing.T, mock *mockserver.Server, c *clinic.Clinic, day int) {
	t.Helper()
	for n := range 2 {
		for _, code := range []string{fmt.Sprintf("new-%d-%d", day, n), "again"} {
			token := signOnTo(t, mock, code, day*10+n)
			sendTo(t, mock, token, "POST", "/users/-/car7556/eligibility", "")
			sendTo(t, mock, token, "GET", "/users/-", "")
			intake := sendTo(t, mock, token, "POST", "/intakes", `{"room_code": "`+clinic.FirstRoom+`", "type": 1}`)
			visit := sendTo(t, mock, token, "POST", "/visits/add_walkin", `{"intake_id": "`+idIn(t, intake)+`"}`)
			if n == 0 {
				sendTo(t, mock, token, "POST", "/visits/close", `{"id": "`+idIn(t, visit)+`"}`)
			}
			advanceBy(t, mock, "1m")
			sendTo(t, mock, token, "POST", "/insurance/claims", `{"member_id": "-", "carrier_code": "car7556",
				"encounter_date": "`+c.Clock().Now().Format(time.DateOnly)+`", "facility_code": "AWC", "diagnoses": ["R05.9"],
				"lines": [{"procedure_code": "99211", "units": `+fmt.Sprint(n+1)+`, "diagnosis_pointers": [1]}]}`)
			start := c.Clock().Now().Add(time.Hour)
			if _, err := c.AddBlock(t.Context(), clinic.NewBlock{Room: clinic.FirstRoom, Start: start,
				End: start.Add(time.Hour), Minutes: 30, Places: 9}); err != nil {
				t.Fatal(err)
			}
		}
	}
	advanceBy(t, mock, "24h")
}

func signOnTo(t *testing.T, mock *mockserver.Server, code string, number int) string {
	t.Helper()
	form := url.Values{"first_name": {"Pat"}, "last_name": {"Sample"}, "code": {code}, "dob": {"1980-02-29"},
		"gender": {"2"}, "insurance.primary.carrier_code": {"car7556"},
		"insurance.primary.subscriber_num": {fmt.Sprint("S", number)}}
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/api_v3/users/sso", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-AccountCode", "vclinic")
	r.Header.Set("X-ApiKey", "vclinic_api_key")
	r.Header.Set("X-ApiSecret", "vclinic_api_secret")
	token := regexp.MustCompile(`"token":"([0-9a-f]{32})"`).FindStringSubmatch(serveTo(t, mock, r))
	if token == nil {
		t.Fatal("the sign-on has no token")
	}
	return token[1]
}

func sendTo(t *testing.T, mock *mockserver.Server, token, method, path, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/api_v3"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("X-AccountCode", "vclinic")
	r.Header.Set("X-ApiToken", token)
	return serveTo(t, mock, r)
}

func advanceBy(t *testing.T, mock *mockserver.Server, span string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "POST", "http://localhost/_mock/clinics/vclinic/clock",
		strings.NewReader(`{"advance": "`+span+`", "limit": 1}`))
	serveTo(t, mock, r)
}

func serveTo(t *testing.T, mock *mockserver.Server, r *http.Request) string {
	t.Helper()
	w := httptest.NewRecorder()
	mock.ServeHTTP(w, r)
	text, _ := io.ReadAll(w.Body)
	if w.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", r.Method, r.URL.Path, w.Code, text)
	}
	return string(text)
}

func idIn(t *testing.T, reply string) string {
	t.Helper()
	id := regexp.MustCompile(`"id":\s*"?([0-9a-f-]+)`).FindStringSubmatch(reply)
	if id == nil {
		t.Fatalf("no id in %s", reply)
	}
	return id[1]
}

// sizesOf returns the number of rows of a clinic.
func sizesOf(t *testing.T, kept clinic.Store, id string) map[string]int {
	t.Helper()
	var sizes map[string]int
	if err := kept.View(t.Context(), id, func(v clinic.View) error {
		sizes = map[string]int{"users": v.Users().Len(), "tokens": v.Tokens().Len(), "checks": v.Checks().Len(),
			"claims": v.Claims().Len(), "events": v.Events().Len(), "visits": v.Visits().Len(),
			"intakes": v.Intakes().Len(), "blocks": v.Blocks().Len(), "tallies": v.Sizes().Tallies}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return sizes
}

func maxOf(a, b map[string]int) map[string]int {
	most := maps.Clone(b)
	for kind, n := range a {
		most[kind] = max(n, b[kind])
	}
	return most
}
