package scenarios_test

import (
	"testing"
	"time"

	"github.com/vsee-mock/vsee-mock/scenarios"
)

func TestAStoryHasANextTime(t *testing.T) {
	t.Parallel()
	from := time.Date(2030, 1, 1, 12, 30, 30, 0, time.UTC) // a Tuesday
	for when, want := range map[string][2]string{          // the next time of a match, and of no match
		"{time: 12:00..13:00}":                                       {"2030-01-01T12:30:30Z", "2030-01-01T13:00:00Z"},
		"{time: 22:00..06:00}":                                       {"2030-01-01T22:00:00Z", "2030-01-01T12:30:30Z"},
		"{time: [\"02:00..02:07\", \"03:00..04:00\"]}":               {"2030-01-02T02:00:00Z", "2030-01-01T12:30:30Z"},
		"{time: [\"00:00..12:00\", \"12:00..00:00\"]}":               {"2030-01-01T12:30:30Z", "never"},
		"{weekday: [sat, sun]}":                                      {"2030-01-05T00:00:00Z", "2030-01-01T12:30:30Z"},
		"{weekday: tue, time: 07:00..11:00}":                         {"2030-01-08T07:00:00Z", "2030-01-01T12:30:30Z"},
		"{date: 2030-01-*}":                                          {"2030-01-01T12:30:30Z", "2030-02-01T00:00:00Z"},
		"{date: 2029-01-01..2029-12-31, nth: 7}":                     {"never", "2030-01-01T12:30:30Z"},
		"{nth: 2}":                                                   {"2030-01-01T12:30:30Z", "never"},
		"{time: 08:00..18:00, time_zone: America/Chicago}":           {"2030-01-01T14:00:00Z", "2030-01-01T12:30:30Z"},
		"{time_zone: Asia/Kolkata, weekday: wed}":                    {"2030-01-01T18:30:00Z", "2030-01-01T12:30:30Z"},
		"{not: {time: 08:00..18:00}}":                                {"2030-01-01T18:00:00Z", "2030-01-01T12:30:30Z"},
		"{weekday: tue, not: {time: 00:00..20:00, card: secondary}}": {"2030-01-01T20:00:00Z", "2030-01-01T12:30:30Z"},
		"{date: 2030-02-01..}":                                       {"2030-02-01T00:00:00Z", "2030-01-01T12:30:30Z"},
		"{date: ..2029-12-31}":                                       {"never", "2030-01-01T12:30:30Z"},
		"{date: \"*-02-29\", weekday: sun}":                          {"2032-02-29T00:00:00Z", "2030-01-01T12:30:30Z"},
	} {
		w := load(t, "when: "+when+"\nanswer: Success")[0].When
		for i, match := range []bool{true, false} {
			got := "never"
			if at, ok := w.Next(from, match); ok {
				got = at.Format(time.RFC3339)
			}
			if got != want[i] {
				t.Errorf("%s, told: %t: next at %s, want %s", when, match, got, want[i])
			}
		}
	}
}

// An age is in whole years on the clinic's date, in the zone of the condition.
func TestAnAgeIsThatOfTheClinicsDay(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		when, dob, at string
		want          bool
	}{
		{"{age: 18..}", "2012-01-05", "2030-01-04T23:59:59Z", false},
		{"{age: 18..}", "2012-01-05", "2030-01-05T00:00:00Z", true},
		{"{age: 18.., time_zone: Pacific/Auckland}", "2012-01-05", "2030-01-04T12:00:00Z", true},
		{"{age: ..17}", "2030-01-05", "2030-01-05T00:00:00Z", true},
		{"{age: ..17}", "2030-01-06", "2030-01-05T00:00:00Z", false},
		{"{age: ..17}", "", "2030-01-05T00:00:00Z", false},
		{"{age: 18}", "2012-02-29", "2030-02-28T00:00:00Z", false},
		{"{age: 18}", "2012-02-29", "2030-03-01T00:00:00Z", true},
		{"{absent: [dob, gender]}", "", "2030-03-01T00:00:00Z", true},
	} {
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		check := scenarios.Check{DOB: tc.dob, At: at, Card: "primary"}
		if _, got := load(t, "when: "+tc.when+"\nanswer: Success").Index().Find(check); got != tc.want {
			t.Errorf("%s, born %s, at %s: %t", tc.when, tc.dob, tc.at, got)
		}
	}
	w := load(t, "when: {age: 65..}\nanswer: Success")[0].When
	if got := w.BirthDate(saturday); got != "1964-12-05" {
		t.Errorf("a patient of 65 is born on %s", got)
	}
}
