package mockserver_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// 410 disables the endpoint: no more events are sent to it, and the log has a line for each, until the URL is set.
func TestAReceiverThatAnswers410GetsNoMoreEvents(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(n int) int { return map[bool]int{true: 410, false: 200}[n == 1] })
	c := clinicWithFinishedCheck(t, mocktest.Start(t), clinic.Webhook{URL: receiver.URL})
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
