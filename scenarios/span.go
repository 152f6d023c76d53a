package scenarios

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// span compares values other than text: dates, times of day and ages. A pattern of dates is a span, too.
type span struct {
	has    func(span, value string) bool
	covers func(one, other string) bool // one has every value of the other; false may be wrong
	start  func(span string) string     // the first value
}

var (
	dates = span{isOnDate, dateCovers, func(span string) string { from, _ := dateEnds(span); return from }}
	hours = span{isAtTime, timeCovers, func(span string) string { from, _ := spanEnds(span); return from }}
	ages  = span{
		isOfAge,
		func(one, other string) bool {
			first, last := ageEnds(one)
			from, to := ageEnds(other)
			return first <= from && to <= last
		},
		func(span string) string { from, _ := ageEnds(span); return strconv.Itoa(from) },
	}
)

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// genderNumber returns the number of a gender.
func genderNumber(text string) string {
	switch text {
	case "male":
		return "1"
	case "female":
		return "2"
	}
	return text
}

// ageOn returns the age in whole years of somebody born on a day; "" before the birth, and for a text that is no date.
// Who is born on 29 February is a year older on 1 March (ours).
func ageOn(dob string, at time.Time) string {
	born, err := time.Parse(time.DateOnly, dob)
	if err != nil {
		return ""
	}
	age := at.Year() - born.Year()
	if at.Month() < born.Month() || at.Month() == born.Month() && at.Day() < born.Day() {
		age--
	}
	if age < 0 {
		return ""
	}
	return strconv.Itoa(age)
}

// maxAge is beyond every age.
const maxAge = 999

// ageEnds returns the first and the last age of a span.
func ageEnds(span string) (from, to int) {
	first, last := spanEnds(span)
	from, _ = strconv.Atoi(first) // digits, or nothing for 0
	to, err := strconv.Atoi(last)
	if err != nil {
		to = maxAge
	}
	return from, to
}

func isOfAge(span, age string) bool {
	years, err := strconv.Atoi(age)
	from, to := ageEnds(span)
	return err == nil && from <= years && years <= to
}

func isAgeSpan(s string) bool {
	from, to := ageEnds(s)
	return from <= to
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
	from, to := dateEnds(text)
	if start, isStart := strings.CutSuffix(one, "*"); isStart && !isPattern(start) {
		return strings.HasPrefix(from, start) && strings.HasPrefix(to, start)
	}
	if isPattern(one) {
		return from == to && matchesPattern(one, from)
	}
	first, last := dateEnds(one)
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

// dateEnds returns the first and the last date of a span. A missing one is before or after every date.
func dateEnds(span string) (from, to string) {
	from, to = spanEnds(span)
	return cmp.Or(from, "0000-01-01"), cmp.Or(to, "9999-12-31")
}

func isOnDate(span, date string) bool {
	if !strings.Contains(span, "..") {
		return matchesPattern(span, date)
	}
	from, to := dateEnds(span)
	return from <= date && date <= to
}

// isAtTime reports whether a time of day is in a span; the span may go over midnight.
func isAtTime(span, now string) bool {
	from, to, _ := strings.Cut(span, "..")
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
	if !strings.Contains(s, "..") {
		return isDatePattern(s)
	}
	first, last := spanEnds(s)
	from, to := dateEnds(s)
	return (first == "" || isDate(first)) && (last == "" || isDate(last)) && from <= to
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
