// Package junit writes results in the form expected by CI servers: JUnit's XML, as the strict schemas of Ant and
// Jenkins describe it.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// Suite is the content of one report. Its counts follow from the added cases.
type Suite struct {
	XMLName xml.Name `xml:"testsuite"`
	// Name is the title of the report, shown next to the titles of other reports.
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
	// Time is the duration of all cases, in the form of Seconds.
	Time string `xml:"time,attr"`
	// Started is the time of the start.
	Started    time.Time  `xml:"-"`
	Properties []Property `xml:"properties>property"`
	Cases      []Case     `xml:"testcase"`
}

// Property is a fact about the whole suite.
type Property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Case is one result. It has passed unless it has a remark.
type Case struct {
	Name    string  `xml:"name,attr"`
	Class   string  `xml:"classname,attr"`
	Time    string  `xml:"time,attr"`
	Failure *Remark `xml:"failure"`
	Error   *Remark `xml:"error"`
	Skipped *Remark `xml:"skipped"`
}

// Remark gives the reason why a case has not passed, in one line and then at length. Type is a word of the writer for
// its kind; a failure and an error must have one.
type Remark struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// Add appends a case and counts it.
func (s *Suite) Add(c Case) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

// Write writes the suite as an XML document. An error is the writer's.
func (s *Suite) Write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("writing the results as XML: %w", err)
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(document{s, "localhost", s.Started.UTC().Format("2006-01-02T15:04:05"), "", ""}); err != nil {
		return fmt.Errorf("writing the results as XML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("writing the results as XML: %w", err)
	}
	return nil
}

// document is a suite with the parts that the schemas require, and that say nothing here.
type document struct {
	*Suite
	Host      string `xml:"hostname,attr"`  // the machine of the tests; a constant, because reports must not name machines
	Timestamp string `xml:"timestamp,attr"` // without a zone
	Out       string `xml:"system-out"`
	Err       string `xml:"system-err"`
}

// Seconds formats a time in seconds, to the millisecond, as readers of the form require.
func Seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
