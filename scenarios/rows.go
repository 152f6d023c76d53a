package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/vsee-mock/vsee-mock/internal/misbehaviour"
	"github.com/vsee-mock/vsee-mock/internal/rule"
	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// checkRules returns the rules broken by a value at a place, as joined *Problems; nil for none.
func (s source) checkRules(place string, rules rule.Set, value any) error {
	var wrong []error
	for _, broken := range rules.All(value, s.dropped[place]...) {
		wrong = append(wrong, s.problemAt(place+broken.Place, broken.Says, hintOf(broken)))
	}
	return errors.Join(wrong...)
}

// hintOf returns the hint of a row, or the known text probably meant.
func hintOf(b rule.Broken) string {
	if b.Hint != "" {
		return b.Hint
	}
	if near := suggest.Name(b.Got, b.Known); near != "" && b.Got != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "they are " + strings.Join(b.Known, ", ")
}

const (
	maxSlow   = time.Minute
	maxFaults = 100
)

// A schema checks these texts by their form alone.
const (
	hourForm = `([01][0-9]|2[0-3]):[0-5][0-9]`
	dateForm = `[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`
	likeForm = `[0-9-]*[*?][0-9*?-]*`
)

var (
	cards        = rule.Texts(primary, secondary)
	respparty    = rule.Texts("self", "child", "spouse", "other")
	existingDate = rule.Pattern(dateForm).And(isDate)
	hasAnswer    = rule.HasAny("answer", "answers", "chance")
	hasOutcome   = rule.HasAny("answer", "answers", "chance", "http", "visit")
	hasClaim     = rule.HasAny("claim", "claims")
)

var scenarioRules = rule.NewSet[Scenario](rule.Rows{
	{Key: "version", Value: rule.Texts(Version1), Hint: "it is that of the language; leave it out"},
	{Key: "title", Value: rule.Pattern(`[\s\S]*\S[\s\S]*`), Required: true,
		Says: "title must not be blank", Hint: "describe in one sentence the effect for the patient or the integrator"},
	{Key: "count_by", Value: rule.Texts("subscriber", CountByPatient), Hint: "leave it out for subscriber"},
	{Key: "answers", If: rule.Has("answers"), Must: rule.Not(rule.Has("answer")),
		Says: "answer and answers exclude each other", Hint: "keep answers, one for each check in turn"},
	{Key: "answer", Value: rule.Fits("one answer", Answers.isSingle),
		Says: "must be one answer", Hint: "use answers for a list, one for each check in turn"},
	{Key: "chance", If: rule.Has("chance"), Must: rule.Not(rule.HasAny("answer", "answers")),
		Says: "chance and answer exclude each other",
		Hint: "for several checks in turn, write answers: [{chance: …}, Success]"},
	{Key: "claims", If: rule.Has("claims"), Must: rule.Not(rule.Has("claim")),
		Says: "claim and claims exclude each other", Hint: "keep claims, one for each claim in turn"},
	{Key: "claim", Value: rule.Fits("one outcome", func(c Claims) bool { return len(c) == 1 }),
		Says: "must be one outcome", Hint: "use claims for a list, one for each claim in turn"},
	{Key: "claim", If: rule.Has("claim"), Must: hasAnswer, Says: claimNeedsAnswer, Hint: claimHint},
	{Key: "claims", If: rule.Has("claims"), Must: hasAnswer, Says: claimNeedsAnswer, Hint: claimHint},
	{Key: "preview", If: rule.Has("visit"), Must: rule.Not(rule.Has("preview")),
		Says: "a scenario with a visit has no preview",
		Hint: "only a mock's provider acts by itself; remove preview, and label it mock-only"},
	{Key: "preview", If: hasClaim, Must: rule.Not(rule.Has("preview")),
		Says: "a scenario with a claim has no preview",
		Hint: "VSee has not defined claims; remove preview, and label it mock-only"},
	{Key: "preview", If: rule.Has("chance"), Must: rule.Not(rule.Has("preview")), Says: chanceHasNoPreview,
		Hint: chancePreviewHint},
	{Key: "answers", If: rule.Has("preview"), Value: previewed, Says: chanceHasNoPreview, Hint: chancePreviewHint},
	{Key: "answer", If: rule.Has("preview"), Value: previewed, Says: chanceHasNoPreview, Hint: chancePreviewHint},
	{Must: rule.Any(hasOutcome, hasClaim, rule.Has("expect")),
		Says: "the outcome is missing", Hint: "write answer, or expect for an answer of the mock itself"},
	{Key: "when", If: hasOutcome, Must: rule.Is("when", rule.NotEmpty()),
		Says: "when must name at least one field", Hint: "a subscriber_num that no other scenario has is best"},
	{Key: "when", If: rule.Is("when", rule.NotEmpty()), Must: rule.Any(hasOutcome, hasClaim),
		Says: "when without an answer does nothing", Hint: "write answer, or describe the patient under patient"},
	{Key: "webhook", If: rule.Is("webhook", rule.NotEmpty()), Must: hasAnswer,
		Says: "webhook without an answer does nothing", Hint: "write answer: the event is about it"},
	{Key: "claim_webhook", If: rule.Is("claim_webhook", rule.NotEmpty()), Must: hasClaim,
		Says: "claim_webhook without a claim does nothing", Hint: "write claim: the events are about it"},
	{Key: "http", Value: rule.Length(maxFaults), Says: fmt.Sprintf("a scenario has at most %d faults", maxFaults),
		Hint: "set its frequency with times and from"},
	{Key: "preview", If: rule.Is("labels", rule.Contains(MockOnly)), Must: rule.Not(rule.Has("preview")),
		Says: "a mock-only scenario has no preview", Hint: "remove preview, or the label mock-only"},
})

// previewed is the form of answers of a real insurer.
var previewed = rule.Fits("VSee's", func(a Answers) bool {
	return a.each("", func(_ string, a *Answer) error {
		if a.Undocumented || len(a.Chance) > 0 {
			return errors.New("it is the mock's")
		}
		return nil
	}) == nil
})

const (
	chanceHasNoPreview = "a scenario with chance or undocumented has no preview"
	chancePreviewHint  = "only a mock answers so; remove preview, and label it mock-only"

	claimNeedsAnswer = "claim without an answer does nothing"
	claimHint        = "write answer: a claim needs the result of a check"
)

var (
	webhookRules      = misbehaviour.Rules()
	claimWebhookRules = misbehaviour.ClaimRules()
)

var whenRules = rule.NewSet[When](rule.Rows{
	{Key: "card", Each: cards, Hint: "leave it out for either"},
	{Key: "respparty", Each: respparty, Hint: "leave it out for any"},
	// +2 and 02 would never match.
	{Key: "nth", Each: rule.Pattern("[1-9][0-9]{0,2}|1000").Or(rule.Whole(1, 1000).Schema),
		Says: "nth must be a whole number from 1 to 1000", Hint: "2 is the second check of the subscriber"},
	{Key: "weekday", Each: rule.Texts("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
		Hint: "write [sat, sun] for several"},
	dateRow("dob"), dateRow("guarantor_dob"), dateRow("date"),
	{Key: "time", Each: rule.Pattern(hourForm + `\.\.` + hourForm).And(isTimeSpan),
		Says: "time must be from..to, each with two digits for the hour, from 00:00 to 23:59",
		Hint: "write 08:00..18:00; midnight is 00:00"},
	{Key: "time_zone", If: rule.Has("time_zone"), Must: rule.HasAny("weekday", "date", "time", "age", "not"),
		Says: "time_zone without a time does nothing", Hint: "write weekday, date, time or age beside it"},
	{Key: "gender", Each: rule.Texts("1", "2", "3", "4", "male", "female").Or(rule.Among(1, 2, 3, 4).Schema),
		Hint: "for no gender, write absent: gender"},
	{Key: "age", Each: rule.Pattern(`[0-9]{1,3}(\.\.([0-9]{1,3})?)?|\.\.[0-9]{1,3}`).And(isAgeSpan).
		Or(rule.Whole(0, maxAge).Schema),
		Says: "age must be a number of years, or from..to", Hint: "write 65.., ..17 or 18..64"},
	{Key: "absent", Each: rule.Texts(absentable()...), Hint: "the other fields of a check always have a value"},
})

// dateRow is the rule for a date in when.
func dateRow(key string) rule.Rule {
	const form = dateForm + `(\.\.(` + dateForm + `)?)?|\.\.` + dateForm + "|" + likeForm
	return rule.Rule{Key: key, Each: rule.Pattern(form).And(isDateSpan),
		Says: key + " must be a date that exists, a pattern, or from..to",
		Hint: "write 1986-01-31, 1986-*, 2026-12-24..2026-12-26, 2026-12-24.. or ..2026-12-26"}
}

var notRules = rule.NewSet[When](rule.Rows{
	{Must: rule.Not(rule.Has("not")), Says: "not has no not of its own",
		Hint: "write the field beside not, or a list of conditions"},
	{Must: rule.Any(rule.Has("absent"), rule.HasAny(conditionNames()...)), Says: "not must name at least one field",
		Hint: "write not: {card: secondary}"},
})

// conditionNames returns the names of the fields of when with values of a check.
func conditionNames() []string {
	names := make([]string, len(conditions))
	for i := range conditions {
		names[i] = conditions[i].name
	}
	return names
}

var isUndocumented = rule.On("undocumented")

// unlistedText is the form of texts that VSee does not list.
func unlistedText() rule.Form {
	texts := []string{Success}
	for _, r := range Reasons() {
		texts = append(texts, r.Text)
	}
	form := rule.Fits("another", func(t string) bool { return !slices.Contains(texts, t) })
	form.Schema = rule.Schema{"not": rule.Schema{"enum": texts}}
	return form
}

var answerRules = rule.NewSet[Answer](rule.Rows{
	{If: rule.On("silent"), Must: rule.Not(rule.Any(rule.HasAny("text", "after", "at"), isUndocumented)),
		Says: "a silent answer has no text and no time", Hint: "remove silent, or the rest"},
	{Key: "webhook", If: rule.On("silent"), Must: rule.Not(rule.Is("webhook", rule.NotEmpty())),
		Says: "a silent answer has no event that could misbehave", Hint: "remove webhook, or write a text for silent"},
	{If: rule.Has("chance"),
		Must: rule.Not(rule.Any(rule.HasAny("text", "after", "at"), isUndocumented, rule.On("silent"),
			rule.Is("webhook", rule.NotEmpty()))),
		Says: "chance stands alone", Hint: "write the text and its time into the answers of chance"},
	{Key: "chance", Value: rule.Fits("100 %", isHundred),
		Says: "the percents of chance must add up to 100", Hint: "write percent: 80 and percent: 20"},
	{Key: "undocumented", If: isUndocumented, Must: rule.Has("text"),
		Says: "undocumented is for a text", Hint: "write text: beside it"},
	{Must: rule.OneAtMost(rule.Has("after"), rule.Has("at")),
		Says: "after and at exclude each other", Hint: "after is from the start of the check, at is a time"},
	{Key: "at", Value: rule.Pattern(`((mon|tue|wed|thu|fri|sat|sun) )?` + hourForm + "|" +
		dateForm + "T" + hourForm + `:[0-5][0-9](\.[0-9]+)?Z`).And(isTime), Says: "at must be a time",
		Hint: "write 08:30 with two digits for the hour, mon 08:30, or 2026-01-31T08:30:00Z"},
	{Key: "time_zone", If: rule.Has("time_zone"), Must: rule.Is("at", rule.Pattern("[^Z]*")),
		Says: "time_zone is for a time of day", Hint: "write at: 08:30 or at: mon 08:30 beside it"},
	{Key: "text", If: isUndocumented, Value: unlistedText(), Says: "VSee lists this text", Hint: "remove undocumented"},
	{Key: "text", If: isUndocumented, Value: rule.Fits("short", func(t string) bool {
		return utf8.RuneCountInString(t) <= maxWant
	}), Says: fmt.Sprintf("text must have at most %d characters", maxWant), Hint: "write a shorter one"},
	{Must: rule.Any(rule.Has("text"), rule.On("silent"), rule.Has("chance")),
		Says: "an answer needs a text", Hint: "write a text of eligibility_response, its code, or silent"},
})

var callRules = rule.NewSet[Call](rule.Rows{
	{Must: rule.One(rule.Has("check"), rule.On("visit"), rule.Has("claim"), rule.On("read"), rule.Has("wait"),
		rule.Has("card")),
		Says: "a call is one of check, visit, claim, read, wait and card", Hint: "write one item for each"},
	{Key: "check", Value: cards, Hint: "it is the card that is checked"},
	{Key: "claim", Value: rule.Texts(NewClaim, ClaimAgain, ClaimCorrected, primary, secondary),
		Hint: "again is the last claim once more, corrected is one in its place; primary and secondary name a card"},
})

var cardChangeRules = rule.NewSet[CardChange](rule.Rows{
	{Key: "card", Value: cards, Hint: "leave it out for the primary card"},
	{Must: rule.HasAny("subscriber_num", "group_number"), Says: "card changes nothing",
		Hint: "write subscriber_num or group_number"},
})

// maxClinicSpan is the most for the time of a clinic's cron job or the life of a token.
const maxClinicSpan = 720 * time.Hour

var clinicRules = rule.NewSet[Clinic](rule.Rows{
	{Key: "cron_delay", Hint: "leave it out for the setting of VSee's clinics",
		Value: rule.Fits("more than 0s and at most 720h", func(r Range) bool { return r.From > 0 && r.To <= maxClinicSpan })},
	{Key: "token_life", Value: rule.Span(1, maxClinicSpan), Says: "token_life must be more than 0s and at most 720h",
		Hint: "leave it out for the setting of VSee's clinics"},
})

var rateLimitRules = rule.NewSet[RateLimit](rule.Rows{
	{Key: "requests", Value: rule.Whole(1, 1000), Required: true, Hint: "write {requests: 5, per: 1m}"},
	{Key: "per", Value: rule.Span(1, 24*time.Hour), Says: "per must be more than 0s and at most 24h", Hint: "write 1m"},
})

var patientRules = rule.NewSet[Patient](rule.Rows{
	{Key: "card", Value: cards, Hint: "leave it out for either, and for the primary card of a patient"},
	{Key: "dob", Value: existingDate, Says: "dob must be a date that exists", Hint: "write YYYY-MM-DD"},
	{Key: "guarantor_dob", Value: existingDate, Says: "guarantor_dob must be a date that exists",
		Hint: "write YYYY-MM-DD"},
	{Key: "respparty", Value: respparty, Hint: "leave it out for self"},
	{Key: "gender", Value: rule.Texts("1", "2", "male", "female").Or(rule.Among(1, 2).Schema),
		Says: "gender must be 1 or male, 2 or female", Hint: "to leave it out, write without: [gender]"},
	{Key: "without", Each: rule.Texts("subscriber_num", "dob", "gender"),
		Says: "without takes subscriber_num, dob and gender", Hint: "the other fields are there when they are named"},
})

var faultKinds = []rule.Cond{
	rule.Has("status"), rule.On("reset"), rule.On("truncated"), rule.On("malformed"), rule.On("html"),
}

// faultRules are made for the first fault, because they need openapi.yaml: most commands do without.
var faultRules = sync.OnceValue(func() rule.Set {
	return rule.NewSet[Fault](rule.Rows{
		{Key: "operation", Value: rule.Texts(Operations()...), Says: "operation must be one of VSee's that the mock knows"},
		{Key: "from", Value: rule.Whole(1, 1000), Hint: "leave it out for the first request"},
		{Key: "times", Value: rule.Whole(1, 1000), Hint: "leave it out for all requests"},
		{Key: "probability", Value: rule.Fraction(), Hint: "leave it out for every request"},
		{Key: "status", Value: rule.Among(Statuses()...),
			Hint: "write one of them, or html: true for an error page with status 200",
			Says: "status must be an error that VSee documents: 400, 401, 403, 404, 429, 500, 502, 503 or 504"},
		{Key: "retry_after", If: rule.Has("retry_after"), Must: rule.Is("status", rule.Among(429, 503)),
			Says: "retry_after is for status 429 and 503", Hint: "write status: 429"},
		{Key: "retry_after", Value: rule.Span(0, 24*time.Hour), Hint: "write 30s"},
		{Key: "retry_after", Hint: "write 30s",
			Value: rule.Fits("whole seconds", func(d Duration) bool { return time.Duration(d)%time.Second == 0 })},
		{Key: "until_retry_after", If: rule.On("until_retry_after"), Must: rule.Has("retry_after"),
			Says: "until_retry_after needs a retry_after", Hint: "write status: 429, retry_after: 30s"},
		{Key: "until_retry_after", If: rule.On("until_retry_after"), Must: rule.Not(rule.HasAny("times", "probability")),
			Says: "until_retry_after excludes times and probability", Hint: "it fails every request until the time is over"},
		{Key: "slow", Value: rule.Span(0, maxSlow), Hint: "it is real time"},
		{Must: rule.OneAtMost(faultKinds...), Says: "status, reset, truncated, malformed and html exclude each other",
			Hint: "write one fault for each: the first to apply to a request wins"},
		{Must: rule.Any(append(faultKinds, rule.Has("latency"), rule.Has("slow"))...),
			Says: "a fault needs a failure", Hint: "write latency, status, reset, truncated, slow, malformed or html"},
	})
})

// stageSpan is the rule for the time of a claim to its next status.
var stageSpan = rule.Span(0, 8_760*time.Hour)

var claimRules = rule.NewSet[Claim](rule.Rows{
	{Key: "outcome", Value: rule.Texts(Paid, PartlyPaid, Denied, Rejected, Silent), Required: true},
	onlyOf("claim", "status", Rejected), onlyOf("claim", "adjustments", PartlyPaid, Denied),
	onlyOf("claim", "after", Silent),
	onlyOf("claim", "pay_after", Paid, PartlyPaid, Denied),
	{Key: "status", Value: rule.Pattern(rejectionCode),
		Says: "status must be a category from A3 to A8 and a status code", Hint: "write A3:21"},
	{Key: "after", Value: rule.Texts(Submitted, Acknowledged, Accepted), Hint: "it is the last status that comes"},
	{Key: "acknowledge_after", Value: stageSpan, Hint: "that is a year"},
	{Key: "accept_after", Value: stageSpan, Hint: "that is a year"},
	{Key: "pay_after", Value: stageSpan, Hint: "that is a year"},
	{Key: "adjustments", If: rule.Is("outcome", rule.Texts(Denied)),
		Each: rule.Object[Adjustment](rule.Not(rule.HasAny("amount", "percent"))),
		Says: "all of a denied claim is adjusted", Hint: "remove amount and percent, or write outcome: partly_paid"},
	{Key: "adjustments", If: rule.Is("outcome", rule.Texts(PartlyPaid)),
		Each: rule.Object[Adjustment](rule.HasAny("amount", "percent", "line")),
		Says: "nothing is left to be paid", Hint: "write amount or percent, or outcome: denied"},
})

// onlyOf is the rule for a key with only certain outcomes of claims or visits.
func onlyOf(of, key string, outcomes ...string) rule.Rule {
	among := rule.Texts(outcomes...)
	return rule.Rule{Key: key, If: rule.Has(key), Must: rule.Is("outcome", among),
		Says: "only a " + of + " that is " + among.String() + " takes " + key, Hint: "remove it, or change outcome"}
}

var adjustmentRules = rule.NewSet[Adjustment](rule.Rows{
	{Key: "code", Value: rule.Pattern(adjustmentCode), Required: true,
		Says: "code must be a group (CO, OA, PI or PR) and a reason code", Hint: "write CO-97 or PR-1"},
	{Key: "percent", If: rule.Has("amount"), Must: rule.Not(rule.Has("percent")),
		Says: "amount and percent exclude each other", Hint: "keep one of them"},
	{Key: "amount",
		Value: rule.Pattern(`[0-9]{1,7}(\.[0-9]{1,2})?`).Or(rule.Schema{"type": "number", "minimum": 0, "multipleOf": 0.01}),
		Says:  "amount must be dollars with at most two decimals", Hint: "write 10 or 10.50"},
	{Key: "percent", Value: rule.Whole(0, 100), Hint: "it is of the fee of the line"},
	{Key: "line", Value: rule.Whole(0, 50), Says: "line must be from 1 to 50", Hint: "leave it out for every line"},
	{Key: "remarks", Each: rule.Pattern("(M|MA|N)[0-9]{1,3}"),
		Says: "a remark is M, MA or N and up to three digits", Hint: "write N130"},
})
