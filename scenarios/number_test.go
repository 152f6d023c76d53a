package scenarios_test

import (
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// People type numbers with spaces, hyphens and in lower case, on cards and in files. Each spelling matches every other
// one, and so do patterns. Other fields are compared unchanged.
func TestNumbersMatchAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		when, member, group string
		want                bool
	}{
		{`{subscriber_num: "70020001"}`, "7002 0001", "", true},
		{`{subscriber_num: "70020001"}`, " 7002-0001 ", "", true},
		{`{subscriber_num: "7002-0001"}`, "70020001", "", true},
		{`{subscriber_num: "7002 0001"}`, "7002\u20130001", "", true},
		{`{subscriber_num: "7002????"}`, "7002-0001", "", true},
		{`{subscriber_num: "7002-????"}`, "70020001", "", true},
		{`{subscriber_num: "7002????"}`, "7002-001", "", false},
		{`{subscriber_num: "AB*"}`, "a b-1", "", true},
		{`{subscriber_num: "ab-*"}`, "AB1", "", true},
		{`{subscriber_num: ["9", "ab 1"]}`, "AB-1", "", true},
		{`{subscriber_num: "70020001"}`, "7002.0001", "", false},
		{`{subscriber_num: "70020001"}`, "70020002", "", false},
		{`{subscriber_num: "-"}`, "", "", false},
		{`{subscriber_num: "-"}`, "-", "", true},
		{`{group_number: "HMO*"}`, "1", "h-mo 7", true},
		{`{group_number: "hmo 7"}`, "1", "HMO7", true},
		{`{group_number: "HMO*"}`, "1", "PPO 7", false},
		{`{code: "7002-0001"}`, "7002-0001", "", false},
	} {
		check := scenarios.Check{SubscriberNum: tc.member, GroupNumber: tc.group, Code: "70020001", Card: "primary"}
		if _, got := load(t, "when: "+tc.when+"\nanswer: Success").Index().Find(check); got != tc.want {
			t.Errorf("%s matches member %q, group %q: %t", tc.when, tc.member, tc.group, got)
		}
	}
}

// Among many scenarios, one is found by a number in any spelling, too.
func TestTheIndexFindsANumberInAnySpelling(t *testing.T) {
	t.Parallel()
	x := load(t,
		"when: {subscriber_num: \"1\"}\nanswer: Success",
		"when: {subscriber_num: \"W1-23\"}\nanswer: Success",
		"when: {group_number: \"g 9\"}\nanswer: Success",
	).Index()
	for _, tc := range []struct{ member, group, want string }{{"w 123", "", "01"}, {"W123", "", "01"},
		{"2", "G-9", "02"}} {
		got, _ := x.Find(scenarios.Check{SubscriberNum: tc.member, GroupNumber: tc.group, Card: "primary"})
		if got.ID != tc.want {
			t.Errorf("member %q, group %q is answered by %q, want %q", tc.member, tc.group, got.ID, tc.want)
		}
	}
}

// Two files with one number in different spellings are reported: as shadowed, or as a tie.
func TestFilesThatMeanOneNumberAreToldOf(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		one, two   string
		wrong, tie bool
	}{
		"the same":        {`{subscriber_num: "AB-1"}`, `{subscriber_num: "ab 1"}`, true, false},
		"a pattern first": {`{subscriber_num: "AB*"}`, `{subscriber_num: "a b-1"}`, true, false},
		"neither covers": {`{subscriber_num: "A-B1", dob: 1980-01-01}`, `{subscriber_num: "ab1", last_name: Roe}`, false,
			true},
		"patterns that meet": {`{subscriber_num: "A-B*"}`, `{subscriber_num: "*b 1"}`, false, true},
		"groups":             {`{group_number: "HMO 1"}`, `{group_number: "hmo1"}`, true, false},
		"other numbers":      {`{subscriber_num: "AB-1"}`, `{subscriber_num: "AB-2"}`, false, false},
		"no numbers":         {`{code: "AB-1"}`, `{code: "AB1"}`, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			review := scenarios.ReviewFiles([]scenarios.File{
				{Name: "one.yaml", Data: []byte("title: One\nwhen: " + tc.one + "\nanswer: Success\n")},
				{Name: "two.yaml", Data: []byte("title: Two\nwhen: " + tc.two + "\nanswer: \"72\"\n")},
			})
			if wrong, tie := len(review.Problems) > 0, len(review.Notes) > 0; wrong != tc.wrong || tie != tc.tie {
				t.Errorf("problems %v, notes %v", review.Problems, review.Notes)
			}
			for _, p := range review.Problems {
				if !strings.Contains(p.Rule, "never answers") {
					t.Errorf("the problem is %s", p.Rule)
				}
			}
		})
	}
}
