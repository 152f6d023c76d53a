package scenarios_test

import (
	"slices"
	"strings"
	"testing"
	"time"

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
		never   = "not leaves out every check"
		anew    = "checks are counted for each subscriber_num"
		toSeven = "calls: [check, {card: {subscriber_num: \"7-\"}}, check]\n"
		toEight = "calls: [check, {card: {subscriber_num: \"8\"}}, check]\n"
		seven   = "when: {subscriber_num: \"7\"}\n"
		both    = "when: {subscriber_num: [\"7\", \"8\"]}\n"
		two     = "answers: [\"75\", Success]\n"
		pat     = "when: {code: pat}\n"
		skipped = "nth leaves out the first check"
		once    = "duplicate: 1 sends the event once"
		idle    = " is as if it were left out"
		unpaid  = "refund_after without invoice_after"
		visits  = "nth does not count visits"
		all     = "the adjustments take all of the claim of the demo"
		partly  = "claim: {outcome: partly_paid, adjustments: [{code: PR-3, amount: "
	)
	of := func(text, field string) string { return strings.ReplaceAll(text, "%s", field) }
	one := "answer: Success\n"
	each := "answer: {primary: Success, secondary: \"42\"}\n"
	for text, want := range map[string][]string{
		"when: {carrier_code: AETNA}\n" + one:                                      {name},
		"when: {carrier_code: \"Cigna*\"}\n" + one:                                 {name},
		"when: {carrier_code: health choice}\n" + one:                              {name},
		"when: {carrier_code: CAR7556}\n" + one:                                    {name},
		"when: {carrier_code: [car7551, (sandbox) HUMANA]}\n" + one:                nil,
		"when: {carrier_code: \"car*\"}\n" + one:                                   nil,
		"when: {carrier_code: own_1}\n" + one:                                      nil,
		"when: {carrier_code: \"car7551|car7556\"}\n" + one:                        {of(regular, "carrier_code")},
		"when: {carrier_code: \"car7551, car7556\"}\n" + one:                       {of(comma, "carrier_code")},
		"when: {subscriber_num: \"^7000\"}\n" + one:                                {of(regular, "subscriber_num")},
		"when: {subscriber_num: \"7[0-9]+\"}\n" + one:                              {of(regular, "subscriber_num")},
		"when: {subscriber_num: \"7000.*\"}\n" + one:                               {of(regular, "subscriber_num")},
		"when: {last_name: \"(Smith|Roe)\"}\n" + one:                               {of(regular, "last_name")},
		"when: {email: '\\d+@example.com'}\n" + one:                                {of(regular, "email")},
		"when: {email: \"pat+1.*@example.com\", code: \"a?*\"}\n" + one:            nil,
		"when: {subscriber_num: \"7\"}\n" + each:                                   {of(cards, "subscriber_num")},
		"when: {carrier_code: car7556}\n" + each:                                   {of(cards, "carrier_code")},
		"when: {subscriber_num: [\"7\", \"8\"]}\n" + each:                          nil,
		"when: {code: pat}\n" + each:                                               nil,
		"when: {subscriber_num: \"7\"}\nanswer: {secondary: Success}\n":            nil,
		"when: {code: pat}\nclinic: {cron_delay: 20s}\n" + one:                     {made},
		"when: {code: pat}\nanswers: [\"42\", Success]\n":                          {turn},
		"when: {code: pat, nth: 2}\n" + one:                                        {turn},
		"when: {subscriber_num: \"7\"}\n" + one + "claims: [CO-11, paid]\n":        {turn},
		"when: {subscriber_num: \"7\"}\n" + one:                                    nil,
		both + "count_by: patient\n" + two + toEight:                               nil,
		"when: {code: pat, not: {code: pat}}\n" + one:                              {never},
		"when: {code: pat, not: [{nth: 1}, {code: \"p*\"}]}\n" + one:               {never},
		"when: {code: pat, not: {email: pat}}\n" + one:                             nil,
		both + two + toEight:                                                       {anew, turn},
		seven + two + toEight:                                                      {turn},
		seven + two + toSeven:                                                      {turn},
		"when: {subscriber_num: \"*\"}\n" + one + toEight:                          nil,
		"when: {code: pat, nth: 2}\nvisit: missed\n":                               {visits, turn},
		"when: {subscriber_num: \"7\", nth: 2}\ncount_by: patient\n" + two:         {skipped},
		"when: {subscriber_num: \"7\", nth: [1, 2]}\ncount_by: patient\n" + two:    nil,
		"when: {code: pat}\nwebhook: {duplicate: 1}\n" + one:                       {once},
		pat + "answer: {text: Success, webhook: {duplicate: 1}}\n":                 {once},
		pat + "webhook: {signature: bad, attempts: 0}\n" + one:                     {"attempts: 0" + idle},
		pat + "answer: {text: Success, webhook: {slow: 0s}}\n":                     {"slow: 0s" + idle},
		pat + "webhook:\n  drop: false\n  burst: 0\n" + one:                        {"drop: false" + idle, "burst: 0" + idle},
		pat + "claim: paid\nclaim_webhook: {gzip: false}\n" + one:                  {"gzip: false" + idle},
		"when: {code: pat}\nwebhook: {duplicate: 2}\n" + one:                       nil,
		pat + "visit: {outcome: completed, refund_after: 5m}\n":                    {unpaid},
		pat + "visit: {outcome: completed, invoice_after: 1m, refund_after: 5m}\n": nil,
		pat + "visit: {outcome: cancelled, refund_after: 5m}\n":                    nil,
		"when: {code: pat, not: {nth: 2}}\nvisit: left\n":                          {visits},
		"when: {code: pat}\n" + one + partly + "33}, {code: CO-45, amount: 25}]}":  {all},
		"when: {code: pat}\n" + one + partly + "20}, {code: CO-45, amount: 25}]}":  nil,
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

// Only the time of day decides about these, so the warnings come from a look at files, and not from the mock.
func TestTimesThatAreOverAreWarnedOf(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	const over, late = "weekday, date and time of `when` match at no time", "the time of at is over"
	for text, want := range map[string]string{
		"when: {date: ..2026-11-29}\nanswer: Success":                                       over,
		"when: {date: ..2026-11-30}\nanswer: Success":                                       "",
		"when: {date: 2026-12-01, weekday: mon}\nanswer: Success":                           over,
		"when: {weekday: mon, not: {time: 08:00..09:00}}\nanswer: Success":                  "",
		"when: {nth: 1}\nanswers: [{text: Success, at: \"2020-01-01T00:00:00Z\"}, Success]": late,
		"when: {nth: 1}\nanswer: {text: Success, at: 08:00}":                                "",
		"when: {nth: 1}\nanswer: {text: Success, at: \"2026-12-01T00:00:00Z\"}":             "",
	} {
		found := load(t, text).Past(now)
		if (want == "") != (len(found) == 0) || want != "" && !strings.HasPrefix(found[0].Rule, want) {
			t.Errorf("%s: %v", text, found)
		}
	}
}
