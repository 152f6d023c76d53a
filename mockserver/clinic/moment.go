package clinic

import (
	"math"
	"time"
)

// Moment is a time in a third of the space, for rows of which a clinic may have millions. Zero is no time, as for
// time.Time. The times of a clock, from 1970 to 2105, are exact, and later ones are those up to 2262.
type Moment int64 // nanoseconds since 1970, and one

// beyond is the Unix second after the last complete year of a Moment.
var beyond = time.Date(2262, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// MomentOf returns the moment of a time.
func MomentOf(t time.Time) Moment {
	switch {
	case t.IsZero():
		return 0
	case t.Unix() >= beyond:
		return math.MaxInt64
	}
	return Moment(t.UnixNano() + 1)
}

// Time returns the moment as a time in UTC.
func (m Moment) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(m)-1).UTC()
}
