package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/vsee-mock/vsee-mock/contract/result"
	"github.com/vsee-mock/vsee-mock/internal/junit"
)

// suiteName is the name of the test suite in JUnit reports.
const suiteName = "vsee-contract"

// JUnit writes a run for CI servers, with a test case for each requirement. A case fails if the requirement has a cause
// that makes the run red, unless the requirement is blocked. Requirements that are blocked, known or not testable are
// skipped. More cases fail for a broken run, for outdated known differences, and for causes without a requirement.
func JUnit(w io.Writer, run result.Run) error {
	run = clean(run, limits{text: 1_000, body: 10_000})
	s := junit.Suite{
		Name: suiteName, Time: seconds(run.Duration), Started: run.Started,
		Properties: []junit.Property{
			{Name: "target", Value: run.Target.Name}, {Name: "base_url", Value: run.Target.BaseURL}, {
				Name: "mock", Value: fmt.Sprint(run.Target.Mock),
			},
			{Name: "run_id", Value: run.ID}, {Name: "suite_version", Value: run.Suite}, {
				Name: "document_version", Value: run.Document,
			},
		},
	}
	if run.Broken != "" || len(run.Requirements) == 0 {
		s.Add(junit.Case{
			Name: "the run", Class: suiteName, Time: seconds(0), Error: &junit.Remark{
				Type: "broken", Message: judge(run).Sentence,
			},
		})
	}
	cases := caseWriter{run: run, causes: map[string]result.Cause{}, shown: map[string]string{}}
	for _, c := range run.Causes {
		cases.causes[c.ID] = c
	}
	for _, r := range run.Requirements {
		s.Add(cases.of(r))
	}
	if red := run.Red(); len(red) > 0 && s.Failures == 0 {
		s.Add(
			junit.Case{
				Name: "the differences", Class: suiteName, Time: seconds(0), Failure: cases.failure("the differences", red),
			},
		)
	}
	for _, e := range outdated(run) {
		s.Add(junit.Case{
			Name: fmt.Sprintf("known difference in line %d", e.Line), Class: suiteName, Time: seconds(0),
			Failure: &junit.Remark{
				Type: string(e.State), Message: fmt.Sprintf("it is %s (owner %s): %s", e.State, e.Owner, KeyText(e.Key)),
			},
		})
	}
	return s.Write(w)
}

// caseWriter makes the test cases of a run.
type caseWriter struct {
	run    result.Run
	causes map[string]result.Cause
	shown  map[string]string // the case with the details of a cause, by the cause's id
}

func (w caseWriter) of(r result.Requirement) junit.Case {
	c := junit.Case{Name: r.ID + " " + r.Title, Class: cmp.Or(r.Operation, suiteName), Time: seconds(r.Duration)}
	var all, failing []result.Cause
	for _, id := range r.Causes {
		if cause, ok := w.causes[id]; ok {
			all = append(all, cause)
			if w.run.Fails(cause) {
				failing = append(failing, cause)
			}
		}
	}
	skipped := func(reason string) { c.Skipped = &junit.Remark{Message: reason} }
	switch {
	case stateText(r.State) == noState:
		c.Error = &junit.Remark{Type: "state", Message: noState}
	case r.State == result.Blocked:
		skipped("blocked by " + cmp.Or(titles(all), r.Reason, noReason))
	case r.State == result.NotTestable:
		skipped("not testable: " + cmp.Or(r.Reason, noReason))
	case r.State == result.Known:
		skipped("known: " + cmp.Or(reasonOf(all), noReason))
	case len(failing) > 0:
		c.Failure = w.failure(r.ID, failing)
	case r.State == result.Failed && len(all) > 0:
		skipped("failed, by differences left out of --fail-on: " + titles(all))
	case r.State == result.Failed:
		c.Failure = &junit.Remark{Type: "failed", Message: cmp.Or(r.Reason, noReason)}
	}
	return c
}

// reasonOf returns the first reason of known differences.
func reasonOf(causes []result.Cause) string {
	for _, c := range causes {
		if c.Known != "" {
			return c.Known
		}
	}
	return ""
}

// maxTexts is the largest number of causes in the text of a case.
const maxTexts = 20

// failure returns the remark of a case that fails by these causes. The details of a cause are in the first case with
// it.
func (w caseWriter) failure(of string, causes []result.Cause) *junit.Remark {
	var b strings.Builder
	for i, c := range causes {
		if i == maxTexts {
			fmt.Fprintf(&b, "%s in results.json\n", Count(len(causes)-i, "more difference"))
			break
		}
		fmt.Fprintf(&b, "- %s: %s\n  %s\n", c.Class, KeyText(c.Key), notes(c))
		if first := w.shown[c.ID]; first != "" {
			fmt.Fprintf(&b, "    its exchange is in the case of %s\n", first)
			continue
		}
		w.shown[c.ID] = of
		b.WriteString(indented(details(c), "    "))
	}
	return &junit.Remark{Type: string(causes[0].Class), Message: titles(causes), Text: "\n" + b.String()}
}

// titles returns the first of some causes, and the number of the others; "" for none.
func titles(causes []result.Cause) string {
	switch len(causes) {
	case 0:
		return ""
	case 1:
		return KeyText(causes[0].Key)
	}
	return fmt.Sprintf("%s (and %d more)", KeyText(causes[0].Key), len(causes)-1)
}

func seconds(s result.Seconds) string { return junit.Seconds(float64(s)) }
