package mockserver_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// A refused delivery is retried on the published schedule, in clinic time: three days in one move.
func TestRefusedDeliveriesAreRetriedOnTheSchedule(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		answer  func(n int) int
		status  string
		waits   []time.Duration // before each attempt
		answers []int
	}{
		{"twice", func(n int) int {
			if n < 3 {
				return 503
			}
			return 204
		}, "delivered", []time.Duration{0, 5 * time.Second, 5 * time.Minute}, []int{503, 503, 204}},
		{"for ever", func(int) int { return 500 }, "failed", []time.Duration{
			0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
			10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
		}, []int{500, 500, 500, 500, 500, 500, 500, 500, 500, 500}},
		{"by a redirect", func(n int) int { return map[bool]int{true: 302, false: 200}[n == 1] }, "delivered",
			[]time.Duration{0, 5 * time.Second}, []int{302, 200}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, tc.answer)
			mock := startRetrying(t)
			c := mock.NewClinic(t, clinic.Settings{AccountCode: "retry", Webhook: clinic.Webhook{URL: receiver.URL}})
			id, token := patient(t, c, "pat", "123")
			start(t, c, id, token)
			receipt := c.Advance(t, 10*time.Second)
			receipt.Deliveries = append(receipt.Deliveries, c.Advance(t, 4*24*time.Hour).Deliveries...)

			var waits []time.Duration
			var answers []int
			last := receipt.Checks[0].Finished
			for i, d := range receipt.Deliveries {
				waits, answers, last = append(waits, d.At.Sub(last)), append(answers, d.Status), d.At
				if d.Attempt != i+1 || d.EventID != receipt.Checks[0].EventID {
					t.Errorf("delivery %d is attempt %d of %s", i, d.Attempt, d.EventID)
				}
			}
			if diff := cmp.Diff(tc.waits, waits); diff != "" {
				t.Errorf("waits (-schedule +mock):\n%s", diff)
			}
			if diff := cmp.Diff(tc.answers, answers); diff != "" {
				t.Errorf("answers (-want +got):\n%s", diff)
			}
			if got := listOf(t, c, "/events")[0]["status"]; got != tc.status {
				t.Errorf("the event is %v, want %s", got, tc.status)
			}
			for i, r := range receiver.Received() {
				verify(t, r, c.Webhook.Secret)
				if want := strconv.FormatInt(receipt.Deliveries[i].RealAt.Unix(), 10); r.Header.Get("webhook-timestamp") != want {
					t.Errorf("attempt %d is signed as of %s, and was made at %s", i+1, r.Header.Get("webhook-timestamp"), want)
				}
				if r.Header.Get("webhook-id") != receipt.Checks[0].EventID {
					t.Error("webhook-id is not the event's id")
				}
				if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("%s %s", r.Method, r.Header.Get("Content-Type"))
				}
			}
		})
	}
}

// The guide: "Skip this step if the clinic doesn't have webhook".
func TestWithoutAWebhookTheStepIsSkipped(t *testing.T) {
	t.Parallel()
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "silent"})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	receipt := c.Advance(t, time.Hour)
	if len(receipt.Checks) != 1 || len(receipt.Deliveries) != 0 {
		t.Errorf("%d checks and %d deliveries", len(receipt.Checks), len(receipt.Deliveries))
	}
	if got := listOf(t, c, "/events")[0]["status"]; got != "skipped" {
		t.Errorf("the event is %v", got)
	}
}

func TestSigningCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "unsigned",
		Webhook: clinic.Webhook{URL: receiver.URL, Signature: string(webhook.Unsigned)}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	got := receiver.Received()
	if len(got) != 1 || got[0].Header.Get("webhook-signature") != "" {
		t.Errorf("%d events, the first signed %q", len(got), got[0].Header.Get("webhook-signature"))
	}
}

// A clinic gets no more attempts once its webhook is removed, even with retries pending.
func TestRetriesEndWhenTheWebhookIsTakenAway(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(int) int { return 500 })
	mock := startRetrying(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "away", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	c.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]string{"url": ""}}, nil)
	if receipt := c.Advance(t, 96*time.Hour); len(receipt.Deliveries) != 0 || len(receiver.Received()) != 1 {
		t.Errorf("%d more attempts, the receiver got %d", len(receipt.Deliveries), len(receiver.Received()))
	}
	if status := listOf(t, c, "/events")[0]["status"]; status != "skipped" {
		t.Errorf("the event is %v", status)
	}
}
