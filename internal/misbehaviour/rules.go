package misbehaviour

import (
	"errors"
	"reflect"
	"slices"

	"github.com/vsee-mock/vsee-mock/internal/rule"
)

// keyRules returns the rules of the keys of one kind, and of the delays.
func keyRules(is func(key) bool) rule.Rows {
	var rules rule.Rows
	for _, k := range keys {
		if k.takes.String() != "" && is(k) {
			rules = append(rules, rule.Rule{Key: k.name, Value: k.takes, Hint: k.hint})
		}
	}
	return append(rules, rule.Rule{
		Must: rule.OneAtMost(keyConditions(func(k key) bool { return k.hasKind(delaysSending) })...),
		Says: "hold, before_reply and after_read exclude each other", Hint: "keep one of them",
	})
}

// keyConditions returns conditions, one for each key of a kind, met when the key is in use.
func keyConditions(is func(key) bool) []rule.Cond {
	var conds []rule.Cond
	fields := reflect.TypeFor[Misbehaviour]()
	for i, k := range keys {
		switch {
		case !is(k):
		case fields.Field(i).Type.Kind() == reflect.Bool:
			conds = append(conds, rule.On(k.name))
		default:
			conds = append(conds, rule.Has(k.name))
		}
	}
	return conds
}

// clinicRules are the rules for a clinic.
var clinicRules = rule.NewSet[Misbehaviour](append(together(), keyRules(func(key) bool { return true })...))

// together returns the rules of keys that need or exclude others.
func together() rule.Rows {
	return rule.Rows{
		{Key: "drop", If: rule.On("drop"),
			Must: rule.Not(rule.Any(keyConditions(func(k key) bool { return k.name != "drop" && k.name != "before_reply" })...)),
			Says: "drop excludes every other misbehaviour", Hint: "keep drop, or the rest"},
		{Key: "attempts", If: rule.Has("attempts"),
			Must: rule.Any(keyConditions(func(k key) bool { return k.name != "attempts" })...),
			Says: "attempts needs a misbehaviour of the request",
			Hint: "add signature, timestamp, altered, extra_field, numeric_member_id, slow or gzip"},
	}
}

// Rules returns the rules for a scenario's `webhook`.
func Rules() rule.Set {
	refused := rule.Rule{Key: "refused", Value: rule.Whole(0, 9), Hint: "the standard schedule has ten attempts"}
	return rule.NewSet[Misbehaviour](slices.Concat(rule.Rows{refused}, together(),
		keyRules(func(k key) bool { return k.name != "refused" })))
}

// ClaimRules returns the further rules for a scenario's `claim_webhook`.
func ClaimRules() rule.Set {
	var rules rule.Rows
	for _, k := range keys {
		if k.hasKind(checkOnly) {
			rules = append(rules, rule.Rule{
				Key: k.name, Must: rule.Not(rule.Any(keyConditions(func(one key) bool { return one.name == k.name })...)),
				Says: k.name + " is for the event of a check alone",
				Hint: "the events of a claim are sent with each status, " +
					"and misbehave at every attempt",
			})
		}
	}
	return rule.NewSet[Misbehaviour](rules)
}

// Validate returns each rule broken by the misbehaviour of a clinic.
func (m Misbehaviour) Validate() error {
	var complaints []error
	for broken := range clinicRules.Broken(m) {
		complaints = append(complaints, errors.New("webhook.misbehaviour."+broken.Says))
	}
	return errors.Join(complaints...)
}
