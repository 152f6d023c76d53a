package controlapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// answering returns a client of a server that answers every request with f.
func answering(t *testing.T, f http.HandlerFunc) *controlapi.Client {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return &controlapi.Client{URL: server.URL + controlapi.Prefix, Transport: mocktest.Client().Transport}
}

// failed returns the error of a call. The test fails when it is another kind of error.
func failed(t *testing.T, err error) *controlapi.Error {
	t.Helper()
	var e *controlapi.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *Error", err)
	}
	return e
}

func TestARefusalHasItsStatusAndTheMocksOwnSentence(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	_, err := mock.Control.GetClinic(t.Context(), "no/body?")
	e := failed(t, err)
	if e.Status != http.StatusNotFound || !strings.HasPrefix(e.Message, "there is no clinic") || e.Error() != e.Message {
		t.Errorf("%+v", e)
	}
	if e.Operation != "GET /clinics/{account}" || e.Unreachable() || e.Timeout() {
		t.Errorf("%+v", e)
	}
	_, err = mock.Control.ListUsers(t.Context(), "vclinic", controlapi.PageRequest{Limit: 20_000})
	if e := failed(t, err); e.Status != http.StatusBadRequest || e.Operation != "GET /clinics/{account}/users" {
		t.Errorf("%+v", e)
	}
}

func TestTheTokenOfTheMockIsSent(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, func(o *mockserver.Options) { o.ControlToken = "s3cret" })
	if _, err := mock.Control.ListClinics(t.Context(), controlapi.PageRequest{}); err != nil {
		t.Error(err)
	}
	for _, token := range []string{"", "wrong"} {
		c := controlapi.Client{URL: mock.Control.URL, Token: token}
		if _, err := c.ListClinics(t.Context(), controlapi.PageRequest{}); failed(t, err).Status != http.StatusUnauthorized {
			t.Errorf("with %q: %v", token, err)
		}
	}
}

func TestAReplyOfSomethingElseIsForeign(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]http.HandlerFunc{
		"200 with a page": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>5991794") },
		"200 with other JSON": func(w http.ResponseWriter, _ *http.Request) {
			_,
				_ = io.WriteString(w, `{"data": "5991794"}`)
		},
		"404 with a page": func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"403 with other JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"message": "5991794"}`)
		},
		"302": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"204": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	} {
		c := answering(t, f)
		_, err := c.ListClinics(t.Context(), controlapi.PageRequest{})
		e := failed(t, err)
		if !errors.Is(err, controlapi.ErrNotControlAPI) || fmt.Sprint(e.Status) != name[:3] || e.Message != "" ||
			strings.Contains(err.Error(), "5991794") {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

// endless is a reply without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestAReplyWithoutAnEndIsNotReadForEver(t *testing.T) {
	t.Parallel()
	c := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.Copy(w, endless{}) })
	if _, err := c.ListClinics(t.Context(), controlapi.PageRequest{}); !errors.Is(err, bounded.ErrTooLarge) {
		t.Error(err)
	}
}

func TestACertificateThatIsNotTrustedIsNoMissingMock(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	c := controlapi.Client{URL: server.URL + controlapi.Prefix}
	_, err := c.Ready(t.Context())
	if e := failed(t, err); e.Unreachable() || !strings.HasPrefix(e.Error(),
		"the certificate of the server on "+server.URL+" is not trusted: add it") {
		t.Error(err)
	}
}

func TestAnAddressOfTheOtherSchemeIsNamed(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	for address, want := range map[string]string{
		strings.Replace(plain.URL, "http:", "https:", 1):  "no HTTPS at this port: begin its address with http://",
		strings.Replace(secure.URL, "https:", "http:", 1): "only HTTPS at this port: begin its address with https://",
	} {
		c := controlapi.Client{URL: address + controlapi.Prefix}
		_, err := c.Ready(t.Context())
		if e := failed(t, err); e.Unreachable() || e.Error() != "the server on "+address+" has "+want {
			t.Error(err)
		}
	}
}

func TestACallWithoutAReplySaysWhetherAMockIsThere(t *testing.T) {
	t.Parallel()
	c := controlapi.Client{URL: "http://127.0.0.1:1/_mock"}
	_, err := c.Ready(t.Context())
	if e := failed(t, err); !e.Unreachable() || e.Error() != "no mock answers on http://127.0.0.1:1" {
		t.Errorf("%+v", e)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Ready(ended); failed(t, err).Unreachable() || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	slow := answering(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	slow.Timeout = time.Millisecond
	if _, err := slow.Ready(t.Context()); failed(t, err).Unreachable() || !failed(t, err).Timeout() ||
		!strings.HasSuffix(err.Error(), "did not answer in time") {
		t.Error(err)
	}
}

func TestAProxyIsNotTakenForAMock(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://user:hunter2@proxy.test")
	through := func(proxy string) *controlapi.Client {
		u, _ := url.Parse(proxy)
		return &controlapi.Client{URL: "http://mock.test/_mock", Transport: &http.Transport{Proxy: http.ProxyURL(u)}}
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
	}))
	defer proxy.Close()
	for address, want := range map[string]string{
		proxy.URL:                          "a proxy answered 502 instead of the mock on http://mock.test",
		"http://user:hunter2@127.0.0.1:1/": "the proxy on the way to the mock on http://mock.test cannot be reached",
	} {
		_, err := through(address).Ready(t.Context())
		if e := failed(t, err); e.Proxy != "HTTP_PROXY" || e.Error() != want {
			t.Errorf("%+v, want %s", e, want)
		}
	}
	passes := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(controlapi.HeaderVersion, "1")
		_, _ = io.WriteString(w, `{"status": "ready"}`)
	}))
	defer passes.Close()
	if health, err := through(passes.URL).Ready(t.Context()); err != nil || health.Status != "ready" {
		t.Errorf("%+v, %v", health, err)
	}
}

func TestAllReturnsEveryRowOfEveryPage(t *testing.T) {
	t.Parallel()
	var asked []controlapi.PageRequest
	pages := map[string]controlapi.Page[int]{"": {Data: []int{1, 2}, Next: "2"}, "2": {Data: []int{3, 4}, Next: "4"},
		"4": {Data: []int{5}}}
	broken := errors.New("broken")
	list := func(_ context.Context, account string, p controlapi.PageRequest) (controlapi.Page[int], error) {
		asked = append(asked, p)
		if account == "broken" && p.After == "2" {
			return controlapi.Page[int]{}, broken
		}
		return pages[p.After], nil
	}
	for name, tc := range map[string]struct {
		account string
		upTo    int
		want    []int
		err     error
		asked   int
	}{
		"all of them": {"one", 100, []int{1, 2, 3, 4, 5}, nil, 3},
		"the first":   {"one", 1, []int{1}, nil, 1},
		"an error":    {"broken", 100, []int{1, 2}, broken, 2},
	} {
		asked = nil
		var got []int
		var failure error
		for row, err := range controlapi.All(t.Context(), tc.account, 2, list) {
			if failure = err; err != nil {
				continue
			}
			if got = append(got, row); len(got) == tc.upTo {
				break
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" || !errors.Is(failure, tc.err) || len(asked) != tc.asked ||
			asked[0].Limit != 2 {
			t.Errorf("%s: %v, asked %v (-want +got):\n%s", name, failure, asked, diff)
		}
	}
}

func TestAMoveThatAStopBreaksOffHasItsReceipt(t *testing.T) {
	t.Parallel()
	c := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = json.NewEncoder(w).Encode(controlapi.Stopped{
			Problem: controlapi.Problem{Error: "the mock is stopping"},
			Receipt: controlapi.Receipt{Checks: []controlapi.Check{{ID: "2505465"}}},
		})
	})
	receipt, err := c.Advance(t.Context(), "one", time.Hour)
	if e := failed(t, err); e.Message != "the mock is stopping" || len(receipt.Checks) != 1 ||
		receipt.Checks[0].ID != "2505465" {
		t.Errorf("%+v, %+v", receipt, e)
	}
}

// A reply that is decoded and written anew is the same text, so the types lose nothing.
func TestTheTypesReadWhatTheMockWritesWithoutLoss(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, func(n int) int { return map[bool]int{true: 503, false: 200}[n == 1] })
	mock := mocktest.Start(t)
	one := mock.NewClinic(t, clinic.Settings{AccountCode: "one",
		Webhook: clinic.Webhook{URL: receiver.URL, Schedule: []time.Duration{time.Second}}})
	var raw []byte
	c := &controlapi.Client{URL: mock.Control.URL, Transport: mock.Control.Transport,
		Reply: func(text []byte) { raw = text }}
	is := func(name string, got any, err error) {
		t.Helper()
		text, _ := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Errorf("%s: %s", name, err)
		} else if diff := cmp.Diff(string(raw), string(text)+"\n"); diff != "" {
			t.Errorf("%s (-mock +written anew):\n%s", name, diff)
		}
	}
	ctx, all := t.Context(), controlapi.PageRequest{Limit: 1000}
	catalogue, err := c.ListScenarios(ctx, all)
	is("the catalogue", catalogue, err)
	changed, err := c.ChangeClinic(ctx, "one", controlapi.ClinicSettings{
		Insurers: []controlapi.Insurer{{ID: "car7556",
			Name: "One"}}, CronDelay: &scenarios.Range{From: time.Minute, To: time.Minute},
		Claims: &controlapi.ClaimSettings{Enabled: new(true)},
		Webhook: &controlapi.WebhookSettings{
			Events: []string{"eligibility.checked",
				"user.created"}, Schedule: &controlapi.Schedule{Waits: []controlapi.Span{controlapi.Span(time.Minute)}},
			Misbehaviour: &scenarios.Webhook{Hold: scenarios.Hold{For: time.Second},
				Attempts: 1}, Headers: &controlapi.SignatureHeaderSettings{ID: new("X-Id")},
		},
	})
	is("the clinic", changed, err)
	if len(changed.Insurers) != 1 || len(changed.Webhook.Schedule.Waits) != 1 || len(changed.Webhook.Events) != 2 {
		t.Errorf("the clinic is %+v", changed)
	}
	faults, err := c.SetFaults(ctx, "one", []scenarios.Fault{{Operation: "getUser",
		Latency: scenarios.Latency{From: time.Millisecond, To: time.Second, Tail: true}}})
	is("the faults", faults, err)
	own, err := c.PutScenarios(ctx, "one", controlapi.ScenarioFiles{Files: map[string]string{
		"a-near.yaml": "title: Nearly\nwhen: {subscriber_num: [\"11000075\", \"1\"], nth: 7}\nanswer: Success\n",
		"mine.yaml": "title: Mine\nwhen: {subscriber_num: \"11000075\"}\nanswer: Success\nwebhook: {signature: bad, " +
			"attempts: 1}\n",
	}, Alone: true})
	is("the clinic's own scenarios", own, err)
	post(t, one, "/me", `{"insurance": {"primary": {"carrier_code": "car7556", "subscriber_num": "11000075"}}}`)
	post(t, one, "/users/-/car7556/eligibility", "")
	receipt, err := c.Advance(ctx, "one", time.Hour)
	is("the receipt", receipt, err)
	if len(receipt.Checks) != 1 || len(receipt.Deliveries) < 2 {
		t.Fatalf("the receipt is %+v", receipt)
	}
	check := receipt.Checks[0]
	why, err := c.ExplainCheck(ctx, "one", check.ID)
	is("the explanation", why, err)
	if len(why.Misses) != 1 || why.Asked.SubscriberNum != "11000075" || why.Event == nil {
		t.Errorf("the explanation is %+v", why)
	}
	report, err := c.GetEvent(ctx, "one", check.EventID)
	is("the event", report, err)
	users, err := c.ListUsers(ctx, "one", all)
	is("the users", users, err)
	exchanges, err := c.ListJournal(ctx, "one", all)
	is("the journal", exchanges, err)
	saved, err := c.SaveCheck(ctx, "one", check.ID)
	is("the saved scenario", saved, err)
	if err := c.DeleteFaults(ctx, "one"); err != nil {
		t.Error(err)
	}
}

// post sends JSON to VSee's API as the clinic's admin, and requires that it is taken.
func post(t *testing.T, c *mocktest.Clinic, path, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.BaseURL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"X-Apitoken": {c.AdminToken}, "Content-Type": {"application/json"}}
	reply, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", path, reply.StatusCode)
	}
}

func TestASchedulesNameOrWaitsAreReadAndWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"standard"`: `"standard"`, `"once"`: `"once"`, `[]`: `[]`, `["5s","1m"]`: `["5s","1m0s"]`,
		`"5s, 1m"`: `["5s","1m0s"]`,
		`"soon"`:   "", `""`: "", `null`: "", `7`: "", `["soon"]`: "", `[7]`: "", `{}`: "",
	} {
		var s controlapi.Schedule
		err := json.Unmarshal([]byte(text), &s)
		got, _ := json.Marshal(s)
		if want == "" && (err == nil || !strings.Contains(err.Error(), "schedule must be")) || want != "" &&
			(err != nil || string(got) != want) {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
}
