package scenarios_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/golden"
	"github.com/vsee-mock/vsee-mock/internal/scalar"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

func both(answers ...scenarios.Answer) scenarios.Answers { return scenarios.Answers{Both: answers} }

// The two ends of the language: a file of four lines, and one with every key.
func TestWhatAFileSays(t *testing.T) {
	t.Parallel()
	ten, two := scalar.Fixed(10*time.Second), scalar.Fixed(2*time.Second)
	for name, tc := range map[string]struct {
		text string
		want scenarios.Scenario
	}{
		"short": {
			"title: Unknown\nwhen: {subscriber_num: \"70010001\"}\nanswer: Subscriber/Insured not found\n",
			scenarios.Scenario{
				ID: "short", File: "short.yaml", Line: 2, Title: "Unknown",
				When:    scenarios.When{SubscriberNum: scenarios.Match{"70010001"}},
				Answers: both(scenarios.Answer{Text: "Subscriber/Insured not found", Code: "75", Line: 3}),
			},
		},
		"long": {
			`title: Long
labels: [no-response, timing]
when: {carrier_code: car7551, subscriber_num: 0012, card: secondary}
answers:
  - {text: "80", after: 10s}
  - silent
  - {text: aa, after: 2s}
  - {silent: true}
webhook: {refused: 2}
patient: {first_name: Pat, last_name: Sample, dob: 1980-02-29, gender: 2, group_number: 7, without: [gender]}
expect: ["80", no answer]
preview: {carrier_code: (sandbox) HUMANA, subscriber_num: 11000022}
`,
			scenarios.Scenario{
				ID: "long", File: "long.yaml", Line: 3, Title: "Long", Labels: []string{"no-response", "timing"},
				When: scenarios.When{
					CarrierCode: scenarios.Match{"car7551"}, SubscriberNum: scenarios.Match{"0012"},
					Card: scenarios.Match{"secondary"},
				},
				Answers: both(
					scenarios.Answer{Text: "No response received by clearinghouse", Code: "80", After: &ten, Line: 5},
					scenarios.Answer{Silent: true, Line: 6},
					scenarios.Answer{Text: "Authorization number not found.", Code: "AA", After: &two, Line: 7},
					scenarios.Answer{Silent: true, Line: 8},
				),
				Webhook: scenarios.Webhook{Refused: 2},
				Patient: scenarios.Patient{
					FirstName: "Pat", LastName: "Sample", DOB: "1980-02-29", Gender: "2", GroupNumber: "7",
					Without: []string{"gender"},
				},
				Expect:  scenarios.Expect{"No response received by clearinghouse", scenarios.NoAnswer},
				Preview: &scenarios.Patient{CarrierCode: "(sandbox) HUMANA", SubscriberNum: "11000022"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := scenarios.Load(name+".yaml", []byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Each error of a file has a place and a remedy: one golden file for each file of testdata.
func TestWrongFilesAreRefusedWithAPlaceAndAHint(t *testing.T) {
	t.Parallel()
	wrong, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(wrong) < 20 {
		t.Fatalf("%d files, %v", len(wrong), err)
	}
	for _, path := range wrong {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = scenarios.Load(filepath.Base(path), data)
			if err == nil {
				t.Fatal("it is taken")
			}
			var p *scenarios.Problem
			if !errors.As(err, &p) || p.File == "" || p.Line == 0 || p.Rule == "" || p.Hint == "" {
				t.Errorf("no file, line, rule or hint: %+v", p)
			}
			golden.Is(t, "testdata/wrong/"+name+".golden", err.Error()+"\n")
		})
	}
}

func TestAFolderIsLoadedWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	good := &fstest.MapFile{Data: []byte("title: Good\nwhen: {subscriber_num: 1}\nanswer: Success\n")}
	set, err := scenarios.LoadDir(fstest.MapFS{"b.yaml": good, "a.yaml": {Data: []byte("title: A\nexpect: Success\n")},
		"notes.txt": {}})
	if err != nil || len(set) != 2 || set[0].ID != "a" || set[1].ID != "b" {
		t.Errorf("%v, %v", set, err)
	}
	_, err = scenarios.LoadDir(fstest.MapFS{"good.yaml": good, "twin.yaml": good,
		"bad.yaml": {Data: []byte("title: Bad\n")}, "worse.yaml": {Data: []byte("[")}, "other.yml": good})
	if err == nil {
		t.Fatal("a folder with wrong files is taken")
	}
	for _, want := range []string{"bad.yaml", "worse.yaml", "other.yml: a scenario's file ends in .yaml; rename it",
		"twin.yaml:2:1: never answers: good.yaml:2 comes first and answers all of its checks"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in the error:\n%s", want, err)
		}
	}
}

// A scenario with an answer for one card alone leaves the other card to later scenarios.
func TestAnAnswerForOneCardShadowsNothingOfTheOther(t *testing.T) {
	t.Parallel()
	file := func(answer string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("title: T\nwhen: {subscriber_num: 1}\nanswer: " + answer + "\n")}
	}
	_, err := scenarios.LoadDir(fstest.MapFS{"a.yaml": file("{primary: Success}"), "b.yaml": file("{secondary: Success}")})
	if err != nil {
		t.Error(err)
	}
	_, err = scenarios.LoadDir(fstest.MapFS{"a.yaml": file("{primary: Success}"), "b.yaml": file("{primary: silent}")})
	if err == nil || !strings.Contains(err.Error(), "b.yaml:2:1: never answers") {
		t.Errorf("a shadowed card: %v", err)
	}
}

// The scenario has no answer for this check, so expect may have any text: the mock answers by itself.
func TestACheckThatIsNotAnsweredMayBeExpected(t *testing.T) {
	t.Parallel()
	s := load(t, "when: {code: c}\nanswers: {primary: Out of Network}\ncalls: [{check: secondary}, check]\nexpect: "+
		"[Success, Out of Network]")[0]
	if steps := s.Steps(); len(steps) != 2 || !steps[0].ByItself || steps[1].ByItself {
		t.Errorf("%+v", steps)
	}
	s = load(t, "when: {subscriber_num: \"1\"}\nanswers: {primary: Success}\ncalls: [{check: secondary}]\n"+
		"expect: Success")[0]
	if steps := s.Steps(); len(steps) != 1 || !steps[0].ByItself {
		t.Errorf("%+v", steps)
	}
}

// Calls left out are the calls implied by the answers, in every spelling.
func TestAnEmptyListOfCallsIsNone(t *testing.T) {
	t.Parallel()
	s := load(t, "when: {nth: 1}\nanswers: [Success, silent]\ncalls: []")[0]
	if n := len(s.Steps()); n != 2 {
		t.Errorf("%d checks", n)
	}
}

// No file makes the loader panic. A loadable file, written out again by Write or the YAML library, loads to the same.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"*.yaml", "testdata/wrong/*.yaml"} {
		paths, _ := filepath.Glob(pattern)
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Add([]byte("title: \"\\x01\\ud83d\\ude00\\u2028'\\\"\"\nwhen: {email: \"a: b, #c}\\t\\n \"}\nanswers: " +
		"{secondary: [T4, {text: \"04\", at: 2026-01-31T17:30:00Z}]}\nhttp: [{latency: 1s..3s}]\ncalls: [{wait: 90s}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := scenarios.Load("f.yaml", data)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("a refusal without words")
			}
			return
		}
		rewrite(t, first)
		text, err := yaml.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if scenarios.CheckTyped(strings.TrimSpace(line)) != nil {
				return // the YAML library writes such a character without an escape
			}
		}
		second, err := scenarios.Load("f.yaml", text)
		if err != nil {
			t.Fatalf("%q was written as %q, which does not load: %s", data, text, err)
		}
		if diff := cmp.Diff(first, second, sameStory); diff != "" {
			t.Fatalf("%q was written as %q (-first +second):\n%s", data, text, diff)
		}
	})
}
