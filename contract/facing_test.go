package contract_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/contract"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// stranger is a target other than a mock, as far as the suite can tell: a server in front of a mock, without a
// control API. A check there ends after its result has been read once, so that the suite has to wait as it must
// elsewhere.
type stranger struct {
	clinic *mocktest.Clinic
	server *httptest.Server
	lie    func(body []byte) []byte // changes each reply
	look   atomic.Value             // func(*http.Request) int: sees each request, and may answer it with a status
	move   func() error             // moves the clock past the delay of every check

	mu    sync.Mutex
	asked map[string]bool // false for a user with a started check, true after the result was read
}

func newStranger(t *testing.T, webhook string, lie func([]byte) []byte) *stranger {
	t.Helper()
	mock := mocktest.Start(t)
	s := &stranger{lie: lie, asked: map[string]bool{}}
	s.clinic = mock.NewClinic(t, clinic.Settings{AccountCode: "stranger", Webhook: clinic.Webhook{URL: webhook}})
	s.move = func() error {
		reply, err := mocktest.Client().Post(mock.URL+"/_mock/clinics/stranger/clock", "application/json", strings.NewReader(`{"advance": "1m"}`)) //nolint:noctx // ends with the test
		if err != nil {
			return err
		}
		return reply.Body.Close()
	}
	target, err := url.Parse(mock.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = mocktest.Client().Transport
	proxy.ModifyResponse = s.change
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if look, ok := s.look.Load().(func(*http.Request) int); ok {
			if status := look(r); status != 0 {
				w.WriteHeader(status)
				return
			}
		}
		proxy.ServeHTTP(w, r)
		if s.wasAsked(r) {
			if err := s.move(); err != nil {
				t.Error(err)
			}
		}
	}))
	t.Cleanup(s.server.Close)
	return s
}

// wasAsked reports whether a request asks for the result of a check for the first time.
func (s *stranger) wasAsked(r *http.Request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api_v3/users/"), "/")
	asked, started := s.asked[parts[0]]
	switch {
	case r.Method == http.MethodPost && len(parts) == 3:
		s.asked[parts[0]] = false
	case r.Method == http.MethodGet && len(parts) == 1 && started && !asked:
		s.asked[parts[0]] = true
		return true
	}
	return false
}

func (s *stranger) change(r *http.Response) error {
	if s.lie == nil {
		return nil
	}
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

// face runs the suite against the stranger as CI would, in a process of its own, and returns its outcome and output.
func (s *stranger) face(t *testing.T, env ...string) (passed bool, out string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestContract$", "-ginkgo.no-color", "-ginkgo.v")
	cmd.Env = append(append(os.Environ(), s.env()...), env...)
	text, err := cmd.CombinedOutput()
	return err == nil, string(text)
}

// env returns the environment variables that configure the suite for the stranger.
func (s *stranger) env() []string {
	return []string{
		contract.EnvBaseURL + "=" + s.server.URL + "/api_v3",
		contract.EnvAccountCode + "=" + s.clinic.AccountCode,
		contract.EnvKey + "=" + s.clinic.Key,
		contract.EnvSecret + "=" + s.clinic.Secret,
		contract.EnvAdminToken + "=" + s.clinic.AdminToken,
		contract.EnvWait + "=6s",
		contract.EnvAllowMutating + "=true",
		contract.EnvRate + "=10000",
	}
}

// With a base URL and credentials in the environment, the suite tests any server. It waits where it cannot move a
// clock, and gives a reason for each skipped requirement.
func TestTheSuiteFacesAnyBaseURL(t *testing.T) {
	t.Parallel()
	s := newStranger(t, "", nil)
	passed, out := s.face(t)
	if !passed {
		t.Fatalf("it fails:\n%s", out)
	}
	for _, want := range []string{
		"VSee says nothing about this; vsee-mock decided it",
		"only a mock's clock can be moved: set VSEE_CONTROL_URL if the target is one",
		"there is no receiver for the clinic's events: set VSEE_WEBHOOK_LISTEN",
		"only a mock can be told to tell this story: the file names no preview patient",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(out, " 0 Skipped") || strings.Contains(out, "Ran 0 of") {
		t.Errorf("it skips nothing, or everything:\n%s", out[len(out)-400:])
	}
}

// results runs the suite against the stranger and returns its results.
func (s *stranger) results(t *testing.T, env ...string) (run result.Run, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "results.json")
	_, out := s.face(t, append(env, "VSEE_JSON="+file)...)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := json.Unmarshal(data, &run); err != nil {
		t.Fatal(err)
	}
	return run, string(data)
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
	run, _ := s.results(t, contract.EnvAllowMutating+"=false")
	tally := run.Tally()
	if wrote.Load() || tally[result.Passed] != 51 || tally[result.Failed] != 0 || run.ExitCode() != result.ExitFine || run.Broken != "" {
		t.Errorf("written: %t; %v, %q", wrote.Load(), tally, run.Broken)
	}
	for _, r := range run.Requirements {
		if r.State == result.Passed && r.Effect != "safe" || r.State == result.NotTestable && r.Reason == "" {
			t.Errorf("%+v", r)
		}
	}
	if run.Target.Mock || run.Target.Name != "127.0.0.1" || run.Document == "" || len(run.ID) != 8 {
		t.Errorf("%+v", run)
	}
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
	run, _ := s.results(t)
	if asked.Load() > 8 || run.ExitCode() != result.ExitTarget || !strings.Contains(run.Broken, "the target has answered 429, 5xx or nothing too often in a row") {
		t.Errorf("asked %d times: %d, %q", asked.Load(), run.ExitCode(), run.Broken)
	}
}

// A run stays within its number and its rate of requests.
func TestARunKeepsToItsBudget(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []time.Time
	s := newStranger(t, "", nil)
	s.look.Store(func(*http.Request) int {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, time.Now())
		return 0
	})
	run, _ := s.results(t, contract.EnvBudget+"=5", contract.EnvRate+"=20")
	if len(asked) != 5 || run.ExitCode() != result.ExitTarget || run.Broken != "the budget of requests is spent: raise VSEE_BUDGET if it may have more" {
		t.Errorf("asked %d times: %d, %q", len(asked), run.ExitCode(), run.Broken)
	}
	if took := asked[len(asked)-1].Sub(asked[0]); took < 150*time.Millisecond {
		t.Errorf("five requests, twenty a second, took %v", took)
	}
}

// A dry run sends no request, and no requirement passes.
func TestADryRunIsNoPass(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestContract$", "-ginkgo.no-color", "-ginkgo.dry-run")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the contract run broke: it was a dry run") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Only the selected requirements run; the results name the finding without the target's values.
func TestFindingsAreWritten(t *testing.T) {
	t.Parallel()
	s := newStranger(t, "", func(body []byte) []byte {
		return bytes.ReplaceAll(body, []byte(`"full_name":"Contract Patient"`), []byte(`"full_name":5551234`))
	})
	run, text := s.results(t, "VSEE_IDS=SIGN-00?,PATH-005")
	if run.ExitCode() != result.ExitFindings || len(run.Requirements) != 10 {
		t.Errorf("%d, %+v", run.ExitCode(), run.Requirements)
	}
	if strings.Contains(text, "5551234") || strings.Contains(text, s.clinic.Key) {
		t.Errorf("a value:\n%s", text)
	}
	for _, r := range run.Requirements {
		if r.ID != "SIGN-001" {
			continue
		}
		if len(r.Findings) != 1 {
			t.Fatalf("%+v", r.Findings)
		}
		f := r.Findings[0]
		if f.Operation != "signOn" || f.Status != http.StatusOK || f.Pointer != "/data/full_name" || f.Line == 0 || f.Exchange == nil || !strings.HasPrefix(f.Exchange.Request.Line, "POST /api_v3/users/sso") {
			t.Errorf("%+v, %+v", f, f.Exchange)
		}
	}
}

// With a receiver at the URL of the clinic's webhook, events are tested there too.
func TestTheSuiteReceivesEventsOfAnyTarget(t *testing.T) {
	t.Parallel()
	listener := httptest.NewServer(http.NotFoundHandler())
	address := listener.Listener.Addr().String() // free again after Close
	listener.Close()
	s := newStranger(t, "http://"+address+"/vsee", nil)
	passed, out := s.face(t, contract.EnvReceiver+"="+address, contract.EnvWebhookSecret+"="+s.clinic.Webhook.Secret, "VSEE_IDS=HOOK-*")
	if !passed || strings.Contains(out, "there is no receiver") {
		t.Errorf("passed: %t\n%s", passed, out)
	}
}

// The suite detects a target with replies that break openapi.yaml.
func TestTheSuiteFindsALieOut(t *testing.T) {
	t.Parallel()
	const some = "VSEE_IDS=SIGN-00?,PATH-00?,ELIG-00?,SCEN-eligible*" // they see the lies; cmd/vsee-contract tests all
	for name, tc := range map[string]struct {
		before, after string
		finding       string
	}{
		"a number for an id":        {`"id":"132407"`, `"id":132407`, "the reply to signOn (200) breaks openapi.yaml"},
		"a field is missing":        {`"full_name":"Contract Patient",`, ``, "/data/full_name: is required"},
		"an unknown text":           {`"eligibility_response":"Success"`, `"eligibility_response":"Fine"`, "breaks openapi.yaml"},
		"another text":              {`"eligibility_response":"Success"`, `"eligibility_response":"Input Errors"`, "on the card when the answer is due"},
		"a code beside the success": {`{"data":{"id"`, `{"code":200,"data":{"id"`, "a success must have no code at its top level"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStranger(t, "", func(body []byte) []byte {
				return bytes.ReplaceAll(body, []byte(tc.before), []byte(tc.after))
			})
			passed, out := s.face(t, some)
			if passed || !strings.Contains(out, tc.finding) {
				t.Errorf("passed: %t; want %q in\n%s", passed, tc.finding, out)
			}
		})
	}
	t.Run("a notice after the JSON", func(t *testing.T) {
		t.Parallel()
		s := newStranger(t, "", func(body []byte) []byte { return append(body, "<b>Notice</b>"...) })
		if passed, out := s.face(t, some); passed || !strings.Contains(out, "nothing may stand after the JSON") {
			t.Errorf("passed: %t\n%s", passed, out)
		}
	})
}

// A missing variable of the environment is reported before the first request.
func TestConfigurationSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	env := func(m map[string]string) func(string) string { return func(name string) string { return m[name] } }
	if _, named, err := contract.FromEnv(env(nil)); named || err != nil {
		t.Errorf("an empty environment: %t, %v", named, err)
	}
	_, named, err := contract.FromEnv(env(map[string]string{contract.EnvBaseURL: "vseepreview.com", contract.EnvWait: "soon", contract.EnvKey: "k"}))
	if !named || err == nil {
		t.Fatalf("%t, %v", named, err)
	}
	for _, want := range []string{
		"VSEE_WAIT must be a time span such as 2m",
		"VSEE_BASE_URL must be an http or https URL",
		"VSEE_BASE_URL must end with /api_v3",
		"VSEE_ACCOUNT_CODE is missing: set the clinic's credentials, or VSEE_CONTROL_URL if the target is a mock",
		"VSEE_API_SECRET is missing",
		"VSEE_API_TOKEN is missing",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%s", want, err)
		}
	}
	if strings.Contains(err.Error(), "VSEE_API_KEY") {
		t.Errorf("what is there is missed:\n%s", err)
	}
	c, _, err := contract.FromEnv(env(map[string]string{contract.EnvBaseURL: "http://127.0.0.1:1/vc/dev/api_v3/", contract.EnvControlURL: "http://127.0.0.1:1/_mock", contract.EnvWait: "1m"}))
	if err != nil || c.Wait != time.Minute {
		t.Errorf("a mock: %+v, %v", c, err)
	}
	if _, _, err := contract.FromEnv(env(map[string]string{contract.EnvControlURL: "http://127.0.0.1:1/_mock"})); err == nil {
		t.Error("a control API alone is taken for a target")
	}
	_, _, err = contract.FromEnv(env(map[string]string{
		contract.EnvBaseURL: "http://127.0.0.1:1/api_v3", contract.EnvControlURL: "http://127.0.0.1:1/_mock", contract.EnvReceiver: "http://127.0.0.1:9000",
	}))
	if err == nil || err.Error() != "VSEE_WEBHOOK_LISTEN must be an address to listen on, such as 127.0.0.1:9000" {
		t.Errorf("a URL to listen on: %v", err)
	}
}

// An unreachable target, or one that refuses the credentials, is reported once, not for each spec.
func TestATargetThatDoesNotAnswerIsSaidOnce(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t)
	c := mock.NewClinic(t, clinic.Settings{AccountCode: "preflight"})
	good := contract.Config{BaseURL: c.BaseURL, AccountCode: c.AccountCode, Key: c.Key, Secret: c.Secret, AdminToken: c.AdminToken}
	for name, tc := range map[string]struct {
		change func(*contract.Config)
		want   string
	}{
		"nothing":          {func(c *contract.Config) { *c = contract.Config{} }, "VSEE_BASE_URL is missing: set it to the base URL of the target, such as http://127.0.0.1:8080/api_v3"},
		"nobody there":     {func(c *contract.Config) { c.BaseURL = "http://127.0.0.1:1/api_v3" }, "VSEE_BASE_URL leads nowhere"},
		"a wrong token":    {func(c *contract.Config) { c.AdminToken = "wrong" }, "the target does not take VSEE_API_TOKEN: it answers 401"},
		"a wrong control":  {func(c *contract.Config) { c.ControlURL = mock.URL }, "VSEE_CONTROL_URL leads to no control API of a mock"},
		"a taken receiver": {func(c *contract.Config) { c.ReceiverListen = strings.TrimPrefix(mock.URL, "http://") }, "listening for events"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := good
			tc.change(&config)
			if err := contract.Register(config); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error = %v, want %s", err, tc.want)
			}
		})
	}
}
