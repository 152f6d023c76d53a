package scenarios

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/memberid"
)

// When says which checks a scenario answers: those that match every field that is set. Names and addresses match in
// upper and lower case alike; numbers do, too, and spaces, hyphens and dashes in them do not count.
type When struct {
	CarrierCode   Match `yaml:"carrier_code,omitempty" json:"carrier_code,omitempty"`
	SubscriberNum Match `yaml:"subscriber_num,omitempty" json:"subscriber_num,omitempty"`
	GroupNumber   Match `yaml:"group_number,omitempty" json:"group_number,omitempty"`
	Card          Match `yaml:"card,omitempty" json:"card,omitempty"` // primary or secondary
	// how the patient relates to the insured: self, child, spouse or other
	Respparty Match `yaml:"respparty,omitempty" json:"respparty,omitempty"`
	FirstName Match `yaml:"first_name,omitempty" json:"first_name,omitempty"`
	LastName  Match `yaml:"last_name,omitempty" json:"last_name,omitempty"`
	DOB       Match `yaml:"dob,omitempty" json:"dob,omitempty"`
	Code      Match `yaml:"code,omitempty" json:"code,omitempty"` // the caller's own id for the user
	Email     Match `yaml:"email,omitempty" json:"email,omitempty"`
	// 1 or male, 2 or female; 3 and 4 in clinics that take them
	Gender Match `yaml:"gender,omitempty" json:"gender,omitempty"`
	Zip    Match `yaml:"zip,omitempty" json:"zip,omitempty"`
	// the insured of a patient who is insured by somebody else
	GuarantorName Match `yaml:"guarantor_name,omitempty" json:"guarantor_name,omitempty"`
	GuarantorDOB  Match `yaml:"guarantor_dob,omitempty" json:"guarantor_dob,omitempty"` // as dob
	// in whole years on the clinic's date: 40, 18..64, 65.. or ..17
	Age         Match `yaml:"age,omitempty" json:"age,omitempty"`
	AccountCode Match `yaml:"account_code,omitempty" json:"account_code,omitempty"` // of the clinic
	// of the checks of the same subscriber with the same insurer
	Nth Match `yaml:"nth,omitempty" json:"nth,omitempty"`
	// mon to sun, on the clinic's clock, in UTC
	Weekday Match `yaml:"weekday,omitempty" json:"weekday,omitempty"`
	// YYYY-MM-DD, likewise; or from..to, both included, of which one may be missing
	Date Match `yaml:"date,omitempty" json:"date,omitempty"`
	// from..to, HH:MM, likewise; to is not included
	Time Match `yaml:"time,omitempty" json:"time,omitempty"`
	// of weekday, date, time and age, such as America/New_York; UTC when left out
	TimeZone Zone `yaml:"time_zone,omitempty" json:"time_zone,omitzero"`
	// fields without a value
	Absent Match `yaml:"absent,omitempty" json:"absent,omitempty"`
	// left out are the checks that match every field of one of these
	Not Nots `yaml:"not,omitempty" json:"not,omitempty"`
}

// Check is one eligibility check as scenarios see it.
type Check struct {
	CarrierCode   string    `json:"carrier_code"`
	SubscriberNum string    `json:"subscriber_num"`
	GroupNumber   string    `json:"group_number"`
	Card          string    `json:"card"` // primary or secondary
	Respparty     string    `json:"respparty"`
	FirstName     string    `json:"first_name"`
	LastName      string    `json:"last_name"`
	DOB           string    `json:"dob"`
	Code          string    `json:"code"`
	Email         string    `json:"email"`
	Gender        string    `json:"gender"` // 1 to 4; empty for none
	Zip           string    `json:"zip"`
	GuarantorName string    `json:"guarantor_name"`
	GuarantorDOB  string    `json:"guarantor_dob"`
	AccountCode   string    `json:"account_code"`
	Nth           int       `json:"nth"`            // of the checks of this subscriber with this insurer, counted from 1
	NthOfPatient  int       `json:"nth_of_patient"` // of the checks of this card of the patient, likewise
	At            time.Time `json:"at"`             // when the check is started, on the clinic's clock
}

// condition is one field of a When.
type condition struct {
	name   string
	wanted func(*When) *Match
	value  func(*Check) string
	// normal returns a text, or a pattern, in its form for comparison; nil for the text as it stands.
	normal func(string) string
	span   *span // of a value other than text; nil for text
	timed  bool  // the value depends on the time of the check
}

// conditions are all of them, in the order of comparison.
var conditions = []condition{
	{name: "carrier_code", wanted: func(w *When) *Match { return &w.CarrierCode },
		value: func(c *Check) string { return c.CarrierCode }},
	{name: "subscriber_num", wanted: func(w *When) *Match { return &w.SubscriberNum },
		value: func(c *Check) string { return c.SubscriberNum }, normal: memberid.Normal},
	{name: "group_number", wanted: func(w *When) *Match { return &w.GroupNumber },
		value: func(c *Check) string { return c.GroupNumber }, normal: memberid.Normal},
	{name: "card", wanted: func(w *When) *Match { return &w.Card }, value: func(c *Check) string { return c.Card }},
	{name: "respparty", wanted: func(w *When) *Match { return &w.Respparty },
		value: func(c *Check) string { return c.Respparty }},
	{name: "first_name", wanted: func(w *When) *Match { return &w.FirstName },
		value: func(c *Check) string { return c.FirstName }, normal: strings.ToLower},
	{name: "last_name", wanted: func(w *When) *Match { return &w.LastName },
		value: func(c *Check) string { return c.LastName }, normal: strings.ToLower},
	{name: "dob", wanted: func(w *When) *Match { return &w.DOB }, value: func(c *Check) string { return c.DOB },
		span: &dates},
	{name: "code", wanted: func(w *When) *Match { return &w.Code }, value: func(c *Check) string { return c.Code }},
	{name: "email", wanted: func(w *When) *Match { return &w.Email }, value: func(c *Check) string { return c.Email },
		normal: strings.ToLower},
	{name: "gender", wanted: func(w *When) *Match { return &w.Gender }, value: func(c *Check) string { return c.Gender },
		normal: genderNumber},
	{name: "zip", wanted: func(w *When) *Match { return &w.Zip }, value: func(c *Check) string { return c.Zip }},
	{name: "guarantor_name", wanted: func(w *When) *Match { return &w.GuarantorName },
		value: func(c *Check) string { return c.GuarantorName }, normal: strings.ToLower},
	{name: "guarantor_dob", wanted: func(w *When) *Match { return &w.GuarantorDOB },
		value: func(c *Check) string { return c.GuarantorDOB }, span: &dates},
	{name: "age", wanted: func(w *When) *Match { return &w.Age },
		value: func(c *Check) string { return ageOn(c.DOB, c.At) }, span: &ages, timed: true},
	{name: "account_code", wanted: func(w *When) *Match { return &w.AccountCode },
		value: func(c *Check) string { return c.AccountCode }},
	{name: "nth", wanted: func(w *When) *Match { return &w.Nth },
		value: func(c *Check) string { return strconv.Itoa(c.Nth) }},
	{name: "weekday", wanted: func(w *When) *Match { return &w.Weekday },
		value: func(c *Check) string { return weekdays[c.At.Weekday()] }, normal: strings.ToLower, timed: true},
	{name: "date", wanted: func(w *When) *Match { return &w.Date },
		value: func(c *Check) string { return c.At.Format(time.DateOnly) }, span: &dates, timed: true},
	{name: "time", wanted: func(w *When) *Match { return &w.Time },
		value: func(c *Check) string { return c.At.Format("15:04") }, span: &hours, timed: true},
}

func (k *condition) matches(w *When, c *Check) bool {
	want := *k.wanted(w)
	if len(want) == 0 {
		return true
	}
	if k.span == nil {
		return want.matches(k.value(c), k.normal)
	}
	return slices.ContainsFunc(want, func(text string) bool { return k.span.has(text, k.value(c)) })
}

// differs returns the first field with a mismatch in a check, "" for none, and the number of matching fields.
func (w When) differs(c Check) (first string, matched int) {
	local := w.local(&c)
	note := func(name string, isWanted, matches bool) {
		switch {
		case !matches:
			first = cmp.Or(first, name)
		case isWanted:
			matched++
		}
	}
	for _, k := range conditions {
		note(k.name, len(*k.wanted(&w)) > 0, k.matches(&w, local))
	}
	note("absent", len(w.Absent) > 0, w.lacks(local))
	note("not", len(w.Not) > 0, !w.isLeftOut(local))
	return first, matched
}

// both returns the wanted value of a field, in words, and that of a check.
func (w When) both(field string, c *Check) (wants, has string) {
	if of := fieldsOf(field); len(of) > 0 {
		return of[0].wanted(&w).String(), of[0].value(w.local(c))
	}
	if field == "not" {
		return When{Not: w.Not}.String(), ""
	}
	return When{Absent: w.Absent}.String(), ""
}

func (w When) answers(c Check) bool { return matches(&w, &c) }

func matches(w *When, c *Check) bool { return w.matchesLocal(w.local(c)) }

// matchesLocal is matches for a check with its time in the zone of w.
func (w *When) matchesLocal(c *Check) bool {
	for i := range conditions {
		if !conditions[i].matches(w, c) {
			return false
		}
	}
	return w.lacks(c) && !w.isLeftOut(c)
}

// local returns a check with its time in the zone of w, as far as it matters.
func (w *When) local(c *Check) *Check {
	if !w.isTimed(true) {
		return c
	}
	local := *c
	local.At = c.At.In(w.TimeZone.location())
	return &local
}

// Concerns reports whether a future check may match, as far as it can be known before. The check's number among its
// subscriber's checks cannot be known.
func (w When) Concerns(c Check) bool {
	w.Nth = nil
	w.Not = slices.DeleteFunc(slices.Clone(w.Not), func(n When) bool { return len(n.Nth) > 0 })
	return w.answers(c)
}

// IsTimed reports whether checks match at certain times alone.
func (w When) IsTimed() bool { return w.isTimed(false) }

func (w *When) isTimed(withAge bool) bool {
	return len(w.Weekday)+len(w.Date)+len(w.Time) > 0 || withAge && len(w.Age) > 0 ||
		slices.ContainsFunc(w.Not, func(n When) bool { return n.isTimed(withAge) })
}

// IsZero reports whether no field is set.
func (w When) IsZero() bool {
	for _, k := range conditions {
		if len(*k.wanted(&w)) > 0 {
			return false
		}
	}
	return len(w.Absent)+len(w.Not) == 0
}

// String returns the wanted values, field by field.
func (w When) String() string {
	var parts []string
	for _, k := range conditions {
		if want := *k.wanted(&w); len(want) > 0 {
			parts = append(parts, k.name+"="+want.String())
		}
	}
	if !w.TimeZone.IsZero() {
		parts = append(parts, "time_zone="+w.TimeZone.String())
	}
	if len(w.Absent) > 0 {
		parts = append(parts, "no "+strings.Join(w.Absent, ", no "))
	}
	for _, n := range w.Not {
		parts = append(parts, "not ("+n.String()+")")
	}
	return strings.Join(parts, " ")
}
