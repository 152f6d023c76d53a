package mockserver_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// drawn starts a check for each of many subscribers, lets them end, and describes the results by subscriber.
func drawn(t *testing.T, seed uint64, order func(n int) int) map[string]string {
	t.Helper()
	c := clinicWithScenarios(t, map[string]string{
		"chance": "when: {subscriber_num: 7*}\nchance: [{percent: 80, answer: Success}, {percent: 20, answer: \"42\"}]\n",
		"range":  "when: {subscriber_num: 8*}\nanswer: {text: Success, after: 5s..20s}\n",
	}, clinic.Settings{Seed: seed, CronDelay: new(8 * time.Second), MaxCronDelay: 15 * time.Second})
	subscribers := map[string]string{}
	for n := range 40 {
		for _, prefix := range []string{"7", "8", "9"} {
			subscriber := fmt.Sprintf("%s%03d", prefix, order(n))
			id, token := patient(t, c, subscriber, subscriber)
			subscribers[start(t, c, id, token)] = subscriber
		}
	}
	results := map[string]string{}
	for _, check := range c.Advance(t, time.Minute).Checks {
		results[subscribers[check.ID]] = fmt.Sprint(check.Response, " ", check.Finished.Sub(check.Started))
	}
	return results
}

// The draws of a check depend on the clinic's seed and on the check, not on the order of the checks.
func TestChanceAndRangesAreDrawnFromTheSeed(t *testing.T) {
	t.Parallel()
	results := drawn(t, 7, func(n int) int { return n })
	if diff := cmp.Diff(results, drawn(t, 7, func(n int) int { return 39 - n })); diff != "" {
		t.Errorf("in another order (-first +second):\n%s", diff)
	}
	if cmp.Equal(results, drawn(t, 8, func(n int) int { return n })) {
		t.Error("another seed draws the same")
	}
	eligible, times := 0, map[string]bool{}
	for subscriber, result := range results {
		text := result[:strings.LastIndex(result, " ")]
		took, err := time.ParseDuration(result[len(text)+1:])
		if err != nil {
			t.Fatal(err)
		}
		from, to := 8*time.Second, 15*time.Second
		switch {
		case subscriber[0] == '8':
			from, to = 5*time.Second, 20*time.Second
		case subscriber[0] == '7' && text == "Success":
			eligible++
		case subscriber[0] == '7' && text != "Unable to respond at current time.":
			t.Errorf("subscriber %s is answered %s", subscriber, text)
		}
		if took < from || took > to || took%time.Millisecond != 0 {
			t.Errorf("the answer of subscriber %s took %s", subscriber, took)
		}
		times[subscriber[:1]+took.String()] = true
	}
	if len(results) != 120 || eligible < 24 || eligible > 39 || len(times) < 110 {
		t.Errorf("%d results, %d of 40 eligible by chance, %d different times", len(results), eligible, len(times))
	}
}

func TestAnExplanationTellsOfTheDraw(t *testing.T) {
	t.Parallel()
	c := clinicWithScenarios(t, map[string]string{"odds": "when: {subscriber_num: 7*}\n" +
		"chance: [{percent: 100, answer: {text: Success, after: 5s..20s}}]\n"}, clinic.Settings{})
	id, token := patient(t, c, "pat", "7")
	var why controlapi.Explanation
	c.Control(t, http.MethodGet, "/checks/"+start(t, c, id, token)+"/explain", nil, &why)
	if want := "drawn from the clinic's seed: a chance of 100 % and 5s..20s"; !strings.Contains(why.Because, want) {
		t.Errorf("because %s", why.Because)
	}
}

func TestAClinicsCronDelayCanBeARange(t *testing.T) {
	t.Parallel()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "range"})
	var shown controlapi.Clinic
	for body, want := range map[string]string{
		`{"cron_delay": "8s..15s"}`: "8s..15s", `{"cron_delay": "20s"}`: "20s",
	} {
		c.Control(t, http.MethodPatch, "", json.RawMessage(body), &shown)
		if shown.CronDelay.String() != want {
			t.Errorf("%s is shown as %s", body, shown.CronDelay)
		}
	}
}

// A text that VSee does not list reaches the receiver and the user, and is graded as the mock's own.
func TestATextThatVSeeDoesNotListIsSent(t *testing.T) {
	t.Parallel()
	const text = "Eligible for telehealth only"
	receiver := mocktest.NewReceiver(t, nil)
	c := clinicWithScenarios(t, map[string]string{
		"new": "when: {subscriber_num: 7}\nanswer: {text: " + text + ", undocumented: true}\n",
	}, clinic.Settings{Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "7")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	events := receivedEvents(t, receiver)
	if len(events) != 1 || events[0].Data["eligibility_response"] != text || response(t, c, id, "primary") != text {
		t.Errorf("the events are %v, and the user has %q", events, response(t, c, id, "primary"))
	}
	if got := get(t, c.BaseURL+"/users/"+id, byToken(token)).header.Get("X-Mock-Evidence"); got != "ours" {
		t.Errorf("the reading is graded %s", got)
	}
}

// An event by hand takes any text, and its reply warns of one that VSee does not list.
func TestAnEventByHandTakesAnyText(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "hand", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "7")
	start(t, c, id, token)
	for text, warning := range map[string]string{
		"Success / Reject reason not found": "none of the 54 texts", "Any": "none of the 54 texts", "Success": "",
		"78": "the code of a text",
	} {
		var report controlapi.EventReport
		c.Control(t, http.MethodPost, "/events", map[string]any{
			"type": "eligibility.checked", "member_id": id, "data": map[string]any{"eligibility_response": text},
		}, &report)
		if report.Event.Status != "delivered" || len(report.Warnings) > 0 != (warning != "") ||
			!strings.Contains(strings.Join(report.Warnings, "; "), warning) {
			t.Errorf("%s: %s, warnings %q", text, report.Event.Status, report.Warnings)
		}
	}
	if n := len(receiver.Received()); n != 4 {
		t.Errorf("%d events came", n)
	}
}

// An event by hand has the id of a check of its own patient, or a new one with a warning.
func TestAnEventByHandBorrowsNoCheckOfAnotherPatient(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "own", Webhook: clinic.Webhook{URL: receiver.URL}})
	anna, token := patient(t, c, "anna", "7")
	bob, _ := patient(t, c, "bob", "8")
	send := func(member string, data map[string]any) (id string, warned bool) {
		var report controlapi.EventReport
		c.Control(t, http.MethodPost, "/events",
			map[string]any{"type": "eligibility.checked", "member_id": member, "data": data}, &report)
		var sent clinic.EligibilityCheckedData
		if err := json.Unmarshal(report.Event.Data, &sent); err != nil {
			t.Fatal(err)
		}
		return sent.EligibilityID, len(report.Warnings) > 0
	}
	pending := start(t, c, anna, token)
	if id, warned := send(anna, map[string]any{}); id != pending || warned {
		t.Errorf("the pending check is %s, the event has %s, warned %t", pending, id, warned)
	}
	fresh, warned := send(bob, map[string]any{})
	if next := start(t, c, anna, token); fresh == pending || fresh == next || !warned {
		t.Errorf("the checks are %s and %s, the event of another patient has %s, warned %t", pending, next, fresh, warned)
	}
	if id, warned := send(bob, map[string]any{"eligibility_id": pending}); id != pending || !warned {
		t.Errorf("the event has the id %s instead of %s, warned %t", id, pending, warned)
	}
}
