package mocktest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
)

// fire starts a check, and returns when its event was sent.
func fire(t *testing.T, c *mocktest.Clinic) {
	t.Helper()
	checkEligibility(t, c.BaseURL, c.AccountCode, c.Key, c.Secret)
	c.Advance(t, 10*time.Second)
}

func TestAReceiverOfAClinicVerifiesEachEvent(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for name, tc := range map[string]struct {
		webhook    clinic.Webhook
		misbehaves map[string]any
		status     int
	}{
		"standard":        {clinic.Webhook{}, nil, 200},
		"stripe":          {clinic.Webhook{Signature: "stripe"}, nil, 200},
		"github":          {clinic.Webhook{Signature: "github"}, nil, 200},
		"none":            {clinic.Webhook{Signature: "none"}, nil, 200},
		"clinic-time":     {clinic.Webhook{Timestamp: outbox.TimestampClinic}, nil, 200},
		"gzip":            {clinic.Webhook{}, map[string]any{"gzip": true}, 200},
		"bad-signature":   {clinic.Webhook{}, map[string]any{"signature": "bad"}, 401},
		"old-signature":   {clinic.Webhook{Signature: "stripe"}, map[string]any{"signature": "old"}, 401},
		"stale":           {clinic.Webhook{}, map[string]any{"timestamp": "stale"}, 401},
		"altered":         {clinic.Webhook{Signature: "github"}, map[string]any{"altered": true}, 401},
		"future-of-clock": {clinic.Webhook{Timestamp: outbox.TimestampClinic}, map[string]any{"timestamp": "future"}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.webhook.Schedule = outbox.StandardSchedule()[:0]
			c := mock.NewClinic(t, clinic.Settings{AccountCode: "verified-" + name, Webhook: tc.webhook})
			c.Advance(t, 365*24*time.Hour) // the clinic's time is not the real one
			receiver := c.NewReceiver(t, nil)
			if tc.misbehaves != nil {
				change := map[string]any{"webhook": map[string]any{"misbehaviour": tc.misbehaves}}
				c.Control(t, http.MethodPatch, "", change, nil)
			}
			fire(t, c)
			got := receiver.Received()
			if len(got) != 1 || got[0].Status != tc.status || (got[0].Problem == "") != (tc.status == 200) {
				t.Errorf("the receiver got %+v", got)
			}
			if events := receiver.Events(t); len(events) != 0 != (tc.status == 200) {
				t.Errorf("the events are %+v", events)
			}
		})
	}
}

func TestAnEventIsDecodedFromEachEnvelope(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	for envelope, version := range map[string]string{"unversioned": "", "1.0": "1.0", "2.0": "2.0"} {
		c := mock.NewClinic(t, clinic.Settings{
			AccountCode: "decoded-" + envelope[:1], Webhook: clinic.Webhook{Envelope: envelope},
		})
		receiver := c.NewReceiver(t, nil)
		fire(t, c)
		check := c.Advance(t, 0)
		events := receiver.Events(t)
		if len(events) != 1 {
			t.Fatalf("%s: the events are %+v", envelope, events)
		}
		got := events[0]
		if got.ID == "" || got.MemberID == "" || got.CheckID == "" || !got.Created.Equal(check.To.Truncate(time.Second)) {
			t.Errorf("%s: the event is %+v", envelope, got)
		}
		got.ID, got.MemberID, got.CheckID, got.Data, got.Created = "", "", "", nil, time.Time{}
		want := mocktest.Event{
			Type: "eligibility.checked", Account: c.AccountCode, Version: version,
			Response: "Subscriber/Insured not found", Copy: 1, ExternalMemberID: got.ExternalMemberID,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", envelope, diff)
		}
	}
}
