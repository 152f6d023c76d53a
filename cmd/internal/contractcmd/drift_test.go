package contractcmd

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	vseemock "github.com/vsee-mock/vsee-mock"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// sampleIDs selects some requirements on each changed operation, because all of them would take seconds.
const sampleIDs = "AUTH-00?,SIGN-0*,PATH-00?,BODY-00?,USER-*,ELIG-*,HOOK-*,CLAIM-014," +
	"SCEN-eligible*,SCEN-webhook-twice,SHAPE-*"

// Against a target with one change, the causes name the change and nothing else, and each red requirement is red by
// them.
func TestCausesNameAChangeInRepliesOnly(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves repeated runs out")
	}
	for name, tc := range map[string]struct {
		request     string // "METHOD path" of the changed replies, as a regular expression
		before, now string // the change in these replies
		want        []string
	}{
		"a field renamed": {
			"POST .*/users/sso", `"full_name":`, `"display_name":`,
			[]string{"missing signOn (ok) /data/full_name: present -> absent", "undeclared signOn (ok) /data/display_name: " +
				"absent -> present"},
		},
		"a field gone": {
			"POST .*/me.json", `"full_name":"[^"]*",`, "",
			[]string{"missing updateMe (ok) /data/full_name: present -> absent"},
		},
		"a type changed": {
			"POST .*/eligibility", `"eligibility_id":"([0-9]+)"`, `"eligibility_id":$1`,
			[]string{"type startEligibilityCheck (ok) /data/eligibility_id: string -> number"},
		},
		"a new text": {
			"GET .*/users/[0-9]+", `"primary":{"eligibility_response":"Success"`, `"primary":{"eligibility_response":"Covered"`,
			[]string{"text getUser (ok) /data/user_data/primary/eligibility_response: a documented text -> Covered"},
		},
		"an extra field": {
			"GET .*/me", `"tos":`, `"nickname":"","tos":`,
			[]string{"undeclared getMe (ok) /data/nickname: absent -> present"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			request, before := regexp.MustCompile(tc.request), regexp.MustCompile(tc.before)
			base, _ := changing(t, func(r *http.Request, body []byte) []byte {
				if !request.MatchString(r.Method + " " + r.URL.Path) {
					return body
				}
				return before.ReplaceAll(body, []byte(tc.now))
			})
			compareCauses(t, base, tc.want)
		})
	}
}

// A mock with a changed openapi.yaml behaves differently, and the requirement on that rule fails.
func TestCausesNameAChangeInTheDocument(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves repeated runs out")
	}
	for name, tc := range map[string]struct{ before, now, want string }{
		"a longer code": {"maxLength: 128", "maxLength: 200", "status signOn (limit) /code: 400 -> 200"},
		"one name": {"required: [first_name, last_name]", "required: [last_name]",
			"status signOn (bad-field): 400 -> 200"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := mocktest.Start(t, func(o *mockserver.Options) {
				o.Document = bytes.ReplaceAll(vseemock.OpenAPI(), []byte(tc.before), []byte(tc.now))
			})
			compareCauses(t, mock.URL, []string{tc.want})
		})
	}
}

// compareCauses runs the command against a mock, and compares the causes. Every red requirement must have one.
func compareCauses(t *testing.T, base string, want []string) {
	t.Helper()
	done := runContract(t, []string{"VSEE_BASE_URL=" + base + "/api_v3", "VSEE_CONTROL_URL=" + base + "/_mock"}, "--id",
		sampleIDs)
	run := results(t, done.file)
	var got []string
	for _, c := range run.Causes {
		got = append(got, report.KeyText(c.Key))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the causes (-want +got):\n%s", diff)
	}
	for _, r := range run.Requirements {
		if (r.State == result.Failed || r.State == result.Blocked) && len(r.Causes) == 0 {
			t.Errorf("%s is %s without a cause", r.ID, r.State)
		}
	}
	if additive := !strings.Contains(strings.Join(want, " "), "missing"); run.ExitCode() != done.code ||
		done.code == result.ExitFine && !additive {
		t.Errorf("exit %d\n%s", done.code, done.console)
	}
}
