package clearinghouse_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/mockserver/clearinghouse"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
	"github.com/vsee-mock/vsee-mock/scenarios"
)

// newClearinghouse returns a clearinghouse with one scenario for each text, under its key as the id.
func newClearinghouse(t *testing.T, texts map[string]string) *clearinghouse.Clearinghouse {
	t.Helper()
	set := scenarios.Set{}
	for id, text := range texts {
		s, err := scenarios.Load(id+".yaml", []byte("title: "+id+"\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		set = append(set, s)
	}
	return clearinghouse.New(set)
}

// A scenario applies to a user if one of their checks would match it, as far as is known before the check starts.
func TestAScenarioAppliesToAUserByAPossibleCheck(t *testing.T) {
	t.Parallel()
	saturday := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	pat := clinic.User{FirstName: "Pat", LastName: "Sample", DOB: "1980-02-29", Code: "pat", Email: "pat@example.com"}
	card := clinic.Card{Carrier: "car7556", Subscriber: "123", Group: "g"}
	of := func(order clinic.Order, card clinic.Card) clinic.EligibilityQuery {
		user := pat
		user.Insurance = &clinic.Insurance{Primary: card, Secondary: card}
		return clinic.EligibilityQuery{Account: "north", User: &user, Order: order, Carrier: card.Carrier, At: saturday}
	}
	primary, unknown := of(clinic.Primary, card), of(0, clinic.Card{})
	for when, tc := range map[string]struct {
		checks []clinic.EligibilityQuery
		want   bool
	}{
		`{subscriber_num: "123"}`:                  {[]clinic.EligibilityQuery{primary}, true},
		`{subscriber_num: "12?", card: primary}`:   {[]clinic.EligibilityQuery{primary}, true},
		`{subscriber_num: "123", card: secondary}`: {[]clinic.EligibilityQuery{primary}, false},
		`{card: secondary}`:                        {[]clinic.EligibilityQuery{primary, of(clinic.Secondary, card)}, true},
		`{subscriber_num: "456"}`: {[]clinic.EligibilityQuery{primary,
			of(clinic.Secondary, clinic.Card{Subscriber: "456"})}, true},
		`{subscriber_num: "456", carrier_code: c*}`: {[]clinic.EligibilityQuery{primary,
			of(clinic.Secondary, clinic.Card{Subscriber: "456"})}, false},
		`{code: pat, email: PAT@*, last_name: s*}`:   {[]clinic.EligibilityQuery{unknown}, true},
		`{code: pat, card: primary}`:                 {[]clinic.EligibilityQuery{unknown}, false},
		`{code: pat, subscriber_num: "123"}`:         {[]clinic.EligibilityQuery{unknown}, false},
		`{code: sam}`:                                {[]clinic.EligibilityQuery{unknown}, false},
		`{code: pat, nth: 5}`:                        {[]clinic.EligibilityQuery{unknown}, true},
		`{code: pat, weekday: sat, date: 2026-01-*}`: {[]clinic.EligibilityQuery{unknown}, true},
		`{code: pat, weekday: sun}`:                  {[]clinic.EligibilityQuery{unknown}, false},
		`{code: pat, time: "08:00..09:30"}`:          {[]clinic.EligibilityQuery{unknown}, true},
		`{code: pat, account_code: north}`:           {[]clinic.EligibilityQuery{unknown}, true},
	} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			h := newClearinghouse(t, map[string]string{"story": "when: " + when + "\nhttp: [{reset: true}]\n"})
			index := h.RequestFaults("")
			var checks []scenarios.Check
			for _, q := range tc.checks {
				checks = append(checks, clearinghouse.FutureCheck(q))
			}
			found := index.Concerning(checks...)
			if (len(found) == 1) != tc.want || index.IsEmpty() {
				t.Errorf("found %d stories, want one: %t", len(found), tc.want)
			}
		})
	}
}

// Scenarios without request faults cost nothing.
func TestAScenarioWithoutFaultsAppliesToNoRequest(t *testing.T) {
	t.Parallel()
	h := newClearinghouse(t, map[string]string{"story": "when: {subscriber_num: \"123\"}\nanswer: Success\n"})
	if index := h.RequestFaults(""); !index.IsEmpty() ||
		len(index.Concerning(clearinghouse.FutureCheck(patientQuery(nil)))) != 0 {
		t.Error("a story without faults is one of requests")
	}
	catalogue, err := scenarios.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := clearinghouse.New(catalogue).Scenario("", "no-response"); !ok {
		t.Error("the catalogue has no scenario no-response")
	}
}

// A named scenario answers any check, provided it has an answer.
func TestANamedScenarioAnswers(t *testing.T) {
	t.Parallel()
	h := newClearinghouse(t, map[string]string{
		"named":  "when: {subscriber_num: \"9\"}\nanswers: {primary: [\"72\", \"75\"]}\n",
		"faulty": "when: {subscriber_num: \"8\"}\nhttp: [{reset: true}]\n",
	})
	var got []string
	for _, q := range []struct {
		scenario string
		order    clinic.Order
		nth      int
	}{{"named", clinic.Primary, 1}, {"named", clinic.Primary, 2}, {"named", clinic.Secondary, 1},
		{"faulty", clinic.Primary, 1}, {"none", clinic.Primary, 1}, {"", clinic.Primary, 1}} {
		query := queryWithNumber("11000073")
		query.Scenario, query.Order, query.Nth = q.scenario, q.order, q.nth
		answer := h.AnswerCheck(query)
		got = append(got, answer.Scenario+" "+answer.Code)
	}
	if diff := cmp.Diff([]string{"named 72", "named 75", " 73", " 73", " 73", " 73"}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}
