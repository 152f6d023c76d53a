package report

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/junit"
)

// suiteName is the name of the test suite in JUnit reports.
const suiteName = "vsee-contract"

// JUnit writes a run for CI servers, with a test case for each requirement. A requirement that is not testable or failed
// as expected is a skipped case. A run that ended early or tested nothing has one more case, an error.
func JUnit(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 1_000, body: 10_000, findings: 50})
	s := junit.Suite{
		Name: suiteName, Time: seconds(run.Duration), Timestamp: run.Started.UTC().Format(time.RFC3339),
		Properties: []junit.Property{
			{Name: "target", Value: run.Target.Name}, {Name: "base_url", Value: run.Target.BaseURL}, {Name: "mock", Value: fmt.Sprint(run.Target.Mock)},
			{Name: "run_id", Value: run.ID}, {Name: "suite_version", Value: run.Suite}, {Name: "document_version", Value: run.Document},
		},
	}
	if run.Broken != "" || len(run.Requirements) == 0 {
		s.Add(junit.Case{Name: "the run", Class: suiteName, Time: seconds(0), Error: &junit.Remark{Message: judge(run).Sentence}})
	}
	for _, r := range run.Requirements {
		s.Add(caseOf(r))
	}
	return s.Write(w)
}

func caseOf(r result.Requirement) junit.Case {
	c := junit.Case{Name: r.ID + " " + r.Title, Class: cmp.Or(r.Operation, suiteName), Time: seconds(r.Duration)}
	switch r.State {
	case result.Passed:
	case result.NotTestable:
		c.Skipped = &junit.Remark{Message: "not testable: " + r.Reason}
	case result.Expected:
		c.Skipped = &junit.Remark{Message: "failed as expected: " + r.Reason}
	case result.Failed, result.Stale, result.Expired:
		c.Failure = &junit.Remark{Message: headline(r), Text: "\n" + details(r)}
	default:
		c.Error = &junit.Remark{Message: noState}
	}
	return c
}

// headline returns one line with the cause of a red requirement: its first finding or its reason.
func headline(r result.Requirement) string {
	text := stateText(r.State)
	switch {
	case r.State == result.Failed && len(r.Findings) > 0:
		text = findingText(r.Findings[0])
	case r.Reason != "":
		text += ": " + r.Reason
	}
	if more := len(r.Findings) - 1; r.State == result.Failed && more > 0 {
		text += fmt.Sprintf(" (and %s more)", count(more, "finding"))
	}
	return text
}

func seconds(s result.Seconds) string { return junit.Seconds(float64(s)) }
