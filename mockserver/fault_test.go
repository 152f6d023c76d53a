package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// clinicWithFaults makes a clinic with faults, given as JSON.
func clinicWithFaults(t *testing.T, faults string) *mocktest.Clinic {
	t.Helper()
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "faulty", Seed: 7})
	setFaults(t, c, faults)
	return c
}

func setFaults(t *testing.T, c *mocktest.Clinic, faults string) {
	t.Helper()
	c.Control(t, http.MethodPut, "/faults", json.RawMessage(faults), nil)
}

// sendRaw sends a request on a new connection: on a used one, Go's client sends some requests again after a reset.
func sendRaw(ctx context.Context, method, address string, b body, options ...func(*http.Request)) (reply, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, newReader(b.data))
	if err != nil {
		return reply{}, err
	}
	request.Close = true
	if b.contentType != "" {
		request.Header.Set("Content-Type", b.contentType)
	}
	for _, option := range options {
		option(request)
	}
	answer, err := mocktest.Client().Do(request)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	return reply{answer.StatusCode, answer.Header, data}, err
}

// describeReply describes in words the result a client sees.
func describeReply(r reply, err error) string {
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return "reset"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("%d cut", r.status)
	case err != nil:
		return err.Error()
	case !json.Valid(r.body):
		return fmt.Sprintf("%d %s not JSON", r.status, r.header.Get("Content-Type"))
	case r.header.Get("Retry-After") != "":
		return fmt.Sprintf("%d after %s s", r.status, r.header.Get("Retry-After"))
	}
	return fmt.Sprint(r.status)
}

// Each fault as a Go client sees it, and the state of the check that it tried to start. A fault with a status
// prevents the check; after any other fault the check exists, though the client may not know.
func TestAClientSeesEachFault(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		fault  string
		seen   string
		mark   string // in the reply and the journal
		status string // in the journal
		checks int
	}{
		{`{"status": 503, "retry_after": "30s"}`, "503 after 30 s", "status", "503", 0},
		{`{"status": 429}`, "429", "status", "429", 0},
		{`{"status": 500, "latency": "1ms"}`, "500", "latency, status", "500", 0},
		{`{"status": 502, "slow": "1ms"}`, "502", "slow, status", "502", 0},
		{`{"reset": true}`, "reset", "reset", "0", 1},
		{`{"reset": true, "latency": "1ms", "slow": "1m"}`, "reset", "latency, slow, reset", "0", 1},
		{`{"truncated": true}`, "200 cut", "truncated", "200", 1},
		{`{"truncated": true, "slow": "4ms"}`, "200 cut", "slow, truncated", "200", 1},
		{`{"malformed": true}`, "200 application/json not JSON", "malformed", "200", 1},
		{`{"malformed": true, "slow": "4ms"}`, "200 application/json not JSON", "slow, malformed", "200", 1},
		{`{"html": true}`, "200 text/html; charset=UTF-8 not JSON", "html", "200", 1},
		{`{"latency": "1ms"}`, "200", "latency", "200", 1},
		{`{"slow": "4ms"}`, "200", "slow", "200", 1},
	} {
		t.Run(tc.fault, func(t *testing.T) {
			t.Parallel()
			c := clinicWithFaults(t, `[]`)
			id, token := patient(t, c, "pat", "123")
			setFaults(t, c, "["+tc.fault+"]")
			got, err := sendRaw(t.Context(), "POST", c.BaseURL+"/users/"+id+"/car7556/eligibility", noBody, byToken(token))
			if seen := describeReply(got, err); seen != tc.seen {
				t.Errorf("the client sees %s, want %s", seen, tc.seen)
			}
			if mark := got.header.Get("X-Mock-Fault"); got.header != nil && mark != tc.mark {
				t.Errorf("the reply is marked %q, want %q", mark, tc.mark)
			}
			if n := len(listOf(t, c, "/checks")); n != tc.checks {
				t.Errorf("%d checks were started, want %d", n, tc.checks)
			}
			noted := listOf(t, c, "/journal")[0]
			if noted["fault"] != tc.mark || fmt.Sprint(noted["status"]) != tc.status || noted["violation"] != nil {
				t.Errorf("the journal says fault %v, status %v, violation %v", noted["fault"], noted["status"], noted["violation"])
			}
		})
	}
}

// The parts of a reply with a fault in it.
func TestAFaultCanSpoilAReply(t *testing.T) {
	t.Parallel()
	c := clinicWithFaults(t, `[{"operation": "listInsurers", "from": 2, "times": 1, "truncated": true}, {"operation": `+
		`"listInsurers", "from": 3, "malformed": true}]`)
	list := func() reply {
		got, _ := sendRaw(t.Context(), "GET", c.BaseURL+"/insurances", noBody, byToken(c.AdminToken))
		return got
	}
	whole, cut, malformed := list(), list(), list()
	if want := whole.body[:len(whole.body)/2]; string(cut.body) != string(want) ||
		cut.header.Get("Content-Length") != fmt.Sprint(len(whole.body)) {
		t.Errorf("of %s came %s, of the length %s", whole.body, cut.body, cut.header.Get("Content-Length"))
	}
	if want := strings.TrimSuffix(string(whole.body), "}\n") + ",\n"; string(malformed.body) != want {
		t.Errorf("malformed is %s, want %s", malformed.body, want)
	}
	if whole.header.Get("X-Mock-Fault") != "" || whole.header.Get("X-Mock-Evidence") != "seed" ||
		malformed.header.Get("X-Mock-Evidence") != "ours" {
		t.Errorf("headers %v and %v", whole.header, malformed.header)
	}
	setFaults(t, c, `[{"html": true}]`)
	if page := list(); !strings.Contains(string(page.body), "<b>Fatal error</b>") {
		t.Errorf("the page is %s", page.body)
	}
}

// A slow body arrives in parts, the first well before the rest.
func TestASlowBodyComesInParts(t *testing.T) {
	t.Parallel()
	c := clinicWithFaults(t, `[{"slow": "1m"}]`)
	request, err := http.NewRequestWithContext(t.Context(), "GET", c.BaseURL+"/insurances", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-ApiToken", c.AdminToken)
	answer, err := mocktest.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	part := make([]byte, answer.ContentLength)
	if n, err := answer.Body.Read(part); err != nil || n == 0 || n == len(part) {
		t.Errorf("of %d bytes %d came at first, %v", len(part), n, err)
	}
}

// The work is done before the reply is held back: a client that gives up has started the check nevertheless.
func TestALateReplyReportsAFinishedOperation(t *testing.T) {
	t.Parallel()
	called := make(chan struct{}, 1)
	receiver := mocktest.NewReceiver(t, func(int) int { called <- struct{}{}; return 200 })
	c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "late", Webhook: clinic.Webhook{
		URL: receiver.URL, Misbehaviour: clinic.Misbehaviour{BeforeReply: true},
	}})
	id, token := patient(t, c, "pat", "123")
	setFaults(t, c, `[{"latency": "1m"}]`)
	impatient, giveUp := context.WithCancel(t.Context())
	go func() {
		<-called
		giveUp()
	}()
	_, err := sendRaw(impatient, "POST", c.BaseURL+"/users/"+id+"/car7556/eligibility", noBody, byToken(token))
	if !errors.Is(err, context.Canceled) || len(listOf(t, c, "/checks")) != 1 {
		t.Errorf("the client gave up with %v, and there are %d checks", err, len(listOf(t, c, "/checks")))
	}
}

// Each operation can fail with each status, and then does nothing.
func TestAFaultWithAStatusDoesNothing(t *testing.T) {
	t.Parallel()
	for _, status := range scenarios.Statuses() {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			c := clinicWithFaults(t, `[]`)
			id, token := patient(t, c, "pat", "123")
			before := get(t, c.BaseURL+"/users/"+id, byToken(token))
			setFaults(t, c, fmt.Sprintf(`[{"status": %d}]`, status))
			for _, r := range []reply{
				post(t, c.BaseURL+"/users/sso", multipartBody(edward), byKey(c)),
				post(t, c.BaseURL+"/users/"+id+"/car7556/eligibility", noBody, byToken(token)),
				post(t, c.BaseURL+"/me", jsonBody(`{"city": "Elsewhere"}`), byToken(token)),
				get(t, c.BaseURL+"/me", byToken(token)),
				get(t, c.BaseURL+"/users/"+id, byToken(c.AdminToken)),
				get(t, c.BaseURL+"/insurances", byToken(token)),
			} {
				if message := r.message(t, status); message != "this request fails on purpose: a fault is set for it" {
					t.Errorf("message = %q", message)
				}
			}
			c.Control(t, http.MethodDelete, "/faults", nil, nil)
			after := get(t, c.BaseURL+"/users/"+id, byToken(token))
			if diff := cmp.Diff(string(before.body), string(after.body)); diff != "" {
				t.Errorf("the user (-before +after):\n%s", diff)
			}
			if users, checks := len(listOf(t, c, "/users")), len(listOf(t, c, "/checks")); users != 2 || checks != 0 {
				t.Errorf("there are %d users and %d checks", users, checks)
			}
		})
	}
}

// A fault counts the requests with a known caller, including those VSee refuses, and no others.
func TestAFaultCountsOnlyItsRequests(t *testing.T) {
	t.Parallel()
	c := clinicWithFaults(t, `[{"operation": "getUser", "from": 3, "times": 1, "status": 503}, {"operation": "signOn", `+
		`"from": 2, "status": 502}]`)
	read := func(id, token string) int { return get(t, c.BaseURL+"/users/"+id, byToken(token)).status }
	var got []int
	for _, one := range [][2]string{{"-", "unknown"}, {"-", c.AdminToken}, {"0", c.AdminToken}, {"-", c.AdminToken},
		{"-", c.AdminToken}} {
		got = append(got, read(one[0], one[1]), get(t, c.BaseURL+"/me", byToken(c.AdminToken)).status)
	}
	if diff := cmp.Diff([]int{401, 200, 200, 200, 404, 200, 503, 200, 200, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	wrong := func() int { return post(t, c.BaseURL+"/users/sso", jsonBody(`{"first_name": 5,`), byKey(c)).status }
	if first, second := wrong(), wrong(); first != 400 || second != 502 {
		t.Errorf("a body that is not well-formed is answered %d, then %d", first, second)
	}
}

// The same seed gives faults to the same requests.
func TestFaultsByChanceCanBeRepeated(t *testing.T) {
	t.Parallel()
	run := func(c *mocktest.Clinic) string {
		var seen strings.Builder
		for range 60 {
			_, _ = fmt.Fprint(&seen, get(t, c.BaseURL+"/me", byToken(c.AdminToken)).status, " ")
		}
		return seen.String()
	}
	const faults = `[{"probability": 0.3, "status": 503}]`
	c := clinicWithFaults(t, faults)
	first, other := run(c), run(clinicWithFaults(t, faults))
	if first != other || !strings.Contains(first, "503") || !strings.Contains(first, "200") {
		t.Errorf("the same seed gives\n%s and\n%s", first, other)
	}
	c.Control(t, http.MethodPost, "/reset", nil, nil)
	if again := run(c); again != first {
		t.Errorf("a clinic that was reset gives\n%s, and before\n%s", again, first)
	}
}

// A mock used as a handler, without a connection, ends a reset request as Go's handlers do.
func TestAResetWithoutAConnectionAborts(t *testing.T) {
	t.Parallel()
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "PUT", "http://localhost/_mock/clinics/vclinic/faults",
		strings.NewReader(`[{"reset": true}]`)))
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/api_v3/me", nil)
	r.Header.Set("X-ApiToken", "vclinic_api_token")
	defer func() {
		if p, _ := recover().(error); !errors.Is(p, http.ErrAbortHandler) {
			t.Errorf("the handler panics with %v", p)
		}
	}()
	server.ServeHTTP(httptest.NewRecorder(), r)
}

// A clinic's faults apply to its public account too, and not to another clinic's. The portal's page is no operation
// of the API, so no fault applies to it.
func TestFaultsApplyToGetAccount(t *testing.T) {
	t.Parallel()
	for fault, want := range map[string]string{
		`{"operation": "getAccount", "status": 503, "retry_after": "7s"}`: "503 after 7 s",
		`{"operation": "getAccount", "status": 404}`:                      "404",
		`{"operation": "getAccount", "reset": true}`:                      "reset",
		`{"operation": "getAccount", "truncated": true}`:                  "200 cut",
		`{"operation": "getAccount", "malformed": true}`:                  "200 application/json not JSON",
		`{"operation": "getAccount", "html": true}`:                       "200 text/html; charset=UTF-8 not JSON",
		`{"operation": "getAccount", "status": 500, "from": 2}`:           "200",
		`{"operation": "getMe", "status": 500}`:                           "200",
		`{"status": 502}`:                                                 "502",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			c := clinicWithFaults(t, "["+fault+"]")
			if got := describeReply(sendRaw(t.Context(), "GET", c.BaseURL+"/accounts/faulty", noBody)); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if got := describeReply(sendRaw(t.Context(), "GET", c.BaseURL+"/accounts/vclinic", noBody)); got != "200" {
				t.Errorf("another clinic: %s", got)
			}
			page, err := sendRaw(t.Context(), "GET", strings.TrimSuffix(c.BaseURL, "/api_v3")+"/auth?sso_token=x", noBody)
			if err != nil || page.status != 401 {
				t.Errorf("the portal: %d, %v", page.status, err)
			}
		})
	}
}

// Replies share their bodies and headers: a fault changes neither for the replies after it.
func TestAFaultDoesNotChangeTheRepliesAfterIt(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{`"malformed": true`, `"truncated": true`, `"html": true`, `"latency": "1ms"`} {
		c := clinicWithFaults(t, `[{"operation": "listInsurers", "from": 2, "times": 1, `+fault+`}]`)
		list := func() reply {
			got, err := sendRaw(t.Context(), http.MethodGet, c.BaseURL+"/insurances", noBody, byToken(c.AdminToken))
			for _, name := range []string{"Date", "X-Request-Id"} {
				got.header.Del(name)
			}
			if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatal(err)
			}
			return got
		}
		first, faulty, after := list(), list(), list()
		if faulty.header.Get("X-Mock-Fault") == "" {
			t.Errorf("%s: the second reply has no fault", fault)
		}
		if diff := cmp.Diff(first.header, after.header); diff != "" || string(first.body) != string(after.body) {
			t.Errorf("%s: the third reply is %s; headers (-first +third):\n%s", fault, after.body, diff)
		}
	}
}
