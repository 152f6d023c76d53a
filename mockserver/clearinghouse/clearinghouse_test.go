package clearinghouse_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// complete is a check of a patient who lacks nothing, changed by f.
func complete(f func(*clinic.User)) clinic.Query {
	u := clinic.User{FirstName: "Pat", LastName: "Sample", DOB: "1980-02-29", Gender: clinic.Female}
	u.Insurance.Primary = clinic.Card{Carrier: "car7556", Subscriber: "123"}
	if f != nil {
		f(&u)
	}
	return clinic.Query{User: u, Order: clinic.Primary, Card: u.Insurance.Primary, Carrier: u.Insurance.Primary.Carrier, Nth: 1}
}

func numbered(subscriber string) clinic.Query {
	return complete(func(u *clinic.User) { u.Insurance.Primary.Subscriber = subscriber })
}

func child(f func(*clinic.User)) clinic.Query {
	return complete(func(u *clinic.User) {
		u.Insurance.Primary.Relation = clinic.Relation{
			Respparty: "child", Guarantor: clinic.Guarantor{Name: "Sam Sample", DOB: "1950-01-01"},
		}
		f(u)
	})
}

// unnumbered leaves out by which of the sets an answer was given.
var unnumbered = cmpopts.IgnoreFields(clinic.Answer{}, "Rulebook")

func TestMissingDataAnswersWithItsRejectReason(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query clinic.Query
		code  string
		text  string
		why   string
	}{
		"nothing missing":         {complete(nil), "", "Success", "nothing speaks against it"},
		"self said":               {complete(func(u *clinic.User) { u.Insurance.Primary.Relation.Respparty = "self" }), "", "Success", "nothing speaks against it"},
		"no carrier":              {complete(func(u *clinic.User) { u.Insurance.Primary.Carrier = "" }), "T4", "Payer name or identifier missing", "the card's carrier is missing"},
		"no subscriber number":    {numbered(""), "72", "Invalid/Missing subscriber/insured ID", "the card's subscriber number is missing"},
		"no first name":           {complete(func(u *clinic.User) { u.FirstName = "" }), "73", "Invalid/Missing subscriber/insured name", "the subscriber's name is missing"},
		"no last name":            {complete(func(u *clinic.User) { u.LastName = "" }), "73", "Invalid/Missing subscriber/insured name", "the subscriber's name is missing"},
		"no birth date":           {complete(func(u *clinic.User) { u.DOB = "" }), "58", "Invalid/Missing date of birth", "the patient's birth date is missing"},
		"no gender":               {complete(func(u *clinic.User) { u.Gender = 0 }), "74", "Invalid/Missing subscriber/insured gender code", "the subscriber's gender is missing"},
		"a child, complete":       {child(func(*clinic.User) {}), "", "Success", "nothing speaks against it"},
		"a child's guarantor":     {child(func(u *clinic.User) { u.Insurance.Primary.Relation.Guarantor.Name = "" }), "73", "Invalid/Missing subscriber/insured name", "the guarantor's name is missing"},
		"a guarantor's birth day": {child(func(u *clinic.User) { u.Insurance.Primary.Relation.Guarantor.DOB = "" }), "58", "Invalid/Missing date of birth", "the guarantor's birth date is missing"},
		"a child's name":          {child(func(u *clinic.User) { u.LastName = "" }), "65", "Invalid/Missing patient name", "the patient's name is missing"},
		"a child's gender":        {child(func(u *clinic.User) { u.Gender = 0 }), "66", "Invalid/Missing patient gender code", "the patient's gender is missing"},
		"the number first":        {complete(func(u *clinic.User) { u.Insurance.Primary.Subscriber, u.DOB = "", "" }), "72", "Invalid/Missing subscriber/insured ID", "the card's subscriber number is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rule := clearinghouse.RuleMissing
			if tc.code == "" {
				rule = clearinghouse.RuleDefault
			}
			want := clinic.Answer{Text: tc.text, Code: tc.code, Rule: rule, Why: tc.why}
			if diff := cmp.Diff(want, clearinghouse.New(nil).Answer(tc.query), unnumbered); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// 110000NN asks for code NN, and every code can be asked for so; what is no code leaves the patient eligible, the two
// published sandbox patients among them.
func TestNumbersAskForARejectCode(t *testing.T) {
	t.Parallel()
	house := clearinghouse.New(nil)
	for _, r := range scenarios.Reasons() {
		got := house.Answer(numbered("110000" + r.Code))
		if got.Text != r.Text || got.Code != r.Code || got.Rule != clearinghouse.RuleNumber {
			t.Errorf("110000%s is answered %+v, want %+v", r.Code, got, r)
		}
	}
	if got := house.Answer(numbered("110000aa")); got.Code != "AA" {
		t.Errorf("lower case is answered %+v", got)
	}
	for _, number := range []string{"11000022", "11000023", "10000022", "1100007", "110000750", "21000075"} {
		if got := house.Answer(numbered(number)); got.Text != scenarios.Success || got.Rule != clearinghouse.RuleDefault {
			t.Errorf("%s is answered %+v", number, got)
		}
	}
	incomplete := complete(func(u *clinic.User) { u.Insurance.Primary.Subscriber, u.DOB = "11000075", "" })
	if got := house.Answer(incomplete); got.Code != "75" {
		t.Errorf("a number asked for on purpose gives way to missing data: %+v", got)
	}
}

func TestScenariosComeFirst(t *testing.T) {
	t.Parallel()
	set := scenarios.Set{}
	for name, text := range map[string]string{
		"story.yaml": "title: Story\nwhen: {subscriber_num: 11000075, card: primary}\nanswers: [silent, {text: \"72\", after: 1m}]\nwebhook: {refused: 2}\n",
	} {
		s, err := scenarios.Load(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, s)
	}
	house := clearinghouse.New(set)
	minute := time.Minute
	want := []clinic.Answer{
		{Silent: true, Rule: "scenario", Scenario: "story", Why: "Story (check 1 of this subscriber)", Misbehaviour: &clinic.Misbehaviour{Refused: 2}},
		{Text: "Invalid/Missing subscriber/insured ID", Code: "72", After: &minute, Rule: "scenario", Scenario: "story", Why: "Story (check 2 of this subscriber)", Misbehaviour: &clinic.Misbehaviour{Refused: 2}},
		{Text: "Invalid/Missing subscriber/insured ID", Code: "72", After: &minute, Rule: "scenario", Scenario: "story", Why: "Story (check 3 of this subscriber)", Misbehaviour: &clinic.Misbehaviour{Refused: 2}},
	}
	for i, answer := range want {
		query := numbered("11000075")
		query.Nth = i + 1
		if diff := cmp.Diff(answer, house.Answer(query), unnumbered); diff != "" {
			t.Errorf("check %d (-want +got):\n%s", i+1, diff)
		}
	}
	other := numbered("11000075")
	other.Order = clinic.Secondary
	if got := house.Answer(other); got.Rule != clearinghouse.RuleNumber {
		t.Errorf("a scenario of the primary card answers for the secondary: %+v", got)
	}
}
