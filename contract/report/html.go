package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"github.com/vsee-mock/vsee-mock/contract/result"
)

// durationText formats a duration in seconds.
func durationText(s result.Seconds) string { return fmt.Sprintf("%.1f s", float64(s)) }

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"place": place, "words": findingText, "transcript": transcript, "word": stateText, "count": count, "few": func(ids []string) bool { return len(ids) <= fewIDs }, "parts": Operation.parts, "eventParts": Event.parts,
	"seconds": durationText,
	"when":    func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
}).Parse(pageText))

// HTML writes a run as a page without scripts and without other files. coverage may be nil.
func HTML(w io.Writer, run result.Run, coverage *Coverage) error {
	most := limits{text: 1_000, body: 10_000, findings: 50}
	run = clean(run, most)
	found := groupFindings(run)
	err := page.Execute(w, map[string]any{
		"Run": run, "Verdict": judge(run), "Tally": numbers(run), "Reasons": reasons(run), "Coverage": cleanCoverage(coverage, most),
		"Found": found[:min(len(found), maxRows)], "More": max(len(found)-maxRows, 0), "Untested": len(withState(run, result.NotTestable)), "Red": withoutTitles(withState(run)), "Expected": withoutTitles(withState(run, result.Expected)), "Passed": withState(run, result.Passed),
	})
	if err != nil {
		return fmt.Errorf("writing the HTML report: %w", err)
	}
	return nil
}

// withoutTitles changes requirements so that their findings do not repeat their titles.
func withoutTitles(requirements []result.Requirement) []result.Requirement {
	for i, r := range requirements {
		requirements[i] = withoutTitle(r)
	}
	return requirements
}
