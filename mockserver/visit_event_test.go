package mockserver_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// visitEvent is the payload of an event in any envelope.
type visitEvent struct {
	Version string         `json:"version"`
	Type    string         `json:"type"`
	Created int64          `json:"created"`
	Account string         `json:"account_code"`
	Clinic  string         `json:"clinic_code"`
	Data    map[string]any `json:"data"`
}

// receivedEvents returns the payloads of a receiver.
func receivedEvents(t testing.TB, r *mocktest.Receiver) []visitEvent {
	t.Helper()
	var events []visitEvent
	for _, got := range r.Received() {
		var e visitEvent
		if err := json.Unmarshal(got.Body, &e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	return events
}

// clinicWithVisitEvents is a clinic with a receiver, at a fixed time.
func clinicWithVisitEvents(t testing.TB, w clinic.Webhook) (*mocktest.Clinic, *mocktest.Receiver) {
	t.Helper()
	receiver := mocktest.NewReceiver(t, nil)
	w.URL = receiver.URL
	return mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "events", Webhook: w, Clock: clinic.ClockSettings{
		Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Frozen: true,
	}}), receiver
}

// VSee shows one visit in both versions: text in 1.0, numbers and words in 2.0.
func TestTheEventsOfAVisitHaveTheFormOfTheEnvelope(t *testing.T) {
	t.Parallel()
	const now = 1893456000
	for envelope, want := range map[string]string{
		"unversioned": `{"id": "1525", "member_id": "132407", "provider_id": null, "start": "1893456000", "end": "1893456900",
			"actual_start": "1893456000", "actual_end": "1893456300", "status": "30", "completed_by": "132407"}`,
		"1.0": `{"id": "1525", "member_id": "132407", "provider_id": null, "start": "1893456000", "end": "1893456900",
			"actual_start": "1893456000", "actual_end": "1893456300", "status": "30", "completed_by": "132407"}`,
		"2.0": `{"id": "1525", "member_id": "132407", "provider_id": null, "start": 1893456000, "end": 1893456900,
			"actual_start": 1893456000, "actual_end": 1893456300, "status": "completed", "status_updated_by": "132407"}`,
	} {
		t.Run(envelope, func(t *testing.T) {
			t.Parallel()
			c, receiver := clinicWithVisitEvents(t, clinic.Webhook{Envelope: envelope})
			_, token := patient(t, c, "nora", "1")
			id := walkIn(t, c, token)
			step(t, c, token, "inprogress", id)
			c.Advance(t, 5*time.Minute)
			step(t, c, token, "close", id, "actual_end", fmt.Sprint(now+300))
			c.Advance(t, time.Second)
			events := receivedEvents(t, receiver)
			if len(events) != 3 || events[2].Type != "visit.ended" {
				t.Fatalf("%+v", events)
			}
			var data map[string]any
			if err := json.Unmarshal([]byte(want), &data); err != nil {
				t.Fatal(err)
			}
			last := events[2]
			if diff := cmp.Diff(data, last.Data); diff != "" {
				t.Errorf("data (-want +got):\n%s", diff)
			}
			if named := last.Clinic == "events"; named != (envelope == "2.0") || (last.Account == "events") == named {
				t.Errorf("the clinic is named %q, %q", last.Account, last.Clinic)
			}
		})
	}
}

// typesOf returns type and status of events.
func typesOf(events []visitEvent) []string {
	var all []string
	for _, e := range events {
		all = append(all, fmt.Sprint(strings.TrimPrefix(e.Type, "visit."), " ", e.Data["id"], " ", e.Data["status"]))
	}
	return all
}

func TestEachStepSendsItsEvent(t *testing.T) {
	t.Parallel()
	c, receiver := clinicWithVisitEvents(t, clinic.Webhook{})
	_, token := patient(t, c, "nora", "1")
	settle := func() { c.Advance(t, time.Second) }
	waiting := walkIn(t, c, token)
	settle()
	for range 2 { // the second one changes nothing
		step(t, c, token, "delete", waiting)
		settle()
	}
	appointment, _ := book(t, c, token, 1893460000, 1893460900).at(t, "data", "id").(string)
	settle()
	post(t, c.BaseURL+"/visits/"+appointment, formBody(fields{{"slot_start", "1893461000"}}), byToken(token)) // no event
	entry := formBody(fields{{"visit_id", appointment}})
	walkInID, _ := post(t, c.BaseURL+"/visits/add_walkin", entry, byToken(token)).at(t, "data", "id").(string)
	settle()
	post(t, c.BaseURL+"/visits/add_walkin", entry, byToken(token)) // the same walk-in again
	for range 2 {
		step(t, c, token, "inprogress", walkInID)
		settle()
	}
	for range 2 {
		step(t, c, token, "close", appointment, "reason", "call_ended")
		settle()
	}
	askForEConsult(t, c, token)
	settle()
	want := []string{
		"created 1525 10", "ended 1525 40", "created 1526 20", "created 1527 10", "updated 1527 25", "updated 1526 25",
		"ended 1527 30", "ended 1526 30", "created 1528 20",
	}
	if diff := cmp.Diff(want, typesOf(receivedEvents(t, receiver))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	entered := get(t, c.BaseURL+"/visits/"+appointment, byToken(token))
	if entered.at(t, "data", "related_walkin_id") != walkInID || entered.at(t, "data", "type") != 2.0 ||
		entered.at(t, "data", "related_walkin", "status") != 30.0 {
		t.Errorf("%s", entered.body)
	}
	got := get(t, c.BaseURL+"/visits/"+walkInID, byToken(token))
	if got.at(t, "data", "related_appointment_id") != appointment {
		t.Errorf("%s", got.body)
	}
}

// The portal's buttons are calls of the control API.
func TestTheStepsOfThePortalSendTheirEvents(t *testing.T) {
	t.Parallel()
	c, receiver := clinicWithVisitEvents(t, clinic.Webhook{Envelope: "2.0"})
	_, token := patient(t, c, "nora", "1")
	providerID, _ := newProvider(t, c, "paul")
	settle := func() { c.Advance(t, time.Second) }
	button := func(method, path, body string) map[string]any {
		var visit map[string]any
		c.Control(t, method, "/visits/"+path, json.RawMessage(body), &visit)
		settle()
		return visit
	}
	id := walkIn(t, c, token)
	settle()
	picked := button("POST", id+"/pickup", `{"provider_id": "`+providerID+`"}`)
	if picked["status_word"] != "inprogress" || picked["provider_id"] != providerID {
		t.Errorf("%v", picked)
	}
	step(t, c, token, "close", id)
	settle()
	for _, status := range []string{"new", "draft", "signed"} { // only a signed note is sent
		button("PUT", id+"/note", `{"status": "`+status+`"}`)
	}
	button("PUT", id+"/invoice", `{"amount_due": 2500, "amount_paid": 1500}`)
	if refunded := button("POST", id+"/refund", `{}`); refunded["status"] != 50.0 {
		t.Errorf("%v", refunded)
	}
	cancelled := walkIn(t, c, token)
	settle()
	button("POST", cancelled+"/cancel", `{}`)
	consult := askForEConsult(t, c, token)
	settle()
	button("POST", consult+"/accept", `{"provider_id": "`+providerID+`"}`)
	events := receivedEvents(t, receiver)
	want := []string{
		"created 1525 pending", "updated 1525 inprogress", "ended 1525 completed", "note.signed_and_sent 1525 completed",
		"invoice.processed 1525 completed", "invoice.processed 1525 refunded", "created 1526 pending", "ended 1526 cancelled",
		"created 1527 confirmed",
	}
	if diff := cmp.Diff(want, typesOf(events)); diff != "" {
		t.Fatalf("events (-want +got):\n%s", diff)
	}
	if note, _ := events[3].Data["note"].(map[string]any); note["status"] != "signed" || note["id"] == "" {
		t.Errorf("%v", events[3].Data)
	}
	invoice, _ := events[4].Data["invoice"].(map[string]any)
	delete(invoice, "id")
	bill := map[string]any{"status": "pending", "amount_due": 2500.0, "amount_paid": 1500.0, "currency": "USD"}
	if diff := cmp.Diff(bill, invoice); diff != "" {
		t.Errorf("invoice (-want +got):\n%s", diff)
	}
	if by := events[1].Data["status_updated_by"]; by != providerID {
		t.Errorf("picked up by %v", by)
	}
	if got := get(t, c.BaseURL+"/visits/"+consult, byToken(token)); got.at(t, "data", "provider", "id") != providerID {
		t.Errorf("%s", got.body)
	}
}

// Each type can be sent by hand, about a patient's last visit or an example, in each envelope.
func TestVisitEventsAreSentByHand(t *testing.T) {
	t.Parallel()
	types := []string{
		"visit.created", "visit.updated", "visit.ended", "visit.note.signed_and_sent", "visit.invoice.processed",
	}
	for _, envelope := range []string{"unversioned", "1.0", "2.0"} {
		c, receiver := clinicWithVisitEvents(t, clinic.Webhook{Envelope: envelope, Events: []string{"eligibility.checked"}})
		member, token := patient(t, c, "nora", "1")
		for _, kind := range types {
			c.Control(t, "POST", "/events", map[string]any{"type": kind, "member_id": member}, nil)
		}
		id := walkIn(t, c, token)
		c.Control(t, "POST", "/events", map[string]any{
			"type": "visit.ended", "member_id": member, "data": map[string]any{"provider_id": "7"},
		}, nil)
		events := receivedEvents(t, receiver)
		var got []string
		for _, e := range events {
			got = append(got, e.Type)
		}
		if diff := cmp.Diff(slices.Concat(types, []string{"visit.ended"}), got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", envelope, diff)
		}
		if last := events[5].Data; last["id"] != id || last["provider_id"] != "7" || last["actual_end"] == nil {
			t.Errorf("%s: %v", envelope, last)
		}
	}
}

// Events about visits are retried and misbehave like others.
func TestAVisitEventMisbehavesOnPurpose(t *testing.T) {
	t.Parallel()
	twice := clinic.Misbehaviour{Duplicate: misbehaviour.Duplicate{Times: 2}}
	c, receiver := clinicWithVisitEvents(t, clinic.Webhook{Misbehaviour: twice})
	_, token := patient(t, c, "nora", "1")
	walkIn(t, c, token)
	c.Advance(t, time.Minute)
	want := []string{"created 1525 10", "created 1525 10"}
	if diff := cmp.Diff(want, typesOf(receivedEvents(t, receiver))); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	for _, got := range receiver.Received() {
		verify(t, got, c.Webhook.Secret)
	}
}
