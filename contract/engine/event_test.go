package engine_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/config"
	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// An event is checked whole: its method and media type, its envelope and fields, and whose data it has.
func TestEachWayInWhichAnEventDiffersIsOneCause(t *testing.T) {
	t.Parallel()
	const kind = "eligibility.checked"
	for name, tc := range map[string]struct {
		method, contentType string
		change              func(body string) string
		want                []string
	}{
		"as it must be":  {"", "", nil, nil},
		"with a charset": {"", "application/json; charset=utf-8", nil, nil},
		"by PUT": {http.MethodPut, "", nil,
			[]string{"breaking|event-request|" + kind + "|ok|method|POST|PUT"}},
		"as text": {"", "text/plain", nil,
			[]string{"breaking|event-request|" + kind + "|ok|Content-Type|application/json|text/plain"}},
		"in another envelope": {"", "", func(body string) string {
			return strings.Replace(strings.Replace(body, `"id"`, `"version": "2.0", "id"`, 1), "account_code", "clinic_code", 1)
		}, []string{"breaking|type|" + kind + "|ok||unversioned|2.0"}},
		"about another patient": {"", "", func(body string) string {
			return strings.Replace(body, `"member_id": "`, `"member_id": "9`, 1)
		}, []string{"breaking|owner|" + kind + "|ok|/data/member_id|the user of the request|another user"}},
		"of another clinic": {"", "", func(body string) string {
			return strings.Replace(body, `"account_code": "`, `"account_code": "x`, 1)
		}, []string{"breaking|owner|" + kind + "|ok|/account_code|the clinic of the request|another clinic"}},
		"with a field more": {"", "", func(body string) string {
			return strings.Replace(body, `"member_id"`, `"plan": 1, "member_id"`, 1)
		}, []string{"additive|undeclared|" + kind + "|ok|/data/plan|absent|present"}},
		"with a text of its own": {"", "", func(body string) string {
			return strings.Replace(body, `Success`, `Fine`, 1)
		}, []string{"unclear|text|" + kind + "|ok|/data/eligibility_response|a documented text|Fine"}},
		"that is no JSON": {"", "", func(string) string { return "no" },
			[]string{"breaking|media-type|" + kind + "|ok||JSON|no JSON"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t)
			var hook string
			run, err := engine.Run(t.Context(), engine.Options{
				Config: config.Config{BaseURL: mock.URL + "/api_v3", ControlURL: mock.URL + "/_mock"},
				Requirements: append(engine.Shapes(), requires("A-001", func(trial *engine.Trial) {
					u := engine.User{ID: "132407"}
					trial.Started("2505464", u)
					hook = trial.Clinic.Webhook.URL
					body := envelope(u, trial.Clinic.AccountCode)
					if tc.change != nil {
						body = tc.change(body)
					}
					post(t, tc.method, hook, tc.contentType, body)
				})),
			})
			if err != nil || run.Broken != "" {
				t.Fatal(err, run.Broken)
			}
			if diff := cmp.Diff(tc.want, keys(run)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if state(run, "A-001") != result.Passed {
				t.Errorf("observation has failed the requirement that it went by: %s", state(run, "A-001"))
			}
		})
	}
}

// An event that comes after the wait for it, while the run goes on, is late.
func TestALateEventIsNoMissingOne(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var hook, body string
	o := f.options(requires("A-001", func(trial *engine.Trial) {
		u := signOn(trial)
		trial.Started("2505464", u)
		body = envelope(u, account)
		trial.NeedEvents(u, "eligibility.checked", 1)[0].Present("/id", "it has an id")
	}), requires("A-002", func(*engine.Trial) { post(t, "", hook, "", body) }))
	o.ReceiverListen, o.Listening = "127.0.0.1:0", func(url string) { hook = url }
	run, err := engine.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"unclear|late|eligibility.checked|ok||present|absent"}, keys(run)); diff != "" {
		t.Error(diff)
	}
	if state(run, "A-001") != result.Blocked || state(run, "A-002") != result.Passed {
		t.Errorf("%+v", run.Requirements)
	}
}

// envelope returns an event about a user, of the check 2505464.
func envelope(u engine.User, account string) string {
	return fmt.Sprintf(`{"id": "62583ab3-8cfc-4a47-b6c9-272850e631f8", "type": "eligibility.checked",
		"created": 1649949363, "account_code": %q, "data": {"eligibility_id": "2505464", "member_id": %q,
			"eligibility_response": "Success", "external_member_id": "5991794"}}`, account, u.ID)
}

// post sends an event to the receiver of a run.
func post(t *testing.T, method, url, contentType, body string) {
	t.Helper()
	if method == "" {
		method = http.MethodPost
	}
	if contentType == "" {
		contentType = "application/json"
	}
	q, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Error(err)
		return
	}
	q.Header.Set("Content-Type", contentType)
	r, err := mocktest.Client().Do(q)
	if err != nil {
		t.Error(err)
		return
	}
	_ = r.Body.Close()
}
