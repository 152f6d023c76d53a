package gauntlet

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// suite is a report in the form of JUnit, as far as the readers of that form agree.
type suite struct {
	XMLName    xml.Name   `xml:"testsuite"`
	Name       string     `xml:"name,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"`
	Properties []property `xml:"properties>property"`
	Cases      []testcase `xml:"testcase"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testcase struct {
	Name    string  `xml:"name,attr"`
	Class   string  `xml:"classname,attr"`
	Time    string  `xml:"time,attr"`
	Failure *remark `xml:"failure,omitempty"`
	Skipped *remark `xml:"skipped,omitempty"`
}

type remark struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// suiteName is what the report is called where several are shown.
const suiteName = "vsee-mock gauntlet"

// WriteJUnit writes the report for CI servers. What is not testable is skipped there.
func (r Report) WriteJUnit(w io.Writer) error {
	s := suite{
		Name: suiteName, Tests: len(r.Results), Failures: r.Count(Failed), Skipped: r.Count(NotTestable), Time: seconds(r.Took),
		Properties: []property{{"url", r.URL}, {"scheme", string(r.Scheme)}, {"envelope", string(r.Envelope)}},
	}
	for _, result := range r.Results {
		c := testcase{Name: result.ID, Class: suiteName, Time: seconds(result.Took)}
		switch result.Outcome {
		case Failed:
			c.Failure = &remark{result.Title + ": " + result.Got, "\n" + result.details("")}
		case NotTestable:
			c.Skipped = &remark{Message: result.Reason}
		case Passed:
		}
		s.Cases = append(s.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return fmt.Errorf("writing the report as XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
