package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// What many requirements have met is told once, with how many they are, and before what few have met; all items of an
// array are one place.
func TestTheSummaryTellsOfEachThingOnce(t *testing.T) {
	t.Parallel()
	run := with(result.Failed, result.Failed, result.Failed, result.Failed, result.Failed, result.Failed, result.Failed)
	for i := range run.Requirements {
		run.Requirements[i].ID = fmt.Sprintf("ELIG-%03d", i)
		run.Requirements[i].Findings = []result.Finding{
			{Rule: "is required", Operation: "listInsurers", Status: 200, Pointer: "/data/insurers/0/name", Line: 708},
			{Rule: "is required", Operation: "listInsurers", Status: 200, Pointer: "/data/insurers/11/name", Line: 708},
		}
	}
	run.Requirements[0].Findings = append([]result.Finding{{Rule: "the status is not declared", Operation: "getMe", Status: 202}}, run.Requirements[0].Findings...)
	_, text, _ := strings.Cut(written(t, report.Summary, run), "### What was found\n")
	text, _, _ = strings.Cut(text, "###")
	want := "\n| what | where | requirements |\n| --- | --- | --- |\n" +
		"| is required | listInsurers, status 200, at /data/insurers/\\*/name, openapi.yaml:708 | ELIG-000, ELIG-001, ELIG-002, ELIG-003, ELIG-004 and 2 more |\n" +
		"| the status is not declared | getMe, status 202 | ELIG-000 |\n\n"
	if text != want {
		t.Errorf("%s, want\n%s", text, want)
	}
}
