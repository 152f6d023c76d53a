package scenarios_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// A scenario is refused only when one before it really answers all of its checks.
func TestAScenarioIsShadowedByWhatCoversIt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		first, second string
		shadowed      bool
	}{
		{`{subscriber_num: "7*"}`, `{subscriber_num: "71"}`, true},
		{`{subscriber_num: "7*"}`, `{subscriber_num: "7?"}`, false},
		{`{subscriber_num: "7*"}`, `{subscriber_num: ["71", "8"]}`, false},
		{`{first_name: Pat}`, `{first_name: PAT, nth: 1}`, true},
		{`{email: "*@example.com"}`, `{email: Pat@Example.com}`, true},
		{`{code: pat}`, `{code: PAT}`, false},
		{`{date: "2030-*"}`, `{date: 2030-12-24..2031-01-02}`, false},
		{`{date: "2030-*"}`, `{date: 2030-12-24..2030-12-26}`, true},
		{`{date: "203?-*"}`, `{date: 2030-12-24}`, true},
		{`{date: "*-2?"}`, `{date: 2030-12-24..2031-01-24}`, false},
		{`{date: "*-24"}`, `{date: 2030-12-24..2030-12-24}`, true},
		{`{date: "*"}`, `{date: 2030-12-24..2031-01-02}`, true},
		{`{date: 2030-01-01..2030-12-31}`, `{date: 2030-12-24}`, true},
		{`{date: 2030-01-01..2030-12-31}`, `{date: 2030-12-24..2030-12-31}`, true},
		{`{date: 2030-01-01..2030-12-31}`, `{date: 2030-12-24..2031-01-01}`, false},
		{`{date: 2030-01-01..2030-12-31}`, `{date: "2030-*"}`, false}, // it may say no
		{`{date: 2030-12-24}`, `{date: 2030-12-24..2030-12-25}`, false},
		{`{time: 08:00..18:00}`, `{time: 09:00..18:00}`, true},
		{`{time: 08:00..18:00}`, `{time: 17:00..08:00}`, false},
		{`{time: 22:00..06:00}`, `{time: 23:00..05:00}`, true},
		{`{time: 22:00..06:00}`, `{time: 00:00..06:00}`, true},
		{`{time: 22:00..06:00}`, `{time: 21:59..06:00}`, false},
		{`{time: 22:00..06:00}`, `{time: 05:00..23:00}`, false},
		{`{date: ..2030-12-31}`, `{date: 2030-12-24}`, true},
		{`{date: 2030-01-01..}`, `{date: 2030-12-24..}`, true},
		{`{date: 2030-12-24..}`, `{date: 2030-01-01..}`, false},
		{`{dob: ..1960-12-31}`, `{dob: 1950-01-01..1960-12-31}`, true},
		{`{age: 18..}`, `{age: 20..30}`, true},
		{`{age: 18..}`, `{age: ..30}`, false},
		{`{gender: female}`, `{gender: 2}`, true},
		{`{weekday: sat}`, `{weekday: sat, time_zone: Asia/Tokyo}`, false},
		{`{weekday: sat, time_zone: Asia/Tokyo}`, `{weekday: sat, time_zone: Asia/Tokyo}`, true},
		{`{zip: 1, time_zone: Asia/Tokyo, age: 1}`, `{zip: 1, age: 1}`, false},
		{`{absent: zip}`, `{absent: [zip, email]}`, true},
		{`{absent: zip}`, `{code: a}`, false},
		{`{code: a, not: {card: secondary}}`, `{code: a}`, false},
		{`{code: a, not: {card: secondary}}`, `{code: a, card: primary}`, true},
		{`{code: a, not: {card: secondary}}`, `{code: a, not: {card: secondary}}`, true},
		{`{code: a, not: {zip: "9*"}}`, `{code: a, zip: 48226}`, true},
		{`{code: a, not: {zip: "9*"}}`, `{code: a, zip: 90210}`, false},
		{`{code: a, not: {zip: "9*"}}`, `{code: a, absent: zip}`, true},
	} {
		file := func(when string) *fstest.MapFile {
			return &fstest.MapFile{Data: []byte("title: T\nwhen: " + when + "\nanswer: Success\n")}
		}
		_, err := scenarios.LoadDir(fstest.MapFS{"a.yaml": file(tc.first), "b.yaml": file(tc.second)})
		if shadowed := err != nil && strings.Contains(err.Error(), "b.yaml:2:1: never answers"); shadowed != tc.shadowed {
			t.Errorf("%s before %s: %v", tc.first, tc.second, err)
		}
	}
}

func TestACharacterOfManyBytesIsOne(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]bool{"Jos?": true, "J?s?": true, "Jos??": false, "*?": true, "*é": true,
		"jos?": true, "José?": false, "?????": false} {
		x := load(t, "when: {first_name: \""+pattern+"\"}\nanswer: Success").Index()
		if _, got := x.Find(scenarios.Check{FirstName: "José"}); got != want {
			t.Errorf("%s matches José: %t", pattern, got)
		}
	}
	if ties := load(t, "when: {first_name: Jos?, nth: 1}\nanswer: Success",
		"when: {first_name: José}\nanswer: Success").Ties(); len(ties) != 1 {
		t.Errorf("%d ties", len(ties))
	}
}
