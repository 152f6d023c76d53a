package scenarios_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// load makes a set of files, in this order.
func load(t testing.TB, files ...string) scenarios.Set {
	t.Helper()
	set := scenarios.Set{}
	for i, text := range files {
		s, err := scenarios.Load(fmt.Sprintf("%02d.yaml", i), []byte("title: T\n"+text+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, s)
	}
	return set
}

// A Saturday at noon, in UTC.
var saturday = time.Date(2030, 1, 5, 12, 0, 0, 0, time.UTC)

// everything is a check with every field set.
var everything = scenarios.Check{
	CarrierCode: "car7556", SubscriberNum: "70020001", GroupNumber: "g1", Card: "primary", Respparty: "child",
	FirstName: "Pat", LastName: "Sample", DOB: "1986-01-01", Code: "pat-1", Email: "Pat@Example.com",
	AccountCode: "vclinic", Nth: 2, At: saturday, Gender: "2", Zip: "48226", GuarantorName: "Sam Sample",
	GuarantorDOB: "1950-02-28",
}

func TestAScenarioAnswersWhatItsWhenSays(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]bool{
		`{carrier_code: car7556}`:                              true,
		`{carrier_code: car7551}`:                              false,
		`{carrier_code: [car7551, car7556]}`:                   true,
		`{subscriber_num: "7002*"}`:                            true,
		`{subscriber_num: "7002????"}`:                         true,
		`{subscriber_num: "7002???"}`:                          false,
		`{group_number: "?1"}`:                                 true,
		`{subscriber_num: "*1"}`:                               true,
		`{subscriber_num: "*0*0*1"}`:                           true,
		`{subscriber_num: ["1", "2*"]}`:                        false,
		`{group_number: "g?"}`:                                 true,
		`{card: secondary}`:                                    false,
		`{respparty: [child, spouse]}`:                         true,
		`{first_name: pat, last_name: "SAM*"}`:                 true,
		`{first_name: "P"}`:                                    false,
		`{dob: 1986-01-01}`:                                    true,
		`{dob: "1986-*"}`:                                      true,
		`{dob: 1987-01-01}`:                                    false,
		`{code: pat-1}`:                                        true,
		`{code: PAT-1}`:                                        false,
		`{email: "*@example.com"}`:                             true,
		`{account_code: vclinic}`:                              true,
		`{account_code: other}`:                                false,
		`{nth: 2}`:                                             true,
		`{nth: [1, 3]}`:                                        false,
		`{weekday: [sat, sun]}`:                                true,
		`{weekday: mon}`:                                       false,
		`{date: 2030-01-05}`:                                   true,
		`{date: "2030-*"}`:                                     true,
		`{date: 2030-01-01..2030-01-05}`:                       true,
		`{date: 2030-01-06..2030-01-07}`:                       false,
		`{time: 11:30..12:30}`:                                 true,
		`{time: 12:00..12:01}`:                                 true,
		`{time: 11:00..12:00}`:                                 false,
		`{time: 22:00..06:00}`:                                 false,
		`{time: 06:00..05:00}`:                                 true,
		`{gender: female}`:                                     true,
		`{gender: [male, 3]}`:                                  false,
		`{zip: ["48*", 90210]}`:                                true,
		`{zip: 4822}`:                                          false,
		`{guarantor_name: sam *, guarantor_dob: ..1960-12-31}`: true,
		`{guarantor_dob: 1960-01-01..}`:                        false,
		`{dob: 1980-01-01..1989-12-31}`:                        true,
		`{dob: 1986-01-02..}`:                                  false,
		`{date: ..2030-01-05}`:                                 true,
		`{date: 2030-01-05..}`:                                 true,
		`{date: [..2030-01-04, 2030-01-06..]}`:                 false,
		`{age: 44}`:                                            true,
		`{age: 45..}`:                                          false,
		`{age: [..17, 40..44]}`:                                true,
		`{not: {card: secondary}}`:                             true,
		`{not: {card: primary}}`:                               false,
		`{not: {card: primary, nth: 1}}`:                       true,
		`{not: [{card: secondary}, {nth: 2}]}`:                 false,
		`{carrier_code: car7556, not: {zip: "9*"}}`:            true,
		`{absent: zip}`:                                        false,
		`{not: {absent: zip}}`:                                 true,
		`{time: 06:30..07:30, time_zone: America/New_York}`:    true,
		`{time: 11:30..12:30, time_zone: America/New_York}`:    false,
		`{weekday: sun, time_zone: Pacific/Auckland}`:          true,
		`{date: 2030-01-06, time_zone: Pacific/Auckland}`:      true,
		`{weekday: sat, time_zone: Pacific/Auckland}`:          false,
		`{time_zone: Pacific/Auckland, not: {weekday: sun}}`:   false,
		`{time_zone: Pacific/Auckland, weekday: sun, not: {weekday: sat, time_zone: UTC}}`: false,
		`{carrier_code: car7556, subscriber_num: "1"}`:                                     false,
		`{carrier_code: car7556, weekday: sat, nth: "2"}`:                                  true,
	} {
		_, got := load(t, "when: "+when+"\nanswer: Success").Index().Find(everything)
		if got != want {
			t.Errorf("%s answers: %t", when, got)
		}
	}
}

func TestTheFirstScenarioThatMatchesAnswers(t *testing.T) {
	t.Parallel()
	set := load(t,
		"expect: Success",
		"when: {carrier_code: c, subscriber_num: \"1\"}\nanswer: Success",
		"when: {subscriber_num: [\"1\", \"3\"]}\nanswer: Success",
		"when: {carrier_code: e}\nanswer: Success",
		"when: {card: secondary}\nanswer: Success",
		"when: {subscriber_num: \"4\", carrier_code: e}\nanswers: {secondary: Success}",
		"when: {subscriber_num: \"5*\"}\nanswers: {primary: Success}",
	)
	x := set.Index()
	for _, tc := range []struct {
		carrier, number, card string
		want                  string
	}{
		{"c", "1", "primary", "01"},
		{"d", "1", "secondary", "02"},
		{"d", "3", "primary", "02"},
		{"e", "3", "primary", "02"},
		{"e", "4", "primary", "03"},
		{"d", "2", "secondary", "04"},
		{"c", "2", "primary", ""},
		{"c", "55", "primary", "06"},
		{"c", "55", "secondary", "04"},
	} {
		got, _ := x.Find(scenarios.Check{CarrierCode: tc.carrier, SubscriberNum: tc.number, Card: tc.card})
		if got.ID != tc.want {
			t.Errorf("%+v is answered by %q", tc, got.ID)
		}
	}
	own := scenarios.Set{{ID: "04", Title: "own"}, {ID: "new"}}
	merged := own.Before(set)
	if len(merged) != 8 || merged[0].Title != "own" || merged[1].ID != "new" {
		t.Errorf("merged = %v", merged)
	}
	if _, ok := merged.ByID("nothing"); ok {
		t.Error("a scenario that is not there is found")
	}
}

// The explanation of a check names the nearest scenarios, and the first field with a difference.
func TestMissesAreTheNearestScenariosTriedBefore(t *testing.T) {
	t.Parallel()
	set := load(t,
		"when: {carrier_code: other}\nanswer: Success",
		"when: {carrier_code: car7556, subscriber_num: \"9\"}\nanswer: Success",
		"when: {carrier_code: car7556, subscriber_num: \"7002*\", nth: 1}\nanswer: Success",
		"when: {carrier_code: car7556, first_name: Pat}\nanswers: {secondary: Success}",
		"when: {carrier_code: car7556, age: 65..}\nanswer: Success",
		"when: {carrier_code: car7556, absent: dob}\nanswer: Success",
		"when: {dob: 1986-01-01}\nanswer: Success",
		"when: {carrier_code: car7556, card: secondary}\nanswer: Success",
	)
	var got []string
	for _, miss := range set.Index().Misses(everything, 5) {
		got = append(got, fmt.Sprintf("%s:%d %d %s: %s, not %s", miss.Scenario.File, miss.Scenario.Line, miss.Matched,
			miss.Field, miss.Has, miss.Wants))
	}
	want := []string{
		"02.yaml:2 2 nth: 2, not 1", "03.yaml:2 2 card: primary, not ", "01.yaml:2 1 subscriber_num: 70020001, not 9",
		"04.yaml:2 1 age: 44, not 65..", "05.yaml:2 1 absent: , not no dob",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(set.Index().Misses(everything, 2)); n != 2 {
		t.Errorf("up to two are %d", n)
	}
}

func TestAnAnswerComesWhenItSays(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]time.Duration{
		"Success":                                                     10 * time.Second,
		"{text: Success, after: 0s}":                                  0,
		"{text: Success, after: 3h}":                                  3 * time.Hour,
		"{text: Success, at: 17:30}":                                  5*time.Hour + 30*time.Minute,
		"{text: Success, at: 09:00}":                                  21 * time.Hour,
		"{text: Success, at: 12:00}":                                  0,
		"{text: Success, at: mon 08:00}":                              44 * time.Hour,
		"{text: Success, at: sat 12:00}":                              0,
		"{text: Success, at: sat 11:59}":                              7*24*time.Hour - time.Minute,
		"{text: Success, at: 08:00, time_zone: America/New_York}":     time.Hour,
		"{text: Success, at: mon 08:00, time_zone: America/New_York}": 49 * time.Hour,
		"{text: Success, at: sun 00:00, time_zone: Asia/Tokyo}":       3 * time.Hour,
		`{text: Success, at: "2030-01-06T00:00:00Z"}`:                 12 * time.Hour,
		`{text: Success, at: "2001-01-06T00:00:00Z"}`:                 0,
	} {
		set := load(t, "when: {card: primary}\nanswer: "+answer)
		a, _ := set[0].Answers.Nth("primary", 1)
		if due, ok := a.Due(saturday, 10*time.Second); !ok || due.Sub(saturday) != want {
			t.Errorf("%s comes after %s, %t", answer, due.Sub(saturday), ok)
		}
	}
	a, _ := load(t, "when: {card: primary}\nanswer: silent")[0].Answers.Nth("primary", 1)
	if _, ok := a.Due(saturday, time.Second); ok {
		t.Error("silence comes")
	}
}

func TestEachCardCanHaveItsAnswers(t *testing.T) {
	t.Parallel()
	set := load(t, "when: {first_name: Pat}\nanswers: {primary: [Success, silent], secondary: \"35\"}\ncalls: [check, "+
		"{check: secondary}, {wait: 1h}, check, read]")
	var got []string
	for _, step := range set[0].Steps() {
		got = append(got, fmt.Sprintf("%s %q", step.Card, step.Response))
	}
	want := []string{`primary "Success"`, `secondary "Out of Network"`, `primary ""`}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStepsAreWhatATargetMustShow(t *testing.T) {
	t.Parallel()
	minute := time.Minute
	refused := scenarios.Webhook{Refused: 1}
	for text, want := range map[string][]scenarios.Step{
		"when: {card: primary}\nanswers: [{text: Success, after: 1m}, silent]\nwebhook: {refused: 1}": {
			{Card: "primary", Response: "Success", After: &minute, Webhook: refused}, {Card: "primary", Webhook: refused},
		},
		"expect: [Success, no answer]": {{Card: "primary", Response: "Success", ByItself: true},
			{Card: "primary", ByItself: true}},
		"when: {card: secondary}\nanswer: {text: Success, after: 1m}\nexpect: [Success, Success]": {
			{Card: "secondary", Response: "Success", After: &minute}, {Card: "secondary", Response: "Success", After: &minute},
		},
		"when: {nth: 2}\nanswer: T4\nwebhook: {refused: 1}\nexpect: [Success, T4]": {
			{Card: "primary", Response: "Success", ByItself: true},
			{Card: "primary", Response: "Payer name or identifier missing", Webhook: refused},
		},
		"when: {first_name: Pat}\nhttp: [{reset: true}]": {{Card: "primary", ByItself: true, Unsaid: true}},
	} {
		if diff := gocmp.Diff(want, load(t, text)[0].Steps()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// Without calls, the answers decide the checks.
func TestChecksFollowFromTheAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ text, want string }{
		{"when: {first_name: Pat}\nanswers: {secondary: \"35\"}", "secondary Out of Network"},
		{
			"when: {first_name: Pat}\nanswers: {secondary: \"35\", primary: Success}",
			"primary Success; secondary Out of Network",
		},
		{
			"when: {first_name: Pat}\nanswers: {primary: Success, secondary: [\"35\", Success]}",
			"primary Success; secondary Out of Network; secondary Success",
		},
		{
			"when: {first_name: Pat}\nanswers: {primary: [Success, silent], secondary: [\"35\", \"35\"]}",
			"primary Success; secondary Out of Network; primary never; secondary Out of Network",
		},
		{"when: {card: secondary}\nanswers: {primary: Success, secondary: \"35\"}", "secondary Out of Network"},
		{
			"when: {card: [secondary, primary]}\nanswers: {primary: Success, secondary: \"35\"}",
			"primary Success; secondary Out of Network",
		},
		{
			"when: {first_name: Pat}\nanswers: {primary: Success, secondary: \"35\"}\npatient: {card: secondary}",
			"secondary Out of Network",
		},
		{"when: {card: [secondary, primary]}\nanswer: Success", "primary Success"},
		{"when: {nth: 2}\nanswer: Success", "primary by itself; primary Success"},
		{"when: {nth: [3, 1]}\nanswers: [Success, silent]", "primary Success; primary by itself; primary never"},
		{
			"when: {nth: 2}\nanswers: {primary: Success, secondary: \"35\"}",
			"primary by itself; secondary by itself; primary Success; secondary Out of Network",
		},
		{"when: {nth: 2}\nanswer: Success\ncalls: [check]", "primary by itself"},
		{
			"when: {carrier_code: [car7414, car7147]}\nanswers: {primary: Success, secondary: \"35\"}",
			"primary Success; secondary Out of Network",
		},
		{
			"when: {carrier_code: car7556}\nanswers: {primary: Success, secondary: \"35\"}",
			"primary Success; secondary by itself",
		},
	} {
		var got []string
		for _, step := range load(t, tc.text)[0].Steps() {
			outcome := cmp.Or(step.Response, "never")
			if step.Unsaid {
				outcome = "by itself"
			}
			got = append(got, step.Card+" "+outcome)
		}
		if diff := gocmp.Diff(tc.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.text, diff)
		}
	}
}

// Two cards have different insurers. Otherwise the checks of both would be counted together.
func TestTwoCardsHaveDifferentCarriers(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]map[string]string{
		"{first_name: Pat}":                  {"primary": "car7556", "secondary": "car7551"},
		"{carrier_code: car7551}":            {"primary": "car7551", "secondary": "car7556"},
		"{carrier_code: [car7147, car7414]}": {"primary": "car7147", "secondary": "car7414"},
		"{carrier_code: [car?1, car7556]}":   {"primary": "car11", "secondary": "car7556"},
	} {
		s := load(t, "when: "+when+"\nanswer: {primary: Success, secondary: Success}")[0]
		if diff := gocmp.Diff(want, s.Carriers(s.Person())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
	}
}

func TestWhatAPatientLacksIsAllThatIsLeftOut(t *testing.T) {
	t.Parallel()
	s := load(t, "when: {subscriber_num: \"1\", carrier_code: car7551, dob: 1980-02-29, group_number: HMO*}\nanswer: "+
		"{secondary: Success}\npatient: {without: [subscriber_num]}")[0]
	want := scenarios.Patient{CarrierCode: "car7551", GroupNumber: "HMO1", DOB: "1980-02-29", Card: "secondary",
		Without: []string{"subscriber_num"}}
	if diff := gocmp.Diff(want, s.Person()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// BenchmarkFind matches a check against 10,000 scenarios, and against ten, in the same run: with exact numbers or
// codes the ratio stays near one.
func BenchmarkFind(b *testing.B) {
	for _, kind := range []string{"exact", "code", "patterns"} {
		for _, n := range []int{10, 10_000} {
			set := make(scenarios.Set, 0, n)
			for i := range n {
				number := fmt.Sprintf("%08d", i)
				if kind == "patterns" {
					number = strings.TrimSuffix(number, "0") + "*"
				}
				when := scenarios.When{SubscriberNum: scenarios.Match{number}}
				if kind == "code" {
					when = scenarios.When{SubscriberNum: scenarios.Match{"7*"}, Code: scenarios.Match{number}}
				}
				set = append(set, scenarios.Scenario{
					ID: number, When: when,
					Answers: both(scenarios.Answer{Text: scenarios.Success}),
				})
			}
			x := set.Index()
			check := scenarios.Check{CarrierCode: "car7556", SubscriberNum: fmt.Sprintf("%08d", n-1), Card: "primary"}
			if kind == "code" {
				check.SubscriberNum, check.Code = "70000001", check.SubscriberNum
			}
			b.Run(fmt.Sprintf("%s/%d", kind, n), func(b *testing.B) {
				for b.Loop() {
					if _, ok := x.Find(check); !ok {
						b.Fatal("nothing answers")
					}
				}
			})
		}
	}
}

// No pattern costs the matcher much time, and a text without wildcards matches itself alone.
func FuzzMatch(f *testing.F) {
	f.Add("7002*", "70020001")
	f.Add("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa")
	f.Fuzz(func(t *testing.T, pattern, value string) {
		if pattern == "" || strings.ContainsAny(pattern, "\n\r") {
			return
		}
		w := scenarios.When{SubscriberNum: scenarios.Match{pattern}}
		set := scenarios.Set{{ID: "s", When: w, Answers: both(scenarios.Answer{Text: scenarios.Success})}}
		_, found := set.Index().Find(scenarios.Check{SubscriberNum: value})
		if !strings.ContainsAny(pattern, "*?") && found != (memberid.Normal(pattern) == memberid.Normal(value)) {
			t.Errorf("%q and %q match: %t", pattern, value, found)
		}
		if pattern == "*" && !found {
			t.Errorf("* does not match %q", value)
		}
	})
}
