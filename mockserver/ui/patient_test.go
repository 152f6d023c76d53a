package ui_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

var linkAddress = regexp.MustCompile(`href="(/_mock/page[^"#]*)`)

// Each link of each view that can be reached leads to a view, in a clinic with checks, claims, visits and events.
func TestEachLinkLeadsToAView(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for _, id := range []string{"claim-paid", "visit-completed"} {
		receiver := mocktest.NewReceiver(t, nil)
		c := mock.NewClinic(t, clinic.Settings{AccountCode: id, Webhook: clinic.Webhook{URL: receiver.URL}})
		c.Play(t, mock.Scenario(t, id))
		r := newReader(t, mock)
		base := "/_mock/page/clinics/" + id
		seen, kinds := map[string]bool{base: true}, map[string]bool{}
		for open := []string{base}; len(open) > 0; open = open[1:] {
			if kind, _, deep := strings.Cut(strings.TrimPrefix(open[0], base+"/"), "/"); deep {
				if kinds[kind] && len(seen) > 60 {
					continue // enough of this kind
				}
				kinds[kind] = true
			}
			for _, found := range linkAddress.FindAllStringSubmatch(r.see(open[0]), -1) {
				if address := strings.ReplaceAll(found[1], "&amp;", "&"); !seen[address] && strings.HasPrefix(address, base) {
					seen[address] = true
					open = append(open, address)
				}
			}
		}
		for _, kind := range []string{"exchanges", "checks", "events", "patients", strings.Split(id, "-")[0] + "s"} {
			if !kinds[kind] {
				t.Errorf("in %s no link led to one of %s", id, kind)
			}
		}
	}
}

const ada = "Ada"

func TestAPatientIsFoundByASearch(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	r := newReader(t, mock)
	r.post(front, nil)
	plant(t, mock, "vclinic", ada)
	r.see(front+"/patients", "Edward VSee", ada+" "+ada)
	if page := r.see(front+"/patients?q=EDWARD", "Edward VSee"); strings.Contains(page, ada+" "+ada) {
		t.Error("the search finds another patient")
	}
	r.see(front+"/patients?q=nobody", "No patient matches")
	r.see(front+"/patients/132407", "primary card", "11000075", "car7556", "1986-01-01", "2505465")
	if page := r.see(front+"?q=ada", ada+" "+ada); strings.Contains(page, "Edward VSee") {
		t.Error("the search of the timeline finds another patient")
	}
}

func TestFaultsAreSwitchedOnAndOff(t *testing.T) {
	t.Parallel()
	r := newReader(t, mocktest.Start(t))
	status := func() int {
		reply, _ := r.send(http.MethodGet, "/api_v3/insurances/", nil, "X-ApiToken", "vclinic_api_token")
		return reply.StatusCode
	}
	for _, step := range []struct {
		form url.Values
		want int
	}{
		{url.Values{"kind": {"503"}, "do": {"on"}}, 503},
		{url.Values{"kind": {"503"}, "do": {"off"}}, 200},
		{url.Values{"kind": {"500"}, "do": {"add"}, "operation": {"listInsurers"}, "times": {"1"},
			"probability": {"100"}}, 500},
		{url.Values{"at": {"0"}, "do": {"remove"}}, 200},
		{url.Values{"kind": {"403"}, "do": {"on"}}, 403},
		{url.Values{"do": {"clear"}}, 200},
	} {
		r.post(front+"/faults", step.form)
		if got := status(); got != step.want {
			t.Errorf("after %v a request gets %d, want %d", step.form, got, step.want)
		}
	}
	_, live, _ := strings.Cut(r.post(front+"/faults", url.Values{"kind": {"403"}, "do": {"add"}}), "data-live>")
	for _, text := range []string{"Remove all", "0 requests", "since the list was last changed", "Added."} {
		if !strings.Contains(live, text) {
			t.Errorf("the faults have no %q", text)
		}
	}
	page := r.post(front+"/faults", url.Values{"do": {"clear"}})
	if strings.Contains(page, "Remove all") || !strings.Contains(page, "Removed.") {
		t.Error("behind Remove all there is one more to remove, or no confirmation")
	}
	for _, wrong := range []url.Values{
		{"kind": {"none"}}, {"kind": {"500"}, "times": {"x"}}, {"kind": {"500"}, "probability": {"0"}},
		{"at": {"7"}, "do": {"remove"}}, {"kind": {"500"}, "operation": {"nothing"}},
	} {
		if reply, _ := r.send(http.MethodPost, front+"/faults", wrong); reply.StatusCode != http.StatusBadRequest {
			t.Errorf("%v: %d", wrong, reply.StatusCode)
		}
	}
}
