// Package junit writes results in the form expected by CI servers: JUnit's XML, as far as its readers agree.
package junit

import (
	"encoding/xml"
	"fmt"
	"io"
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
	// Timestamp is the time of the start, as RFC 3339; not written when empty.
	Timestamp  string     `xml:"timestamp,attr,omitempty"`
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
	Failure *Remark `xml:"failure,omitempty"`
	Error   *Remark `xml:"error,omitempty"`
	Skipped *Remark `xml:"skipped,omitempty"`
}

// Remark gives the reason why a case has not passed, in one line and then at length.
type Remark struct {
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
	if err := encoder.Encode(s); err != nil {
		return fmt.Errorf("writing the results as XML: %w", err)
	}
	if _, err := io.WriteString(w, "\n"); err != nil {
		return fmt.Errorf("writing the results as XML: %w", err)
	}
	return nil
}

// Seconds formats a time in seconds, to the millisecond, as readers of the form require.
func Seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
