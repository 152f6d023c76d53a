// Package mocktest runs the mock in a Go test: a server on a free port of loopback, clinics of a test's own, their
// clocks, and a webhook receiver. Tests with a clinic each can run in parallel against one mock.
package mocktest

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"iter"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// Mock is a running mock.
type Mock struct {
	URL     string             // http://127.0.0.1:port
	Server  *mockserver.Server // the mock itself: its clinics and scenarios
	Control *controlapi.Client // of the control API
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
			t.Errorf("mocktest: the mock sent a message in breach of openapi.yaml: %s", violation)
		}
	})
	m := &Mock{URL: "http://" + listener.Addr().String(), Server: server}
	m.Control = &controlapi.Client{URL: m.URL + controlapi.Prefix, Token: options.ControlToken, Transport: transport}
	return m
}

// Clinic is a clinic of a test.
type Clinic struct {
	clinic.Settings        // with the generated credentials
	BaseURL         string // of VSee's API
	control         *controlapi.Client
	mock            *Mock
	files           map[string]string // the texts of UseScenario, by file
	conditions      []scenarios.When  // of the files, in their order
}

// NewClinic makes a clinic. An account code missing in settings is made up. The clinic's clock is frozen, unless
// settings give it a start: then they decide.
func (m *Mock) NewClinic(t testing.TB, settings clinic.Settings) *Clinic {
	t.Helper()
	settings.AccountCode = cmp.Or(settings.AccountCode, "test-"+strings.ToLower(rand.Text()))
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
		Settings: *settings,
		BaseURL:  m.URL + "/api_v3",
		control:  m.Control,
		mock:     m,
		files:    map[string]string{},
	}
}

// Advance moves the clinic's clock and returns when all that falls due on the way is done, webhooks included.
func (c *Clinic) Advance(t testing.TB, by time.Duration) controlapi.Receipt {
	t.Helper()
	receipt, err := c.control.Advance(t.Context(), c.AccountCode, by)
	if err != nil {
		t.Fatalf("mocktest: advancing the clock: %s", err)
	}
	return receipt
}

// Await returns the first item of a kind, such as controlapi.KindEvent, whose fields have the values of where: an item
// from before the call, or one that comes within 10 s of real time. It moves no clock. The test fails if nothing
// matches, and shows the items that came instead. For an item behind another one, or another time limit, use
// Mock.Control.
func (c *Clinic) Await(t testing.TB, kind string, where map[string]any) controlapi.StreamItem {
	t.Helper()
	item, err := c.control.Await(t.Context(), c.AccountCode, controlapi.Await{Kind: kind, Where: where})
	if unmatched := (*controlapi.UnmatchedError)(nil); errors.As(err, &unmatched) {
		seen, _ := json.MarshalIndent(unmatched.Seen, "", "  ") // it was JSON
		t.Fatalf("mocktest: %s\n%s", err, seen)
	}
	if err != nil {
		t.Fatalf("mocktest: awaiting: %s", err)
	}
	return item
}

// Stream returns the changes of the clinic as they happen, from its beginning; the kinds asked for, or all. It ends
// with the test, the clinic or the mock. The test fails if the stream breaks off.
func (c *Clinic) Stream(t testing.TB, kinds ...string) iter.Seq[controlapi.StreamItem] {
	t.Helper()
	return func(yield func(controlapi.StreamItem) bool) {
		for item, err := range c.control.Stream(t.Context(), c.AccountCode, controlapi.StreamRequest{Kinds: kinds}) {
			if err != nil {
				t.Errorf("mocktest: the stream: %s", err)
				return
			}
			if !yield(item) {
				return
			}
		}
	}
}

// Control calls the control API below the clinic's path, and decodes the reply into result unless result is nil. The
// test fails if the reply is a refusal.
func (c *Clinic) Control(t testing.TB, method, path string, body, result any) {
	t.Helper()
	if err := c.control.Call(t.Context(), method+" /clinics/{account}"+path, body, result, c.AccountCode); err != nil {
		t.Fatalf("mocktest: %s %s: %s", method, path, err)
	}
}
