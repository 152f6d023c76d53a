package report_test

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/vsee-mock/vsee-mock/contract/report"
	"github.com/vsee-mock/vsee-mock/contract/result"
)

// A finding of many requirements is one row at the top of the page, with links to the requirements.
func TestThePageBeginsWithTheFindings(t *testing.T) {
	t.Parallel()
	var states []result.State
	for range 9 {
		states = append(states, result.Failed)
	}
	run := with(states...)
	for i := range run.Requirements {
		operation := []string{"getMe", "getUser", "signOn"}[i%3]
		run.Requirements[i].Findings = []result.Finding{
			{Rule: "is required", Operation: operation, Status: 200, Pointer: "/data/full_name", Line: 1799},
		}
	}
	page := written(t, func(w io.Writer, run result.Run) error { return report.HTML(w, run, nil) }, run)
	head, details, _ := strings.Cut(page, "Red requirements")
	const row = "<tr><td><strong>full_name is required</strong></td><td>getMe, status 200, at /data/full_name<br>getUser, status 200, at /data/full_name" +
		"<br>signOn, status 200, at /data/full_name</td><td>1799</td><td><details><summary>9 requirements</summary>"
	if strings.Count(head, row) != 1 || strings.Count(head, "<tr><td>") != 1 {
		t.Errorf("the page begins with\n%s", head)
	}
	links := regexp.MustCompile(`<a href="#([^"]*)">`).FindAllStringSubmatch(head, -1)
	if len(links) != len(run.Requirements) {
		t.Errorf("%d links", len(links))
	}
	for _, link := range links {
		if strings.Count(details, fmt.Sprintf(`<article class="box red" id="%s">`, link[1])) != 1 {
			t.Errorf("the link to %s has no target", link[1])
		}
	}
}
