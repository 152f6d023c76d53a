package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// logbook is a log a test can read.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// lines returns the lines, decoded from JSON, without their times.
func (l *logbook) lines(t *testing.T) []map[string]any {
	t.Helper()
	var lines []map[string]any
	for text := range strings.Lines(l.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%s: %s", text, err)
		}
		lines = append(lines, line)
	}
	return lines
}

// last returns the newest line, without its times.
func (l *logbook) last(t *testing.T) map[string]any {
	t.Helper()
	lines := l.lines(t)
	if len(lines) == 0 {
		t.Fatal("the log is empty")
	}
	line := lines[len(lines)-1]
	if took, ok := line["took_ms"].(float64); (!ok || took < 0) && line["msg"] != "OPTIONS a preflight" {
		t.Errorf("took_ms is %v", line["took_ms"])
	}
	delete(line, "time")
	delete(line, "took_ms")
	return line
}

func startLogged(t *testing.T, change ...func(*mockserver.Options)) (*mocktest.Mock, *logbook) {
	t.Helper()
	book := &logbook{}
	return mocktest.Start(t, append(change, func(o *mockserver.Options) {
		o.Log = slog.New(slog.NewJSONHandler(book, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})...), book
}

// A request's line has the status and, for a refusal, the reason: at a level of its own.
func TestALineSaysWhyARequestWasRefused(t *testing.T) {
	t.Parallel()
	mock, book := startLogged(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "log"})
	id := with("X-Request-Id", "abc")
	setFaults(t, c, `[{"operation": "getMe", "times": 1, "status": 503}, {"operation": "getMe", "from": 2, "times": 1, `+
		`"status": 404}]`)
	for _, tc := range []struct {
		send func() reply
		want map[string]any
	}{
		{func() reply { return get(t, c.BaseURL+"/insurances/", byToken(c.AdminToken), id) }, map[string]any{
			"level": "INFO", "msg": "GET /insurances/", "status": 200.0, "operation": "listInsurers", "clinic": "log"}},
		{func() reply {
			return post(t, c.BaseURL+"/users/sso", jsonBody(`{"first_name": "Secret Name"}`), byKey(c), id)
		}, map[string]any{
			"level": "WARN", "msg": "POST /users/sso", "status": 400.0, "operation": "signOn", "clinic": "log",
			"message": "last_name is required"}},
		{func() reply { return get(t, c.BaseURL+"/me", byToken("nobody's"), id) }, map[string]any{
			"level": "WARN", "msg": "GET /me.json", "status": 401.0, "operation": "getMe",
			"message": "X-ApiToken is not known"}},
		{func() reply { return send(t, http.MethodDelete, c.BaseURL+"/users/132407", noBody, id) }, map[string]any{
			"level": "WARN", "msg": "DELETE /users/{id}", "status": 405.0, "message": "this path takes GET"}},
		{func() reply { return get(t, c.BaseURL+"/secret/path?token=secret", id) }, map[string]any{
			"level": "WARN", "msg": "GET (no operation)", "status": 404.0, "message": "Sorry, this page is not available."}},
		{func() reply { return get(t, c.BaseURL+"/user/secret", id) }, map[string]any{
			"level": "WARN", "msg": "GET (no operation)", "status": 404.0, "message": "Sorry, this page is not available.",
			"warnings": []any{"openapi.yaml has no such path: did you mean /users/{id}?"}}},
		{func() reply { return get(t, mock.URL+"/secret", id) }, map[string]any{
			"level": "WARN", "msg": "GET (no operation)", "status": 404.0, "message": "Sorry, this page is not available.",
			"warnings": []any{"paths of the API start with /api_v3; a browser shows the mock at /_mock/page"}}},
		{func() reply { return get(t, c.BaseURL+"/me", byToken(c.AdminToken), id) }, map[string]any{
			"level": "ERROR", "msg": "GET /me.json", "status": 503.0, "operation": "getMe", "clinic": "log", "fault": "status",
			"message": "this request fails on purpose: a fault is set for it"}},
		{func() reply { return get(t, c.BaseURL+"/me", byToken(c.AdminToken), id) }, map[string]any{
			"level": "WARN", "msg": "GET /me.json", "status": 404.0, "operation": "getMe", "clinic": "log", "fault": "status",
			"message": "this request fails on purpose: a fault is set for it"}},
		{func() reply { return send(t, "SECRET", c.BaseURL+"/me", noBody, id) }, map[string]any{
			"level": "WARN", "msg": "(no method) /me.json", "status": 405.0, "message": "this path takes GET, POST"}},
		{func() reply { return preflight(t, c.BaseURL+"/me", "https://secret.example", id) }, map[string]any{
			"level": "WARN", "msg": "OPTIONS a preflight", "status": 403.0,
			"message": "pages of this origin may not use the API: start the mock with --cors-origin and the origin, as in " +
				"--cors-origin https://app.example.com"}},
		{func() reply { return preflight(t, c.BaseURL+"/me", browserApp, id) }, map[string]any{
			"level": "DEBUG", "msg": "OPTIONS a preflight", "status": 204.0}},
	} {
		tc.send()
		tc.want["request_id"] = "abc"
		if diff := cmp.Diff(tc.want, book.last(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.want["msg"], diff)
		}
	}
	if text := book.String(); strings.Contains(strings.ToLower(text), "secret") || strings.Contains(text, "132407") {
		t.Errorf("the log has what was sent:\n%s", text)
	}
}

func TestTheControlAPIAndThePortalSayWhyToo(t *testing.T) {
	t.Parallel()
	mock, book := startLogged(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "log"})
	_, token := patient(t, c, "pat", "123")
	id := with("X-Request-Id", "abc")
	for _, tc := range []struct {
		send func() reply
		want map[string]any
	}{
		{func() reply { return get(t, mock.URL+"/_mock/clinics/log/clock", id) }, map[string]any{
			"level": "DEBUG", "msg": "GET /_mock/clinics/{account}/clock", "status": 200.0, "operation": "getClock",
			"clinic": "log"}},
		{func() reply { return send(t, http.MethodDelete, mock.URL+"/_mock/clinics/log/faults", noBody, id) }, map[string]any{
			"level": "DEBUG", "msg": "DELETE /_mock/clinics/{account}/faults", "operation": "deleteFaults", "clinic": "log"}},
		{func() reply {
			return post(t, mock.URL+"/_mock/clinics/log/clock", jsonBody(`{"advance": "secret"}`), id)
		}, map[string]any{
			"level": "WARN", "msg": "POST /_mock/clinics/{account}/clock", "status": 400.0, "operation": "moveClock",
			"clinic": "log"}},
		{func() reply { return get(t, mock.URL+"/_mock/clinics/secret/clock?secret", id) }, map[string]any{
			"level": "WARN", "msg": "GET /_mock/clinics/{account}/clock", "status": 404.0, "operation": "getClock",
			"message": "there is no clinic with this account code: GET /_mock/clinics lists them"}},
		{func() reply { return get(t, mock.URL+"/_mock/secret", id) }, map[string]any{
			"level": "WARN", "msg": "GET (no operation)", "status": 404.0,
			"message": "there is no such path: GET /_mock/openapi.yaml lists them all, and a browser shows the " +
				"mock at /_mock/page"}},
		{func() reply { return get(t, mock.URL+"/auth?sso_token=secret&next=/secret", id) }, map[string]any{
			"level": "WARN", "msg": "GET a page of the portal", "status": 401.0,
			"message": "sso_token is not known to this mock: it is data.token.token of a sign-on's reply"}},
		{func() reply { return get(t, mock.URL+"/vc/dev/auth?mock=page&sso_token="+token, id) }, map[string]any{
			"level": "INFO", "msg": "GET a page of the portal", "status": 200.0, "clinic": "log"}},
	} {
		r := tc.send()
		got := book.last(t)
		if tc.want["message"] == nil && r.status >= 400 {
			tc.want["message"] = got["message"]
			if text, _ := got["message"].(string); text == "" {
				t.Errorf("%s: no message", tc.want["msg"])
			}
		}
		tc.want["request_id"], tc.want["status"] = "abc", float64(r.status)
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if back := r.header.Get("X-Request-Id"); back != "abc" {
			t.Errorf("%s: the reply has the id %q", tc.want["msg"], back)
		}
	}
	if text := book.String(); strings.Contains(text, "secret") || strings.Contains(text, token) {
		t.Errorf("the log has what was sent:\n%s", text)
	}
}

// No attribute holds a time span as text or in nanoseconds: the name of each span ends in _ms.
func TestDurationsInTheLogAreMilliseconds(t *testing.T) {
	t.Parallel()
	receiver := mocktest.NewReceiver(t, nil)
	mock, book := startLogged(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "log", Webhook: clinic.Webhook{URL: receiver.URL}})
	id, token := patient(t, c, "pat", "123")
	start(t, c, id, token)
	c.Advance(t, clinic.DefaultCronDelay)
	spans := 0
	for _, line := range book.lines(t) {
		for name, value := range line {
			if strings.HasSuffix(name, "_ms") {
				spans++
				if _, ok := value.(float64); !ok {
					t.Errorf("%s is %v", name, value)
				}
			} else if strings.Contains(name, "took") || strings.Contains(name, "duration") {
				t.Errorf("%s is %v, without its unit", name, value)
			}
		}
	}
	if spans < 4 { // a sign-on, a start, a delivery and the move of the clock
		t.Errorf("the log has %d time spans:\n%s", spans, book)
	}
}

func TestARequestIDIsAcceptedOrGeneratedAndReturned(t *testing.T) {
	t.Parallel()
	mock, book := startLogged(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "ids"})
	admin := byToken(c.AdminToken)
	long := strings.Repeat("x", 128)
	for _, sent := range []string{"", "a", "4bf92f3577b34da6a3ce929d0e0e4736", long, long + "x", "two words", "é"} {
		r := get(t, c.BaseURL+"/me", admin, with("X-Request-Id", sent))
		id := r.header.Get("X-Request-Id")
		fit := sent != "" && len(sent) <= 128 && sent != "two words" && sent != "é"
		if fit && id != sent || !fit && (len(id) != 32 || id == sent) {
			t.Errorf("%q comes back as %q", sent, id)
		}
		if row := listOf(t, c, "/journal")[0]; row["request_id"] != id {
			t.Errorf("the journal has %v, want %s", row["request_id"], id)
		}
		found := false
		for _, line := range book.lines(t) {
			found = found || line["msg"] == "GET /me.json" && line["request_id"] == id
		}
		if !found {
			t.Errorf("the log has no line of %s:\n%s", id, book)
		}
	}
}

func TestEachReplyHasARequestID(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "ids"})
	setFaults(t, c, `[{"operation": "getMe", "times": 1, "status": 500}, {"operation": "getMe", "from": 2, "times": 1, `+
		`"malformed": true}, {"operation": "getMe", "from": 3, "html": true}]`)
	seen := map[string]string{}
	for i, address := range []string{
		c.BaseURL + "/me", c.BaseURL + "/me", c.BaseURL + "/me", c.BaseURL + "/users/0", c.BaseURL + "/nothing",
		c.BaseURL + "/users/sso",
		mock.URL + "/", mock.URL + "/auth", mock.URL + "/_mock/livez", mock.URL + "/_mock/nothing",
		mock.URL + "/_mock/openapi.yaml", mock.URL + "/_mock/clinics/ids/checks",
	} {
		r := get(t, address, byToken(c.AdminToken))
		id, what := r.header.Get("X-Request-Id"), fmt.Sprint(i, " ", address)
		if other, taken := seen[id]; id == "" || taken {
			t.Errorf("%s has the id %q, which %q has as well", what, id, other)
		}
		seen[id] = what
	}
	if id := preflight(t, c.BaseURL+"/me", browserApp).header.Get("X-Request-Id"); id == "" || seen[id] != "" {
		t.Errorf("a preflight has the id %q", id)
	}
}

// With the same seed the same calls have the same ids, whatever other clinics do, and again after a reset.
func TestMadeRequestIDsFollowFromTheSeed(t *testing.T) {
	t.Parallel()
	ids := func(c *mocktest.Clinic, others func()) []string {
		var found []string
		for range 3 {
			others()
			found = append(found, get(t, c.BaseURL+"/me", byToken(c.AdminToken)).header.Get("X-Request-Id"))
		}
		return found
	}
	first, second := mocktest.Start(t), mocktest.Start(t)
	a := first.NewClinic(t, clinic.Settings{AccountCode: "ids", Seed: 7})
	b := second.NewClinic(t, clinic.Settings{AccountCode: "ids", Seed: 7})
	other := second.NewClinic(t, clinic.Settings{AccountCode: "other", Seed: 8})
	want := ids(a, func() {})
	busy := func() {
		get(t, other.BaseURL+"/me", byToken(other.AdminToken))
		get(t, second.URL+"/api_v3/nothing")
		b.Control(t, http.MethodGet, "/clock", nil, nil)
	}
	if diff := cmp.Diff(want, ids(b, busy)); diff != "" {
		t.Errorf("another mock (-want +got):\n%s", diff)
	}
	a.Control(t, http.MethodPost, "/reset", nil, nil)
	if diff := cmp.Diff(want, ids(a, func() {})); diff != "" {
		t.Errorf("after a reset (-want +got):\n%s", diff)
	}
	if want[0] == want[1] || want[1] == want[2] {
		t.Errorf("the ids are %v", want)
	}
	if id := get(t, other.BaseURL+"/me", byToken(other.AdminToken)).header.Get("X-Request-Id"); id == want[0] {
		t.Error("another seed makes the same ids")
	}
}

// An id sent by a caller does not use up a generated one.
func TestASentRequestIDChangesNoOther(t *testing.T) {
	t.Parallel()
	ids := func(sent ...string) (last string) {
		c := mocktest.Start(t).NewClinic(t, clinic.Settings{AccountCode: "ids", Seed: 7})
		for _, id := range sent {
			last = get(t, c.BaseURL+"/me", byToken(c.AdminToken), with("X-Request-Id", id)).header.Get("X-Request-Id")
		}
		return last
	}
	if a, b := ids("", ""), ids("", "mine", ""); a != b {
		t.Errorf("%s and %s", a, b)
	}
}
