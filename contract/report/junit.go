package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// suite is a run in the form of JUnit, as far as the readers of that form agree.
type suite struct {
	XMLName    xml.Name   `xml:"testsuite"`
	Name       string     `xml:"name,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Time       string     `xml:"time,attr"`
	Timestamp  string     `xml:"timestamp,attr"`
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
	Error   *remark `xml:"error,omitempty"`
	Skipped *remark `xml:"skipped,omitempty"`
}

type remark struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// suiteName is what the report is called where several are shown.
const suiteName = "vsee-contract"

// JUnit writes a run for CI servers: a test case for each requirement. What is not testable or failed as expected is
// skipped there. A run that ended early, or tested nothing, has a case of its own, which is an error.
func JUnit(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 1_000, body: 10_000, findings: 50})
	s := suite{
		Name: suiteName, Time: seconds(run.Duration), Timestamp: run.Started.UTC().Format(time.RFC3339),
		Properties: []property{
			{"target", run.Target.Name}, {"base_url", run.Target.BaseURL}, {"mock", fmt.Sprint(run.Target.Mock)},
			{"run_id", run.ID}, {"suite_version", run.Suite}, {"document_version", run.Document},
		},
	}
	if run.Broken != "" || len(run.Requirements) == 0 {
		s.add(testcase{Name: "the run", Class: suiteName, Time: seconds(0), Error: &remark{Message: judge(run).Sentence}})
	}
	for _, r := range run.Requirements {
		s.add(caseOf(r))
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(s); err != nil {
		return fmt.Errorf("writing the run as XML: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *suite) add(c testcase) {
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

func caseOf(r result.Requirement) testcase {
	c := testcase{Name: r.ID + " " + r.Title, Class: cmp.Or(r.Operation, suiteName), Time: seconds(r.Duration)}
	switch r.State {
	case result.Passed:
	case result.NotTestable:
		c.Skipped = &remark{Message: "not testable: " + r.Reason}
	case result.Expected:
		c.Skipped = &remark{Message: "failed as expected: " + r.Reason}
	case result.Failed, result.Stale, result.Expired:
		c.Failure = &remark{headline(r), "\n" + details(r)}
	default:
		c.Error = &remark{Message: noState}
	}
	return c
}

// headline says in one line why a requirement is red.
func headline(r result.Requirement) string {
	text := word(r.State)
	switch {
	case r.State == result.Failed && len(r.Findings) > 0:
		text = r.Findings[0].Rule
	case r.Reason != "":
		text += ": " + r.Reason
	}
	if more := len(r.Findings) - 1; r.State == result.Failed && more > 0 {
		text += fmt.Sprintf(" (and %s more)", count(more, "finding"))
	}
	return text
}

func seconds(s result.Seconds) string { return fmt.Sprintf("%.3f", float64(s)) }
