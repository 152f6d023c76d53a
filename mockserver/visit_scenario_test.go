package mockserver_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// courseClinic is a clinic with a receiver, at a fixed time. Visits of subscriber 79 take the given course.
func courseClinic(t *testing.T, course string) (*mocktest.Clinic, *mocktest.Receiver) {
	t.Helper()
	s, err := scenarios.Load("course.yaml", []byte("title: T\nwhen: {subscriber_num: \"79\"}\n"+course+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	receiver := mocktest.NewReceiver(t, nil)
	c := startRetrying(t, func(o *mockserver.Options) { o.Scenarios = scenarios.Set{s} }).NewClinic(t, clinic.Settings{
		AccountCode: "course", Webhook: clinic.Webhook{URL: receiver.URL},
		Clock: clinic.ClockSettings{Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Frozen: true},
	})
	return c, receiver
}

// eventTimes describes the events of a receiver: the time from the start, the type, the visit and its status.
func eventTimes(t testing.TB, c *mocktest.Clinic, r *mocktest.Receiver) []string {
	t.Helper()
	c.Advance(t, 0)
	var all []string
	for _, got := range receivedEvents(t, r) {
		at := time.Unix(got.Created, 0).Sub(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
		all = append(all, fmt.Sprintf("%s %s %s %s by %s", at, got.Type, got.Data["id"], got.Data["status"],
			map[any]string{nil: "nobody", "132407": "the patient", "132406": "the clinic"}[got.Data["completed_by"]]))
	}
	return all
}

// Each course takes its steps at its times, on the clinic's clock alone.
func TestAVisitTakesTheCourseOfItsScenario(t *testing.T) {
	t.Parallel()
	for course, want := range map[string][]string{
		"visit: completed": {
			"0s visit.created 1525 10 by nobody", "2m0s visit.updated 1525 25 by nobody",
			"17m0s visit.ended 1525 30 by the clinic",
		},
		"visit: unanswered": {
			"0s visit.created 1525 10 by nobody", "15m0s visit.ended 1525 40 by the patient",
		},
		"visit: {outcome: left, end_after: 0s}": {
			"0s visit.created 1525 10 by nobody", "0s visit.ended 1525 40 by the patient",
		},
		"visit: {outcome: left, pickup_after: 1m, end_after: 1m}": {
			"0s visit.created 1525 10 by nobody", "1m0s visit.updated 1525 25 by nobody",
			"2m0s visit.ended 1525 40 by the patient",
		},
		"visit: cancelled": {"0s visit.created 1525 10 by nobody", "5m0s visit.ended 1525 40 by the clinic"},
		"visit: {outcome: completed, note_after: 1m, invoice_after: 1m, refund_after: 1h}": {
			"0s visit.created 1525 10 by nobody", "2m0s visit.updated 1525 25 by nobody",
			"17m0s visit.ended 1525 30 by the clinic", "18m0s visit.note.signed_and_sent 1525 30 by the clinic",
			"19m0s visit.invoice.processed 1525 30 by the clinic", "1h19m0s visit.invoice.processed 1525 50 by the clinic",
		},
		"visit: missed":   {"0s visit.created 1525 10 by nobody"},
		"answer: Success": {"0s visit.created 1525 10 by nobody"},
	} {
		t.Run(course, func(t *testing.T) {
			t.Parallel()
			c, receiver := courseClinic(t, course)
			_, token := patient(t, c, "nora", "79")
			walkIn(t, c, token)
			c.Advance(t, 48*time.Hour)
			if diff := cmp.Diff(want, eventTimes(t, c, receiver)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Only visits of the scenario's patients take its course: by either card, or by the header of a request.
func TestAScenarioIsForThePatientsThatItNames(t *testing.T) {
	t.Parallel()
	c, receiver := courseClinic(t, "visit: cancelled")
	_, other := patient(t, c, "other", "80")
	walkIn(t, c, other)
	_, secondary := patient(t, c, "second", "")
	post(t, c.BaseURL+"/me", formBody(fields{
		{"insurance.secondary_carrier_code", "car7551"}, {"insurance.secondary_subscriber_num", "7-9"},
	}), byToken(secondary))
	walkIn(t, c, secondary)
	intake := newIntake(t, c, other)
	post(t, c.BaseURL+"/visits/add_walkin", formBody(fields{{"intake_id", intake}}), byToken(other),
		func(r *http.Request) { r.Header.Set("X-Mock-Scenario", "course") })
	receipt := c.Advance(t, time.Hour)
	var moved []string
	for _, v := range receipt.Visits {
		moved = append(moved, v.ID+" "+v.StatusWord+" "+v.Scenario)
	}
	if diff := cmp.Diff([]string{"1526 cancelled course", "1527 cancelled course"}, moved); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ended := len(slices.DeleteFunc(eventTimes(t, c, receiver), func(e string) bool {
		return !strings.Contains(e, "visit.ended")
	})); ended != 2 {
		t.Errorf("%d events of an end", ended)
	}
}

// An appointment waits for its patient: its course starts when they enter, and ends both visits. A provider cancels it
// from the booking on.
func TestTheCourseOfAnAppointmentStartsWhenThePatientEnters(t *testing.T) {
	t.Parallel()
	const start = 1893499200 // 12:00
	c, receiver := courseClinic(t, "visit: {outcome: completed, type: appointment}")
	_, token := patient(t, c, "nora", "79")
	id, _ := book(t, c, token, start, start+900).at(t, "data", "id").(string)
	c.Advance(t, 12*time.Hour)
	post(t, c.BaseURL+"/visits/add_walkin", formBody(fields{{"visit_id", id}}), byToken(token))
	c.Advance(t, time.Hour)
	want := []string{
		"0s visit.created 1525 20 by nobody", "12h0m0s visit.created 1526 10 by nobody",
		"12h2m0s visit.updated 1526 25 by nobody", "12h2m0s visit.updated 1525 25 by nobody",
		"12h17m0s visit.ended 1526 30 by the clinic", "12h17m0s visit.ended 1525 30 by the clinic",
	}
	if diff := cmp.Diff(want, eventTimes(t, c, receiver)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	c, receiver = courseClinic(t, "visit: {outcome: cancelled, type: appointment}")
	_, token = patient(t, c, "nora", "79")
	book(t, c, token, start, start+900)
	c.Advance(t, 48*time.Hour)
	want = []string{"0s visit.created 1525 20 by nobody", "5m0s visit.ended 1525 40 by the clinic"}
	if diff := cmp.Diff(want, eventTimes(t, c, receiver)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A step that the client takes itself is left out, and the rest follows. After an early end, nothing follows.
func TestAClientMayTakeAStepItself(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		steps []string // one each minute
		want  []string
	}{
		"it starts and closes": {[]string{"inprogress", "close"}, []string{
			"1m0s visit.updated 1525 25 by nobody", "2m0s visit.ended 1525 30 by the patient",
			"17m0s visit.note.signed_and_sent 1525 30 by the patient",
		}},
		"it leaves": {[]string{"delete"}, []string{"1m0s visit.ended 1525 40 by the patient"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, receiver := courseClinic(t, "visit: {outcome: completed, note_after: 0s}")
			_, token := patient(t, c, "nora", "79")
			id := walkIn(t, c, token)
			for _, s := range tc.steps {
				c.Advance(t, time.Minute)
				step(t, c, token, s, id)
			}
			c.Advance(t, 48*time.Hour)
			if diff := cmp.Diff(tc.want, eventTimes(t, c, receiver)[1:]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The step of a visit is pending until the clock reaches it, and a reset removes it.
func TestAResetRemovesThePlannedStepsOfVisits(t *testing.T) {
	t.Parallel()
	c, receiver := courseClinic(t, "visit: completed")
	_, token := patient(t, c, "nora", "79")
	walkIn(t, c, token)
	if pending := pendingVisits(t, c); pending != 1 {
		t.Errorf("%d visits are pending", pending)
	}
	c.Advance(t, 2*time.Minute-1)
	if events := eventTimes(t, c, receiver); len(events) != 1 {
		t.Errorf("too early: %q", events)
	}
	c.Control(t, http.MethodPost, "/reset", nil, nil)
	if pending := pendingVisits(t, c); pending != 0 {
		t.Errorf("%d visits are pending after the reset", pending)
	}
}

func pendingVisits(t testing.TB, c *mocktest.Clinic) int {
	t.Helper()
	var settings controlapi.Clinic
	c.Control(t, http.MethodGet, "", nil, &settings)
	return settings.Pending.Visits
}
