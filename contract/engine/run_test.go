package engine_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/requirement"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// path reports whether a request is for a path below the prefix.
func path(r *http.Request, want string) bool { return r.URL.Path == "/api_v3"+want }

// data returns the data of a reply.
func data(body map[string]any) map[string]any {
	d, _ := body["data"].(map[string]any)
	return d
}

// readsMe asserts that /me shows the signed-on patient.
func readsMe(t *engine.Trial) {
	u := signOn(t)
	t.Send(engine.Get("/me").By(u)).Equal("/data/id", u.ID, "the user must be the token's owner")
}

// writes updates the city and reads it back.
func writes(t *engine.Trial) {
	u := signOn(t)
	w := t.Send(engine.Post("/me", engine.URLEncoded(engine.Form{{"city", "Ann Arbor"}})).By(u))
	ways := []engine.Way{{Request: engine.Get("/me").By(u)}, {Request: engine.Get("/users/" + u.ID).By(u)}}
	t.ReadBack(w, ways, engine.Field{Pointer: "/data/city", Want: "Ann Arbor",
		Rule: "the city must be the one that was sent"})
}

// refuses asserts that /me refuses a caller without a token.
func refuses(t *engine.Trial) {
	t.Send(engine.Get("/me").As(result.NoToken)).Refused()
	t.Send(engine.Get("/me").Token("unknown").As(result.WrongToken)).Refused()
}

// One change of the target is one cause, at its operation and pointer, with the class that fits it.
func TestOneChangeIsOneCause(t *testing.T) {
	t.Parallel()
	const failed, blocked, passed = result.Failed, result.Blocked, result.Passed
	for name, tc := range map[string]struct {
		before func(w http.ResponseWriter, r *http.Request) bool
		after  func(r *http.Request, status *int, body map[string]any)
		want   []string
		states [3]result.State // of reads, writes and refuses
	}{
		"an honest target": {nil, nil, nil, [3]result.State{passed, passed, passed}},
		"an undeclared field": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodGet && body["data"] != nil {
				data(body)["nickname"] = patientsOf
			}
		}, []string{"additive|undeclared|getMe|ok|/data/nickname|absent|present"}, [3]result.State{passed, passed, passed}},
		"a new header of all replies": {func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Quota", "5")
			return false
		}, nil, []string{"additive|header|updateMe|ok|X-Quota|absent|present"}, [3]result.State{passed, passed, passed}},
		"null for an optional field": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/users/sso") {
				data(body)["timezone"] = nil
			}
		}, []string{"additive|null|signOn|ok|/data/timezone|string|null"}, [3]result.State{passed, passed, passed}},
		"a required field is missing": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodGet {
				delete(data(body), "id")
			}
		}, []string{"breaking|missing|getMe|ok|/data/id|present|absent"}, [3]result.State{failed, passed, passed}},
		"403 in place of 401": {nil, func(_ *http.Request, status *int, body map[string]any) {
			if *status == http.StatusUnauthorized {
				*status, body["code"] = http.StatusForbidden, http.StatusForbidden
			}
		}, []string{"breaking|status|getMe|no-token||401|403"}, [3]result.State{passed, passed, failed}},
		"one status for all requests": {nil, func(r *http.Request, status *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodGet {
				*status = http.StatusInternalServerError
				clear(body)
				body["code"], body["message"] = 500, patientsOf
			}
		}, []string{"breaking|status|getMe|ok||200|500"}, [3]result.State{blocked, blocked, failed}},
		"a refusal with another code": {nil, func(_ *http.Request, status *int, body map[string]any) {
			if *status == http.StatusUnauthorized {
				body["code"] = http.StatusForbidden
			}
		}, []string{"breaking|value|getMe|no-token|/code|401|another status"}, [3]result.State{passed, passed, passed}},
		"another user's data": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodGet && body["data"] != nil {
				data(body)["id"] = "999999"
			}
		}, []string{"breaking|owner|getMe|ok|/data/id|the user of the request|another user"},
			[3]result.State{failed, blocked, passed}},
		"another clinic's data": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodGet && body["data"] != nil {
				data(body)["account_code"] = "elsewhere"
			}
		}, []string{"breaking|owner|getMe|ok|/data/account_code|the clinic of the request|another clinic"},
			[3]result.State{blocked, blocked, passed}},
		"a write that is lost": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if !path(r, "/users/sso") && body["data"] != nil {
				delete(data(body), "city")
			}
		}, []string{"breaking|lost-write|updateMe|ok|/data/city|as sent|absent"}, [3]result.State{passed, failed, passed}},
		"a write that the reply shows and no reading": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if r.Method == http.MethodGet && body["data"] != nil {
				data(body)["city"] = "ANN ARBOR"
			}
		}, []string{"breaking|lost-write|updateMe|ok|/data/city|as sent|changed: case"},
			[3]result.State{passed, failed, passed}},
		"a write that one reading lacks": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodGet && body["data"] != nil {
				data(body)["city"] = "Ann Arbor "
			}
		}, []string{"breaking|lost-write|getMe|ok|/data/city|as sent|changed: trim"},
			[3]result.State{passed, failed, passed}},
		"a write that its own reply lacks": {nil, func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/me") && r.Method == http.MethodPost {
				delete(data(body), "city")
			}
		}, []string{"breaking|lost-write|updateMe|ok|/data/city|as sent|absent"}, [3]result.State{passed, failed, passed}},
		"a write that is refused": {func(w http.ResponseWriter, r *http.Request) bool {
			if path(r, "/me") && r.Method == http.MethodPost {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"code": 400, "message": "no"}`))
				return true
			}
			return false
		}, nil, []string{"breaking|status|updateMe|ok||200|400"}, [3]result.State{passed, blocked, passed}},
		"a list in place of the object": {func(w http.ResponseWriter, r *http.Request) bool {
			if path(r, "/me") && r.Method == http.MethodGet && strings.HasPrefix(r.Header.Get(engine.TokenHeader), tokens) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`[{"data": {}}]`))
				return true
			}
			return false
		}, nil, []string{"breaking|type|getMe|ok||object|array"}, [3]result.State{blocked, blocked, passed}},
		"no sign-on": {nil, func(r *http.Request, status *int, body map[string]any) {
			if path(r, "/users/sso") {
				*status = http.StatusInternalServerError
				clear(body)
				body["code"], body["message"] = 500, patientsOf
			}
		}, []string{"breaking|status|signOn|ok||200|500"}, [3]result.State{blocked, blocked, passed}},
		"a page in place of JSON": {func(w http.ResponseWriter, r *http.Request) bool {
			if path(r, "/me") && r.Method == http.MethodGet && strings.HasPrefix(r.Header.Get(engine.TokenHeader), tokens) {
				w.Header().Set("Content-Type", "text/html")
				_, _ = w.Write([]byte("<p>" + patientsOf))
				return true
			}
			return false
		}, nil, []string{"breaking|media-type|getMe|ok||application/json|text/html"},
			[3]result.State{blocked, blocked, passed}},
		"a connection that breaks off": {func(_ http.ResponseWriter, r *http.Request) bool {
			if path(r, "/me") && r.Method == http.MethodGet && strings.HasPrefix(r.Header.Get(engine.TokenHeader), tokens) {
				panic(http.ErrAbortHandler)
			}
			return false
		}, nil, []string{"breaking|status|getMe|ok||200|no reply"}, [3]result.State{blocked, blocked, passed}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.before, f.after = tc.before, tc.after
			run := f.face(t, requires("A-001", readsMe), requires("A-002", writes), requires("A-003", refuses))
			if diff := cmp.Diff(tc.want, keys(run)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, c := range run.Causes {
				if c.Kind == result.Missing && !strings.HasPrefix(c.Rule, c.Pointer[strings.LastIndex(c.Pointer, "/")+1:]+" ") {
					t.Errorf("the rule %q does not begin with the field", c.Rule)
				}
			}
			if got := [3]result.State{state(run, "A-001"), state(run, "A-002"), state(run, "A-003")}; got != tc.states {
				t.Errorf("%v, want %v", got, tc.states)
			}
			secret(t, run)
		})
	}
}

// secret fails the test if the run has a value of a patient, or a credential.
func secret(t *testing.T, run result.Run) {
	t.Helper()
	text, err := json.Marshal(run)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{patientsOf, "Ann Arbor", tokens, adminToken, "key-of-the-fake", "secret-of-the-fake",
		"contract-"} {
		if strings.Contains(strings.ReplaceAll(string(text), "vsee-contract", ""), value) {
			t.Errorf("the run has %q:\n%s", value, text)
		}
	}
}

// A cause names the requirements that fail or are blocked by it, and the shape requirement that owns it.
func TestACauseHasItsPlaces(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.after = func(r *http.Request, status *int, body map[string]any) {
		if path(r, "/users/sso") {
			*status = http.StatusTeapot
			delete(body, "data")
		}
	}
	run := f.face(t, requires("A-001", readsMe), requires("A-002", writes))
	c := run.Causes[0]
	if diff := cmp.Diff([]string{"A-001", "A-002", "SHAPE-sign-on"}, c.Places); diff != "" || c.Seen != 2 ||
		c.Exchange == nil || c.Exchange.Reply.Line != "418 I'm a teapot" {
		t.Errorf("%s\n%+v", diff, c)
	}
	if state(run, "SHAPE-sign-on") != result.Failed || state(run, "SHAPE-get-me") != result.NotTestable ||
		len(run.Red()) != 1 {
		t.Errorf("%+v", run.Requirements)
	}
}

// A required field may be missing from some replies alone.
func TestACauseCountsTheRepliesWithoutItsField(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	signOns := 0
	f.after = func(r *http.Request, _ *int, body map[string]any) {
		if path(r, "/users/sso") {
			if signOns++; signOns == 3 { // the first one is the greeting
				delete(data(body), "username")
			}
		}
	}
	run := f.face(t, requires("A-001", readsMe), requires("A-002", readsMe), requires("A-003", readsMe))
	if c := run.Causes; len(c) != 1 || c[0].Kind != result.Missing || c[0].Seen != 1 || c[0].Replies != 3 {
		t.Errorf("%+v", c)
	}
}

// A second reading that is right shows a stale first one.
func TestAStaleReadingIsACauseOfTheReading(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	read := 0
	f.after = func(r *http.Request, _ *int, body map[string]any) {
		if path(r, "/me") && r.Method == http.MethodGet {
			if read++; read == 1 {
				data(body)["city"] = "Detroit"
			}
		}
	}
	run := f.face(t, requires("A-002", writes))
	if diff := cmp.Diff([]string{"breaking|lost-write|getMe|ok|/data|as sent|stale"}, keys(run)); diff != "" {
		t.Error(diff)
	}
}

// A panic in the code of a requirement is a cause of that requirement, and the others are tried.
func TestAPanicFailsItsRequirementAlone(t *testing.T) {
	t.Parallel()
	run := newFake(t).face(t,
		requires("A-001", func(*engine.Trial) { panic("the panic has " + patientsOf) }), requires("A-002", writes))
	if diff := cmp.Diff([]string{"breaking|value|getMe|ok||the end of A-001|a panic"}, keys(run)); diff != "" ||
		state(run, "A-002") != result.Passed {
		t.Errorf("%s\n%+v", diff, run.Requirements[1])
	}
	secret(t, run)
}

// An event that does not come is one cause at its type; the requirements about its contents are blocked.
func TestAMissingEventIsOneCause(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	waits := func(t *engine.Trial) {
		t.NeedEvents(signOn(t), "eligibility.checked", 1)[0].Present("/id", "it has an id")
	}
	o := f.options(requires("A-001", waits), requires("A-002", waits))
	o.ReceiverListen = "127.0.0.1:0"
	run, err := engine.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"breaking|event-missing|eligibility.checked|ok||present|absent"}, keys(run)); diff != "" {
		t.Error(diff)
	}
	if state(run, "A-001") != result.Blocked || state(run, "SHAPE-eligibility-checked") != result.Failed {
		t.Errorf("%+v", run.Requirements)
	}
}

// sent counts the requests of a run.
type sent struct{ requests int }

func (s *sent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.requests++
	return http.DefaultTransport.RoundTrip(r)
}

// A run sends its requests by the transport of its options.
func TestARunTakesATransport(t *testing.T) {
	t.Parallel()
	f, next := newFake(t), &sent{}
	o := f.options(requires("A-001", readsMe))
	o.Next = next
	if run, err := engine.Run(t.Context(), o); err != nil || len(run.Causes) > 0 || next.requests < 3 {
		t.Errorf("%v, %v, %d requests", err, run.Causes, next.requests)
	}
}

// covers are known differences that cover the causes at an operation.
type covers string

func (c covers) Apply(run *result.Run, _ time.Time) {
	for i := range run.Causes {
		if run.Causes[i].Operation == string(c) {
			run.Causes[i].Known = "it is being mended"
		}
	}
}

// A requirement that fails or is blocked by known differences alone is known.
func TestAKnownDifferenceIsNotAFailure(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.after = func(r *http.Request, status *int, _ map[string]any) {
		if path(r, "/users/sso") {
			*status = http.StatusTeapot
		}
	}
	o := f.options(requires("A-001", func(t *engine.Trial) {
		t.Send(engine.Post("/users/sso", engine.Payload{})).Expected()
	}))
	o.Known = covers("signOn")
	var live []string
	o.Ended = func(r result.Requirement) { live = append(live, r.ID+" "+string(r.State)) }
	run, err := engine.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if state(run, "A-001") != result.Known || state(run, "SHAPE-sign-on") != result.Known || len(run.Red()) != 0 ||
		live[0] != "A-001 known" {
		t.Errorf("%v, %v", run.Requirements, live)
	}
}

// Without the shape requirement in the selection, an observed cause is charged to the requirement that met it.
func TestACauseIsNotLostToASelection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.after = func(r *http.Request, _ *int, body map[string]any) {
		if path(r, "/users/sso") {
			delete(data(body), "username")
		}
	}
	o := f.options()
	o.Requirements = []engine.Requirement{requires("A-001", readsMe)}
	run, err := engine.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if state(run, "A-001") != result.Failed || len(run.Causes) != 1 || len(run.Causes[0].Places) != 1 {
		t.Errorf("%+v", run)
	}
}

// On a shared target a patient is signed on once for all requirements that only read.
func TestASharedPatientIsMadeOnce(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]bool{"one that can be made": false, "one that cannot": true} {
		f := newFake(t)
		f.after = func(r *http.Request, _ *int, body map[string]any) {
			if path(r, "/users/sso") && broken {
				delete(data(body), "id")
			}
		}
		reads := func(t *engine.Trial) {
			t.Send(engine.Get("/me").By(t.Shared("patient", func() engine.User { return signOn(t) })))
		}
		run := f.face(t, requires("A-001", reads), requires("A-002", reads))
		want := map[bool]result.State{false: result.Passed, true: result.Blocked}[broken]
		const greeting = 1 // tries the key before the run
		if n := f.asked["POST /api_v3/users/sso"] - greeting; n != 1 || state(run, "A-001") != want ||
			state(run, "A-002") != want {
			t.Errorf("%s: %d sign-ons, A-001 is %s: %v", name, n, state(run, "A-001"), keys(run))
		}
	}
}

// The class of a cause follows from its kind, from whether the document requires the field, and from the evidence.
func TestAClassFollowsFromOneTable(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		kind     result.Kind
		required bool
		evidence requirement.Evidence
		want     result.Class
	}{
		{result.Undeclared, true, requirement.Seed, result.Additive},
		{result.Null, false, requirement.Ours, result.Additive},
		{result.Null, true, requirement.Documented, result.Breaking},
		{result.Header, false, requirement.Seed, result.Additive},
		{result.Header, true, requirement.Seed, result.Breaking},
		{result.Enum, true, requirement.Seed, result.Unclear},
		{result.Text, true, requirement.Seed, result.Unclear},
		{result.Late, true, requirement.Seed, result.Unclear},
		{result.Status, true, requirement.Inferred, result.Unclear},
		{result.Value, true, requirement.Ours, result.Unclear},
		{result.Owner, true, requirement.Observed, result.Breaking},
	} {
		if got := engine.ClassOf(tc.kind, tc.required, tc.evidence); got != tc.want {
			t.Errorf("%s, required %t, %s: %s, want %s", tc.kind, tc.required, tc.evidence, got, tc.want)
		}
	}
}
