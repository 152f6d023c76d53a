package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// clinicWithEvents returns a clinic subscribed to user.created, and its receiver.
func clinicWithEvents(t *testing.T, w clinic.Webhook) (*mocktest.Clinic, *mocktest.Receiver) {
	t.Helper()
	receiver := mocktest.NewReceiver(t, nil)
	w.URL, w.Events = receiver.URL, []string{clinic.UserCreated}
	return startRetrying(t).NewClinic(t, clinic.Settings{
		AccountCode: "asking", Webhook: w, Clock: clinic.ClockSettings{Start: time.Unix(1_900_000_000, 0), Frozen: true},
	}), receiver
}

func TestANewUserCausesOneEventInEachEnvelope(t *testing.T) {
	t.Parallel()
	const data = `"data":{"member_id":"132407","code":"edward+001.vclinic@vseelab.com","type":200,` +
		`"first_name":"Edward","last_name":"VSee",` +
		`"email":"edward+001.vclinic@vseelab.com"}}`
	for envelope, want := range map[string]string{
		outbox.EnvelopeUnversioned: `{"id":"ID","type":"user.created","created":1900000000,"account_code":"asking",` + data,
		outbox.EnvelopeV1: `{"version":"1.0","id":"ID","type":"user.created","created":1900000000,` +
			`"account_code":"asking",` + data,
		outbox.EnvelopeV2: `{"version":"2.0","id":"ID","type":"user.created","created":1900000000,"clinic_code":"asking",` +
			data,
	} {
		t.Run(envelope, func(t *testing.T) {
			t.Parallel()
			c, receiver := clinicWithEvents(t, clinic.Webhook{Envelope: envelope})
			signOn(t, c, edward)
			signOn(t, c, edward.and("phone", "1"))
			c.Advance(t, time.Hour)
			got := receiver.Received()
			if len(got) != 1 {
				t.Fatalf("the receiver got %d events", len(got))
			}
			verify(t, got[0], c.Webhook.Secret)
			events := listOf(t, c, "/events")
			if len(events) != 1 || events[0]["status"] != "delivered" || events[0]["type"] != "user.created" {
				t.Fatalf("the events are %v", events)
			}
			text := strings.Replace(string(got[0].Body), events[0]["id"].(string), "ID", 1)
			if diff := cmp.Diff(want, strings.TrimSpace(text)); diff != "" {
				t.Errorf("payload (-want +got):\n%s", diff)
			}
		})
	}
}

// A clinic without a subscription gets no user events, and can subscribe at any time. A clinic subscribed to users
// alone gets no check events.
func TestAClinicGetsOnlyTheEventsItAsksFor(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := startRetrying(t).NewClinic(t, clinic.Settings{AccountCode: "choosy", Webhook: clinic.Webhook{URL: receiver.URL}})
	heard := func() string {
		c.Advance(t, time.Minute)
		kinds := ""
		for _, r := range receiver.Received() {
			var event struct{ Type string }
			_ = json.Unmarshal(r.Body, &event)
			kinds += event.Type + " "
		}
		return kinds
	}
	signOnAs := func(code string) {
		id, token := patient(t, c, code, code)
		start(t, c, id, token)
	}
	signOnAs("1")
	if got := heard(); got != "eligibility.checked " {
		t.Errorf("unasked, the receiver gets %s", got)
	}
	if events := listOf(t, c, "/events"); len(events) != 1 {
		t.Errorf("there are %d events", len(events))
	}
	c.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"events": []string{"user.created",
		"eligibility.checked"}}}, nil)
	signOnAs("2")
	if got := heard(); got != "eligibility.checked user.created eligibility.checked " {
		t.Errorf("asked for both, the receiver gets %s", got)
	}
	c.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]any{"events": []string{}}}, nil)
	signOnAs("3")
	if got := heard(); got != "eligibility.checked user.created eligibility.checked " {
		t.Errorf("asked for none, the receiver gets %s", got)
	}
	if event := listOf(t, c, "/events")[0]; event["status"] != "skipped" || event["type"] != "eligibility.checked" {
		t.Errorf("the check's event is %v", event)
	}
	var fired struct{ Event struct{ Status string } }
	c.Control(t, http.MethodPost, "/events", map[string]any{"type": "user.created", "member_id": "132407"}, &fired)
	if fired.Event.Status != "delivered" {
		t.Errorf("by hand, the event is %s", fired.Event.Status)
	}
}

// A clinic's misbehaviour applies to all its events.
func TestTheEventOfANewUserCanMisbehave(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		m                       clinic.Misbehaviour
		atReply, atOnce, inTime int
	}{
		"none": {clinic.Misbehaviour{}, 0, 1,
			1}, // with a frozen clock it goes out in the background, or with the next advance
		"before_reply": {clinic.Misbehaviour{BeforeReply: true}, 1, 1, 1},
		"after_read":   {clinic.Misbehaviour{AfterRead: true}, 0, 1, 1},
		"drop":         {clinic.Misbehaviour{Drop: true}, 0, 0, 0},
		"duplicate":    {clinic.Misbehaviour{Duplicate: misbehaviour.Duplicate{Times: 3}}, 0, 3, 3},
		"hold":         {clinic.Misbehaviour{Hold: scenarios.Hold{For: time.Minute}}, 0, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, receiver := clinicWithEvents(t, clinic.Webhook{Misbehaviour: tc.m})
			signOn(t, c, edward)
			if got := len(receiver.Received()); got < tc.atReply {
				t.Errorf("when the sign-on was answered the receiver got %d events", got)
			}
			c.Advance(t, time.Second)
			if got := len(receiver.Received()); got != tc.atOnce {
				t.Errorf("a second later the receiver got %d events", got)
			}
			c.Advance(t, time.Minute)
			if got := len(receiver.Received()); got != tc.inTime {
				t.Errorf("a minute later the receiver got %d events", got)
			}
		})
	}
}
