package mockserver_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/mockserver/outbox"
	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// clinicWithFinishedCheck makes a clinic with a webhook, ends a check in it, and returns the clinic.
func clinicWithFinishedCheck(t *testing.T, mock *mocktest.Mock, w clinic.Webhook) *mocktest.Clinic {
	t.Helper()
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "events", Seed: 7, Webhook: w, Clock: clinic.ClockSettings{
		Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Frozen: true,
	}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	return c
}

func TestEventsHaveTheClinicsSignatureAndEnvelope(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		webhook clinic.Webhook
		headers []string // required headers
		body    string   // how the payload begins
	}{
		"by default": {clinic.Webhook{Secret: newSecret}, []string{"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"},
			`{"id":"`},
		"stripe, 1.0": {clinic.Webhook{Secret: "any text", Signature: "stripe", Envelope: "1.0"},
			[]string{"Stripe-Signature"}, `{"version":"1.0","id":"`},
		"github, 2.0": {clinic.Webhook{Secret: "any text", Signature: "github", Envelope: "2.0"},
			[]string{"X-Hub-Signature-256"}, `{"version":"2.0","id":"`},
		"none": {clinic.Webhook{Signature: "none"}, nil, `{"id":"`},
		"other headers": {clinic.Webhook{Secret: newSecret,
			Headers: outbox.Headers{ID: "X-Event", Timestamp: "X-Time", Signature: "X-Sig"}},
			[]string{"X-Event", "X-Time", "X-Sig"}, `{"id":"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, nil)
			tc.webhook.URL = receiver.URL
			clinicWithFinishedCheck(t, mocktest.Start(t), tc.webhook) // fails if the payload does not match openapi.yaml
			got := receiver.Received()
			if len(got) != 1 || !strings.HasPrefix(string(got[0].Body), tc.body) {
				t.Fatalf("received %d, %s", len(got), got[0].Body)
			}
			var headers []string
			for header := range got[0].Header {
				if !slices.Contains([]string{"Accept-Encoding", "Content-Length", "Content-Type", "User-Agent"}, header) {
					headers = append(headers, header)
				}
			}
			slices.Sort(headers)
			slices.Sort(tc.headers)
			if diff := cmp.Diff(tc.headers, headers); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			signing := webhook.Signing{
				Scheme: webhook.Scheme(tc.webhook.Signature), Secrets: []string{tc.webhook.Secret}, Headers: tc.webhook.Headers,
			}
			if signing.Scheme == "" {
				signing.Scheme = webhook.Standard
			}
			if err := signing.Verify(got[0].Header, got[0].Body); err != nil {
				t.Error(err)
			}
		})
	}
}

// retryWaits returns the wait before each attempt of the only event, since the attempt before it.
func retryWaits(t *testing.T, c *mocktest.Clinic) []time.Duration {
	t.Helper()
	var page struct{ Data []struct{ At time.Time } }
	c.Control(t, http.MethodGet, "/deliveries", nil, &page)
	slices.Reverse(page.Data)
	waits := []time.Duration{}
	for i := 1; i < len(page.Data); i++ {
		waits = append(waits, page.Data[i].At.Sub(page.Data[i-1].At))
	}
	return waits
}

func TestTheScheduleIsTheClinics(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		schedule []time.Duration
		want     []time.Duration
	}{
		"once":   {[]time.Duration{}, []time.Duration{}},
		"a list": {[]time.Duration{time.Second, 0, 72 * time.Hour}, []time.Duration{time.Second, 0, 72 * time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, func(int) int { return 500 })
			c := clinicWithFinishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL, Schedule: tc.schedule})
			c.Advance(t, 2_000*time.Hour)
			if diff := cmp.Diff(tc.want, retryWaits(t, c)); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
			if status := listOf(t, c, "/events")[0]["status"]; status != "failed" {
				t.Errorf("the event is %v", status)
			}
		})
	}
}

// Jitter spreads the retries, within its bounds, and follows from the seed.
func TestJitterFollowsFromTheSeed(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(int) int { return 500 })
	run := func() []time.Duration {
		c := clinicWithFinishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL, Jitter: 0.5})
		c.Advance(t, 200*time.Hour)
		return retryWaits(t, c)
	}
	first := run()
	if diff := cmp.Diff(first, run()); diff != "" {
		t.Errorf("two runs (-first +second):\n%s", diff)
	}
	shorter, longer, parts := 0, 0, map[int]bool{}
	for i, wait := range outbox.StandardSchedule() {
		if first[i] < wait/2 || first[i] > wait*3/2 {
			t.Errorf("wait %d is %s, of %s", i, first[i], wait)
		}
		if first[i] < wait {
			shorter++
		} else {
			longer++
		}
		parts[int(1_000*float64(first[i])/float64(wait))] = true
	}
	if shorter == 0 || longer == 0 || len(parts) < 8 {
		t.Errorf("%d waits are shorter, %d longer, by %d parts", shorter, longer, len(parts))
	}
}

func TestRetryAfterDelaysTheNextAttempt(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		after string
		want  time.Duration
	}{
		"longer than the schedule":  {"90", 90 * time.Second},
		"shorter than the schedule": {"1", 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused := false
			url := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
				if !refused {
					refused = true
					w.Header().Set("Retry-After", tc.after)
					w.WriteHeader(http.StatusTooManyRequests)
				}
			})
			c := clinicWithFinishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: url})
			c.Advance(t, time.Hour)
			if diff := cmp.Diff([]time.Duration{tc.want}, retryWaits(t, c)); diff != "" {
				t.Errorf("waits (-want +got):\n%s", diff)
			}
		})
	}
}

// A receiver that never answers holds up its own clinic alone.
func TestADeadReceiverDelaysNoOtherClinic(t *testing.T) {
	t.Parallel()
	hang, hanging := make(chan struct{}), make(chan struct{}, 100)
	dead := newServer(t, func(http.ResponseWriter, *http.Request) { hanging <- struct{}{}; <-hang })
	t.Cleanup(func() { close(hang) }) // before the server is closed
	arrived := make(chan struct{}, 100)
	alive := mocktest.NewReceiver(t, func(int) int { arrived <- struct{}{}; return 200 })
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.StopTimeout = time.Millisecond })
	now := time.Duration(0)
	begin := func(account, url string) {
		c := mock.NewClinic(t, clinic.Settings{AccountCode: account, CronDelay: &now, Webhook: clinic.Webhook{URL: url}})
		id, token := patient(t, c, "pat", "123")
		for range 20 {
			start(t, c, id, token)
		}
	}
	for n := range 20 {
		begin("dead-"+strconv.Itoa(n), dead)
		<-hanging
	}
	begin("alive", alive.URL)
	for range 20 {
		<-arrived
	}
}

// Attempts due together are made at once, up to the clinic's limit, and recorded in due order. The receiver answers
// none before as many are there.
func TestAClinicCanHaveManyAttemptsUnderWay(t *testing.T) {
	t.Parallel()
	const atOnce, events = 8, 96
	var mu sync.Mutex
	waiting, most := make(chan struct{}), 0
	under := 0
	url := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		under++
		most = max(most, under)
		all := waiting
		if under == atOnce {
			close(all)
			waiting, under = make(chan struct{}), 0
		}
		mu.Unlock()
		<-all
		w.WriteHeader(http.StatusOK)
	})
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "many", Webhook: clinic.Webhook{URL: url, Concurrency: atOnce}})
	id, token := patient(t, c, "pat", "123")
	var started []string
	for range events {
		started = append(started, start(t, c, id, token))
	}
	receipt := c.Advance(t, time.Minute)
	ended := map[string]string{}
	for _, check := range receipt.Checks {
		ended[check.EventID] = check.ID
	}
	var delivered []string
	for _, d := range receipt.Deliveries {
		delivered = append(delivered, ended[d.EventID])
	}
	if diff := cmp.Diff(started, delivered); diff != "" {
		t.Errorf("checks in the order of delivery (-started +delivered):\n%s", diff)
	}
	if most != atOnce {
		t.Errorf("%d were under way at once", most)
	}
}

func TestAWebhookAtAForbiddenAddressIsRefused(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.WebhookHosts = []string{"127.0.0.1", "*.example.com"} })
	const refusal = "webhook.url has a host outside the mock's --webhook-hosts: use one of those, or start the mock " +
		"with this host"
	for url, allowed := range map[string]bool{"http://127.0.0.1:1/": true, "https://a.example.com": true,
		"http://localhost:1/": false, "http://169.254.169.254/": false} {
		body := jsonBody(`{"webhook": {"url": "` + url + `"}}`)
		made := post(t, mock.URL+"/_mock/clinics", body)
		changed := send(t, http.MethodPatch, mock.URL+"/_mock/clinics/vclinic", body)
		for _, got := range []reply{made, changed} {
			if allowed != (got.status == http.StatusOK) || !allowed && !strings.Contains(string(got.body), refusal) {
				t.Errorf("%s: %d %s", url, got.status, got.body)
			}
		}
	}
}

// An event can be sent by hand, but only one that VSee's document allows.
func TestAnEventCanBeSentByHand(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := clinicWithFinishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL})
	user := listOf(t, c, "/users")[0]["id"].(string)
	check := listOf(t, c, "/checks")[0]["id"].(string)
	var reply struct {
		Event      struct{ ID, Status string }
		Deliveries []struct{ Status int }
	}
	c.Control(t, http.MethodPost, "/events", map[string]any{
		"type": "eligibility.checked", "member_id": user,
		"data": map[string]any{"eligibility_response": "Subscriber/Insured not found", "external_member_id": 1111},
	}, &reply)
	if reply.Event.Status != "delivered" || len(reply.Deliveries) != 1 || reply.Deliveries[0].Status != 200 {
		t.Errorf("%+v", reply)
	}
	got := receiver.Received()
	var payload struct {
		ID   string         `json:"id"`
		Data map[string]any `json:"data"`
	}
	if err := json.Unmarshal(got[len(got)-1].Body, &payload); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"eligibility_id": check, "member_id": user, "eligibility_response": "Subscriber/Insured not found",
		"external_member_id": 1111.0,
	}
	if diff := cmp.Diff(want, payload.Data); diff != "" || payload.ID != reply.Event.ID {
		t.Errorf("event %s (-want +received):\n%s", payload.ID, diff)
	}
}
