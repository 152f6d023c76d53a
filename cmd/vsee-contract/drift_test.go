package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/mockserver/mocktest"
)

// Against a target with one change, every requirement that meets the change fails, and no other. The findings name
// the change and nothing else.
func TestFindingsNameAChangeInRepliesOnly(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		drift string
		want  []string // operation, status, pointer and rule of the findings
	}{
		"a field renamed": {
			`{"request": "POST .*/users/sso", "body": {"of": "\"full_name\":", "by": "\"display_name\":"}}`,
			[]string{"signOn 200 /data/display_name the field is not declared", "signOn 200 /data/full_name is required"},
		},
		"a field gone": {
			`{"request": "POST .*/me.json", "body": {"of": "\"full_name\":\"[^\"]*\",", "by": ""}}`,
			[]string{"updateMe 200 /data/full_name is required"},
		},
		"a type changed": {
			`{"request": "POST .*/eligibility", "body": {"of": "\"eligibility_id\":\"([0-9]+)\"", "by": "\"eligibility_id\":$1"}}`,
			[]string{"startEligibilityCheck 200 /data/eligibility_id must be a string of digits"},
		},
		"a new text": { // of the same length, because a fault may send a reply in parts
			`{"request": "GET .*/users/[0-9]+", "body": {"of": "\"primary\":{\"eligibility_response\":\"Success\"", "by": "\"primary\":{\"eligibility_response\":\"Covered\""}}`,
			[]string{"getUser 200 /data/user_data/primary/eligibility_response must be Success, or a reject reason spelled as VSee spells it"},
		},
		"a status changed": {
			`{"request": "POST .*/eligibility", "status": {"200": 202}}`,
			[]string{"startEligibilityCheck 202  the status is not declared"},
		},
		"an extra field": {
			`{"request": "GET .*/me(\\.json)?", "body": {"of": "\"tos\":", "by": "\"nickname\":\"\",\"tos\":"}}`,
			[]string{"getMe 200 /data/nickname the field is not declared"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serve(t, "drifted", "DRIFT="+tc.drift)
			failed, found := failures(runAgainst(t, base, name == "a field renamed"))
			if diff := cmp.Diff(tc.want, found); diff != "" {
				t.Errorf("the findings (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(affected(t, base), failed); diff != "" || len(failed) == 0 {
				t.Errorf("the requirements with the change (-) and the failed ones (+):\n%s", diff)
			}
		})
	}
}

// A change in an event fails the requirements on events. Requirements on something else pass, although they also cause
// events.
func TestFindingsNameAChangeInEvents(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		drift string
		want  []string
	}{
		"a field of the webhook renamed": {
			`{"event": {"of": "\"eligibility_id\":", "by": "\"check_id\":"}}`,
			[]string{"eligibility.checked 0 /data/check_id the field is not declared", "eligibility.checked 0 /data/eligibility_id is required"},
		},
		"the member of the webhook renamed": {
			`{"event": {"of": "\"member_id\":", "by": "\"patient_id\":"}}`,
			[]string{"eligibility.checked 0 /data/member_id is required", "eligibility.checked 0 /data/patient_id the field is not declared"},
		},
		"an id that is a number": {
			`{"event": {"of": "\"eligibility_id\":\"([0-9]+)\"", "by": "\"eligibility_id\":$1"}}`,
			[]string{"eligibility.checked 0 /data/eligibility_id must be a string of digits"},
		},
		"a new text": {
			`{"event": {"of": "\"eligibility_response\":\"Success\"", "by": "\"eligibility_response\":\"Covered\""}}`,
			[]string{"eligibility.checked 0 /data/eligibility_response must be Success, or a reject reason spelled as VSee spells it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := serve(t, "drifted", "DRIFT="+tc.drift)
			failed, found := failures(runAgainst(t, base, name == "a field of the webhook renamed"))
			if diff := cmp.Diff(tc.want, found); diff != "" {
				t.Errorf("the findings (-want +got):\n%s", diff)
			}
			onEvents := slices.DeleteFunc(affected(t, base), func(id string) bool {
				return !strings.HasPrefix(id, "HOOK-") && !strings.HasPrefix(id, "SCEN-") && id != "CLAIM-014"
			})
			if diff := cmp.Diff(onEvents, failed); diff != "" || len(failed) == 0 {
				t.Errorf("the requirements on events with the change (-), and the failed ones (+):\n%s", diff)
			}
		})
	}
}

// A mock with a changed openapi.yaml behaves differently, and the requirement on that rule fails.
func TestFindingsNameAChangeInTheDocument(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		drift, id, found string
	}{
		"a longer code": {`{"document": {"of": "maxLength: 128", "by": "maxLength: 200"}}`, "SIGN-012", "signOn 200"},
		"one name":      {`{"document": {"of": "required: \\[first_name, last_name\\]", "by": "required: [last_name]"}}`, "SIGN-009", "signOn 200"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failed, found := failures(runAgainst(t, serve(t, "drifted", "DRIFT="+tc.drift), false))
			if !slices.Equal(failed, []string{tc.id}) || len(found) != 1 || !strings.HasPrefix(found[0], tc.found) {
				t.Errorf("%v: %q", failed, found)
			}
		})
	}
}

// failures returns the ids of the failed requirements, and their distinct findings.
func failures(run result.Run) (failed, found []string) {
	for _, r := range run.Requirements {
		if r.State == result.Failed {
			failed = append(failed, r.ID)
		}
		for _, f := range r.Findings {
			found = append(found, fmt.Sprintf("%s %d %s %s", f.Operation, f.Status, f.Pointer, f.Rule))
		}
	}
	slices.Sort(found)
	return failed, slices.Compact(found)
}

// sampleIDs selects some requirements on each changed operation. With all requirements each change would take seconds.
const sampleIDs = "AUTH-00?,SIGN-0*,PATH-00?,BODY-00?,USER-*,ELIG-*,HOOK-*,CLAIM-014,SCEN-eligible*,SCEN-webhook-twice"

// runAgainst runs the command against a mock in another process, with all requirements or sampleIDs. It returns the
// results.
func runAgainst(t *testing.T, base string, all bool) result.Run {
	t.Helper()
	file := filepath.Join(t.TempDir(), "results.json")
	args := []string{"run", "--base-url", base + "/api_v3", "--control-url", base + "/_mock", "--json", file}
	if !all {
		args = append(args, "--id", sampleIDs)
	}
	cmd := exec.CommandContext(t.Context(), binary(t, "vsee-contract"), args...)
	cmd.Env = []string{}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != result.ExitFindings {
		t.Fatalf("%v\n%s", err, out)
	}
	return results(t, file)
}

// affected returns the ids of the requirements whose replies or events had the change.
func affected(t *testing.T, base string) []string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/drifted", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := mocktest.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	ids := map[string]bool{}
	if err := json.NewDecoder(reply.Body).Decode(&ids); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(ids))
}
