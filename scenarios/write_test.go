package scenarios_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// sameStory compares scenarios without their places in files.
var sameStory = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(scenarios.Scenario{}, "File", "Line"),
	cmpopts.IgnoreFields(scenarios.Answer{}, "Line"),
	cmpopts.IgnoreFields(scenarios.Claim{}, "Line"),
}

// rewrite writes a scenario out and loads the result.
func rewrite(t *testing.T, s scenarios.Scenario) string {
	t.Helper()
	text, err := scenarios.Write(s)
	if err != nil {
		t.Fatalf("%+v is not written: %s", s, err)
	}
	again, err := scenarios.Load(s.ID+".yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, again, sameStory); diff != "" {
		t.Fatalf("written as %q (-before +after):\n%s", text, diff)
	}
	return string(text)
}

func TestWhatIsWrittenLoadsToTheSame(t *testing.T) {
	t.Parallel()
	set, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range set {
		rewrite(t, s)
	}
}

// Write produces the form a person would write: these files come back as they are.
func TestTheShortFormsAreWritten(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"one answer": "title: T\nlabels: [eligible, mock-only]\nwhen: {subscriber_num: \"70000001\"}\nanswer: Success\n",
		"silent":     "title: T\nwhen: {carrier_code: (sandbox) HUMANA, subscriber_num: [\"7*\", A1]}\nanswer: silent\n",
		"after":      "title: It takes a while\nwhen: {nth: [\"1\", \"3\"]}\nanswer: {text: Success, after: 10m}\n",
		"at": "title: T\nwhen: {date: 2030-01-01..2030-01-31, time: 22:00..06:00}\nanswer: {text: Success, at: " +
			"17:30}\n",
		"at once": "title: T\nwhen: {dob: 1986-01-01}\nanswer: {text: Success, after: 0s}\n",
		"in turn": "title: T\nwhen: {weekday: [sat, sun]}\nanswers:\n  - No response received by clearinghouse\n  - " +
			"{text: Success, after: 1h30m}\n  - {text: Success, after: 2h}\n",
		"by card": "title: T\nwhen: {carrier_code: c}\nanswers:\n  primary: Success\n  secondary:\n    - silent\n    " +
			"- Out of Network\n",
		"webhook": "title: T\nwhen: {card: secondary}\nanswer: Success\nwebhook: {refused: 2, hold: next, signature: " +
			"bad, slow: 3s}\n",
		"http": "title: T\nwhen: {nth: \"1\"}\nhttp:\n  - {operation: getUser, times: 2, probability: 0.5, " +
			"latency: 200ms~5s}\n  - {status: 429, retry_after: 30s}\n",
		"calls": "title: T\nwhen: {nth: \"1\"}\nanswer: Success\nclinic: {cron_delay: 1m, webhook: false}\ncalls: " +
			"[check, {wait: 10m}, read, {check: secondary}]\n",
		"nobody": "version: v1\ntitle: \"Yes: #1, 'so to say'\"\npatient: {dob: 1980-02-29, without: " +
			"[subscriber_num]}\nexpect: Invalid/Missing subscriber/insured ID\npreview: {subscriber_num: \"0012\"}\n",
		"expectations": "title: T\nexpect:\n  - no answer\n  - Success\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := scenarios.Load("s.yaml", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if got := rewrite(t, s); got != text {
				t.Errorf("(-file +written):\n%s", cmp.Diff(text, got))
			}
			if err := bySchema(t, []byte(text)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestWhatBreaksARuleIsNotWritten(t *testing.T) {
	t.Parallel()
	number := scenarios.When{SubscriberNum: scenarios.Match{"1"}}
	success := []scenarios.Answer{{Text: "Success"}}
	for want, s := range map[string]scenarios.Scenario{
		"a.yaml:1:8: title is missing": {ID: "a", When: number, Answers: both(success...)},
		`did you mean "Success"?`:      {ID: "a", Title: "T", When: number, Answers: both(scenarios.Answer{Text: "Succes"})},
		"keep one of them": {ID: "a", Title: "T", When: number,
			Answers: scenarios.Answers{Both: success, Primary: success}},
	} {
		if _, err := scenarios.Write(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; want %s", s, err, want)
		}
	}
	text, err := scenarios.Write(scenarios.Scenario{ID: "a", Title: "T", When: number,
		Answer: &scenarios.Answers{Both: []scenarios.Answer{{Text: "aa"}}}})
	if err != nil || !strings.Contains(string(text), "answer: Authorization number not found.\n") {
		t.Errorf("a code is written as %q, %v", text, err)
	}
}
