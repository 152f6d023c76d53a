package scenarios_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

// A scenario has a warning for conditions that never match, and for parts without an effect.
func TestSilentTrapsOfAScenarioAreWarnedOf(t *testing.T) {
	t.Parallel()
	const (
		regular = "when.%s looks like a regular expression"
		name    = "when.carrier_code looks like the name of an insurer"
		comma   = "when.%s is one text with a comma"
		cards   = "the answers of the two cards need the %s of `when` on both cards"
		made    = "clinic does nothing in a clinic that was not made for this scenario"
		turn    = "answers in turn are counted by subscriber number and insurer, over all patients"
		visits  = "nth does not count visits"
		all     = "the adjustments take all of the claim of the demo"
		partly  = "claim: {outcome: partly_paid, adjustments: [{code: PR-3, amount: "
	)
	of := func(text, field string) string { return strings.ReplaceAll(text, "%s", field) }
	one := "answer: Success\n"
	each := "answer: {primary: Success, secondary: \"42\"}\n"
	for text, want := range map[string][]string{
		"when: {carrier_code: AETNA}\n" + one:                                     {name},
		"when: {carrier_code: \"Cigna*\"}\n" + one:                                {name},
		"when: {carrier_code: health choice}\n" + one:                             {name},
		"when: {carrier_code: CAR7556}\n" + one:                                   {name},
		"when: {carrier_code: [car7551, (sandbox) HUMANA]}\n" + one:               nil,
		"when: {carrier_code: \"car*\"}\n" + one:                                  nil,
		"when: {carrier_code: own_1}\n" + one:                                     nil,
		"when: {carrier_code: \"car7551|car7556\"}\n" + one:                       {of(regular, "carrier_code")},
		"when: {carrier_code: \"car7551, car7556\"}\n" + one:                      {of(comma, "carrier_code")},
		"when: {subscriber_num: \"^7000\"}\n" + one:                               {of(regular, "subscriber_num")},
		"when: {subscriber_num: \"7[0-9]+\"}\n" + one:                             {of(regular, "subscriber_num")},
		"when: {subscriber_num: \"7000.*\"}\n" + one:                              {of(regular, "subscriber_num")},
		"when: {last_name: \"(Smith|Roe)\"}\n" + one:                              {of(regular, "last_name")},
		"when: {email: '\\d+@example.com'}\n" + one:                               {of(regular, "email")},
		"when: {email: \"pat+1.*@example.com\", code: \"a?*\"}\n" + one:           nil,
		"when: {subscriber_num: \"7\"}\n" + each:                                  {of(cards, "subscriber_num")},
		"when: {carrier_code: car7556}\n" + each:                                  {of(cards, "carrier_code")},
		"when: {subscriber_num: [\"7\", \"8\"]}\n" + each:                         nil,
		"when: {code: pat}\n" + each:                                              nil,
		"when: {subscriber_num: \"7\"}\nanswer: {secondary: Success}\n":           nil,
		"when: {code: pat}\nclinic: {cron_delay: 20s}\n" + one:                    {made},
		"when: {code: pat}\nanswers: [\"42\", Success]\n":                         {turn},
		"when: {code: pat, nth: 2}\n" + one:                                       {turn},
		"when: {subscriber_num: \"7\"}\n" + one + "claims: [CO-11, paid]\n":       {turn},
		"when: {subscriber_num: \"7\"}\n" + one:                                   nil,
		"when: {code: pat, nth: 2}\nvisit: missed\n":                              {visits, turn},
		"when: {code: pat, not: {nth: 2}}\nvisit: left\n":                         {visits},
		"when: {code: pat}\n" + one + partly + "33}, {code: CO-45, amount: 25}]}": {all},
		"when: {code: pat}\n" + one + partly + "20}, {code: CO-45, amount: 25}]}": nil,
	} {
		text = "title: T\n" + text
		found := scenarios.ReviewFiles([]scenarios.File{{Name: "t.yaml", Data: []byte(text)}})
		if len(found.Problems) > 0 {
			t.Fatalf("%s: %s", text, found.Problems[0])
		}
		matches := slices.EqualFunc(want, found.Warnings, func(want string, w *scenarios.Problem) bool {
			return strings.HasPrefix(w.Rule, want) && w.Hint != "" && w.Line == 2 && w.File == "t.yaml"
		})
		if !matches {
			t.Errorf("%s (-want +got):\n%s", text, cmp.Diff(want, found.Warnings))
		}
	}
}
