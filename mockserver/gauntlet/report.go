package gauntlet

import (
	"fmt"
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/mockserver/webhook"
)

// Report is how a receiver has met the cases. It holds no secret.
type Report struct {
	URL      string // without user, password and query
	Scheme   webhook.Scheme
	Envelope webhook.Envelope
	Results  []Result
	Began    time.Time
	Took     time.Duration
}

// Count returns how many cases ended so.
func (r Report) Count(o Outcome) int {
	n := 0
	for _, result := range r.Results {
		if result.Outcome == o {
			n++
		}
	}
	return n
}

// WriteLine writes the end of a case, for people.
func (r Result) WriteLine(w io.Writer) error {
	line := fmt.Sprintf("  %-12s  %-26s  %s", r.Outcome, r.ID, r.Title)
	if r.Outcome == NotTestable {
		line += ": " + r.Reason
	}
	_, err := fmt.Fprintln(w, line)
	return err
}

// WriteText writes the failures and their remedies, for people, and ends with a tally.
func (r Report) WriteText(w io.Writer) error {
	for _, result := range r.Results {
		if result.Outcome != Failed {
			continue
		}
		if _, err := fmt.Fprintf(w, "\nFailed: %s, %s\n%s", result.ID, result.Title, result.details("  ")); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\n%d passed, %d failed, %d not testable\n", r.Count(Passed), r.Count(Failed),
		r.Count(NotTestable))
	return err
}

// details describes the request and its outcome, a line for each.
func (r Result) details(indent string) string {
	return fmt.Sprintf("%[1]ssent      %[2]s\n%[1]sexpected  %[3]s\n%[1]sgot       %[4]s\n%[1]sfix       %[5]s\n",
		indent, r.Sent, r.Expected, r.Got, r.Fix)
}
