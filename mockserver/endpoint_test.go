package mockserver_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
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

// finishedCheck makes a clinic with a webhook, ends a check in it, and returns the clinic.
func finishedCheck(t *testing.T, mock *mocktest.Mock, w clinic.Webhook) *mocktest.Clinic {
	t.Helper()
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "told", Seed: 7, Webhook: w, Clock: clinic.ClockSettings{
		Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Frozen: true,
	}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, 10*time.Second)
	return c
}

func TestEventsAreSignedAndWrappedAsTheClinicHasIt(t *testing.T) {
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
		"other headers": {clinic.Webhook{Secret: newSecret, Headers: outbox.Headers{ID: "X-Event", Timestamp: "X-Time",
			Signature: "X-Sig"}},
			[]string{"X-Event", "X-Time", "X-Sig"}, `{"id":"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := mocktest.NewReceiver(t, nil)
			tc.webhook.URL = receiver.URL
			finishedCheck(t, mocktest.Start(t), tc.webhook) // fails if the payload does not match openapi.yaml
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

// 410 disables the endpoint: no more events are sent to it, and the log has a line for each, until the URL is set.
func TestAReceiverThatIsGoneIsLeftAlone(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(n int) int { return map[bool]int{true: 410, false: 200}[n == 1] })
	c := finishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL})
	second, token := patient(t, c, "second", "456")
	start(t, c, second, token)
	c.Advance(t, 96*time.Hour)
	var state struct{ Webhook struct{ Disabled bool } }
	c.Control(t, http.MethodGet, "", nil, &state)
	if n := len(receiver.Received()); n != 1 || !state.Webhook.Disabled {
		t.Errorf("%d requests, disabled: %t", n, state.Webhook.Disabled)
	}
	var log []any
	for _, d := range listOf(t, c, "/deliveries") {
		log = append(log, d["reason"])
	}
	if diff := cmp.Diff([]any{"disabled", "gone"}, log); diff != "" {
		t.Errorf("reasons, newest first (-want +got):\n%s", diff)
	}
	c.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]string{"url": receiver.URL}}, nil)
	for _, e := range listOf(t, c, "/events") {
		if e["status"] != "failed" {
			t.Errorf("an event is %v", e["status"])
		}
		c.Control(t, http.MethodPost, "/events/"+e["id"].(string)+"/resend", nil, nil)
	}
	if n := len(receiver.Received()); n != 3 {
		t.Errorf("with the URL set again and both sent again there are %d requests", n)
	}
}

// A receiver that never answers holds up its own clinic alone.
func TestADeadReceiverDelaysNobodyElse(t *testing.T) {
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

func TestAWebhookMayBeOnlyWhereTheMockMayCall(t *testing.T) {
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

// A hundred retries are pending while the receiver goes away, comes back, and the clinic's secret and URL change. No
// event is lost, and none is sent twice without a line in the log.
func TestNothingIsLostWhileTheReceiverChanges(t *testing.T) {
	t.Parallel()
	const events = 100
	address, ended := briefReceiver(t, http.StatusServiceUnavailable)
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "changing",
		Webhook: clinic.Webhook{URL: "http://" + address, Secret: oldSecret}})
	id, token := patient(t, c, "pat", "123")
	for range events {
		start(t, c, id, token)
	}
	c.Advance(t, 10*time.Second) // 100 attempts, all refused by 503
	ended()
	c.Advance(t, 5*time.Second) // 100 attempts without a receiver
	c.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]string{"secret": newSecret}}, nil)
	_, ended = briefReceiver(t, http.StatusInternalServerError, address)
	c.Advance(t, 5*time.Minute) // 100 attempts, refused by the restarted receiver
	ended()
	moved := mocktest.NewReceiver(t, nil)
	c.Control(t, http.MethodPatch, "", map[string]any{"webhook": map[string]string{"url": moved.URL}}, nil)
	c.Advance(t, 30*time.Minute) // 100 attempts, taken elsewhere

	got := map[string]int{}
	for _, r := range moved.Received() {
		got[r.Header.Get("webhook-id")]++
		if by := signedBy(r.Header, r.Body); by != "new" {
			t.Errorf("signed by the %s secret", by)
		}
	}
	for _, event := range listOf(t, c, "/events") {
		if got[event["id"].(string)] != 1 || event["status"] != "delivered" || event["attempts"] != 4.0 {
			t.Errorf("event %v came %d times: %v after %v attempts", event["id"], got[event["id"].(string)], event["status"],
				event["attempts"])
		}
	}
	reasons := map[any]int{}
	for _, d := range listOf(t, c, "/deliveries") {
		reason := d["reason"]
		if reason == "connection" { // an old connection, not yet seen to end
			reason = "refused"
		}
		reasons[reason]++
	}
	if diff := cmp.Diff(map[any]int{"status": 2 * events, "refused": events, nil: events}, reasons); diff != "" ||
		len(got) != events {
		t.Errorf("%d events came; attempts by reason (-want +got):\n%s", len(got), diff)
	}
	if receipt := c.Advance(t, 200*time.Hour); len(receipt.Deliveries) != 0 {
		t.Errorf("%d attempts after all was delivered", len(receipt.Deliveries))
	}
}

// briefReceiver starts a server with a fixed status, at an address if given, and returns a function to stop it.
func briefReceiver(t *testing.T, status int, at ...string) (address string, end func()) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.WriteHeader(status)
	}))
	// An address no other test listens at while it is free; not every system has it.
	for _, address := range append(at, "127.0.0.77:0") {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
		if err == nil {
			_ = server.Listener.Close()
			server.Listener = listener
			break
		}
		if len(at) > 0 {
			t.Fatalf("listening where the receiver was: %s", err)
		}
	}
	server.Start()
	return server.Listener.Addr().String(), func() {
		server.CloseClientConnections()
		server.Close()
	}
}

// An event can be sent by hand, but only one that VSee's document allows.
func TestAnEventCanBeSentByHand(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	c := finishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL})
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
