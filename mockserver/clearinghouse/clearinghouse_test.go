package clearinghouse_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vsee-mock/vsee-mock/mockserver/claims"
	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

const byDefault = "nothing speaks against it, so the default stands"

// today is the time of the checks: the 2nd of March in Kiribati, and the 1st nearly everywhere else.
var today = time.Date(2030, 3, 1, 10, 30, 0, 0, time.UTC)

// patientQuery returns a check of a patient with complete data, changed by f. Both cards are the same.
func patientQuery(f func(*clinic.User)) clinic.EligibilityQuery {
	u := clinic.User{FirstName: "Pat", LastName: "Sample", DOB: "1980-02-29", Gender: clinic.Female,
		Insurance: &clinic.Insurance{Primary: clinic.Card{Carrier: "car7556", Subscriber: "123"}}}
	if f != nil {
		f(&u)
	}
	u.Insurance.Secondary = u.Insurance.Primary
	return clinic.EligibilityQuery{User: &u, Order: clinic.Primary,
		Carrier: u.Insurance.Primary.Carrier, Nth: 1, At: today}
}

func queryWithNumber(subscriber string) clinic.EligibilityQuery {
	return patientQuery(func(u *clinic.User) { u.Insurance.Primary.Subscriber = subscriber })
}

func childQuery(f func(*clinic.User)) clinic.EligibilityQuery {
	return patientQuery(func(u *clinic.User) {
		u.Insurance.Primary.Relation = clinic.Relation{
			Respparty: "child", Guarantor: clinic.Guarantor{Name: "Sam Sample", DOB: "1950-01-01"},
		}
		f(u)
	})
}

// unnumbered removes the number of the scenario set from an answer.
var ignoreRulebook = cmpopts.IgnoreFields(clinic.EligibilityAnswer{}, "Rulebook")

func TestMissingDataAnswersWithItsRejectReason(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query clinic.EligibilityQuery
		code  string
		text  string
		why   string
	}{
		"nothing missing": {patientQuery(nil), "", "Success", byDefault},
		"self said": {patientQuery(func(u *clinic.User) { u.Insurance.Primary.Relation.Respparty = "self" }),
			"", "Success", byDefault},
		"no carrier": {patientQuery(func(u *clinic.User) { u.Insurance.Primary.Carrier = "" }), "T4",
			"Payer name or identifier missing", "the card's carrier is missing"},
		"no subscriber number": {queryWithNumber(""), "72", "Invalid/Missing subscriber/insured ID",
			"the card's subscriber number is missing"},
		"no first name": {patientQuery(func(u *clinic.User) { u.FirstName = "" }), "73",
			"Invalid/Missing subscriber/insured name", "the subscriber's name is missing"},
		"no last name": {patientQuery(func(u *clinic.User) { u.LastName = "" }), "73",
			"Invalid/Missing subscriber/insured name", "the subscriber's name is missing"},
		"no birth date": {patientQuery(func(u *clinic.User) { u.DOB = "" }), "58", "Invalid/Missing date of birth",
			"the patient's birth date is missing"},
		"no gender": {patientQuery(func(u *clinic.User) { u.Gender = 0 }), "74",
			"Invalid/Missing subscriber/insured gender code", "the subscriber's gender is missing"},
		"a child, complete": {childQuery(func(*clinic.User) {}), "", "Success", byDefault},
		"a child's guarantor": {childQuery(func(u *clinic.User) { u.Insurance.Primary.Relation.Guarantor.Name = "" }),
			"73", "Invalid/Missing subscriber/insured name", "the guarantor's name is missing"},
		"a guarantor's birth day": {childQuery(func(u *clinic.User) { u.Insurance.Primary.Relation.Guarantor.DOB = "" }),
			"58", "Invalid/Missing date of birth", "the guarantor's birth date is missing"},
		"a child's name": {childQuery(func(u *clinic.User) { u.LastName = "" }), "65", "Invalid/Missing patient name",
			"the patient's name is missing"},
		"a child's gender": {childQuery(func(u *clinic.User) { u.Gender = 0 }), "66", "Invalid/Missing patient gender code",
			"the patient's gender is missing"},
		"the number first": {patientQuery(func(u *clinic.User) { u.Insurance.Primary.Subscriber, u.DOB = "", "" }), "72",
			"Invalid/Missing subscriber/insured ID", "the card's subscriber number is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule := clearinghouse.RuleMissing
			if tc.code == "" {
				rule = clearinghouse.RuleDefault
			}
			want := clinic.EligibilityAnswer{Text: tc.text, Code: tc.code, Rule: rule, Why: tc.why}
			if diff := cmp.Diff(want, clearinghouse.New(nil).AnswerCheck(tc.query), ignoreRulebook); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// 110000NN requests code NN, for every code. With any other NN the patient stays eligible; the two published sandbox
// patients are examples.
func TestNumbersAskForARejectCode(t *testing.T) {
	t.Parallel()
	house := clearinghouse.New(nil)
	for _, r := range scenarios.Reasons() {
		got := house.AnswerCheck(queryWithNumber("110000" + r.Code))
		if got.Text != r.Text || got.Code != r.Code || got.Rule != clearinghouse.RuleNumber {
			t.Errorf("110000%s is answered %+v, want %+v", r.Code, got, r)
		}
	}
	if got := house.AnswerCheck(queryWithNumber("110000aa")); got.Code != "AA" {
		t.Errorf("lower case is answered %+v", got)
	}
	for _, number := range []string{"11000022", "11000023", "10000022", "1100007", "110000750", "21000075"} {
		if got := house.AnswerCheck(queryWithNumber(number)); got.Text != scenarios.Success ||
			got.Rule != clearinghouse.RuleDefault {
			t.Errorf("%s is answered %+v", number, got)
		}
	}
	incomplete := patientQuery(func(u *clinic.User) { u.Insurance.Primary.Subscriber, u.DOB = "11000075", "" })
	if got := house.AnswerCheck(incomplete); got.Code != "75" {
		t.Errorf("a number asked for on purpose gives way to missing data: %+v", got)
	}
}

// A birth date is in the future when its day has begun nowhere on earth; the guarantor's counts when they are the
// insured. Missing data, a number with a reject code and a scenario take precedence.
func TestABirthDateInTheFutureFollowsTheDateOfService(t *testing.T) {
	t.Parallel()
	born := func(day string) func(*clinic.User) { return func(u *clinic.User) { u.DOB = day } }
	guarantor := func(day string) func(*clinic.User) {
		return func(u *clinic.User) { u.Insurance.Primary.Relation.Guarantor.DOB = day }
	}
	const follows = "Date of birth follows date of service"
	for name, tc := range map[string]struct {
		query clinic.EligibilityQuery
		text  string
		why   string
	}{
		"far in the future": {patientQuery(born("2999-01-01")), follows,
			"the patient's birth date is in the future"},
		"tomorrow everywhere": {patientQuery(born("2030-03-03")), follows,
			"the patient's birth date is in the future"},
		"tomorrow, and today somewhere": {patientQuery(born("2030-03-02")), "Success", byDefault},
		"today":                         {patientQuery(born("2030-03-01")), "Success", byDefault},
		"a child's": {childQuery(born("2030-03-03")), follows,
			"the patient's birth date is in the future"},
		"a guarantor's": {childQuery(guarantor("2030-03-03")), follows,
			"the guarantor's birth date is in the future"},
		"a guarantor's, today somewhere": {childQuery(guarantor("2030-03-02")), "Success",
			byDefault},
		"that of a guarantor who is not the insured": {patientQuery(guarantor("2999-01-01")), "Success",
			byDefault},
		"something is missing, too": {patientQuery(func(u *clinic.User) { u.DOB, u.Gender = "2999-01-01", 0 }),
			"Invalid/Missing subscriber/insured gender code", "the subscriber's gender is missing"},
		"the number asks for another": {patientQuery(func(u *clinic.User) {
			u.DOB, u.Insurance.Primary.Subscriber = "2999-01-01", "11000075"
		}), "Subscriber/Insured not found", "the subscriber number asks for reject code 75"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := clearinghouse.New(nil).AnswerCheck(tc.query)
			if got.Text != tc.text || got.Why != tc.why || (got.Rule == clearinghouse.RuleImpossible) != (tc.text == follows) ||
				(got.Code == "60") != (tc.text == follows) {
				t.Errorf("%+v", got)
			}
		})
	}
	s, err := scenarios.Load("story.yaml", []byte("title: Story\nwhen: {dob: 2999-01-01}\nanswer: Success\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := clearinghouse.New(scenarios.Set{s}).AnswerCheck(patientQuery(born("2999-01-01")))
	if got.Text != scenarios.Success || got.Scenario != "story" {
		t.Errorf("with a scenario: %+v", got)
	}
}

// People type numbers with spaces, hyphens and in lower case: these request the same code as the plain number.
func TestTheSpellingOfANumberDoesNotMatter(t *testing.T) {
	t.Parallel()
	house := clearinghouse.New(nil)
	for number, want := range map[string]string{
		"1100 0075": "75", " 1100-0075": "75", "1-1-0-0-0-0-7-5": "75", "1100\u20130075": "75", "1100 00aa": "AA",
		"110000-Aa": "AA", "1100\u00a00042": "42",
		"1100.0075": "", "1100 0022": "", "1100 00 7": "",
	} {
		got := house.AnswerCheck(queryWithNumber(number))
		if rule := got.Rule == clearinghouse.RuleNumber; got.Code != want || rule != (want != "") {
			t.Errorf("%q is answered %+v", number, got)
		}
	}
	for number, want := range map[string]string{"1200-0097": "CO-97", "1210 0001": "PR-1", "12 20-00 21": "A3:21",
		"1230\u00a00000": ""} {
		got, _ := house.Adjudicate(claimQuery(number, 100))
		last := got.Stages[len(got.Stages)-1]
		reasons := claims.Claim{Status: last.Status, Lines: got.Lines, History: got.Stages}.Reasons()
		if got.Rule != clearinghouse.RuleNumber || strings.Join(reasons, " ") != want {
			t.Errorf("a claim of %q is decided by %s: %v", number, got.Rule, reasons)
		}
	}
}

func TestScenariosComeFirst(t *testing.T) {
	t.Parallel()
	set := scenarios.Set{}
	for name, text := range map[string]string{
		"story.yaml": "title: Story\nwhen: {subscriber_num: 11000075, card: primary}\nanswers: [silent, {text: \"72\", " +
			"after: 1m}]\nwebhook: {refused: 2}\n",
	} {
		s, err := scenarios.Load(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, s)
	}
	house := clearinghouse.New(set)
	minute := time.Minute
	want := []clinic.EligibilityAnswer{
		{Silent: true, Rule: "scenario", Scenario: "story", Why: "Story (check 1 of this subscriber)",
			Misbehaviour: &clinic.Misbehaviour{Refused: 2}},
		{Text: "Invalid/Missing subscriber/insured ID", Code: "72", After: &minute, Rule: "scenario", Scenario: "story",
			Why: "Story (check 2 of this subscriber)", Misbehaviour: &clinic.Misbehaviour{Refused: 2}},
		{Text: "Invalid/Missing subscriber/insured ID", Code: "72", After: &minute, Rule: "scenario", Scenario: "story",
			Why: "Story (check 3 of this subscriber)", Misbehaviour: &clinic.Misbehaviour{Refused: 2}},
	}
	for i, answer := range want {
		query := queryWithNumber("11000075")
		query.Nth = i + 1
		if diff := cmp.Diff(answer, house.AnswerCheck(query), ignoreRulebook); diff != "" {
			t.Errorf("check %d (-want +got):\n%s", i+1, diff)
		}
	}
	other := queryWithNumber("11000075")
	other.Order = clinic.Secondary
	if got := house.AnswerCheck(other); got.Rule != clearinghouse.RuleNumber {
		t.Errorf("a scenario of the primary card answers for the secondary: %+v", got)
	}
}
