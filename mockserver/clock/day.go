package clock

import "time"

// earliestZone is where a day begins first on earth: UTC+14, Kiribati's Line Islands.
const earliestZone = 14 * time.Hour

// HasBegun reports whether a day, written YYYY-MM-DD, has begun anywhere on earth at a time. The mock does not know the
// zone of a client, so a date is in the future only when it is so everywhere (ours). It returns true for a text that is
// no date: that is another mistake.
func HasBegun(day string, now time.Time) bool {
	date, err := time.Parse(time.DateOnly, day)
	return err != nil || !date.After(now.Add(earliestZone))
}
