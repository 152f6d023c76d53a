package demo

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/cmdtest"
	"github.com/vsee-mock/vsee-mock/cmd/vsee-mock/internal/command"
	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/scenarios"
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
		Demo Command `cmd:""`
	}{}, append([]string{"demo"}, args...)...)
	if code != command.ExitOK || stderr != "" {
		t.Fatalf("exit %d, %s\n%s", code, stderr, stdout)
	}
	story := port.ReplaceAllString(stdout, "127.0.0.1:PORT")
	return elapsed.ReplaceAllString(story, "Played in TIME of real time")
}

// The output of the demo is the same in each run, for every kind of scenario.
func TestTheDemoTellsTheStory(t *testing.T) {
	t.Parallel()
	for _, scenario := range []string{
		"eligible", "silence", "no-response-then-eligible", "webhook-refused-twice", "missing-subscriber-number",
		"eligible-on-the-secondary-card", "late", "two-plans-secondary-out-of-network", "webhook-forged-at-first", "http-503",
		"claim-denied", "claim-unanswered", "claim-twice",
	} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			golden.Is(t, "testdata/"+scenario+".golden", signed.ReplaceAllString(demonstrate(t, "--scenario", scenario), "v1,SIGNATURE"))
		})
	}
}

// Steps 6 and 7 are played for a scenario with a claim, and for any other scenario on request.
func TestTheDemoTellsOfClaims(t *testing.T) {
	t.Parallel()
	golden.Is(t, "testdata/claims.golden", signed.ReplaceAllString(demonstrate(t, "--claims"), "v1,SIGNATURE"))
	for scenario, want := range map[string]string{
		"eligible":                       "claim 7100001: paid",
		"eligible-on-the-secondary-card": "claim 7100001: paid",
		"out-of-network":                 "member_id is not eligible",
		"silence":                        "has no eligibility check with this carrier that has ended",
		"clinic-without-a-webhook":       "none came: the clinic has no webhook",
		"claim-rejected":                 "claim 7100001: rejected A3:21",
	} {
		story := demonstrate(t, "--claims", "--scenario", scenario)
		if n := strings.Count(story, "Step 6."); n != 1 || !strings.Contains(story, want) || !strings.Contains(story, "VSee has not defined") {
			t.Errorf("%s has step 6 %d times, and %q is to be in it:\n%s", scenario, n, want, story)
		}
	}
}

// Every scenario comes to its end, and the outcome printed for its last check is the outcome in the file.
func TestTheDemoPlaysEveryStoryOfTheCatalogue(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set {
		t.Run(s.ID, func(t *testing.T) {
			t.Parallel()
			story := demonstrate(t, "--scenario", s.ID)
			steps := s.Steps()
			want := steps[len(steps)-1].Response
			if steps[len(steps)-1].Unsaid {
				want = scenarios.Success
			}
			last := story[strings.LastIndex(story, "Step 4."):]
			for _, claim := range s.ClaimSteps() {
				for _, stage := range claim.Claim.Stages() {
					if claim.Refused == "" && !strings.Contains(last, ": "+stage.Status) {
						t.Errorf("no claim is %s:\n%s", stage.Status, last)
					}
				}
				if refused := strings.Contains(last, "400 Bad Request"); claim.Refused != "" && !refused {
					t.Errorf("no claim is refused:\n%s", last)
				}
			}
			switch {
			case want == "" && !strings.Contains(last, "none came"):
				t.Errorf("of the last check something comes:\n%s", last)
			case !strings.Contains(last, want):
				t.Errorf("the last check does not end with %q:\n%s", want, last)
			}
		})
	}
}

// The demo also handles cases missing from the catalogue: faults without an end, and the rest of the language.
func TestTheDemoTellsWhatItSees(t *testing.T) {
	t.Parallel()
	const gaveUp = "the client has tried 6 times, and gives up"
	for name, tc := range map[string]struct {
		story string
		want  []string // in this order
		never string
	}{
		"an API that never starts a check": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, status: 503}]",
			[]string{"the request has failed with 503", gaveUp, "The client knows of no check", "none came", "What is on the patient?"}, "Success",
		},
		"connections that are always reset": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, reset: true}]",
			[]string{"the connection was reset", gaveUp, "of whose start the client has never got a reply"}, "none came",
		},
		"a patient who cannot be read": {
			"answer: Success\nhttp: [{operation: getUser, html: true}]",
			[]string{"\"Success\"", "a page has come in place of a reply", gaveUp, "does not learn"}, "",
		},
		"a card that cannot be stored": {
			"when: {first_name: Pat}\nanswer: Success\nhttp: [{operation: updateMe, truncated: true}]",
			[]string{"the reply has ended in the middle", gaveUp, "The story ends here"}, "Step 4",
		},
		"a sign-on that never works": {
			"when: {first_name: Pat}\nanswer: Success\nhttp: [{operation: signOn, malformed: true}]",
			[]string{"the reply is no JSON", gaveUp, "The story ends here"}, "Step 3",
		},
		"a refusal on purpose": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, times: 1, status: 404}]",
			[]string{"the request has failed with 404: the client tries again", "ends: Success"}, gaveUp,
		},
		"a silent answer behind a held one": {
			"answers: [Success, silent]\nwebhook: {after_read: true}",
			[]string{"none came yet", "after the reading", "once more", "none came", "Nothing new is saved"}, "an earlier one",
		},
		"a token that is never taken": {
			"answer: Success\nhttp: [{operation: startEligibilityCheck, status: 401}]",
			[]string{"the token is not taken: the client signs on again", gaveUp, "none came"}, "",
		},
		"an answer for the secondary card": {
			"answer: {secondary: Out of Network}",
			[]string{"insurance.secondary_subscriber_num=79", "ends: Out of Network", `{"secondary": {"eligibility_response": "Out of Network"}}`}, "primary",
		},
		"an event behind the next one": {
			"answers: [Success, Out of Network]\nwebhook: {hold: next}",
			[]string{
				"none came yet: the scenario has it held back", "once more", `"eligibility_response": "Out of Network"`,
				`"eligibility_response": "Success"`, "it is of check 2505465, an earlier one",
			}, "another patient",
		},
		"the third check": {
			"when: {subscriber_num: \"79\", nth: 3}\nanswer: T4\nwebhook: {duplicate: 4}",
			[]string{"ends: Success", "ends: Success", "ends: Payer name or identifier missing", "the same, for the 4th time"}, "none came",
		},
		"a stale event at first": {
			"answer: Success\nwebhook: {timestamp: stale, attempts: 2}",
			[]string{"10m0s before it was sent", "after 5s", "the receiver answers 401", "after 5m0s", "it comes for the 3rd time"}, "",
		},
		"two nights": {
			"when: {subscriber_num: \"79\", time: 02:00..02:05}\nanswers: [silent, Success]",
			[]string{"Its time", "02:00:00", "none came", "the clinic's clock is moved to the next one", "ends: Success"}, "",
		},
		"an account, an insurer and a person": {
			"when: {account_code: other, carrier_code: ours, first_name: Pat, respparty: child, group_number: HMO*}\nanswer: {primary: Success, secondary: silent}\npatient: {guarantor_name: Sam}",
			[]string{"X-AccountCode: other", "first_name=Pat", "insurance.patient.guarantor_name=Sam", "insurance.primary_group_number=HMO1", "insurance.respparty=child"}, "ended early",
		},
		"an answer in ten years": {
			"answer: {text: Success, after: 87600h}",
			[]string{"That would take 87600h0m0s: the clinic's clock is moved by 8784h0m0s, and no further", "none came"}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, text := t.TempDir(), tc.story
			if !strings.HasPrefix(text, "when:") {
				text = "when: {subscriber_num: \"79\"}\n" + text
			}
			if err := os.WriteFile(filepath.Join(dir, "s.yaml"), []byte("title: A story\n"+text+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			story := demonstrate(t, "--scenarios", dir, "--scenario", "s")
			rest := story
			for _, want := range tc.want {
				_, after, found := strings.Cut(rest, want)
				if !found {
					t.Fatalf("%q is missing, or not in order:\n%s", want, story)
				}
				rest = after
			}
			if tc.never != "" && strings.Contains(story, tc.never) {
				t.Errorf("%q is told:\n%s", tc.never, story)
			}
		})
	}
}
