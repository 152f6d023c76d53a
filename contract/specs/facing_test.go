package specs_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/contract/specs"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// stranger is a target other than a mock, as far as the suite can tell: a server in front of a mock, without a
// control API. A check there ends after its user has been read some times, so that the suite has to wait as it must
// elsewhere.
type stranger struct {
	clinic *mocktest.Clinic
	server *httptest.Server
	lie    func(body []byte) []byte // changes each reply; nil for no change
	look   atomic.Value             // func(*http.Request) int: sees each request, and may answer it with a status
	// readings is how often a user is read by id before their check ends.
	readings int
	move     func() error // moves the clock past the delay of every check

	mu    sync.Mutex
	asked map[string]int // how often a user with a started check was read by id
}

func newStranger(t *testing.T, webhook string, lie func([]byte) []byte) *stranger {
	t.Helper()
	mock := mocktest.Start(t)
	s := &stranger{lie: lie, readings: 3, asked: map[string]int{}}
	s.clinic = mock.NewClinic(t, clinic.Settings{AccountCode: "stranger", Webhook: clinic.Webhook{URL: webhook}})
	s.move = func() error {
		//nolint:noctx // ends with the test
		reply, err := mocktest.Client().Post(mock.URL+"/_mock/clinics/stranger/clock", "application/json",
			strings.NewReader(`{"advance": "1m"}`))
		if err != nil {
			return err
		}
		return reply.Body.Close()
	}
	behind := http.Handler(mock.Server)
	if lie != nil {
		target, err := url.Parse(mock.URL)
		if err != nil {
			t.Fatal(err)
		}
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.Transport = mocktest.Client().Transport
		proxy.ModifyResponse = s.change
		behind = proxy
	}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if look, ok := s.look.Load().(func(*http.Request) int); ok {
			if status := look(r); status != 0 {
				w.WriteHeader(status)
				return
			}
		}
		behind.ServeHTTP(w, r)
		if s.wasAsked(r) {
			if err := s.move(); err != nil {
				t.Error(err)
			}
		}
	}))
	t.Cleanup(s.server.Close)
	return s
}

// wasAsked reports whether a request is the last one before a check ends.
func (s *stranger) wasAsked(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api_v3/users/"), "/")
	asked, started := s.asked[parts[0]]
	switch {
	case r.Method == http.MethodPost && len(parts) == 3:
		s.asked[parts[0]] = 0
	case r.Method == http.MethodGet && len(parts) == 1 && started:
		s.asked[parts[0]] = asked + 1
		return asked+1 == s.readings
	}
	return false
}

func (s *stranger) change(r *http.Response) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	body = s.lie(body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", fmt.Sprint(len(body)))
	return nil
}

// face runs the requirements of a pattern of ids against the stranger.
func (s *stranger) face(t *testing.T, pattern string, change ...func(*config.Config)) result.Run {
	t.Helper()
	c := config.Config{
		BaseURL: s.server.URL + "/api_v3", AccountCode: s.clinic.AccountCode, Key: s.clinic.Key, Secret: s.clinic.Secret,
		AdminToken: s.clinic.AdminToken, Wait: 6 * time.Second, AllowMutating: true, Rate: 10000, Version: "dev",
	}
	for _, f := range change {
		f(&c)
	}
	published, err := specs.Published()
	if err != nil {
		t.Fatal(err)
	}
	run, err := engine.Run(t.Context(), engine.Options{
		Config: c, Published: published,
		Requirements: slices.DeleteFunc(all(t), func(r engine.Requirement) bool {
			is, _ := path.Match(pattern, r.ID)
			return !is && !strings.HasPrefix(r.ID, "SHAPE-")
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// With a base URL and credentials, the suite tests any server. It waits where it cannot move a clock, and gives a
// reason for each requirement that is not testable.
func TestTheSuiteFacesAnyBaseURL(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves whole runs out")
	}
	run := newStranger(t, "", nil).face(t, "*")
	if run.ExitCode() != result.ExitFine || run.Broken != "" {
		t.Errorf("%d, %q, %+v", run.ExitCode(), run.Broken, run.Causes)
	}
	reasons := map[string]bool{}
	for _, r := range run.Requirements {
		reasons[r.Reason] = true
		if r.State != result.Passed && r.State != result.NotTestable || r.State == result.NotTestable && r.Reason == "" {
			t.Errorf("%+v", r)
		}
	}
	for _, want := range []string{
		"VSee says nothing about this; vsee-mock decided it",
		"only a mock's clock can be moved: set VSEE_CONTROL_URL if the target is one",
	} {
		if !reasons[want] {
			t.Errorf("%q is not a reason", want)
		}
	}
	if tally := run.Tally(); tally[result.Passed] < 50 || run.Target.Mock || run.Target.Name != "127.0.0.1" ||
		run.Document == "" || len(run.ID) != 8 {
		t.Errorf("%v, %+v", tally, run.Target)
	}
}

// Nothing is written to a shared target without permission.
func TestASharedTargetIsOnlyRead(t *testing.T) {
	t.Parallel()
	var wrote atomic.Bool
	s := newStranger(t, "", nil)
	s.look.Store(func(r *http.Request) int {
		if r.Method != http.MethodGet {
			wrote.Store(true)
		}
		if agent := r.Header.Get("User-Agent"); !strings.HasPrefix(agent, "vsee-contract/dev run/") {
			t.Errorf("it calls itself %q", agent)
		}
		return 0
	})
	run := s.face(t, "*", func(c *config.Config) { c.AllowMutating = false })
	if tally := run.Tally(); wrote.Load() || tally[result.Passed] == 0 || tally[result.Failed] != 0 ||
		run.ExitCode() != result.ExitFine {
		t.Errorf("written: %t; %v, %q", wrote.Load(), tally, run.Broken)
	}
	for _, r := range run.Requirements {
		if r.State == result.Passed && r.Effect != "safe" {
			t.Errorf("%+v", r)
		}
	}
}

// Visits are booked on a shared target with permission alone. Their patients get no e-mail, and each visit is ended and
// named.
func TestVisitsOnASharedTargetAreEndedAndNamed(t *testing.T) {
	t.Parallel()
	for _, allowed := range []bool{false, true} {
		s := newStranger(t, "", nil)
		var booked atomic.Int64
		s.look.Store(func(r *http.Request) int {
			body, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if err != nil || bytes.Contains(body, []byte("first_name")) && !bytes.Contains(body, []byte("disable_emails")) {
				t.Errorf("a sign-on without disable_emails: %v", err)
			}
			made := []string{"/visits", "/appointments", "/visits/add_walkin", "/visits/add_econsult"}
			if r.Method == http.MethodPost && slices.Contains(made, strings.TrimPrefix(r.URL.Path, "/api_v3")) {
				booked.Add(1)
			}
			return 0
		})
		run := s.face(t, "VISIT-*", func(c *config.Config) { c.AllowVisits = allowed })
		if run.ExitCode() != result.ExitFine && allowed || (run.Tally()[result.Passed] > 15) != allowed ||
			(booked.Load() > 0) != allowed || int(booked.Load()) != len(run.Left) {
			t.Errorf("allowed: %t; %d are booked, left: %v; %v, %+v", allowed, booked.Load(), run.Left, run.Tally(), run.Causes)
		}
		for _, left := range run.Left {
			if !strings.HasSuffix(left, " (cancelled)") && !strings.HasSuffix(left, " (ended)") {
				t.Errorf("left: %s", left)
			}
		}
		var page struct{ Data []struct{ Status int } }
		s.clinic.Control(t, http.MethodGet, "/visits?limit=1000", nil, &page)
		if len(page.Data) != int(booked.Load()) {
			t.Errorf("the clinic has %d visits, want %d", len(page.Data), booked.Load())
		}
		for _, one := range page.Data {
			if one.Status < 30 {
				t.Errorf("a visit has the status %d", one.Status)
			}
		}
	}
}

// With the token of an existing member, its replies are read, too, and still nothing is written.
func TestAnExistingMemberIsRead(t *testing.T) {
	t.Parallel()
	s := newStranger(t, "", nil)
	made := signOnAt(t, s)
	s.look.Store(func(r *http.Request) int {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		return 0
	})
	member := func(token string) func(*config.Config) {
		return func(c *config.Config) { c.AllowMutating, c.MemberToken = false, token }
	}
	run := s.face(t, "*", member(made))
	passed := map[string]bool{}
	for _, r := range run.Requirements {
		passed[r.ID] = r.State == result.Passed
	}
	if run.ExitCode() != result.ExitFine || !passed["MEM-001"] || !passed["MEM-002"] || !passed["PATH-002"] {
		t.Errorf("%+v, %v", run.Causes, run.Tally())
	}
	for _, operation := range []string{"getMe", "getUser", "listCards"} {
		if !slices.Contains(run.Seen.Operations, operation) {
			t.Errorf("%s is not seen", operation)
		}
	}
	run = s.face(t, "MEM-001", member(made), func(c *config.Config) { c.Synthetic = "^robot-" })
	for _, r := range run.Requirements {
		if r.ID == "MEM-001" && !strings.Contains(r.Reason, "has a code that does not match VSEE_SYNTHETIC") {
			t.Errorf("a code that is not synthetic: %s %q", r.State, r.Reason)
		}
	}
}

// signOnAt signs a patient on at the mock of a stranger, and returns the token.
func signOnAt(t *testing.T, s *stranger) string {
	t.Helper()
	form := url.Values{"type": {"200"}, "code": {"contract-member"}, "first_name": {"Contract"}, "last_name": {"Member"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.clinic.BaseURL+"/users/sso",
		strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range map[string]string{
		engine.AccountHeader: s.clinic.AccountCode, engine.KeyHeader: s.clinic.Key, engine.SecretHeader: s.clinic.Secret,
	} {
		r.Header.Set(name, value)
	}
	reply, err := mocktest.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var made struct {
		Data struct{ Token struct{ Token string } }
	}
	if err := json.NewDecoder(reply.Body).Decode(&made); err != nil || made.Data.Token.Token == "" {
		t.Fatalf("signing on: %v", err)
	}
	return made.Data.Token.Token
}

// A failing target gets no further requests, and the run has not passed.
func TestARunStopsWhenTheTargetCannotCope(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	s := newStranger(t, "", nil)
	s.look.Store(func(*http.Request) int {
		if asked.Add(1) > 3 {
			return http.StatusServiceUnavailable
		}
		return 0
	})
	run := s.face(t, "*")
	if asked.Load() > 9 || run.ExitCode() != result.ExitTarget ||
		!strings.Contains(run.Broken, "the target has answered 429, 5xx or nothing too often in a row") {
		t.Errorf("asked %d times: %d, %q", asked.Load(), run.ExitCode(), run.Broken)
	}
}

// With a receiver at the URL of the clinic's webhook, events are tested there too.
func TestTheSuiteReceivesEventsOfAnyTarget(t *testing.T) {
	t.Parallel()
	listener := httptest.NewServer(http.NotFoundHandler())
	address := listener.Listener.Addr().String() // free again after Close
	listener.Close()
	s := newStranger(t, "http://"+address+"/vsee", nil)
	s.readings = 1 // the next requests are the events
	run := s.face(t, "HOOK-*", func(c *config.Config) {
		c.ReceiverListen, c.WebhookSecret = address,
			s.clinic.Webhook.Secret
	})
	passed := 0
	for _, r := range run.Requirements {
		if strings.HasPrefix(r.ID, "HOOK-") && r.State == result.Passed {
			passed++
		}
	}
	if run.ExitCode() != result.ExitFine || passed < 3 {
		t.Errorf("%d passed, %q, %+v", passed, run.Broken, run.Causes)
	}
}

// A change of every reply is few causes, and none has a value of the target.
func TestTheSuiteFindsALieOut(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		before, after string
		want          string // the key of each cause without its operation
	}{
		"a number for an id": {`"id":"`, `"id":1,"was":"`, "type /data/id string number"},
		"a field is missing": {`"full_name":"Contract-0 Patient",`, ``, "missing /data/full_name present absent"},
		"a name is a number": {`"full_name":"Contract-0 Patient"`, `"full_name":5551234`,
			"type /data/full_name string number"},
		"a code with success": {`{"data":{"id"`, `{"code":200,"data":{"id"`, "undeclared /code absent present"},
		"text after the JSON": {"}\n", "}<b>5551234</b>", "media-type  JSON text after the JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStranger(t, "", func(body []byte) []byte {
				return bytes.ReplaceAll(body, []byte(tc.before),
					[]byte(tc.after))
			})
			run := s.face(t, "USER-00[12]")
			found := false
			for _, c := range run.Causes {
				found = found || strings.Join([]string{string(c.Kind), c.Pointer, c.Expected, c.Got}, " ") == tc.want
				if strings.Contains(fmt.Sprintf("%+v %+v", c, c.Exchange), "5551234") {
					t.Errorf("a value: %+v", c)
				}
			}
			if !found || len(run.Causes) > 4 {
				t.Errorf("want %s, got %+v", tc.want, run.Causes)
			}
		})
	}
}
