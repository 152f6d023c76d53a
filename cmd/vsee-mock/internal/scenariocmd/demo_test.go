package scenariocmd

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/golden"
)

var (
	port    = regexp.MustCompile(`127\.0\.0\.1:[0-9]+`)
	elapsed = regexp.MustCompile(`Played in .* of real time`)
	signed  = regexp.MustCompile(`v1,[A-Za-z0-9+/=]+`)
)

// demonstrate plays a scenario and returns the output.
func demonstrate(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := cmdtest.Run(t, &struct {
		Demo Demo `cmd:""`
	}{}, append([]string{"demo"}, args...)...)
	if code != command.ExitOK || stderr != "" {
		t.Fatalf("exit %d, %s\n%s", code, stderr, stdout)
	}
	printed := port.ReplaceAllString(stdout, "127.0.0.1:PORT")
	return elapsed.ReplaceAllString(printed, "Played in TIME of real time")
}

func TestADemoOfAScenarioThatAnswersNothingFails(t *testing.T) {
	t.Parallel()
	dir := cmdtest.Folder(t, map[string]string{
		"s.yaml": "title: T\nwhen: {subscriber_num: \"1\", dob: 2020-01-01, age: 18..}\nanswer: T4\n",
	})
	code, stdout, stderr := cmdtest.Run(t, &struct {
		Demo Demo `cmd:""`
	}{}, "demo", "--scenarios", dir, "--scenario", "s")
	if code != command.ExitError || !strings.Contains(stdout, "Played in") ||
		!strings.Contains(stderr, "the scenario answered none of these checks") {
		t.Errorf("exit %d, %s%s", code, stdout, stderr)
	}
}

// The output of the demo is the same in each run.
func TestTheDemoPrintsTheScenario(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{"eligible", "http-503", "claim-denied", "visit-refunded", "whole-integration"} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			printed := signed.ReplaceAllString(demonstrate(t, "--scenario", scenario), "v1,SIGNATURE")
			golden.Is(t, "testdata/demo-"+scenario+".golden", printed)
		})
	}
}

// Steps 6 and 7 are played for a scenario with a claim, and for any other scenario on request.
func TestTheDemoPlaysClaims(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[string]string{
		"eligible":                       "claim 7100001: paid",
		"eligible-on-the-secondary-card": "claim 7100001: paid",
		"out-of-network":                 "member_id is not eligible",
		"silence":                        "has no eligibility check with this carrier that has ended",
		"clinic-without-a-webhook":       "none came: the clinic has no webhook",
		"claim-rejected":                 "claim 7100001: rejected A3:21",
	} {
		printed := demonstrate(t, "--claims", "--scenario", scenario)
		if n := strings.Count(printed, "Step 6."); n != 1 || !strings.Contains(printed, want) ||
			!strings.Contains(printed, "VSee has not defined") {
			t.Errorf("%s has step 6 %d times, and %q is to be in it:\n%s", scenario, n, want, printed)
		}
	}
}

// A visit is played for a scenario with one, and for any other scenario on request.
func TestTheDemoPlaysVisits(t *testing.T) {
	t.Parallel()
	for scenario, want := range map[string]string{
		"eligible":                    "visit 1525: 30 completed",
		"silence":                     "visit 1525: 30 completed",
		"claim-paid":                  "claim 7100001: paid",
		"claim-twice":                 "visit 1525: 30 completed",
		"clinic-without-a-webhook":    "The webhook of the visit.\n  none came: the clinic has no webhook",
		"missing-birth-date":          "visit 1525: 25 inprogress",
		"visit-nobody-comes":          "visit 1525: 40 cancelled",
		"visit-appointment-missed":    "The webhook of the visit.\n  none came",
		"visit-ends-during-the-check": "visit 1525: 40 cancelled",
	} {
		printed := demonstrate(t, "--visits", "--scenario", scenario)
		if n := strings.Count(printed, "\nA visit."); n != 1 || !strings.Contains(printed, want) ||
			!strings.Contains(printed, "its course is vsee-mock's own") {
			t.Errorf("%s has %d visits, and %q is to be in it:\n%s", scenario, n, want, printed)
		}
	}
	both := demonstrate(t, "--visits", "--claims")
	if !strings.Contains(both, "(visit-completed)") || strings.Count(both, "Step 6.") != 1 {
		t.Errorf("a visit and a claim:\n%s", both)
	}
}

// The demo also handles cases missing from the catalogue: faults without an end, and the rest of the language.
func TestTheDemoPrintsEachFailureAndGoesOn(t *testing.T) {
	t.Parallel()
	const gaveUp = "the client gives up after several tries"
	for name, tc := range map[string]struct {
		scenario string
		want     []string // in this order
		never    string
	}{
		"an API that never starts a check": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, status: 503}]",
			[]string{"the request failed with 503", gaveUp, "none came"}, "Success",
		},
		"connections that are always reset": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, reset: true}]",
			[]string{"the connection was reset", gaveUp, "it is of a check whose start got no reply"}, "none came",
		},
		"a patient who cannot be read": {
			"answer: Success\nhttp: [{operation: getUser, html: true}]",
			[]string{"\"Success\"", "the reply is a page", gaveUp}, "",
		},
		"a card that cannot be stored": {
			"when: {first_name: Pat}\nanswer: Success\nhttp: [{operation: updateMe, truncated: true}]",
			[]string{"the reply ended in the middle", gaveUp, "The scenario ends here"}, "Step 4",
		},
		"a sign-on that never works": {
			"when: {first_name: Pat}\nanswer: Success\nhttp: [{operation: signOn, malformed: true}]",
			[]string{"the reply is not JSON", gaveUp, "The scenario ends here"}, "Step 3",
		},
		"a refusal on purpose": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, times: 1, status: 404}]",
			[]string{"the request failed with 404: the client tries again", "ends: Success"}, gaveUp,
		},
		"a silent answer behind a held one": {
			"answers: [Success, silent]\nwebhook: {after_read: true}",
			[]string{
				"none came: the scenario says after_read: true",
				"due at once is done now", "Step 5. The webhook.", "Step 4", "none came",
			}, "it is of check 2",
		},
		"a token that is never taken": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, status: 401}]",
			[]string{"the token was refused: the client tries again", gaveUp, "none came"}, "",
		},
		"an answer for the secondary card": {
			"answer: {secondary: Out of Network}",
			[]string{
				"insurance.secondary_subscriber_num=79", "ends: Out of Network",
				`{"secondary": {"eligibility_response": "Out of Network"}}`,
			}, "primary",
		},
		"an event behind the next one": {
			"answers: [Success, Out of Network]\nwebhook: {hold: next}",
			[]string{
				"none came: the scenario says hold: next", "Step 4", `"eligibility_response": "Out of Network"`,
				`"eligibility_response": "Success"`, "it is of check 1",
			}, "another patient",
		},
		"the third check": {
			"when: {subscriber_num: \"79\", nth: 3}\nanswer: T4\nwebhook: {duplicate: 4}",
			[]string{
				"ends: Success", "ends: Success", "ends: Payer name or identifier missing", "and 3 more like it",
			}, "none came",
		},
		"a stale event at first": {
			"answer: Success\nwebhook: {timestamp: stale, attempts: 2}",
			[]string{
				"10m0s before it was sent", "waits 5s", "the receiver answers 401", "waits 5m0s", "it comes for the 3rd time",
			}, "",
		},
		"two nights": {
			"when: {subscriber_num: \"79\", time: 02:00..02:05}\nanswers: [silent, Success]",
			[]string{"Its time", "02:00:00", "none came", "the token was refused: the client tries again", "ends: Success"}, "",
		},
		"an account, an insurer and a person": {
			"when: {account_code: other, carrier_code: ours, first_name: Pat, respparty: child, group_number: HMO*}\n" +
				"answer: {primary: Success, secondary: silent}\npatient: {guarantor_name: Sam}",
			[]string{
				"X-AccountCode: other", "first_name=Pat", "insurance.patient.guarantor_name=Sam",
				"insurance.primary_group_number=HMO1", "insurance.respparty=child",
			}, "ended early",
		},
		"an answer in ten years": {
			"answer: {text: Success, after: 87600h}",
			[]string{"Nobody waits 87600h0m0s", "ends: Success", "the token was refused: the client tries again"}, "",
		},
		"an answer beyond the last time of a clock": {
			"answer: {text: Success, at: \"2200-01-01T00:00:00Z\"}", []string{"to 2105-12-31", "none came"}, "ends: Success",
		},
		"calls without a read": {
			"answers: [{text: Success, after: 5m}, {text: Out of Network, after: 1s}]\ncalls: [check, {wait: 1m}, check]",
			[]string{
				"Step 4", "client waits 1m0s", "Step 4", "Out of Network", "it is of check 2", "Success", "it is of check 1",
			}, "GET /vc/dev/api_v3/users",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, text := t.TempDir(), tc.scenario
			if !strings.HasPrefix(text, "when:") {
				text = "when: {subscriber_num: \"79\"}\n" + text
			}
			if err := os.WriteFile(filepath.Join(dir, "s.yaml"), []byte("title: A scenario\n"+text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			scenario := demonstrate(t, "--scenarios", dir, "--scenario", "s")
			rest := scenario
			for _, want := range tc.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("%q is missing, or not in order:\n%s", want, scenario)
				}
				rest = after
			}
			if tc.never != "" && strings.Contains(scenario, tc.never) {
				t.Errorf("%q is told:\n%s", tc.never, scenario)
			}
		})
	}
}
