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
	"keyText": KeyText, "details": details, "count": Count, "state": stateText, "seconds": durationText,
	"when": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
}).Parse(pageText))

// maxShown is the largest number of causes on the page. Their exchanges are long.
const maxShown = 200

// HTML writes a run as a page without scripts and without other files. coverage may be nil.
func HTML(w io.Writer, run result.Run, coverage *result.Coverage) error {
	most := limits{text: 1_000, body: 10_000}
	run = clean(run, most)
	type states struct {
		State        string
		Requirements []result.Requirement
	}
	var groups []states
	for _, state := range []result.State{result.Failed, result.Blocked, result.Known, result.Passed} {
		if list := withState(run, state); len(list) > 0 {
			groups = append(groups, states{string(state), list})
		}
	}
	causes := ordered(run)
	err := page.Execute(w, map[string]any{
		"Run": run, "Verdict": judge(run), "Tally": numbers(run), "Extent": extent(run), "Reasons": reasons(run),
		"Causes": causes[:min(len(causes), maxShown)], "More": max(len(causes)-maxShown, 0), "Groups": groups,
		"Coverage": coverageOf(coverage, most),
	})
	if err != nil {
		return fmt.Errorf("writing the HTML report: %w", err)
	}
	return nil
}
