package mockserver_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// serving starts a server and returns it with its URL, a function to stop it, and the channel with its error at the
// end.
func serving(t *testing.T, o mockserver.Options) (server *mockserver.Server, url string, stop func(),
	ended chan error) {
	t.Helper()
	server, err := mockserver.New(o)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended = make(chan error)
	go func() { ended <- server.Serve(ctx, listener) }()
	return server, "http://" + listener.Addr().String(), stop, ended
}

// A stop waits for the delivery under way, begins no other, and reports the work left undone.
func TestAStopWaitsForWhatIsUnderWayAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	begun, goOn := make(chan struct{}), make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(n int) int {
		if n == 1 {
			close(begun)
			<-goOn
		}
		return 200
	})
	now := time.Duration(0)
	server, base, stop, ended := serving(t, mockserver.Options{Clinics: []clinic.Settings{{
		AccountCode: "stop", AdminToken: "t", CronDelay: &now, Webhook: clinic.Webhook{URL: receiver.URL},
	}}})
	base += "/api_v3"
	post(t, base+"/me", formBody(fields{{"insurance.carrier", "car7556"}}), byToken("t"))
	for range 3 {
		post(t, base+"/users/-/car7556/eligibility", noBody, byToken("t"))
	}
	<-begun
	stop()
	close(goOn)
	if err := <-ended; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	pending, err := server.Pending(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The number of checks ended before the stop depends on the scheduler; every event not sent is pending.
	if got := len(receiver.Received()) + pending.Deliveries + pending.Checks; got != 3 || len(receiver.Received()) == 0 {
		t.Errorf("3 checks became %d events sent, %d deliveries and %d checks pending", len(receiver.Received()),
			pending.Deliveries, pending.Checks)
	}
}

// A receiver that never answers does not hold up a stop for longer than the stop time-out.
func TestAStopBreaksOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	hang := make(chan struct{})
	receiver := mocktest.NewReceiver(t, func(int) int { close(begun); <-hang; return 200 })
	t.Cleanup(func() { close(hang) })
	now := time.Duration(0)
	server, base, stop, ended := serving(t, mockserver.Options{
		StopTimeout: time.Millisecond,
		Clinics: []clinic.Settings{{AccountCode: "stop", AdminToken: "t", CronDelay: &now,
			Webhook: clinic.Webhook{URL: receiver.URL}}},
	})
	base += "/api_v3"
	post(t, base+"/me", formBody(fields{{"insurance.carrier", "car7556"}}), byToken("t"))
	post(t, base+"/users/-/car7556/eligibility", noBody, byToken("t"))
	<-begun
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	if pending, _ := server.Pending(t.Context()); pending.Deliveries != 1 {
		t.Errorf("%d deliveries are pending, want the one that was broken off", pending.Deliveries)
	}
}

// A caller too slow with its header or its body is cut off; the test waits for the cut, not for a time.
func TestSlowCallersAreCutOff(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) {
		o.HeaderTimeout, o.ReadTimeout = 50*time.Millisecond, 100*time.Millisecond
	})
	for name, sent := range map[string]string{
		"header": "GET /api_v3/me HTTP/1.1\r\nHost: x\r\n",
		"body": "POST /api_v3/users/sso HTTP/1.1\r\nHost: x\r\nX-AccountCode: vclinic\r\nX-ApiKey: vclinic_api_key\r\n" +
			"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(mock.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if _, err := io.WriteString(conn, sent); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(bufio.NewReader(conn)) // returns when the mock closes the connection
			if err != nil {
				t.Fatal(err)
			}
			if name == "body" && !strings.Contains(string(got), "the body could not be read to its end") {
				t.Errorf("the reply is %q", got)
			}
		})
	}
}

// A Server is an http.Handler, for use in another server.
func ExampleServer() {
	mock, err := mockserver.New(mockserver.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	reply := httptest.NewRecorder()
	mock.ServeHTTP(reply, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/api_v3/me", nil))
	fmt.Println(reply.Code, reply.Body)
	// Output: 401 {"code":401,"message":"X-ApiToken is required"}
}

// A mock answers on all of its listeners, and a stop ends them all.
func TestAMockServesOnEachOfItsListeners(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var listeners []net.Listener
	for range 2 {
		l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, l)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listeners...) }()
	for _, l := range listeners {
		if got := get(t, "http://"+l.Addr().String()+"/_mock/readyz").status; got != 200 && got != 503 {
			t.Errorf("%s answers %d", l.Addr(), got)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve returned %v", err)
	}
	for _, l := range listeners {
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s is not closed: %v", l.Addr(), err)
		}
	}
}

// If one listener fails, the mock ends, and the other listeners with it.
func TestAListenerThatFailsEndsTheMock(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	good, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	bad, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = bad.Close()
	if err := server.Serve(t.Context(), good, bad); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve returned %v", err)
	}
	if _, err := good.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the other listener is not closed: %v", err)
	}
	if err := server.Serve(t.Context()); err == nil {
		t.Error("a mock without a listener is served")
	}
}

// A reply held back on purpose does not delay a stop.
func TestAStopDoesNotWaitForALatency(t *testing.T) {
	t.Parallel()
	_, base, stop, ended := serving(t, mockserver.Options{StopTimeout: time.Hour})
	set := send(t, http.MethodPut, base+"/_mock/clinics/vclinic/faults", jsonBody(`[{"operation": "getMe", "latency": `+
		`"1m"}]`))
	if set.status != http.StatusOK {
		t.Fatalf("%d %s", set.status, set.body)
	}
	replied := make(chan int)
	go func() { replied <- get(aside{t}, base+"/api_v3/me", byToken("vclinic_api_token")).status }()
	for befallen := false; !befallen; {
		befallen = strings.Contains(string(get(t, base+"/_mock/clinics/vclinic/faults").body), `"befallen": 1`)
	}
	stop()
	if status := <-replied; status != http.StatusOK {
		t.Errorf("the reply that was held back is %d", status)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve returned %v", err)
	}
}
