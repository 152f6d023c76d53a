package scenarios

import (
	"slices"
	"strings"
	"time"
)

// Next returns the first time at or after from at which checks match, or do not, judged by the clock alone; false when
// there is none in a hundred years.
func (w When) Next(from time.Time, match bool) (time.Time, bool) {
	w = w.clockAlone()
	if from = from.UTC(); w.answers(Check{At: from}) == match {
		return from, true
	}
	changes := w.changes(w.TimeZone.location())
	for day := range 36_525 {
		var times []time.Time
		for _, change := range changes {
			local := from.In(change.zone)
			times = append(times, time.Date(local.Year(), local.Month(), local.Day()+day, 0, change.minute, 0, 0, change.zone))
		}
		slices.SortFunc(times, time.Time.Compare)
		for _, at := range times {
			if at.After(from) && w.answers(Check{At: at}) == match {
				return at.UTC(), true
			}
		}
	}
	return time.Time{}, false
}

// clockAlone returns the conditions on the clock.
func (w When) clockAlone() When {
	timed := When{Weekday: w.Weekday, Date: w.Date, Time: w.Time, TimeZone: w.TimeZone}
	for _, n := range w.Not {
		if n.IsTimed() {
			timed.Not = append(timed.Not, n.clockAlone())
		}
	}
	return timed
}

// change is a time of day at which a condition on the clock can change.
type change struct {
	zone   *time.Location
	minute int // from midnight
}

// changes returns all of them: midnight, and the ends of the spans.
func (w When) changes(zone *time.Location) []change {
	all := []change{{zone, 0}}
	for _, span := range w.Time {
		begin, end, _ := strings.Cut(span, "..")
		all = append(all, change{zone, minuteOf(begin)}, change{zone, minuteOf(end)})
	}
	for _, n := range w.Not {
		of := zone
		if !n.TimeZone.IsZero() {
			of = n.TimeZone.location()
		}
		all = append(all, n.changes(of)...)
	}
	return all
}

// BirthDate returns the birth date of a patient of a wanted age, for a check at a time; "" when any age will do.
func (w When) BirthDate(at time.Time) Text {
	if len(w.Age) == 0 {
		return ""
	}
	years, to := ageEnds(w.Age[0])
	if strings.HasPrefix(w.Age[0], "..") {
		years = to
	}
	return Text(at.In(w.TimeZone.location()).AddDate(-years, -1, 0).Format(time.DateOnly))
}
