package scenarios_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

func fileOf(name, text string) scenarios.File {
	return scenarios.File{Name: name, Data: []byte("title: T\n" + text + "\n")}
}

func TestALookSaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	r := scenarios.ReviewFiles([]scenarios.File{
		fileOf("b/twin.yaml", "when: {subscriber_num: 1}\nanswer: Success"),
		fileOf("a/good.yaml", "when: {subscriber_num: 1}\nanswer: Success"),
		fileOf("a/twin.yaml", "when: {subscriber_num: 2}\nanswer: Success"),
		fileOf("a/bad.yaml", "anwser: Success"),
		fileOf("a/shadowed.yaml", "when: {subscriber_num: 1, card: primary}\nanswer: Success"),
		fileOf("a/other.yml", "expect: Success"),
		fileOf("a/tie.yaml", "when: {card: primary}\nanswer: Success"),
	})
	var got []string
	for _, p := range append(r.Problems, r.Notes...) {
		first, _, _ := strings.Cut(p.Error(), "\n")
		got = append(got, first)
	}
	want := []string{
		`a/bad.yaml:2:1: unknown key "anwser"; did you mean "answer"?`,
		"a/other.yml: a scenario's file ends in .yaml; rename it",
		"a/twin.yaml: b/twin.yaml has the id twin, too; rename one of the two",
		"a/shadowed.yaml:2:1: never answers: a/good.yaml:2 comes first and answers all of its checks; make one of them " +
			"more specific, or rename this file to come first",
		"b/twin.yaml:2:1: never answers: a/good.yaml:2 comes first and answers all of its checks; make one of them more " +
			"specific, or rename this file to come first",
		"a/tie.yaml:2:1: can match the same check as a/good.yaml:2: the first by name answers; make one of them more " +
			"specific, unless this is intended",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(r.Set) != 2 || r.FaultyFiles() != 5 {
		t.Errorf("%d load, %d are wrong", len(r.Set), r.FaultyFiles())
	}
}

func TestATieIsWhatNamesAloneDecide(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		tie  bool
	}{
		{`{subscriber_num: "1"}`, `{subscriber_num: "2"}`, false},
		{`{subscriber_num: "1"}`, `{carrier_code: c}`, true},
		{`{subscriber_num: "1", carrier_code: c}`, `{carrier_code: c}`, false}, // the more particular one comes first
		{`{subscriber_num: "7*"}`, `{subscriber_num: "*1"}`, true},
		{`{subscriber_num: "7*2"}`, `{subscriber_num: "*1"}`, false},
		{`{subscriber_num: "7?"}`, `{subscriber_num: "??1"}`, true}, // no value matches both; the check is not so exact
		{`{subscriber_num: "7??"}`, `{subscriber_num: "?*1"}`, true},
		{`{subscriber_num: ["1", "2"]}`, `{subscriber_num: ["2", "3"]}`, true},
		{`{first_name: PAT, nth: 1}`, `{first_name: "p*", card: primary}`, true},
		{`{card: primary, nth: 1}`, `{card: secondary}`, false},
		{`{date: 2030-01-01..2030-01-31}`, `{date: 2030-01-31..2030-02-28}`, true},
		{`{date: 2030-01-01..2030-01-31}`, `{date: 2030-02-01}`, false},
		{`{date: "2030-*", nth: 1}`, `{date: 2030-02-01}`, true},
		{`{time: 08:00..12:00}`, `{time: 12:00..13:00}`, false},
		{`{time: 08:00..12:00}`, `{time: 11:00..13:00}`, true},
		{`{time: 22:00..06:00}`, `{time: 05:00..07:00}`, true},
		{`{time: 07:00..21:00}`, `{time: 22:00..06:00}`, false},
		{`{time: 22:00..06:00}`, `{time: 21:00..05:00}`, true},
		{`{time: 23:00..23:30}`, `{time: 22:00..06:00}`, false}, // the more particular one comes first
	} {
		set := load(t, "when: "+tc.a+"\nanswer: Success", "when: "+tc.b+"\nanswer: Success")
		if got := len(set.Ties()) > 0; got != tc.tie {
			t.Errorf("%s and %s: a tie: %t", tc.a, tc.b, got)
		}
	}
	byCard := load(t, "when: {nth: 1}\nanswer: {primary: Success}", "when: {weekday: sat}\nanswer: {secondary: Success}")
	if ties := byCard.Ties(); len(ties) > 0 {
		t.Errorf("each answers a card of its own: %v", ties)
	}
}

func TestManyTiesAreOneNote(t *testing.T) {
	t.Parallel()
	var files []string
	for _, carrier := range []string{"a", "b", "c", "d", "e"} {
		files = append(files, "when: {carrier_code: "+carrier+"}\nanswer: Success")
	}
	ties := load(t, append(files, "when: {weekday: sat}\nanswer: Success")...).Ties()
	if len(ties) != 1 || !strings.Contains(ties[0].Error(), "05.yaml:2:1: can match the same check as 00.yaml:2, "+
		"01.yaml:2, 02.yaml:2 and 2 more: ") {
		t.Errorf("%v", ties)
	}
}
