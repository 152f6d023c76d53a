package drift_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/contract/drift"
	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// file returns the results of a run with these parts.
func file(seen ...string) report.File {
	f := report.File{Coverage: &result.Coverage{}}
	f.Requirements = []result.Requirement{{ID: "A-1", State: result.Passed}}
	f.Seen.Exercised = []string{"getMe no-token", "getUser ok", "listUsers ok"}
	for _, text := range append(
		seen, "getUser 200", "getUser 200 application/json", "getUser 200 application/json /data",
	) {
		var p result.Part
		if err := p.UnmarshalText([]byte(text)); err != nil {
			panic(err)
		}
		f.Coverage.Seen = append(f.Coverage.Seen, p)
	}
	return f
}

// and adds a cause to results.
func and(f report.File, class result.Class, kind result.Kind, pointer, expected, got string) report.File {
	key := result.Key{Kind: kind, Operation: "getUser", Case: result.OK, Pointer: pointer, Expected: expected, Got: got}
	f.Causes = append(f.Causes, result.Cause{ID: key.ID(), Key: key, Class: class})
	return f
}

// ended returns the results of a broken run.
func ended(f report.File) report.File {
	f.Broken = "the target went away"
	return f
}

func texts(lines []drift.Line) string {
	var all []string
	for _, l := range lines {
		all = append(all, string(l.Class)+" "+string(l.Verdict)+": "+l.Text)
	}
	return strings.Join(all, "\n")
}

// A change of the target is one line: a cause if there is one, and otherwise the outermost part that is new or gone.
func TestEachChangeBetweenRunsIsOneLine(t *testing.T) {
	t.Parallel()
	const breaking, additive = result.Breaking, result.Additive
	known := and(file(), breaking, result.Status, "", "200", "500")
	known.Causes[0].Known = "a gateway"
	unreached := and(file(), breaking, result.Status, "", "200", "500")
	unreached.Causes[0].Case = result.Limit
	for name, tc := range map[string]struct {
		before, now report.File
		want        string
	}{
		"nothing": {file(), file(), ""},
		"a new cause": {
			file(), and(file(), breaking, result.Missing, "/data/a", "string", "absent"),
			"breaking new: missing getUser (ok) /data/a: string -> absent",
		},
		"a gone cause": {
			and(file(), breaking, result.Missing, "/data/a", "string", "absent"), file(),
			"breaking gone: missing getUser (ok) /data/a: string -> absent",
		},
		"the same one": {
			and(file(), breaking, result.Null, "/a", "", ""),
			and(file(), breaking, result.Null, "/a", "", ""), "breaking known: null getUser (ok) /a",
		},
		"a known one":   {file(), known, "breaking known: status getUser (ok): 200 -> 500"},
		"one not tried": {unreached, file(), ""},
		"a broken run now": {
			and(file("getMe 200"), breaking, result.Missing, "/data/a", "string", "absent"), ended(file()), "",
		},
		"a broken run before": {
			ended(file()), and(file("getMe 200"), breaking, result.Missing, "/data/a", "string", "absent"),
			"breaking new: missing getUser (ok) /data/a: string -> absent",
		},
		"a field is missing": {
			file("getUser 200 application/json /data/a", "getUser 200 application/json /data/a/b"),
			and(
				file(), breaking, result.Missing, "/data/a", "object", "absent",
			), "breaking new: missing getUser (ok) /data/a: object -> absent",
		},
		"an optional field is gone": {
			file(
				"getUser 200 application/json /data/a", "getUser 200 application/json /data/a/b",
				`getUser 200 application/json /data/a="x"`,
			), file(),
			"unclear removed: field getUser 200 application/json /data/a is no longer seen",
		},
		"a documented field comes": {
			file(), file("getUser 200 application/json /data/a"),
			"additive added: field getUser 200 application/json /data/a is seen for the first time",
		},
		"a documented value comes": {
			file(`getUser 200 application/json /data="x"`),
			file(`getUser 200 application/json /data="x"`, `getUser 200 application/json /data="y"`),
			`additive added: value getUser 200 application/json /data="y" is seen for the first time`,
		},
		"an undocumented one comes": {
			file(), and(file(), result.Unclear, result.Enum, "/data", "x", "z"),
			"unclear new: enum getUser (ok) /data: x -> z",
		},
		"an operation is gone": {
			file("getMe 200", "getMe 200 application/json", "getMe 401"), file(),
			"unclear removed: operation getMe is no longer seen",
		},
		"another status": {
			file(), and(
				file("getUser 500", "getUser 500 application/json"), breaking, result.Status, "", "200", "500",
			),
			"breaking new: status getUser (ok): 200 -> 500",
		},
		"a documented status comes": {
			file(), file("getUser 429", "getUser 429 application/json"),
			"additive added: status getUser 429 is seen for the first time",
		},
		"an event comes": {
			file(), file("claim.updated 2.0", "claim.updated 2.0 /id"),
			"additive added: operation claim.updated is seen for the first time",
		},
		"a new field by a cause": {
			file(), and(file(), additive, result.Undeclared, "/data/plan", "", "integer"),
			"additive new: undeclared getUser (ok) /data/plan: nothing -> integer",
		},
	} {
		lines, notes := drift.Runs(tc.before, tc.now)
		if diff := cmp.Diff(tc.want, texts(lines)); diff != "" || len(notes) > 0 && tc.before.Broken+tc.now.Broken == "" {
			t.Errorf("%s (-want +got): %q\n%s", name, notes, diff)
		}
	}
}

// Runs of different targets or requirements have notes.
func TestRunsThatAreNotAlikeHaveNotes(t *testing.T) {
	t.Parallel()
	before, now := file(), file()
	before.Requirements = []result.Requirement{
		{ID: "A-1", State: result.Passed}, {ID: "A-2", State: result.Failed}, {ID: "A-3", State: result.NotTestable},
	}
	now.Requirements = []result.Requirement{{ID: "A-1", State: result.Passed}}
	before.Target.Name, before.Document, now.Broken, now.Coverage = "preview", "1", "the target went away", nil
	nothing := file()
	nothing.Requirements[0].State = result.NotTestable
	_, notes := drift.Runs(before, now)
	want := []string{
		"the fields are not compared, because one of the results has no coverage", "the two runs have different targets",
		"the two runs have different versions of openapi.yaml", "the run now ended early: the target went away",
		"1 of the requirements completed before were stopped or not tested now; the parts of openapi.yaml that only they " +
			"may show are not compared",
	}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, notes := drift.Runs(nothing, nothing); len(notes) != 1 || notes[0] != "nothing was tested now" {
		t.Errorf("two runs without a tested requirement: %q", notes)
	}
}

// counted returns the results of a run with a field in some of the objects around it.
func counted(pointer string, with, of int) report.File {
	f := file()
	p := result.Part{Operation: "getUser", Status: 200, MediaType: "application/json", Pointer: pointer}
	f.Coverage.Gaps = map[result.Part]result.Gap{}
	if with > 0 {
		f.Coverage.Seen = append(f.Coverage.Seen, p)
	}
	if with > 0 && with < of {
		f.Coverage.Gaps[p] = result.Gap{Without: of - with, Of: of}
	}
	return f
}

// An optional field in fewer replies is a change, as far as the run before is evidence.
func TestAFieldInFewerRepliesIsALine(t *testing.T) {
	t.Parallel()
	const field, ofItem = "/data/a", "/data/*/a"
	more := counted(field, 5, 10)
	more.Requirements = append(more.Requirements, result.Requirement{ID: "B-1", State: result.Passed})
	fewer := counted(field, 10, 10)
	fewer.Requirements = append(fewer.Requirements, result.Requirement{ID: "B-1", State: result.Passed})
	unmeasured := counted(field, 10, 10)
	unmeasured.Coverage.Gaps = nil
	behind := and(counted(field, 5, 10), result.Breaking, result.Status, "", "200", "500")
	behind.Requirements[0].Stopped, behind.Requirements[0].Causes = true, []string{behind.Causes[0].ID}
	line := func(pointer, numbers, before string) string {
		return "unclear rarer: field getUser 200 application/json " + pointer + " is missing from " + numbers +
			" objects now, and was missing from " + before + " before"
	}
	for name, tc := range map[string]struct {
		before, now report.File
		want        string
	}{
		"in each":                   {counted(field, 10, 10), counted(field, 12, 12), ""},
		"in each, and then in half": {counted(field, 10, 10), counted(field, 5, 10), line(field, "5 of 10", "none")},
		"in each, and then in no more": {fewer, counted(field, 0, 10), "unclear removed: field getUser 200 " +
			"application/json " + field + " is no longer seen"},
		"in each of more":             {fewer, counted(field, 5, 10), line(field, "5 of 10", "none")},
		"other requirements now":      {counted(field, 10, 10), more, ""},
		"no numbers before":           {unmeasured, counted(field, 5, 10), ""},
		"in most items":               {counted(ofItem, 50, 50), counted(ofItem, 48, 50), ""},
		"in half of the items":        {counted(ofItem, 50, 50), counted(ofItem, 25, 50), line(ofItem, "25 of 50", "none")},
		"in some, and then in fewer":  {counted(field, 8, 10), counted(field, 4, 10), line(field, "6 of 10", "2")},
		"in some, and then in nearly": {counted(field, 8, 10), counted(field, 7, 10), ""},
		"in some of other numbers":    {counted(field, 8, 10), counted(field, 4, 11), ""},
		"behind a stop": {counted(field, 10, 10), behind, "breaking new: status getUser (ok): 200 -> 500\n" +
			line(field, "5 of 10", "none")},
	} {
		lines, _ := drift.Runs(tc.before, tc.now)
		if diff := cmp.Diff(tc.want, texts(lines)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A new cause has the ids of the requirements stopped by it. The parts and causes of their later requests are no lines.
func TestACauseHasTheRequirementsThatItStopped(t *testing.T) {
	t.Parallel()
	before := and(selected(9, "A-1", "B-1", "C-1"), result.Breaking, result.Null, "/data/late", "", "")
	before.Requirements[1].Causes, before.Requirements[1].State = []string{before.Causes[1].ID}, result.Failed
	now := and(selected(3, "A-1"), result.Breaking, result.Missing, "/data/id", "present", "absent")
	for i, id := range []string{"B-1", "C-1"} {
		now.Requirements = append(now.Requirements, result.Requirement{
			ID: id, State: []result.State{result.Blocked, result.Failed}[i], Stopped: i == 1, Causes: []string{now.Causes[1].ID},
		})
	}
	lines, notes := drift.Runs(before, now)
	want := "breaking new: missing getUser (ok) /data/id: present -> absent\n" +
		"breaking known: missing getUser (ok) /data/A-1: string -> absent"
	if diff := cmp.Diff(want, texts(lines)); diff != "" || len(notes) != 1 {
		t.Fatalf("(-want +got): %q\n%s", notes, diff)
	}
	if diff := cmp.Diff([]string{"B-1", "C-1"}, lines[0].Stopped); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// selected returns the results of a run of these requirements. Each shows a field of getUser that is named after it,
// in some replies. The first one signs on, too, and has a cause.
func selected(replies int, ids ...string) report.File {
	parts := []string{}
	for i, id := range ids {
		parts = append(parts, "getUser 200 application/json /data/"+strings.ToLower(id))
		if i == 0 {
			parts = append(parts, "signOn 200", "signOn 200 application/json")
		}
	}
	f := and(file(parts...), result.Breaking, result.Missing, "/data/"+ids[0], "string", "absent")
	f.Requirements, f.Coverage.Messages = nil, map[string]int{"getUser": replies, "signOn": 1}
	for i, id := range ids {
		r := result.Requirement{ID: id, State: result.Passed}
		if i == 0 {
			r.State, r.Causes = result.Failed, []string{f.Causes[0].ID}
		}
		f.Requirements = append(f.Requirements, r)
	}
	return f
}

// untested returns the results with a requirement that could not be tested, and without its replies.
func untested(f report.File, id string) report.File {
	f.Requirements = append(f.Requirements, result.Requirement{ID: id, State: result.NotTestable})
	return f
}

// Requirements that only one of two runs has tested are in a note. The parts and the causes that only they show are no
// change of the target; those of an operation with as many replies are.
func TestAnotherSelectionIsNoChangeOfTheTarget(t *testing.T) {
	t.Parallel()
	all := selected(4, "A-1", "B-1")
	const cause = "missing getUser (ok) /data/A-1: string -> absent"
	for name, tc := range map[string]struct {
		before, now report.File
		want        string
		notes       int
	}{
		"the same":     {all, selected(4, "A-1", "B-1"), "breaking known: " + cause, 0},
		"fewer now":    {all, drop(selected(2, "B-1")), "", 1},
		"not testable": {all, untested(drop(selected(2, "B-1")), "A-1"), "", 1},
		"others now":   {all, drop(selected(9, "C-1")), "", 2},
		"more now": {
			drop(selected(2, "B-1")), all, "breaking first tested: " + cause, 1,
		},
		"as many replies": {
			all, drop(selected(4, "B-1")), "unclear removed: field getUser 200 application/json /data/a-1 is no longer seen", 1,
		},
		"a lost operation": {
			drop(all), without(drop(selected(4, "A-1", "B-1")), "signOn"),
			"unclear removed: operation signOn is no longer seen", 0,
		},
	} {
		lines, notes := drift.Runs(tc.before, tc.now)
		if diff := cmp.Diff(tc.want, texts(lines)); diff != "" || len(notes) != tc.notes || drift.Breaks(
			lines, []result.Class{result.Breaking, result.Unclear},
		) != strings.Contains(tc.want, "removed") {
			t.Errorf("%s (-want +got): %q\n%s", name, notes, diff)
		}
	}
}

// drop returns the results without their causes.
func drop(f report.File) report.File {
	f.Causes, f.Requirements = nil, slices.Clone(f.Requirements)
	for i := range f.Requirements {
		f.Requirements[i].Causes = nil
	}
	return f
}

// without returns the results without the parts of an operation.
func without(f report.File, operation string) report.File {
	f.Coverage.Seen = slices.DeleteFunc(f.Coverage.Seen, func(p result.Part) bool { return p.Operation == operation })
	return f
}

func TestOnlyNewDifferencesOfAClassFail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		line  drift.Line
		fails bool
	}{
		{drift.Line{Verdict: drift.NewCause, Class: result.Breaking}, true},
		{drift.Line{Verdict: drift.Removed, Class: result.Breaking}, true},
		{drift.Line{Verdict: drift.NewCause, Class: result.Unclear}, false},
		{drift.Line{Verdict: drift.GoneCause, Class: result.Breaking}, false},
		{drift.Line{Verdict: drift.KnownCause, Class: result.Breaking}, false},
		{drift.Line{Verdict: drift.FirstTested, Class: result.Breaking}, false},
	} {
		if got := drift.Breaks(
			[]drift.Line{{Verdict: drift.Added, Class: result.Additive}, tc.line}, []result.Class{result.Breaking},
		); got != tc.fails {
			t.Errorf("%+v fails: %v", tc.line, got)
		}
	}
}

// Texts for people and annotations have one line for each difference, even if its text has several. Known causes are
// counted.
func TestLinesAreWritten(t *testing.T) {
	t.Parallel()
	lines := []drift.Line{
		{Verdict: drift.NewCause, Class: result.Breaking, Text: "a\n::error::b ##[error]", At: 7,
			Stopped: []string{"A-1", "A-2"}},
		{Verdict: drift.Added, Class: result.Additive, Text: "c"},
		{Verdict: drift.GoneCause, Class: result.Breaking, Text: "d"},
		{Verdict: drift.KnownCause, Class: result.Breaking, Text: "e"},
	}
	var text, annotations, none, partly bytes.Buffer
	if err := drift.Text(&text, lines, []string{"f"}); err != nil {
		t.Fatal(err)
	}
	want := "breaking  new            a\\n::error::b # #[error]\n                         2 requirements stopped behind " +
		"it\nadditive  added          c\n-         gone           d\nknown: 1\nnote: f\n"
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	if err := drift.Annotations(&annotations, lines, []result.Class{result.Breaking}); err != nil {
		t.Fatal(err)
	}
	want = "::error file=openapi.yaml,line=7,title=breaking%2C new::a\\n::error::b ##[error]; 2 requirements stopped " +
		"behind it\n::notice " +
		"title=added::c\n::notice title=gone::d\n"
	if diff := cmp.Diff(want, annotations.String()); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
	if err := drift.Text(&none, lines[3:], nil); err != nil || none.String() != "nothing has changed\nknown: 1\n" {
		t.Errorf("%q, %v", none.String(), err)
	}
	err := drift.Text(&partly, nil, []string{"f\n::error::b"})
	if want := "note: f\\n::error::b\n"; err != nil || partly.String() != want {
		t.Errorf("%q, %v, want %q", partly.String(), err, want)
	}
}
