// Package mocktest runs the mock in a Go test: a server on a free port of loopback, clinics of a test's own, their
// clocks, and a webhook receiver. Tests with a clinic each can run in parallel against one mock.
package mocktest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// Mock is a running mock.
type Mock struct {
	URL    string // http://127.0.0.1:port
	Server *mockserver.Server
	token  string // of the control API
}

// Start starts a mock and stops it at the end of the test. The test fails if the mock has sent a message in breach of
// openapi.yaml. The functions in change may change the options before.
func Start(t testing.TB, change ...func(*mockserver.Options)) *Mock {
	t.Helper()
	var options mockserver.Options
	for _, f := range change {
		f(&options)
	}
	server, err := mockserver.New(options)
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("mocktest: %s", err)
		}
		for _, violation := range server.Violations() {
			t.Errorf("mocktest: the mock sent what breaks openapi.yaml: %s", violation)
		}
	})
	return &Mock{URL: "http://" + listener.Addr().String(), Server: server, token: options.ControlToken}
}

// Clinic is a clinic of a test.
type Clinic struct {
	clinic.Settings        // with the generated credentials
	BaseURL         string // of VSee's API
	control, token  string
}

// NewClinic makes a clinic. Only the account code is required in settings. The clinic's clock is frozen, unless
// settings give it a start: then they decide.
func (m *Mock) NewClinic(t testing.TB, settings clinic.Settings) *Clinic {
	t.Helper()
	if settings.Clock == (clinic.ClockSettings{}) {
		settings.Clock.Frozen = true
	}
	made, err := m.Server.Clinics().Create(t.Context(), settings)
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	return m.Clinic(t, made.Account())
}

// Clinic returns an existing clinic of the mock.
func (m *Mock) Clinic(t testing.TB, account string) *Clinic {
	t.Helper()
	found, ok := m.Server.Clinics().Clinic(account)
	if !ok {
		t.Fatalf("mocktest: there is no clinic %s", account)
	}
	settings, err := found.Settings(t.Context())
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	return &Clinic{
		Settings: settings,
		BaseURL:  m.URL + "/api_v3",
		control:  m.URL + "/_mock/clinics/" + settings.AccountCode,
		token:    m.token,
	}
}

// Receipt is the effect of moving a clinic's clock, in due order.
type Receipt struct {
	From, To   time.Time
	Checks     []Check
	Claims     []Claim // one for each new status of a claim
	Deliveries []Delivery
}

// Claim is a claim at the time of a new status. VSee has not defined claims.
type Claim struct {
	ID       string   `json:"id"`
	MemberID string   `json:"member_id"`
	Status   string   `json:"status"`
	Reasons  []string `json:"reasons"` // why it was rejected, or not paid in full: A3:21, or CO-97
	Scenario string   `json:"scenario"`
}

// Check is a finished check.
type Check struct {
	ID       string    `json:"id"`
	MemberID string    `json:"member_id"`
	Response string    `json:"eligibility_response"`
	Scenario string    `json:"scenario"`
	Finished time.Time `json:"finished"`
	EventID  string    `json:"event_id"`
}

// Delivery is one attempt to deliver an event.
type Delivery struct {
	EventID string    `json:"event_id"`
	Attempt int       `json:"attempt"`
	At      time.Time `json:"at"`      // on the clinic's clock
	RealAt  time.Time `json:"real_at"` // in real time
	Status  int       `json:"status"`  // the receiver's; 0 when it did not answer
	Reason  string    `json:"reason"`  // why it failed; empty for success
	Detail  string    `json:"detail"`  // the same in a sentence
	Hint    string    `json:"hint"`    // a remark, such as the probable cause of a failure
	Sends   int       `json:"sends"`   // how many times the receiver may have the request
}

// Advance moves the clinic's clock and returns when everything due on the way is done, webhooks included.
func (c *Clinic) Advance(t testing.TB, by time.Duration) Receipt {
	t.Helper()
	var receipt Receipt
	c.Control(t, http.MethodPost, "/clock", map[string]string{"advance": by.String()}, &receipt)
	return receipt
}

// Control calls the control API below the clinic's path, and decodes the reply into result unless result is nil. The
// test fails if the reply is a refusal.
func (c *Clinic) Control(t testing.TB, method, path string, body, result any) {
	t.Helper()
	var sent io.Reader = http.NoBody
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatalf("mocktest: %s", err)
		}
		sent = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, c.control+path, sent)
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	reply, err := Client().Do(request)
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatalf("mocktest: %s", err)
	}
	if reply.StatusCode > 299 {
		t.Fatalf("mocktest: %s %s: %d: %s", method, path, reply.StatusCode, strings.TrimSpace(string(text)))
	}
	if result != nil {
		if err := json.Unmarshal(text, result); err != nil {
			t.Fatalf("mocktest: %s", err)
		}
	}
}
