package mockserver_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// stopReply is the control API's reply to a move that a stop may break off.
type stopReply struct {
	Error      string
	From, To   time.Time
	Checks     []struct{ ID string }
	Claims     []struct{ ID string }
	Deliveries []struct{ Status int }
}

const stoppingMessage = "the mock is stopping, and the stop time-out ended first: raise --stop-timeout"

// blockingReceiver returns a receiver. Its nth event closes begun and blocks until goOn is closed.
func blockingReceiver(t *testing.T, nth int) (receiver *mocktest.Receiver, begun, goOn chan struct{}) {
	t.Helper()
	begun, goOn = make(chan struct{}), make(chan struct{})
	receiver = mocktest.NewReceiver(t, func(n int) int {
		if n == nth {
			close(begun)
			<-goOn
		}
		return http.StatusOK
	})
	return receiver, begun, goOn
}

// startChecks starts checks in the clinic `stop`, by the token t of its admin.
func startChecks(t *testing.T, base string, checks int) {
	t.Helper()
	base += "/api_v3"
	post(t, base+"/me", formBody(fields{{"insurance.carrier", "car7556"}}), byToken("t"))
	for range checks {
		if got := post(t, base+"/users/-/car7556/eligibility", noBody, byToken("t")); got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
}

// frozenSettings is a clinic with events to a receiver, and a clock moved by hand.
func frozenSettings(receiver *mocktest.Receiver) clinic.Settings {
	return clinic.Settings{
		AccountCode: "stop", AdminToken: "t", Webhook: clinic.Webhook{URL: receiver.URL},
		Clock: clinic.ClockSettings{Start: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Frozen: true},
	}
}

// refusesConnections returns once an address has no listener any more: a stop has begun then.
func refusesConnections(t *testing.T, base string) {
	t.Helper()
	for {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			return
		}
		conn.Close()
	}
}

// A stop waits for an advance under way, however many events it sends.
func TestAStopWaitsForAnAdvance(t *testing.T) {
	t.Parallel()
	receiver, begun, goOn := blockingReceiver(t, 1)
	server, base, stop, ended := startServing(t,
		mockserver.Options{StopTimeout: time.Hour, Clinics: []clinic.Settings{frozenSettings(receiver)}})
	startChecks(t, base, 200)
	advanced := make(chan reply, 1)
	go func() {
		defer close(advanced)
		advanced <- post(aside{t}, base+"/_mock/clinics/stop/clock", jsonBody(`{"advance": "10s"}`))
	}()
	<-begun
	stop()
	refusesConnections(t, base)
	close(goOn)
	got := <-advanced
	var receipt stopReply
	got.into(t, &receipt)
	if got.status != http.StatusOK || len(receipt.Checks) != 200 || len(receipt.Deliveries) != 200 ||
		receipt.To.Sub(receipt.From) != 10*time.Second {
		t.Errorf("the advance is answered %d: %d checks, %d deliveries, %s", got.status, len(receipt.Checks),
			len(receipt.Deliveries), receipt.To.Sub(receipt.From))
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	if pending, err := server.Pending(t.Context()); err != nil || pending != (mockserver.Pending{}) {
		t.Errorf("%+v is pending, %v", pending, err)
	}
}

// An advance still running after the stop time-out is answered 503, with the receipt of the work done.
func TestAnAdvanceThatAStopBreaksOffReturnsItsResultsSoFar(t *testing.T) {
	t.Parallel()
	receiver, begun, goOn := blockingReceiver(t, 2)
	t.Cleanup(func() { close(goOn) })
	server, base, stop, ended := startServing(t,
		mockserver.Options{StopTimeout: time.Millisecond, Clinics: []clinic.Settings{frozenSettings(receiver)}})
	startChecks(t, base, 3)
	advanced := make(chan reply, 1)
	go func() {
		defer close(advanced)
		advanced <- post(aside{t}, base+"/_mock/clinics/stop/clock", jsonBody(`{"advance": "1h"}`))
	}()
	<-begun
	stop()
	got := <-advanced
	var receipt stopReply
	got.into(t, &receipt)
	if got.status != http.StatusServiceUnavailable || receipt.Error != stoppingMessage {
		t.Errorf("the advance is answered %d %s", got.status, receipt.Error)
	}
	if len(receipt.Checks) != 3 || receipt.Claims == nil || len(receipt.Deliveries) != 1 ||
		receipt.Deliveries[0].Status != 200 || receipt.To.Sub(receipt.From) != 10*time.Second {
		t.Errorf("the receipt is %+v", receipt)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	if pending, err := server.Pending(t.Context()); err != nil || pending != (mockserver.Pending{Deliveries: 2}) {
		t.Errorf("%+v is pending, %v", pending, err)
	}
}

// The same holds for all other requests waiting for a receiver, and for a mock used as a handler.
func TestCallsThatWaitForAReceiverEndAtAStop(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		`/settle {}`: stoppingMessage,
		`/events {"type": "eligibility.checked", "member_id": "132406"}`: "the event is recorded, and may not have been " +
			"sent; " + stoppingMessage,
		`/clock {"advance": "1h"}`: stoppingMessage,
		`/clock {"freeze": true}`:  "",
		`/reset {}`:                "",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			receiver, begun, goOn := blockingReceiver(t, 1)
			t.Cleanup(func() { close(goOn) })
			settings := frozenSettings(receiver)
			now := time.Duration(0)
			settings.CronDelay = &now
			server, err := mockserver.New(mockserver.Options{StopTimeout: time.Millisecond,
				Clinics: []clinic.Settings{settings}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			ran := make(chan struct{})
			go func() { defer close(ran); server.Run(ctx) }()
			base := newServer(t, server.ServeHTTP)
			startChecks(t, base, 1)
			<-begun // the loop is sending
			stop()
			where, sent, _ := strings.Cut(path, " ")
			got := post(t, base+"/_mock/clinics/stop"+where, jsonBody(sent))
			var told struct{ Error string }
			got.into(t, &told)
			status := http.StatusServiceUnavailable
			if want == "" {
				status = http.StatusOK
			}
			if told.Error != want || got.status != status {
				t.Errorf("%d %s", got.status, got.body)
			}
			<-ran
		})
	}
}

// A check with its event before its reply is started all the same if a stop breaks the event off.
func TestACheckIsStartedWhenAStopBreaksItsEventOff(t *testing.T) {
	t.Parallel()
	receiver, begun, goOn := blockingReceiver(t, 1)
	t.Cleanup(func() { close(goOn) })
	settings := frozenSettings(receiver)
	settings.Webhook.Misbehaviour.BeforeReply = true
	_, base, stop, ended := startServing(t,
		mockserver.Options{StopTimeout: time.Millisecond, Clinics: []clinic.Settings{settings}})
	post(t, base+"/api_v3/me", formBody(fields{{"insurance.carrier", "car7556"}}), byToken("t"))
	started := make(chan reply, 1)
	go func() {
		defer close(started)
		started <- post(aside{t}, base+"/api_v3/users/-/car7556/eligibility", noBody, byToken("t"))
	}()
	<-begun
	stop()
	if got := <-started; got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.body)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve returned %v", err)
	}
}
