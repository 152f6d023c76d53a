package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// The summary has each finding once, the most frequent first. All items of an array are one place.
func TestTheSummaryHasEachFindingOnce(t *testing.T) {
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
	_, text, _ := strings.Cut(written(t, report.Summary, run), "### Findings\n")
	text, _, _ = strings.Cut(text, "###")
	want := "\n| finding | place | requirements |\n| --- | --- | --- |\n" +
		"| name is required | listInsurers, status 200, at /data/insurers/\\*/name, openapi.yaml:708 | ELIG-000, ELIG-001, ELIG-002, ELIG-003, ELIG-004 and 2 more |\n" +
		"| the status is not declared | getMe, status 202 | ELIG-000 |\n\n"
	if text != want {
		t.Errorf("%s, want\n%s", text, want)
	}
}

// A finding on a schema that several operations share appears once.
func TestTheSummaryHasAFindingOnASharedSchemaOnce(t *testing.T) {
	t.Parallel()
	run := with(result.Failed, result.Failed)
	of := func(operation string, line int) result.Finding {
		return result.Finding{Rule: "is required", Operation: operation, Status: 200, Pointer: "/data/full_name", Line: line}
	}
	run.Requirements[0].Findings = []result.Finding{of("getMe", 1799)}
	run.Requirements[1].Findings = []result.Finding{of("getUser", 1799), of("listUsers", 7)}
	for range 7 { // without a line they are different findings
		run.Requirements[1].Findings = append(run.Requirements[1].Findings, of(strings.Repeat("x", len(run.Requirements[1].Findings)), 0))
	}
	text, _, _ := strings.Cut(strings.ReplaceAll(written(t, report.Summary, run), `\`, ""), "### Red requirements")
	for _, want := range []string{
		"| full_name is required | getMe, status 200, at /data/full_name; getUser, status 200, at /data/full_name, openapi.yaml:1799 | AUTH-001, AUTH-002 |\n",
		"| full_name is required | listUsers, status 200, at /data/full_name, openapi.yaml:7 | AUTH-002 |\n",
		"| full_name is required | xx, status 200, at /data/full_name | AUTH-002 |\n",
	} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q must appear once in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "| full_name is required |"); n != 9 {
		t.Errorf("%d findings, want 9", n)
	}
}
