package gauntlet

import (
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/internal/junit"
)

// suiteName is the report's name in a list of several reports.
const suiteName = "vsee-mock gauntlet"

// WriteJUnit writes the report for CI servers. Cases not testable are skipped there.
func (r Report) WriteJUnit(w io.Writer) error {
	s := junit.Suite{
		Name: suiteName, Time: seconds(r.Took), Started: r.Began,
		Properties: []junit.Property{{Name: "url", Value: r.URL}, {Name: "scheme", Value: string(r.Scheme)},
			{Name: "envelope", Value: string(r.Envelope)}},
	}
	for _, result := range r.Results {
		c := junit.Case{Name: result.ID, Class: suiteName, Time: seconds(result.Took)}
		switch result.Outcome {
		case Failed:
			c.Failure = &junit.Remark{Type: "failed", Message: result.Title + ": " + result.Got, Text: "\n" + result.details("")}
		case NotTestable:
			c.Skipped = &junit.Remark{Message: result.Reason}
		case Passed:
		}
		s.Add(c)
	}
	return s.Write(w)
}

func seconds(d time.Duration) string { return junit.Seconds(d.Seconds()) }
