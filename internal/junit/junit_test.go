package junit_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vsee-mock/vsee-mock/internal/junit"
)

func TestASuiteCountsItsCasesAndEscapesWhatTheySay(t *testing.T) {
	t.Parallel()
	s := junit.Suite{
		Name: "suite", Time: junit.Seconds(1.2345), Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600)),
		Properties: []junit.Property{{Name: "target", Value: "mock"}},
	}
	s.Add(junit.Case{Name: "good", Class: "c", Time: junit.Seconds(0)})
	s.Add(
		junit.Case{
			Name: "bad", Class: "c", Time: junit.Seconds(0),
			Failure: &junit.Remark{Type: "failed", Message: "<no>", Text: "a & b"},
		},
	)
	s.Add(
		junit.Case{Name: "broken", Class: "c", Time: junit.Seconds(0), Error: &junit.Remark{Type: "broken", Message: "e"}},
	)
	s.Add(junit.Case{Name: "left out", Class: "c", Time: junit.Seconds(0), Skipped: &junit.Remark{Message: "s"}})
	var out bytes.Buffer
	if err := s.Write(&out); err != nil {
		t.Fatal(err)
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="suite" tests="4" failures="1" errors="1" skipped="1" time="1.234" ` +
		`hostname="localhost" timestamp="2026-03-01T11:00:00">
  <properties>
    <property name="target" value="mock"></property>
  </properties>
  <testcase name="good" classname="c" time="0.000"></testcase>
  <testcase name="bad" classname="c" time="0.000">
    <failure type="failed" message="&lt;no&gt;">a &amp; b</failure>
  </testcase>
  <testcase name="broken" classname="c" time="0.000">
    <error type="broken" message="e"></error>
  </testcase>
  <testcase name="left out" classname="c" time="0.000">
    <skipped message="s"></skipped>
  </testcase>
  <system-out></system-out>
  <system-err></system-err>
</testsuite>
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAWriterThatFailsIsSaid(t *testing.T) {
	t.Parallel()
	if err := (&junit.Suite{}).Write(full{}); !errors.Is(err, errFull) {
		t.Errorf("the error is %v", err)
	}
}
