package scenarios

import (
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
	Respparty   Match `yaml:"respparty,omitempty" json:"respparty,omitempty"`
	FirstName   Match `yaml:"first_name,omitempty" json:"first_name,omitempty"`
	LastName    Match `yaml:"last_name,omitempty" json:"last_name,omitempty"`
	DOB         Match `yaml:"dob,omitempty" json:"dob,omitempty"`
	Code        Match `yaml:"code,omitempty" json:"code,omitempty"` // the caller's own id for the user
	Email       Match `yaml:"email,omitempty" json:"email,omitempty"`
	AccountCode Match `yaml:"account_code,omitempty" json:"account_code,omitempty"` // of the clinic
	// of the checks of the same subscriber with the same insurer
	Nth Match `yaml:"nth,omitempty" json:"nth,omitempty"`
	// mon to sun, on the clinic's clock, in UTC
	Weekday Match `yaml:"weekday,omitempty" json:"weekday,omitempty"`
	// YYYY-MM-DD, likewise; or from..to, both included
	Date Match `yaml:"date,omitempty" json:"date,omitempty"`
	// from..to, HH:MM, likewise; to is not included
	Time Match `yaml:"time,omitempty" json:"time,omitempty"`
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
	AccountCode   string    `json:"account_code"`
	Nth           int       `json:"nth"` // of the checks of this subscriber with this insurer, counted from 1
	At            time.Time `json:"at"`  // when the check is started, on the clinic's clock
}

// condition is one field of a When.
type condition struct {
	name   string
	wanted func(*When) *Match
	value  func(*Check) string
	// normal returns a text, or a pattern, in its form for comparison; nil for the text as it stands.
	normal func(string) string
	// within compares a value other than text; nil for text.
	within func(pattern string, at time.Time) bool
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
	{name: "dob", wanted: func(w *When) *Match { return &w.DOB }, value: func(c *Check) string { return c.DOB }},
	{name: "code", wanted: func(w *When) *Match { return &w.Code }, value: func(c *Check) string { return c.Code }},
	{name: "email", wanted: func(w *When) *Match { return &w.Email }, value: func(c *Check) string { return c.Email },
		normal: strings.ToLower},
	{name: "account_code", wanted: func(w *When) *Match { return &w.AccountCode },
		value: func(c *Check) string { return c.AccountCode }},
	{name: "nth", wanted: func(w *When) *Match { return &w.Nth },
		value: func(c *Check) string { return strconv.Itoa(c.Nth) }},
	{name: "weekday", wanted: func(w *When) *Match { return &w.Weekday },
		value: func(c *Check) string { return weekdayOf(c.At) }, normal: strings.ToLower},
	{name: "date", wanted: func(w *When) *Match { return &w.Date }, within: isOnDate},
	{name: "time", wanted: func(w *When) *Match { return &w.Time }, within: isAtTime},
}

func (k *condition) matches(w *When, c *Check) bool {
	want := *k.wanted(w)
	if len(want) == 0 {
		return true
	}
	if k.within == nil {
		return want.matches(k.value(c), k.normal)
	}
	return slices.ContainsFunc(want, func(span string) bool { return k.within(span, c.At.UTC()) })
}

// differs returns the first field with a mismatch in a check, "" for none, and the number of matching fields.
func (w When) differs(c Check) (first string, matched int) {
	for _, k := range conditions {
		switch {
		case !k.matches(&w, &c):
			if first == "" {
				first = k.name
			}
		case len(*k.wanted(&w)) > 0:
			matched++
		}
	}
	return first, matched
}

func (w When) answers(c Check) bool { return matches(&w, &c) }

func matches(w *When, c *Check) bool {
	for i := range conditions {
		if !conditions[i].matches(w, c) {
			return false
		}
	}
	return true
}

// Concerns reports whether a future check may match, as far as it can be known before. The check's number among its
// subscriber's checks cannot be known.
func (w When) Concerns(c Check) bool {
	w.Nth = nil
	return w.answers(c)
}

// IsTimed reports whether checks match at certain times alone.
func (w When) IsTimed() bool { return len(w.Weekday)+len(w.Date)+len(w.Time) > 0 }

// Next returns the first time at or after from at which checks match, or do not, judged by the clock alone; false when
// there is none in a hundred years.
func (w When) Next(from time.Time, match bool) (time.Time, bool) {
	w = When{Weekday: w.Weekday, Date: w.Date, Time: w.Time}
	from = from.UTC()
	if w.answers(Check{At: from}) == match {
		return from, true
	}
	hours := []string{"00:00"} // when it can change
	for _, span := range w.Time {
		begin, end, _ := strings.Cut(span, "..")
		hours = append(hours, begin, end)
	}
	slices.Sort(hours)
	for day := range 36_525 {
		for _, hour := range hours {
			at := time.Date(from.Year(), from.Month(), from.Day()+day, 0, 0, 0, 0, time.UTC)
			if at = timeFrom(hour, at); at.After(from) && w.answers(Check{At: at}) == match {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// IsZero reports whether no field is set.
func (w When) IsZero() bool {
	for _, k := range conditions {
		if len(*k.wanted(&w)) > 0 {
			return false
		}
	}
	return true
}

// whenCovers reports whether w matches every check of another When. False may be wrong: some cases are not recognised.
func whenCovers(w, other *When) bool {
	for i := range conditions {
		if k := &conditions[i]; !k.wanted(w).covers(*k.wanted(other), k.covers) {
			return false
		}
	}
	return true
}

// covers reports whether one text of a field matches every value of another text.
func (k *condition) covers(one, text string) bool {
	switch k.name {
	case "date":
		return dateCovers(one, text)
	case "time":
		return timeCovers(one, text)
	}
	return textCovers(k.normalise(one), k.normalise(text))
}

// dateCovers compares dates, patterns of them, and spans. Of the patterns, it compares only those with a single `*` at
// their end with spans: a date in a span begins with the common beginning of both ends.
func dateCovers(one, text string) bool {
	if one == text || one == "*" {
		return true
	}
	if isPattern(text) {
		return false
	}
	from, to := spanEnds(text)
	if start, isStart := strings.CutSuffix(one, "*"); isStart && !isPattern(start) {
		return strings.HasPrefix(from, start) && strings.HasPrefix(to, start)
	}
	if isPattern(one) {
		return from == to && matchesPattern(one, from)
	}
	first, last := spanEnds(one)
	return first <= from && to <= last
}

// spanEnds returns the first and the last date of a span, or a date twice.
func spanEnds(span string) (from, to string) {
	from, to, isSpan := strings.Cut(span, "..")
	if !isSpan {
		to = from
	}
	return from, to
}

// timeCovers compares times of day. Spans may go over midnight.
func timeCovers(one, text string) bool {
	begin, length := minutes(one)
	from, takes := minutes(text)
	return (from-begin+day)%day+takes <= length
}

// day is how many minutes one has.
const day = 24 * 60

// minutes returns when a span of time begins, in minutes from midnight, and how many it takes.
func minutes(span string) (begin, length int) {
	from, to := spanEnds(span)
	begin = minuteOf(from)
	return begin, (minuteOf(to) - begin + day) % day
}

func minuteOf(hour string) int {
	at, err := time.Parse("15:04", hour)
	if err != nil {
		return 0 // a time, or else the file is refused
	}
	return at.Hour()*60 + at.Minute()
}

// String returns the wanted values, field by field.
func (w When) String() string {
	var parts []string
	for _, k := range conditions {
		if want := *k.wanted(&w); len(want) > 0 {
			parts = append(parts, k.name+"="+want.String())
		}
	}
	return strings.Join(parts, " ")
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func weekdayOf(t time.Time) string { return weekdays[t.UTC().Weekday()] }

func isOnDate(span string, at time.Time) bool {
	from, to, isRange := strings.Cut(span, "..")
	date := at.Format(time.DateOnly)
	if !isRange {
		return matchesPattern(span, date)
	}
	return from <= date && date <= to
}

// isAtTime reports whether a time of day is in a span; the span may go over midnight.
func isAtTime(span string, at time.Time) bool {
	from, to, _ := strings.Cut(span, "..")
	now := at.Format("15:04")
	if from <= to {
		return from <= now && now < to
	}
	return now >= from || now < to
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

func isDatePattern(s string) bool {
	return isDate(s) || isPattern(s) && strings.Trim(s, "0123456789-"+wildcards) == ""
}

func isDateSpan(s string) bool {
	from, to, isRange := strings.Cut(s, "..")
	return !isRange && isDatePattern(s) || isRange && isDate(from) && isDate(to) && from <= to
}

func isTimeSpan(s string) bool {
	from, to, isRange := strings.Cut(s, "..")
	if !isRange || from == to {
		return false
	}
	for _, t := range []string{from, to} {
		if _, err := time.Parse("15:04", t); err != nil || len(t) != len("15:04") {
			return false
		}
	}
	return true
}
