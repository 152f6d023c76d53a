package specs_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// wrongMock is a mock with one deliberate fault.
type wrongMock struct {
	request func(r *http.Request)                      // changes a request to the mock
	reply   func(r *http.Response, body string) string // changes a reply of it
	// event delivers an event, at once or at the next move of the clock, and answers it with a status.
	event func(deliver func() int, later func(func() int)) int
}

// Each fault of a mock is a cause at the operation or event with the fault, in a scenario with it.
func TestAFaultOfAMockShowsInItsScenarios(t *testing.T) {
	t.Parallel()
	eligibility := regexp.MustCompile(`"eligibility_response":"[^"]*",?`)
	isUser := func(r *http.Response) bool {
		return r.Request.Method == http.MethodGet && strings.HasPrefix(r.Request.URL.Path, "/api_v3/users/")
	}
	for name, tc := range map[string]struct {
		mock     wrongMock
		scenario string
		want     string // the causes: kind, operation, case, pointer, expected and got
	}{
		"an event comes twice": {
			wrongMock{event: func(deliver func() int, _ func(func() int)) int {
				deliver()
				return deliver()
			}},
			"eligible", "event-extra eligibility.checked ok  absent present",
		},
		"an event comes at the next move of the clock": {
			wrongMock{event: func(deliver func() int, later func(func() int)) int {
				later(deliver)
				return http.StatusOK
			}},
			"eligible", "event-missing eligibility.checked ok  present absent",
		},
		"a refused event does not come again": {
			wrongMock{event: func(deliver func() int, _ func(func() int)) int {
				deliver()
				return http.StatusOK
			}},
			"webhook-forged-at-first", "event-missing eligibility.checked ok  present absent",
		},
		"a result has another text": {
			wrongMock{reply: func(r *http.Response, body string) string {
				if isUser(r) {
					return strings.ReplaceAll(body, `"Success"`, `"Out of Network"`)
				}
				return body
			}},
			"eligible", "value getUser ok /data/user_data/primary/eligibility_response Success Out of Network",
		},
		"a result is not saved": {
			wrongMock{reply: func(r *http.Response, body string) string {
				if isUser(r) {
					return eligibility.ReplaceAllString(body, "")
				}
				return body
			}},
			"eligible", "late getUser ok /data/user_data/primary/eligibility_response present absent",
		},
		"a result comes early": {
			wrongMock{request: func(r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/clock") {
					r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"advance":"10s"}`)), -1
				}
			}},
			"eligible", "value getUser ok /data/user_data/primary/eligibility_response absent Success",
		},
		"a fault does not happen": {
			wrongMock{reply: func(r *http.Response, body string) string {
				if r.Header.Get("X-Mock-Fault") == "status" {
					r.StatusCode = http.StatusBadGateway
				}
				return body
			}},
			"http-500", "status startEligibilityCheck limit  500 502",
		},
		"an expired token is accepted": {
			wrongMock{request: func(r *http.Request) {
				if strings.HasPrefix(r.URL.Path, "/_mock/clinics") && r.Method == http.MethodPost {
					body, _ := io.ReadAll(r.Body)
					body = regexp.MustCompile(`"scenario":"[^"]*",?`).ReplaceAll(body, nil)
					r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
				}
			}},
			"token-expires-between-two-checks", "status startEligibilityCheck wrong-token  401 200",
		},
		"a visit that nobody answers is completed": {
			wrongMock{reply: func(r *http.Response, body string) string {
				if strings.Contains(r.Request.URL.Path, "/visits/") {
					return strings.ReplaceAll(body, `"status":40`, `"status":30`)
				}
				return body
			}},
			"visit-nobody-comes", "value getVisit ok /data/status 40 30",
		},
		"an appointment does not end with its walk-in": {
			wrongMock{reply: func(r *http.Response, body string) string {
				if r.Request.URL.Path == "/api_v3/visits/1525" {
					return strings.ReplaceAll(body, `"status":30`, `"status":25`)
				}
				return body
			}},
			"visit-appointment-kept", "value getVisit ok /data/status 30 25",
		},
		"a claim is paid that should be denied": {
			wrongMock{reply: func(_ *http.Response, body string) string {
				return strings.ReplaceAll(body, `"denied"`, `"paid"`)
			}},
			"claim-never-told", "value getClaim ok /data/status denied paid",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run := tc.mock.try(t, "SCEN-"+tc.scenario)
			var got []string
			for _, c := range run.Causes {
				key := []string{string(c.Kind), c.Operation, string(c.Case), c.Pointer, c.Expected, c.Got}
				got = append(got, strings.Join(key, " "))
			}
			if len(run.Causes) != 1 || got[0] != tc.want {
				t.Errorf("want\n%s, got\n%s", tc.want, strings.Join(got, "\n"))
			}
		})
	}
}

// try runs the requirements of a pattern of ids against the wrong mock.
func (m wrongMock) try(t *testing.T, pattern string) result.Run {
	t.Helper()
	var receiver string // known before the first event
	var late struct {
		sync.Mutex
		events []func() int
	}
	events := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		deliver := func() int {
			address := receiver + r.URL.Path
			out, err := http.NewRequestWithContext(t.Context(), r.Method, address, bytes.NewReader(body))
			if err != nil {
				t.Error(err)
				return 0
			}
			out.Header = r.Header
			in, err := mocktest.Client().Do(out)
			if err != nil {
				t.Error(err)
				return 0
			}
			_ = in.Body.Close()
			return in.StatusCode
		}
		if m.event == nil {
			w.WriteHeader(deliver())
			return
		}
		w.WriteHeader(m.event(deliver, func(f func() int) {
			late.Lock()
			defer late.Unlock()
			late.events = append(late.events, f)
		}))
	}))
	t.Cleanup(events.Close)
	mock := mocktest.Start(t)
	target, err := url.Parse(mock.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			changed := m.reply(r, string(body))
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
			r.Header.Set("Content-Length", fmt.Sprint(len(changed)))
			return err
		},
		Transport: mocktest.Client().Transport,
	}
	behind := http.Handler(mock.Server)
	if m.reply != nil {
		behind = proxy
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if m.request != nil {
			m.request(r)
		}
		if strings.HasSuffix(r.URL.Path, "/clock") {
			late.Lock()
			for _, deliver := range late.events {
				deliver()
			}
			late.events = nil
			late.Unlock()
		}
		behind.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	run, err := engine.Run(t.Context(), engine.Options{
		Config: config.Config{
			BaseURL: server.URL + "/api_v3", ControlURL: server.URL + "/_mock",
			ReceiverListen: "127.0.0.1:0", ReceiverURL: events.URL,
		},
		Listening: func(url string) { receiver = url },
		Requirements: slices.DeleteFunc(all(t), func(r engine.Requirement) bool {
			is, _ := path.Match(pattern, r.ID)
			return !is
		}),
	})
	if err != nil || run.Broken != "" {
		t.Fatal(err, run.Broken)
	}
	return run
}

// A mock with other scenarios, under the same ids, keeps none of them.
func TestEachScenarioFailsOnAMockWithAnother(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for i := range set {
		s := &set[i]
		switch {
		case len(s.HTTP) > 0:
			s.HTTP = nil
		case s.Webhook != scenarios.Webhook{}:
			s.Webhook = scenarios.Webhook{}
		case s.ClaimWebhook != scenarios.Webhook{}:
			s.ClaimWebhook = scenarios.Webhook{}
		case s.Visit != nil && s.Visit.IsAppointment() && !s.Visit.EndsBooking():
			s.Visit = &scenarios.Visit{Outcome: scenarios.Cancelled, Type: scenarios.Appointment}
		case s.Visit != nil:
			s.Visit = &scenarios.Visit{Outcome: scenarios.Unanswered, EndAfter: new(scenarios.Duration(time.Minute))}
		case len(s.Claims) > 0 && s.Claims[0].Outcome == scenarios.Denied:
			s.Claims = scenarios.Claims{{Outcome: scenarios.Paid}}
		case len(s.Claims) > 0:
			s.Claims = scenarios.Claims{{Outcome: scenarios.Denied}}
		default:
			s.Answers = scenarios.Answers{Both: []scenarios.Answer{{Text: "Requires medical review."}}}
		}
	}
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.Scenarios = set })
	run, err := engine.Run(t.Context(), engine.Options{
		Config:       config.Config{BaseURL: mock.URL + "/api_v3", ControlURL: mock.URL + "/_mock"},
		Requirements: slices.DeleteFunc(all(t), func(r engine.Requirement) bool { return r.Scenario == nil }),
	})
	if err != nil || run.Broken != "" {
		t.Fatal(err, run.Broken)
	}
	for _, r := range run.Requirements {
		if r.State != result.Failed && r.State != result.Blocked {
			t.Errorf("%s %s: %s", r.State, r.ID, r.Reason)
		}
	}
}
