package scenarios

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
)

// Warnings returns the parts of a scenario that probably do something else than its author means, with what to write.
// None of them is an error.
func (s Scenario) Warnings() []*Problem {
	var found []*Problem
	warn := func(rule, hint string) {
		found = append(found, &Problem{File: s.File, Line: s.Line, Column: 1, Rule: rule, Hint: hint})
	}
	for i := range conditions {
		k := &conditions[i]
		for _, text := range *k.wanted(&s.When) {
			if rule, hint := neverMatching(k.name, text); rule != "" {
				warn("when."+k.name+" "+rule, hint)
				break
			}
		}
	}
	if name := s.oneCardAlone(); name != "" {
		warn("the answers of the two cards need the "+name+" of `when` on both cards: a card with another one is "+
			"answered without this scenario, Success by default",
			"write both in a list, "+name+": [first, second], or match by code or email")
	}
	all := s.When
	all.Not = nil
	if s.When.excludes(&all) {
		warn("not leaves out every check of `when`, so this scenario never applies", "remove not, or make it more specific")
	}
	if s.countsAnew() {
		warn("checks are counted for each subscriber_num: the check after the change gets the first answer again",
			"write only the wrong number in `when`, with its one answer; or write count_by: patient")
	}
	if hasNth := func(w When) bool { return len(w.Nth) > 0 }; s.Visit != nil &&
		(hasNth(s.When) || slices.ContainsFunc(s.When.Not, hasNth)) {
		warn("nth does not count visits: every visit of the patient takes this course",
			"remove nth, or give the patient of the other visit another number")
	}
	if len(s.When.Nth) > 0 && !slices.Contains(s.When.Nth, "1") && !s.Answers.IsZero() && !s.Answers.isSingle() {
		warn("nth leaves out the first check, so the first of the answers never comes",
			"remove nth, or the answers to the checks that it leaves out")
	}
	if s.HasWebhook(func(w Webhook) bool { return w.Duplicate.Times == 1 }) {
		warn("duplicate: 1 sends the event once, as without it", "write 2, or remove it")
	}
	for _, key := range s.Idle {
		warn(idleRule(key))
	}
	if v := s.Visit; v != nil && v.Outcome != Cancelled && v.RefundAfter != nil && v.InvoiceAfter == nil {
		warn("refund_after without invoice_after refunds a visit that was never paid", "add invoice_after")
	}
	if slices.ContainsFunc(s.Claims, Claim.takesAll) {
		warn("the adjustments take all of the claim of the demo, 58.00 dollars: a claim of which nothing is paid is denied",
			"write smaller amounts: each is of the whole claim, unless line is beside it")
	}
	if s.Clinic != (Clinic{}) {
		warn("clinic does nothing in a clinic that was not made for this scenario",
			`make one: POST /_mock/clinics with {"scenario": "`+s.ID+`"}; or set the clinic up by PATCH`)
	}
	if s.CountBy != CountByPatient && s.answersInTurn() {
		warn("answers in turn are counted by subscriber number and insurer, over all patients: a second patient with the "+
			"same card goes on where the first one stopped",
			"give each patient a number of their own, write count_by: patient, or reset the clinic between tests")
	}
	return found
}

// idleRule returns the warning of a misbehaviour that does nothing, and a hint.
func idleRule(key string) (rule, hint string) {
	if strings.HasPrefix(key, "attempts") {
		return key + " is as if it were left out: every attempt misbehaves", "write 1 or more, or remove it"
	}
	return key + " is as if it were left out: it is no misbehaviour", "remove it"
}

// Warnings returns the warnings of each scenario.
func (s Set) Warnings() []*Problem {
	var found []*Problem
	for _, one := range s {
		found = append(found, one.Warnings()...)
	}
	return found
}

// Past returns warnings of scenarios for times before now alone.
func (s Set) Past(now time.Time) []*Problem {
	var found []*Problem
	for _, one := range s {
		warn := func(line int, rule string) {
			found = append(found, &Problem{File: one.File, Line: line, Column: 1, Rule: rule,
				Hint: "write a later time, unless the clinic's clock is set back"})
		}
		if _, some := one.When.Next(now, true); !some {
			warn(one.Line, "weekday, date and time of `when` match at no time from now on")
		}
		_ = one.Answers.each("", func(_ string, a *Answer) error { // f has no error
			if at, err := time.Parse(time.RFC3339, string(a.At)); err == nil && at.Before(now) {
				warn(a.Line, "the time of at is over, so the answer comes at once")
			}
			return nil
		})
	}
	return found
}

// countsAnew reports whether a call changes the card's number to another one of the scenario, while answers in turn are
// counted by number.
func (s Scenario) countsAnew() bool {
	first := memberid.Normal(string(s.Person().SubscriberNum))
	return s.CountBy != CountByPatient && s.answersInTurn() && slices.ContainsFunc(s.Calls, func(c Call) bool {
		return c.Card != nil && c.Card.SubscriberNum != "" && c.Card.meets(s.When) &&
			memberid.Normal(string(c.Card.SubscriberNum)) != first
	})
}

// regularExpression matches texts that are likely to be regular expressions: anchors, classes, groups with
// alternatives, counts, or a dot that is repeated at an end.
var regularExpression = regexp.MustCompile(
	`^\^|\$$|^/.+/$|\\[dDwWsSb.]|\[[^\]]+\]|\([^)]*\|[^)]*\)|\{[0-9]+(,[0-9]*)?\}|^\.[*+]|\.[*+]$`)

// neverMatching returns why a text in a field of `when` probably matches no check, and a hint; empty for a usual text.
func neverMatching(field, text string) (rule, hint string) {
	numbers := field == "carrier_code" || field == "subscriber_num" || field == "group_number"
	switch {
	case regularExpression.MatchString(text) || numbers && strings.Contains(text, "|"):
		return "looks like a regular expression and is compared as it stands, so it probably never matches",
			"only * for any characters and ? for one are special; write several texts as a list"
	case numbers && strings.Contains(text, ","):
		return "is one text with a comma in it, so it probably never matches", "write several texts as a list: [one, two]"
	case field == "carrier_code" && !likeCarrierCode(text):
		return "looks like the name of an insurer, and insurers are matched by their id, so it probably never matches",
			"write the id, such as car7556: GET /insurances lists ids and names"
	}
	return "", ""
}

// likeCarrierCode reports whether a text, or a pattern, looks like the id of an insurer: VSee's are car and digits, or
// a name in the sandbox. Ids of a clinic's own insurers have a digit or are one word in small letters.
func likeCarrierCode(text string) bool {
	plain := strings.Trim(text, wildcards)
	switch {
	case strings.HasPrefix(plain, "("):
		return true
	case strings.ContainsAny(plain, " \t"):
		return false
	}
	return strings.ToLower(plain) == plain
}

// oneCardAlone returns the field of `when` that only one of a patient's two cards can match, although each card has an
// answer; empty for none.
func (s Scenario) oneCardAlone() string {
	if len(s.Answers.Primary) == 0 || len(s.Answers.Secondary) == 0 {
		return ""
	}
	for _, field := range []struct {
		name string
		want Match
	}{{"subscriber_num", s.When.SubscriberNum}, {"carrier_code", s.When.CarrierCode},
		{"group_number", s.When.GroupNumber}} {
		if len(field.want) == 1 && field.want.exact() {
			return field.name
		}
	}
	return ""
}

// answersInTurn reports whether the answer depends on the number of the check or the claim.
func (s Scenario) answersInTurn() bool {
	a := s.Answers
	return max(len(a.Both), len(a.Primary), len(a.Secondary), len(s.Claims)) > 1 || len(s.When.Nth) > 0
}
