package ui_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// request sends a request of the clinic's admin to VSee's API.
func request(t testing.TB, c *mocktest.Clinic, path string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.BaseURL+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ApiToken", c.AdminToken)
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
}

// flood serves requests of a clinic's admin without a network.
func flood(t *testing.T, mock *mocktest.Mock, account string, many int) {
	t.Helper()
	one := mock.Clinic(t, account)
	for range many {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api_v3/insurances/", http.NoBody)
		request.Header.Set("X-ApiToken", one.AdminToken)
		mock.Server.ServeHTTP(&httptest.ResponseRecorder{}, request)
	}
}

func TestOlderEntriesAreOnAPageOfTheirOwn(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "north"})
	for n := range 410 {
		request(t, c, fmt.Sprintf("/insurances/?n=%d", n))
	}
	r := newReader(t, mock)
	newest := r.see(north, "Older entries", "/exchanges/410\"", "/exchanges/11\"")
	if strings.Contains(newest, "/exchanges/10\"") {
		t.Error("the newest page has more than 400 entries")
	}
	older := regexp.MustCompile(north + `\?after=\d+`).FindString(newest)
	if page := r.see(older, "Go to the newest entries", "/exchanges/10\"", "/exchanges/1\""); strings.Contains(page,
		"/exchanges/11\"") {
		t.Error("an entry is on two pages")
	}
}

// Things stand in the order in which they began, whatever order their records have: a request before the check that it
// started, and an answer before the request that reads it.
func TestTheTimelineIsInTheOrderOfTheClinicsClock(t *testing.T) {
	t.Parallel()
	r, _ := started(t, nil)
	r.post(north+"/clock", map[string][]string{"move": {"10s"}})
	page := r.see(north)
	at := 0
	for _, text := range []string{"POST /users/sso", "POST /me.json", "/eligibility", "check started",
		"Subscriber/Insured not found", ">eligibility.checked<", "attempt 1"} {
		next := strings.Index(page[at:], text)
		if next < 0 {
			t.Fatalf("the timeline does not have %q where it belongs:\n%s", text, page)
		}
		at += next
	}
}

func BenchmarkTimeline(b *testing.B) {
	mock := mocktest.Start(b)
	c := mock.NewClinic(b, clinic.Settings{AccountCode: "north", Clock: clinic.ClockSettings{
		Start: time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), Frozen: true}})
	for range 400 {
		request(b, c, "/insurances/")
	}
	for b.Loop() {
		reply, err := mocktest.Client().Get(mock.URL + north) //nolint:noctx // a benchmark ends with the process
		if err != nil {
			b.Fatal(err)
		}
		reply.Body.Close()
	}
}

func TestTheTimelineOfSeveralDaysNamesThem(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "north", Clock: clinic.ClockSettings{
		Start: time.Date(2025, 12, 31, 14, 0, 0, 0, time.UTC), Frozen: true}})
	r := newReader(t, mock)
	request(t, c, "/insurances/")
	if page := r.see(north, "14:00:00"); strings.Contains(page, `class="day"`) {
		t.Error("a timeline of one day names it")
	}
	r.post(north+"/clock", url.Values{"move": {"by"}, "by": {"35074h10m"}})
	request(t, c, "/insurances/")
	r.post(north+"/clock", url.Values{"move": {"10s"}})
	request(t, c, "/insurances/")
	page := r.see(north, `<span class="day">31 Dec 2025</span> 14:00:00`, `<span class="day">1 Jan 2030</span> 00:10:00`,
		"+1461 d 10 h<", `data-at="1 Jan 2030 00:10:10"`)
	if n := strings.Count(page, `class="day"`); n != 2 {
		t.Errorf("%d headings have a date", n)
	}
}
