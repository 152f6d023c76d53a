package scenarios_test

import (
	"slices"
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

// Every fault of a file is reported at once, values of a wrong kind included, and none that follows from another one.
func TestAllFaultsOfAFileAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	const rest = "\nwhen: {subscriber_num: 1}\nanswer: Success"
	for text, want := range map[string][]string{
		"visit: {outcome: lost, pickup_after: soon, note_after: 9000h, invoce: 3}" + rest: {
			"2:18: outcome must be completed, unanswered, left, cancelled or missed", "2:38: pickup_after must be a time span",
			"2:56: note_after must be a time span from 0s to 8760h", "2:63: unknown key \"invoce\"",
		},
		"visit: {outcome: missed, type: walk_in, pickup_after: soon, end_after: 1m, note_after: 1m}" + rest: {
			"2:32: only an appointment can be missed", "2:55: pickup_after must be a time span",
			"2:72: only a visit that is completed, unanswered, left or cancelled takes end_after",
			"2:88: only a visit that is completed takes note_after",
		},
		"visit: lost\nwhen: {nth: 0, dob: x, card: third}\nanswers: [Succes, {text: \"35\", at: noon}, silent]": {
			"2:8: outcome must be", "3:13: nth must be", "3:21: dob must be", "3:30: card must be",
			"4:11: \"Succes\" is neither",
			"4:36: at must be a time",
		},
		"visit: {outcom: missed}" + rest: {"2:9: unknown key \"outcom\""},
		"http: [{status: 200, times: -1}, {staus: 503}, {}]" + rest: {
			"2:17: status", "2:29: times", "2:35: unknown", "2:48: a fault needs",
		},
		"when: {subscriber_num: 1}\nanswer: Success\nexpect: [maybe]": {"4:10: \"maybe\" is neither"},
	} {
		r := scenarios.ReviewFiles([]scenarios.File{fileOf("f.yaml", text)})
		var got []string
		for _, p := range r.Problems {
			got = append(got, strings.TrimPrefix(p.Sentence(), "f.yaml:"))
		}
		if !slices.EqualFunc(got, want, strings.HasPrefix) || r.FaultyFiles() != 1 {
			t.Errorf("%s:\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
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
	const broad = "when: {weekday: sat}\nanswer: Success"
	for want, all := range map[string][]string{
		"05.yaml:2:1: can match the same check as 00.yaml:2, 01.yaml:2, 02.yaml:2 and 2 more: ": append(files, broad),
		"00.yaml:2:1: can match the same check as 01.yaml:2, 02.yaml:2, 03.yaml:2 and 2 more: ": append([]string{broad},
			files...),
	} {
		if ties := load(t, all...).Ties(); len(ties) != 1 || !strings.Contains(ties[0].Error(), want) {
			t.Errorf("%v, want %s", ties, want)
		}
	}
}
